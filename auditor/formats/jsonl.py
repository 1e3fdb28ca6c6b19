"""The audit as JSON lines, one line a (report, obligation): for programs, written as the reports are audited."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditor.findings import ReportAudit, Unreadable
from auditor.formats.json_ import finding_document, line, source_document
from auditor.report import Source
from auditor.words import Lang


def opening(lang: Lang) -> str:
    """Nothing stands before the first line."""
    return ""


def lines(audited: ReportAudit, lang: Lang) -> Iterator[str]:
    """One line an obligation: what the report says of itself, then the finding as in the JSON document.

    The report's title and score are ``report_title`` and ``report_score``: a finding has its own.
    """
    about = _about(audited.report.source) | {
        "report_score": audited.score,
        "rule_sets": [ref.id for ref in audited.rule_sets],
    }
    for finding in audited.findings:
        yield line(about | finding_document(finding))


def unreadable(each: Unreadable, lang: Lang) -> Iterator[str]:
    """One line that tells why a file could not be read."""
    yield line({"file": each.file, "unreadable": {"code": each.code, "message": each.message}})


def _about(source: Source) -> dict[str, Any]:
    told = source_document(source)
    del told["found"]
    return {"file": told.pop("file"), "report_title": told.pop("title"), **told}
