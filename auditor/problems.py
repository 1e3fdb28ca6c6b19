"""What a check looks at: every gap, shortfall, wrong figure, unreadable file and missing report of a run, in one list."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from auditor.findings import Audit, Evidence, Finding, Flag, NearMiss, ReportAudit, Waiver
from auditor.report import Level


class Kind(StrEnum):
    """What is wrong; ``gate``: a score or a number of gaps, not one thing in a report."""

    GAP = "gap"
    BELOW_THRESHOLD = "below-threshold"
    FIGURE_ERROR = "figure-error"
    UNREADABLE = "unreadable"
    NOT_SUBMITTED = "not-submitted"
    GATE = "gate"


@dataclass(frozen=True, slots=True)
class Missing:
    """A unit whose report was to be submitted and was not; ``line`` is its line in the list ``listed`` (from 1)."""

    unit: str
    level: Level | None
    year: int | None
    listed: str
    line: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    ``rule`` is the id of the obligation, else the kind; ``shape`` is the class of status that a baseline tells apart;
    ``report`` indexes ``Audit.reports`` and ``start`` the text of that report, None where there is none. ``late``: a
    deadline was missed. ``waiver`` excuses it, ``known``: it stands in the baseline (None: there is no baseline).
    ``fails``: the gate is not met because of it.
    """

    kind: Kind
    rule: str
    title: str
    importance: str
    shape: str
    file: str
    unit: str | None
    year: int | None
    report: int | None = None
    start: int | None = None
    quote: str = ""
    reason: str = ""
    advice: str = ""
    late: bool = False
    waiver: Waiver | None = None
    known: bool | None = None
    fails: bool = False

    @property
    def whose(self) -> str:
        """The unit and the year, as far as they are known."""
        return " ".join(str(each) for each in (self.unit, self.year) if each)

    @property
    def core(self) -> bool:
        """Whether it is a gap of a core obligation."""
        return self.kind is Kind.GAP and self.importance == "core"


_ORDER = {importance: at for at, importance in enumerate(("core", "common", "extended"))}


def problem_of(finding: Finding) -> Kind | None:
    """What is wrong with a finding, None if nothing is."""
    if finding.status.gap:
        return Kind.GAP
    return Kind.BELOW_THRESHOLD if Flag.BELOW_THRESHOLD in finding.flags else None


def problems_of(audit: Audit, missing: Sequence[Missing], deadlines: Collection[str]) -> tuple[Problem, ...]:
    """All that is wrong, in the order of the reports; ``deadlines`` are the obligations that set a date."""
    found: list[Problem] = []
    for at, audited in enumerate(audit.reports):
        found += _of_findings(audited, at, deadlines)
        found += _of_figures(audited, at)
    for failed in audit.unreadable:
        kind = Kind.UNREADABLE
        found.append(Problem(kind, kind, "", "core", failed.code, failed.file, None, None, reason=failed.message))
    for each in missing:
        kind = Kind.NOT_SUBMITTED
        found.append(Problem(kind, kind, "", "core", kind, each.listed, each.unit, each.year, start=each.line))
    return tuple(found)


def _of_findings(audited: ReportAudit, at: int, deadlines: Collection[str]) -> Iterator[Problem]:
    source = audited.report.source
    for finding in audited.findings:
        kind = problem_of(finding)
        if kind is None:
            continue
        passages: list[Evidence | NearMiss] = [*finding.evidence, *finding.near_misses]
        passage = passages[0] if passages else None
        yield Problem(
            kind=kind,
            rule=finding.id,
            title=finding.title,
            importance=finding.importance,
            shape=finding.status if kind is Kind.GAP else kind,
            file=source.file,
            unit=source.unit,
            year=source.year,
            report=at,
            start=passage.start if passage else None,
            quote=passage.quote if passage else "",
            reason=finding.reason,
            advice=finding.advice,
            late=kind is Kind.GAP and finding.id in deadlines,
            waiver=finding.waiver,
        )


def _of_figures(audited: ReportAudit, at: int) -> Iterator[Problem]:
    source = audited.report.source
    for check in audited.figures.checks:
        if check.verdict != "fails":
            continue
        yield Problem(
            kind=Kind.FIGURE_ERROR,
            rule=Kind.FIGURE_ERROR,
            title=check.kind,
            importance="common",
            shape=check.expression,
            file=source.file,
            unit=source.unit,
            year=source.year,
            report=at,
            start=check.start,
            quote=check.quote,
            reason=check.reason,
        )


def worst_first(problem: Problem) -> tuple[bool, bool, bool, int, str, int, str]:
    """Sort key: what fails the gate, then what is neither waived nor known, by importance, then by place."""
    return (
        not problem.fails,
        problem.waiver is not None,
        problem.known is True,
        _ORDER.get(problem.importance, len(_ORDER)),
        problem.file,
        problem.start or 0,
        problem.rule,
    )
