"""The answers: one finding per obligation per report, its evidence, and what nearly counted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from auditor.report import Report, Role, Source


class Status(StrEnum):
    """Status of one obligation in one report (judgement guide)."""

    EVIDENCED = "evidenced"
    ASSERTED = "asserted"
    ACKNOWLEDGED = "acknowledged"
    PLANNED = "planned"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"

    @property
    def covered(self) -> bool:
        return self in (Status.EVIDENCED, Status.ASSERTED)

    @property
    def gap(self) -> bool:
        return self in (Status.ACKNOWLEDGED, Status.PLANNED, Status.MISSING)


class Flag(StrEnum):
    """What stands beside a covered status."""

    SHORTCOMING = "shortcoming"
    BELOW_THRESHOLD = "below_threshold"
    COPIED_WORDING = "copied_wording"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage that counts. ``facts`` are the concrete facts in or beside it, as they stand in the text."""

    quote: str
    start: int
    end: int
    section: tuple[str, ...]
    role: Role
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A passage that looks like evidence and does not count, and ``why``."""

    quote: str
    start: int
    end: int
    section: tuple[str, ...]
    role: Role
    why: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """Leave not to report on an obligation: for which units (a glob) and report year, by whom, until when (YYYY-MM-DD)."""

    obligation: str
    unit: str
    year: int
    reason: str
    approved_by: str
    approval_no: str
    expires: str


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer for one obligation. ``score`` is 0-100 or None where not applicable; ``confidence`` 0-1.

    ``waiver`` is the one that excuses the gap, which then does not enter the report's score; ``known`` tells whether the
    gap stands in a baseline, None where there is no gap or no baseline.
    """

    id: str
    title: str
    clause: str
    part: str
    importance: str
    status: Status
    flags: tuple[Flag, ...]
    score: int | None
    confidence: float
    evidence: tuple[Evidence, ...]
    near_misses: tuple[NearMiss, ...]
    reason: str
    advice: str
    waiver: Waiver | None = None
    known: bool | None = None

    @property
    def owed(self) -> bool:
        """Whether it is a gap that nothing excuses."""
        return self.status.gap and self.waiver is None


Verdict = Literal["holds", "fails", "not_checkable"]


@dataclass(frozen=True, slots=True)
class FigureCheck:
    """One check of the report's arithmetic; ``start`` and ``end`` index the extracted text."""

    quote: str
    start: int
    end: int
    kind: str
    expression: str
    verdict: Verdict
    reason: str
    confidence: float


@dataclass(frozen=True, slots=True)
class IndicatorValue:
    """One quantity of the reported year; ``start`` and ``end`` of its ``quote`` index the extracted text."""

    id: str
    value: float
    unit: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The quantities of a report: what was checked of its arithmetic, and the indicators that it gives."""

    checks: tuple[FigureCheck, ...] = ()
    indicators: tuple[IndicatorValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Obligations shown together, and how many of the applicable ones are covered."""

    id: str
    title: str
    covered: int
    applicable: int


@dataclass(frozen=True, slots=True)
class RuleSetRef:
    """Which rules were used: id, version and the hash of their files."""

    id: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ReportAudit:
    """The audit of one report. ``score`` is 0-100 (one decimal) over the scored obligations, None if there are none.

    ``weight`` is the denominator of the score: the sum of the weights of the applicable, scored obligations.
    ``sentences`` tells how many sentences were read; an audit that was loaded from its result no longer holds them.
    """

    report: Report
    rule_sets: tuple[RuleSetRef, ...]
    score: float | None
    weight: int
    counts: dict[str, int]
    groups: tuple[Group, ...]
    findings: tuple[Finding, ...]
    notices: tuple[str, ...] = ()
    figures: Figures = Figures()
    sentences: int = 0


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that could not be read as a report, with the error's code and message."""

    file: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class ReportFigures:
    """The figures of one report, without an audit."""

    source: Source
    figures: Figures


@dataclass(frozen=True, slots=True)
class FigureRun:
    """The figures of a batch in input order."""

    reports: tuple[ReportFigures, ...]
    unreadable: tuple[Unreadable, ...] = ()


@dataclass(frozen=True, slots=True)
class Aligned:
    """A passage of one report and the one of the other that it repeats; ``weight``: how little of it is stock, 0-1."""

    first: str
    first_start: int
    first_end: int
    second: str
    second_start: int
    second_end: int
    likeness: float
    weight: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reports that share more than stock: ``share`` of the shorter one's text, in ``characters``."""

    first: Source
    second: Source
    share: float
    characters: int
    passages: tuple[Aligned, ...]


@dataclass(frozen=True, slots=True)
class Audit:
    """The audits of a batch in input order; ``pairs`` are reports of different units that share more than stock phrases."""

    reports: tuple[ReportAudit, ...]
    unreadable: tuple[Unreadable, ...] = ()
    pairs: tuple[Pair, ...] = ()
