"""The audit as JSON, version 1: the public contract of ``docs/json.md`` and ``docs/json.schema.json``."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict
from typing import Any

from auditor import __version__
from auditor.expressions import expression
from auditor.findings import (
    Audit,
    Evidence,
    Figures,
    Finding,
    NearMiss,
    Pair,
    ReportAudit,
    RuleSetRef,
    Status,
    Unreadable,
)
from auditor.formats.streaming import Gathered
from auditor.report import Section, Source
from auditor.words import Lang

FORMAT = 1

# json leaves these as they are; on a screen they hide or reorder text, so they are written as escapes instead.
_UNSEEN = expression("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def render(audit: Audit, lang: Lang = Lang.ZH, everything: bool = True) -> str:
    """Every finding of the audit; the same bytes in every language."""
    return dumped(document(audit))


def piece(audited: ReportAudit, lang: Lang = Lang.ZH, everything: bool = True) -> str:
    """One report as it stands in the document, between the commas."""
    return "\n  " + dumped(_report(audited)).removesuffix("\n").replace("\n", "\n  ")


def frame(gathered: Gathered, lang: Lang = Lang.ZH) -> tuple[str, str, str]:
    """The document before and after its reports; it has no list of them."""
    whole = dumped(_document(gathered.rule_sets, [], gathered.unreadable, gathered.pairs))
    before, brackets, after = whole.partition('\n "reports": []')
    return before + brackets.removesuffix("]"), "", ("\n ]" if gathered.reports else "]") + after


def dumped(value: dict[str, Any]) -> str:
    """JSON as text, with nothing unseen in it."""
    import msgspec  # json's own indenting is many times slower

    text = _seen(json.dumps(value, ensure_ascii=False, allow_nan=False))
    try:
        return msgspec.json.format(text, indent=1) + "\n"
    except msgspec.DecodeError:  # half of a surrogate pair, which JSON allows
        return _seen(json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False)) + "\n"


def line(value: dict[str, Any]) -> str:
    """JSON on one line, with nothing unseen in it."""
    return _seen(json.dumps(value, ensure_ascii=False, allow_nan=False)) + "\n"


def _seen(text: str) -> str:
    return _UNSEEN.sub(lambda m: f"\\u{ord(m[0]):04x}", text)


def document(audit: Audit) -> dict[str, Any]:
    """The audit as plain values."""
    used = {ref for report in audit.reports for ref in report.rule_sets}
    return _document(used, [_report(report) for report in audit.reports], audit.unreadable, audit.pairs)


def _document(
    used: Collection[RuleSetRef],
    reports: list[dict[str, Any]],
    unreadable: Iterable[Unreadable],
    pairs: Iterable[Pair],
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "tool": {"name": "auditor", "version": __version__},
        "rule_sets": [_rule_set(ref) for ref in sorted(used, key=lambda r: (r.id, r.version, r.sha256))],
        "reports": reports,
        "unreadable": [{"file": u.file, "code": u.code, "message": u.message} for u in unreadable],
        "pairs": [pair_document(pair) for pair in pairs],
    }


def _rule_set(ref: RuleSetRef) -> dict[str, Any]:
    return {"id": ref.id, "version": ref.version, "sha256": ref.sha256}


def _report(audited: ReportAudit) -> dict[str, Any]:
    report = audited.report
    return {
        "source": source_document(report.source),
        "rule_sets": [ref.id for ref in audited.rule_sets],
        "read": {
            "characters": len(report.text),
            "sections": len(report.sections),
            "sentences": audited.sentences,
        },
        "text": report.text,
        "sections": [_section(section) for section in report.sections],
        "frame": [{"start": start, "end": end, "why": why} for start, end, why in report.frame],
        "warnings": list(report.warnings),
        "notices": list(audited.notices),
        "score": audited.score,
        "weight": audited.weight,
        "counts": {status.value: audited.counts.get(status, 0) for status in Status},
        "groups": [
            {"id": g.id, "title": g.title, "covered": g.covered, "applicable": g.applicable} for g in audited.groups
        ],
        "findings": [finding_document(finding) for finding in audited.findings],
        "figures": figures_document(audited.figures),
    }


def figures_document(figures: Figures) -> dict[str, Any]:
    """The checks and indicators of one report."""
    return {
        "checks": [
            {
                "quote": c.quote,
                "start": c.start,
                "end": c.end,
                "kind": c.kind,
                "expression": c.expression,
                "verdict": c.verdict,
                "reason": c.reason,
                "confidence": round(c.confidence, 2),
            }
            for c in figures.checks
        ],
        "indicators": [
            {"id": i.id, "value": i.value, "unit": i.unit, "quote": i.quote, "start": i.start, "end": i.end}
            for i in figures.indicators
        ],
    }


def source_document(source: Source) -> dict[str, Any]:
    """What the report says of itself."""
    return {
        "file": source.file,
        "sha256": source.sha256,
        "title": source.title,
        "unit": source.unit,
        "level": source.level,
        "year": source.year,
        "genre": source.genre,
        "signed": source.signed,
        "published": source.published,
        **{name: value for name in ("submitted", "url") if (value := getattr(source, name))},
        "found": dict(sorted(source.found.items())),
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "heading": section.heading,
        "number": section.number,
        "level": section.level,
        "role": section.role,
        "parent": section.parent,
        "start": section.start,
        "end": section.end,
        "leader": section.leader,
    }


def pair_document(pair: Pair) -> dict[str, Any]:
    """Two reports that share text, and the passages."""
    return {
        "first": source_document(pair.first),
        "second": source_document(pair.second),
        "share": pair.share,
        "characters": pair.characters,
        "passages": [
            {
                "first": {"quote": p.first, "start": p.first_start, "end": p.first_end},
                "second": {"quote": p.second, "start": p.second_start, "end": p.second_end},
                "likeness": p.likeness,
                "weight": p.weight,
            }
            for p in pair.passages
        ],
    }


def finding_document(finding: Finding) -> dict[str, Any]:
    """The answer for one obligation."""
    return {
        "id": finding.id,
        "title": finding.title,
        "part": finding.part,
        "clause": finding.clause,
        "importance": finding.importance,
        "status": finding.status,
        "flags": list(finding.flags),
        "score": finding.score,
        "confidence": round(finding.confidence, 2),
        "evidence": [_passage(e) | {"facts": list(e.facts)} for e in finding.evidence],
        "near_misses": [_passage(n) | {"why": n.why} for n in finding.near_misses],
        "reason": finding.reason,
        "advice": finding.advice,
        **({"waiver": asdict(finding.waiver)} if finding.waiver else {}),
        **({"known": finding.known} if finding.known is not None else {}),
    }


def _passage(passage: Evidence | NearMiss) -> dict[str, Any]:
    return {
        "quote": passage.quote,
        "start": passage.start,
        "end": passage.end,
        "section": list(passage.section),
        "role": passage.role,
    }
