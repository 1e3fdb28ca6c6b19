"""The figures of reports: checks or indicators, for a terminal, as JSON, or as a table for spreadsheets."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from auditor.findings import FigureCheck, FigureRun, Figures, IndicatorValue, ReportFigures
from auditor.formats.cells import GAP, clip, columns, fold, screen_width, visible, width_of
from auditor.formats.grids import Cell, Grid, as_csv, as_xlsx
from auditor.formats.json_ import FORMAT, dumped, figures_document, source_document
from auditor.quantities import shown
from auditor.words import Lang, say

if TYPE_CHECKING:
    from auditor.indicators import IndicatorFile

_CHECK_COLUMNS = ("verdict", "kind", "expression", "confidence", "quote", "reason")
_SOURCE_COLUMNS = ("file", "unit", "year")
LEAST_ROOM = 40


def table(run: FigureRun, known: IndicatorFile, lang: Lang, indicators: bool) -> str:
    """Each report's checks (or indicators) under its name."""
    width = screen_width()
    blocks = []
    for report in run.reports:
        source = report.source
        name = visible(source.title or source.unit or source.file)
        lines = ["═" * width, clip(name, width), clip(visible(source.file), width), "─" * width]
        lines += _indicators(report, known, lang, width) if indicators else _checks(report.figures, lang, width)
        blocks.append("\n".join(lines))
    summary = say(lang, "reports", reports=len(run.reports), unreadable=len(run.unreadable))
    return "\n\n".join([*blocks, summary]) + "\n"


def _checks(figures: Figures, lang: Lang, width: int) -> list[str]:
    if not figures.checks:
        return [say(lang, "no_figures")]
    heads = [say(lang, key) for key in ("verdict", "kind", "confidence", "expression", "quote")]
    verdicts = [say(lang, c.verdict) for c in figures.checks]
    fixed = [
        max(map(width_of, [heads[0], *verdicts])),
        max(map(width_of, [heads[1], *(_kind(c, lang) for c in figures.checks)])),
        width_of(heads[2]),
    ]
    room = width - sum(fixed) - GAP * 4
    body = []
    for check in figures.checks:
        quote = visible(check.quote) + (f" → {visible(check.reason)}" if check.reason else "")
        texts = [visible(check.expression), quote]
        if room >= LEAST_ROOM:
            texts = ["\n".join(fold(t, room * share // 5)) for t, share in zip(texts, (2, 3), strict=True)]
        body.append([say(lang, check.verdict), _kind(check, lang), f"{check.confidence:.2f}", *texts])
    return [*columns(heads, body, width), "", *fold(counted(figures, lang), width)]


def counted(figures: Figures, lang: Lang) -> str:
    """How many checks hold, fail and cannot be made."""
    verdicts = [c.verdict for c in figures.checks]
    counts = {v: verdicts.count(v) for v in ("holds", "fails", "not_checkable")}
    return say(lang, "figure_counts", **counts)


def _kind(check: FigureCheck, lang: Lang) -> str:
    return say(lang, f"kind_{check.kind}")


def _indicators(report: ReportFigures, known: IndicatorFile, lang: Lang, width: int) -> list[str]:
    values = {v.id: v for v in report.figures.indicators}
    if not values:
        return [say(lang, "no_indicators")]
    heads = [say(lang, key) for key in ("id", "indicator", "value", "quote")]
    body: list[list[str]] = []
    for group in known.groups:
        rows = [(i, values[i.id]) for i in group.indicators if i.id in values]
        body += [[f"▌{group.title}"]] if rows else []
        body += [[i.id, i.title, _value(v), visible(v.quote)] for i, v in rows]
    return columns(heads, body, width)


def _value(value: IndicatorValue) -> str:
    return f"{shown(value.value)}{value.unit}"


# ---- for programs


def as_json(run: FigureRun, known: IndicatorFile, lang: Lang, indicators: bool) -> str:
    """Checks and indicators of every report, whatever is asked for: the contract of ``docs/json.md``."""
    return dumped(
        {
            "format": FORMAT,
            "reports": [{"source": source_document(r.source), **figures_document(r.figures)} for r in run.reports],
            "unreadable": [{"file": u.file, "code": u.code, "message": u.message} for u in run.unreadable],
        }
    )


def csv(run: FigureRun, known: IndicatorFile, lang: Lang, indicators: bool) -> str:
    """One row a report and one column an indicator, the quotes in columns after the values; or one row a check."""
    if not indicators:
        return as_csv(_check_grid(run, lang))
    values, quotes = _indicator_grids(run, known, lang)
    head = (*values.head, *(say(lang, "quote_of", title=t) for t in quotes.head[len(_SOURCE_COLUMNS) :]))
    rows = tuple((*v, *q[len(_SOURCE_COLUMNS) :]) for v, q in zip(values.rows, quotes.rows, strict=True))
    return as_csv(Grid(values.name, head, rows))


def xlsx(run: FigureRun, known: IndicatorFile, lang: Lang, indicators: bool) -> bytes:
    """The values on one sheet, their quotes at the same places on another; or the checks."""
    return as_xlsx(_indicator_grids(run, known, lang) if indicators else (_check_grid(run, lang),))


def _source_cells(report: ReportFigures) -> tuple[Cell, ...]:
    return report.source.file, report.source.unit, report.source.year


def _check_grid(run: FigureRun, lang: Lang) -> Grid:
    head = tuple(say(lang, key) for key in (*_SOURCE_COLUMNS, *_CHECK_COLUMNS))
    rows = tuple(
        (
            *_source_cells(report),
            say(lang, check.verdict),
            _kind(check, lang),
            check.expression,
            round(check.confidence, 2),
            check.quote,
            check.reason,
        )
        for report in run.reports
        for check in report.figures.checks
    )
    return Grid(say(lang, "figures"), head, rows)


def _indicator_grids(run: FigureRun, known: IndicatorFile, lang: Lang) -> tuple[Grid, Grid]:
    titles = tuple(f"{i.title}({i.units[0]})" if lang is Lang.ZH else i.id for i in known.indicators)
    head = (*(say(lang, key) for key in _SOURCE_COLUMNS), *titles)
    values: list[tuple[Cell, ...]] = []
    quotes: list[tuple[Cell, ...]] = []
    for report in run.reports:
        by_id = {v.id: v for v in report.figures.indicators}
        found = [by_id.get(i.id) for i in known.indicators]
        values.append((*_source_cells(report), *(v.value if v else None for v in found)))
        quotes.append((*_source_cells(report), *(v.quote if v else None for v in found)))
    return Grid(say(lang, "indicators"), head, tuple(values)), Grid(say(lang, "quote"), head, tuple(quotes))


RENDERERS: dict[str, Callable[[FigureRun, Any, Lang, bool], str | bytes]] = {
    "table": table,
    "json": as_json,
    "csv": csv,
    "xlsx": xlsx,
}
