"""``auditor read`` and ``auditor outline``: what was read of a file, for those who check it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from word_files import abstract, docx, level, num, numbered, p

from auditor.cli import main
from auditor.errors import ExitCode
from auditor.formats.outline import render
from auditor.readers.assembly import Paragraph, assemble
from auditor.structure import structure
from auditor.words import Lang

LIST = abstract(level(0, "japaneseCounting", "%1、", '<w:suff w:val="nothing"/>')) + num()
REPORT = docx(
    p("某县2023年法治政府建设年度报告")
    + numbered("主要举措和成效")
    + p("全面清理规范性文件\uff0c保留45件\uff0c修改1件\uff0c废止3件。")
    + numbered("下一步打算")
    + p("推进述法。"),
    numbering=LIST,
)

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.docx").write_bytes(REPORT)


def test_the_text_that_quotes_index(capsys: Captured) -> None:
    assert main(["read", "a.docx", "-o", "t/text.txt"]) == ExitCode.OK
    text = Path("t/text.txt").read_bytes().decode()
    assert text.split("\n")[1:3] == [
        "一、主要举措和成效",
        "全面清理规范性文件\uff0c保留45件\uff0c修改1件\uff0c废止3件。",
    ]
    assert main(["audit", "a.docx", "-f", "json"]) == ExitCode.OK
    findings = json.loads(capsys.readouterr().out)["reports"][0]["findings"]
    passages = [each for finding in findings for each in (*finding["evidence"], *finding["near_misses"])]
    assert passages
    assert all(text[each["start"] : each["end"]] == each["quote"] for each in passages)


def test_the_text_on_the_screen(capsys: Captured) -> None:
    assert main(["read", "a.docx"]) == ExitCode.OK
    assert capsys.readouterr().out.startswith("某县2023年法治政府建设年度报告\n一、主要举措和成效\n")


def test_it_overwrites_nothing_that_it_reads(capsys: Captured) -> None:
    assert main(["read", "a.docx", "-o", "a.docx"]) == ExitCode.USAGE
    assert Path("a.docx").read_bytes() == REPORT
    assert "a.docx" in capsys.readouterr().err
    assert main(["read", "none.docx"]) == ExitCode.NO_INPUT
    Path("b.docx").write_bytes(REPORT[:300])
    assert main(["read", "b.docx"]) == ExitCode.UNREADABLE
    assert capsys.readouterr().err.count("\n") == 2


def test_warnings_are_told(capsys: Captured) -> None:
    Path("w.docx").write_bytes(docx(p("学法6次。") + '<w:altChunk r:id="x"/>'))
    assert main(["read", "w.docx"]) == ExitCode.OK
    assert "altChunk" in capsys.readouterr().err


def test_the_outline_shows_format_and_pages(capsys: Captured) -> None:
    assert main(["outline", "a.docx"]) == ExitCode.OK
    shown = capsys.readouterr().out
    assert "docx" in shown and "一、" in shown
    lines = [
        Paragraph("一、主要举措和成效", page=1),
        Paragraph("学法6次。", page=1),
        Paragraph("普法3场。", page=2, confidence=0.9),
    ]
    extracted = assemble(lines, "pdf", declared={"title": "报告"})
    shown = render(structure(extracted, "a.pdf", "0"), Lang.EN, extracted)
    first, second = shown.index("page 1"), shown.index("page 2")
    assert first < shown.index("学法6次") < second < shown.index("普法3场")
    assert "confidence 0.90" in shown and "title: 报告" in shown
