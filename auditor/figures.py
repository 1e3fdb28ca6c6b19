"""Whether the report's arithmetic holds (勾稽): sums, shares, rates, growth, tables, contradictions.

A check fails only where the text itself says what the number should be: a list that is meant to be complete, a rate whose
numerator and denominator are named. Everything else that looks like a claim is ``not_checkable`` with its reason.
"""

from __future__ import annotations

from auditor.claims import Claim
from auditor.contradictions import check_contradictions
from auditor.findings import FigureCheck
from auditor.quantities import Numbers, numbers
from auditor.rates import check_percentages
from auditor.report import Report
from auditor.sheets import check_table
from auditor.sums import check_sums
from auditor.words import Lang, told

__all__ = ["FigureCheck", "check_figures"]


def check_figures(report: Report, lang: Lang = Lang.ZH, read: Numbers | None = None) -> tuple[FigureCheck, ...]:
    """All checks of a report, in the order of the text, their reasons in a language.

    ``read`` are the report's numbers, where they have been read already.
    """
    found: dict[tuple[int, int, str, str], FigureCheck] = {}
    read = read or numbers(report)
    prose, grids = read.prose, read.tables

    def keep(claim: Claim, start: int, end: int) -> None:
        expression = told(claim.expression, lang)
        reason = claim.reason.told(lang) if claim.reason else ""
        quote = report.text[start:end]
        check = FigureCheck(quote, start, end, claim.kind, expression, claim.verdict, reason, claim.confidence)
        found.setdefault((start, end, claim.kind, expression), check)

    for passage in prose:
        known = tuple(t for t in grids if t.section == passage.section)
        for claim in (*check_sums(passage), *check_percentages(passage, known)):
            keep(claim, *passage.span(claim.start, claim.end))
    for table in grids:
        for claim in check_table(table):
            keep(claim, claim.start, claim.end)
    for place, claim in check_contradictions(prose, report.source.year):
        keep(claim, *place.span(claim.start, claim.end))
    return tuple(sorted(found.values(), key=lambda c: (c.start, c.end, c.kind, c.expression)))
