"""Word documents written by hand, part by part: what no library writes, a test must."""

from __future__ import annotations

import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_NAMES = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml"'
)
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """A zip archive of the parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def docx(body: str, *, main: str = "word/document.xml", namespace: str = W, **parts: str) -> bytes:
    """A document with this body; ``parts`` are the insides of styles, numbering, footnotes, endnotes."""
    roots = {"styles": "styles", "numbering": "numbering", "footnotes": "footnotes", "endnotes": "endnotes"}
    folder = main.rpartition("/")[0]
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": (
            f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" Type="{_DOCUMENT}" Target="{main}"/></Relationships>'
        ),
        main: f'<w:document xmlns:w="{namespace}" {_NAMES}><w:body>{body}<w:sectPr/></w:body></w:document>',
    }
    for name, inside in parts.items():
        files[f"{folder}/{name}.xml"] = f'<w:{roots[name]} xmlns:w="{namespace}" {_NAMES}>{inside}</w:{roots[name]}>'
    return zipped(files)


def p(text: str, properties: str = "") -> str:
    """A paragraph of one run."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{r(text)}</w:p>"


def r(text: str, properties: str = "") -> str:
    """A run."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def numbered(text: str, level: int = 0, list_id: int = 1) -> str:
    """A paragraph in a list."""
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')


def level(at: int, format: str, text: str, more: str = "") -> str:
    """One level of a list."""
    return f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{format}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


def abstract(inside: str, family: int = 0) -> str:
    """What lists of one family have in common."""
    return f'<w:abstractNum w:abstractNumId="{family}">{inside}</w:abstractNum>'


def num(list_id: int = 1, family: int = 0, inside: str = "") -> str:
    """A list that paragraphs refer to."""
    return f'<w:num w:numId="{list_id}"><w:abstractNumId w:val="{family}"/>{inside}</w:num>'


def row(*cells: str) -> str:
    """A row of a table; a cell that does not begin with ``<`` is one paragraph."""
    inside = (cell if cell.startswith("<") else p(cell) for cell in cells)
    return "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in inside) + "</w:tr>"


def table(*rows: str) -> str:
    """A table."""
    return f"<w:tbl>{''.join(rows)}</w:tbl>"
