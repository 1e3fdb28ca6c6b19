"""SARIF 2.1.0 (OASIS), as code scanning takes it: the problems as results, worst first, the obligations as rules.

Places are lines of the extracted text: of the file itself where it is plain text, else of the text written beside the
results. Waived results carry ``suppressions`` and, because GitHub does not read those, the level ``note``.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from auditor import __version__
from auditor.checking import Checked
from auditor.formats.cells import visible
from auditor.formats.json_ import dumped
from auditor.formats.problem import fingerprints, line_of, message_of, path_of, severity, title_of
from auditor.formats.rows import waiver_line
from auditor.problems import Kind, Problem
from auditor.words import Lang, tell

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
MOST_RESULTS = 25_000  # the most that code scanning takes of a run
_LEVELS = {"core": "error", "common": "warning", "extended": "note"}


def render(checked: Checked, lang: Lang = Lang.ZH, everything: bool = False) -> str:
    """The check as a SARIF log."""
    return dumped(document(checked, lang))


def document(checked: Checked, lang: Lang) -> dict[str, Any]:
    """The log as plain values."""
    shown = checked.problems[:MOST_RESULTS]
    rules = list(dict.fromkeys(p.rule for p in shown))
    driver = {
        "name": "auditor",
        "version": __version__,
        "rules": [_rule(rule, next(p for p in shown if p.rule == rule), checked, lang) for rule in rules],
    }
    marks = fingerprints(shown)
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": tell(lang, "source_root")}}},
        "invocations": [_invocation(checked, lang)],
        "results": [_result(p, rules.index(p.rule), m, checked, lang) for p, m in zip(shown, marks, strict=True)],
        "properties": {
            "verdict": checked.verdict.outcome,
            "totalResults": len(checked.problems),
            "resolved": [f"{e.unit} {e.year} {e.obligation} {e.status}" for e in checked.resolved],
        },
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _invocation(checked: Checked, lang: Lang) -> dict[str, Any]:
    said = [("note", note) for note in checked.notes]
    said += [("error", f"{u.file}: {u.message}") for u in checked.audit.unreadable]
    if (left := len(checked.problems) - MOST_RESULTS) > 0:
        said.append(("warning", tell(lang, "left_out", count=left)))
    notifications = [{"level": level, "message": {"text": visible(text)}} for level, text in said]
    return {
        "executionSuccessful": not checked.audit.unreadable,
        "exitCode": int(checked.verdict.exit_code),
        "toolExecutionNotifications": notifications,
    }


def _rule(rule_id: str, problem: Problem, checked: Checked, lang: Lang) -> dict[str, Any]:
    rule = checked.rules.get(rule_id)
    if rule is None:
        text = _about(problem, lang)
        return {
            "id": rule_id,
            "shortDescription": {"text": text},
            "help": {"text": text},
            "defaultConfiguration": {"level": _LEVELS[problem.importance]},
        }
    clause = " ".join(filter(None, (rule.part, rule.clause)))
    help_text = tell(lang, "rule_help", clause=clause, gist=rule.gist, advice=rule.advice)
    return {
        "id": rule_id,
        "name": rule.title,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": f"{clause}: {rule.gist}"},
        "help": {"text": help_text},
        "defaultConfiguration": {"level": _LEVELS[problem.importance]},
        "properties": {"clause": clause, "importance": problem.importance, "tags": [rule_id.split("-")[0]]},
    }


def _about(problem: Problem, lang: Lang) -> str:
    """What a rule is about that is no obligation of the rule sets."""
    if problem.kind in (Kind.FIGURE_ERROR, Kind.UNREADABLE, Kind.NOT_SUBMITTED):
        return tell(lang, f"about_{problem.kind.name.lower()}")
    return visible(problem.title) or title_of(problem, lang)


def _result(problem: Problem, index: int, fingerprint: str, checked: Checked, lang: Lang) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": problem.rule,
        "ruleIndex": index,
        "level": severity(problem),
        "message": {"text": f"{title_of(problem, lang)}: {message_of(problem, lang)}"},
        "locations": [{"physicalLocation": _place(problem, checked)}],
        "partialFingerprints": {"obligation/v1": fingerprint},
        "properties": {"unit": problem.unit, "year": problem.year, "status": problem.shape, "report": problem.file},
    }
    if problem.known is not None:
        result["baselineState"] = "unchanged" if problem.known else "new"
    if problem.waiver is not None:
        said = visible(waiver_line(problem.waiver, lang))
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": said}]
    return result


def _place(problem: Problem, checked: Checked) -> dict[str, Any]:
    own = problem.kind is Kind.NOT_SUBMITTED
    held = problem.file if own else checked.lines.get(problem.file)
    # code scanning refuses a log with a result that has no place
    place: dict[str, Any] = {"artifactLocation": _artifact(held or problem.file or _first(checked))}
    if held is not None and (line := line_of(problem, checked)) is not None:
        place["region"] = {"startLine": line}
    return place


def _first(checked: Checked) -> str:
    """The first file that was checked, for what is wrong with the whole run."""
    files = [audited.report.source.file for audited in checked.audit.reports]
    files += [failed.file for failed in checked.audit.unreadable]
    return next(iter(files), ".")


def _artifact(file: str) -> dict[str, str]:
    path = path_of(file)
    uri = quote(path.encode("utf-8", "replace"), safe="/:" if path.startswith("/") else "/")
    if path.startswith("/"):
        return {"uri": f"file://{uri}"}
    return {"uri": uri, "uriBaseId": "SRCROOT"}
