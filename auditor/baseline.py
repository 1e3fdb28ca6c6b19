"""Baselines: the gaps that are known already, so that a check fails on new ones alone.

An entry is a unit, a report year, an obligation and the class of its status, never a line or a path: a report may be
renamed, converted or rewritten and its known gaps stay known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from auditor.findings import Audit, RuleSetRef
from auditor.problems import Kind, Problem

# From the mildest gap to the worst. A known gap covers a milder one; a worse one is new.
GAPS = ("planned", "acknowledged", "missing")
# A file that could not be read tells neither unit nor year, and a report that is owed stays owed until it is there.
NEVER_HELD = frozenset((Kind.UNREADABLE, Kind.NOT_SUBMITTED))


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One known problem. ``status`` is the gap's status, ``below-threshold``, or the expression of a wrong figure."""

    unit: str
    year: int
    obligation: str
    status: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """The known problems, and the rule sets that found them."""

    entries: frozenset[Entry]
    rule_sets: tuple[RuleSetRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """A run against a baseline.

    ``problems`` carry ``known``; ``resolved`` are entries whose problem is gone or has become milder, ``unchecked`` those
    whose report was not in the run.
    """

    problems: tuple[Problem, ...]
    resolved: tuple[Entry, ...] = ()
    unchecked: tuple[Entry, ...] = ()


def entry_of(problem: Problem) -> Entry | None:
    """What a baseline would hold of a problem; None for a waived one, what no baseline holds (``NEVER_HELD``) and a report
    that does not tell its unit or year.
    """
    if problem.waiver is not None or problem.kind in NEVER_HELD or not problem.unit or problem.year is None:
        return None
    return Entry(problem.unit, problem.year, problem.rule, problem.shape)


def baseline_of(audit: Audit, problems: Iterable[Problem]) -> Baseline:
    """The baseline of a run."""
    entries = frozenset(entry for problem in problems if (entry := entry_of(problem)))
    return Baseline(entries, rule_sets_of(audit))


def rule_sets_of(audit: Audit) -> tuple[RuleSetRef, ...]:
    """The rule sets of a run, by id."""
    return tuple(
        sorted({ref for each in audit.reports for ref in each.rule_sets}, key=lambda ref: (ref.id, ref.sha256))
    )


def compare(audit: Audit, problems: Sequence[Problem], baseline: Baseline) -> Compared:
    """Which problems of a run are known, and which entries of the baseline are resolved."""
    marked = []
    met: set[Entry] = set()
    for problem in problems:
        entry = entry_of(replace(problem, waiver=None))
        covering = [each for each in _at_least(entry) if each in baseline.entries] if entry else []
        # the entry is met by a gap as bad as itself; a milder gap resolves it in part, which is told as resolved
        met.update(each for each in covering if each == entry or problem.waiver is not None)
        known = None if problem.waiver is not None or problem.kind in NEVER_HELD else bool(covering)
        marked.append(replace(problem, known=known))
    looked_at = _looked_at(audit)
    left = sorted(baseline.entries - met)
    resolved = tuple(entry for entry in left if _was_looked_at(entry, looked_at))
    return Compared(tuple(marked), resolved, tuple(entry for entry in left if entry not in resolved))


def _at_least(entry: Entry | None) -> list[Entry]:
    """The entry and, for a gap, the entries of the worse gaps that it may have been."""
    if entry is None:
        return []
    if entry.status not in GAPS:
        return [entry]
    return [replace(entry, status=status) for status in GAPS[GAPS.index(entry.status) :]]


Looked = dict[tuple[str, int], frozenset[str]]


def _looked_at(audit: Audit) -> Looked:
    looked: Looked = {}
    for audited in audit.reports:
        source = audited.report.source
        if source.unit and source.year is not None:
            key = (source.unit, source.year)
            looked[key] = looked.get(key, frozenset()) | {finding.id for finding in audited.findings}
    return looked


def _was_looked_at(entry: Entry, looked: Looked) -> bool:
    """Whether the run could have found the entry's problem again: its report is there, and audited for its obligation."""
    found = looked.get((entry.unit, entry.year))
    return found is not None and (entry.obligation in found or entry.obligation == Kind.FIGURE_ERROR)


def updated(baseline: Baseline, compared: Compared, audit: Audit, add: bool) -> Baseline:
    """The baseline without what is resolved; a gap that has become milder is kept as what it is now.

    New problems enter only where ``add`` is true.
    """
    now = {entry for problem in compared.problems if problem.known or add if (entry := entry_of(problem))}
    kept = baseline.entries - frozenset(compared.resolved)
    refs = {ref.id: ref for ref in (*baseline.rule_sets, *rule_sets_of(audit))}
    return Baseline(kept | now, tuple(refs[name] for name in sorted(refs)))


def other_rules(baseline: Baseline, audit: Audit) -> tuple[str, ...]:
    """The rule sets of a run that are not those that the baseline was made with, as ``id old → new``."""
    before = {ref.id: ref for ref in baseline.rule_sets}
    return tuple(
        f"{ref.id} {before[ref.id].version} → {ref.version}" if ref.id in before else ref.id
        for ref in rule_sets_of(audit)
        if before.get(ref.id) != ref
    )


def keyless(problems: Collection[Problem]) -> tuple[str, ...]:
    """The reports that tell no unit or year, so that no baseline can hold their problems."""
    return tuple(dict.fromkeys(p.file for p in problems if p.report is not None and (not p.unit or p.year is None)))
