"""The heat map of reports and obligations: one shape a status, so that it reads without colour."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from auditor.expressions import expression
from auditor.findings import Finding, ReportAudit, Status
from auditor.formats.pages import clause_of

CELL = 7  # from one column to the next, in pixels; a shape takes 6 of them
GROUP = 4  # between two clauses
HEIGHT = 16
NAME_HEIGHT = 66
LETTER = 10  # what a character of a heading takes
SHORT = 6

# The letter of each status in a row's string; "-" stands where the report's rules lack the obligation.
LETTERS = {
    Status.EVIDENCED: "e",
    Status.ASSERTED: "a",
    Status.ACKNOWLEDGED: "k",
    Status.PLANNED: "p",
    Status.MISSING: "m",
    Status.NOT_APPLICABLE: "n",
}
NO_FINDING = "-"

# A shape: where its pen starts in the cell, what it draws, and where the pen then stands.
_SHAPES = {
    Status.EVIDENCED: ((0, 8), "h6", (6, 8)),
    Status.ASSERTED: ((0, 11), "h6", (6, 11)),
    Status.ACKNOWLEDGED: ((0, 13), "h6l-3-9z", (0, 13)),
    Status.PLANNED: ((0, 8), "l3-4 3 4-3 4z", (0, 8)),
    Status.MISSING: ((0, 5), "l6 6m0-6l-6 6", (0, 11)),
    Status.NOT_APPLICABLE: ((2, 8), "h2", (4, 8)),
}
_NUMBER = expression(r"[(（]([一二三四五六七八九十百]+)[)）]")
_PART_NUMBER = expression(r"^[一二三四五六七八九十]+、")


@dataclass(frozen=True, slots=True)
class Column:
    """One obligation; ``x`` is the left of its cells in pixels."""

    id: str
    title: str
    clause: str
    part: str
    x: int


@dataclass(frozen=True, slots=True)
class Span:
    """A heading over the columns of a clause or part: its name, a name that fits over them, and where they stand."""

    name: str
    short: str
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Path:
    """All cells of one status in one row: the data of an SVG path."""

    status: Status
    data: str


def columns(reports: Iterable[ReportAudit]) -> tuple[Column, ...]:
    """The obligations of all reports, each set in the order of its rules."""
    order: list[str] = []
    first: dict[str, Finding] = {}
    for audited in reports:
        if all(finding.id in first for finding in audited.findings):
            continue
        place = 0
        for finding in audited.findings:
            if finding.id in first:
                place = order.index(finding.id) + 1
            else:
                first[finding.id] = finding
                order.insert(place, finding.id)
                place += 1
    return tuple(_placed(first[id] for id in order))


def _placed(findings: Iterable[Finding]) -> Iterable[Column]:
    x, before = 0, None
    for finding in findings:
        clause = clause_of(finding)
        x += GROUP if before is not None and clause != before else 0
        yield Column(finding.id, finding.title, clause, finding.part, x)
        x, before = x + CELL, clause


def width_of(held: Sequence[Column]) -> int:
    """The width of a row in pixels."""
    return held[-1].x + CELL if held else 0


def letters(audited: ReportAudit, held: Sequence[Column]) -> str:
    """The statuses of a report, one letter a column."""
    found = {finding.id: LETTERS[finding.status] for finding in audited.findings}
    return "".join(found.get(column.id, NO_FINDING) for column in held)


def paths(audited: ReportAudit, held: Sequence[Column]) -> tuple[Path, ...]:
    """The row of a report: one path a status that occurs."""
    found = {finding.id: finding.status for finding in audited.findings}
    places: dict[Status, list[int]] = {}
    for column in held:
        if column.id in found:
            places.setdefault(found[column.id], []).append(column.x)
    return tuple(Path(status, _data(status, places[status])) for status in Status if status in places)


def _data(status: Status, places: Sequence[int]) -> str:
    """A path that draws the status's shape at each place, moving from one to the next."""
    (left, top), drawn, (pen_x, pen_y) = _SHAPES[status]
    data = [f"M{places[0] + left} {top}{drawn}"]
    for before, at in pairwise(places):
        right, down = at + left - before - pen_x, top - pen_y
        data.append(f"m{right}{'' if down < 0 else ' '}{down}{drawn}")
    return "".join(data)


def sample(status: Status) -> Path:
    """One cell, for the legend."""
    return Path(status, _data(status, [0]))


def clause_spans(held: Sequence[Column]) -> tuple[Span, ...]:
    """The clauses over their columns, each by its number or by the first characters of its name."""
    return tuple(Span(name, _short(name), x, width) for name, x, width in _runs(held, "clause"))


def part_spans(held: Sequence[Column]) -> tuple[Span, ...]:
    """The parts over their columns, by as much of the name as fits; a part that is its own clause stands there only."""
    spans = []
    for name, x, width in _runs([column for column in held if column.part != column.clause], "part"):
        bare = _PART_NUMBER.sub("", name)
        fits = (width + GROUP) // (LETTER + 1)
        spans.append(Span(name, bare if len(bare) <= fits else bare[: fits - 1] + "…" if fits > 2 else "", x, width))
    return tuple(spans)


def _short(clause: str) -> str:
    found = _NUMBER.match(clause)
    return found[1] if found else clause[:SHORT]


def _runs(held: Sequence[Column], field: str) -> Iterable[tuple[str, int, int]]:
    """Columns side by side that agree in a field: its value, their left and their width."""
    start = 0
    for at, column in enumerate(held):
        last = at + 1 == len(held)
        if last or getattr(held[at + 1], field) != getattr(column, field):
            yield getattr(column, field), held[start].x, column.x + CELL - 1 - held[start].x
            start = at + 1
