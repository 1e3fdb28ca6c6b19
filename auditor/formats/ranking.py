"""The reports in the order of their scores, where the scores can stand beside each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from auditor.findings import ReportAudit
from auditor.report import Genre


@dataclass(frozen=True, slots=True)
class Ranked:
    """A report, its place in the batch (from 0), and its rank from 1; None where it stands beside none."""

    at: int
    audited: ReportAudit
    rank: int | None


def ranked(reports: Sequence[ReportAudit]) -> tuple[Ranked, ...]:
    """The reports by year, newest first, and score; equal scores share a rank.

    A rank counts among the annual reports of one year and level that were audited against the same rule sets: other
    levels have other obligations. A text that is no
    annual report, or has no score, stands at the end without one.
    """
    sizes = Counter(map(circle, reports))

    def order(each: tuple[int, ReportAudit]) -> tuple[bool, int, int, tuple[int, str, tuple[str, ...]], float]:
        own = circle(each[1])
        return not comparable(each[1]), -own[0], -sizes[own], own, -(each[1].score or 0.0)

    best_first = sorted(enumerate(reports), key=order)
    result: list[Ranked] = []
    for _, members in groupby(best_first, key=lambda each: (comparable(each[1]), circle(each[1]))):
        rank, last = 0, None
        for place, (at, audited) in enumerate(members, 1):
            if audited.score != last:
                rank, last = place, audited.score
            result.append(Ranked(at, audited, rank if comparable(audited) else None))
    return tuple(result)


def comparable(audited: ReportAudit) -> bool:
    """Whether the score can stand beside others: there is one, and the text is an annual report."""
    return audited.score is not None and audited.report.source.genre is Genre.ANNUAL_REPORT


def circle(audited: ReportAudit) -> tuple[int, str, tuple[str, ...]]:
    """What two reports must share to be ranked together: the year (0 where unknown), the level and the rule sets."""
    source = audited.report.source
    return source.year or 0, source.level or "", tuple(ref.id for ref in audited.rule_sets)
