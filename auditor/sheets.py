"""Tables: the columns of a sum row, the results within a row, and numbers that one name identifies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from auditor.claims import Claim
from auditor.expressions import expression
from auditor.lists import OUTCOMES
from auditor.quantities import Row, Table, cell, shown
from auditor.words import Message

_SUM_ROW = expression(r"^(?:合计|总计|总数|共计|总和)")
_NESTED = expression(r"其中|小计|^含")


def check_table(table: Table) -> Iterator[Claim]:
    values = [[cell(c) for c in row.cells] for row in table.rows]
    nested = any(_NESTED.search(c) for row in table.rows for c in row.cells)
    first = values[0][1:]
    skipped = {c for c, name in enumerate(table.rows[0].cells) if re.search("率|占比|比例|均|序号|%", name)}
    headless = all(v is not None and not 1990 < v < 2100 for v in first)
    for r, row in enumerate(table.rows):
        if r > 1 and _SUM_ROW.match(row.cells[0]):
            body = [line for line in values[0 if headless else 1 : r] if any(v is not None for v in line)]
            yield from _totals(
                row,
                [([line[c] for line in body], values[r][c]) for c in range(1, len(row.cells)) if c not in skipped],
                nested,
            )
    head = table.rows[0].cells
    column = next((c for c, name in enumerate(head) if c and _SUM_ROW.match(name)), None)
    if column is not None and len(head) > 3:
        for row, line in zip(table.rows[1:], values[1:], strict=True):
            yield from _totals(row, [([v for c, v in enumerate(line) if c not in (0, column)], line[column])], True)
    if all(v is None for v in values[0]):
        for row, line in zip(table.rows[1:], values[1:], strict=True):
            yield from _across(row, head, line)


def _totals(row: Row, columns: Sequence[tuple[list[float | None], float | None]], nested: bool) -> Iterator[Claim]:
    """The columns of a 合计 row; in a table with subtotals, or where most columns are off, nothing is called wrong."""
    checked = [([v for v in parts if v is not None], total) for parts, total in columns if total is not None]
    checked = [(parts, total) for parts, total in checked if len(parts) > 1]
    wrong = [abs(sum(parts) - total) > 1e-6 * max(1.0, total) + 0.011 * (total % 1 > 0) for parts, total in checked]
    for (parts, total), off in zip(checked, wrong, strict=True):
        listing = "+".join(shown(v) for v in parts)
        expression = f"{shown(total)} ≠ {listing} = {shown(sum(parts))}" if off else f"{shown(total)} = {listing}"
        if not off:
            yield Claim(row.start, row.end, "table", expression, "holds", None, 0.95)
        elif nested or (len(checked) > 1 and sum(wrong) * 2 > len(checked)):
            yield Claim(row.start, row.end, "table", expression, "not_checkable", Message("subtotals"), 0.5)
        else:
            reason = Message("rows_differ", {"added": shown(sum(parts))})
            yield Claim(row.start, row.end, "table", expression, "fails", reason, 0.9)


def _across(row: Row, head: Sequence[str], line: Sequence[float | None]) -> Iterator[Claim]:
    """收到｜受理｜不予受理 and 审结｜维持｜撤销｜… within one row."""
    for c, total in enumerate(line):
        if total is None or not re.search("收到|审结|办结|受理$|清理|总数|申请", head[c]) or "不予" in head[c]:
            continue
        parts = [v for v in line[c + 1 :] if v is not None]
        sums = list(accumulate(parts))
        last = next((k for k, s in enumerate(sums) if k and abs(s - total) < 1e-6), None)
        listing = parts[: last + 1] if last is not None else parts
        if last is not None and total > 2:
            yield Claim(
                row.start, row.end, "table", f"{shown(total)} = {'+'.join(map(shown, listing))}", "holds", None, 0.85
            )
        elif len(parts) > 3 and re.search("审结|办结", head[c]) and all(OUTCOMES.search(h) for h in head[c + 1 :]):
            expression = f"{shown(total)} ≠ {'+'.join(map(shown, parts))} = {shown(sum(parts))}"
            reason = Message("results_differ", {"added": shown(sum(parts))})
            yield Claim(row.start, row.end, "table", expression, "fails", reason, 0.75)


def named_cells(table: Table) -> dict[str, float]:
    """The numbers of a table that one name identifies: a single row under a heading row, or a column beside names."""
    head, *body = (row.cells for row in table.rows)
    if len(body) == 1:
        pairs = list(zip(head, body[0], strict=True))
    elif len(head) == 2:
        pairs = [(cells[0], cells[1]) for cells in body]
    else:
        return {}
    return {name: value for name, text in pairs if (value := cell(text)) is not None}
