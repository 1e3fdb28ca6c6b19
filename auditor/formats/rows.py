"""The gap table as words, before any layout: shared by the formats that people read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from auditor.findings import FigureCheck, Finding, Flag, Group, ReportAudit, Status, Waiver
from auditor.formats.cells import visible
from auditor.report import Genre
from auditor.words import FLAG, GENRE, IMPORTANCE, LEVEL, STATUS, Lang, say, tell


@dataclass(frozen=True, slots=True)
class Row:
    """One obligation; ``colour`` names the colour of its status."""

    id: str
    title: str
    importance: str
    status: str
    flags: tuple[str, ...]
    score: str
    passage: str
    advice: str
    colour: str


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one clause under its heading."""

    heading: str
    rows: tuple[Row, ...]


def parts(audited: ReportAudit, lang: Lang, everything: bool, longest: int | None = None) -> tuple[Part, ...]:
    """The rows to show, by clause, in the order of the findings; quotes cut to ``longest`` characters."""
    by_clause: dict[str, list[Row]] = {}
    for finding in audited.findings:
        if everything or needs_attention(finding):
            by_clause.setdefault(_clause(finding), []).append(_row(finding, lang, longest))
    groups = {group.title: _group_line(group, lang) for group in audited.groups}
    return tuple(Part(groups.get(clause, visible(clause)), tuple(rows)) for clause, rows in by_clause.items())


def needs_attention(finding: Finding) -> bool:
    """Whether the finding is a gap or carries a flag."""
    return finding.status.gap or bool(finding.flags)


def hidden(audited: ReportAudit) -> int:
    """How many findings only ``--all`` shows."""
    return sum(not needs_attention(f) for f in audited.findings)


def header(audited: ReportAudit, lang: Lang) -> list[tuple[str, str]]:
    """What the report is and what was read of it, as (label, value)."""
    report, source = audited.report, audited.report.source
    counts = {"characters": len(report.text), "sections": len(report.sections), "sentences": audited.sentences}
    lines = [
        ("file", source.file),
        ("title", source.title),
        ("unit", source.unit),
        ("level", source.level and LEVEL[lang][source.level]),
        ("year", source.year and str(source.year)),
        ("genre", GENRE[lang][source.genre]),
        *((name, told) for name in ("submitted", "url") if (told := getattr(source, name))),
        ("rule_sets", say(lang, "list_mark").join(f"{r.id} {r.version}" for r in audited.rule_sets)),
        ("read", say(lang, "read_counts", **counts)),
        *(("notice", notice) for notice in (*audited.notices, *report.warnings)),
    ]
    return [(say(lang, key), visible(value) if value else say(lang, "unknown")) for key, value in lines]


def group_lines(audited: ReportAudit, lang: Lang) -> list[str]:
    """One line a package: its title, how many members are covered, and the state. Clauses say it over their rows."""
    clauses = {_clause(finding) for finding in audited.findings}
    return [_group_line(group, lang) for group in audited.groups if group.title not in clauses]


def score_line(audited: ReportAudit, lang: Lang) -> str:
    """The score with its denominator."""
    if audited.score is None:
        return say(lang, "no_score")
    scored = sum(f.score is not None and f.waiver is None and f.importance != "extended" for f in audited.findings)
    return say(lang, "total", score=f"{audited.score:.1f}", findings=scored, weight=audited.weight)


def count_line(audited: ReportAudit, lang: Lang) -> str:
    """How many obligations have each status."""
    counts = [f"{STATUS[lang][s]} {audited.counts.get(s, 0)}" for s in Status]
    if waived := sum(f.waiver is not None for f in audited.findings):
        counts.append(tell(lang, "count_waived", waived=waived))
    return say(lang, "list_mark").join(counts)


def flag_lines(audited: ReportAudit, lang: Lang) -> list[str]:
    """One line a flag: how many findings carry it, and which."""
    carriers = {flag: [f for f in audited.findings if flag in f.flags] for flag in Flag}
    return [
        f"{FLAG[lang][flag]} {len(found)}: " + say(lang, "list_mark").join(f"{f.id} {visible(f.title)}" for f in found)
        for flag, found in carriers.items()
        if found
    ]


def figure_lines(audited: ReportAudit, lang: Lang, everything: bool) -> list[str]:
    """How the checks of the figures came out, then one line a failed check (or every check)."""
    checks = audited.figures.checks
    if not checks:
        return []
    verdicts = [c.verdict for c in checks]
    shown = [c for c in checks if everything or c.verdict == "fails"]
    lines = [say(lang, "figure_counts", **{v: verdicts.count(v) for v in ("holds", "fails", "not_checkable")})]
    lines += [_figure_line(c, lang) for c in shown]
    return lines


def _figure_line(check: FigureCheck, lang: Lang) -> str:
    why = f" {visible(check.reason)}" if check.reason else ""
    return f"[{say(lang, check.verdict)}] {check.expression}{why}「{visible(check.quote)}」"


def summary_columns(lang: Lang) -> list[str]:
    """The headings of the summary."""
    words = [say(lang, key) for key in ("file", "unit", "year", "total_score", "gaps")]
    return [*words, *(STATUS[lang][s] for s in Status), say(lang, "flags"), say(lang, "notice")]


def summary_rows(reports: Iterable[ReportAudit], lang: Lang) -> list[list[str]]:
    """One row a report: file, unit, year, score, gaps, the count of every status, flags, what warns of the score."""
    return [summary_row(audited, lang) for audited in reports]


def summary_row(audited: ReportAudit, lang: Lang) -> list[str]:
    """The row of one report."""
    source = audited.report.source
    return [
        visible(source.file),
        visible(source.unit or "—"),
        str(source.year or "—"),
        "—" if audited.score is None else f"{audited.score:.1f}",
        str(sum(f.status.gap for f in audited.findings)),
        *(str(audited.counts.get(s, 0)) for s in Status),
        str(sum(bool(f.flags) for f in audited.findings)),
        mark(audited, lang),
    ]


def mark(audited: ReportAudit, lang: Lang) -> str:
    """What keeps a score from standing beside the others: a text that is no report, else how many notices there are."""
    if audited.report.source.genre is not Genre.ANNUAL_REPORT:
        return say(lang, "no_report")
    return str(len(audited.notices) + len(audited.report.warnings) or "—")


def _clause(finding: Finding) -> str:
    return finding.clause or finding.part


def _group_line(group: Group, lang: Lang) -> str:
    return f"{visible(group.title)} {group.covered}/{group.applicable} {group_state(lang, group)}"


def group_state(lang: Lang, group: Group) -> str:
    """Whether the applicable members of a group are all, partly or not covered."""
    if group.applicable == 0:
        return say(lang, "not_applicable")
    if group.covered == group.applicable:
        return say(lang, "full")
    return say(lang, "partly" if group.covered else "none")


def _row(finding: Finding, lang: Lang, longest: int | None) -> Row:
    return Row(
        id=finding.id,
        title=visible(finding.title),
        importance=IMPORTANCE[lang].get(finding.importance, finding.importance),
        status=STATUS[lang][finding.status],
        flags=tuple(f"[{mark}]" for mark in marks(finding, lang)),
        score="—" if finding.score is None else str(finding.score),
        passage=_passage(finding, lang, longest),
        advice=visible(finding.advice) if needs_attention(finding) else "",
        colour=finding.status,
    )


def marks(finding: Finding, lang: Lang) -> tuple[str, ...]:
    """What stands beside a status: flags, whether the gap is waived, whether a baseline knows it."""
    told = [FLAG[lang][flag] for flag in finding.flags]
    if finding.waiver is not None:
        told.append(tell(lang, "waived"))
    elif finding.known is not None:
        told.append(tell(lang, "known" if finding.known else "new"))
    return tuple(told)


def _passage(finding: Finding, lang: Lang, longest: int | None) -> str:
    """The passage that the status rests on, with the reason of a flag; else the nearest one and why it does not count;
    else the reason. Of a waived gap, the waiver.
    """
    if finding.waiver is not None:
        return waiver_line(finding.waiver, lang)
    if finding.evidence:
        best = finding.evidence[0]
        quoted = _quoted(best.quote, best.section, longest)
        return f"{quoted} {visible(finding.reason)}" if finding.flags else quoted
    if finding.near_misses:
        near = finding.near_misses[0]
        why = say(lang, "why_not", why=visible(near.why))
        return f"{say(lang, 'nearest')}{_quoted(near.quote, near.section, longest)} {why}"
    return visible(finding.reason)


def waiver_line(waiver: Waiver, lang: Lang) -> str:
    """Why a gap is waived, by whom, under which number and until when."""
    told = {name: visible(value) for name, value in asdict(waiver).items() if isinstance(value, str)}
    return tell(lang, "waiver_line", **told)


def _quoted(quote: str, section: tuple[str, ...], longest: int | None) -> str:
    text = visible(quote)
    if longest is not None and len(text) > longest:
        text = text[: longest - 1] + "…"
    place = visible(section[-1]) if section else ""
    if longest is not None and len(place) > longest // 2:
        place = place[: longest // 2 - 1] + "…"
    return f"「{text}」" + (f"〔{place}〕" if place else "")
