"""Word 97–2003 documents without a word processor: the text by its piece table, without automatic numbering."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from auditor.errors import UnreadableFile
from auditor.readers.assembly import Paragraph, assemble, clean
from auditor.readers.isolation import broken
from auditor.readers.limits import limits
from auditor.report import Extracted
from auditor.words import Message

_MAGIC = 0xA5EC
_OLDEST = 0x00C1  # Word 97: older files have no piece table of this kind
_ENCRYPTED = 0x0100
_COMPLEX_TABLE = 0x0200
_COMPRESSED = 0x40000000
_PAGE = 512
_LONGEST_STOPPED = 30
_LONGEST_CELL = 120
_BODY_LEVEL = 9

# Places in the file information block.
_PARTS_AT = 0x4C  # eight counts of characters: body, notes, headers, macros, comments, endnotes, boxes, header boxes
_CLX_AT = 0x1A2
_CHARACTER_PAGES_AT = 0xFA
_PARAGRAPH_PAGES_AT = 0x102
_KEPT_PARTS = (0, 6, 1, 5)  # body, text boxes, footnotes, endnotes

# Property codes.
_DELETED, _HIDDEN = 0x0800, 0x083C
_IN_TABLE, _ROW_END, _OUTLINE = 0x2416, 0x2417, 0x2640
_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}


def refuse_encrypted(data: bytes, name: str) -> None:
    """Raises ``UnreadableFile`` for a document with a password."""
    stream = _streams(data, name).get("WordDocument", b"")
    if len(stream) > 0x0C and struct.unpack_from("<H", stream, 0x0A)[0] & _ENCRYPTED:
        raise UnreadableFile(name, "encrypted", Message("password"))


def read(data: bytes, name: str) -> Extracted:
    """The body, text boxes and notes of a document. Raises ``UnreadableFile``."""
    streams = _streams(data, name)
    main = streams.get("WordDocument")
    if main is None:
        raise UnreadableFile(name, "unsupported", Message("works"))
    try:
        magic, version = struct.unpack_from("<HH", main, 0)
        if magic != _MAGIC or version < _OLDEST:
            raise UnreadableFile(name, "unsupported", Message("before_word97"))
        table = streams.get("1Table" if struct.unpack_from("<H", main, 0x0A)[0] & _COMPLEX_TABLE else "0Table", b"")
        document = _Document(main, table)
        paragraphs = list(document.paragraphs(name))
    except (struct.error, IndexError):
        raise broken(name, Message("bad_tables")) from None
    if not any(clean(each.text) for each in paragraphs):
        raise UnreadableFile(name, "empty", Message("no_words"))
    return assemble(paragraphs, "doc")


def _streams(data: bytes, name: str) -> dict[str, bytes]:
    import io

    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            found = {}
            for stream in ("WordDocument", "0Table", "1Table"):
                if container.exists(stream):
                    found[stream] = container.openstream(stream).read(limits().file * 1024 * 1024)
            return found
    except (OSError, ValueError, IndexError, struct.error) as error:
        raise broken(name, Message("bad_compound", {"error": type(error).__name__})) from None


# ---- where the text is


@dataclass(frozen=True, slots=True)
class _Piece:
    """Characters ``start`` to ``end`` of the document, which begin at byte ``place``, ``width`` bytes each."""

    start: int
    end: int
    place: int
    width: int


@dataclass(frozen=True, slots=True)
class _Run:
    """Bytes ``start`` to ``end`` and what is said of them."""

    start: int
    end: int
    unseen: bool = False
    row_end: bool = False
    in_table: bool = False
    level: int | None = None


@dataclass(slots=True)
class _Document:
    main: bytes
    table: bytes
    pieces: list[_Piece] = field(init=False)

    def __post_init__(self) -> None:
        self.pieces = list(_pieces(self.main, self.table))

    def paragraphs(self, name: str) -> Iterator[Paragraph]:
        """The paragraphs and rows of the parts that a person reads. Raises ``UnreadableFile`` for endless text."""
        hidden = _Properties(_character_runs(self.main, self.table))
        styled = _Properties(_paragraph_runs(self.main, self.table))
        counts = struct.unpack_from("<8i", self.main, _PARTS_AT)
        starts = [sum(max(0, count) for count in counts[:at]) for at in range(8)]
        for part in _KEPT_PARTS:
            characters: list[tuple[str, int]] = []
            for each in self._characters(starts[part], starts[part] + max(0, counts[part]), hidden):
                characters.append(each)
                if len(characters) > limits().characters:
                    message = Message("endless_text", {"most": limits().characters})
                    raise UnreadableFile(name, "too_large", message)
            yield from _laid_out(characters, styled)

    def _characters(self, start: int, end: int, hidden: _Properties) -> Iterator[tuple[str, int]]:
        """The visible characters of a part, each with the place of its bytes."""
        depth: list[bool] = []  # open fields: whether the instruction is over
        for piece in self.pieces:
            first, last = max(piece.start, start), min(piece.end, end)
            if first >= last:
                continue
            place = piece.place + (first - piece.start) * piece.width
            raw = self.main[place : place + (last - first) * piece.width]
            text = raw.decode("utf-16-le", "replace") if piece.width == 2 else raw.decode("cp1252", "replace")
            units = 0
            for sign in text:
                at = place + units
                units += piece.width * (2 if ord(sign) > 0xFFFF else 1)
                if sign == "\x13":
                    depth.append(False)
                elif sign == "\x14" and depth:
                    depth[-1] = True
                elif sign == "\x15" and depth:
                    depth.pop()
                elif all(depth) and not hidden.at(at).unseen:
                    yield sign, at


def _pieces(main: bytes, table: bytes) -> Iterator[_Piece]:
    offset, size = struct.unpack_from("<II", main, _CLX_AT)
    at, stop = offset, min(offset + size, len(table))
    while at < stop and table[at] == 1:  # properties of saves that only added to the file
        at += 3 + struct.unpack_from("<H", table, at + 1)[0]
    if at >= stop or table[at] != 2:
        raise IndexError("no piece table")
    size = struct.unpack_from("<I", table, at + 1)[0]
    count = (min(size, len(table) - at - 5) - 4) // 12
    bounds = struct.unpack_from(f"<{count + 1}i", table, at + 5)
    for index in range(count):
        place = struct.unpack_from("<I", table, at + 5 + 4 * (count + 1) + 8 * index + 2)[0]
        start, end = bounds[index], bounds[index + 1]
        if place & _COMPRESSED:
            yield _Piece(start, end, (place & ~_COMPRESSED) // 2, 1)
        else:
            yield _Piece(start, end, place, 2)


# ---- what is said of the text


class _Properties:
    """Runs by place."""

    def __init__(self, runs: Iterator[_Run]) -> None:
        self._runs = sorted(runs, key=lambda run: run.start)
        self._starts = [run.start for run in self._runs]

    def at(self, place: int) -> _Run:
        """The run at a place; a plain one where nothing is said."""
        found = bisect_right(self._starts, place) - 1
        return self._runs[found] if found >= 0 and place < self._runs[found].end else _PLAIN


_PLAIN = _Run(0, 0)


def _pages(main: bytes, table: bytes, where: int) -> Iterator[bytes]:
    """The pages of properties that a table of the file lists."""
    offset, size = struct.unpack_from("<II", main, where)
    count = min((min(size, max(0, len(table) - offset)) - 4) // 8, len(main) // _PAGE)
    for index in range(count):
        page = struct.unpack_from("<I", table, offset + 4 * (count + 1) + 4 * index)[0] & 0x3FFFFF
        content = main[page * _PAGE : (page + 1) * _PAGE]
        if len(content) == _PAGE:
            yield content


def _character_runs(main: bytes, table: bytes) -> Iterator[_Run]:
    for page in _pages(main, table, _CHARACTER_PAGES_AT):
        count = min(page[-1], 101)
        bounds = struct.unpack_from(f"<{count + 1}I", page, 0)
        for index in range(count):
            at = page[4 * (count + 1) + index] * 2
            said = dict(_properties(page[at + 1 : at + 1 + page[at]])) if at else {}
            if said.get(_DELETED) == 1 or said.get(_HIDDEN) == 1:
                yield _Run(bounds[index], bounds[index + 1], unseen=True)


def _paragraph_runs(main: bytes, table: bytes) -> Iterator[_Run]:
    for page in _pages(main, table, _PARAGRAPH_PAGES_AT):
        count = min(page[-1], 29)
        bounds = struct.unpack_from(f"<{count + 1}I", page, 0)
        for index in range(count):
            at = page[4 * (count + 1) + 13 * index] * 2
            if not at or at >= _PAGE - 2:
                continue
            at, size = (at + 2, page[at + 1] * 2) if page[at] == 0 else (at + 1, page[at] * 2 - 1)
            style = struct.unpack_from("<H", page, at)[0]
            said = dict(_properties(page[at + 2 : at + size]))
            outline = said.get(_OUTLINE, style - 1 if 1 <= style <= 9 else _BODY_LEVEL)
            yield _Run(
                bounds[index],
                bounds[index + 1],
                row_end=said.get(_ROW_END) == 1,
                in_table=said.get(_IN_TABLE) == 1,
                level=outline + 1 if 0 <= outline < _BODY_LEVEL else None,
            )


def _properties(said: bytes) -> Iterator[tuple[int, int]]:
    """The codes of a list of properties, each with its first byte of value."""
    at = 0
    while at + 2 < len(said):
        code = struct.unpack_from("<H", said, at)[0]
        at += 2
        yield code, said[at]
        size = _SIZES.get(code >> 13)
        if size is None:
            size = struct.unpack_from("<H", said, at)[0] + 1 if code == 0xD608 and at + 1 < len(said) else said[at] + 1
        at += size


# ---- paragraphs and rows


def _laid_out(characters: list[tuple[str, int]], properties: _Properties) -> Iterator[Paragraph]:
    text: list[str] = []
    cell: list[Paragraph] = []
    cells: list[list[Paragraph]] = []
    for sign, place in characters:
        if sign not in "\r\x07\x0c":
            text.append(_SIGNS.get(sign, sign))
            continue
        run = properties.at(place)
        if sign == "\x07" and (run.row_end or not run.in_table):
            yield from _row([*cells, *([cell] if cell else [])])
            cells, cell, text = [], [], []
            continue
        paragraph = _paragraph("".join(text), run.level)
        text = []
        if run.in_table:
            cell += paragraph
            if sign == "\x07":
                cells.append(cell)
                cell = []
        else:
            yield from _row([*cells, *([cell] if cell else [])])
            cells, cell = [], []
            yield from paragraph
    yield from _row([*cells, *([cell] if cell else [])])
    yield from _paragraph("".join(text), None)


_SIGNS = {"\x0b": "\n", "\x1e": "-", "\x1f": "", "\x01": "", "\x02": "", "\x05": "", "\x08": ""}


def _paragraph(text: str, level: int | None) -> list[Paragraph]:
    shown = clean(text)
    if not shown:
        return []
    stopped = shown.endswith(("。", "\uff1b")) and len(shown) > _LONGEST_STOPPED
    return [Paragraph(text, None if stopped else level)]


def _row(cells: list[list[Paragraph]]) -> Iterator[Paragraph]:
    """A row as one paragraph; a row that is only there for the layout, as its content."""
    filled = [cell for cell in cells if cell]
    if len(filled) == 1 and (len(filled[0]) > 1 or len(filled[0][0].text) > _LONGEST_CELL or len(cells) == 1):
        yield from filled[0]
    elif filled:
        shown = (" ".join(" ".join(clean(each.text).split()) for each in cell) for cell in cells)
        yield Paragraph("\t".join(shown), table=True)
