"""Submitted reports of a few words, and an engine that answers for them at once: what a check does with audits is tested on these.

The first line of a file says what is the matter with it, its unit and its year: ``gap 甲县 2024``.
"""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from audits import RULES, TEXT, finding, flagged, gap, report_audit

import auditor.audit
from auditor.cli import main
from auditor.findings import FigureCheck, Figures, Finding, ReportAudit, RuleSetRef, Status, Unreadable

BG = RuleSetRef("bg", "1.0.0", "ef" * 32)
COMMON = {"id": "GY21-14-01", "title": "重点领域执法", "importance": "common"}
LATE = gap(id="BG-03", title="报送时限", importance="common", status=Status.MISSING, score=0, near_misses=())
PARTS = "保留45件,修改1件"
AT = TEXT.index(PARTS)
WRONG = FigureCheck(PARTS, AT, AT + len(PARTS), "sum", "45+1+3 ≠ 50", "fails", "合计不符", 0.9)

MATTERS: dict[str, tuple[Finding, ...]] = {
    "fine": (finding(),),
    "gap": (finding(), gap()),
    "missing": (finding(), gap(status=Status.MISSING, score=0)),
    "acknowledged": (finding(), gap(status=Status.ACKNOWLEDGED, score=10)),
    "common": (finding(), gap(**COMMON)),
    "extended": (finding(), gap(**COMMON | {"importance": "extended"})),
    "two": (finding(), gap(), gap(**COMMON)),
    "late": (finding(), LATE),
    "below": (finding(), flagged()),
    "figures": (finding(),),
    "unscored": (finding(status=Status.NOT_APPLICABLE, score=None, evidence=()),),
}


def answer(data: bytes, name: str, options: auditor.audit.Options, *_: object) -> ReportAudit | Unreadable:
    """The audit of a submitted report."""
    words = data.decode("utf-8").split("\n", 1)[0].split()
    if not words:
        return Unreadable(name, "empty", "文件是空的，请换一个文件")
    if words[0] == "crash":
        raise RuntimeError("boom")
    unit = options.unit or next((word for word in words[1:2] if word != "-"), None)
    year = options.year or next((int(word) for word in words[2:3] if word != "-"), None)
    told = MATTERS[words[0]]
    others = {f.id for held in MATTERS.values() for f in held} - {f.id for f in told}
    rest = (finding(id=each, status=Status.NOT_APPLICABLE, score=None, evidence=()) for each in sorted(others))
    audited = report_audit((*told, *rest), file=name, unit=unit, year=year, submitted=options.submitted)
    figures = Figures((WRONG,)) if words[0] == "figures" else Figures()
    return replace(audited, rule_sets=(RULES, BG), figures=figures, notices=() if year else ("报告年度未能读出",))


def stub_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the engine answer as ``answer`` does."""

    def audit_file(path: Path, name: str, options: auditor.audit.Options) -> ReportAudit | Unreadable:
        if not path.exists():
            return Unreadable(name, "missing", "文件不存在")
        return answer(path.read_bytes(), name, options)

    monkeypatch.setattr(auditor.audit, "audit_bytes", answer)
    monkeypatch.setattr(auditor.audit, "audit_file", audit_file)


def submit(name: str, matter: str = "fine 甲县 2024") -> Path:
    """Put a report where it is to be checked."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{matter}\n" if matter else "", encoding="utf-8")
    return path


def run(command: str, *more: str) -> int:
    """Run ``auditor`` and return its exit code."""
    return main([*command.split(), *more])


def git(*arguments: str, folder: Path | None = None) -> str:
    """Run git in a repository of our own, whatever the machine's settings."""
    command = [
        "git",
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@example.org",
        "-c",
        "init.defaultBranch=main",
        *arguments,
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=True)
    return done.stdout
