"""The lists of the workbook: gaps, evidence, figures and shared text, one row each, to be filtered and sorted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from auditor.findings import Finding, Pair, ReportAudit, Status
from auditor.formats.grids import Book, Cell
from auditor.formats.passages import nearest, place, section_at
from auditor.formats.rows import marks, waiver_line
from auditor.report import Source
from auditor.words import IMPORTANCE, ROLE, STATUS, Lang, say, sheet_word

# Fill and ink of each status and verdict; the word always stands in the cell too.
COLOURS: dict[str, dict[str, str]] = {
    "evidenced": {"bg_color": "#C6EFCE", "font_color": "#006100"},
    "asserted": {"bg_color": "#FFEB9C", "font_color": "#7F6000"},
    "acknowledged": {"bg_color": "#F8CBAD", "font_color": "#843C0C"},
    "planned": {"bg_color": "#DDEBF7", "font_color": "#1F4E79"},
    "missing": {"bg_color": "#FFC7CE", "font_color": "#9C0006"},
    "not_applicable": {"bg_color": "#EDEDED", "font_color": "#7F7F7F"},
    "holds": {"bg_color": "#C6EFCE", "font_color": "#006100"},
    "fails": {"bg_color": "#FFC7CE", "font_color": "#9C0006"},
    "not_checkable": {"bg_color": "#EDEDED", "font_color": "#595959"},
    "unreadable": {"bg_color": "#FFC7CE", "font_color": "#9C0006"},
}
_GRID = {"border": 1, "border_color": "#BFBFBF"}
HEAD: dict[str, Any] = _GRID | {
    "bold": True,
    "text_wrap": True,
    "align": "center",
    "valign": "vcenter",
    "bg_color": "#1F4E79",
    "font_color": "#FFFFFF",
}
OVERALL: dict[str, Any] = _GRID | {"bold": True, "align": "right", "valign": "vcenter"}
_CELL: dict[str, Any] = _GRID | {"text_wrap": True, "valign": "top"}
A3, A4 = 8, 9  # the paper sizes' numbers in a workbook


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading and width, in characters of Latin text."""

    title: str
    width: float


@dataclass(frozen=True, slots=True)
class Tinted:
    """A cell whose meaning is also shown by a colour of ``COLOURS``."""

    text: str
    colour: str


Row = tuple[Cell | Tinted, ...]


def write(book: Book, reports: Sequence[ReportAudit], pairs: Sequence[Pair], lang: Lang) -> None:
    """The four lists, each on its own sheet."""
    _list(book, "gap_list", _gap_columns(lang), _gaps(reports, lang), sheet_word(lang, "no_gap_rows"), lang)
    _list(
        book,
        "evidence_list",
        _evidence_columns(lang),
        _evidence(reports, lang),
        sheet_word(lang, "no_evidence_rows"),
        lang,
    )
    _list(book, "figure_list", _figure_columns(lang), _figures(reports, lang), say(lang, "no_figures"), lang)
    nothing = say(lang, "no_pairs" if len(reports) > 1 else "compare_two")
    _list(book, "pair_list", _pair_columns(lang), _pairs(pairs, lang), nothing, lang)


def page(sheet: Any, lang: Lang, heads: tuple[int, int] | None, wide: int = 1, paper: int = A3) -> None:
    """Print landscape, ``wide`` pages across and as many down as it takes, the heads on every page."""
    sheet.set_landscape()
    sheet.set_paper(paper)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(wide, 0)
    if heads:
        sheet.repeat_rows(*heads)
    sheet.set_footer("&C" + sheet_word(lang, "page_of"))


def _list(book: Book, name: str, columns: Sequence[Column], body: Iterable[Row], nothing: str, lang: Lang) -> None:
    sheet = book.sheet(sheet_word(lang, name))
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        book.put(sheet, 0, at, column.title, **HEAD)
    sheet.set_row(0, 30)
    last = 0
    for last, row in enumerate(body, 1):
        for at, cell in enumerate(row):
            if isinstance(cell, Tinted):
                book.put(sheet, last, at, cell.text, **_CELL, **COLOURS[cell.colour])
            else:
                book.put(sheet, last, at, cell, **_CELL)
        texts = (cell.text if isinstance(cell, Tinted) else cell for cell in row)
        book.make_room(sheet, last, zip(texts, (column.width for column in columns), strict=True))
    if last:
        sheet.autofilter(0, 0, last, len(columns) - 1)
    else:
        book.put(sheet, 1, 0, nothing)
    sheet.freeze_panes(1, 1)
    page(sheet, lang, heads=(0, 0))


def _said(lang: Lang, *keys: tuple[str, float]) -> list[Column]:
    return [Column(say(lang, key), width) for key, width in keys]


def _named(lang: Lang, *keys: tuple[str, float]) -> list[Column]:
    return [Column(sheet_word(lang, key), width) for key, width in keys]


def _unit(source: Source, lang: Lang) -> str:
    return source.unit or say(lang, "unknown")


def _importance(finding: Finding, lang: Lang) -> str:
    return IMPORTANCE[lang].get(finding.importance, finding.importance)


def _status(status: Status, lang: Lang) -> Tinted:
    return Tinted(STATUS[lang][status], status)


# ---- gaps


def _gap_columns(lang: Lang) -> list[Column]:
    return [
        *_said(lang, ("unit", 22), ("year", 7), ("id", 13), ("obligation", 24), ("clause", 26), ("importance", 8)),
        *_said(lang, ("status", 10)),
        *_named(lang, ("nearest_passage", 44), ("place", 26), ("why", 24)),
        *_said(lang, ("advice", 50), ("confidence", 7), ("file", 24)),
    ]


def _gaps(reports: Iterable[ReportAudit], lang: Lang) -> Iterator[Row]:
    mark = say(lang, "list_mark")
    for audited in reports:
        source = audited.report.source
        for f in audited.findings:
            if not f.status.gap:
                continue
            near = nearest(f)
            yield (
                *(_unit(source, lang), source.year, f.id, f.title, f.clause or f.part, _importance(f, lang)),
                Tinted(mark.join((STATUS[lang][f.status], *marks(f, lang))), f.status),
                *((near.quote, place(near.section), near.why) if near else (None, None, f.reason)),
                *(waiver_line(f.waiver, lang) if f.waiver else f.advice, round(f.confidence, 2), source.file),
            )


# ---- evidence


def _evidence_columns(lang: Lang) -> list[Column]:
    return [
        *_said(lang, ("unit", 22), ("year", 7), ("id", 13), ("obligation", 24), ("importance", 8), ("status", 10)),
        *_said(lang, ("flags", 10)),
        *_named(lang, ("order", 5)),
        *_said(lang, ("quote", 56), ("facts", 24)),
        *_named(lang, ("place", 28)),
        *_said(lang, ("role", 12)),
        *_named(lang, ("start", 8), ("end", 8)),
        *_said(lang, ("reason", 28), ("file", 24)),
    ]


def _evidence(reports: Iterable[ReportAudit], lang: Lang) -> Iterator[Row]:
    mark = say(lang, "list_mark")
    for audited in reports:
        source = audited.report.source
        for f in audited.findings:
            flags = mark.join(marks(f, lang))
            for number, e in enumerate(f.evidence, 1):
                yield (
                    *(_unit(source, lang), source.year, f.id, f.title, _importance(f, lang), _status(f.status, lang)),
                    *(flags, number, e.quote, mark.join(e.facts), place(e.section), ROLE[lang][e.role]),
                    *(e.start, e.end, f.reason, source.file),
                )


# ---- figures


def _figure_columns(lang: Lang) -> list[Column]:
    return [
        *_said(lang, ("unit", 22), ("year", 7), ("verdict", 10), ("kind", 10), ("expression", 36), ("quote", 56)),
        *_said(lang, ("reason", 32)),
        *_named(lang, ("place", 26), ("start", 8), ("end", 8)),
        *_said(lang, ("confidence", 7), ("file", 24)),
    ]


def _figures(reports: Iterable[ReportAudit], lang: Lang) -> Iterator[Row]:
    for audited in reports:
        source = audited.report.source
        for c in audited.figures.checks:
            yield (
                *(_unit(source, lang), source.year, Tinted(say(lang, c.verdict), c.verdict)),
                *(say(lang, f"kind_{c.kind}"), c.expression, c.quote, c.reason),
                *(place(section_at(audited.report, c.start)), c.start, c.end, round(c.confidence, 2), source.file),
            )


# ---- shared text


def _pair_columns(lang: Lang) -> list[Column]:
    return [
        *_named(lang, ("first", 22), ("second", 22), ("shared", 12), ("shared_characters", 10), ("order", 5)),
        *_named(lang, ("first_quote", 50), ("second_quote", 50), ("likeness", 8), ("weight", 10)),
        *_named(lang, ("first_file", 24), ("start", 8), ("end", 8), ("second_file", 24), ("start", 8), ("end", 8)),
    ]


def _pairs(pairs: Iterable[Pair], lang: Lang) -> Iterator[Row]:
    for pair in pairs:
        for number, p in enumerate(pair.passages, 1):
            yield (
                *(_unit(pair.first, lang), _unit(pair.second, lang), f"{pair.share:.0%}", pair.characters, number),
                *(p.first, p.second, round(p.likeness, 2), round(p.weight, 2)),
                *(pair.first.file, p.first_start, p.first_end, pair.second.file, p.second_start, p.second_end),
            )
