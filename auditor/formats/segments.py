"""The report's text cut at every boundary of a passage: pieces that each know all that stands on them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from operator import itemgetter

from auditor.findings import ReportAudit
from auditor.report import Report, Role, Section


class Kind(IntEnum):
    """What lies over a piece of text."""

    EVIDENCE = 0
    NEAR = 1
    CHECK = 2
    HEADING = 3
    FRAME = 4


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of one line that nothing begins or ends in.

    ``evidence`` and ``near`` are indexes of findings, ``checks`` and ``closed`` (those that end here) of figure checks.
    ``number`` counts the pieces that carry any of them, from 1; it is 0 for the others. ``frame`` is why the text was left
    out of the audit, empty where it was not.
    """

    text: str
    start: int
    end: int
    number: int = 0
    evidence: tuple[int, ...] = ()
    near: tuple[int, ...] = ()
    checks: tuple[int, ...] = ()
    closed: tuple[int, ...] = ()
    heading: bool = False
    frame: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text; ``level`` (1 highest) where all of it is a heading, with ``role`` where that role begins."""

    segments: tuple[Segment, ...]
    level: int | None = None
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """The lines, and where each passage is among the numbered pieces."""

    lines: tuple[Line, ...]
    _starts: tuple[int, ...]
    _ends: tuple[int, ...]

    def pieces(self, start: int, end: int) -> tuple[int, int] | None:
        """The numbers of the first and the last piece of a passage; None where it has no text of its own."""
        first, last = bisect_left(self._starts, start) + 1, bisect_right(self._ends, end)
        return (first, last) if start < end and first <= last else None


_Mark = tuple[int, int, Kind, int]
_AROUND = 40  # characters of white space that may stand in and before a heading


def marked(audited: ReportAudit) -> Marked:
    """The lines of the report's text with evidence, near misses, figure checks, headings and frame marked."""
    report = audited.report
    headings = [span for section in report.sections if (span := _heading(report.text, section))]
    marks = sorted(mark for mark in [*_marks(audited), *headings] if mark[0] < mark[1])
    turns = sorted(_turns(report), key=itemgetter(0))
    lines: list[Line] = []
    count, place, open_marks = 0, 0, []
    for start, end in _bounds(report.text):
        while place < len(marks) and marks[place][0] < end:
            open_marks.append(marks[place])
            place += 1
        open_marks = [mark for mark in open_marks if mark[1] > start]
        segments = tuple(_segments(report, start, end, open_marks, count))
        count = max([count, *(s.number for s in segments)])
        lines.append(Line(segments, _level(report, segments, open_marks), _role_in(turns, start, end)))
    numbered = [s for line in lines for s in line.segments if s.number]
    return Marked(tuple(lines), tuple(s.start for s in numbered), tuple(s.end for s in numbered))


def _marks(audited: ReportAudit) -> Iterator[_Mark]:
    for index, finding in enumerate(audited.findings):
        yield from ((e.start, e.end, Kind.EVIDENCE, index) for e in finding.evidence)
        yield from ((n.start, n.end, Kind.NEAR, index) for n in finding.near_misses)
    yield from ((c.start, c.end, Kind.CHECK, index) for index, c in enumerate(audited.figures.checks))
    yield from ((start, end, Kind.FRAME, index) for index, (start, end, _) in enumerate(audited.report.frame))


def _heading(text: str, section: Section) -> _Mark | None:
    """The heading as it stands in the text, from its number on; None for a part that has no heading."""
    words = section.heading.split()
    room = 2 * len(section.number + section.heading) + _AROUND
    found = words and re.compile(r"\s+".join(map(re.escape, words))).search(text, section.start, section.start + room)
    return (section.start, found.end(), Kind.HEADING, section.level) if found else None


def _turns(report: Report) -> Iterator[tuple[int, Role]]:
    """Where a section starts whose role is not that of the section around it."""
    for section in report.sections:
        if section.parent is None or report.sections[section.parent].role is not section.role:
            yield section.start, section.role


def _bounds(text: str) -> Iterator[tuple[int, int]]:
    """The lines that are not blank."""
    return ((found.start(), found.end()) for found in re.finditer(r"[^\n]+", text) if not found[0].isspace())


def _segments(report: Report, start: int, end: int, marks: list[_Mark], count: int) -> Iterator[Segment]:
    """The pieces of one line. ``marks`` touch the line, sorted; ``count`` pieces were numbered before."""
    cuts = sorted({start, end} | {at for mark in marks for at in mark[:2] if start < at < end})
    place, over = 0, list[_Mark]()
    for left, right in pairwise(cuts):
        while place < len(marks) and marks[place][0] <= left:
            over.append(marks[place])
            place += 1
        over = [mark for mark in over if mark[1] > left]
        ids = {kind: tuple(sorted({m[3] for m in over if m[2] is kind})) for kind in Kind}
        carries = any(ids[kind] for kind in (Kind.EVIDENCE, Kind.NEAR, Kind.CHECK))
        count += carries
        yield Segment(
            text=report.text[left:right],
            start=left,
            end=right,
            number=count if carries else 0,
            evidence=ids[Kind.EVIDENCE],
            near=ids[Kind.NEAR],
            checks=ids[Kind.CHECK],
            closed=tuple(sorted({m[3] for m in over if m[2] is Kind.CHECK and m[1] == right})),
            heading=bool(ids[Kind.HEADING]),
            frame=report.frame[ids[Kind.FRAME][0]][2] if ids[Kind.FRAME] else "",
        )


def _level(report: Report, segments: tuple[Segment, ...], marks: list[_Mark]) -> int | None:
    """The level of the heading that the whole line is, but for a closing mark."""
    rest = "".join(s.text for s in segments if not s.heading)
    levels = [level for *_, kind, level in marks if kind is Kind.HEADING]
    return min(levels) if levels and not re.search(r"\w", rest) else None


def _role_in(turns: list[tuple[int, Role]], start: int, end: int) -> Role | None:
    """The role that begins in a line; most lines begin none."""
    place = bisect_left(turns, start, key=itemgetter(0))
    return turns[place][1] if place < len(turns) and turns[place][0] < end else None
