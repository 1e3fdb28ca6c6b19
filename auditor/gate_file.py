"""``gate.yaml``: the gate as a file, and the one that a result would just pass."""

from __future__ import annotations

import math
from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from pydantic import Field

from auditor.errors import AuditorError, RuleError
from auditor.findings import Flag, Status
from auditor.gate import Gate, gaps_of, terms_of
from auditor.results import load
from auditor.strict import Strict, load_as
from auditor.words import Lang, tell


class MaximumGaps(Strict):
    """The most gaps of each importance in one report; None: any number."""

    core: int | None = Field(default=None, ge=0)
    common: int | None = Field(default=None, ge=0)
    extended: int | None = Field(default=None, ge=0)


class GateFile(Strict):
    """The file. What is left out is not asked for."""

    format: Literal[1]
    fail_on: tuple[str, ...] = ()
    minimum_score: float | None = Field(default=None, ge=0, le=100)
    maximum_gaps: MaximumGaps = MaximumGaps()
    must_cover: tuple[str, ...] = ()
    maximum_unreadable: int | None = Field(default=None, ge=0)


def load_gate(path: Path, name: str, known: Collection[str], lang: Lang) -> Gate:
    """Read a gate. Raises RuleError for an unknown field, term or obligation, and for a gate that asks for nothing."""
    held, lines = load_as(GateFile, path, name)
    problems = []
    terms: tuple[str, ...] = ()
    try:
        terms = terms_of(held.fail_on, lang)
    except AuditorError as error:
        problems.append(f"{name}:{lines[('fail_on',)]}: fail_on: {error}")
    for at, each in enumerate(held.must_cover):
        if each not in known:
            near = get_close_matches(each, known, n=1)
            text = tell(lang, "unknown_id_near" if near else "unknown_id", id=each, near="".join(near))
            problems.append(f"{name}:{lines[('must_cover', at)]}: must_cover[{at}]: {text}")
    most = {key: value for key, value in held.maximum_gaps.model_dump().items() if value is not None}
    gate = Gate(terms, held.minimum_score, most, held.must_cover, held.maximum_unreadable, name)
    if not problems and gate == Gate(terms=()):
        problems.append(f"{name}:1: -: {tell(lang, 'empty_gate')}")
    if problems:
        raise RuleError(tuple(problems))
    return gate


def gate_from(result: Path, lang: Lang) -> Gate:
    """The strictest gate that the reports of a JSON result pass. Raises NoInput, AuditorError for a file that is no result.

    No wrong figure and nothing below a standard where there is none; the lowest score (rounded down), the most gaps of
    each importance in one report, the core obligations that every report covers which they bind, as many unreadable files.
    """
    audit = load(result, lang)
    if not audit.reports:
        raise AuditorError(tell(lang, "no_result", file=result.as_posix()))
    findings = [finding for report in audit.reports for finding in report.findings]
    most = {key: max(len(gaps_of(report, key)) for report in audit.reports) for key in ("core", "common", "extended")}
    bound = {f.id for f in findings if f.importance == "core" and f.status is not Status.NOT_APPLICABLE}
    must = tuple(sorted(bound - {f.id for f in findings if f.status.gap}))
    flagged = any(Flag.BELOW_THRESHOLD in finding.flags for finding in findings)
    wrong = any(check.verdict == "fails" for report in audit.reports for check in report.figures.checks)
    terms = tuple(term for term, found in (("figure-error", wrong), ("below-threshold", flagged)) if not found)
    scores = [report.score for report in audit.reports]
    least = None if None in scores else float(math.floor(min(score for score in scores if score is not None)))
    return Gate(terms, least, most, must, len(audit.unreadable))


def dumped(gate: Gate, lang: Lang) -> str:
    """The gate as YAML, with a comment over each field."""
    lines = [f"# {tell(lang, 'gate_head')}", "format: 1", f"# {tell(lang, 'gate_terms')}"]
    lines.append(f"fail_on: [{', '.join(gate.terms)}]")
    if gate.minimum_score is not None:
        lines += [f"# {tell(lang, 'gate_score')}", f"minimum_score: {gate.minimum_score:g}"]
    most = ", ".join(f"{key}: {value}" for key, value in gate.maximum_gaps.items())
    lines += [f"# {tell(lang, 'gate_gaps')}", f"maximum_gaps: {{{most}}}", f"# {tell(lang, 'gate_cover')}"]
    if gate.must_cover:
        lines += ["must_cover:", *(f"  - {each}" for each in gate.must_cover)]
    else:
        lines.append("must_cover: []")
    if gate.maximum_unreadable is not None:
        lines += [f"# {tell(lang, 'gate_unreadable')}", f"maximum_unreadable: {gate.maximum_unreadable}"]
    return "\n".join(lines) + "\n"
