"""What may have been misread: a gap in a text that was recognised from images, or read in part, is for a person to see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from auditor.findings import Evidence, Finding, ReportAudit
from auditor.report import Block, Extracted
from auditor.words import Lang, notice, say

_RECOGNISED = 0.6  # the most that a gap in recognised text can be sure of
_UNREAD = 0.4  # the same where pages could not be read at all


def review(audited: ReportAudit, extracted: Extracted, lang: Lang = Lang.ZH) -> ReportAudit:
    """The audit with its gaps marked for review where text was recognised or pages were not read; else unchanged.

    Statuses and score stay; a gap's confidence is lowered and its reason says why, evidence in recognised text is as
    sure as its recognition.
    """
    recognised = [block for block in extracted.blocks if block.confidence is not None]
    if not recognised and not extracted.unread:
        return audited
    notices = list(audited.notices)
    most = 1.0
    if recognised:
        share = sum(len(block.text) for block in recognised) / max(1, len(extracted.text))
        notices.append(notice(lang, "recognised", share=min(share, 1.0)))
        most = _RECOGNISED * min(block.confidence or 0.0 for block in recognised)
    if extracted.unread:
        notices.append(notice(lang, "unread", pages=say(lang, "list_mark").join(map(str, extracted.unread))))
        most = min(most, _UNREAD)
    findings = tuple(_reviewed(finding, recognised, most, notice(lang, "review")) for finding in audited.findings)
    return replace(audited, findings=findings, notices=tuple(notices))


def _reviewed(finding: Finding, recognised: Sequence[Block], most: float, why: str) -> Finding:
    if finding.status.gap:
        reason = f"{finding.reason} ({why})" if finding.reason else why
        return replace(finding, confidence=round(min(finding.confidence, most), 2), reason=reason)
    sure = min((_sure(each, recognised) for each in finding.evidence), default=1.0)
    return replace(finding, confidence=round(finding.confidence * sure, 2)) if sure < 1 else finding


def _sure(evidence: Evidence, recognised: Sequence[Block]) -> float:
    """How sure the recognition of a passage is; 1 for characters that the file itself holds."""
    touched = [block for block in recognised if block.start < evidence.end and evidence.start < block.end]
    return min((block.confidence or 0.0 for block in touched), default=1.0)
