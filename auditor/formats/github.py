"""GitHub workflow commands: an annotation a problem, worst first, no more of a level than a step may show.

What is left over stands in the step summary.
"""

from __future__ import annotations

import re

from auditor.checking import Checked
from auditor.formats.cells import visible
from auditor.formats.problem import line_in_file, message_of, path_of, severity, title_of
from auditor.problems import Problem
from auditor.words import Lang, tell

# A step shows ten annotations of each level, a job fifty in all.
MOST_OF_A_LEVEL = 10
_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}


def render(checked: Checked, lang: Lang = Lang.ZH, everything: bool = False) -> str:
    """The annotations; the last notice tells how many more there are."""
    lines: list[str] = []
    shown = dict.fromkeys(_LEVELS, 0)
    for problem in checked.problems:
        level = severity(problem)
        # the last notice is kept for the count of what is left over
        most = MOST_OF_A_LEVEL - (level == "note")
        if shown[level] < most:
            shown[level] += 1
            lines.append(_annotation(problem, checked, lang))
    left = len(checked.problems) - sum(shown.values())
    if left:
        lines.append(_command("notice", {}, tell(lang, "in_summary", count=left)))
    return "".join(f"{line}\n" for line in lines)


def _annotation(problem: Problem, checked: Checked, lang: Lang) -> str:
    line = line_in_file(problem, checked)
    told = {
        "file": visible(path_of(problem.file)),
        "line": "" if line is None else str(line),
        "title": title_of(problem, lang),
    }
    return _command(_LEVELS[severity(problem)], told, message_of(problem, lang))


def _command(name: str, told: dict[str, str], message: str) -> str:
    properties = ",".join(f"{key}={_property(value)}" for key, value in told.items() if value)
    return f"::{name}{' ' if properties else ''}{properties}::{_data(message)}"


def _data(text: str) -> str:
    """Nothing in a message can end it: a per cent sign and line ends are written as codes."""
    return re.sub("[%\r\n]", lambda found: f"%{ord(found[0]):02X}", text)


def _property(text: str) -> str:
    return re.sub("[%\r\n:,]", lambda found: f"%{ord(found[0]):02X}", text)
