"""Rule files: what the strict loader refuses, with file, line and field; what the shipped rules hold."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from auditor.coverage import coverage
from auditor.errors import RuleError
from auditor.examples import mutate, run_examples
from auditor.rules import load_ruleset, rules_root, shipped_sets
from auditor.words import Lang

RULE = """rule_set: gy21
rules:
  - id: GY21-09-04
    title: 清理
    importance: core
    levels: [county]
    part: 三
    gist: 清理
    wording: own
    elements: [{text: 总数, strong: true}]
    patterns:
      - {name: 清理, all: [[规范性文件], [清理]]}
    advice: 写明____件
    examples:
      - {text: 清理规范性文件9件。, status: evidenced}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of rules with one set of one rule."""
    (tmp_path / "gy21").mkdir()
    shutil.copy(rules_root() / "words.yaml", tmp_path)
    shutil.copy(rules_root() / "gy21" / "ruleset.yaml", tmp_path / "gy21")
    (tmp_path / "gy21" / "rules.yaml").write_text(RULE, encoding="utf-8")
    return tmp_path


def problems(folder: Path, old: str, new: str) -> RuleError:
    path = folder / "gy21" / "rules.yaml"
    path.write_text(RULE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RuleError) as error:
        load_ruleset("gy21", folder)
    return error.value


def test_a_valid_file_loads(folder: Path) -> None:
    assert [r.id for r in load_ruleset("gy21", folder).rules] == ["GY21-09-04"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("    gist:", "    gits:", "gy21/rules.yaml:8: rules[0].gits"),
        ("    title: 清理\n", "    title: 清理\n    title: 又\n", "gy21/rules.yaml:5: rules[0].title"),
        ("    title: 清理\n", "    title: no\n", "gy21/rules.yaml:4: rules[0].title"),
        ("    title: 清理\n", "    title: 012\n", "gy21/rules.yaml:4: rules[0].title"),
        ("    title: 清理\n", "    title: 1.10\n", "gy21/rules.yaml:4: rules[0].title"),
        ("importance: core", "importance: high", "gy21/rules.yaml:5: rules[0].importance"),
        ("    advice: 写明____件\n", "", "rules[0].advice"),
        ("[[规范性文件], [清理]]", "[[<没有这组>], [清理]]", "<没有这组>"),
        ("status: evidenced", "status: done", "rules[0].examples[0].status"),
        ("rules:", "rules: [", "YAML"),
        ("    patterns:", "    paterns:", "rules[0].paterns: 没有这个字段\uff0c是不是 patterns\uff1f"),
        ("    gist: 清理\n", "", "gy21/rules.yaml:3: rules[0].gist: 缺少必填字段"),
        ("[清理]]}", "[清理]], within: far}", "rules[0].patterns[0].within: 应为数字或 clause/sentence/paragraph"),
        ("importance: core", "importance: high", "应为 core/common/extended"),
        ("levels: [county]", "levels: county", "rules[0].levels: 应为列表"),
    ],
)
def test_a_bad_file_is_refused_with_its_place(folder: Path, old: str, new: str, expected: str) -> None:
    assert expected in str(problems(folder, old, new))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "    title: 清理\n",
            "    title: no\n",
            "rules[0].title: ambiguous value no: put it in quotes or write it plainly",
        ),
        ("    title: 清理\n", "    title: 清理\n    title: 又\n", "rules[0].title: this key stands twice"),
        ("    title: 清理\n", "    [a]: 清理\n", "rules[0]: a key must be plain text"),
        ("    patterns:", "    paterns:", "rules[0].paterns: unknown key, did you mean patterns?"),
        ("    gist: 清理\n", "", "rules[0].gist: required key is missing"),
        ("[清理]]}", "[清理]], within: far}", "within: should be a number or clause/sentence/paragraph"),
        ("[[规范性文件], [清理]]", "[]", "patterns[0].all: should be at least 1 item(s)"),
        ("[清理]]}", "[清理]], half: b}", "rules[0]: patterns: 清理: half b is not in halves"),
        ("[清理]]}", "[清理]], shows: [9]}", "rules[0]: patterns: 清理: shows names an element that does not exist"),
        ("[[规范性文件], [清理]]", "[[<没有>], [清理]]", "patterns.清理.all: no word group <没有>"),
        ("rules:", "rules: [", "not valid YAML: "),
    ],
)
def test_problems_are_told_in_one_language(folder: Path, old: str, new: str, expected: str) -> None:
    error = problems(folder, old, new)
    assert expected in error.told(Lang.EN)
    assert not re.search("[\u4e00-\u9fff]", error.told(Lang.EN).replace("清理", "").replace("没有", ""))
    # The remedies are words of the user's language alone: none of the English ones stands in the Chinese line.
    assert not re.search("should|must|unknown|missing|twice|ambiguous|word group|element that", str(error))


def test_a_character_that_yaml_refuses_is_told_in_one_line(folder: Path) -> None:
    error = problems(folder, "title: 清理", "title: \x07")
    assert len(str(error).splitlines()) == 1
    assert error.told(Lang.EN).startswith("gy21/rules.yaml:1: -: not valid YAML: ")


def test_a_set_that_is_not_there(folder: Path) -> None:
    with pytest.raises(RuleError) as error:
        load_ruleset("gy99", folder)
    assert error.value.told(Lang.EN) == "gy99: -: no such rule set; there are: gy21"
    assert str(error.value) == "gy99: -: 没有这个规则集\uff1b有 gy21"


def test_an_id_that_stands_twice_is_refused(folder: Path) -> None:
    shutil.copy(folder / "gy21" / "rules.yaml", folder / "gy21" / "second.yaml")
    with pytest.raises(RuleError, match="GY21-09-04"):
        load_ruleset("gy21", folder)


def test_the_hash_changes_with_the_rules(folder: Path) -> None:
    before = load_ruleset("gy21", folder).sha256
    path = folder / "gy21" / "rules.yaml"
    path.write_text(RULE.replace("写明", "说明"), encoding="utf-8")
    assert load_ruleset("gy21", folder).sha256 != before


def test_a_failing_example_is_reported_with_its_place(folder: Path) -> None:
    path = folder / "gy21" / "rules.yaml"
    path.write_text(RULE.replace("status: evidenced", "status: planned"), encoding="utf-8")
    failure = run_examples(("gy21",), root=folder).failures[0]
    assert (failure.where, failure.expected, failure.got) == ("gy21/rules.yaml:15", "planned", "evidenced")


def test_a_pattern_that_no_example_needs_survives_mutation(folder: Path) -> None:
    path = folder / "gy21" / "rules.yaml"
    spare = "      - {name: 多余, all: [[规范性文件], [梳理]]}\n    advice"
    path.write_text(RULE.replace("    advice", spare, 1), encoding="utf-8")
    assert [(s.what, s.name) for s in mutate(("gy21",), root=folder)] == [("pattern", "多余")]


@pytest.mark.parametrize("set_id", shipped_sets())
def test_every_example_of_the_shipped_rules_gets_its_status(set_id: str) -> None:
    run = run_examples((set_id,))
    assert run.total > 0
    assert [f"{f.where}: {f.text} → {f.got}" for f in run.failures] == []


def test_every_obligation_has_its_rule_and_every_rule_its_obligation() -> None:
    result = coverage()
    assert sum(len(i.obligations) for i in result.items) == 181
    assert result.problems == ()


def test_coverage_finds_a_rule_that_strays_from_the_catalogue(folder: Path) -> None:
    shutil.copytree(rules_root() / "catalogue", folder / "catalogue")
    problems = coverage(("gy21",), folder).problems
    assert any(str(p).startswith("GY21-09-04: title") for p in problems)
    assert any(str(p).startswith("GY21-15-01: 目录中有此义务") for p in problems)
