"""CSV and JSON lines: one row a (report, obligation), the same answers as the JSON document, nothing that would run."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from audits import audit, finding, flagged, gap, near_miss, not_applicable, report_audit

from auditor.findings import ReportAudit, Unreadable
from auditor.formats import csv_, jsonl
from auditor.formats.json_ import document
from auditor.words import Lang

BROKEN = Unreadable("坏.pdf", "encrypted", "文件有密码")


def table(*reports: ReportAudit, lang: Lang = Lang.ZH) -> list[dict[str, str]]:
    text = csv_.opening(lang) + "".join(line for each in reports for line in csv_.lines(each, lang))
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


def test_csv_has_one_row_an_obligation_with_its_words() -> None:
    rows = table(report_audit((finding(), gap(), flagged(), not_applicable())))
    assert [row["编号"] for row in rows] == ["GY21-09-04", "GY21-32-04", "GY21-34-09", "GY21-05-01"]
    assert [row["状态"] for row in rows] == ["有据", "仅计划", "有据", "不适用"]
    assert {row["单位"] for row in rows} == {"某县人民政府"}
    assert {row["年度"] for row in rows} == {"2022"}
    planned = rows[1]
    assert planned["最强证据或最接近的表述"] == "推进述法"
    assert planned["章节"] == "二、下一步打算"
    assert planned["为何不计"] == "是下一步的计划,不是本年度已做的事"
    assert "____" in planned["建议"]
    assert rows[2]["标记"] == "低于标准"
    assert rows[3]["分值"] == ""


def test_the_place_of_a_passage_in_csv_is_the_passage() -> None:
    audited = report_audit()
    row = table(audited)[0]
    assert audited.report.text[int(row["起"]) : int(row["止"])] == row["最强证据或最接近的表述"]


def test_csv_says_why_a_file_could_not_be_read() -> None:
    text = csv_.opening(Lang.ZH) + "".join(csv_.unreadable(BROKEN, Lang.ZH))
    (row,) = csv.DictReader(io.StringIO(text[1:]))
    assert (row["文件"], row["状态"], row["理由"]) == ("坏.pdf", "无法读取", "文件有密码")


def test_csv_in_english_has_english_heads_and_words() -> None:
    row = table(report_audit(), lang=Lang.EN)[1]
    assert row["status"] == "planned"
    assert row["why it does not count"]


@pytest.mark.parametrize(
    "evil", ["=1+1", "+1", "-1", "@x", "\t=1", "\r\n@x", " =cmd|' /C calc'!A0", "\uff1d1", "\uff20x"]
)
def test_no_cell_of_a_report_is_a_formula(evil: str) -> None:
    hostile = gap(title=evil, reason=evil, advice=evil, near_misses=(near_miss(evil, evil, text=evil),))
    (row,) = table(report_audit((hostile,), text=evil, unit=evil, file=evil))
    assert not [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\uff1d", "\uff20", "\t"))]
    assert row["建议"] == "'" + evil.strip()


@pytest.mark.parametrize("module", [csv_, jsonl])
def test_each_row_is_one_line(module: object) -> None:
    text = "甲\n乙\r丙\u2028丁\x85"
    broken = report_audit((gap(title=text, advice=text, near_misses=()),), unit=text)
    for line in (*module.lines(broken, Lang.ZH), *module.unreadable(BROKEN, Lang.ZH)):  # type: ignore[attr-defined]
        assert line.endswith("\n")
        assert len(line.splitlines()) == 1


def test_json_lines_hold_the_findings_of_the_json_document() -> None:
    held = report_audit((finding(), gap(), flagged(), not_applicable()))
    lines = [json.loads(line) for line in jsonl.lines(held, Lang.ZH)]
    report = document(audit(held))["reports"][0]
    assert [{key: line[key] for key in report["findings"][0]} for line in lines] == json.loads(
        json.dumps(report["findings"])
    )
    for key in ("file", "sha256", "unit", "level", "year", "genre", "signed", "published"):
        assert {line[key] for line in lines} == {report["source"][key]}
    assert lines[0]["report_title"] == report["source"]["title"]
    assert lines[0]["report_score"] == report["score"]
    assert lines[0]["rule_sets"] == report["rule_sets"]


def test_json_lines_are_the_same_in_every_language_and_hide_nothing() -> None:
    hostile = report_audit((gap(advice="甲\x1b[31m\u202e乙\ud800", near_misses=()),))
    shown = "".join(jsonl.lines(hostile, Lang.ZH))
    assert shown == "".join(jsonl.lines(hostile, Lang.EN))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ud800-\udfff]", shown)
    assert json.loads(shown)["advice"] == "甲\x1b[31m\u202e乙\ud800"


def test_a_file_that_could_not_be_read_is_one_json_line() -> None:
    (line,) = jsonl.unreadable(BROKEN, Lang.ZH)
    assert json.loads(line) == {"file": "坏.pdf", "unreadable": {"code": "encrypted", "message": "文件有密码"}}
    assert jsonl.opening(Lang.ZH) == ""
