"""Results written earlier, read back: the JSON of ``docs/json.md`` as the audit it came from, without auditing again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from auditor.errors import AuditorError, NoInput
from auditor.findings import (
    Aligned,
    Audit,
    Evidence,
    FigureCheck,
    Figures,
    Finding,
    Group,
    IndicatorValue,
    NearMiss,
    Pair,
    ReportAudit,
    RuleSetRef,
    Unreadable,
)
from auditor.report import Report, Section, Source
from auditor.words import Lang, say

_Count = Annotated[int, Field(ge=0)]


class _Document(BaseModel):
    """Fields that a later version may add are passed over; one that is missing or of another type is an error."""

    model_config = ConfigDict(strict=True, extra="ignore")


class _Place(_Document):
    start: _Count
    end: _Count


class _Frame(_Place):
    why: str


class _Quoted(_Place):
    quote: str


class _Passage(_Document):
    first: _Quoted
    second: _Quoted
    likeness: float
    weight: float


class _Pair(_Document):
    first: Source
    second: Source
    share: float
    characters: _Count
    passages: list[_Passage]


class _Read(_Document):
    sentences: _Count


class _Report(_Document):
    source: Source
    rule_sets: list[str]
    read: _Read
    text: str
    sections: tuple[Section, ...]
    frame: list[_Frame]
    warnings: tuple[str, ...]
    notices: tuple[str, ...]
    score: Annotated[float, Field(ge=0, le=100)] | None
    weight: _Count
    counts: dict[str, _Count]
    groups: tuple[Group, ...]
    findings: tuple[Finding, ...]
    figures: Figures


class _Result(_Document):
    format: Literal[1]
    rule_sets: list[RuleSetRef]
    reports: list[_Report]
    unreadable: tuple[Unreadable, ...]
    pairs: list[_Pair]


def load(path: Path, lang: Lang) -> Audit:
    """The audit that a result file holds; its reports have no sentences, all else is as it was.

    Raises NoInput where there is no such file, AuditorError where it is no result, or its quotes are not in its text.
    """
    name = path.as_posix()
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise NoInput(say(lang, "path_missing", path=name)) from None
    except OSError as error:
        raise AuditorError(say(lang, "result_unreadable", path=name, why=error.strerror or str(error))) from None
    return parse(data, name, lang)


def parse(data: bytes, name: str, lang: Lang) -> Audit:
    """The audit in the bytes of a result called ``name``. Raises AuditorError as ``load`` does."""
    try:
        result = _Result.model_validate_json(data)
    except ValidationError as error:
        raise AuditorError(say(lang, "not_a_result", path=name, why=_first(error))) from None
    refs = {ref.id: ref for ref in result.rule_sets}
    audit = Audit(
        tuple(_report(each, refs, name, lang) for each in result.reports),
        result.unreadable,
        tuple(_pair(each) for each in result.pairs),
    )
    for at, audited in enumerate(audit.reports):
        _check_places(audited, f"{name}: reports.{at}", lang)
    return audit


def _first(error: ValidationError) -> str:
    """Where the first problem stands and what it is."""
    problem: Any = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, problem["loc"]))
    return f"{place}: {problem['msg']}" if place else str(problem["msg"])


def _report(each: _Report, refs: dict[str, RuleSetRef], name: str, lang: Lang) -> ReportAudit:
    unknown = [used for used in each.rule_sets if used not in refs]
    if unknown:
        raise AuditorError(say(lang, "not_a_result", path=name, why=f"rule_sets: {unknown[0]}"))
    frame = tuple((piece.start, piece.end, piece.why) for piece in each.frame)
    return ReportAudit(
        report=Report(each.source, each.text, each.sections, (), frame, each.warnings),
        rule_sets=tuple(refs[used] for used in each.rule_sets),
        score=each.score,
        weight=each.weight,
        counts=each.counts,
        groups=each.groups,
        findings=each.findings,
        notices=each.notices,
        figures=each.figures,
        sentences=each.read.sentences,
    )


def _pair(each: _Pair) -> Pair:
    passages = tuple(
        Aligned(
            p.first.quote,
            p.first.start,
            p.first.end,
            p.second.quote,
            p.second.start,
            p.second.end,
            p.likeness,
            p.weight,
        )
        for p in each.passages
    )
    return Pair(each.first, each.second, each.share, each.characters, passages)


def _check_places(audited: ReportAudit, where: str, lang: Lang) -> None:
    """Every quote is in the text at its place, every section inside it: pages would else show the wrong words."""
    quoted: list[Evidence | NearMiss | FigureCheck | IndicatorValue] = [*audited.figures.checks]
    quoted += audited.figures.indicators
    for finding in audited.findings:
        quoted += (*finding.evidence, *finding.near_misses)
    text = audited.report.text
    for each in quoted:
        if text[each.start : each.end] != each.quote:
            raise AuditorError(say(lang, "quote_moved", where=where, start=each.start, end=each.end))
    for at, section in enumerate(audited.report.sections):
        inside = section.start <= section.end <= len(text) and (section.parent is None or 0 <= section.parent < at)
        if not inside:
            raise AuditorError(say(lang, "not_a_result", path=where, why=f"sections.{at}"))
