"""The command line: what it takes, prints, writes and returns; the engine itself is tested elsewhere."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from audits import flagged, gap, report_audit

import auditor.audit
from auditor import __version__
from auditor.cli import build, language, main
from auditor.errors import ExitCode, RuleError
from auditor.findings import ReportAudit, Unreadable
from auditor.formats.explanation import together
from auditor.help import COMMANDS, EXAMPLES, PARAMETERS
from auditor.outputs import DEFAULT_FOLDER, Output, plan, write_file
from auditor.paths import find_inputs, printable
from auditor.report import Role
from auditor.words import Lang

ROOT = Path(__file__).parent.parent
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.delenv("AUDITOR_DEBUG", raising=False)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, auditor.audit.Options]]:
    """An engine that answers at once; what it was asked is recorded. Empty files are unreadable."""
    asked: list[tuple[str, auditor.audit.Options]] = []

    def audit_bytes(data: bytes, name: str, options: auditor.audit.Options, *_: object) -> ReportAudit | Unreadable:
        asked.append((name, options))
        if not data:
            return Unreadable(name, "empty", "文件是空的，请换一个文件")
        return report_audit((gap(), flagged()), file=name)

    def audit_file(path: Path, name: str, options: auditor.audit.Options) -> ReportAudit | Unreadable:
        if not path.exists():
            return Unreadable(name, "missing", "文件不存在")
        return audit_bytes(path.read_bytes(), name, options)

    monkeypatch.setattr(auditor.audit, "audit_bytes", audit_bytes)
    monkeypatch.setattr(auditor.audit, "audit_file", audit_file)
    return asked


def put(name: str, text: str = "一、主要举措\n") -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def files() -> list[str]:
    return sorted(path.as_posix() for path in Path().rglob("*") if path.is_file())


# ---- help, version, language


def commands() -> list[str]:
    return sorted(COMMANDS[Lang.ZH])


def test_every_command_and_parameter_has_words_in_both_languages() -> None:
    assert COMMANDS[Lang.ZH].keys() == COMMANDS[Lang.EN].keys() == EXAMPLES.keys()
    assert PARAMETERS[Lang.ZH].keys() == PARAMETERS[Lang.EN].keys()
    found: set[str] = set()
    waiting = [("", build(Lang.ZH))]
    for path, command in waiting:
        found.add(path)
        waiting += [(f"{path} {name}".strip(), below) for name, below in getattr(command, "commands", {}).items()]
    assert found == COMMANDS[Lang.ZH].keys()


@pytest.mark.parametrize("path", commands())
@pytest.mark.parametrize("lang", list(Lang))
def test_help_of_every_command(path: str, lang: Lang, capsys: Captured) -> None:
    assert main([*path.split(), "--help", "--lang", lang]) == ExitCode.OK
    shown = capsys.readouterr().out
    assert COMMANDS[lang][path][:20] in shown
    assert EXAMPLES[path] in shown
    assert ("选项：" in shown) is (lang is Lang.ZH)
    assert "Show this message" not in shown


@pytest.mark.parametrize("path", ["", "audit"])
def test_help_names_every_exit_code(path: str, capsys: Captured) -> None:
    main([*path.split(), "--help"])
    shown = capsys.readouterr().out.split("退出码：")[1]
    assert [int(line.split()[0]) for line in shown.strip().splitlines()] == [int(code) for code in ExitCode]


def test_the_examples_in_the_help_are_commands_that_parse() -> None:
    for path, example in EXAMPLES.items():
        words = example.split(" > ")[0].split()[1:]
        command = build(Lang.ZH)
        for word in list(words):
            below = getattr(command, "commands", {}).get(word)
            if below is None:
                break
            command, words = below, words[1:]
        command.make_context(path, words, obj=Lang.ZH, resilient_parsing=False)


def test_version(capsys: Captured) -> None:
    assert main(["--version"]) == ExitCode.OK
    assert main(["--lang", "en", "--version"]) == ExitCode.OK
    assert capsys.readouterr().out == f"auditor {__version__}\n" * 2


def test_no_command_shows_the_help_and_is_wrong_usage(capsys: Captured) -> None:
    assert main([]) == ExitCode.USAGE
    assert "用法：auditor [选项]" in capsys.readouterr().out
    assert main(["rules"]) == ExitCode.USAGE
    assert "用法：auditor rules" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], Lang.ZH),
        (["audit", "x", "--lang", "en"], Lang.EN),
        (["--lang=en", "audit"], Lang.EN),
        (["audit", "--", "--lang=en"], Lang.ZH),
        (["--lang", "fr"], Lang.ZH),
        (["--lang"], Lang.ZH),
        (["--lang=en", "--lang=zh"], Lang.ZH),
    ],
)
def test_language_is_read_before_the_commands_are_built(arguments: list[str], expected: Lang) -> None:
    assert language(arguments) is expected


def loaded_by(*arguments: str) -> set[str]:
    """The modules that a command loads."""
    code = f"import sys; from auditor.cli import main; main({arguments!r}); print(*sys.modules, file=sys.stderr)"
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    return set(shown.stderr.splitlines()[-1].split())


HEAVY = {"asyncio", "email", "jinja2", "lxml", "numpy", "pydantic", "rich", "socket", "tabulate", "yaml"}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["audit", "--help"], ["cache", "info"]])
def test_help_and_small_commands_load_nothing_heavy(arguments: list[str]) -> None:
    engine = {"ahocorasick_rs", "auditor.findings", "jieba", "json", "logging", "multiprocessing", "rapidfuzz"}
    assert loaded_by(*arguments) & (HEAVY | engine) == set()


@pytest.mark.parametrize("command", [["audit", "--no-out"], ["check"]])
def test_one_report_is_judged_without_what_it_does_not_need(command: list[str]) -> None:
    seed = str(ROOT / "seeds" / "001_shaxian_2022.txt")
    unused = {"auditor.store", "auditor.pool", "auditor.strict", "auditor.formats.workbook", "multiprocessing"}
    table = {"tabulate", "email", "socket"}  # what tabulate loads
    main([*command, seed])  # compiles the rules and keeps them
    assert loaded_by(*command, seed) & ((HEAVY | unused) - table) == set()


def test_only_the_command_that_is_asked_for_is_built() -> None:
    command = build(Lang.ZH)
    assert set(command.commands) >= {"audit", "check", "rules"}
    assert command.commands["audit"] is command.commands["audit"]
    assert [*command.commands._built] == ["audit"]
    assert [*command.commands["rules"].commands] == ["list", "show", "lint", "test", "coverage", "schema"]
    assert command.commands["rules"].commands._built == {}


def test_completion_offers_commands_and_levels() -> None:
    def complete(line: str) -> str:
        words = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1), "_AUDITOR_COMPLETE": "complete_bash"}
        shown = subprocess.run(
            [sys.executable, "-m", "auditor"],
            cwd=ROOT,
            env=os.environ | words,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return shown.stdout

    assert complete("auditor ou").split() == ["outline"]
    assert complete("auditor audit --level t").split() == ["township"]


# ---- wrong usage


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["bogus"], "没有命令 bogus"),
        (["audti"], "是不是 'audit'"),
        (["audit"], "没有给出要审核的文件或文件夹"),
        (["explain", "GY21-09-04"], "缺少参数 FILE"),
        (["audit", "x", "--yaer", "3"], "没有选项 --yaer"),
        (["audit", "x", "--year", "abc"], "不是整数"),
        (["audit", "x", "--year", "24"], "四位数"),
        (["audit", "x", "--level", "foo"], "foo 不在可选范围内"),
        (["audit", "x", "--lang", "fr"], "fr 不在可选范围内"),
        (["audit", "x", "--year"], "选项 --year 后面缺少值"),
        (["audit", "x", "--all=3"], "选项 --all 不带值"),
        (["outline", "a", "b"], "多余的参数：b"),
        (["audit", "x", "-f", "xml"], "没有输出格式 xml"),
        (["audit", "x", "-f", "json="], "缺少文件名"),
        (["audit", "x", "-f", "json", "-f", "md"], "只能有一种格式"),
        (["audit", "x", "-f", "json=a", "-f", "md=./a"], "同一个文件"),
    ],
)
def test_wrong_usage_is_one_clear_chinese_line_and_code_2(
    arguments: list[str], expected: str, capsys: Captured
) -> None:
    assert main(arguments) == ExitCode.USAGE
    shown = capsys.readouterr()
    assert shown.out == ""
    assert expected in shown.err.splitlines()[0]
    assert "Traceback" not in shown.err


def test_wrong_usage_in_english(capsys: Captured) -> None:
    assert main(["audit", "x", "--lang", "en", "--bogus"]) == ExitCode.USAGE
    assert "No such option" in capsys.readouterr().err


# ---- auditing


@pytest.mark.usefixtures("engine")
def test_by_default_the_table_is_printed_and_json_and_markdown_are_written(capsys: Captured) -> None:
    put("a.txt")
    assert main(["audit", "a.txt"]) == ExitCode.OK
    shown = capsys.readouterr()
    assert "GY21-32-04" in shown.out
    assert files() == ["a.txt", f"{DEFAULT_FOLDER}/audit.json", f"{DEFAULT_FOLDER}/audit.md"]
    assert f"{DEFAULT_FOLDER}/audit.json" in shown.err


@pytest.mark.usefixtures("engine")
def test_a_format_without_a_file_is_all_that_is_printed(capsys: Captured) -> None:
    put("a.txt")
    assert main(["audit", "a.txt", "-f", "json"]) == ExitCode.OK
    assert json.loads(capsys.readouterr().out)["format"] == 1
    assert files() == ["a.txt"]


@pytest.mark.usefixtures("engine")
def test_formats_with_files_and_a_folder_named(capsys: Captured) -> None:
    put("a.txt")
    Path("x").mkdir()
    assert main(["audit", "a.txt", "-f", "table", "-f", "json=x/r.json", "-f", "md=r.md", "--out", "o"]) == ExitCode.OK
    assert "GY21-32-04" in capsys.readouterr().out
    assert files() == ["a.txt", "o/audit.json", "o/audit.md", "r.md", "x/r.json"]
    assert Path("o/audit.json").read_bytes() == Path("x/r.json").read_bytes()


@pytest.mark.usefixtures("engine")
def test_a_folder_is_created_for_results_only(capsys: Captured) -> None:
    put("a.txt")
    assert main(["audit", "a.txt", "-f", "json=gone/r.json"]) == ExitCode.USAGE
    assert "文件夹 gone 不存在" in capsys.readouterr().err
    assert files() == ["a.txt"]
    assert main(["audit", "a.txt", "-f", "json=o/r.json", "--out", "o"]) == ExitCode.OK
    assert "o/r.json" in files()


@pytest.mark.parametrize(
    ("name", "level"),
    [("县级", "county"), ("县", "county"), ("county", "county"), ("乡镇", "township"), ("部门", "department")],
)
def test_a_level_may_be_named_in_chinese(
    name: str, level: str, engine: list[tuple[str, auditor.audit.Options]]
) -> None:
    put("a.txt")
    assert main(["audit", "a.txt", "--no-out", "--level", name]) == ExitCode.OK
    assert engine[0][1].level == level


@pytest.mark.usefixtures("engine")
def test_no_out_writes_nothing(capsys: Captured) -> None:
    put("a.txt")
    assert main(["audit", "a.txt", "--no-out"]) == ExitCode.OK
    assert files() == ["a.txt"]
    assert capsys.readouterr().err == ""


def test_options_reach_the_engine(engine: list[tuple[str, auditor.audit.Options]]) -> None:
    put("a.txt")
    put("r/gy21/ruleset.yaml")
    overrides = (
        "--year 2021 --level city --unit 某市 --rules gy21 --rules bg --rules-dir r --encoding gb18030 --lang en"
    )
    assert main(["audit", "a.txt", "--no-out", *overrides.split()]) == ExitCode.OK
    options = engine[0][1]
    assert (options.year, options.level, options.unit) == (2021, "city", "某市")
    assert (options.rule_sets, options.rules_dir, options.encoding) == (("gy21", "bg"), Path("r"), "gb18030")
    assert options.lang == "en"


def test_standard_input(
    engine: list[tuple[str, auditor.audit.Options]], monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("一、工作\n".encode())))
    assert main(["audit", "-", "-f", "json"]) == ExitCode.OK
    assert json.loads(capsys.readouterr().out)["reports"][0]["source"]["file"] == "stdin.txt"
    assert [name for name, _ in engine] == ["stdin.txt"]


def test_standard_input_is_read_as_text(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("一、主要举措\n推进工作。\n".encode())))
    assert main(["outline", "-"]) == ExitCode.OK
    assert "推进工作" in capsys.readouterr().out


def test_an_unreadable_file_is_one_line_and_the_others_are_audited(
    engine: list[tuple[str, auditor.audit.Options]], capsys: Captured
) -> None:
    put("a.txt")
    put("empty.txt", "")
    assert main(["audit", "empty.txt", "gone.txt", "a.txt", "-f", "json"]) == ExitCode.UNREADABLE
    shown = capsys.readouterr()
    document = json.loads(shown.out)
    assert [r["source"]["file"] for r in document["reports"]] == ["a.txt"]
    assert [(u["file"], u["code"]) for u in document["unreadable"]] == [("empty.txt", "empty"), ("gone.txt", "missing")]
    assert shown.err.splitlines() == ["empty.txt: 文件是空的，请换一个文件", "gone.txt: 文件不存在;请核对路径和文件名"]


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("argument", ["gone.txt", "no/*.txt", "empty"])
def test_nothing_to_audit(argument: str, capsys: Captured) -> None:
    Path("empty").mkdir()
    assert main(["audit", argument]) == ExitCode.NO_INPUT
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len(shown.err.splitlines()) == 1
    assert argument in shown.err
    assert files() == []


@pytest.mark.usefixtures("engine")
def test_an_output_that_cannot_be_written(capsys: Captured) -> None:
    put("a.txt")
    assert main(["audit", "a.txt", "--out", "a.txt"]) == ExitCode.USAGE
    assert main(["audit", "a.txt", "-f", "md=a.txt/b.md"]) == ExitCode.USAGE
    error = capsys.readouterr().err.splitlines()
    assert len(error) == 2
    assert all("无法写入 a.txt/" in line for line in error)


@pytest.mark.usefixtures("engine")
def test_an_output_never_overwrites_an_input(capsys: Captured) -> None:
    put("a.md", "原文")
    assert main(["audit", "a.md", "-f", "md=a.md"]) == ExitCode.USAGE
    assert Path("a.md").read_text(encoding="utf-8") == "原文"
    assert "覆盖" in capsys.readouterr().err


@pytest.mark.usefixtures("engine")
def test_results_in_the_audited_folder_are_not_audited_the_next_time(capsys: Captured) -> None:
    put("a.txt")
    for _ in range(2):
        assert main(["audit", "."]) == ExitCode.OK
        assert "共 1 份报告" in capsys.readouterr().out


@pytest.mark.usefixtures("engine")
def test_the_same_run_writes_the_same_bytes() -> None:
    put("in/b.txt")
    put("in/a.txt")
    assert main(["audit", "in", "--out", "x"]) == ExitCode.OK
    assert main(["audit", "in/", "--out", "y"]) == ExitCode.OK
    for name in ("audit.json", "audit.md"):
        assert Path("x", name).read_bytes() == Path("y", name).read_bytes()


# ---- rules

RULE_SET = """\
id: demo
version: "1.0"
title: 演示
issuer: 某办
years: {from: 2021, to: null}
scoring:
  base: {evidenced: 100, asserted: 60, planned: 20, acknowledged: 10, missing: 0, not_applicable: 0}
  off: {shortcoming: 10, below_threshold: 20, copied_wording: 20}
  weights: {core: 3, common: 1, extended: 0}
"""
RULES = """\
rule_set: demo
rules:
  - id: DEMO-01-01
    title: 演示义务
    importance: core
    levels: [county]
    part: 一、演示
    clause: (一)演示
    gist: 写一份演示报告
    wording: own
    elements:
      - {text: 报告份数, strong: true}
    patterns:
      - name: 写报告
        all: [[演示报告], [撰写, 完成]]
    refuse:
      - words: [外地]
        why: 是外地的演示
    advice: 写明演示报告____份。
    examples:
      - {text: "完成演示报告3份。", status: evidenced}
"""


@pytest.fixture
def rules() -> str:
    put("rules/words.yaml", "groups: {}\ndistinct: []\nlexicon: []\n")
    put("rules/demo/ruleset.yaml", RULE_SET)
    put("rules/demo/a.yaml", RULES)
    return "--rules-dir=rules"


def test_rules_list_and_show(rules: str, capsys: Captured) -> None:
    assert main(["rules", "list", rules]) == ExitCode.OK
    assert "demo  1.0   2021 年起  1     演示" in capsys.readouterr().out
    assert main(["rules", "list", "demo", rules]) == ExitCode.OK
    assert "DEMO-01-01  核心    县级" in capsys.readouterr().out
    assert main(["rules", "show", "demo-01-01", rules]) == ExitCode.OK
    shown = capsys.readouterr().out
    for expected in ("演示义务", "(一)演示", "(演示报告) + (撰写 | 完成)", "外地 → 是外地的演示", "[有据]", "____份"):
        assert expected in shown, expected
    assert main(["rules", "show", "DEMO-09-09", rules]) == ExitCode.USAGE
    assert "DEMO-09-09" in capsys.readouterr().err


def test_rules_lint_names_file_line_and_field(rules: str, capsys: Captured) -> None:
    assert main(["rules", "lint", rules]) == ExitCode.OK
    assert "共 1 条" in capsys.readouterr().out
    put("rules/demo/a.yaml", RULES.replace("all:", "al:"))
    assert main(["rules", "lint", rules]) == ExitCode.USAGE
    assert (
        "demo/a.yaml:15: rules[0].patterns[0].al: 没有这个字段\uff0c是不是 all\uff1f"
        in capsys.readouterr().err.splitlines()
    )
    assert main(["rules", "lint", rules, "--lang", "en"]) == ExitCode.USAGE
    told = "demo/a.yaml:15: rules[0].patterns[0].al: unknown key, did you mean all?"
    assert told in capsys.readouterr().err.splitlines()


def test_rules_test_and_mutate(rules: str, capsys: Captured) -> None:
    assert main(["rules", "test", rules]) == ExitCode.OK
    assert "1 个示例全部通过" in capsys.readouterr().out
    assert main(["rules", "test", rules, "--mutate"]) == ExitCode.USAGE
    assert "是外地的演示" in capsys.readouterr().out
    put("rules/demo/a.yaml", RULES.replace("status: evidenced", "status: missing"))
    assert main(["rules", "test", "demo-01-01", rules]) == ExitCode.USAGE
    shown = capsys.readouterr().out
    assert "demo/a.yaml:21: DEMO-01-01 示例 1：应为缺失，得到有据" in shown
    assert "1 个示例中有 1 个不符" in shown


def test_rules_schema_is_a_json_schema(capsys: Captured) -> None:
    assert main(["rules", "schema"]) == ExitCode.OK
    schema = json.loads(capsys.readouterr().out)
    assert "rules" in schema["properties"]
    assert "not" in schema["$defs"]["Pattern"]["properties"]


def test_a_folder_without_rules_is_wrong_usage(capsys: Captured) -> None:
    Path("none").mkdir()
    put("a.txt")
    for command in (["audit", "a.txt"], ["rules", "list"], ["rules", "lint"], ["explain", "X", "a.txt"]):
        assert main([*command, "--rules-dir", "none"]) == ExitCode.USAGE
        assert "none 里没有规则集" in capsys.readouterr().err


def test_outline_and_explain(rules: str, capsys: Captured) -> None:
    put("a.txt", "某县人民政府2022年法治政府建设年度报告\n一、主要举措和成效\n全县完成演示报告3份。\n")
    assert main(["outline", "a.txt"]) == ExitCode.OK
    shown = capsys.readouterr().out
    for expected in (
        "年度  2022（读自标题）",
        "县级",
        "一、 主要举措和成效 [举措和成效]",
        "[举措和成效] 全县完成演示报告3份",
    ):
        assert expected in shown, expected
    assert main(["explain", "demo-01-01", "a.txt", rules]) == ExitCode.OK
    shown = capsys.readouterr().out
    for expected in ("结论: 有据 100", "「全县完成演示报告3份」", "要点（非原文）", "锚词 演示报告、完成", "语气 已做"):
        assert expected in shown, expected
    assert main(["explain", "demo-09-09", "a.txt", rules]) == ExitCode.USAGE
    assert main(["explain", "demo-01-02", "a.txt", rules]) == ExitCode.USAGE
    assert "相近的编号：DEMO-01-01" in capsys.readouterr().err
    assert main(["explain", "a.txt", "demo-01-01", rules]) == ExitCode.USAGE
    assert "auditor explain demo-01-01 a.txt" in capsys.readouterr().err
    assert main(["explain", "demo-01-01", "gone.txt", rules]) == ExitCode.NO_INPUT
    put("empty.txt", "")
    assert main(["outline", "empty.txt"]) == ExitCode.UNREADABLE


def test_a_passage_that_several_patterns_found_is_explained_once() -> None:
    found = auditor.audit.CandidateView(
        "清理3份", 0, 5, (), Role.WORK, "清理", ("清理",), 0.8, "done", "own", "this", (), "evidenced"
    )
    other = replace(found, pattern="废止", anchors=("清理", "3份"), similarity=1.0)
    refused = replace(found, decision="refused: 另一件事")
    (first, second) = together((found, refused, other))
    assert (first.pattern, first.anchors, first.similarity) == ("清理,废止", ("清理", "3份"), 1.0)
    assert second == refused


def test_an_obligation_of_another_rule_set_is_told_as_such(capsys: Captured) -> None:
    put("a.txt", "某县人民政府2022年法治政府建设年度报告\n一、主要举措和成效\n全县清理文件3份。\n")
    assert main(["explain", "GY15-23-01", "a.txt"]) == ExitCode.USAGE
    shown = capsys.readouterr().err
    assert "GY15-23-01 属于 gy15" in shown
    assert "按 gy21" in shown


# ---- errors


def test_a_report_that_breaks_the_engine_is_one_line_with_how_to_report_it(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a\nb")

    put("a.txt")
    monkeypatch.setattr(auditor.audit, "audit_bytes", broken)
    assert main(["audit", "a.txt", "--no-out"]) == ExitCode.UNREADABLE
    error = capsys.readouterr().err.splitlines()
    assert len(error) == 1
    assert "ZeroDivisionError" in error[0]
    assert "AUDITOR_DEBUG=1" in error[0]
    monkeypatch.setenv("AUDITOR_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        main(["audit", "a.txt"])


def test_invalid_rules_are_lines_of_file_line_field_problem(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    def refuse(*_: object) -> None:
        raise RuleError(("gy21/a.yaml:3: rules[0].pattern: unknown key",))

    put("a.txt")
    monkeypatch.setattr(auditor.audit, "audit_bytes", refuse)
    assert main(["audit", "a.txt"]) == ExitCode.USAGE
    assert capsys.readouterr().err == "gy21/a.yaml:3: rules[0].pattern: unknown key\n"


def test_a_reader_that_leaves_early_breaks_nothing() -> None:
    command = f"{sys.executable} -m auditor rules schema | true; exit ${{PIPESTATUS[0]}}"
    shown = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert (shown.returncode, shown.stderr) == (0, "")


# ---- paths


def names(*arguments: str, skip: tuple[Path, ...] = ()) -> list[str]:
    return [each.name for each in find_inputs(arguments, {".txt", ".md"}, skip)]


def test_a_folder_gives_its_readable_files_without_junk() -> None:
    for name in (
        "d/b.txt",
        "d/a.TXT",
        "d/c.docx",
        "d/~$b.txt",
        "d/.h.txt",
        "d/.git/x.txt",
        "d/sub/z.md",
        "d/__MACOSX/a.txt",
    ):
        put(name)
    assert names("d") == ["d/a.TXT", "d/b.txt", "d/sub/z.md"]
    assert names("./d/") == ["d/a.TXT", "d/b.txt", "d/sub/z.md"]


def test_files_are_taken_as_named_once_and_in_order() -> None:
    for name in ("b.txt", "a.docx", "d/c.txt"):
        put(name)
    assert names("b.txt", "a.docx", "./b.txt", "d", "-", "gone.txt") == [
        "b.txt",
        "a.docx",
        "d/c.txt",
        "stdin.txt",
        "gone.txt",
    ]


def test_globs() -> None:
    for name in ("b1.txt", "b2.txt", "d/b3.txt", "x[1].txt"):
        put(name)
    assert names("b*.txt") == ["b1.txt", "b2.txt"]
    assert names("**/b?.txt") == ["b1.txt", "b2.txt", "d/b3.txt"]
    assert names("x[1].txt") == ["x[1].txt"]
    assert names("q*") == []


def test_what_is_about_to_be_written_is_skipped_in_folders() -> None:
    put("d/a.txt")
    put("d/out.md")
    assert names("d", skip=(Path("d/out.md").resolve(),)) == ["d/a.txt"]


def test_names_can_always_be_printed() -> None:
    assert printable("甲/a.txt") == "甲/a.txt"
    assert printable("a\udcff.txt") == "a\\udcff.txt"


# ---- outputs


def test_plan_of_outputs() -> None:
    folder = (Output("json", Path("o/audit.json")), Output("md", Path("o/audit.md")))
    assert plan([], "o", False, Lang.ZH) == (Output("table", None), *folder)
    assert plan([], "o", True, Lang.ZH) == (Output("table", None),)
    assert plan(["json"], None, False, Lang.ZH) == (Output("json", None),)
    assert plan(["json=-"], None, False, Lang.ZH) == (Output("json", None),)
    assert plan(["md=a=b.md"], None, False, Lang.ZH) == (Output("md", Path("a=b.md")),)
    assert plan(["json"], "o", False, Lang.ZH) == (Output("json", None), *folder)


def test_a_file_is_written_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    path = put("o/audit.md", "旧")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(Exception, match="磁盘已满"):
        write_file(path, "新", Lang.ZH)
    assert path.read_text(encoding="utf-8") == "旧"
    assert files() == ["o/audit.md"]


def test_writing_to_a_device_does_not_replace_it() -> None:
    write_file(Path(os.devnull), "x", Lang.ZH)
    assert not Path(os.devnull).is_file()


def test_line_ends_are_the_same_everywhere() -> None:
    write_file(Path("a.md"), "甲\n乙\n", Lang.ZH)
    assert Path("a.md").read_bytes() == "甲\n乙\n".encode()
