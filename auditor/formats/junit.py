"""JUnit XML: a suite a report, a case an obligation; a failure is what fails the gate, and nothing else is.

A gap that does not fail it (waived, known, not asked for) is a skipped case that says so. No times: the same input gives
the same bytes.
"""

from __future__ import annotations

from xml.etree import ElementTree

from auditor.checking import Checked
from auditor.expressions import expression
from auditor.findings import Finding, ReportAudit, Status
from auditor.formats.cells import visible
from auditor.formats.problem import message_of, path_of, title_of
from auditor.problems import Kind, Problem
from auditor.words import STATUS, Lang, tell

# What XML 1.0 cannot hold, even written as a reference.
_ILLEGAL = expression("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(checked: Checked, lang: Lang = Lang.ZH, everything: bool = False) -> str:
    """The check as one document of suites."""
    root = ElementTree.Element("testsuites", name="auditor")
    for at, audited in enumerate(checked.audit.reports):
        _report(root, audited, [p for p in checked.problems if p.report == at], lang)
    others = [p for p in checked.problems if p.report is None]
    if others:
        _others(root, others, lang, checked.verdict.allowed)
    for suite in (*root, root):
        _count(suite)
    ElementTree.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", visible(text))


def _report(root: ElementTree.Element, audited: ReportAudit, problems: list[Problem], lang: Lang) -> None:
    source = audited.report.source
    file = path_of(source.file)
    suite = ElementTree.SubElement(root, "testsuite", name=_legal(file))
    properties = ElementTree.SubElement(suite, "properties")
    told = {"unit": source.unit, "year": source.year, "score": audited.score}
    for name, value in told.items():
        ElementTree.SubElement(properties, "property", name=name, value=_legal("" if value is None else str(value)))
    by_rule = {p.rule: p for p in problems if p.kind in (Kind.GAP, Kind.BELOW_THRESHOLD)}
    for finding in audited.findings:
        if finding.status is not Status.NOT_APPLICABLE:
            _case(suite, _name(finding, lang), file, by_rule.get(finding.id), lang)
    for problem in problems:
        if problem.rule not in by_rule or problem is not by_rule[problem.rule]:
            _case(suite, title_of(problem, lang), file, problem, lang)


def _name(finding: Finding, lang: Lang) -> str:
    return f"{finding.id} {finding.title} [{STATUS[lang][finding.status]}]"


def _others(root: ElementTree.Element, problems: list[Problem], lang: Lang, allowed: bool) -> None:
    suite = ElementTree.SubElement(root, "testsuite", name=_legal(tell(lang, "other_problems")))
    for problem in problems:
        whose = problem.unit or path_of(problem.file)
        _case(suite, f"{title_of(problem, lang)} {whose}", path_of(problem.file), problem, lang, allowed)


def _case(
    suite: ElementTree.Element, name: str, file: str, problem: Problem | None, lang: Lang, allowed: bool = False
) -> None:
    case = ElementTree.SubElement(suite, "testcase", name=_legal(name), classname=_legal(file) or "gate")
    if problem is None:
        return
    message = _legal(title_of(problem, lang))
    if problem.fails:
        outcome = ElementTree.SubElement(case, "failure", message=message, type=_legal(problem.kind))
    elif problem.kind is Kind.UNREADABLE and not allowed:
        outcome = ElementTree.SubElement(case, "error", message=message, type=_legal(problem.shape))
    else:
        excused = problem.waiver is not None or problem.known is True
        why = message if excused else f"{message} ({tell(lang, 'not_asked')})"
        outcome = ElementTree.SubElement(case, "skipped", message=_legal(why))
    outcome.text = _legal(message_of(problem, lang))


def _count(suite: ElementTree.Element) -> None:
    """The totals that readers expect on a suite and on the root."""
    cases = list(suite.iter("testcase"))
    suite.set("tests", str(len(cases)))
    suite.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    suite.set("errors", str(sum(case.find("error") is not None for case in cases)))
    if suite.tag == "testsuite":
        suite.set("skipped", str(sum(case.find("skipped") is not None for case in cases)))
