"""Waivers: gaps that someone entitled to has excused, for a unit, a report year and a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase

from auditor.findings import Audit, Finding, ReportAudit, Waiver
from auditor.problems import problem_of
from auditor.words import Lang, tell


@dataclass(frozen=True, slots=True)
class Listed:
    """A waiver and where it stands (``file:line``)."""

    waiver: Waiver
    where: str


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
