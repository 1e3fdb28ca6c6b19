"""Baselines: what counts as known, what as new, and what becomes of an entry."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from submissions import run, stub_engine, submit

from auditor.baseline_file import load_baseline
from auditor.errors import ExitCode, RuleError
from auditor.words import Lang

Captured = pytest.CaptureFixture[str]
WAIVERS = """\
format: 1
waivers:
  - {obligation: GY21-32-04, unit: 甲县, year: 2024, reason: 机构改革, approved_by: 某市司法局, approval_no: 1号, expires: "2025-06-30"}
"""


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AUDITOR_DEBUG", raising=False)
    stub_engine(monkeypatch)


def entries(path: str = "baseline.json") -> list[str]:
    return [
        f"{e.unit} {e.year} {e.obligation} {e.status}" for e in sorted(load_baseline(Path(path), path, Lang.ZH).entries)
    ]


def check(capsys: Captured, *more: str) -> tuple[int, dict[str, object]]:
    capsys.readouterr()
    code = run("check in --baseline baseline.json -f json --fail-on any-gap,figure-error,below-threshold", *more)
    found = json.loads(capsys.readouterr().out)["check"]
    return code, found


def test_a_known_gap_does_not_fail_and_still_counts(capsys: Captured) -> None:
    submit("in/a.txt", "two 甲县 2024")
    assert run("baseline create in") == ExitCode.OK
    assert entries() == ["甲县 2024 GY21-14-01 planned", "甲县 2024 GY21-32-04 planned"]
    code, found = check(capsys)
    totals = found["totals"]
    assert isinstance(totals, dict)
    assert (code, totals["gaps"], totals["core"], totals["known"], totals["new"]) == (0, 2, 1, 2, 0)
    assert run("check in --baseline baseline.json") == ExitCode.OK
    assert "[基线已有]" in capsys.readouterr().out


def test_a_new_gap_fails(capsys: Captured) -> None:
    submit("in/a.txt", "gap 甲县 2024")
    run("baseline create in")
    submit("in/a.txt", "two 甲县 2024")
    code, found = check(capsys)
    assert code == ExitCode.GATE
    assert found["breaches"] == [
        {"criterion": "any-gap", "file": "in/a.txt", "detail": "1 项：GY21-14-01 重点领域执法"}
    ]
    assert run("check in --baseline baseline.json") == ExitCode.OK  # core gaps alone by default
    assert run("check in --baseline baseline.json --fail-on new:any-gap") == ExitCode.GATE


@pytest.mark.parametrize("matter", ["gap 乙县 2024", "gap 甲县 2025", "common 甲县 2024"])
def test_an_entry_holds_for_its_unit_year_and_obligation_alone(matter: str, capsys: Captured) -> None:
    submit("in/a.txt", "gap 甲县 2024")
    run("baseline create in")
    submit("in/a.txt", matter)
    assert check(capsys)[0] == ExitCode.GATE


def test_an_entry_holds_wherever_the_report_lies_and_whatever_its_lines(capsys: Captured) -> None:
    submit("in/a.txt", "gap 甲县 2024")
    run("baseline create in")
    Path("in/a.txt").unlink()
    submit("in/深/另一个名字.md", "gap 甲县 2024\n又一行")
    assert check(capsys)[0] == ExitCode.OK


@pytest.mark.parametrize(
    ("before", "after", "new"),
    [
        ("gap", "acknowledged", True),
        ("gap", "missing", True),
        ("acknowledged", "missing", True),
        ("missing", "acknowledged", False),
        ("missing", "gap", False),
        ("acknowledged", "gap", False),
        ("missing", "missing", False),
    ],
)
def test_a_gap_that_got_worse_is_new_and_a_milder_one_is_not(
    before: str, after: str, new: bool, capsys: Captured
) -> None:
    submit("in/a.txt", f"{before} 甲县 2024")
    run("baseline create in")
    submit("in/a.txt", f"{after} 甲县 2024")
    assert check(capsys)[0] == (ExitCode.GATE if new else ExitCode.OK)


def test_figures_and_shortfalls_can_be_known_and_unreadable_files_cannot(capsys: Captured) -> None:
    submit("in/a.txt", "figures 甲县 2024")
    submit("in/b.txt", "below 乙县 2024")
    submit("in/c.txt", "")
    assert run("baseline create in") == ExitCode.UNREADABLE
    assert "c.txt: 文件是空的" in capsys.readouterr().err
    assert entries() == ["乙县 2024 GY21-34-09 below-threshold", "甲县 2024 figure-error 45+1+3 ≠ 50"]
    Path("in/c.txt").unlink()
    assert check(capsys)[0] == ExitCode.OK


def test_a_unit_that_has_not_submitted_cannot_be_known(capsys: Captured) -> None:
    submit("units.csv", "单位,年度,文件\n甲县,2024,\n")
    assert run("baseline create --manifest units.csv") == ExitCode.OK
    assert entries() == []
    options = "check --manifest units.csv --baseline baseline.json --fail-on core-gap,not-submitted"
    assert run(options) == ExitCode.GATE
    assert "新增 0；基线已有 0；" in capsys.readouterr().out.splitlines()[-1]
    held = '{"unit": "甲县", "year": 2024, "obligation": "not-submitted", "status": "not-submitted"}'
    submit("baseline.json", f'{{"format": 1, "rule_sets": [],\n"entries": [{held}]}}')
    assert run(options) == ExitCode.USAGE
    assert capsys.readouterr().err.startswith("baseline.json:2: entries[0].obligation: 未报送不能记入基线")
    assert run("check --manifest units.csv --baseline baseline.json --fail-on not-submitted") == ExitCode.USAGE
    assert "--baseline 不起作用" in capsys.readouterr().err


def test_what_a_baseline_cannot_hold_is_neither_new_nor_entered(capsys: Captured) -> None:
    submit("in/a.txt", "gap 甲县 2024")
    submit("in/b.txt", "")
    submit("in/c.txt", "gap - 2024")
    submit("baseline.json", '{"format": 1, "rule_sets": [], "entries": []}')
    run("check in --baseline baseline.json --allow-unreadable")
    assert "新增 2；" in capsys.readouterr().out.splitlines()[-1], "the gaps, not the file that could not be read"
    assert run("baseline update in --add-new") == ExitCode.UNREADABLE
    shown = capsys.readouterr()
    assert "记入新增 1，" in shown.out
    assert "c.txt：单位或年度未读出" in shown.err
    assert entries() == ["甲县 2024 GY21-32-04 planned"]


def test_entries_of_rules_that_were_not_used_are_told_apart_from_those_of_absent_reports(capsys: Captured) -> None:
    submit("in/a.txt", "gap 甲县 2024")
    other = [("甲县", "GY15-01-01"), ("乙县", "GY21-32-04")]
    ids = [f'{{"unit": "{unit}", "year": 2024, "obligation": "{each}", "status": "missing"}}' for unit, each in other]
    submit("baseline.json", f'{{"format": 1, "rule_sets": [], "entries": [{",".join(ids)}]}}')
    run("check in --baseline baseline.json")
    shown = capsys.readouterr().out
    assert "1 条，所属报告不在本次检查之列" in shown
    assert "1 条，报告检查了，但本次没有用到这些义务的规则集：GY15-01-01" in shown


def test_resolved_entries_are_told_and_those_of_absent_reports_are_not_taken_for_resolved(capsys: Captured) -> None:
    submit("in/a.txt", "two 甲县 2024")
    submit("in/b.txt", "missing 乙县 2024")
    run("baseline create in")
    submit("in/a.txt", "gap 甲县 2024")
    Path("in/b.txt").unlink()
    _, found = check(capsys)
    assert found["resolved"] == [{"unit": "甲县", "year": 2024, "obligation": "GY21-14-01", "status": "planned"}]
    assert found["not_checked"] == [{"unit": "乙县", "year": 2024, "obligation": "GY21-32-04", "status": "missing"}]
    run("check in --baseline baseline.json")
    shown = capsys.readouterr().out
    assert "▌基线中已解决\n  甲县 2024 GY21-14-01 仅计划" in shown
    assert "▌基线中本次没有检查\n  1 条" in shown
    assert "已解决 1" in shown.splitlines()[-1]


def test_an_update_drops_the_resolved_and_keeps_what_was_not_checked(capsys: Captured) -> None:
    submit("in/a.txt", "two 甲县 2024")
    submit("in/b.txt", "missing 乙县 2024")
    run("baseline create in")
    submit("in/a.txt", "common 甲县 2024")
    Path("in/b.txt").unlink()
    submit("in/c.txt", "gap 丙县 2024")
    assert run("baseline update in") == ExitCode.OK
    assert entries() == ["乙县 2024 GY21-32-04 missing", "甲县 2024 GY21-14-01 planned"]
    assert "新增 1 没有记入" in capsys.readouterr().out
    assert run("baseline update in --add-new") == ExitCode.OK
    assert "丙县 2024 GY21-32-04 planned" in entries()


def test_an_update_takes_a_gap_for_what_it_has_become(capsys: Captured) -> None:
    submit("in/a.txt", "missing 甲县 2024")
    run("baseline create in")
    submit("in/a.txt", "gap 甲县 2024")
    run("baseline update in")
    assert entries() == ["甲县 2024 GY21-32-04 planned"]
    shown = capsys.readouterr().out
    assert "- 甲县 2024 GY21-32-04 缺失\n+ 甲县 2024 GY21-32-04 仅计划\n" in shown
    submit("in/a.txt", "missing 甲县 2024")
    assert check(capsys)[0] == ExitCode.GATE


def test_a_report_without_unit_or_year_is_always_new_and_said_to_be(capsys: Captured) -> None:
    submit("in/a.txt", "gap - 2024")
    assert run("baseline create in") == ExitCode.OK
    assert "a.txt：单位或年度未读出" in capsys.readouterr().err
    assert entries() == []
    assert check(capsys)[0] == ExitCode.GATE
    assert run("baseline create in --unit 甲县 --force") == ExitCode.OK
    assert check(capsys, "--unit", "甲县")[0] == ExitCode.OK


def test_a_waived_gap_does_not_enter_so_that_it_comes_back_when_the_waiver_ends(capsys: Captured) -> None:
    submit("in/a.txt", "two 甲县 2024")
    submit("waivers.yaml", WAIVERS)
    Path("waivers.yaml").write_text(WAIVERS.replace("2025-06-30", "2025-12-31"), encoding="utf-8")
    assert run("baseline create in --no-waivers -o all.json") == ExitCode.OK
    assert len(entries("all.json")) == 2
    submit(
        "always.yaml", WAIVERS.replace("2025-06-30", "2027-01-01").replace("format: 1", "format: 1\nmaximum_days: 1000")
    )
    assert run("baseline create in --waivers always.yaml --as-of 2027-01-02 -o late.json") == ExitCode.OK
    assert len(entries("late.json")) == 2
    assert run("baseline create in --waivers always.yaml --as-of 2027-01-01") == ExitCode.OK
    assert entries() == ["甲县 2024 GY21-14-01 planned"]
    assert check(capsys, "--as-of", "2025-12-31")[0] == ExitCode.OK
    assert check(capsys, "--as-of", "2026-01-01")[0] == ExitCode.GATE


def test_other_rules_than_the_baselines_are_told(capsys: Captured) -> None:
    submit("in/a.txt", "gap 甲县 2024")
    run("baseline create in")
    path = Path("baseline.json")
    path.write_text(
        path.read_text(encoding="utf-8").replace('"version": "1.0.0"', '"version": "0.9.0"'), encoding="utf-8"
    )
    run("check in --baseline baseline.json")
    assert "另一版规则做的（bg 0.9.0 → 1.0.0、gy21 0.9.0 → 1.0.0）" in capsys.readouterr().out


def test_the_file_is_sorted_an_entry_a_line_and_the_same_every_time() -> None:
    submit("in/b.txt", "two 乙县 2024")
    submit("in/a.txt", "gap 甲县 2024")
    run("baseline create in -o x.json")
    Path("in/b.txt").rename("in/0.txt")
    run("baseline create in -o y.json")
    text = Path("x.json").read_text(encoding="utf-8")
    assert text == Path("y.json").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if "obligation" in line]
    assert len(lines) == 3
    assert lines[0] == '  {"unit": "乙县", "year": 2024, "obligation": "GY21-14-01", "status": "planned"},'
    assert json.loads(text)["format"] == 1


def test_a_baseline_is_not_overwritten_by_mistake(capsys: Captured) -> None:
    submit("in/a.txt", "gap 甲县 2024")
    run("baseline create in")
    assert run("baseline create in") == ExitCode.USAGE
    assert "baseline.json 已存在" in capsys.readouterr().err


def test_a_baseline_is_shown(capsys: Captured) -> None:
    submit("in/a.txt", "two 甲县 2024")
    run("baseline create in")
    capsys.readouterr()
    assert run("baseline show") == ExitCode.OK
    shown = capsys.readouterr().out
    assert "甲县  2024  GY21-32-04  仅计划" in shown
    assert shown.splitlines()[-1] == "共 2 条，1 份报告，规则集 bg 1.0.0、gy21 1.0.0"
    assert run("baseline show gone.json") == ExitCode.USAGE


ENTRY = '{"unit": "甲县", "year": 2024, "obligation": "GY21-32-04", "status": "missing"}'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{", "b.json:2: -: 不是有效的 YAML"),
        ('{"format": 2, "rule_sets": [], "entries": []}', "b.json:1: format: 应为 1"),
        (
            f'{{"format": 1, "rule_sets": [],\n"entries": [\n{ENTRY.replace("-04", "-4")}]}}',
            "b.json:3: entries[0].obligation: 没有编号为 GY21-32-4 的义务，是不是 GY21-32-04",
        ),
        (
            f'{{"format": 1, "rule_sets": [],\n"entries": [\n{ENTRY.replace("missing", "mising")}]}}',
            "b.json:3: entries[0].status: 没有“mising”这种状态；可用：planned、acknowledged、missing、below-threshold",
        ),
        ('{"format": 1, "rule_sets": []}', "b.json:1: entries: 缺少必填字段"),
        ('{"format": 1, "rule_sets": [],\n"entries": [{"unit": "甲县"}]}', "b.json:2: entries[0].year: 缺少必填字段"),
        (
            f'{{"format": 1, "rule_sets": [],\n"entries": [{ENTRY},\n{ENTRY}]}}',
            "b.json:3: entries[1]: 与前面的一条重复",
        ),
        ('{"format": 1, "rule_sets": [],\n"entries": [], "path": "x"}', "b.json:2: path: 没有这个字段"),
    ],
)
def test_a_bad_baseline_is_named_by_line(text: str, expected: str) -> None:
    submit("b.json", text)
    with pytest.raises(RuleError) as error:
        load_baseline(Path("b.json"), "b.json", Lang.ZH, ("GY21-32-04",))
    assert str(error.value).startswith(expected)
