"""Waivers: gaps that someone entitled to has excused, for a unit, a report year and a time (``waivers.yaml``)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from auditor.errors import RuleError
from auditor.findings import Audit, Finding, ReportAudit, Waiver
from auditor.problems import problem_of
from auditor.strict import Lines, Strict, load_as
from auditor.words import Lang, tell

MAXIMUM_DAYS = 366

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Entry(Strict):
    obligation: _Text
    unit: _Text
    year: int = Field(ge=1000, le=9999)
    reason: _Text
    approved_by: _Text
    approval_no: _Text
    expires: _Text


class WaiverFile(Strict):
    """The file: its format, the most days that a waiver may run after its report year, the waivers."""

    format: Literal[1]
    maximum_days: int = Field(default=MAXIMUM_DAYS, ge=1, le=1100)
    waivers: tuple[_Entry, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A waiver and where it stands (``file:line``)."""

    waiver: Waiver
    where: str


def load_waivers(path: Path, name: str, known: Collection[str], lang: Lang) -> tuple[Listed, ...]:
    """The waivers of a file, each for one of the obligations ``known``.

    Raises RuleError with one line a problem: a field missing or blank, an id that no rule set has, a date that is none,
    one that lies further after the report year than the file allows, two waivers for the same thing.
    """
    held, lines = load_as(WaiverFile, path, name)
    problems: list[str] = []
    seen: dict[tuple[str, str, int], int] = {}
    listed: list[Listed] = []
    for at, entry in enumerate(held.waivers):
        key = (entry.obligation, entry.unit, entry.year)
        if key in seen:
            problems.append(_problem(name, lines, at, "obligation", tell(lang, "waiver_twice", line=seen[key])))
        seen.setdefault(key, lines[("waivers", at)])
        for field, text in _faults(entry, held.maximum_days, known, lang):
            problems.append(_problem(name, lines, at, field, text))
        listed.append(Listed(Waiver(**entry.model_dump()), f"{name}:{lines[('waivers', at)]}"))
    if problems:
        raise RuleError(tuple(problems))
    return tuple(listed)


def _problem(name: str, lines: Lines, at: int, field: str, text: str) -> str:
    return f"{name}:{lines[('waivers', at, field)]}: waivers[{at}].{field}: {text}"


def _faults(entry: _Entry, most: int, known: Collection[str], lang: Lang) -> list[tuple[str, str]]:
    faults = []
    if entry.obligation not in known:
        near = get_close_matches(entry.obligation, known, n=1)
        key = "unknown_id_near" if near else "unknown_id"
        faults.append(("obligation", tell(lang, key, id=entry.obligation, near="".join(near))))
    day = day_of(entry.expires)
    if day is None:
        faults.append(("expires", tell(lang, "bad_date", value=entry.expires)))
    elif day > (last := date(entry.year, 12, 31) + timedelta(days=most)):
        faults.append(("expires", tell(lang, "too_long", year=entry.year, days=most, last=last.isoformat())))
    return faults


def day_of(text: str) -> date | None:
    """The day written as YYYY-MM-DD; None if the text is no such day."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


Rescore = Callable[[ReportAudit, tuple[Finding, ...]], ReportAudit]


def apply_waivers(
    audit: Audit, listed: Sequence[Listed], as_of: date, lang: Lang, rescore: Rescore, partial: bool = False
) -> tuple[Audit, tuple[str, ...]]:
    """The audit with its waived gaps marked and its scores without them, and what is to be said of the waivers.

    A waiver holds to the end of the day on which it expires. One that excuses nothing is told, unless its report is not
    among a ``partial`` selection; so is a gap that an expired one gives back.
    """
    notes: list[str] = []
    used: set[int] = set()
    reports = []
    for audited in audit.reports:
        findings = []
        for finding in audited.findings:
            found = _of(finding, audited, listed) if problem_of(finding) else []
            used.update(found)
            valid = [at for at in found if _expiry(listed[at]) >= as_of]
            if valid:
                finding = replace(finding, waiver=listed[valid[0]].waiver)
            elif found:
                given_back = tell(lang, "given_back", no=listed[found[0]].waiver.approval_no, at=listed[found[0]].where)
                ended = tell(lang, "ended", day=listed[found[0]].waiver.expires)
                notes.append(f"{given_back} {audited.report.source.file} {finding.id} {finding.title} {ended}")
                finding = replace(finding, reason=f"{finding.reason} ({given_back} {ended})")
            findings.append(finding)
        reports.append(rescore(audited, tuple(findings)))
    for at, each in enumerate(listed):
        seen = any(_same_report(each.waiver, audited) for audited in audit.reports)
        if at not in used and (seen or not partial):
            notes.append(tell(lang, "unused_waiver", at=each.where, id=each.waiver.obligation, unit=each.waiver.unit))
    return replace(audit, reports=tuple(reports)), tuple(notes)


def _of(finding: Finding, audited: ReportAudit, listed: Sequence[Listed]) -> list[int]:
    return [
        at
        for at, each in enumerate(listed)
        if each.waiver.obligation == finding.id and _same_report(each.waiver, audited)
    ]


def _same_report(waiver: Waiver, audited: ReportAudit) -> bool:
    source = audited.report.source
    return source.year == waiver.year and source.unit is not None and fnmatchcase(source.unit, waiver.unit)


def _expiry(listed: Listed) -> date:
    return date.fromisoformat(listed.waiver.expires)
