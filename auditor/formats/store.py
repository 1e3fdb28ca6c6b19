"""An audit as columns: the tables of the results store, one row a (report, obligation) and what stands beside it.

The tables and their columns are the contract of ``docs/analysis.md``; the words in them are codes, the same in every
language.
"""

from __future__ import annotations

from typing import Any, Literal

from auditor.findings import Evidence, Finding, NearMiss, ReportAudit

Kind = Literal["text", "integer", "number", "truth", "texts"]

# Which report a row belongs to, in every table but the last.
ABOUT: dict[str, Kind] = {
    "report": "text",
    "file": "text",
    "unit": "text",
    "level": "text",
    "year": "integer",
    "genre": "text",
}

TABLES: dict[str, dict[str, Kind]] = {
    "reports": ABOUT
    | {"sha256": "text", "title": "text", "signed": "text", "published": "text"}
    | {"rule_sets": "texts", "characters": "integer", "sentences": "integer", "score": "number", "weight": "integer"}
    | {"gaps": "integer", "core_gaps": "integer", "notices": "texts", "warnings": "texts"},
    "findings": ABOUT
    | {"id": "text", "obligation": "text", "part": "text", "clause": "text", "importance": "text", "status": "text"}
    | {"gap": "truth", "flags": "texts", "score": "integer", "confidence": "number", "passages": "integer"}
    | {"passage": "text", "reason": "text", "advice": "text"},
    "evidence": ABOUT
    | {"id": "text", "counts": "truth", "quote": "text", "start": "integer", "end": "integer", "section": "texts"}
    | {"role": "text", "facts": "texts", "why": "text"},
    "indicators": ABOUT
    | {"id": "text", "value": "number", "measure": "text", "quote": "text", "start": "integer", "end": "integer"},
    "unreadable": {"file": "text", "code": "text", "message": "text"},
}


def columns(audited: ReportAudit) -> dict[str, Any]:
    """The rows of one report: ``about`` has what is the same in all of them, every table its other columns.

    ``report`` is the beginning of the file's hash and its name: what joins the tables. ``counts`` is false for a near
    miss. A score has no decimals for a finding and one for a report.
    """
    source = audited.report.source
    about = {
        "report": f"{source.sha256[:16]}:{source.file}",
        "file": source.file,
        "unit": source.unit,
        "level": source.level,
        "year": source.year,
        "genre": source.genre,
    }
    return {"about": about} | {name: _columns(name, rows) for name, rows in _rows(audited).items()}


def _columns(table: str, rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    return {column: [row[column] for row in rows] for column in TABLES[table] if column not in ABOUT}


def _rows(audited: ReportAudit) -> dict[str, list[dict[str, Any]]]:
    return {
        "reports": [_report(audited)],
        "findings": [_finding(finding) for finding in audited.findings],
        "evidence": [_passage(f, each) for f in audited.findings for each in _passages(f)],
        "indicators": [
            {"id": i.id, "value": float(i.value), "measure": i.unit}
            | {"quote": i.quote, "start": i.start, "end": i.end}
            for i in audited.figures.indicators
        ],
    }


def _report(audited: ReportAudit) -> dict[str, Any]:
    source = audited.report.source
    gaps = [finding for finding in audited.findings if finding.status.gap]
    return {
        "sha256": source.sha256,
        "title": source.title,
        "signed": source.signed,
        "published": source.published,
        "rule_sets": [ref.id for ref in audited.rule_sets],
        "characters": len(audited.report.text),
        "sentences": audited.sentences,
        "score": None if audited.score is None else float(audited.score),
        "weight": audited.weight,
        "gaps": len(gaps),
        "core_gaps": sum(finding.importance == "core" for finding in gaps),
        "notices": list(audited.notices),
        "warnings": list(audited.report.warnings),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    passages = _passages(finding)
    return {
        "id": finding.id,
        "obligation": finding.title,
        "part": finding.part,
        "clause": finding.clause,
        "importance": finding.importance,
        "status": finding.status,
        "gap": finding.status.gap,
        "flags": list(finding.flags),
        "score": finding.score,
        "confidence": round(float(finding.confidence), 2),
        "passages": len(finding.evidence),
        "passage": passages[0].quote if passages else None,
        "reason": finding.reason,
        "advice": finding.advice,
    }


def _passages(finding: Finding) -> tuple[Evidence | NearMiss, ...]:
    return (*finding.evidence, *finding.near_misses)


def _passage(finding: Finding, passage: Evidence | NearMiss) -> dict[str, Any]:
    counts = isinstance(passage, Evidence)
    return {
        "id": finding.id,
        "counts": counts,
        "quote": passage.quote,
        "start": passage.start,
        "end": passage.end,
        "section": list(passage.section),
        "role": passage.role,
        "facts": list(passage.facts) if isinstance(passage, Evidence) else [],
        "why": None if isinstance(passage, Evidence) else passage.why,
    }
