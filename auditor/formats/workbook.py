"""The workbook for those who review many reports: who lacks what, with every answer's evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from auditor.findings import Audit, Finding, ReportAudit, Status
from auditor.formats import rows, workbook_lists, workbook_notes
from auditor.formats.cells import visible
from auditor.formats.grids import Book
from auditor.formats.ranking import Ranked, ranked
from auditor.formats.workbook_lists import COLOURS, HEAD, OVERALL, Column, page
from auditor.words import IMPORTANCE, LEVEL, STATUS, Lang, say, sheet_word, tell

_TITLE, _GROUPS, _HEADS, _FIRST = 0, 1, 2, 3  # the lines of the overview
_FROZEN = 6
_OBLIGATION_WIDTH = 11.5
_OBLIGATIONS_A_PAGE = 22
_CENTRED = {"align": "center", "valign": "vcenter", "text_wrap": True, "border": 1, "border_color": "#BFBFBF"}


def render(audit: Audit, lang: Lang = Lang.ZH, everything: bool = False) -> bytes:
    """The workbook. Without ``everything``, obligations that bind none of the reports have no column in the overview."""
    book = Book()
    in_order = ranked(audit.reports)
    _overview(book, in_order, audit, lang, everything)
    workbook_lists.write(book, tuple(each.audited for each in in_order), audit.pairs, lang)
    workbook_notes.write(book, tuple(each.audited for each in in_order), audit.unreadable, lang)
    return book.finished()


# ---- the overview


def _overview(book: Book, in_order: Sequence[Ranked], audit: Audit, lang: Lang, everything: bool) -> None:
    sheet = book.sheet(sheet_word(lang, "overview"))
    columns = _columns(lang)
    clauses = _obligations(audit.reports, everything)
    _overview_heads(book, sheet, columns, clauses, lang)
    for line, each in enumerate(in_order, _FIRST):
        _overview_row(book, sheet, line, each, clauses, lang)
    below = _FIRST + len(in_order)
    members = [o for clause in clauses for o in clause.members]
    if in_order:
        sheet.autofilter(_HEADS, 0, below - 1, len(columns) + len(members) - 1)
        below = _gap_counts(book, sheet, below, len(columns), members, audit.reports, lang)
    for line, broken in enumerate(audit.unreadable, below):
        why = sheet_word(lang, "not_read", why=visible(broken.message))
        sheet.merge_range(line, 2, line, len(columns) - 1, "", book.look(**_LEFT, **COLOURS["unreadable"]))
        book.put(sheet, line, 0, "—", **_CENTRED)
        book.put(sheet, line, 1, sheet_word(lang, "file_of", file=broken.file), **_LEFT, **COLOURS["unreadable"])
        book.put(sheet, line, 2, why, **_LEFT, **COLOURS["unreadable"])
        book.make_room(sheet, line, ((broken.file, columns[1].width), (why, sum(c.width for c in columns[2:]))))
    sheet.freeze_panes(_FIRST, _FROZEN)
    page(sheet, lang, heads=(_TITLE, _HEADS), wide=1 + len(members) // _OBLIGATIONS_A_PAGE)
    sheet.repeat_columns(0, _FROZEN - 1)


_LEFT = _CENTRED | {"align": "left"}


@dataclass(frozen=True, slots=True)
class _Obligation:
    """What the head of a column tells."""

    id: str
    title: str
    importance: str


@dataclass(frozen=True, slots=True)
class _Clause:
    """Obligations that stand under one clause of one instrument."""

    title: str
    members: tuple[_Obligation, ...]


def _obligations(reports: Sequence[ReportAudit], everything: bool) -> tuple[_Clause, ...]:
    """The obligations of all reports by clause, in the order of the rule sets."""
    found: dict[tuple[str, str], dict[str, _Obligation]] = {}
    bound = {f.id for r in reports for f in r.findings if f.status is not Status.NOT_APPLICABLE}
    for audited in reports:
        for f in audited.findings:
            if everything or f.id in bound:
                clause = found.setdefault((f.id.split("-")[0], f.clause or f.part), {})
                clause.setdefault(f.id, _Obligation(f.id, f.title, f.importance))
    return tuple(_Clause(title, tuple(members.values())) for (_, title), members in found.items())


def _columns(lang: Lang) -> list[Column]:
    """The columns before the obligations."""
    words = {key: say(lang, key) for key in ("unit", "year", "total_score", "gaps", "level", "flags", "notice", "file")}
    return [
        Column(sheet_word(lang, "rank"), 6),
        Column(words["unit"], 26),
        Column(words["year"], 7),
        Column(words["total_score"], 8),
        Column(words["gaps"], 7),
        Column(sheet_word(lang, "core_gaps"), 7),
        *(Column(STATUS[lang][status], 10) for status in Status),
        Column(words["flags"], 7),
        Column(words["notice"], 12),
        Column(words["level"], 8),
        Column(words["file"], 30),
    ]


def _overview_heads(book: Book, sheet: Any, columns: Sequence[Column], clauses: Sequence[_Clause], lang: Lang) -> None:
    book.put(sheet, _TITLE, 0, sheet_word(lang, "overview_title"), bold=True, font_size=16, valign="vcenter")
    sheet.set_row(_TITLE, 30)
    sheet.set_row(_GROUPS, 84)
    sheet.set_row(_HEADS, 92)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        book.put(sheet, _HEADS, at, column.title, **HEAD)
    for at, status in enumerate(Status, _FROZEN):
        legend = (STATUS[lang][status], sheet_word(lang, status))
        book.put_lines(sheet, _GROUPS, at, legend, **_CENTRED, **COLOURS[status], font_size=9)
    after = _FROZEN + len(Status)
    look = book.look(text_wrap=True, valign="vcenter", font_size=9)
    sheet.merge_range(_GROUPS, after, _GROUPS, after + 1, "", look)
    book.put(sheet, _GROUPS, after, sheet_word(lang, "flag_mark"), text_wrap=True, valign="vcenter", font_size=9)
    at = len(columns)
    for number, clause in enumerate(clauses):
        _clause_heads(book, sheet, at, clause, number, lang)
        at += len(clause.members)


def _clause_heads(book: Book, sheet: Any, at: int, clause: _Clause, number: int, lang: Lang) -> None:
    # neighbours differ in shade, so that one sees where a clause ends
    shade = {"bg_color": "#DCE6F1" if number % 2 else "#B8CCE4"}
    last = at + len(clause.members) - 1
    if last > at:
        sheet.merge_range(_GROUPS, at, _GROUPS, last, "", book.look(**_CENTRED, **shade, bold=True))
    book.put(sheet, _GROUPS, at, clause.title, **_CENTRED, **shade, bold=True)
    sheet.set_column(at, last, _OBLIGATION_WIDTH)
    for here, each in enumerate(clause.members, at):
        word = IMPORTANCE[lang].get(each.importance, each.importance)
        told = (each.id, each.title, f"[{word}]")
        book.put_lines(sheet, _HEADS, here, told, **_CENTRED, **shade, bold=each.importance == "core", font_size=9)


def _overview_row(book: Book, sheet: Any, line: int, each: Ranked, clauses: Sequence[_Clause], lang: Lang) -> None:
    audited, source = each.audited, each.audited.report.source
    gaps = [f for f in audited.findings if f.status.gap]
    told = (
        "—" if each.rank is None else each.rank,
        source.unit or say(lang, "unknown"),
        source.year or "—",
        "—" if audited.score is None else audited.score,
        len(gaps),
        sum(f.importance == "core" for f in gaps),
        *(audited.counts.get(status, 0) for status in Status),
        sum(bool(f.flags) for f in audited.findings),
        rows.mark(audited, lang),
        LEVEL[lang][source.level] if source.level else "—",
        source.file,
    )
    for at, cell in enumerate(told):
        look = _LEFT if at in (1, len(told) - 1) else _CENTRED
        book.put(sheet, line, at, cell, **look, **({"num_format": "0.0", "bold": True} if at == 3 else {}))
    book.make_room(sheet, line, zip(told, (column.width for column in _columns(lang)), strict=True))
    answers = {f.id: f for f in audited.findings}
    for at, obligation in enumerate((o for clause in clauses for o in clause.members), len(told)):
        _answer(book, sheet, line, at, answers.get(obligation.id), lang)


def _answer(book: Book, sheet: Any, line: int, at: int, finding: Finding | None, lang: Lang) -> None:
    if finding is None:
        book.put(sheet, line, at, "—", **_CENTRED, **COLOURS[Status.NOT_APPLICABLE])
        return
    text = (
        STATUS[lang][finding.status]
        + ("▲" if finding.flags else "")
        + (f"({tell(lang, 'waived')})" if finding.waiver else "")
    )
    book.put(sheet, line, at, text, **_CENTRED, **COLOURS[finding.status])


def _gap_counts(
    book: Book,
    sheet: Any,
    line: int,
    at: int,
    members: Sequence[_Obligation],
    reports: Sequence[ReportAudit],
    lang: Lang,
) -> int:
    """A line with the number of reports in which each obligation is a gap; gives the line after it."""
    gaps = [f.id for r in reports for f in r.findings if f.status.gap]
    sheet.merge_range(line, 0, line, _FROZEN - 1, "", book.look(**OVERALL))
    book.put(sheet, line, 0, sheet_word(lang, "gap_units"), **OVERALL)
    for here, obligation in enumerate(members, at):
        book.put(sheet, line, here, gaps.count(obligation.id), **_CENTRED, bold=True)
    return line + 1
