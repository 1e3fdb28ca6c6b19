"""The gate: what must hold of submitted reports, and whether it does. Pure: audit and problems in, verdict out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from auditor.errors import AuditorError, ExitCode
from auditor.findings import Audit, ReportAudit, Status
from auditor.problems import Kind, Problem
from auditor.words import Lang, tell

NEW = "new:"
DEFAULT = "core-gap"

# What each term of --fail-on picks out of the problems.
TERMS: Mapping[str, Callable[[Problem], bool]] = {
    "core-gap": lambda p: p.core,
    "any-gap": lambda p: p.kind is Kind.GAP,
    "figure-error": lambda p: p.kind is Kind.FIGURE_ERROR,
    "below-threshold": lambda p: p.kind is Kind.BELOW_THRESHOLD,
    "late": lambda p: p.late,
    "not-submitted": lambda p: p.kind is Kind.NOT_SUBMITTED,
    "unreadable": lambda p: p.kind is Kind.UNREADABLE,
}
# No baseline can hold these: an unreadable file tells neither its unit nor its year, a report that is owed stays owed.
_NEVER_KNOWN = frozenset(("unreadable", "not-submitted"))

_MOST_IDS = 5
_WHOLE = ("minimum_", "maximum_")

Outcome = Literal["pass", "fail", "undecided"]


@dataclass(frozen=True, slots=True)
class Gate:
    """What a run must meet.

    ``terms`` name problems that must not be there. ``minimum_score`` (0-100) holds for each report, ``maximum_gaps`` for
    the gaps of each importance in each report, ``must_cover`` for each report that the obligation binds;
    ``maximum_unreadable`` for the run. ``file`` is the file that says so, None where there is none.
    """

    terms: tuple[str, ...] = (DEFAULT,)
    minimum_score: float | None = None
    maximum_gaps: Mapping[str, int] = field(default_factory=dict)
    must_cover: tuple[str, ...] = ()
    maximum_unreadable: int | None = None
    file: str | None = field(default=None, compare=False)

    @property
    def judges_unreadable(self) -> bool:
        """Whether the gate itself says how many files may be unreadable."""
        return "unreadable" in self.terms or self.maximum_unreadable is not None

    @property
    def judges_missing(self) -> bool:
        """Whether units that have not submitted can fail the gate."""
        return any(term.removeprefix(NEW) == "not-submitted" for term in self.terms)

    @property
    def judges_known(self) -> bool:
        """Whether a baseline can change the verdict."""
        return bool(self.must_cover) or any(term not in _NEVER_KNOWN for term in self.terms)


@dataclass(frozen=True, slots=True)
class Breach:
    """One criterion that one report (or the run, ``file`` None) does not meet, and why."""

    criterion: str
    file: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class Totals:
    """How many there are in the run, whatever the gate asks for; waived problems count as waived alone."""

    reports: int
    failed: int
    gaps: int
    core: int
    figure_errors: int
    below_threshold: int
    late: int
    unreadable: int
    not_submitted: int
    waived: int
    known: int
    new: int | None
    lowest_score: float | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the gate is met, with the exit code that says so.

    ``allowed``: files that could not be read were allowed. ``untold``: the reports of which the gate asks whether they are
    late and no date tells it.
    """

    outcome: Outcome
    exit_code: ExitCode
    breaches: tuple[Breach, ...]
    totals: Totals
    allowed: bool = False
    untold: int = 0


def terms_of(values: Sequence[str], lang: Lang) -> tuple[str, ...]:
    """The terms of ``--fail-on``, each option one or several with commas between. Raises AuditorError."""
    terms = [term.strip() for value in values for term in value.replace("\uff0c", ",").split(",")]
    for term in terms:
        name = term.removeprefix(NEW)
        if name not in TERMS:
            known = " ".join((*TERMS, f"{NEW}core-gap"))
            raise AuditorError(tell(lang, "unknown_term", term=term, known=known))
        if term.startswith(NEW) and name in _NEVER_KNOWN:
            raise AuditorError(tell(lang, "never_new", term=term))
    return tuple(dict.fromkeys(terms))


def judge(
    audit: Audit,
    problems: Sequence[Problem],
    gate: Gate,
    lang: Lang,
    *,
    deadlines: Collection[str] = (),
    baseline: bool = False,
    allow_empty: bool = False,
    allow_unreadable: bool = False,
) -> tuple[Verdict, tuple[Problem, ...]]:
    """The verdict, and the problems with those marked that fail the gate.

    With a ``baseline`` a known problem fails no term and no ``must_cover``; scores and maxima are of everything. Files
    that could not be read leave the verdict open unless they are allowed or the gate itself judges them. A run that
    checked no report and fails nothing is no input, unless that is allowed.
    """
    marked = tuple(replace(p, fails=_fails(p, gate)) for p in problems)
    breaches = tuple(_breaches(audit, marked, gate, lang))
    marked += tuple(_of_whole(breach, audit, gate) for breach in breaches if breach.criterion.startswith(_WHOLE))
    unread = bool(audit.unreadable) and not allow_unreadable and not gate.judges_unreadable
    code = ExitCode.OK
    if not audit.reports and not breaches and not unread and not allow_empty:
        code = ExitCode.NO_INPUT
    elif unread:
        code = ExitCode.UNREADABLE
    elif breaches:
        code = ExitCode.GATE
    totals = _totals(audit, marked, breaches, baseline)
    untold = len(untold_of(audit, gate, deadlines))
    return Verdict(
        outcome_of(code), code, breaches, totals, bool(audit.unreadable) and allow_unreadable, untold
    ), marked


def _of_whole(breach: Breach, audit: Audit, gate: Gate) -> Problem:
    """A breach that no single problem stands for, as a problem of its report."""
    files = [audited.report.source for audited in audit.reports]
    at = next((at for at, source in enumerate(files) if source.file == breach.file), None)
    unit, year = (files[at].unit, files[at].year) if at is not None else (None, None)
    kind, criterion, file = Kind.GATE, breach.criterion, breach.file or gate.file or ""
    return Problem(kind, criterion, "", "core", kind, file, unit, year, at, reason=breach.detail, fails=True)


def outcome_of(code: ExitCode) -> Outcome:
    """What an exit code says of the gate."""
    outcomes: dict[ExitCode, Outcome] = {ExitCode.OK: "pass", ExitCode.GATE: "fail"}
    return outcomes.get(code, "undecided")


def _fails(problem: Problem, gate: Gate) -> bool:
    if problem.waiver is not None or problem.known:
        return False
    if problem.kind is Kind.GAP and problem.rule in gate.must_cover:
        return True
    return any(TERMS[term.removeprefix(NEW)](problem) for term in gate.terms)


def _breaches(audit: Audit, problems: Sequence[Problem], gate: Gate, lang: Lang) -> Iterator[Breach]:
    for term in gate.terms:
        found = [p for p in problems if p.fails and TERMS[term.removeprefix(NEW)](p)]
        for file in dict.fromkeys(p.file for p in found):
            yield Breach(term, file, _named([p for p in found if p.file == file], lang))
    for at, audited in enumerate(audit.reports):
        file = audited.report.source.file
        if gate.minimum_score is not None and (audited.score is None or audited.score < gate.minimum_score):
            score = "—" if audited.score is None else f"{audited.score:.1f}"
            detail = tell(lang, "score_below", score=score, least=f"{gate.minimum_score:g}")
            yield Breach("minimum_score", file, detail)
        for importance, most in gate.maximum_gaps.items():
            count = len(gaps_of(audited, importance))
            if count > most:
                detail = tell(lang, "gaps_above", count=count, most=most)
                yield Breach(f"maximum_gaps.{importance}", file, detail)
        uncovered = [p for p in problems if p.report == at and p.fails and p.rule in gate.must_cover]
        if uncovered:
            yield Breach("must_cover", file, _named(uncovered, lang))
    if gate.maximum_unreadable is not None and len(audit.unreadable) > gate.maximum_unreadable:
        detail = tell(lang, "unreadable_above", count=len(audit.unreadable), most=gate.maximum_unreadable)
        yield Breach("maximum_unreadable", None, detail)


def gaps_of(audited: ReportAudit, importance: str) -> list[str]:
    """The ids of a report's gaps of one importance that are not waived."""
    return [f.id for f in audited.findings if f.owed and f.importance == importance]


def _named(problems: Sequence[Problem], lang: Lang) -> str:
    """How many there are, and which: obligations by id and title, expressions of figures, units, or what went wrong."""
    names = []
    for problem in problems:
        told = {
            Kind.FIGURE_ERROR: problem.shape,
            Kind.UNREADABLE: problem.reason,
            Kind.NOT_SUBMITTED: problem.whose,
        }
        names.append(told.get(problem.kind, f"{problem.rule} {problem.title}".rstrip()))
    return tell(lang, "named", count=len(names), names=tell(lang, "mark").join(names))


def _totals(audit: Audit, problems: Sequence[Problem], breaches: Sequence[Breach], baseline: bool) -> Totals:
    held = [p for p in problems if p.waiver is None and p.kind is not Kind.GATE]
    files = {breach.file for breach in breaches}
    scores = [audited.score for audited in audit.reports if audited.score is not None]

    def count(term: str) -> int:
        return sum(TERMS[term](p) for p in held)

    return Totals(
        reports=len(audit.reports),
        failed=sum(audited.report.source.file in files for audited in audit.reports),
        gaps=count("any-gap"),
        core=count("core-gap"),
        figure_errors=count("figure-error"),
        below_threshold=count("below-threshold"),
        late=count("late"),
        unreadable=len(audit.unreadable),
        not_submitted=count("not-submitted"),
        waived=sum(p.waiver is not None for p in problems),
        known=sum(p.known is True for p in held),
        new=sum(p.known is False for p in held) if baseline else None,
        lowest_score=min(scores, default=None),
    )


def untold_of(audit: Audit, gate: Gate, deadlines: Collection[str]) -> tuple[int, ...]:
    """The reports (by their place in the audit) that the gate wants in time and that tell no date; none if it does not."""
    if not any(term.removeprefix(NEW) == "late" for term in gate.terms):
        return ()
    judged = [
        any(f.id in deadlines and f.status is not Status.NOT_APPLICABLE for f in audited.findings)
        for audited in audit.reports
    ]
    return tuple(at for at, told in enumerate(judged) if not told)


def unchecked(audit: Audit, gate: Gate, deadlines: Collection[str], lang: Lang) -> Iterator[str]:
    """What the gate asks for and the reports do not let one tell, and what is to be known of each audit; a line a matter."""
    untold = untold_of(audit, gate, deadlines)
    for at, audited in enumerate(audit.reports):
        report, file = audited.report, audited.report.source.file
        status = {finding.id: finding.status for finding in audited.findings}
        if at in untold:
            yield tell(lang, "late_untold", file=file)
        unbound = [i for i in gate.must_cover if status.get(i, Status.NOT_APPLICABLE) is Status.NOT_APPLICABLE]
        if unbound:
            ids = tell(lang, "mark").join(unbound[:_MOST_IDS]) + (tell(lang, "and_more") if unbound[_MOST_IDS:] else "")
            yield tell(lang, "not_bound", file=file, count=len(unbound), ids=ids)
        # a level or page that was not read leaves obligations unjudged
        yield from (tell(lang, "noticed", file=file, notice=each) for each in (*audited.notices, *report.warnings))
