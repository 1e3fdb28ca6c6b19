"""The check on one Markdown page, for a step summary or a merge request: reports, what fails, what is waived, resolved."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.checking import Checked
from auditor.formats.cells import clip, visible
from auditor.formats.markdown import escape, pipe_table
from auditor.formats.problem import message_of, severity, title_of
from auditor.formats.verdict import conclusion, lines
from auditor.problems import Problem
from auditor.words import Lang, say, tell

MOST_BYTES = 1_000_000  # a step summary may have 1 MiB
MOST_PROBLEMS = 1000
_LONGEST = 160
_MARKS = {"error": "❌", "warning": "⚠️", "note": "💬"}


def render(checked: Checked, lang: Lang = Lang.ZH, everything: bool = False) -> str:
    """The page; where it would be too long, fewer of the problems that weigh least."""
    most = MOST_PROBLEMS
    while True:
        page = _page(checked, lang, most)
        if len(page.encode("utf-8", "replace")) <= MOST_BYTES or most == 0:
            return page
        most //= 2


def _page(checked: Checked, lang: Lang, most: int) -> str:
    blocks = [f"## {escape(tell(lang, 'summary_title'))}", _reports(checked, lang, most or MOST_PROBLEMS)]
    shown = checked.problems[:most]
    blocks.append(_problems(shown, len(checked.problems) - len(shown), lang))
    for heading, said in lines(checked, lang):
        kept = said[: max(most, 20)]
        more = [tell(lang, "more_lines", count=len(said) - len(kept))] if len(said) > len(kept) else []
        cut = [f"- {escape(clip(line, 4 * _LONGEST))}" for line in (*kept, *more)]
        blocks.append("\n".join([f"**{escape(heading)}**", "", *cut]))
    return "\n\n".join([*filter(None, blocks), escape(conclusion(checked, lang))]) + "\n"


def _reports(checked: Checked, lang: Lang, most: int) -> str:
    if not checked.audit.reports:
        return ""
    headings = [say(lang, key) for key in ("unit", "year", "total_score", "gaps")]
    headings += [tell(lang, key) for key in ("waived", "column_fails")] + [say(lang, "file")]
    rows = []
    for at, audited in enumerate(checked.audit.reports[:most]):
        source = audited.report.source
        own = [p for p in checked.problems if p.report == at]
        values = (
            source.unit or "—",
            source.year or "—",
            "—" if audited.score is None else f"{audited.score:.1f}",
            sum(f.owed for f in audited.findings),
            sum(p.waiver is not None for p in own),
            sum(p.fails for p in own),
            source.file,
        )
        rows.append([clip(visible(str(value)), _LONGEST) for value in values])
    left = len(checked.audit.reports) - len(rows)
    more = ["", escape(tell(lang, "more_lines", count=left))] if left else []
    return "\n".join([*pipe_table(headings, rows), *more])


def _problems(shown: Sequence[Problem], left: int, lang: Lang) -> str:
    if not shown:
        return ""
    headings = ["", *(tell(lang, key) for key in ("column_problem", "column_message")), say(lang, "file")]
    rows = [
        [_MARKS[severity(p)], *(clip(visible(t), _LONGEST) for t in (title_of(p, lang), message_of(p, lang), p.file))]
        for p in shown
    ]
    more = ["", escape(tell(lang, "more_lines", count=left))] if left else []
    return "\n".join([*pipe_table(headings, rows), *more])
