"""The accuracy page: the auditor and three plain matchers scored on one folder of labelled reports in one run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from auditor.audit import audit_file
from auditor.errors import UnreadableFile
from auditor.evaluation import (
    Answer,
    GoldReport,
    Item,
    Scores,
    applicability,
    calibration,
    collect,
    confusion,
    evidence_hits,
    intervals,
    load_gold,
    score,
    worst,
)
from auditor.findings import ReportAudit, Status, Unreadable
from auditor.obligations import Rule
from auditor.options import Options
from auditor.plain_matchers import run_baselines
from auditor.report import Report
from auditor.rules import load_ruleset

METADATA = ("title", "unit", "level", "year", "genre", "signed", "published")


@dataclass(frozen=True, slots=True)
class PlainMatcher:
    """A plain matcher's scores on a group of reports."""

    name: str
    threshold: float | None
    scores: Scores


@dataclass(frozen=True, slots=True)
class GroupResult:
    """All measures of one group of reports (``all``, ``real`` or ``made``); shares are 0-1."""

    name: str
    reports: int
    scores: Scores
    intervals: dict[str, tuple[float, float]]
    evidence_hit: float
    evidence_items: int
    applicability: float
    metadata: float
    confusion: dict[tuple[str, str], int]
    calibration: list[tuple[float, float, float, int]]
    worst: list[tuple[str, float, float]]
    plain: tuple[PlainMatcher, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """The groups' results and each report's own scores."""

    groups: tuple[GroupResult, ...]
    reports: tuple[tuple[str, Scores, float], ...]
    metadata_misses: tuple[str, ...]


def assess(folder: Path, texts: Iterable[Path] = (), options: Options | None = None, plain: bool = True) -> Assessment:
    """Score a folder in the gold format. Raises NoInput, UnreadableFile or RuleError."""
    options = options or Options()
    gold = load_gold(folder, texts)
    audits = {g.name: _audit(g, options) for g in gold}
    items = collect(gold, lambda g: _answers(audits[g.name]))
    misses = [m for g in gold for m in _metadata_misses(g, audits[g.name].report)]
    groups: list[GroupResult] = []
    kinds = {"all": gold, "real": tuple(g for g in gold if not g.made), "made": tuple(g for g in gold if g.made)}
    for name, members in kinds.items():
        if not members or (name != "all" and len(members) == len(gold)):
            continue
        groups.append(_group(name, members, items, audits, options, misses, plain))
    per_report = []
    for g in gold:
        own = [i for i in items if i.report == g.name]
        per_report.append((g.name, score(own), evidence_hits(own)[0]))
    return Assessment(tuple(groups), tuple(per_report), tuple(misses))


def _audit(gold: GoldReport, options: Options) -> ReportAudit:
    result = audit_file(gold.path, gold.path.name, options)
    if isinstance(result, Unreadable):
        raise UnreadableFile(result.file, result.code, result.message)
    return result


def _answers(audit: ReportAudit) -> dict[str, Answer]:
    return {f.id: Answer(f.status, tuple(e.quote for e in f.evidence), f.confidence) for f in audit.findings}


def _metadata_misses(gold: GoldReport, report: Report) -> list[str]:
    wrong: list[str] = []
    for field in METADATA:
        if field not in gold.metadata:
            continue
        told = getattr(report.source, field)
        if (None if told is None else str(told)) != (
            None if gold.metadata[field] is None else str(gold.metadata[field])
        ):
            wrong.append(f"{gold.name}: {field}: {told} ≠ {gold.metadata[field]}")
    return wrong


def _group(
    name: str,
    members: tuple[GoldReport, ...],
    items: list[Item],
    audits: dict[str, ReportAudit],
    options: Options,
    misses: list[str],
    plain: bool,
) -> GroupResult:
    names = {g.name for g in members}
    own = [i for i in items if i.report in names]
    hit, looked_at = evidence_hits(own)
    fields = sum(field in g.metadata for g in members for field in METADATA)
    missed = sum(m.split(":")[0] in names for m in misses)
    return GroupResult(
        name=name,
        reports=len(members),
        scores=score(own),
        intervals=intervals(own),
        evidence_hit=hit,
        evidence_items=looked_at,
        applicability=applicability(own),
        metadata=1 - missed / fields if fields else 0.0,
        confusion=confusion(own),
        calibration=calibration(own),
        worst=worst(own, most=len(own)),
        plain=_plain(members, audits, options) if plain else (),
    )


def _plain(
    members: tuple[GoldReport, ...], audits: dict[str, ReportAudit], options: Options
) -> tuple[PlainMatcher, ...]:
    rules = {
        s: load_ruleset(s, options.rules_dir).rules for s in {r.id for g in members for r in audits[g.name].rule_sets}
    }

    def rules_of(name: str) -> tuple[Rule, ...]:
        return tuple(r for ref in audits[name].rule_sets for r in rules[ref.id] if r.check is None)

    labelled = tuple(replace(g, labels={k: v for k, v in g.labels.items() if not k.startswith("BG-")}) for g in members)
    not_bound = {
        g.name: frozenset(f.id for f in audits[g.name].findings if f.status is Status.NOT_APPLICABLE) for g in members
    }
    results = run_baselines(labelled, lambda n: audits[n].report, rules_of, not_bound)
    return tuple(PlainMatcher(b.name, b.threshold, b.scores) for b in results)
