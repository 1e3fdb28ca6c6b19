"""One problem as the formats for CI tell it: how grave, where, in which words, and by which fingerprint it stays the same."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from auditor.checking import Checked
from auditor.expressions import expression
from auditor.formats.cells import visible
from auditor.formats.rows import waiver_line
from auditor.problems import Kind, Problem
from auditor.words import STATUS, Lang, say, tell

Severity = Literal["error", "warning", "note"]

_LINE_END = expression(r"\r\n|\r|\n")
LONGEST_QUOTE = 200


def severity(problem: Problem) -> Severity:
    """An error if the gate fails because of it; a note if it is waived, known or only a hint."""
    if problem.fails:
        return "error"
    excused = problem.waiver is not None or problem.known is True
    return "note" if excused or problem.importance == "extended" else "warning"


def title_of(problem: Problem, lang: Lang) -> str:
    """Which obligation and its status, or what else is wrong, with the mark of a waived, known or new problem."""
    return visible(f"{_name(problem, lang)} {mark_of(problem, lang)}")


def _name(problem: Problem, lang: Lang) -> str:
    match problem.kind:
        case Kind.FIGURE_ERROR:
            return f"{tell(lang, 'figure_error')} {say(lang, f'kind_{problem.title}')}"
        case Kind.UNREADABLE:
            return say(lang, "unreadable")
        case Kind.NOT_SUBMITTED:
            return tell(lang, "not_submitted")
        case Kind.GATE:
            return tell(lang, "gate_breach", criterion=problem.rule)
        case Kind.BELOW_THRESHOLD:
            return f"{problem.rule} {problem.title} {tell(lang, 'below_threshold')}"
        case Kind.GAP:
            return f"{problem.rule} {problem.title} {STATUS[lang][problem.shape]}"


def mark_of(problem: Problem, lang: Lang) -> str:
    """``[waived]``, ``[known]`` or ``[new]``; nothing without waiver and baseline."""
    if problem.waiver is not None:
        return f"[{tell(lang, 'waived')}]"
    if problem.known is None:
        return ""
    return f"[{tell(lang, 'known' if problem.known else 'new')}]"


def message_of(problem: Problem, lang: Lang) -> str:
    """Whose report it is, what was found, why it does not do, what to write: one line of visible text."""
    quote = problem.quote if len(problem.quote) <= LONGEST_QUOTE else problem.quote[: LONGEST_QUOTE - 1] + "…"
    parts = [
        problem.whose,
        waiver_line(problem.waiver, lang) if problem.waiver else "",
        problem.shape if problem.kind is Kind.FIGURE_ERROR else "",
        f"「{quote}」" if quote else "",
        problem.reason,
        tell(lang, "write", advice=problem.advice) if problem.advice else "",
    ]
    return visible(tell(lang, "semicolon").join(part for part in parts if part)) or title_of(problem, lang)


def path_of(file: str) -> str:
    """A file as a path from the current folder, with ``/``; one that lies elsewhere as it was named."""
    absolute = Path(file) if os.path.isabs(file) else None
    if absolute is not None and absolute.is_relative_to(Path.cwd()):
        return absolute.relative_to(Path.cwd()).as_posix()
    return Path(file).as_posix() if file else ""


def line_of(problem: Problem, checked: Checked) -> int | None:
    """The line (from 1) of a problem in the text that was read, or in the list of submissions; None where there is none."""
    if problem.kind is Kind.NOT_SUBMITTED:
        return problem.start
    if problem.report is None:
        return None
    text = checked.audit.reports[problem.report].report.text
    return len(_LINE_END.findall(text, 0, problem.start or 0)) + 1


def line_in_file(problem: Problem, checked: Checked) -> int | None:
    """The same, if it is a line of the file itself: a docx has none."""
    own = problem.kind is Kind.NOT_SUBMITTED or checked.lines.get(problem.file) == problem.file
    return line_of(problem, checked) if own else None


def fingerprints(problems: Sequence[Problem]) -> list[str]:
    """One a problem: the same for the same unit, year, obligation and status, wherever it stands and whatever the file.

    What is told twice of one report year, or of a report that tells no unit, is told apart by its file and count.
    """
    seen: Counter[str] = Counter()
    marks = []
    for problem in problems:
        whose = f"{problem.unit}\0{problem.year}" if problem.unit and problem.year else f"\0{path_of(problem.file)}"
        key = f"{whose}\0{problem.rule}\0{problem.shape}"
        seen[key] += 1
        ordinal = f"\0{seen[key]}" if seen[key] > 1 else ""
        marks.append(hashlib.sha256((key + ordinal).encode("utf-8", "surrogatepass")).hexdigest())
    return marks
