"""Where passages stand and which one a gap comes nearest to: shared by the workbook, the letter and the rows."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.findings import Finding
from auditor.formats.cells import visible
from auditor.report import Report


@dataclass(frozen=True, slots=True)
class Nearest:
    """The passage that an answer rests on or comes nearest to; ``why`` it does not count, empty where it does."""

    quote: str
    start: int
    end: int
    section: tuple[str, ...]
    why: str


def nearest(finding: Finding) -> Nearest | None:
    """The first passage of the evidence (for a gap: what was only planned or admitted), else the nearest miss."""
    if finding.evidence:
        best = finding.evidence[0]
        return Nearest(best.quote, best.start, best.end, best.section, finding.reason if finding.status.gap else "")
    if finding.near_misses:
        near = finding.near_misses[0]
        return Nearest(near.quote, near.start, near.end, near.section, near.why)
    return None


def place(section: tuple[str, ...]) -> str:
    """The headings from the top down, in one line."""
    return visible(" › ".join(section))


def section_at(report: Report, at: int) -> tuple[str, ...]:
    """The headings over a place of the text; empty before the first heading."""
    inner = [index for index, section in enumerate(report.sections) if section.start <= at < section.end]
    return report.section_path(inner[-1]) if inner else ()
