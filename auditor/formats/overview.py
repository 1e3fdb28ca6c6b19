"""Many reports on one page: heat map, ranking, coverage by clause, most common gaps, and a link to each report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from urllib.parse import quote

from auditor.findings import Audit, Finding, Pair, ReportAudit, Status
from auditor.formats import heat, rows
from auditor.formats.pages import Slice, bar, clause_of, document, shown
from auditor.formats.ranking import circle, comparable, ranked
from auditor.report import Source
from auditor.words import Lang

MOST_COMMON = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One report: what it is, how it stands, and its cells. ``rank`` is None where it does not compare."""

    audited: ReportAudit
    name: str
    link: str
    rank: int | None
    gaps: int
    core_gaps: int
    notices: int
    counted: str
    letters: str
    paths: tuple[heat.Path, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How the obligations of one clause stand over all reports; ``covered`` of the ``applicable``."""

    clause: str
    covered: int
    applicable: int
    slices: tuple[Slice, ...]


@dataclass(frozen=True, slots=True)
class CommonGap:
    """An obligation that reports lack: how many of those it binds, and their names with links to the place."""

    id: str
    title: str
    clause: str
    importance: str
    count: int
    applicable: int
    units: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """A pair of similar reports, each by name and link (None where it has no page)."""

    pair: Pair
    first: tuple[str, str | None]
    second: tuple[str, str | None]


def render(audit: Audit, lang: Lang, links: Sequence[str]) -> str:
    """The overview. ``links[i]`` is the relative URL of the page of ``audit.reports[i]``.

    Raises ValueError where there is not one link a report.
    """
    held = heat.columns(audit.reports)
    listed = _rows(audit.reports, links, held, lang)
    scores = [r.score for r in audit.reports if r.score is not None]
    return document(
        "overview.html",
        lang,
        ("overview.css",),
        ("overview.js",),
        audit=audit,
        rows=listed,
        columns=held,
        heat_width=heat.width_of(held),
        heat_height=heat.HEIGHT,
        name_height=heat.NAME_HEIGHT,
        clause_spans=heat.clause_spans(held),
        part_spans=heat.part_spans(held),
        map=_map(held),
        samples={status: heat.sample(status) for status in Status},
        middle=f"{median(scores):.1f}" if scores else "—",
        spread=f"{min(scores):.1f}—{max(scores):.1f}" if scores else "—",
        gaps=sum(row.gaps for row in listed),
        core_gaps=sum(row.core_gaps for row in listed),
        apart=len({circle(r) for r in audit.reports}) > 1,
        strangers=any(not comparable(r) for r in audit.reports),
        coverage=_coverage(audit.reports, held),
        common=_common_gaps(listed),
        pairs=[_alike(pair, listed) for pair in audit.pairs],
    )


def _name(source: Source) -> str:
    return source.unit or source.title or source.file


def _rows(reports: Sequence[ReportAudit], links: Sequence[str], held: Sequence[heat.Column], lang: Lang) -> list[Row]:
    """The reports in the order of their ranks; what has no rank comes last."""
    if len(reports) != len(links):
        raise ValueError(f"{len(reports)} reports, {len(links)} links")
    return [
        Row(
            audited=each.audited,
            name=_name(each.audited.report.source),
            link=links[each.at],
            rank=each.rank,
            gaps=sum(f.status.gap for f in each.audited.findings),
            core_gaps=sum(f.status.gap and f.importance == "core" for f in each.audited.findings),
            notices=len(each.audited.notices) + len(each.audited.report.warnings),
            counted=rows.count_line(each.audited, lang),
            letters=heat.letters(each.audited, held),
            paths=heat.paths(each.audited, held),
        )
        for each in ranked(reports)
    ]


def _map(held: Sequence[heat.Column]) -> dict[str, object]:
    """What the script needs to tell which cell is meant."""
    return {
        "columns": [[c.x, shown(c.id), shown(c.title), shown(c.clause)] for c in held],
        "cell": heat.CELL,
        "letters": {letter: status for status, letter in heat.LETTERS.items()},
    }


def _coverage(reports: Iterable[ReportAudit], held: Sequence[heat.Column]) -> list[Coverage]:
    counts: dict[str, Counter[str]] = {column.clause: Counter() for column in held}
    for audited in reports:
        for finding in audited.findings:
            counts.setdefault(clause_of(finding), Counter())[finding.status] += 1
    return [
        Coverage(
            clause,
            sum(n for status, n in counted.items() if Status(status).covered),
            counted.total() - counted[Status.NOT_APPLICABLE],
            bar(counted, (s for s in Status if s is not Status.NOT_APPLICABLE)),
        )
        for clause, counted in counts.items()
    ]


def _common_gaps(listed: Sequence[Row]) -> list[CommonGap]:
    """The obligations that most reports lack, core ones first among equals."""
    applicable: Counter[str] = Counter()
    lacking: dict[str, list[Row]] = {}
    finding_of: dict[str, Finding] = {}
    for row in listed:
        for finding in row.audited.findings:
            finding_of.setdefault(finding.id, finding)
            applicable[finding.id] += finding.status is not Status.NOT_APPLICABLE
            if finding.status.gap:
                lacking.setdefault(finding.id, []).append(row)
    most = sorted(lacking, key=lambda id: (-len(lacking[id]), finding_of[id].importance != "core", id))[:MOST_COMMON]
    return [
        CommonGap(
            id,
            finding_of[id].title,
            clause_of(finding_of[id]),
            finding_of[id].importance,
            len(lacking[id]),
            applicable[id],
            tuple((row.name, f"{row.link}#{quote(id)}") for row in lacking[id]),
        )
        for id in most
    ]


def _alike(pair: Pair, listed: Sequence[Row]) -> Alike:
    pages = {(row.audited.report.source.file, row.audited.report.source.sha256): row.link for row in listed}
    first, second = (
        (f"{_name(s)} {s.year or ''}".strip(), pages.get((s.file, s.sha256))) for s in (pair.first, pair.second)
    )
    return Alike(pair, first, second)
