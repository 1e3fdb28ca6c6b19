"""The gap table for a terminal: Chinese aligned, folded at the terminal's width."""

from __future__ import annotations

from auditor.findings import Audit, ReportAudit, Status
from auditor.formats import rows
from auditor.formats.cells import (
    GAP,
    Painted,
    clip,
    clip_path,
    columns,
    fold,
    hanging,
    paint,
    screen_width,
    visible,
    width_of,
)
from auditor.formats.streaming import Gathered, Tally
from auditor.report import Level
from auditor.words import FLAG, IMPORTANCE, LEVEL, STATUS, Lang, batch_word, say

LONGEST_QUOTE = 60
ONE_TEXT_BELOW = 100
NARROWEST_NAMES = 30
LEAST_NAMES = 20
LEAST_TEXT = 24


def render(audit: Audit, lang: Lang = Lang.ZH, everything: bool = False) -> str:
    """Every report's header, gap table, groups, score and flags; then a summary over all reports (``Painted``)."""
    width = screen_width()
    blocks = [_report(audited, lang, everything, width) for audited in audit.reports]
    summary = rows.summary_rows(audit.reports, lang)
    below = _summary(Gathered(len(audit.reports), summary=summary, unreadable=list(audit.unreadable)), lang, width)
    return Painted("\n\n".join([*blocks, below]) + "\n")


def summary(gathered: Gathered, lang: Lang) -> str:
    """The summary over all reports alone (``Painted``): what a screen has room for where there are many."""
    return Painted(_summary(gathered, lang, screen_width()) + "\n")


def digest(gathered: Gathered, lang: Lang) -> str:
    """What there is to say on a screen of a batch too large for a line a report (``Painted``)."""
    width = screen_width()
    lines = _titled(say(lang, "summary"), width)
    order = sorted(gathered.tallies.items(), key=lambda each: (each[0][0] or 0, each[0][1] or ""))
    body = [_tally(year, level, tally, lang) for (year, level), tally in order]
    headings = [say(lang, key) for key in ("year", "level")]
    headings += [batch_word(lang, key) for key in ("column_reports", "column_score", "column_gaps")]
    if body:
        lines += columns(headings, body, width, right=2)
    if others := gathered.reports - sum(tally.reports for tally in gathered.tallies.values()):
        lines += fold(batch_word(lang, "no_annual_reports", count=others), width)
    if lowest := [row for *_, row in sorted(gathered.lowest, reverse=True)]:
        lines += ["", *fold(batch_word(lang, "lowest", count=len(lowest)), width)]
        lines += _summary_table(rows.summary_columns(lang), lowest, width)
    counts = say(lang, "reports", reports=gathered.reports, unreadable=len(gathered.unreadable))
    return Painted("\n".join([*lines, *fold(counts, width)]) + "\n")


def _tally(year: int | None, level: str | None, tally: Tally, lang: Lang) -> list[str]:
    return [
        str(year or "—"),
        LEVEL[lang][Level(level)] if level else "—",
        str(tally.reports),
        f"{tally.score / tally.scored:.1f}" if tally.scored else "—",
        f"{tally.gaps / tally.reports:.1f}",
    ]


def _titled(title: str, width: int) -> list[str]:
    return ["═" * width, clip(title, width), "─" * width]


def _report(audited: ReportAudit, lang: Lang, everything: bool, width: int) -> str:
    source = audited.report.source
    lines = _titled(visible(source.title or source.unit or source.file), width)
    lines += [*_labelled(rows.header(audited, lang), width), "", *_gap_table(audited, lang, everything, width)]
    if not everything and (count := rows.hidden(audited)):
        lines += ["", *fold(say(lang, "rest_hidden", count=count), width)]
    below = {
        "groups": rows.group_lines(audited, lang),
        "total_score": [rows.score_line(audited, lang)],
        "counts": [rows.count_line(audited, lang)],
        "flags": rows.flag_lines(audited, lang),
        "figures": rows.figure_lines(audited, lang, everything),
    }
    pairs = [(say(lang, key), value) for key, values in below.items() for value in values]
    return "\n".join([*lines, "", *_labelled(pairs, width)])


def _labelled(pairs: list[tuple[str, str]], width: int) -> list[str]:
    """``label  value`` with the values aligned and folded; a label that repeats is written once."""
    margin = max(width_of(label) for label, _ in pairs) + GAP
    lines: list[str] = []
    last = None
    for label, value in pairs:
        for line in fold(value, width - margin):
            shown = "" if label == last else label
            lines.append(shown + " " * (margin - width_of(shown)) + line)
            last = label
    return lines


def _gap_table(audited: ReportAudit, lang: Lang, everything: bool, width: int) -> list[str]:
    parts = rows.parts(audited, lang, everything, LONGEST_QUOTE)
    if not parts:
        return [say(lang, "no_gaps")]
    texts = ["passage", "advice"] if width >= ONE_TEXT_BELOW else ["passage_and_advice"]
    headings = [say(lang, key) for key in ("id", "obligation", "importance", "status", "score", *texts)]
    widths = _widths([row.id for part in parts for row in part.rows], headings, lang, width)
    if widths[-1] < LEAST_TEXT:
        return _stacked(parts, width)
    body: list[list[str]] = []
    for part in parts:
        body += [[f"▌{part.heading}"], *(_cells(row, widths) for row in part.rows)]
    return columns([clip(heading, w) for heading, w in zip(headings, widths, strict=True)], body, width)


def _widths(ids: list[str], headings: list[str], lang: Lang, width: int) -> list[int]:
    """Columns that together fill ``width``: the texts at the end share what the short ones leave."""
    flags = [f"[{word}]" for word in FLAG[lang].values()]
    fixed = [
        max(map(width_of, [*ids, headings[0]])),
        max(16 if width >= ONE_TEXT_BELOW else 12, width_of(headings[1])),
        max(map(width_of, [*IMPORTANCE[lang].values(), headings[2]])),
        max(map(width_of, [*STATUS[lang].values(), *flags, headings[3]])),
        max(3, width_of(headings[4])),
    ]
    room = width - sum(fixed) - GAP * (len(headings) - 1)
    if len(headings) == len(fixed) + 1:
        return [*fixed, room]
    return [*fixed, room - room // 2, room // 2]


def _cells(row: rows.Row, widths: list[int]) -> list[str]:
    texts = [row.passage, row.advice]
    if len(widths) == 6:
        texts = [" → ".join(filter(None, texts))]
    folded = ["\n".join(fold(t, w)) for t, w in zip([row.score, *texts], widths[4:], strict=True)]
    title = "\n".join(fold(row.title, widths[1]))
    return [row.id, title, row.importance, "\n".join(_painted(row)), *folded]


def _painted(row: rows.Row) -> list[str]:
    return [paint(row.status, row.colour), *(paint(flag, "warning") for flag in row.flags)]


def _stacked(parts: tuple[rows.Part, ...], width: int) -> list[str]:
    """One obligation a block, for a screen too narrow for columns: id and title, status, passage, advice."""
    lines: list[str] = []
    for part in parts:
        lines += ["─" * width, *hanging(f"▌{part.heading}", width)]
        for row in part.rows:
            lines += hanging(f"{row.id} {row.title}", width)
            lines += _in_lines([*_painted(row), row.importance, row.score], width)
            for mark, text in (("", row.passage), ("→ ", row.advice)):
                lines += [f"  {line}" for line in fold(mark + text, width - 2) if text]
    return lines


def _in_lines(words: list[str], width: int) -> list[str]:
    """Words side by side, set in, in as many lines as they need; what is painted must not be folded."""
    lines = ["  " + words[0]]
    for word in words[1:]:
        if width_of(lines[-1]) + 1 + width_of(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(f"  {word}")
    return lines


def _summary(gathered: Gathered, lang: Lang, width: int) -> str:
    lines = _titled(say(lang, "summary"), width)
    if gathered.reports:
        lines += _summary_table(rows.summary_columns(lang), gathered.summary, width)
    counts = say(lang, "reports", reports=gathered.reports, unreadable=len(gathered.unreadable))
    return "\n".join([*lines, *fold(counts, width)])


def _summary_table(headings: list[str], body: list[list[str]], width: int) -> list[str]:
    """The counts of statuses are left out where names of files and units would have no room beside them."""
    statuses = slice(5, 5 + len(Status))
    for row in body:
        row[statuses] = [n if n == "0" else paint(n, s) for n, s in zip(row[statuses], Status, strict=True)]
    if _room(headings, body, width) < NARROWEST_NAMES:
        for row in (headings, *body):
            del row[statuses]
    room = _room(headings, body, width)
    if room < LEAST_NAMES:
        return columns(headings, body, width, right=2)
    units = min(room * 2 // 5, max(width_of(row[1]) for row in (headings, *body)))
    cut = [[clip_path(row[0], room - units), clip(row[1], units), *row[2:]] for row in body]
    return columns(headings, cut, width, right=2)


def _room(headings: list[str], body: list[list[str]], width: int) -> int:
    numbers = [max(map(width_of, column)) for column in list(zip(headings, *body, strict=True))[2:]]
    return width - sum(numbers) - GAP * (len(headings) - 1)
