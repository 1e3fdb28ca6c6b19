"""The five real reports, end to end: what a reviewer would look for first."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

from auditor.audit import Options, audit_file
from auditor.findings import Finding, Flag, ReportAudit, Status
from auditor.report import Genre

SEEDS = Path(__file__).parent.parent / "seeds"


@lru_cache
def audited(start: str) -> ReportAudit:
    path = next(SEEDS.glob(f"{start}_*.txt"))
    result = audit_file(path, path.name, Options())
    assert isinstance(result, ReportAudit)
    return result


def finding(start: str, rule: str) -> Finding:
    return next(f for f in audited(start).findings if f.id == rule)


def test_000_tells_the_cleanup_with_its_figures() -> None:
    found = finding("000", "GY21-09-04")
    assert found.status is Status.EVIDENCED
    assert "保留45件,修改1件,废止3件" in found.evidence[0].quote


def test_000_only_plans_the_first_responsible_persons_duty() -> None:
    assert finding("000", "GY21-32-04").status is Status.PLANNED
    assert finding("000", "BG-07").status is Status.MISSING


def test_000_legal_review_is_not_covered_although_its_slip_occurs() -> None:
    found = finding("000", "GY21-15-03")
    assert found.status.gap
    assert any("法治审核" in n.quote for n in (*found.evidence, *found.near_misses))


def test_002_reports_on_duties_in_the_yearly_review() -> None:
    assert finding("002", "GY21-32-05").status.covered


def test_003_is_a_news_text_and_trains_below_the_standard() -> None:
    result = audited("003")
    assert result.report.source.genre is Genre.NEWS
    assert any("年度报告" in notice for notice in result.notices)
    assert Flag.BELOW_THRESHOLD in finding("003", "GY21-34-09").flags


def test_004_is_audited_against_the_earlier_plan() -> None:
    result = audited("004")
    assert [ref.id for ref in result.rule_sets] == ["gy15"]
    found = finding("004", "GY15-13-01")
    assert found.status is Status.EVIDENCED
    assert "保留162件,修改9件,废止21件" in found.evidence[0].quote


@pytest.mark.parametrize("start", ["000", "001", "002", "003", "004"])
def test_every_quote_stands_in_the_text_and_every_obligation_has_one_finding(start: str) -> None:
    result = audited(start)
    text = result.report.text
    for found in result.findings:
        for passage in (*found.evidence, *found.near_misses):
            assert text[passage.start : passage.end] == passage.quote
    assert len({f.id for f in result.findings}) == len(result.findings)
    assert sum(result.counts.values()) == len(result.findings)


def test_a_year_after_the_newest_plan_uses_it_with_a_notice(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("甲县人民政府2026年法治政府建设年度报告\n一、主要举措\n清理规范性文件9件。\n", encoding="utf-8")
    result = audit_file(path, "a.txt", Options())
    assert isinstance(result, ReportAudit)
    assert [r.id for r in result.rule_sets] == ["gy21", "bg"]
    assert any("2026" in notice for notice in result.notices)


def test_a_year_before_every_plan_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("甲县人民政府2012年法治政府建设年度报告\n一、主要举措\n清理规范性文件9件。\n", encoding="utf-8")
    result = audit_file(path, "a.txt", Options())
    assert not isinstance(result, ReportAudit)
    assert "2012" in result.message
