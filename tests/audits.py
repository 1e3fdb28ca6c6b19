"""Audits built by hand: what the formats are tested on, whatever the engine answers."""

from __future__ import annotations

from typing import Any

from auditor.findings import (
    Audit,
    Evidence,
    Finding,
    Flag,
    Group,
    NearMiss,
    ReportAudit,
    RuleSetRef,
    Status,
    Unreadable,
)
from auditor.report import Genre, Level, Report, Role, Section, Source

TEXT = "一、主要举措和成效\n全面清理规范性文件,保留45件,修改1件,废止3件。\n二、下一步打算\n推进述法。\n"
WORK = "一、主要举措和成效"
RULES = RuleSetRef("gy21", "1.0.0", "ab" * 32)


def evidence(quote: str, facts: tuple[str, ...] = (), text: str = TEXT) -> Evidence:
    start = text.index(quote)
    return Evidence(quote, start, start + len(quote), (WORK,), Role.WORK, facts)


def near_miss(quote: str, why: str, text: str = TEXT) -> NearMiss:
    start = text.index(quote)
    return NearMiss(quote, start, start + len(quote), ("二、下一步打算",), Role.PLAN, why)


def finding(**changes: Any) -> Finding:
    values: dict[str, Any] = {
        "id": "GY21-09-04",
        "title": "规范性文件清理",
        "clause": "(九)加强行政规范性文件制定监督管理",
        "part": "三、健全依法行政制度体系",
        "importance": "core",
        "status": Status.EVIDENCED,
        "flags": (),
        "score": 100,
        "confidence": 0.93,
        "evidence": (evidence("全面清理规范性文件,保留45件,修改1件,废止3件", ("45件", "1件", "3件")),),
        "near_misses": (),
        "reason": "举措部分说明已做,并有具体事实",
        "advice": "写明本年度清理规范性文件____件。",
    }
    return Finding(**values | changes)


def gap(**changes: Any) -> Finding:
    values: dict[str, Any] = {
        "id": "GY21-32-04",
        "title": "落实第一责任人职责",
        "clause": "(三十二)加强党对法治政府建设的领导",
        "part": "十、加强党的领导",
        "status": Status.PLANNED,
        "score": 20,
        "evidence": (),
        "near_misses": (near_miss("推进述法", "是下一步的计划,不是本年度已做的事"),),
        "reason": "只在安排或计划中提到",
        "advice": "写明党政主要负责人履行第一责任人职责的具体事项____。",
    }
    return finding(**values | changes)


def not_applicable() -> Finding:
    return finding(
        id="GY21-05-01",
        title="省级立法",
        status=Status.NOT_APPLICABLE,
        score=None,
        evidence=(),
        reason="该义务不约束县级",
    )


def report_audit(findings: tuple[Finding, ...] | None = None, text: str = TEXT, **source: Any) -> ReportAudit:
    held = (finding(), gap(), not_applicable()) if findings is None else findings
    facts: dict[str, Any] = {
        "file": "seeds/a.txt",
        "sha256": "cd" * 32,
        "title": "某县人民政府2022年法治政府建设年度报告",
        "unit": "某县人民政府",
        "level": Level.COUNTY,
        "year": 2022,
        "genre": Genre.ANNUAL_REPORT,
        "signed": "2023-01-17",
        "found": {"year": "title"},
    }
    scores = [f.score for f in held if f.score is not None]
    return ReportAudit(
        report=Report(
            source=Source(**facts | source),
            text=text,
            sections=(Section("主要举措和成效", "一、", 1, Role.WORK, None, 0, 40),),
            sentences=(),
        ),
        rule_sets=(RULES,),
        score=round(sum(scores) / len(scores), 1) if scores else None,
        weight=3 * len(scores),
        counts={status.value: sum(f.status is status for f in held) for status in Status},
        groups=(
            Group("first-responsible", "第一责任人与述法", 0, 1),
            Group("GY21-09", "(九)加强行政规范性文件制定监督管理", 1, 1),
        ),
        findings=held,
        notices=("报告年度未能读出",),
    )


def audit(*reports: ReportAudit, unreadable: tuple[Unreadable, ...] = ()) -> Audit:
    return Audit(reports or (report_audit(),), unreadable)


def flagged() -> Finding:
    return finding(
        id="GY21-34-09", title="领导干部学法学时", flags=(Flag.BELOW_THRESHOLD,), score=80, reason="人均学时为40,低于60"
    )
