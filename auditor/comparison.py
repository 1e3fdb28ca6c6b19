"""Many reports compared: each unit's year on year, units with one another, and what copying left behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from auditor.findings import Pair, ReportAudit, Unreadable
from auditor.leftovers import Leftover, leftovers
from auditor.report import Report
from auditor.similarity import outline, same_unit, similar_pairs
from auditor.yearly import YearOnYear, follow


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that a comparison tells; it changes no status and no score."""

    reports: int
    years: tuple[YearOnYear, ...]
    pairs: tuple[Pair, ...]
    leftovers: tuple[Leftover, ...]
    unreadable: tuple[Unreadable, ...] = ()


def compare_reports(
    reports: Sequence[Report],
    audit: Callable[[Report], ReportAudit],
    unreadable: Sequence[Unreadable] = (),
) -> Comparison:
    """Compare every report with every other. ``audit`` is called for the units with reports of several years only."""
    years: list[YearOnYear] = []
    for own in _units(reports):
        if len({r.source.year for r in own}) > 1:
            years += follow([audit(r) for r in own])
    pairs = similar_pairs([outline(r) for r in reports])
    return Comparison(len(reports), tuple(years), pairs, leftovers(reports), tuple(unreadable))


def _units(reports: Sequence[Report]) -> list[list[Report]]:
    """The reports by unit and genre; one whose year could not be read cannot be put in order and stands alone."""
    units: list[list[Report]] = []
    for report in reports:
        if report.source.unit is None or report.source.year is None:
            continue
        home = next((u for u in units if _alike(u[0], report)), None)
        if home is None:
            units.append([report])
        else:
            home.append(report)
    return units


def _alike(first: Report, second: Report) -> bool:
    return first.source.genre is second.source.genre and same_unit(first.source, second.source)
