"""A gap in a text that was recognised, or read in part, is marked for review."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from auditor.audit import Options, audit_report
from auditor.doubt import review
from auditor.findings import ReportAudit
from auditor.readers import read_file
from auditor.report import Extracted
from auditor.structure import structure

SEED = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))[0]


@pytest.fixture(scope="module")
def audited() -> tuple[Extracted, ReportAudit]:
    extracted, sha256 = read_file(SEED, SEED.name)
    return extracted, audit_report(structure(extracted, SEED.name, sha256), Options())


def test_digital_text_stays_as_it_is(audited: tuple[Extracted, ReportAudit]) -> None:
    extracted, result = audited
    assert review(result, extracted) is result


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_gaps_in_recognised_text_are_for_review(audited: tuple[Extracted, ReportAudit], lang: str) -> None:
    extracted, result = audited
    blocks = tuple(replace(block, confidence=0.9) for block in extracted.blocks)
    reviewed = review(result, replace(extracted, blocks=blocks), "en" if lang == "en" else "zh")
    assert len(reviewed.notices) == len(result.notices) + 1
    assert (reviewed.score, reviewed.counts) == (result.score, result.counts)
    gaps = [finding for finding in reviewed.findings if finding.status.gap]
    assert gaps and all(gap.confidence <= 0.54 and gap.reason.endswith(")") for gap in gaps)
    for before, after in zip(result.findings, reviewed.findings, strict=True):
        assert after.status is before.status
        if after.evidence and after.status.covered:
            assert after.confidence == round(before.confidence * 0.9, 2)


def test_pages_that_were_not_read_weigh_more(audited: tuple[Extracted, ReportAudit]) -> None:
    extracted, result = audited
    reviewed = review(result, replace(extracted, unread=(2, 3)))
    assert "2、3" in reviewed.notices[-1]
    assert all(finding.confidence <= 0.4 for finding in reviewed.findings if finding.status.gap)
    kept = [finding for finding in result.findings if not finding.status.gap]
    assert [finding for finding in reviewed.findings if not finding.status.gap] == kept
