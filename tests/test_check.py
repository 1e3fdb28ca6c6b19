"""``auditor check``: the gate, the exit codes and their precedence, the last line, and options that cannot take effect."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from submissions import git, run, stub_engine, submit

from auditor.cli import main
from auditor.errors import AuditorError, ExitCode
from auditor.formats.checks import CHECK_FORMATS, CONCLUDED
from auditor.gate import TERMS, terms_of
from auditor.words import Lang

Captured = pytest.CaptureFixture[str]
HEAD = "单位,层级,类型,年度,文件,提交日期,公布网址\n"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.delenv("AUDITOR_DEBUG", raising=False)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    stub_engine(monkeypatch)


def last_line(captured: Captured) -> str:
    """What a person sees last: of standard output, or of standard error where that came after a format for programs."""
    shown = captured.readouterr()
    lines = [*shown.out.splitlines(), *shown.err.splitlines()]
    found = [line for line in lines if line.startswith("结论")]
    assert len(found) == 1, lines
    assert found[0] in (shown.out.splitlines()[-1:] + shown.err.splitlines()[-1:])
    return found[0]


# ---- exit codes

SITUATIONS = {
    "pass": (["in/fine.txt"], ExitCode.OK, "通过"),
    "gate not met": (["in/gap.txt"], ExitCode.GATE, "未通过"),
    "usage": (["in/fine.txt", "--fail-on", "bogus"], ExitCode.USAGE, "无法判定"),
    "no input": (["in/none"], ExitCode.NO_INPUT, "无法判定"),
    "allowed to be empty": (["in/none", "--allow-empty"], ExitCode.OK, "通过"),
    "a path that is not there": (["in/gone", "--allow-empty"], ExitCode.NO_INPUT, "无法判定"),
    "unreadable": (["in/fine.txt", "in/empty.txt"], ExitCode.UNREADABLE, "无法判定"),
    "allowed to be unreadable": (["in/fine.txt", "in/empty.txt", "--allow-unreadable"], ExitCode.OK, "通过"),
    "the gate judges the unreadable": (["in/empty.txt", "--fail-on", "unreadable"], ExitCode.GATE, "未通过"),
    "no report at all, the unreadable allowed": (
        ["in/empty.txt", "--allow-unreadable"],
        ExitCode.NO_INPUT,
        "无法判定（没有检查任何报告；",
    ),
    "no report at all, allowed": (
        ["in/empty.txt", "--allow-unreadable", "--allow-empty"],
        ExitCode.OK,
        "通过（没有检查任何报告；",
    ),
    "no report at all, few enough unreadable": (
        ["in/empty.txt", "--gate", "g.yaml"],
        ExitCode.NO_INPUT,
        "无法判定（没有检查",
    ),
    "no report at all, an unreadable one": (["in/empty.txt"], ExitCode.UNREADABLE, "无法判定（没有检查"),
    "internal": (["in/crash.txt"], ExitCode.INTERNAL, "无法判定"),
    # precedence: 2 > 5 > 3 > 4 > 1 > 0
    "4 before 1": (["in/gap.txt", "in/empty.txt"], ExitCode.UNREADABLE, "无法判定"),
    "1 before 0": (["in/gap.txt", "in/fine.txt"], ExitCode.GATE, "未通过"),
    "1 where the unreadable are allowed": (
        ["in/gap.txt", "in/empty.txt", "--allow-unreadable"],
        ExitCode.GATE,
        "未通过",
    ),
    "5 before 4 and 1": (["in/gap.txt", "in/empty.txt", "in/crash.txt"], ExitCode.INTERNAL, "无法判定"),
    "3 before 4": (["in/gone", "in/empty.txt"], ExitCode.NO_INPUT, "无法判定"),
    "2 before 5": (["in/crash.txt", "--baseline", "bad.json"], ExitCode.USAGE, "无法判定"),
    "2 before 3": (["in/none", "--baseline", "bad.json"], ExitCode.USAGE, "无法判定"),
    "2 before 4 and 1": (["in/gap.txt", "in/empty.txt", "--waivers", "bad.json"], ExitCode.USAGE, "无法判定"),
}


@pytest.mark.parametrize("name", CHECK_FORMATS)
@pytest.mark.parametrize("situation", SITUATIONS)
def test_exit_codes_and_the_last_line_are_the_same_for_every_format(
    situation: str, name: str, capsys: Captured
) -> None:
    for matter in ("fine", "gap", "crash"):
        submit(f"in/{matter}.txt", f"{matter} 甲县 2024")
    submit("in/empty.txt", "")
    Path("in/none").mkdir()
    submit("bad.json", "{")
    submit("g.yaml", "format: 1\nmaximum_unreadable: 1")
    arguments, code, verdict = SITUATIONS[situation]
    assert main(["check", *arguments, "-f", name]) == code
    assert last_line(capsys).startswith(f"结论: {verdict}" if "（" in verdict else f"结论: {verdict}（")


def test_a_path_that_is_not_there_is_said_so_in_the_last_line(capsys: Captured) -> None:
    submit("in/fine.txt")
    assert run("check in gone") == ExitCode.NO_INPUT
    assert last_line(capsys) == "结论: 无法判定（指名的路径不存在）"
    Path("none").mkdir()
    assert run("check none") == ExitCode.NO_INPUT
    assert last_line(capsys) == "结论: 无法判定（没有可检查的报告）"


def test_wrong_usage_says_too_that_there_is_no_verdict(capsys: Captured) -> None:
    assert run("check in --bogus") == ExitCode.USAGE
    assert capsys.readouterr().err.splitlines()[-1].startswith("结论: 无法判定")
    assert run("check in --fail-on") == ExitCode.USAGE
    assert capsys.readouterr().err.splitlines()[-1].startswith("结论: 无法判定")
    assert run("check in --bogus --lang en") == ExitCode.USAGE
    assert capsys.readouterr().err.splitlines()[-1].startswith("Conclusion: undecided")


def test_an_output_that_cannot_be_written_is_wrong_usage_whatever_the_verdict(capsys: Captured) -> None:
    submit("gap.txt", "gap 甲县 2024")
    assert run("check gap.txt -f json=gap.txt/x.json") == ExitCode.USAGE
    assert last_line(capsys).startswith("结论: 无法判定")


def test_an_audit_never_fails_a_gate() -> None:
    submit("gap.txt", "gap 甲县 2024")
    assert run("audit gap.txt --no-out") == ExitCode.OK


def test_the_last_line_counts(capsys: Captured) -> None:
    for matter in ("two", "figures", "below", "late"):
        submit(f"in/{matter}.txt", f"{matter} {matter}县 2024")
    submit("in/empty.txt", "")
    assert run("check in") == ExitCode.UNREADABLE
    expected = (
        "结论: 无法判定（检查 4 份，通过 3，未通过 1；缺项 3，其中核心 1；数据不符 1；低于标准 1；逾期 1；无法读取 1）"
    )
    assert last_line(capsys) == expected


def test_files_are_written_before_the_last_line(capsys: Captured) -> None:
    submit("gap.txt", "gap 甲县 2024")
    assert run("check gap.txt -f json=a.json -f sarif=b.sarif") == ExitCode.GATE
    shown = capsys.readouterr()
    assert "a.json、b.sarif" in shown.err
    assert "core-gap" in shown.out
    assert shown.out.splitlines()[-1].startswith("结论: 未通过")
    assert {"table", "md", "summary"} == CONCLUDED


def test_the_same_run_writes_the_same_bytes() -> None:
    for matter in ("two", "figures", "below"):
        submit(f"in/{matter}.txt", f"{matter} 甲县 2024")
    submit("in/empty.txt", "")
    for folder in ("x", "y"):
        Path(folder).mkdir()
        outputs = [part for name in CHECK_FORMATS for part in ("-f", f"{name}={folder}/{name}")]
        run("check in --texts t", *outputs)
    for name in CHECK_FORMATS:
        assert Path("x", name).read_bytes() == Path("y", name).read_bytes(), name


def test_a_check_of_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("gap 甲县 2024\n".encode())))
    assert run("check - -f json") == ExitCode.GATE
    assert json.loads(capsys.readouterr().out)["check"]["breaches"][0]["file"] == "stdin.txt"


# ---- nothing is passed in silence


def test_what_was_not_checked_is_named(capsys: Captured) -> None:
    submit("in/fine.txt")
    submit("in/report.png", "x")
    submit("in/报告.rar", "x")
    submit("in/.hidden", "x")
    assert run("check in") == ExitCode.OK
    assert "2 个文件不是可读的格式，没有检查：in/report.png、in/报告.rar" in capsys.readouterr().out


def test_a_level_or_year_that_was_not_read_is_named(capsys: Captured) -> None:
    submit("fine.txt", "fine - -")
    assert run("check fine.txt") == ExitCode.OK
    assert "▌说明\n  fine.txt：报告年度未能读出" in capsys.readouterr().out


def test_a_deadline_that_cannot_be_told_is_named(capsys: Captured) -> None:
    submit("fine.txt")
    submit("late.txt", "late 乙县 2024")
    assert run("check fine.txt --fail-on late") == ExitCode.OK
    shown = capsys.readouterr().out
    assert "是否逾期没有检查" in shown
    assert shown.splitlines()[-1].endswith("；是否逾期未能检查 1）")
    assert run("check late.txt --fail-on late") == ExitCode.GATE
    assert "未能检查" not in last_line(capsys)
    assert run("check fine.txt") == ExitCode.OK
    assert "未能检查" not in last_line(capsys)


def test_what_fails_is_named_by_title_and_unit(capsys: Captured) -> None:
    submit("in/gap.txt", "gap 甲县 2024")
    assert run("check in") == ExitCode.GATE
    assert "  core-gap in/gap.txt 甲县 1 项：GY21-32-04 落实第一责任人职责\n" in capsys.readouterr().out


def test_two_files_of_the_same_unit_and_year_are_named(capsys: Captured) -> None:
    submit("in/a.txt")
    submit("in/b.txt")
    submit("in/c.txt", "fine 甲县 2023")
    submit("in/d.txt", "fine - 2024")
    submit("in/e.txt", "fine - 2024")
    run("check in -f json")
    notes = json.loads(capsys.readouterr().out)["check"]["notes"]
    assert notes == ["甲县 2024 年度有 2 份文件：in/a.txt、in/b.txt；请核对以哪一份为准"]


# ---- the terms

FOUND_BY = {
    "core-gap": {"gap", "two"},
    "any-gap": {"gap", "two", "common", "extended", "late"},
    "figure-error": {"figures"},
    "below-threshold": {"below"},
    "late": {"late"},
    "unreadable": {"unreadable"},
    "not-submitted": {"乙县"},
}


@pytest.mark.parametrize("term", TERMS)
def test_each_term_finds_what_it_names_and_nothing_else(term: str, capsys: Captured) -> None:
    matters = ("fine", "gap", "two", "common", "extended", "figures", "below", "late")
    for matter in matters:
        submit(f"in/{matter}.txt", f"{matter} {matter}县 2024")
    submit("in/unreadable.txt", "")
    submit("units.csv", f"{HEAD}乙县,,,2024,,,")
    allowed = [] if term == "unreadable" else ["--allow-unreadable"]
    assert run("check in --manifest units.csv -f json --fail-on", term, *allowed) == ExitCode.GATE
    breaches = json.loads(capsys.readouterr().out)["check"]["breaches"]
    assert {breach["criterion"] for breach in breaches} == {term}
    assert {"乙县" if "乙县" in b["detail"] else Path(b["file"]).stem for b in breaches} == FOUND_BY[term]


def test_terms_combine() -> None:
    submit("in/figures.txt", "figures 甲县 2024")
    assert run("check in --fail-on core-gap,below-threshold") == ExitCode.OK
    assert run("check in --fail-on core-gap,figure-error") == ExitCode.GATE
    assert run("check in --fail-on core-gap --fail-on figure-error") == ExitCode.GATE
    assert terms_of(["late, core-gap", "late"], Lang.ZH) == ("late", "core-gap")


def test_an_unknown_term_lists_those_that_there_are() -> None:
    with pytest.raises(AuditorError) as error:
        terms_of(["core-gaps"], Lang.ZH)
    assert all(term in str(error.value) for term in ("core-gaps", *TERMS))
    with pytest.raises(AuditorError, match="new:"):
        terms_of(["new:unreadable"], Lang.ZH)


# ---- the gate file


def gate(text: str) -> str:
    Path("gate.yaml").write_text(f"format: 1\n{text}\n", encoding="utf-8")
    return "--gate=gate.yaml"


@pytest.mark.parametrize(
    ("text", "matter", "met"),
    [
        ("fail_on: [figure-error]", "gap", True),
        ("fail_on: [figure-error]", "figures", False),
        ("minimum_score: 60", "gap", True),
        ("minimum_score: 61", "gap", False),
        ("minimum_score: 0", "unscored", False),
        ("maximum_gaps: {core: 1, common: 0}", "gap", True),
        ("maximum_gaps: {core: 0}", "gap", False),
        ("maximum_gaps: {common: 0}", "two", False),
        ("maximum_gaps: {common: 0}", "extended", True),
        ("must_cover: [GY21-09-04]", "gap", True),
        ("must_cover: [GY21-32-04]", "gap", False),
        ("must_cover: [GY21-09-04]", "unscored", True),
        ("maximum_unreadable: 0", "", False),
        ("maximum_unreadable: 1", "", True),
    ],
)
def test_each_rule_of_the_gate_file(text: str, matter: str, met: bool) -> None:
    submit("in/fine.txt")
    submit("in/other.txt", f"{matter} 甲县 2024" if matter else "")
    assert run("check in", gate(text)) == (ExitCode.OK if met else ExitCode.GATE)


def test_what_a_gate_asks_for_and_does_not_bind_the_report_is_named(capsys: Captured) -> None:
    submit("in/other.txt", "unscored 甲县 2024")
    assert run("check in", gate("must_cover: [GY21-09-04]")) == ExitCode.OK
    assert "1 项不适用于这份报告，没有检查：GY21-09-04" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fail_on: [core-gaps]", "gate.yaml:2: fail_on: --fail-on 没有 core-gaps"),
        ("must_cover:\n  - GY21-09-4", "gate.yaml:3: must_cover[0]: 没有编号为 GY21-09-4 的义务，是不是 GY21-09-04"),
        ("minimum_scores: 3", "gate.yaml:2: minimum_scores: 没有这个字段，是不是 minimum_score"),
        ("minimum_score: 101", "gate.yaml:2: minimum_score: 应为不大于 100"),
        ("maximum_gaps: {core: -1}", "gate.yaml:2: maximum_gaps.core: 应为不小于 0"),
        ("minimum_score: 3\nminimum_score: 4", "gate.yaml:3: minimum_score: 字段重复"),
        ("", "gate.yaml:1: -: 没有写任何要求"),
        ("maximum_gaps: {core: many}", "gate.yaml:2: maximum_gaps.core: 应为数"),
        ("fail_on: []", "gate.yaml:1: -: 没有写任何要求"),
    ],
)
def test_a_bad_gate_file_is_named_by_line_and_field(text: str, expected: str, capsys: Captured) -> None:
    submit("fine.txt")
    assert run("check fine.txt", gate(text)) == ExitCode.USAGE
    assert capsys.readouterr().err.splitlines()[0].startswith(expected)


def test_a_wrong_format_of_a_gate_file_names_the_right_one(capsys: Captured) -> None:
    submit("fine.txt")
    submit("gate.yaml", "format: 2\nminimum_score: 1")
    assert run("check fine.txt --gate gate.yaml") == ExitCode.USAGE
    assert capsys.readouterr().err.splitlines()[0] == "gate.yaml:1: format: 应为 1"


def test_a_gate_written_from_a_result_is_just_met_by_it(capsys: Captured) -> None:
    submit("in/two.txt", "two 甲县 2024")
    submit("in/figures.txt", "figures 乙县 2024")
    assert run("check in -f json=result.json") == ExitCode.GATE
    assert run("gate init result.json") == ExitCode.OK
    written = Path("gate.yaml").read_text(encoding="utf-8")
    assert "minimum_score: 46\n" in written
    assert "maximum_gaps: {core: 1, common: 1, extended: 0}\n" in written
    assert "must_cover:\n  - GY21-09-04\n" in written
    assert "fail_on: [below-threshold]\n" in written
    assert "maximum_unreadable: 0\n" in written
    assert run("check in --gate gate.yaml") == ExitCode.OK
    submit("in/worse.txt", "below 丙县 2024")
    assert run("check in --gate gate.yaml") == ExitCode.GATE
    capsys.readouterr()
    assert run("gate init result.json") == ExitCode.USAGE
    assert "gate.yaml 已存在" in capsys.readouterr().err
    assert run("gate init result.json --force") == ExitCode.OK


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"format": 2, "reports": []}', '{"format": 1, "reports": [3]}'])
def test_a_gate_is_written_from_results_only(text: str, capsys: Captured) -> None:
    submit("result.json", text)
    assert run("gate init result.json") == ExitCode.USAGE
    assert "result.json 不是审核结果" in capsys.readouterr().err
    assert run("gate init gone.json") == ExitCode.NO_INPUT
    assert not Path("gate.yaml").exists()


# ---- options that cannot take effect


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("check", "没有给出要检查的文件"),
        ("check in --fail-on new:core-gap", "new: 要有 --baseline"),
        ("check in --gate g.yaml --fail-on late", "--fail-on 与 --gate 只能用一个"),
        ("check in --baseline b.json --fail-on unreadable", "--baseline 不起作用"),
        ("check in --fail-on not-submitted", "not-submitted 要有 --manifest"),
        ("check in --fail-on unreadable --allow-unreadable", "--allow-unreadable 不起作用"),
        ("check in --gate g.yaml --allow-unreadable", "--allow-unreadable 不起作用"),
        ("check in --no-waivers", "--no-waivers 不起作用"),
        ("check in --no-waivers --waivers w.yaml", "--no-waivers 与 --waivers 只能用一个"),
        ("check in --as-of 2025-01-01", "--as-of 不起作用"),
        ("check in --waivers w.yaml --as-of 2025-02-30", "“2025-02-30”不是日期"),
        ("check in --texts t", "--texts 不起作用"),
        ("check in --all -f json", "--all 不起作用"),
        ("check in --manifest units.csv --year 2024", "--year 与 --manifest 不能同用"),
        ("check in --manifest units.csv --unit 甲县 --level 县", "--level、--unit 与 --manifest 不能同用"),
        ("check - --changed-since HEAD", "标准输入（-）看不出是否改动"),
        ("check in --changed-since HEAD", "只能在 git 仓库里用"),
        ("check in --changed-since=", "不是提交或分支名"),
        ("check in --changed-since=--output=x", "不是提交或分支名"),
        ("check in -f json -f sarif", "只能有一种格式"),
        ("check in -f json=gone/x.json", "文件夹 gone 不存在"),
        ("check in -f xml", "没有输出格式 xml"),
        ("check in/fine.txt -f md=in/fine.txt", "输出会覆盖被检查的文件"),
        ("check - -", "标准输入（-）只能给一次"),
        ("baseline create", "没有给出要检查的文件"),
        ("baseline create in --no-waivers", "--no-waivers 不起作用"),
    ],
)
def test_an_option_that_cannot_take_effect_is_an_error(arguments: str, expected: str, capsys: Captured) -> None:
    submit("in/fine.txt")
    submit("g.yaml", "format: 1\nmaximum_unreadable: 0")
    submit("w.yaml", "format: 1\nwaivers: []")
    submit("b.json", '{"format": 1, "rule_sets": [], "entries": []}')
    submit("units.csv", f"{HEAD}乙县,,,2024,,,")
    assert run(arguments) == ExitCode.USAGE
    assert expected in capsys.readouterr().err.splitlines()[0]


def test_no_report_is_overwritten(capsys: Captured) -> None:
    submit("in/fine.txt")
    assert run("check in/fine.txt -f table=in/fine.txt") == ExitCode.USAGE
    assert Path("in/fine.txt").read_text(encoding="utf-8") == "fine 甲县 2024\n"


@pytest.mark.parametrize(
    "arguments",
    [
        "check in -f md=in/fine.txt",
        "check in -f json -f md=in/fine.txt",
        "check in/*.txt -f json=in/fine.txt",
        "check --manifest units.csv -f table=in/fine.txt",
        "check in -f md=link.txt",
        "baseline create in -o in/fine.txt --force",
        "baseline update in --baseline in/fine.txt",
    ],
)
def test_no_report_that_lies_in_a_folder_is_overwritten(arguments: str, capsys: Captured) -> None:
    report = submit("in/fine.txt", "gap 甲县 2024" if "baseline update" not in arguments else "")
    if "update" in arguments:
        report.write_text('{"format": 1, "rule_sets": [], "entries": []}', encoding="utf-8")
    submit("units.csv", f"{HEAD}甲县,,,2024,in/fine.txt,,")
    Path("link.txt").symlink_to(report)
    before = report.read_bytes()
    assert run(arguments) == ExitCode.USAGE
    assert "in/fine.txt：输出会覆盖被检查的文件" in capsys.readouterr().err
    assert report.read_bytes() == before


def test_an_unchanged_report_is_not_overwritten_either() -> None:
    report = submit("in/fine.txt")
    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "base")
    assert run("check in --changed-since HEAD --allow-empty -f md=in/fine.txt") == ExitCode.USAGE
    assert report.read_text(encoding="utf-8") == "fine 甲县 2024\n"


def test_no_output_is_written_to_a_folder_or_over_the_settings(capsys: Captured) -> None:
    submit("in/fine.txt")
    gate("minimum_score: 1")
    assert run("check in -f json=in") == ExitCode.USAGE
    assert "in：是文件夹" in capsys.readouterr().err
    assert run("check in --gate gate.yaml -f json=gate.yaml") == ExitCode.USAGE
    assert "gate.yaml：输出会覆盖门槛" in capsys.readouterr().err
    assert run("check in --texts in -f sarif=x.sarif") == ExitCode.USAGE
    assert "in：正文的文件夹里有被检查的路径 in；" in capsys.readouterr().err
    assert not Path("x.sarif").exists()


def test_an_earlier_result_in_the_folder_is_renewed_and_not_checked(capsys: Captured) -> None:
    submit("in/fine.txt")
    for name in CONCLUDED:
        for _ in range(2):
            assert run(f"check in -f {name}=in/result.md") == ExitCode.OK
            assert "检查 1 份" in last_line(capsys)


# ---- what has changed


@pytest.fixture
def history() -> None:
    """A repository with one report on main and a branch that is to change it."""
    submit("reports/已有.txt", "fine 甲县 2024")
    submit("reports/要删.txt", "gap 乙县 2024")
    submit("reports/要改.txt", "fine 丙县 2024\n" + "原文\n" * 20)
    submit("reports/要改名.txt", "gap 丁县 2024\n" + "原文\n" * 20)
    submit("reports/改名又改.txt", "fine 戊县 2024\n" + "其他的原文\n" * 20)
    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "base")
    git("checkout", "-qb", "branch")


def checked(capsys: Captured, *arguments: str) -> list[str]:
    """The names of the reports that a check looks at."""
    run("check reports --allow-empty -f json --changed-since main", *arguments)
    document = json.loads(capsys.readouterr().out)
    return [Path(report["source"]["file"]).stem for report in document["reports"]]


@pytest.mark.usefixtures("history")
def test_only_added_and_modified_reports_are_checked_and_renames_are_followed(capsys: Captured) -> None:
    assert checked(capsys) == []
    submit("reports/新增.txt", "gap 己县 2024")
    submit("reports/要改.txt", "gap 丙县 2024\n" + "原文\n" * 20)
    Path("reports/要删.txt").unlink()
    git("mv", "reports/要改名.txt", "reports/改了名.txt")
    git("mv", "reports/改名又改.txt", "reports/改过.txt")
    submit("reports/改过.txt", "gap 戊县 2024\n" + "其他的原文\n" * 20)
    git("add", "-A")
    git("commit", "-qm", "change")
    submit("reports/未提交.txt", "fine 庚县 2024")
    assert sorted(checked(capsys)) == sorted(["改过", "新增", "未提交", "要改"])
    assert run("check reports --changed-since main") == ExitCode.GATE
    assert "1 份报告只改了文件名，没有检查：reports/改了名.txt" in capsys.readouterr().out


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("paths", ["reports", "reports/*.txt", "rep*", "**/*.txt", "reports/改了名.txt"])
def test_a_report_that_was_only_renamed_is_recognised_however_it_is_named(paths: str, capsys: Captured) -> None:
    git("mv", "reports/要改名.txt", "reports/改了名.txt")
    git("commit", "-qm", "rename")
    assert run(f"check {paths} --changed-since main --allow-empty") == ExitCode.OK
    assert "1 份报告只改了文件名，没有检查：reports/改了名.txt" in capsys.readouterr().out


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("paths", ["reports/改了*.txt", "in/*.txt", "in/定稿.txt"])
def test_a_report_renamed_into_what_is_named_is_checked(paths: str) -> None:
    Path("in").mkdir()
    git("mv", "reports/要改名.txt", "in/定稿.txt" if paths.startswith("in") else "reports/改了名.txt")
    git("commit", "-qm", "rename")
    assert run(f"check {paths} --changed-since main --allow-empty") == ExitCode.GATE


@pytest.mark.usefixtures("history")
def test_a_report_moved_into_the_folder_is_new(capsys: Captured) -> None:
    submit("draft/草稿.txt", "gap 己县 2024\n" + "草稿\n" * 20)
    git("add", "-A")
    git("commit", "-qm", "draft")
    git("branch", "-f", "main")
    git("mv", "draft/草稿.txt", "reports/定稿.txt")
    git("commit", "-qm", "submit")
    assert checked(capsys) == ["定稿"]


@pytest.mark.usefixtures("history")
def test_what_changed_on_the_other_side_is_not_ours(capsys: Captured) -> None:
    submit("reports/新增.txt", "fine 己县 2024")
    git("add", "-A")
    git("commit", "-qm", "ours")
    git("checkout", "-q", "main")
    submit("reports/已有.txt", "gap 甲县 2024")
    git("commit", "-qam", "theirs")
    git("checkout", "-q", "branch")
    assert checked(capsys) == ["新增"]


@pytest.mark.usefixtures("history")
def test_nothing_changed_is_no_input_unless_allowed(capsys: Captured) -> None:
    assert run("check reports --changed-since main") == ExitCode.NO_INPUT
    assert "--allow-empty" in capsys.readouterr().err
    assert run("check reports --changed-since main --allow-empty") == ExitCode.OK
    assert last_line(capsys).startswith("结论: 通过（没有要检查的报告")


@pytest.mark.usefixtures("history")
def test_a_changed_file_of_no_readable_format_is_named(capsys: Captured) -> None:
    submit("reports/old.png", "x")
    git("add", "-A")
    git("commit", "-qm", "old")
    git("branch", "-f", "main")
    submit("reports/new.png", "x")
    assert run("check reports --changed-since main --allow-empty") == ExitCode.OK
    shown = capsys.readouterr().out
    assert "没有检查：reports/new.png" in shown
    assert "old.png" not in shown


@pytest.mark.usefixtures("history")
def test_a_shallow_clone_works_or_says_what_to_fetch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    submit("reports/新增.txt", "gap 己县 2024")
    git("add", "-A")
    git("commit", "-qm", "change")
    clone = tmp_path / "clone"
    git("clone", "-q", "--depth=1", "--branch=branch", tmp_path.as_uri(), str(clone))
    monkeypatch.chdir(clone)
    assert run("check reports --changed-since origin/main") == ExitCode.USAGE
    command = "fetch --unshallow origin main:refs/remotes/origin/main"
    assert f"先运行 git {command}，再用 --changed-since origin/main" in capsys.readouterr().err
    git("fetch", "-q", "--depth=1", "origin", "main:refs/remotes/origin/main")
    assert run("check reports --changed-since origin/main -f json") == ExitCode.GATE
    document = json.loads(capsys.readouterr().out)
    assert [report["source"]["file"] for report in document["reports"]] == ["reports/新增.txt"]
    assert any("没有共同的祖先" in note for note in document["check"]["notes"])
    git(*command.split())
    assert run("check reports --changed-since origin/main -f json") == ExitCode.GATE
    assert json.loads(capsys.readouterr().out)["check"]["notes"] == []


@pytest.mark.usefixtures("history")
def test_the_parent_of_a_shallow_clone_is_fetched_as_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    submit("reports/新增.txt", "gap 己县 2024")
    git("add", "-A")
    git("commit", "-qm", "change")
    clone = tmp_path / "clone"
    git("clone", "-q", "--depth=1", "--branch=branch", tmp_path.as_uri(), str(clone))
    monkeypatch.chdir(clone)
    assert run("check reports --changed-since HEAD~1") == ExitCode.USAGE
    assert "先运行 git fetch --unshallow origin\n" in capsys.readouterr().err
    git("fetch", "-q", "--unshallow", "origin")
    assert run("check reports --changed-since HEAD~1") == ExitCode.GATE
    assert run("check reports --changed-since HEAD~9") == ExitCode.USAGE
    assert "git 里没有 HEAD~9；请核对" in capsys.readouterr().err
    assert run("check reports --changed-since main~1") == ExitCode.USAGE
    assert "git fetch origin main:refs/remotes/origin/main" in capsys.readouterr().err


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("ref", ["main..branch", "main...branch", "main:reports", "gone:reports"])
def test_what_is_not_one_commit_gets_no_advice_to_fetch(ref: str, capsys: Captured) -> None:
    assert run(f"check reports --changed-since {ref}") == ExitCode.USAGE
    said = capsys.readouterr().err
    assert "不是一个提交" in said
    assert "git fetch" not in said


@pytest.mark.usefixtures("history")
def test_a_branch_that_was_never_fetched(capsys: Captured) -> None:
    assert run("check reports --changed-since gone") == ExitCode.USAGE
    assert "git fetch" not in capsys.readouterr().err, "there is no remote"
    git("remote", "add", "up", "gone.git")
    assert run("check reports --changed-since gone") == ExitCode.USAGE
    said = capsys.readouterr().err
    assert "git fetch up gone:refs/remotes/up/gone，再用 --changed-since up/gone" in said
    assert run("check reports --changed-since", "0" * 40) == ExitCode.USAGE
    assert f"git fetch up {'0' * 40}" in capsys.readouterr().err


@pytest.mark.usefixtures("history")
def test_settings_of_git_change_nothing(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    submit("reports/深/新增.txt", "fine 己县 2024")
    git("add", "-A")
    git("commit", "-qm", "change")
    git("mv", "reports/要改名.txt", "reports/改了名.txt")
    git("commit", "-qm", "rename")
    for name, value in {"diff.relative": "true", "core.quotePath": "true", "diff.renames": "false"}.items():
        git("config", name, value)
    monkeypatch.chdir("reports")
    assert run("check . --changed-since main -f json") == ExitCode.OK
    assert [r["source"]["file"] for r in json.loads(capsys.readouterr().out)["reports"]] == ["深/新增.txt"]


@pytest.mark.usefixtures("history")
def test_a_path_outside_the_repository(tmp_path_factory: pytest.TempPathFactory, capsys: Captured) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "a.txt"
    elsewhere.write_text("fine 甲县 2024\n", encoding="utf-8")
    assert run("check --changed-since main", str(elsewhere)) == ExitCode.USAGE
    assert "不在 git 仓库" in capsys.readouterr().err


def test_the_texts_that_a_check_writes_are_not_checked_the_next_time(capsys: Captured) -> None:
    submit("in/fine.html")
    for _ in range(2):
        assert run("check . -f sarif=check.sarif") == ExitCode.OK
        assert "检查 1 份" in last_line(capsys)
    assert Path("check-texts/in/fine.html.txt").exists()


@pytest.mark.usefixtures("history")
def test_waivers_of_reports_that_have_not_changed_are_not_called_unused(capsys: Captured) -> None:
    entry = 'reason: 甲, approved_by: 乙, approval_no: 丙, expires: "2025-12-31"}'
    units = ("乙县", "己县")
    lines = [f"  - {{obligation: GY21-14-01, unit: {unit}, year: 2024, {entry}" for unit in units]
    submit("waivers.yaml", "\n".join(["format: 1", "waivers:", *lines]))
    submit("reports/新增.txt", "fine 己县 2024")
    assert run("check reports --changed-since main -f json") == ExitCode.OK
    notes = json.loads(capsys.readouterr().out)["check"]["notes"]
    assert [note.split("：")[0] for note in notes] == ["waivers.yaml:4"]
    assert run("check reports -f json") == ExitCode.GATE
    assert len(json.loads(capsys.readouterr().out)["check"]["notes"]) == 2
