"""Plain grids for spreadsheets: CSV and XLSX, with nothing in them that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from auditor.formats.cells import visible, width_of

Cell = str | float | int | None

BOM = "\ufeff"
_MOST_CELL = 32_000
_WIDEST_COLUMN = 60
_FONT = {"font_name": "宋体", "font_size": 10}
_LINE = 13.5  # points that a line of the font takes
_TALLEST = 409.0  # points: a spreadsheet has no taller row
# Spreadsheets with an East Asian input method take the full-width signs for the plain ones.
_OPENS_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True, slots=True)
class Grid:
    """A named table: numbers stay numbers, None is an empty cell."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def as_csv(grid: Grid) -> str:
    """CSV for spreadsheets: a byte-order mark, so that Chinese is read as UTF-8, and no cell that is a formula."""
    return BOM + csv_lines((grid.head, *grid.rows))


def csv_lines(rows: Iterable[Sequence[Cell]]) -> str:
    """Rows of CSV, each ending in a line break, with no cell that is a formula."""
    out = io.StringIO()
    csv.writer(out).writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue()


def guarded(cell: Cell) -> str:
    """A cell as visible text; an apostrophe stands before what a spreadsheet would take for a formula."""
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return f"{cell:.6f}".rstrip("0").rstrip(".") if isinstance(cell, float) else str(cell)
    text = visible(cell)
    return f"'{text}" if text.startswith(_OPENS_FORMULA) else text


class Book:
    """A workbook being written: text stays text, also when a cell is edited; the same cells give the same bytes."""

    def __init__(self) -> None:
        import xlsxwriter

        self._out = io.BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "default_format_properties": dict(_FONT),
        }
        self._book = xlsxwriter.Workbook(self._out, options)
        self._book.set_properties({"created": datetime(2000, 1, 1)})
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def sheet(self, name: str) -> Any:
        """A new sheet, as xlsxwriter's Worksheet."""
        return self._book.add_worksheet(name)

    def look(self, **properties: Any) -> Any:
        """The format with these properties of xlsxwriter; made once a workbook."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(properties)
        return self._formats[key]

    def put(self, sheet: Any, line: int, at: int, cell: Cell, **properties: Any) -> None:
        """Write one cell; text longer than a cell may hold is cut, with … at its end."""
        if cell is None:
            sheet.write_blank(line, at, None, self.look(**properties))
        elif isinstance(cell, str):
            self.put_lines(sheet, line, at, (cell,), **properties)
        else:
            sheet.write_number(line, at, cell, self.look(**properties))

    def put_lines(self, sheet: Any, line: int, at: int, texts: Sequence[str], **properties: Any) -> None:
        """Write texts into one cell, each on a line of its own."""
        text = "\n".join(visible(each) for each in texts)
        # without the mark of quoted text, a cell that is opened and left again would become a formula
        guard = {"quote_prefix": True} if text.startswith(_OPENS_FORMULA) else {}
        sheet.write_string(line, at, _fitting(text), self.look(**properties, **guard))

    def make_room(self, sheet: Any, line: int, cells: Iterable[tuple[Cell, float]]) -> None:
        """Make a row as tall as its wrapped cells, (text, column width), need: not every program does it on opening."""
        needed = max(-(-width_of(visible(str(cell or ""))) // max(1, int(width) - 1)) for cell, width in cells)
        sheet.set_row(line, min(_TALLEST, _LINE * max(1, needed) + 4))

    def finished(self) -> bytes:
        """The file; nothing can be written afterwards."""
        self._book.close()
        return self._out.getvalue()


def _fitting(text: str) -> str:
    """``text`` within what one cell may hold, which is counted in UTF-16 units."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * _MOST_CELL:
        return text
    return units[: 2 * _MOST_CELL].decode("utf-16-le", errors="ignore") + "…"


def as_xlsx(grids: Sequence[Grid]) -> bytes:
    """A workbook with one sheet a grid; the same grids give the same bytes."""
    book = Book()
    for grid in grids:
        sheet = book.sheet(grid.name)
        for at, title in enumerate(grid.head):
            longest = max([len(title), *(len(str(row[at] or "")) for row in grid.rows)])
            sheet.set_column(at, at, min(_WIDEST_COLUMN, 2 * longest + 2))
            book.put(sheet, 0, at, title, bold=True, text_wrap=True, valign="top")
        for line, row in enumerate(grid.rows, 1):
            for at, cell in enumerate(row):
                book.put(sheet, line, at, cell, valign="top")
        sheet.freeze_panes(1, 1)
    return book.finished()
