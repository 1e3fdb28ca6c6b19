"""How a format is written while the batch runs: piece by piece, in constant memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any

from auditor.findings import Pair, ReportAudit, RuleSetRef, Unreadable
from auditor.report import Genre
from auditor.words import Lang

LOWEST = 20


@dataclass(slots=True)
class Tally:
    """The annual reports of one year and level: how many, how many of them with a score, sums of scores and gaps."""

    reports: int = 0
    scored: int = 0
    score: float = 0.0
    gaps: int = 0


@dataclass(slots=True)
class Gathered:
    """What is known of a batch at its end without its audits.

    ``submitted`` counts the reports of a unit and year; ``summary`` has a row a report where one was asked for.
    ``tallies`` are by year and level; ``lowest`` are the annual reports with the lowest scores, each as the negative
    score, the negative place in the order, and its row: a heap.
    """

    reports: int = 0
    rule_sets: set[RuleSetRef] = field(default_factory=set)
    submitted: Counter[tuple[str, int]] = field(default_factory=Counter)
    summary: list[list[str]] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    pairs: tuple[Pair, ...] = ()
    tallies: dict[tuple[int | None, str | None], Tally] = field(default_factory=dict)
    lowest: list[tuple[float, int, list[str]]] = field(default_factory=list)

    def tally(self, about: dict[str, Any], row: list[str]) -> None:
        """Count a report; one that is no annual report does not stand beside the others."""
        if about["genre"] != Genre.ANNUAL_REPORT:
            return
        tally = self.tallies.setdefault((about["year"], about["level"]), Tally())
        tally.reports += 1
        tally.gaps += about["gaps"]
        if (score := about["score"]) is None:
            return
        tally.scored += 1
        tally.score += score
        heappush(self.lowest, (-score, -self.reports, row))
        if len(self.lowest) > LOWEST:
            heappop(self.lowest)


@dataclass(frozen=True, slots=True)
class Stream:
    """A format of rows: how it opens, the lines of a report, those of a failure."""

    opening: Callable[[Lang], str]
    lines: Callable[[ReportAudit, Lang], Iterator[str]]
    unreadable: Callable[[Unreadable, Lang], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Document:
    """A format with a part a report and, around them, what is known at the end.

    ``frame`` gives what stands before the list of reports, between it and the parts, and after them; ``listed`` makes
    the line of a report in that list from its row of the summary, None where there is no list. ``between`` stands
    before every part but the first, which ``first`` precedes.
    """

    piece: Callable[[ReportAudit, Lang, bool], str]
    frame: Callable[[Gathered, Lang], tuple[str, str, str]]
    first: str
    between: str
    listed: Callable[[list[str]], str] | None = None
