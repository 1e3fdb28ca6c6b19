"""The last sheet of the workbook: what the words mean, what was used, what is to be known of each report, the limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from auditor.findings import Flag, ReportAudit, RuleSetRef, Status, Unreadable
from auditor.formats import rows
from auditor.formats.grids import Book
from auditor.formats.workbook_lists import A4, COLOURS, HEAD, page
from auditor.words import FLAG, IMPORTANCE, STATUS, Lang, say, sheet_word

_SHEETS = ("overview", "gap_list", "evidence_list", "figure_list", "pair_list")
_WIDTHS = (34, 110)
_NOTE: dict[str, Any] = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#BFBFBF"}
Note = tuple[str, str, str]  # topic, text, colour of the topic or ""


def write(book: Book, reports: Sequence[ReportAudit], unreadable: Sequence[Unreadable], lang: Lang) -> None:
    """The notes in blocks under their headings."""
    sheet = book.sheet(sheet_word(lang, "notes"))
    for at, width in enumerate(_WIDTHS):
        sheet.set_column(at, at, width)
    line = 0
    for heading, notes in _blocks(reports, unreadable, lang):
        if not notes:
            continue
        book.put(sheet, line, 0, sheet_word(lang, heading), **HEAD | {"align": "left"})
        book.put(sheet, line, 1, None, **HEAD)
        for below, (topic, text, colour) in enumerate(notes, line + 1):
            book.put(sheet, below, 0, topic, **_NOTE, **COLOURS.get(colour, {}))
            book.put(sheet, below, 1, text, **_NOTE)
            book.make_room(sheet, below, zip((topic, text), _WIDTHS, strict=True))
        line += len(notes) + 2
    page(sheet, lang, heads=None, paper=A4)


def _blocks(
    reports: Sequence[ReportAudit], unreadable: Sequence[Unreadable], lang: Lang
) -> Iterator[tuple[str, list[Note]]]:
    yield "about_limits", [("", sheet_word(lang, f"limit_{key}"), "") for key in ("text", "match", "scan", "rank")]
    yield (
        "about_sheets",
        [(sheet_word(lang, name), sheet_word(lang, f"about_{name}"), "") for name in _SHEETS]
        + [("", sheet_word(lang, "about_places"), "")],
    )
    yield "about_status", [(STATUS[lang][s], sheet_word(lang, s), s) for s in Status]
    yield "about_flags", [(FLAG[lang][f], sheet_word(lang, f), "") for f in Flag]
    yield (
        "about_score",
        [
            (say(lang, "total_score"), sheet_word(lang, "score_text"), ""),
            (sheet_word(lang, "rank"), sheet_word(lang, "rank_text"), ""),
            (say(lang, "list_mark").join(IMPORTANCE[lang].values()), sheet_word(lang, "importance_text"), ""),
        ],
    )
    yield "about_rules", _rule_sets(reports, lang)
    yield "about_reports", [note for audited in reports for note in _report(audited, lang)]
    yield "about_unreadable", [(each.file, each.message, "unreadable") for each in unreadable]


def _rule_sets(reports: Sequence[ReportAudit], lang: Lang) -> list[Note]:
    used: Counter[RuleSetRef] = Counter(ref for audited in reports for ref in audited.rule_sets)
    told = sorted(used.items(), key=lambda each: (each[0].id, each[0].version, each[0].sha256))
    return [
        (ref.id, sheet_word(lang, "rule_set_text", version=ref.version, sha256=ref.sha256, reports=count), "")
        for ref, count in told
    ]


def _report(audited: ReportAudit, lang: Lang) -> Iterator[Note]:
    """The file and the score with its denominator, then one line a notice or warning."""
    source = audited.report.source
    told = sheet_word(lang, "report_text", file=source.file, score=rows.score_line(audited, lang))
    yield source.unit or say(lang, "unknown"), told, ""
    for notice in (*audited.notices, *audited.report.warnings):
        yield "", sheet_word(lang, "notice_text", notice=notice), ""
