"""GitLab Code Quality: a JSON array of issues. A docx or pdf has no lines: its issues stand at line 1 and say the place."""

from __future__ import annotations

import json
from typing import Any

from auditor.checking import Checked
from auditor.formats.cells import visible
from auditor.formats.problem import fingerprints, line_in_file, line_of, message_of, path_of, severity, title_of
from auditor.problems import Problem
from auditor.words import Lang, tell


def render(checked: Checked, lang: Lang = Lang.ZH, everything: bool = False) -> str:
    """Every problem, worst first."""
    marks = fingerprints(checked.problems)
    issues = [_issue(p, m, checked, lang) for p, m in zip(checked.problems, marks, strict=True)]
    return json.dumps(issues, ensure_ascii=False, indent=1) + "\n"


def _issue(problem: Problem, fingerprint: str, checked: Checked, lang: Lang) -> dict[str, Any]:
    line = line_in_file(problem, checked)
    text = f"{title_of(problem, lang)}: {message_of(problem, lang)}"
    if line is None and problem.start is not None and (place := line_of(problem, checked)):
        text += tell(lang, "line_of_text", line=place)
    return {
        "description": visible(text),
        "check_name": visible(problem.rule),
        "fingerprint": fingerprint,
        "severity": _severity(problem),
        "location": {"path": visible(path_of(problem.file)) or "gate.yaml", "lines": {"begin": line or 1}},
    }


def _severity(problem: Problem) -> str:
    if severity(problem) == "error":
        return "critical" if problem.importance == "core" else "major"
    return "minor" if severity(problem) == "warning" else "info"
