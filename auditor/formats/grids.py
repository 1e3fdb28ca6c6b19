"""Plain grids for spreadsheets: CSV and XLSX, with nothing in them that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from auditor.formats.cells import visible

Cell = str | float | int | None

BOM = "\ufeff"
_MOST_CELL = 32_000
_WIDEST_COLUMN = 60


@dataclass(frozen=True, slots=True)
class Grid:
    """A named table: numbers stay numbers, None is an empty cell."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def as_csv(grid: Grid) -> str:
    """CSV for spreadsheets: a byte-order mark, so that Chinese is read as UTF-8, and no cell that is a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_guarded(cell) for cell in grid.head])
    writer.writerows([_guarded(cell) for cell in row] for row in grid.rows)
    return BOM + out.getvalue()


def _guarded(cell: Cell) -> str:
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return f"{cell:.6f}".rstrip("0").rstrip(".") if isinstance(cell, float) else str(cell)
    text = visible(cell)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def as_xlsx(grids: Sequence[Grid]) -> bytes:
    """A workbook with one sheet a grid; the same grids give the same bytes."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(2000, 1, 1)})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    plain = book.add_format({"valign": "top"})
    for grid in grids:
        sheet = book.add_worksheet(grid.name)
        for at, title in enumerate(grid.head):
            longest = max([len(title), *(len(str(row[at] or "")) for row in grid.rows)])
            sheet.set_column(at, at, min(_WIDEST_COLUMN, 2 * longest + 2))
            sheet.write_string(0, at, visible(title), bold)
        for line, row in enumerate(grid.rows, 1):
            for at, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(line, at, visible(cell)[:_MOST_CELL], plain)
                elif cell is not None:
                    sheet.write_number(line, at, cell, plain)
        sheet.freeze_panes(1, 1)
    book.close()
    return out.getvalue()
