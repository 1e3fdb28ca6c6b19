"""Waivers: what they excuse, for whom and until when, and what of them is an error or a warning."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from submissions import run, stub_engine, submit

from auditor.errors import ExitCode, RuleError
from auditor.waiver_file import load_waivers
from auditor.words import Lang

Captured = pytest.CaptureFixture[str]
FIELDS: dict[str, Any] = {
    "obligation": "GY21-32-04",
    "unit": "甲县",
    "year": 2024,
    "reason": "机构改革，职责尚未划转",
    "approved_by": "某市司法局",
    "approval_no": "某司函〔2025〕3号",
    "expires": "2025-06-30",
}
IDS = ("GY21-32-04", "GY21-14-01", "GY21-09-04")


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AUDITOR_DEBUG", raising=False)
    stub_engine(monkeypatch)


def waive(*changes: dict[str, Any], head: str = "") -> Path:
    """Write ``waivers.yaml``: a waiver for each set of changes to FIELDS; None leaves a field out."""
    lines = ["format: 1", *([head] if head else []), "waivers:"]
    for each in changes:
        held = {key: value for key, value in (FIELDS | each).items() if value is not None}
        lines += [f"  - {json.dumps(held, ensure_ascii=False)}"]
    path = Path("waivers.yaml")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def check(capsys: Captured, *more: str) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = run("check in -f json --as-of 2025-03-01 --fail-on any-gap", *more)
    return code, json.loads(capsys.readouterr().out)


def test_a_waived_gap_does_not_fail_is_shown_counted_and_not_scored(capsys: Captured) -> None:
    submit("in/a.txt", "gap 甲县 2024")
    waive({})
    code, document = check(capsys)
    assert code == ExitCode.OK
    report = document["reports"][0]
    waived = next(f for f in report["findings"] if f["id"] == "GY21-32-04")
    assert (waived["status"], waived["waiver"]["approval_no"]) == ("planned", "某司函〔2025〕3号")
    assert (report["score"], report["weight"]) == (100.0, 3)  # 60.0 of 6 with the gap
    assert report["counts"]["planned"] == 1
    assert (document["check"]["totals"]["gaps"], document["check"]["totals"]["waived"]) == (0, 1)
    run("check in --as-of 2025-03-01")
    shown = capsys.readouterr().out
    assert "[已豁免]" in shown
    assert "某司函〔2025〕3号" in shown
    assert "已豁免 1" in shown.splitlines()[-1]


def test_a_report_is_scored_with_its_gaps_where_none_is_waived(capsys: Captured) -> None:
    submit("in/a.txt", "gap 甲县 2024")
    waive({"unit": "乙县"})
    code, document = check(capsys)
    assert (code, document["reports"][0]["score"], document["reports"][0]["weight"]) == (1, 60.0, 6)


def test_a_shortfall_can_be_waived(capsys: Captured) -> None:
    submit("in/a.txt", "below 甲县 2024")
    waive({"obligation": "GY21-34-09"})
    assert check(capsys, "--fail-on", "below-threshold")[0] == ExitCode.OK
    Path("waivers.yaml").unlink()
    assert run("check in --fail-on below-threshold") == ExitCode.GATE


@pytest.mark.parametrize(
    ("change", "holds"),
    [
        ({}, True),
        ({"unit": "甲*"}, True),
        ({"unit": "?县"}, True),
        ({"unit": "乙*"}, False),
        ({"year": 2023, "expires": "2024-06-30"}, False),
        ({"obligation": "GY21-14-01"}, False),
    ],
)
def test_a_waiver_holds_for_its_obligation_units_and_year(
    change: dict[str, Any], holds: bool, capsys: Captured
) -> None:
    submit("in/a.txt", "gap 甲县 2024")
    waive(change)
    assert check(capsys, *(["--as-of", "2024-03-01"] if "year" in change else []))[0] == (0 if holds else 1)


def test_no_waiver_holds_for_a_report_whose_unit_was_not_read(capsys: Captured) -> None:
    submit("in/a.txt", "gap - 2024")
    waive({"unit": "*"})
    assert check(capsys)[0] == ExitCode.GATE


@pytest.mark.parametrize(("day", "code"), [("2025-06-30", ExitCode.OK), ("2025-07-01", ExitCode.GATE)])
def test_an_expired_waiver_gives_the_gap_back_with_a_note(day: str, code: ExitCode, capsys: Captured) -> None:
    submit("in/a.txt", "gap 甲县 2024")
    waive({})
    found, document = check(capsys, "--as-of", day)
    assert found == code
    note = "豁免 某司函〔2025〕3号（waivers.yaml:3）"
    told = [text for text in document["check"]["notes"] if text.startswith(note)]
    assert [("已于 2025-06-30 到期，缺项恢复" in text) for text in told] == ([] if code == 0 else [True])
    finding = next(f for f in document["reports"][0]["findings"] if f["id"] == "GY21-32-04")
    assert (note in finding["reason"]) is (code != 0)


def test_a_valid_waiver_holds_beside_an_expired_one(capsys: Captured) -> None:
    submit("in/a.txt", "gap 甲县 2024")
    waive({"expires": "2025-01-31"}, {"unit": "甲*"})
    assert check(capsys)[0] == ExitCode.OK


def test_unused_waivers_are_told(capsys: Captured) -> None:
    submit("in/a.txt", "gap 甲县 2024")
    waive({}, {"obligation": "GY21-09-04"}, {"unit": "乙县"})
    _, document = check(capsys)
    notes = [note.split("：")[0] for note in document["check"]["notes"]]
    assert notes == ["waivers.yaml:4", "waivers.yaml:5"]


def test_waivers_can_be_left_out_or_named(capsys: Captured) -> None:
    submit("in/a.txt", "gap 甲县 2024")
    waive({"expires": "2025-12-31"})
    assert run("check in --as-of 2025-03-01") == ExitCode.OK
    assert run("check in --no-waivers") == ExitCode.GATE
    Path("waivers.yaml").rename("w.yaml")
    assert run("check in") == ExitCode.GATE
    assert run("check in --waivers w.yaml --as-of 2025-03-01") == ExitCode.OK


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_required_and_not_blank(field: str) -> None:
    for value in (None, " "):
        path = waive({field: value})
        with pytest.raises(RuleError, match=rf"^waivers.yaml:3: waivers\[0\].{field}: "):
            load_waivers(path, "waivers.yaml", IDS, Lang.ZH)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"obligation": "GY21-32-4"}, "obligation: 没有编号为 GY21-32-4 的义务，是不是 GY21-32-04"),
        ({"obligation": "X"}, "obligation: 没有编号为 X 的义务"),
        ({"expires": "2025-02-30"}, "expires: “2025-02-30”不是日期"),
        ({"expires": "2025年3月1日"}, "expires: “2025年3月1日”不是日期"),
        ({"expires": "20250301"}, "expires: “20250301”不是日期"),
        ({"expires": "2026-01-02"}, "expires: 豁免最长到报告年度结束后 366 天，2024 年度的不能晚于 2026-01-01"),
        ({"note": "x"}, "note: 没有这个字段"),
        ({"year": "2024"}, "year: "),
    ],
)
def test_what_is_wrong_with_a_waiver_is_named_by_line_and_field(change: dict[str, Any], expected: str) -> None:
    path = waive({}, {"unit": "乙县"} | change)
    if "year" in change:
        path.write_text(path.read_text(encoding="utf-8").replace('"2024"', '"二〇二四"'), encoding="utf-8")
    with pytest.raises(RuleError) as error:
        load_waivers(path, "waivers.yaml", IDS, Lang.ZH)
    assert str(error.value).startswith(f"waivers.yaml:4: waivers[1].{expected}")


def test_the_longest_span_can_be_set() -> None:
    path = waive({"expires": "2026-06-30"}, head="maximum_days: 600")
    assert load_waivers(path, "waivers.yaml", IDS, Lang.ZH)[0].waiver.expires == "2026-06-30"
    path = waive({"expires": "2025-03-01"}, head="maximum_days: 30")
    with pytest.raises(RuleError, match=r"^waivers.yaml:4"):
        load_waivers(path, "waivers.yaml", IDS, Lang.ZH)


def test_two_waivers_for_the_same_thing_are_an_error() -> None:
    with pytest.raises(RuleError, match=r"waivers.yaml:4: waivers\[1\].obligation: 与第 3 行的豁免相同"):
        load_waivers(waive({}, {"reason": "又一次"}), "waivers.yaml", IDS, Lang.ZH)


def test_every_fault_of_a_file_is_told_at_once() -> None:
    with pytest.raises(RuleError) as error:
        load_waivers(waive({"obligation": "X", "expires": "x"}, {"expires": "y"}), "waivers.yaml", IDS, Lang.ZH)
    assert len(error.value.problems) == 3


def test_a_bad_file_of_waivers_stops_the_check(capsys: Captured) -> None:
    submit("in/a.txt", "fine 甲县 2024")
    waive({"obligation": "GY21-99-99"})
    assert run("check in") == ExitCode.USAGE
    assert capsys.readouterr().err.startswith("waivers.yaml:3: waivers[0].obligation: ")


def test_a_waived_gap_is_no_gap_for_any_part_of_a_gate() -> None:
    submit("in/a.txt", "gap 甲县 2024")
    waive({})
    asked = "minimum_score: 100\nmaximum_gaps: {core: 0}\nmust_cover: [GY21-32-04]"
    Path("gate.yaml").write_text(f"format: 1\n{asked}\n", encoding="utf-8")
    assert run("check in --gate gate.yaml --as-of 2025-03-01") == ExitCode.OK
    assert run("check in --gate gate.yaml --no-waivers") == ExitCode.GATE
