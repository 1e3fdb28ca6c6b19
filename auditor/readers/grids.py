"""Tables on a page without structure: cells from the lines that are drawn around them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from auditor.readers.geometry import Glyph, Line, Sheet, Stroke, joined, lines

_NEAR = 2.5  # points by which lines that meet may miss each other
_THIN = 3.0
_SHORTEST = 6.0
_COVERS = 0.6
_MOST_STROKES = 3_000
_MOST_CELLS = 6_000
_PROSE = 80  # characters from which a row that is one single cell is text in a frame and no table row


@dataclass(frozen=True, slots=True)
class _Grid:
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[tuple[int, ...], ...]  # by row and column: the number of the cell that covers this square

    def cell(self, x: float, y: float) -> int | None:
        """The number of the cell at a place."""
        column, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        if 0 <= row < len(self.cells) and 0 <= column < len(self.cells[0]):
            return self.cells[row][column]
        return None


def lines_and_rows(sheet: Sheet) -> list[Line]:
    """The lines of a page from top to bottom; a row of a ruled table is one line with its cells."""
    free = list(sheet.glyphs)
    rows: list[Line] = []
    for grid in _grids([stroke for stroke in sheet.strokes if not _on_edge(stroke, sheet)]):
        inside: dict[int, list[Glyph]] = {}
        rest: list[Glyph] = []
        for glyph in free:
            cell = grid.cell((glyph.x + glyph.right) / 2, glyph.y - 0.35 * glyph.size)
            if cell is None:
                rest.append(glyph)
            else:
                inside.setdefault(cell, []).append(glyph)
        if sum(any(glyph.text.strip() for glyph in glyphs) for glyphs in inside.values()) < 2:
            continue
        free = rest
        rows += _rows(grid, inside, sheet.number)
    return sorted(lines(free, sheet.number) + rows, key=lambda line: line.y)


def _on_edge(stroke: Stroke, sheet: Sheet) -> bool:
    """Whether the line is the edge of a page that somebody filled with a colour."""
    if stroke.level:
        return stroke.x1 - stroke.x0 > 0.9 * sheet.width or not 0.02 < stroke.y0 / sheet.height < 0.98
    return stroke.y1 - stroke.y0 > 0.9 * sheet.height or not 0.02 < stroke.x0 / sheet.width < 0.98


def _rows(grid: _Grid, inside: dict[int, list[Glyph]], page: int) -> Iterator[Line]:
    seen: set[int] = set()
    for number, row in enumerate(grid.cells):
        fresh = [cell for cell in dict.fromkeys(row) if cell not in seen]
        seen.update(fresh)
        written = [lines(inside.get(cell, ()), page) for cell in fresh]
        below = [_taken_out(cell) for cell in written]
        held = [cell for cell in written if cell]
        if not held:
            continue
        if len(held) == 1 and sum(len(line.text) for line in held[0]) > _PROSE:
            yield from held[0]
            continue
        while not written[-1]:
            written.pop()
        cells = tuple(joined([line.text for line in cell]) for cell in written)
        # Rows keep their order by the upper edge: a line inside a high cell may stand below the next row.
        y = grid.ys[number] + 1
        size = held[0][0].size
        yield Line(page, "\t".join(cells), grid.xs[0], grid.xs[-1], y, size, cells=cells)
        for line in (line for taken in below for line in taken):
            parts = tuple(text for _, _, text in line.parts)
            yield Line(page, "\t".join(parts), line.left, line.right, max(y, line.y), line.size, cells=parts)


def _taken_out(cell: list[Line]) -> list[Line]:
    """Take the rows of a table without rules out of a cell that holds other text as well."""
    inner = [line for line in cell if len(line.parts) > 1]
    if len(inner) == len(cell):
        return []
    cell[:] = [line for line in cell if len(line.parts) == 1]
    return inner


def _grids(strokes: Sequence[Stroke]) -> Iterator[_Grid]:
    long = (stroke for stroke in strokes if max(stroke.x1 - stroke.x0, stroke.y1 - stroke.y0) >= _SHORTEST)
    # Cells side by side draw the line between them twice.
    useful = list({tuple(map(round, (s.x0, s.y0, s.x1, s.y1))): s for s in long}.values())
    if len(useful) > _MOST_STROKES:
        return
    for group in _groups(useful):
        level = [stroke for stroke in group if stroke.level]
        upright = [stroke for stroke in group if not stroke.level]
        xs = _distinct([(stroke.x0 + stroke.x1) / 2 for stroke in upright])
        ys = _distinct([(stroke.y0 + stroke.y1) / 2 for stroke in level])
        # Some writers draw no lines at the sides of a table.
        if level and upright:
            ends = (min(stroke.x0 for stroke in level), max(stroke.x1 for stroke in level))
            xs = _distinct([*xs, *ends])
        if len(xs) < 2 or len(ys) < 2 or (len(xs) - 1) * (len(ys) - 1) not in range(2, _MOST_CELLS):
            continue
        yield _Grid(tuple(xs), tuple(ys), _cells(xs, ys, level, upright))


def _groups(strokes: Sequence[Stroke]) -> list[list[Stroke]]:
    """Strokes that touch each other; every group is one table or frame."""
    parents = list(range(len(strokes)))

    def root(at: int) -> int:
        while parents[at] != at:
            parents[at] = parents[parents[at]]
            at = parents[at]
        return at

    order = sorted(range(len(strokes)), key=lambda at: strokes[at].y0)
    open_ones: list[int] = []
    for at in order:
        stroke = strokes[at]
        open_ones = [other for other in open_ones if strokes[other].y1 >= stroke.y0 - _NEAR]
        for other in open_ones:
            if strokes[other].x0 - _NEAR <= stroke.x1 and strokes[other].x1 + _NEAR >= stroke.x0:
                parents[root(other)] = root(at)
        open_ones.append(at)
    groups: dict[int, list[Stroke]] = {}
    for at, stroke in enumerate(strokes):
        groups.setdefault(root(at), []).append(stroke)
    return [group for group in groups.values() if len(group) >= 3]


def _distinct(values: Sequence[float]) -> list[float]:
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > _NEAR:
            kept.append(value)
    return kept


def _cells(
    xs: Sequence[float], ys: Sequence[float], level: Sequence[Stroke], upright: Sequence[Stroke]
) -> tuple[tuple[int, ...], ...]:
    """Number the squares; squares without a line between them are one cell."""
    columns, rows = len(xs) - 1, len(ys) - 1
    parents = list(range(rows * columns))

    def root(at: int) -> int:
        while parents[at] != at:
            parents[at] = parents[parents[at]]
            at = parents[at]
        return at

    by_x = [[s for s in upright if abs((s.x0 + s.x1) / 2 - x) <= _NEAR] for x in xs]
    by_y = [[s for s in level if abs((s.y0 + s.y1) / 2 - y) <= _NEAR] for y in ys]
    for row in range(rows):
        for column in range(columns):
            here = row * columns + column
            if column + 1 < columns and not _covered([(s.y0, s.y1) for s in by_x[column + 1]], ys[row], ys[row + 1]):
                parents[root(here + 1)] = root(here)
            if row + 1 < rows and not _covered([(s.x0, s.x1) for s in by_y[row + 1]], xs[column], xs[column + 1]):
                parents[root(here + columns)] = root(here)
    return tuple(tuple(root(row * columns + column) for column in range(columns)) for row in range(rows))


def _covered(pieces: Sequence[tuple[float, float]], start: float, end: float) -> bool:
    reached, total = start, 0.0
    for low, high in sorted(pieces):
        low, high = max(low, reached), min(high, end)
        if high > low:
            total += high - low
            reached = high
    return total >= _COVERS * (end - start)


def strokes_of(corners: Sequence[tuple[float, float]]) -> Iterator[Stroke]:
    """The level and upright edges of a path; a thin rectangle is one line."""
    if len(corners) < 2:
        return
    x0, x1 = min(x for x, _ in corners), max(x for x, _ in corners)
    y0, y1 = min(y for _, y in corners), max(y for _, y in corners)
    if min(x1 - x0, y1 - y0) <= _THIN:
        if max(x1 - x0, y1 - y0) > _THIN:
            yield Stroke(x0, y0, x1, y1)
        return
    for (ax, ay), (bx, by) in pairwise(corners):
        if abs(ax - bx) <= 0.5 or abs(ay - by) <= 0.5:
            yield Stroke(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
