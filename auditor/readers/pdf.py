"""PDF files: characters with their places from pdfium, put together into paragraphs by geometry."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from auditor.errors import UnreadableFile
from auditor.expressions import expression
from auditor.readers.geometry import Glyph, Sheet, Stroke, is_wide
from auditor.readers.grids import strokes_of
from auditor.readers.isolation import broken
from auditor.readers.layout import lay_out, too_many_characters, too_many_pages
from auditor.readers.limits import limits
from auditor.report import Extracted
from auditor.words import Message

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

_MOST_OBJECTS = 30_000  # shapes looked at on one page
_MOST_POINTS = 64  # a path with more of them is a drawing or an outline of text
_DEEPEST = 4
_NO_WIDTH = 0.02
_BROWSER = expression(r"Skia/PDF|Chrom(?:e|ium)|Mozilla|Firefox|Quartz PDFContext.*Safari|wkhtmlto", re.IGNORECASE)
_PASSWORD, _SECURITY = 4, 5
_UNKNOWN = "\ufffd"
_HYPHEN = 2

_Matrix = tuple[float, float, float, float, float, float]


def read(data: bytes, name: str, encoding: str | None = None) -> Extracted:
    """The paragraphs of a PDF. Pages that show something and give no good text are ``unread``.

    Raises ``UnreadableFile`` (``encrypted``, ``too_large``, ``crash``). ``encoding`` says nothing here.
    """
    document = _opened(data, name)
    pages = len(document)
    if pages > limits().pages:
        raise too_many_pages(name, pages)
    if not pages:
        raise broken(name, Message("no_pages"))
    sheets: list[Sheet] = []
    damaged: list[int] = []
    left = limits().characters
    for number in range(1, pages + 1):
        sheet = _sheet(document, number)
        if sheet is None:
            damaged.append(number)
            continue
        left -= len(sheet.glyphs)
        if left < 0:
            raise too_many_characters(name)
        sheets.append(sheet)
    if not sheets:
        raise broken(name, Message("no_page_opens"))
    warnings = [Message("damaged_pages", {"count": len(damaged)})] if damaged else []
    made_by = document.get_metadata_dict()
    printed = bool(_BROWSER.search(f"{made_by.get('Creator', '')} {made_by.get('Producer', '')}"))
    return lay_out(sheets, "pdf", printed=printed, warnings=warnings, broken=damaged)


def _opened(data: bytes, name: str) -> PdfDocument:
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        return PdfDocument(data)
    except PdfiumError as error:
        if getattr(error, "err_code", None) in (_PASSWORD, _SECURITY) or "password" in str(error).lower():
            raise UnreadableFile(name, "encrypted", Message("pdf_password")) from None
        raise broken(name, Message("no_pdf")) from None


def _sheet(document: PdfDocument, number: int) -> Sheet | None:
    """What page ``number`` shows, in places from its upper left; None if it cannot be opened."""
    from pypdfium2 import PdfiumError

    try:
        page = document[number - 1]
        box = page.get_cropbox(fallback_ok=True)
        origin, width, height = _frame(box)
        strokes, pictured, drawn = _shapes(page, origin, width * height)
        glyphs = tuple(_glyphs(page, origin))
    except PdfiumError:
        return None
    page.close()
    return Sheet(number, width, height, glyphs, tuple(strokes), pictured, drawn)


def _frame(box: tuple[float, float, float, float]) -> tuple[tuple[float, float], float, float]:
    """The upper left corner of the page in its own coordinates, its width and its height."""
    left, bottom, right, top = box
    return (min(left, right), max(bottom, top)), max(abs(right - left), 1.0), max(abs(top - bottom), 1.0)


def _glyphs(page: PdfPage, origin: tuple[float, float]) -> Iterator[Glyph]:
    import pypdfium2.raw as pdfium

    textpage = page.get_textpage()
    raw = textpage.raw
    x, y = ctypes.c_double(), ctypes.c_double()
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    for at in range(textpage.count_chars()):
        code = pdfium.FPDFText_GetUnicode(raw, at)
        if pdfium.FPDFText_IsGenerated(raw, at) == 1:
            continue
        text = _text(code)
        if pdfium.FPDFText_HasUnicodeMapError(raw, at) == 1 and not text.isspace():
            text = _UNKNOWN
        if not text or not pdfium.FPDFText_GetCharOrigin(raw, at, x, y):
            continue
        if not pdfium.FPDFText_GetLooseCharBox(raw, at, box) or not pdfium.FPDFText_GetMatrix(raw, at, matrix):
            continue
        scale = math.hypot(matrix.c, matrix.d)
        size = pdfium.FPDFText_GetFontSize(raw, at) * (scale or 1.0)
        if not 0.5 < size < 2000:
            continue
        angle = round(math.degrees(math.atan2(-matrix.b, matrix.a))) % 360
        across = angle % 180 in range(45, 136)
        length = abs(box.top - box.bottom) if across else abs(box.right - box.left)
        # Characters without a usable box (fonts that are not embedded) still take their usual room.
        usual = size * (math.hypot(matrix.a, matrix.b) / scale if scale else 1.0) * (1.0 if is_wide(text) else 0.5)
        length = min(max(length, 0.9 * usual if is_wide(text) else 0.1 * usual), 4 * usual)
        place = x.value - origin[0], origin[1] - y.value
        yield Glyph(text, place[0], place[1], place[0] + length, size, angle)
    textpage.close()


def _text(code: int) -> str:
    if code == _HYPHEN:
        return "-"
    if code in (0, 0xFFFE, 0xFFFF) or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return _UNKNOWN if code else ""
    return chr(code)


# --- what is drawn ----------------------------------------------------------------------------------------------


def _shapes(page: PdfPage, origin: tuple[float, float], area: float) -> tuple[list[Stroke], float, int]:
    """The straight lines of a page, the share of it that images cover, and how many shapes it has."""
    import pypdfium2.raw as pdfium

    strokes: list[Stroke] = []
    covered, drawn = 0.0, 0
    for found, matrix in islice(_objects(page), _MOST_OBJECTS):
        kind = pdfium.FPDFPageObj_GetType(found)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            covered += _covered(found, matrix)
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            drawn += 1
            strokes += _strokes(found, matrix, origin)
        elif kind == pdfium.FPDF_PAGEOBJ_TEXT:
            _widen(found)
        elif kind == pdfium.FPDF_PAGEOBJ_SHADING:
            drawn += 1
    return strokes, min(covered / area, 1.0), drawn


def _widen(text: Any) -> None:
    """Give a piece of text that takes no room some, before the characters are asked for.

    pdfium leaves out text without width, and a single character of a font that is not embedded has none: the last
    character of a paragraph that stands in a line of its own would be lost. An outline makes it as wide as its pen.
    """
    import pypdfium2.raw as pdfium

    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(text, left, bottom, right, top) or right.value - left.value > _NO_WIDTH:
        return
    pdfium.FPDFTextObj_SetTextRenderMode(text, pdfium.FPDF_TEXTRENDERMODE_STROKE)
    pdfium.FPDFPageObj_SetStrokeWidth(text, 1.0)
    # Moving it by nothing has its bounds measured again.
    pdfium.FPDFPageObj_Transform(text, 1, 0, 0, 1, 0, 0)


def _objects(page: PdfPage) -> Iterator[tuple[Any, _Matrix]]:
    import pypdfium2.raw as pdfium

    def below(form: Any, matrix: _Matrix, depth: int) -> Iterator[tuple[Any, _Matrix]]:
        own = _times(_matrix(form), matrix)
        for at in range(max(0, pdfium.FPDFFormObj_CountObjects(form))):
            yield from one(pdfium.FPDFFormObj_GetObject(form, at), own, depth)

    def one(found: Any, matrix: _Matrix, depth: int) -> Iterator[tuple[Any, _Matrix]]:
        if found and pdfium.FPDFPageObj_GetType(found) == pdfium.FPDF_PAGEOBJ_FORM:
            if depth < _DEEPEST:
                yield from below(found, matrix, depth + 1)
        elif found:
            yield found, matrix

    for at in range(max(0, pdfium.FPDFPage_CountObjects(page.raw))):
        yield from one(pdfium.FPDFPage_GetObject(page.raw, at), (1, 0, 0, 1, 0, 0), 0)


def _matrix(found: Any) -> _Matrix:
    import pypdfium2.raw as pdfium

    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(found, matrix):
        return 1, 0, 0, 1, 0, 0
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _times(first: _Matrix, then: _Matrix) -> _Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _covered(image: Any, matrix: _Matrix) -> float:
    a, b, c, d, _, _ = _times(_matrix(image), matrix)
    return abs(a * d - b * c)


def _strokes(path: Any, matrix: _Matrix, origin: tuple[float, float]) -> Iterator[Stroke]:
    import pypdfium2.raw as pdfium

    count = pdfium.FPDFPath_CountSegments(path)
    if not 2 <= count <= _MOST_POINTS:
        return
    a, b, c, d, e, f = _times(_matrix(path), matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    corners: list[tuple[float, float]] = []
    for at in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(path, at)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_BEZIERTO:
            return
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            yield from strokes_of(corners)
            corners = []
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        place = (a * x.value + c * y.value + e - origin[0], origin[1] - (b * x.value + d * y.value + f))
        corners.append(place)
        if pdfium.FPDFPathSegment_GetClose(segment):
            corners.append(corners[0])
    yield from strokes_of(corners)
