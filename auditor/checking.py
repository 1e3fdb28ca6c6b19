"""A check of audits: excuse what is waived, tell what is new, judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from auditor.audit import with_findings
from auditor.baseline import Baseline, Compared, Entry, compare, keyless, other_rules
from auditor.compiled import compiled
from auditor.errors import UnreadableFile
from auditor.findings import Audit, Finding, ReportAudit
from auditor.form import DEADLINES
from auditor.gate import Gate, Verdict, judge, unchecked
from auditor.obligations import Rule
from auditor.options import Options
from auditor.problems import Missing, Problem, problems_of, worst_first
from auditor.readers import READERS
from auditor.text import decode
from auditor.waivers import Listed, apply_waivers
from auditor.words import Lang, tell


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user asks of a check beside its files."""

    gate: Gate = field(default_factory=Gate)
    waivers: tuple[Listed, ...] = ()
    as_of: date | None = None
    baseline: Baseline | None = None
    allow_empty: bool = False
    allow_unreadable: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """A check's result.

    ``problems`` are all of them, worst first. ``resolved`` and ``left`` are entries of the baseline: no longer there, and
    of reports not in this run. ``lines`` gives, for a report, the file whose lines are those of its text (by its name in
    the audit); ``rules`` the rules of the obligations.
    """

    audit: Audit
    problems: tuple[Problem, ...]
    verdict: Verdict
    gate: Gate
    missing: tuple[Missing, ...] = ()
    resolved: tuple[Entry, ...] = ()
    left: tuple[Entry, ...] = ()
    notes: tuple[str, ...] = ()
    rules: Mapping[str, Rule] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """The audits and problems of a selection, before any gate."""

    audit: Audit
    problems: tuple[Problem, ...]
    rules: Mapping[str, Rule]
    missing: tuple[Missing, ...]
    notes: tuple[str, ...]


def find(
    audit: Audit, missing: tuple[Missing, ...], options: Options, settings: Settings, partial: bool = False
) -> Found:
    """List what is wrong in an audit, the waived marked as such; ``partial``: not all reports are in it."""
    rules = _rules_of(audit, options)
    notes: tuple[str, ...] = ()
    if settings.waivers:
        as_of = settings.as_of or date.today()

        def rescore(audited: ReportAudit, findings: tuple[Finding, ...]) -> ReportAudit:
            return with_findings(audited, findings, options)

        audit, notes = apply_waivers(audit, settings.waivers, as_of, options.lang, rescore, partial)
    deadlines = frozenset(rule.id for rule in rules.values() if rule.check in DEADLINES)
    return Found(audit, problems_of(audit, missing, deadlines), rules, missing, notes)


def _rules_of(audit: Audit, options: Options) -> dict[str, Rule]:
    used = {tuple(ref.id for ref in each.rule_sets) for each in audit.reports}
    sets = [each for ids in sorted(used) for each in compiled(ids, options.rules_dir)[0]]
    return {rule.id: rule for each in sets for rule in each.rules}


def check(found: Found, options: Options, settings: Settings, notes: Sequence[str] = ()) -> Checked:
    """Judge what was found by the gate; ``notes`` are what there is to be said of the selection."""
    lang = options.lang
    compared = (
        compare(found.audit, found.problems, settings.baseline) if settings.baseline else Compared(found.problems)
    )
    deadlines = [rule.id for rule in found.rules.values() if rule.check in DEADLINES]
    verdict, problems = judge(
        found.audit,
        compared.problems,
        settings.gate,
        lang,
        deadlines=deadlines,
        baseline=settings.baseline is not None,
        allow_empty=settings.allow_empty,
        allow_unreadable=settings.allow_unreadable,
    )
    said = [
        *notes,
        *found.notes,
        *_same_reports(found.audit, lang),
        *unchecked(found.audit, settings.gate, deadlines, lang),
    ]
    said += _on_baseline(settings.baseline, found, lang)
    return Checked(
        audit=_marked(found.audit, problems),
        problems=tuple(sorted(problems, key=worst_first)),
        verdict=verdict,
        gate=settings.gate,
        missing=found.missing,
        resolved=compared.resolved,
        left=compared.unchecked,
        notes=tuple(said),
        rules=found.rules,
    )


def _same_reports(audit: Audit, lang: Lang) -> list[str]:
    """A note for each unit and year of which there are several files: one of them may be an earlier draft."""
    files: dict[tuple[str, int], list[str]] = {}
    for audited in audit.reports:
        source = audited.report.source
        if source.unit and source.year is not None:
            files.setdefault((source.unit, source.year), []).append(source.file)
    return [
        tell(lang, "same_report", unit=unit, year=year, count=len(names), names=tell(lang, "mark").join(names))
        for (unit, year), names in files.items()
        if len(names) > 1
    ]


def _on_baseline(baseline: Baseline | None, found: Found, lang: Lang) -> list[str]:
    if baseline is None:
        return []
    notes = [tell(lang, "keyless", file=file) for file in keyless(found.problems)]
    if others := other_rules(baseline, found.audit):
        notes.append(tell(lang, "other_rules", sets=tell(lang, "mark").join(others)))
    return notes


def _marked(audit: Audit, problems: tuple[Problem, ...]) -> Audit:
    """The audit with its findings marked as known or new."""
    known = {(p.report, p.rule): p.known for p in problems if p.report is not None}
    reports = tuple(
        replace(each, findings=tuple(replace(f, known=known.get((at, f.id))) for f in each.findings))
        for at, each in enumerate(audit.reports)
    )
    return replace(audit, reports=reports)


def own_lines(path: Path, text: str, encoding: str | None) -> bool:
    """Whether a file is itself the text that was read of it, so that a line of the one is the same line of the other."""
    reader = READERS.get(path.suffix.lower())
    if reader is None or reader.module != "plain":
        return False
    try:
        return decode(path.read_bytes(), path.name, encoding)[0] == text
    except (UnreadableFile, OSError):
        return False
