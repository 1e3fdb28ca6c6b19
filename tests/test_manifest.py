"""The list of submissions: what it tells of a report, who has not submitted, and what of it is an error."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from submissions import run, stub_engine, submit

from auditor.audit import Options, audit_file
from auditor.errors import ExitCode, RuleError
from auditor.findings import ReportAudit, Status
from auditor.manifest import load_manifest
from auditor.report import Level
from auditor.words import Lang

Captured = pytest.CaptureFixture[str]
HEAD = "单位,层级,类型,年度,文件,提交日期,公布网址"
SEED = Path(__file__).parent.parent / "seeds" / "000_suibin_2024.txt"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AUDITOR_DEBUG", raising=False)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> None:
    stub_engine(monkeypatch)


def listed(*rows: str, head: str = HEAD, encoding: str = "utf-8") -> Path:
    path = Path("units.csv")
    path.write_bytes("\n".join((head, *rows)).encode(encoding))
    return path


def faults(*rows: str, head: str = HEAD) -> str:
    with pytest.raises(RuleError) as error:
        load_manifest(listed(*rows, head=head), "units.csv", Lang.ZH)
    return str(error.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_is_read_in_the_encodings_of_offices(encoding: str) -> None:
    submit("a/报告.docx")
    rows = (
        "绥滨县人民政府,县级,政府,2024,a/报告.docx,2025/2/8,https://x.gov.cn/1",
        "绥滨县公安局,县级,部门,2024年度,,,",
    )
    manifest = load_manifest(listed(*rows, encoding=encoding), "units.csv", Lang.ZH)
    first, second = manifest.rows
    assert (first.unit, first.level, first.year) == ("绥滨县人民政府", Level.COUNTY, 2024)
    assert (first.file, first.submitted, first.url) == (Path("a/报告.docx"), "2025-02-08", "https://x.gov.cn/1")
    assert (second.level, second.year, second.file) == (Level.DEPARTMENT, 2024, None)
    assert [(m.unit, m.line) for m in manifest.missing] == [("绥滨县公安局", 3)]


def test_files_are_looked_for_beside_the_list() -> None:
    path = Path("list/units.csv")
    path.parent.mkdir()
    path.write_text(f"{HEAD}\n甲县,,,,in\\a.txt,,\n", encoding="utf-8")
    assert load_manifest(path, "x", Lang.ZH).rows[0].file == Path("list/in/a.txt")


@pytest.mark.parametrize(
    ("day", "read"),
    [
        ("2025-02-08", "2025-02-08"),
        ("2025/2/8", "2025-02-08"),
        ("2025.2.8", "2025-02-08"),
        ("2025年2月8日", "2025-02-08"),
        ("2025-02-30", None),
        ("25-2-8", None),
        ("2月8日", None),
    ],
)
def test_dates_as_people_write_them(day: str, read: str | None) -> None:
    if read is None:
        assert f"units.csv:2: 提交日期: “{day}”不是日期" in faults(f"甲县,,,2024,a.txt,{day},")
    else:
        assert load_manifest(listed(f"甲县,,,2024,a.txt,{day},"), "u", Lang.ZH).rows[0].submitted == read


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["甲县,镇级别,,,a.txt,,"], "units.csv:2: 层级: 没有“镇级别”这个取值"),
        (["甲县,,企业,,a.txt,,"], "units.csv:2: 类型: 没有“企业”这个取值"),
        (["甲县,,,24,a.txt,,"], "units.csv:2: 年度: “24”不是年度"),
        (["甲县,,,,a.txt,,www.x.cn"], "units.csv:2: 公布网址: “www.x.cn”不是网址"),
        ([",,,,a.txt,,"], "units.csv:2: 单位: 单位是空的"),
        (["甲县,,,,,2025-01-01,"], "units.csv:2: 文件: 有提交日期而没有文件"),
        (["甲县,,,2024,a.txt,,", "", "甲县,,,2024,b.txt,,"], "units.csv:4: 单位: 甲县的同一年度在第 2 行已有"),
        (["甲县,,,2024,a.txt,,", "乙县,,,2024,./a.txt,,"], "units.csv:3: 文件: 这个文件在第 2 行已有"),
        (["甲县,,,,a,b.txt,,x,y"], "units.csv:2: -: 多于 7 列"),
        (['"甲县,,,,a.txt,,'], "units.csv:2: -: 不是有效的 CSV"),
        ([], "units.csv:1: -: 没有一个单位"),
    ],
)
def test_what_is_wrong_with_a_list_is_named_by_line_and_column(rows: list[str], expected: str) -> None:
    assert expected in faults(*rows)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("单位,年度", "units.csv:1: -: 第一行缺少列“文件”"),
        ("单位,文件,提交日", "units.csv:1: -: 没有列“提交日”，是不是“提交日期”"),
        ("单位,文件,电话", "units.csv:1: -: 没有列“电话”；可用的列"),
        ("单位,文件,文件", "units.csv:1: -: 列“文件”出现两次"),
    ],
)
def test_a_wrong_column_is_an_error(head: str, expected: str) -> None:
    assert expected in faults("甲县,a.txt,b", head=head)


def test_a_list_in_no_known_encoding() -> None:
    Path("units.csv").write_bytes(b"\xff\xff\xff")
    with pytest.raises(RuleError, match=r"units.csv:1: -: 不是 UTF-8"):
        load_manifest(Path("units.csv"), "units.csv", Lang.ZH)


def test_numbers_and_remarks_beside_the_columns_are_let_be() -> None:
    path = listed("1,甲县,a.txt,电话已催", head="序号,单位,文件,备注")
    assert load_manifest(path, "u", Lang.ZH).rows[0].unit == "甲县"


# ---- in a check


def check(capsys: Captured, command: str) -> tuple[int, dict[str, Any]]:
    code = run(f"{command} -f json")
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.usefixtures("engine")
def test_a_unit_without_a_file_has_not_submitted(capsys: Captured) -> None:
    submit("in/a.txt", "fine 甲县 2024")
    listed("甲县,,,2024,in/a.txt,,", "乙县,县级,政府,2024,,,")
    code, document = check(capsys, "check --manifest units.csv")
    assert code == ExitCode.OK
    assert document["check"]["not_submitted"] == [{"unit": "乙县", "level": "county", "year": 2024, "line": 3}]
    code, document = check(capsys, "check --manifest units.csv --fail-on not-submitted")
    assert code == ExitCode.GATE
    assert document["check"]["breaches"] == [
        {"criterion": "not-submitted", "file": "units.csv", "detail": "1 项：乙县 2024"}
    ]
    run("check --manifest units.csv")
    shown = capsys.readouterr().out
    assert "未报送 1" in shown.splitlines()[-1]
    assert "▌未报送\n  乙县 2024 units.csv:3\n" in shown


@pytest.mark.usefixtures("engine")
def test_nothing_submitted_at_all_is_no_pass(capsys: Captured) -> None:
    listed("乙县,县级,政府,2024,,,")
    assert run("check --manifest units.csv") == ExitCode.NO_INPUT
    assert run("check --manifest units.csv --allow-empty") == ExitCode.OK
    assert run("check --manifest units.csv --fail-on not-submitted") == ExitCode.GATE


@pytest.mark.usefixtures("engine")
def test_a_listed_file_that_is_not_there_is_not_submitted_and_named(capsys: Captured) -> None:
    submit("in/a.txt", "fine 甲县 2024")
    listed("甲县,,,2024,in/a.txt,,", "乙县,,,2024,in/[b].txt,,")
    code, document = check(capsys, "check --manifest units.csv")
    assert (code, document["unreadable"]) == (ExitCode.OK, [])
    assert document["check"]["not_submitted"] == [{"unit": "乙县", "level": None, "year": 2024, "line": 3}]
    assert document["check"]["notes"] == ["units.csv:3：乙县的文件 in/[b].txt 不存在，按未报送计；已报送的请改正文件名"]
    assert run("check --manifest units.csv --fail-on not-submitted") == ExitCode.GATE
    run("check --manifest units.csv")
    assert "未报送 1" in capsys.readouterr().out.splitlines()[-1]


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(("day", "told"), [("2024-12-31", True), ("2024-02-20", True), ("2025-01-01", False)])
def test_a_report_handed_in_before_its_year_was_over_is_doubted(day: str, told: bool, capsys: Captured) -> None:
    submit("in/a.txt", "fine 甲县 2024")
    listed(f"甲县,,,2024,in/a.txt,{day},")
    _, document = check(capsys, "check --manifest units.csv")
    note = f"units.csv:2：提交日期 {day} 在报告年度 2024 结束之前，请核对是否写错"
    assert document["check"]["notes"] == ([note] if told else [])


@pytest.mark.usefixtures("engine")
def test_a_file_that_is_not_listed_is_checked_and_told(capsys: Captured) -> None:
    submit("in/a.txt", "fine 甲县 2024")
    submit("in/b.txt", "gap 乙县 2024")
    listed("甲县,,,2024,in/a.txt,,")
    code, document = check(capsys, "check in --manifest units.csv")
    assert code == ExitCode.GATE
    assert document["check"]["notes"] == ["in/b.txt：不在报送清单里，仍已检查"]


def test_the_list_decides_unit_level_and_year_and_says_where_the_report_differs(capsys: Captured) -> None:
    Path("in").mkdir()
    Path("in/a.txt").write_bytes(SEED.read_bytes())
    listed("绥滨县司法局,县级,部门,2023,in/a.txt,,")
    _, document = check(capsys, "check --manifest units.csv")
    report = document["reports"][0]
    source = report["source"]
    assert (source["unit"], source["level"], source["year"]) == ("绥滨县司法局", "department", 2023)
    assert [source["found"][key] for key in ("unit", "level", "year")] == ["manifest"] * 3
    told = " ".join(report["warnings"])
    for expected in (
        "单位是“绥滨县司法局”,报告里读出的是“绥滨县人民政府”",
        "层级是“部门”,报告里读出的是“县级”",
        "“2024”",
    ):
        assert expected in told


@pytest.mark.parametrize(
    ("day", "status"), [("2025-03-01", Status.EVIDENCED), ("2025-03-02", Status.MISSING), (None, Status.NOT_APPLICABLE)]
)
def test_the_day_of_submission_decides_the_deadline(day: str | None, status: Status) -> None:
    options = Options(submitted=day, told_by="manifest")
    result = audit_file(SEED, "a.txt", options)
    assert isinstance(result, ReportAudit)
    found = next(f for f in result.findings if f.id == "BG-03")
    assert found.status is status
    assert day is None or f"提交日期{day}" in found.reason


def test_a_late_submission_fails_the_gate(capsys: Captured) -> None:
    Path("a.txt").write_bytes(SEED.read_bytes())
    listed("绥滨县人民政府,县级,政府,2024,a.txt,2025年3月5日,https://www.suibin.gov.cn/x")
    code, document = check(capsys, "check --manifest units.csv --fail-on late")
    assert code == ExitCode.GATE
    assert document["check"]["breaches"][0]["detail"].startswith("1 项：BG-03 ")
    source = document["reports"][0]["source"]
    assert (source["submitted"], source["url"]) == ("2025-03-05", "https://www.suibin.gov.cn/x")
    assert source["found"]["submitted"] == "manifest"
    run("check --manifest units.csv")
    assert re.search(r"^公布网址 +https://www.suibin.gov.cn/x$", capsys.readouterr().out, re.MULTILINE)
    listed("绥滨县人民政府,县级,政府,2024,a.txt,2025年2月5日,")
    assert check(capsys, "check --manifest units.csv --fail-on late")[0] == ExitCode.OK
