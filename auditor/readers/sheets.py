"""Excel workbooks: every visible sheet row by row; reports are sometimes handed in with a paragraph in each cell."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from auditor.errors import UnreadableFile
from auditor.expressions import expression
from auditor.readers.assembly import Paragraph, assemble, clean
from auditor.readers.isolation import broken
from auditor.readers.limits import limits
from auditor.readers.numbering import child, local, number, value
from auditor.readers.packages import Package
from auditor.report import Extracted
from auditor.words import Message

if TYPE_CHECKING:
    from lxml.etree import _Element

# A column that only says what each row is, and the level of heading that it gives.
_ROLES: Mapping[str, int | None] = {
    "标题": None, "题目": None, "副标题": None, "正文": None, "段落": None, "内容": None, "落款": None,
    "一级": 1, "一级标题": 1, "二级": 2, "二级标题": 2, "三级": 3, "三级标题": 3, "四级": 4, "四级标题": 4,
}  # fmt: skip
_REFERENCE = expression(r"([A-Z]{1,3})(\d{1,7})")
_QUOTED = expression(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_DECIMALS = expression(r"[0#?]\.([0#?]+)")
_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy-mm-dd", 15: "d-mmm-yy",
    16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm",
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"', 37: "#,##0",
    38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
_EPOCH = datetime(1899, 12, 30)
_EPOCH_1904 = datetime(1904, 1, 1)
_LAST_DAY = 2_958_466  # the end of the year 9999


def read(data: bytes, name: str, encoding: str | None = None) -> Extracted:
    """The visible cells of a workbook; ``page`` is the number of the sheet. Raises ``UnreadableFile``."""
    package = Package(data, name)
    try:
        workbook = package.xml("xl/workbook.xml")
    except KeyError:
        raise broken(name, Message("no_workbook")) from None
    book = _Book(package, workbook)
    paragraphs = list(book.paragraphs())
    if not any(clean(each.text) for each in paragraphs):
        raise UnreadableFile(name, "empty", Message("no_cells"))
    return assemble(paragraphs, "xlsx", warnings=book.warnings())


@dataclass(slots=True)
class _Book:
    package: Package
    workbook: _Element
    strings: Sequence[str] = ()
    formats: Sequence[str] = ()
    epoch: datetime = _EPOCH
    hidden_sheets: int = 0
    hidden_lines: int = 0
    uncomputed: int = 0
    notices: list[Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        related = _relations(self.package)
        self.strings = _shared_strings(_optional(self.package, related.get("sharedStrings", "xl/sharedStrings.xml")))
        self.formats = _formats(_optional(self.package, related.get("styles", "xl/styles.xml")))
        if value(child(self.workbook, "workbookPr"), "date1904") in ("1", "true"):
            self.epoch = _EPOCH_1904

    def warnings(self) -> Iterator[Message]:
        """What was seen and not read."""
        yield from self.notices
        if self.hidden_sheets:
            yield Message("hidden_sheets", {"count": self.hidden_sheets})
        if self.hidden_lines:
            yield Message("hidden_rows", {"count": self.hidden_lines})
        if self.uncomputed:
            yield Message("uncomputed", {"count": self.uncomputed})

    def paragraphs(self) -> Iterator[Paragraph]:
        """The rows of the visible sheets in the order of the tabs."""
        parts = _parts(self.package, "xl/workbook.xml")
        sheets = child(self.workbook, "sheets")
        shown = 0
        for sheet in [] if sheets is None else sheets:
            part = parts.get(_relation_id(sheet))
            if part is None or "worksheets" not in part.lower():
                continue
            if value(sheet, "state") in ("hidden", "veryHidden"):
                self.hidden_sheets += 1
                continue
            shown += 1
            if shown > limits().sheets:
                self.notices.append(Message("cut_sheets", {"most": limits().sheets}))
                return
            root = _optional(self.package, part)
            if root is not None:
                yield from _laid_out(self._rows(root, value(sheet, "name") or ""), shown)

    def _rows(self, root: _Element, sheet: str) -> list[dict[int, str]]:
        """The filled cells of each row by column (from 0)."""
        hidden = self._hidden_columns(root)
        most_rows, most_columns = limits().rows, limits().columns
        found: list[dict[int, str]] = []
        cut = False
        at = 0
        for row in [] if (data := child(root, "sheetData")) is None else data:
            at = number(value(row, "r"), at + 1)
            if at > most_rows:
                cut = cut or any(local(each) == "c" for each in row)
                continue
            if value(row, "hidden") in ("1", "true"):
                self.hidden_lines += 1
                continue
            cells: dict[int, str] = {}
            column = -1
            for cell in row:
                column = _column(value(cell, "r"), column + 1)
                if column >= most_columns:
                    cut = True
                elif column not in hidden and (text := clean(self._shown(cell))):
                    cells[column] = text
            if cells:
                found.append(cells)
        if cut:
            beyond = Message("cut_rows", {"sheet": clean(sheet), "rows": most_rows, "columns": most_columns})
            self.notices.append(beyond)
        return found

    def _hidden_columns(self, root: _Element) -> frozenset[int]:
        hidden: set[int] = set()
        for each in [] if (columns := child(root, "cols")) is None else columns:
            if value(each, "hidden") in ("1", "true"):
                last = min(number(value(each, "max"), 0), limits().columns)
                hidden.update(range(number(value(each, "min"), 1) - 1, last))
        self.hidden_lines += len(hidden)
        return frozenset(hidden)

    def _shown(self, cell: _Element) -> str:
        """A cell as Excel shows it."""
        kind = value(cell, "t") or "n"
        if kind == "inlineStr":
            return _plain(child(cell, "is"))
        raw = child(cell, "v")
        text = "" if raw is None else (raw.text or "")
        if not text:
            self.uncomputed += child(cell, "f") is not None
            return ""
        if kind == "s":
            at = number(text, -1)
            return self.strings[at] if 0 <= at < len(self.strings) else ""
        if kind == "b":
            return "TRUE" if text == "1" else "FALSE"
        if kind != "n":
            return text
        style = number(value(cell, "s"), 0)
        return _number(text, self.formats[style] if 0 <= style < len(self.formats) else "", self.epoch)


# ---- rows as paragraphs


def _laid_out(rows: list[dict[int, str]], sheet: int) -> Iterator[Paragraph]:
    roles = _role_column(rows)
    for cells in rows:
        role = cells.get(roles) if roles is not None else None
        level = _ROLES.get(role) if role else None
        filled = {column: text for column, text in sorted(cells.items()) if column != roles}
        if len(filled) == 1:
            for line in next(iter(filled.values())).splitlines():
                yield Paragraph(line, level, sheet)
        elif filled:
            first, last = min(filled), max(filled)
            shown = (" ".join(filled.get(column, "").split()) for column in range(first, last + 1))
            yield Paragraph("\t".join(shown), page=sheet, table=True)


def _role_column(rows: list[dict[int, str]]) -> int | None:
    """The column that only names what the rows are, if there is one."""
    first = min((column for cells in rows for column in cells), default=0)
    said = [cells[first] for cells in rows if first in cells]
    beside = any(column != first for cells in rows for column in cells)
    levels = {_ROLES[each] for each in said if each in _ROLES}
    return first if beside and said and all(each in _ROLES for each in said) and levels - {None} else None


# ---- the parts of the package


def _optional(package: Package, part: str) -> _Element | None:
    try:
        return package.xml(part)
    except KeyError:
        return None


def _relation_elements(package: Package, part: str) -> list[_Element]:
    folder, file = posixpath.split(part)
    root = _optional(package, posixpath.join(folder, "_rels", f"{file}.rels"))
    if root is None:
        return []
    return [each for each in root if local(each) == "Relationship" and each.get("TargetMode") != "External"]


def _parts(package: Package, part: str) -> dict[str, str]:
    """The parts that a part refers to, by the id of the relation."""
    folder = posixpath.dirname(part)
    return {
        each.get("Id") or "": posixpath.join("/", folder, each.get("Target") or "")
        for each in _relation_elements(package, part)
    }


def _relations(package: Package) -> dict[str, str]:
    return {
        (each.get("Type") or "").rpartition("/")[2]: posixpath.join("/", "xl", each.get("Target") or "")
        for each in _relation_elements(package, "xl/workbook.xml")
    }


def _relation_id(sheet: _Element) -> str:
    """The relation's id: an attribute in a namespace, unlike ``sheetId``."""
    return next((str(text) for key, text in sheet.attrib.items() if str(key).endswith("}id")), "")


def _column(reference: str | None, otherwise: int) -> int:
    found = _REFERENCE.fullmatch(reference or "")
    if found is None:
        return otherwise
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _shared_strings(root: _Element | None) -> list[str]:
    return [] if root is None else [_plain(each) for each in root if local(each) == "si"]


def _plain(element: _Element | None) -> str:
    """The text of a string without its pronunciation."""
    if element is None:
        return ""
    if local(element) == "t":
        return element.text or ""
    return "".join(_plain(each) for each in element if local(each) in ("t", "r"))


def _formats(root: _Element | None) -> list[str]:
    """The number format of each cell style."""
    own: dict[int, str] = {}
    for each in [] if (found := child(root, "numFmts")) is None else found:
        own[number(value(each, "numFmtId"), -1)] = value(each, "formatCode") or ""
    styles = child(root, "cellXfs")
    ids = [] if styles is None else [number(value(each, "numFmtId"), 0) for each in styles]
    return [own.get(each, _BUILT_IN.get(each, "")) for each in ids]


# ---- numbers


def _number(text: str, format: str, epoch: datetime) -> str:
    try:
        amount = float(text)
    except ValueError:
        return text
    kind, decimals, grouped = _kind(format)
    if kind == "date" and 0 <= amount < _LAST_DAY:
        return _date(amount, format, epoch)
    if kind == "percent":
        return f"{round(amount * 100, 10):.{decimals}f}%"
    if kind == "fixed":
        return f"{amount:{',' if grouped else ''}.{decimals}f}"
    return f"{amount:.0f}" if amount == int(amount) and abs(amount) < 1e15 else f"{amount:.12g}"


@lru_cache(maxsize=256)
def _kind(format: str) -> tuple[str, int, bool]:
    """Whether a format shows a date, a share, a fixed number of decimals or whatever is there."""
    first = _QUOTED.sub("", format).partition(";")[0]
    places = _DECIMALS.search(first)
    decimals = len(places[1]) if places else 0
    if "%" in first:
        return "percent", decimals, False
    if first.lower() in ("", "general", "@", "g/通用格式"):
        return "general", 0, False
    if re.search(r"[ymdhse]", first, re.IGNORECASE) and not re.search(r"[0#?]", first):
        return "date", 0, False
    return "fixed", decimals, "," in first


def _date(amount: float, format: str, epoch: datetime) -> str:
    moment = epoch + timedelta(days=amount) + timedelta(microseconds=500)
    plain = _QUOTED.sub("", format).lower()
    day = ""
    if "y" in plain or "d" in plain:
        chinese = "年" in format or "月" in format
        parts = [("y", f"{moment.year}", "年"), ("m", f"{moment.month}", "月"), ("d", f"{moment.day}", "日")]
        if chinese:
            day = "".join(text + unit for sign, text, unit in parts if sign in plain)
        else:
            day = f"{moment:%Y-%m-%d}" if "d" in plain else f"{moment:%Y-%m}"
    clock = f"{moment:%H:%M}" if "h" in plain else ""
    return " ".join(filter(None, (day, clock)))
