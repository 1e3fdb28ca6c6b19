"""Small PDF and OFD files, and pages of characters, for the tests of the readers that work by geometry."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from auditor.readers.geometry import Glyph, Sheet, Stroke, is_wide

WIDTH, HEIGHT = 595.0, 842.0
LEFT, SIZE, COLUMNS = 85.0, 16.0, 26
FONT = "STSong-Light"
OFD = "http://www.ofdspec.org/2016"


def advance(char: str, size: float) -> float:
    return size if is_wide(char) else size / 2


def width(text: str, size: float) -> float:
    return sum(advance(char, size) for char in text)


def glyphs(text: str, x: float, y: float, size: float = SIZE, angle: int = 0) -> list[Glyph]:
    made = []
    for char in text:
        made.append(Glyph(char, x, y, x + advance(char, size), size, angle))
        x += advance(char, size)
    return made


def wrapped(text: str, size: float = SIZE, indent: int = 2, columns: int = COLUMNS) -> list[tuple[float, str]]:
    """The lines of a paragraph with the distance of each from the left edge."""
    room = columns * size
    lines: list[tuple[float, str]] = [(indent * size, "")]
    for char in text:
        start, line = lines[-1]
        if start + width(line, size) + advance(char, size) > room:
            lines.append((0.0, char))
        else:
            lines[-1] = start, line + char
    return lines


def sheets(
    paragraphs: Sequence[str],
    *,
    title: str = "",
    indent: int = 2,
    gap: float = 0.0,
    rows: int = 20,
    head: str = "",
    number: str = "\u2014 {} \u2014",
) -> list[Sheet]:
    """Pages set as offices set them: centred title, indented paragraphs, page numbers."""
    placed: list[tuple[float, str, float, float]] = [
        (LEFT + (COLUMNS * SIZE - width(part, 22)) / 2, part, 22.0, 1.0) for part in filter(None, title.split("|"))
    ]
    for paragraph in paragraphs:
        for place, (start, line) in enumerate(wrapped(paragraph, indent=indent)):
            placed.append((LEFT + start, line, SIZE, 1.0 if place else 1.0 + gap))
    made = []
    for page, at in enumerate(range(0, len(placed), rows), 1):
        y, found = 90.0, []
        for x, line, size, apart in placed[at : at + rows]:
            y += 28 * apart
            found += glyphs(line, x, y, size)
        if head:
            found += glyphs(head, LEFT, 50, 10)
        if number:
            found += glyphs(number.format(page), 280, 790, 12)
        made.append(Sheet(page, WIDTH, HEIGHT, tuple(found)))
    return made


def ruled(rows: Sequence[Sequence[str]], top: float = 200.0, page: int = 1) -> Sheet:
    """A page with a table whose cells are 100 by 30 points; an empty last cell is merged into the one before."""
    found: list[Glyph] = []
    strokes: list[Stroke] = []
    right = LEFT + 100 * max(map(len, rows))
    for number, row in enumerate(rows):
        y = top + 30 * number
        strokes.append(Stroke(LEFT, y, right, y))
        for column, cell in enumerate(row):
            x = LEFT + 100 * column
            found += glyphs(cell, x + 4, y + 20, 10)
            if cell or column == 0:
                strokes.append(Stroke(x, y, x, y + 30))
        strokes.append(Stroke(right, y, right, y + 30))
    strokes.append(Stroke(LEFT, top + 30 * len(rows), right, top + 30 * len(rows)))
    return Sheet(page, WIDTH, HEIGHT, tuple(found), tuple(strokes))


def pdf(pages: Sequence[Sheet], *, password: str = "", turn: int = 0) -> bytes:
    """The pages as a PDF with a font that is not embedded."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, encrypt=password or None, invariant=1)
    for sheet in pages:
        if turn:
            canvas.setPageRotation(turn)
        for glyph in sheet.glyphs:
            canvas.saveState()
            canvas.translate(glyph.x, A4[1] - glyph.y)
            canvas.rotate(-glyph.angle)
            canvas.setFont(FONT, glyph.size)
            canvas.drawString(0, 0, glyph.text)
            canvas.restoreState()
        for stroke in sheet.strokes:
            canvas.line(stroke.x0, A4[1] - stroke.y0, stroke.x1, A4[1] - stroke.y1)
        if sheet.pictured:
            canvas.drawInlineImage(_grey(), 0, 0, A4[0], A4[1] * sheet.pictured)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _grey() -> object:
    from PIL import Image

    return Image.new("L", (8, 8), 128)


def text_object(text: str, x: float, y: float, size: float = 5.6, more: str = "", code: str = "") -> str:
    """An OFD text object whose baseline starts at ``x``, ``y`` millimetres."""
    code = code or f'DeltaX="g {max(len(text) - 1, 0)} {size}"'
    place = f'Boundary="{x} {y - size} 150 8"'
    return f'<ofd:TextObject ID="1" {place} Font="3" Size="{size}" {more}><ofd:TextCode X="0" Y="{size}" {code}>{text}</ofd:TextCode></ofd:TextObject>'


def ofd_page(objects: str, head: str = "") -> str:
    return f'<ofd:Page xmlns:ofd="{OFD}">{head}<ofd:Content><ofd:Layer ID="2">{objects}</ofd:Layer></ofd:Content></ofd:Page>'


def ofd(pages: Sequence[str], *, common: str = "", document: str = "", **parts: str) -> bytes:
    """An OFD package of pages; ``parts`` are further parts by name with ``__`` for ``/`` and ``_xml`` for ``.xml``."""
    listed = "".join(f'<ofd:Page ID="{10 + n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    files = {
        "OFD.xml": f'<ofd:OFD xmlns:ofd="{OFD}"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>',
        "Doc_0/Document.xml": f'<ofd:Document xmlns:ofd="{OFD}"><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>'
        f"</ofd:PageArea>{common}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>{document}</ofd:Document>",
    }
    files |= {f"Doc_0/Pages/Page_{n}/Content.xml": page for n, page in enumerate(pages) if page}
    files |= {name.replace("__", "/").replace("_xml", ".xml"): content for name, content in parts.items()}
    return package(files)


def package(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()
