"""How a format is written while the batch runs: piece by piece, in constant memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from auditor.findings import Pair, ReportAudit, RuleSetRef, Unreadable
from auditor.words import Lang


@dataclass(slots=True)
class Gathered:
    """What is known of a batch at its end without its audits.

    ``submitted`` counts the reports of a unit and year; ``summary`` has a row a report where one was asked for.
    """

    reports: int = 0
    rule_sets: set[RuleSetRef] = field(default_factory=set)
    submitted: Counter[tuple[str, int]] = field(default_factory=Counter)
    summary: list[list[str]] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    pairs: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class Stream:
    """A format of rows: how it opens, the lines of a report, those of a failure."""

    opening: Callable[[Lang], str]
    lines: Callable[[ReportAudit, Lang], Iterator[str]]
    unreadable: Callable[[Unreadable, Lang], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Document:
    """A format with a part a report and, around them, what is known at the end: ``frame`` gives what stands before
    the parts and after them. ``between`` stands before every part but the first, which ``first`` precedes.
    """

    piece: Callable[[ReportAudit, Lang, bool], str]
    frame: Callable[[Gathered, Lang], tuple[str, str]]
    first: str
    between: str
