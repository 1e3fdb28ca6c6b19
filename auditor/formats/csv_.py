"""The audit as CSV, one row a (report, obligation): for spreadsheets, written as the reports are audited."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.findings import Finding, ReportAudit, Unreadable
from auditor.formats.grids import BOM, Cell, csv_lines
from auditor.formats.passages import nearest, place
from auditor.formats.rows import marks, waiver_line
from auditor.words import GENRE, IMPORTANCE, LEVEL, STATUS, Lang, say, sheet_word

_COLUMNS = (
    *("file", "unit", "level", "year", "genre", "rule_sets"),
    *("id", "obligation", "clause", "importance", "status", "flags", "score", "confidence"),
    *("passage", "section", "start", "end", "why", "reason", "advice"),
)


def opening(lang: Lang) -> str:
    """The byte-order mark, so that Chinese is read as UTF-8, and the row of headings."""
    return BOM + csv_lines([[_heading(key, lang) for key in _COLUMNS]])


def lines(audited: ReportAudit, lang: Lang) -> Iterator[str]:
    """One row an obligation, in the order of the findings."""
    source = audited.report.source
    about: dict[str, Cell] = {
        "file": source.file,
        "unit": source.unit,
        "level": source.level and LEVEL[lang][source.level],
        "year": source.year,
        "genre": GENRE[lang][source.genre],
        "rule_sets": say(lang, "list_mark").join(f"{ref.id} {ref.version}" for ref in audited.rule_sets),
    }
    for finding in audited.findings:
        yield _row(about | _answer(finding, lang))


def unreadable(each: Unreadable, lang: Lang) -> Iterator[str]:
    """One row with the file and, as the reason, why it could not be read."""
    yield _row({"file": each.file, "status": say(lang, "unreadable"), "reason": each.message})


def _row(cells: dict[str, Cell]) -> str:
    return csv_lines([[cells.get(key) for key in _COLUMNS]])


def _heading(key: str, lang: Lang) -> str:
    return sheet_word(lang, key) if key in ("start", "end", "why") else say(lang, key)


def _answer(finding: Finding, lang: Lang) -> dict[str, Cell]:
    shown = nearest(finding)
    passage: dict[str, Cell] = {}
    if shown:
        section = place(shown.section)
        passage = {"passage": shown.quote, "section": section, "start": shown.start, "end": shown.end, "why": shown.why}
    return passage | {
        "id": finding.id,
        "obligation": finding.title,
        "clause": finding.clause or finding.part,
        "importance": IMPORTANCE[lang].get(finding.importance, finding.importance),
        "status": STATUS[lang][finding.status],
        "flags": say(lang, "list_mark").join(marks(finding, lang)),
        "score": finding.score,
        "confidence": round(finding.confidence, 2),
        "reason": waiver_line(finding.waiver, lang) if finding.waiver else finding.reason,
        "advice": finding.advice,
    }
