"""One report as a page of its own: the gap table beside the full text, each passage linked to its obligations."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from auditor.findings import Evidence, FigureCheck, Finding, Group, NearMiss, ReportAudit, Status
from auditor.formats import rows
from auditor.formats.pages import bar, clause_of, clauses, document
from auditor.formats.passages import place
from auditor.formats.segments import Marked, Segment, marked
from auditor.words import Lang, codes

_VERDICTS = ("fails", "not_checkable", "holds")


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage of a finding, and the first and last numbered piece of the text that it is; None where it has none."""

    passage: Evidence | NearMiss
    place: str
    pieces: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One obligation as it is listed: its index among the findings, the finding, and its passages."""

    index: int
    finding: Finding
    marks: tuple[str, ...]
    reason: str
    evidence: tuple[Quote, ...]
    near: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """The obligations of one clause, and how many of them are covered; ``part`` is empty where it says the same."""

    title: str
    part: str
    group: Group | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """A figure check, its index among the checks, and where it stands in the text."""

    index: int
    check: FigureCheck
    pieces: tuple[int, int] | None


def render(audited: ReportAudit, lang: Lang, home: str | None = None) -> str:
    """The page of one report. ``home`` is the relative URL of the overview, None where there is none."""
    source, text = audited.report.source, marked(audited)
    listed = {clause_of(finding) for finding in audited.findings}
    number = "—" if audited.score is None else f"{audited.score:.1f}"
    return document(
        "page.html",
        lang,
        ("page.css",),
        ("list.js", "links.js"),
        audited=audited,
        source=source,
        home=home,
        name=source.title or source.unit or source.file,
        number=number,
        basis=rows.score_line(audited, lang).removeprefix(number).strip(" ()（）"),
        counted=rows.count_line(audited, lang),
        bar=bar(audited.counts, (s for s in Status if s is not Status.NOT_APPLICABLE)),
        warnings=(*audited.notices, *audited.report.warnings),
        packages=[g for g in audited.groups if g.title not in listed],
        clauses=_clauses(audited, text, lang),
        flagged=rows.flag_lines(audited, lang),
        checks=_checks(audited, text),
        checks_counted=next(iter(rows.figure_lines(audited, lang, False)), ""),
        amounts={
            "all": len(audited.findings),
            "gaps": sum(f.status.gap for f in audited.findings),
            "flags": sum(bool(f.flags) for f in audited.findings),
        },
        lines=text.lines,
        look=lambda segment: _look(segment, audited),
        target=lambda segment: _target(segment, audited),
        needs_attention=rows.needs_attention,
        codes=partial(codes, lang),
    )


def _clauses(audited: ReportAudit, text: Marked, lang: Lang) -> list[Clause]:
    groups = {group.title: group for group in audited.groups}
    return [
        Clause(
            title,
            part if (part := members[0][1].part) != title else "",
            groups.get(title),
            tuple(_entry(index, finding, text, lang) for index, finding in members),
        )
        for title, members in clauses(audited.findings)
    ]


def _entry(index: int, finding: Finding, text: Marked, lang: Lang) -> Entry:
    return Entry(
        index,
        finding,
        rows.marks(finding, lang),
        rows.waiver_line(finding.waiver, lang) if finding.waiver else finding.reason,
        tuple(Quote(e, place(e.section), text.pieces(e.start, e.end)) for e in finding.evidence),
        tuple(Quote(n, place(n.section), text.pieces(n.start, n.end)) for n in finding.near_misses),
    )


def _checks(audited: ReportAudit, text: Marked) -> list[Check]:
    """The figure checks, those that fail first."""
    checks = [Check(at, check, text.pieces(check.start, check.end)) for at, check in enumerate(audited.figures.checks)]
    return sorted(checks, key=lambda c: _VERDICTS.index(c.check.verdict))


def _look(segment: Segment, audited: ReportAudit) -> str:
    """How a piece is drawn: as evidence, as what a gap was said to be, as a near miss, as a figure that does not hold."""
    covered = any(audited.findings[at].status.covered for at in segment.evidence)
    look = ["e"] if covered else ["p"] if segment.evidence else ["n"] if segment.near else []
    look += ["x"] if any(audited.figures.checks[at].verdict == "fails" for at in segment.checks) else []
    return " ".join(look or ["k"])


def _target(segment: Segment, audited: ReportAudit) -> str:
    """The id that a piece leads to without scripts: its first obligation, else its first figure check."""
    for at in (*segment.evidence, *segment.near):
        return audited.findings[at].id
    return f"check-{segment.checks[0]}"
