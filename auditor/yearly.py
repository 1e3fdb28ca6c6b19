"""Year on year: what became of each obligation since last year's report, and what was written anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from auditor.expressions import expression
from auditor.findings import Finding, ReportAudit, Status
from auditor.report import Source
from auditor.similarity import Outline, Statement, matches, outline

Course = Literal["improved", "worsened", "still_gap", "unchanged"]
Reuse = Literal["none", "exact", "numbers_changed", "numbers_unchanged", "alike"]

_ORDER = (Status.MISSING, Status.PLANNED, Status.ACKNOWLEDGED, Status.ASSERTED, Status.EVIDENCED)
_NUMBER = expression(r"\d[\d,.]*")
_DATE = expression(r"20\d\d(?=年)|20\d\d-20\d\d|〔\d{4}〕\d+号|\d+月(?:\d+日)?|\d+日")
_ALIKE = 88


@dataclass(frozen=True, slots=True)
class Change:
    """One obligation in two reports. ``gap_years``: in how many reports on end it has been a gap.

    ``reuse`` tells how this year's evidence (``quote``) repeats a sentence of last year's report (``earlier``):
    ``exact`` a sentence without numbers, ``numbers_changed``, ``numbers_unchanged`` (the year aside), ``alike``.
    """

    id: str
    title: str
    importance: str
    before: Status
    after: Status
    course: Course
    gap_years: int
    reuse: Reuse
    quote: str
    start: int
    end: int
    earlier: str
    earlier_start: int
    earlier_end: int


@dataclass(frozen=True, slots=True)
class Repeated:
    """A statement of this year's report that repeats one of last year's."""

    reuse: Reuse
    quote: str
    start: int
    end: int
    earlier: str
    earlier_start: int
    earlier_end: int


@dataclass(frozen=True, slots=True)
class YearOnYear:
    """Two reports of one unit; ``new_share`` is the share of the later one's text that the earlier does not hold."""

    before: Source
    after: Source
    new_share: float
    changes: tuple[Change, ...]
    repeated: tuple[Repeated, ...]


def follow(audits: Sequence[ReportAudit]) -> tuple[YearOnYear, ...]:
    """The audits of one unit, one a year: each compared with the one before it."""
    by_year: dict[int, ReportAudit] = {}
    for audit in sorted(audits, key=lambda a: a.report.source.file):
        if audit.report.source.year is not None:
            by_year.setdefault(audit.report.source.year, audit)
    gaps: dict[str, int] = {}
    found: list[YearOnYear] = []
    before: ReportAudit | None = None
    for _, audit in sorted(by_year.items()):
        gaps = {f.id: gaps.get(f.id, 0) + 1 for f in audit.findings if f.status.gap}
        if before is not None:
            found.append(_compare(before, audit, gaps))
        before = audit
    return tuple(found)


def _compare(before: ReportAudit, after: ReportAudit, gaps: dict[str, int]) -> YearOnYear:
    old, new = outline(before.report), outline(after.report)
    paired = matches(new, old, _ALIKE)
    repeated = {at: _repeated(new, old, at, other) for at, (other, _) in paired.items()}
    kept = sum(len(new.statements[at].masked) * likeness / 100 for at, (_, likeness) in paired.items())
    earlier = {f.id: f for f in before.findings}
    changes = [
        _change(earlier[f.id], f, gaps.get(f.id, 0), new, repeated)
        for f in after.findings
        if f.id in earlier and Status.NOT_APPLICABLE not in (f.status, earlier[f.id].status)
    ]
    share = 1 - kept / new.characters if new.characters else 0.0
    return YearOnYear(
        before.report.source, after.report.source, round(share, 3), tuple(changes), tuple(repeated.values())
    )


def _change(before: Finding, after: Finding, gap_years: int, new: Outline, repeated: dict[int, Repeated]) -> Change:
    best = after.evidence[0] if after.evidence else None
    again = _repeated_at(new, repeated, best.start, best.end) if best else None
    return Change(
        after.id,
        after.title,
        after.importance,
        before.status,
        after.status,
        _course(before.status, after.status),
        gap_years,
        again.reuse if again else "none",
        best.quote if best else "",
        best.start if best else 0,
        best.end if best else 0,
        again.earlier if again else "",
        again.earlier_start if again else 0,
        again.earlier_end if again else 0,
    )


def _course(before: Status, after: Status) -> Course:
    if before.gap and after.gap:
        return "still_gap"
    rise = _ORDER.index(after) - _ORDER.index(before)
    return "improved" if rise > 0 else "worsened" if rise < 0 else "unchanged"


def _repeated_at(new: Outline, repeated: dict[int, Repeated], start: int, end: int) -> Repeated | None:
    """The repetition that holds the whole of a passage, or its first sentence."""
    for at, again in repeated.items():
        sentence = new.statements[at].sentence
        if sentence.start <= start < sentence.end and min(end, sentence.end) > start:
            return again
    return None


def _repeated(new: Outline, old: Outline, at: int, other: int) -> Repeated:
    mine, theirs = new.statements[at], old.statements[other]
    a, b = mine.sentence, theirs.sentence
    return Repeated(
        reuse_of(mine, theirs),
        new.text[a.start : a.end],
        a.start,
        a.end,
        old.text[b.start : b.end],
        b.start,
        b.end,
    )


def reuse_of(mine: Statement, theirs: Statement) -> Reuse:
    """How one statement repeats another; dates and document numbers are no figures."""
    if mine.masked != theirs.masked:
        return "alike"
    numbers = [_NUMBER.findall(_DATE.sub("", s.text)) for s in (mine, theirs)]
    if numbers[0] != numbers[1]:
        return "numbers_changed"
    return "numbers_unchanged" if numbers[0] else "exact"
