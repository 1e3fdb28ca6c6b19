"""The audit as Markdown: the same content as the table, for a document or a web page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditor.expressions import expression
from auditor.findings import Audit, ReportAudit
from auditor.formats import rows
from auditor.formats.cells import visible
from auditor.formats.streaming import Gathered
from auditor.words import Lang, say

# A report's text must not become mark-up: neither Markdown's nor HTML's.
_MARKUP = expression(r"([\\`*|\[\]~]|(?<=_)_|_(?=_))")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def render(audit: Audit, lang: Lang = Lang.ZH, everything: bool = False) -> str:
    """The summary, then every report."""
    head, middle, tail = frame(Gathered(len(audit.reports), unreadable=list(audit.unreadable)), lang)
    summary = "".join(map(listed, rows.summary_rows(audit.reports, lang)))
    parts = [piece(audited, lang, everything) for audited in audit.reports]
    return "\n\n".join([head + summary + middle, *parts]) + tail


def frame(gathered: Gathered, lang: Lang) -> tuple[str, str, str]:
    """The title and the head of the summary's table; what follows the table; how the document ends."""
    head = [f"# {say(lang, 'audit_title')}", "", f"## {say(lang, 'summary')}", "", ""]
    if gathered.reports:
        head[-1:] = [*pipe_table(rows.summary_columns(lang), ()), ""]
    return "\n".join(head), "\n" * bool(gathered.reports) + "\n".join(_counts(gathered, lang)), "\n"


def listed(row: list[str]) -> str:
    """The line of a report in the summary's table."""
    return _line(map(escape, row)) + "\n"


def escape(text: str) -> str:
    """``text`` on one line, with nothing in it that Markdown or HTML would take for mark-up."""
    safe = "".join(_ENTITIES.get(char, char) for char in visible(text))
    return _MARKUP.sub(r"\\\1", safe)


def pipe_table(columns: Sequence[str], body: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table; the cells of its body are escaped."""
    return [_line(columns), _line(["---"] * len(columns)), *(_line(map(escape, row)) for row in body)]


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _counts(gathered: Gathered, lang: Lang) -> list[str]:
    lines = [say(lang, "reports", reports=gathered.reports, unreadable=len(gathered.unreadable))]
    if gathered.unreadable:
        lines += [
            "",
            *pipe_table(
                [say(lang, "file"), say(lang, "unreadable")], [(u.file, u.message) for u in gathered.unreadable]
            ),
        ]
    return lines


def piece(audited: ReportAudit, lang: Lang, everything: bool) -> str:
    """One report."""
    source = audited.report.source
    lines = [f"## {escape(source.title or source.unit or source.file)}", ""]
    lines += [f"- **{label}** {escape(value)}" for label, value in rows.header(audited, lang)]
    lines += ["", f"- **{say(lang, 'total_score')}** {escape(rows.score_line(audited, lang))}"]
    lines.append(f"- **{say(lang, 'counts')}** {escape(rows.count_line(audited, lang))}")
    lines += _listed(say(lang, "groups"), rows.group_lines(audited, lang))
    lines += _listed(say(lang, "flags"), rows.flag_lines(audited, lang))
    lines += _listed(say(lang, "figures"), rows.figure_lines(audited, lang, everything))
    columns = [say(lang, k) for k in ("id", "obligation", "importance", "status", "score", "passage", "advice")]
    shown = rows.parts(audited, lang, everything)
    for part in shown:
        body = [
            (r.id, r.title, r.importance, " ".join((r.status, *r.flags)), r.score, r.passage, r.advice)
            for r in part.rows
        ]
        lines += ["", f"### {escape(part.heading)}", "", *pipe_table(columns, body)]
    if not shown:
        lines += ["", say(lang, "no_gaps")]
    elif not everything and (count := rows.hidden(audited)):
        lines += ["", say(lang, "rest_hidden", count=count)]
    return "\n".join(lines)


def _listed(title: str, items: list[str]) -> list[str]:
    return ["", f"**{title}**", "", *(f"- {escape(item)}" for item in items)] if items else []
