"""A tiny rule and a tiny report in, a status out: how the judge decides, apart from any real rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from auditor.examples import example_text
from auditor.findings import Finding, Flag, Status
from auditor.judging import Judge, copied
from auditor.matching import Matcher
from auditor.obligations import Example, Rule, RuleSet
from auditor.readers import read_bytes
from auditor.report import Level, Role
from auditor.rules import load_ruleset
from auditor.structure import structure
from auditor.validation import validated

FIXED = {
    "id": "GY21-09-04",
    "title": "规范性文件动态清理",
    "importance": "core",
    "levels": ["province", "city", "county"],
    "levels_by_reference": ["township"],
    "part": "三",
    "gist": "健全行政规范性文件动态清理工作机制",
    "wording": "recalled",
    "elements": [{"text": "清理总数", "strong": True}, {"text": "公布目录", "strong": True}],
    "advice": "写明清理____件。",
}
CLEANUP: dict[str, Any] = {"name": "清理", "all": [["规范性文件"], ["清理"]], "shows": [1]}


@pytest.fixture(scope="module")
def shipped() -> RuleSet:
    return load_ruleset("gy21")


Ask = Callable[..., Finding]


@pytest.fixture
def ask(shipped: RuleSet) -> Ask:
    def finding(
        text: str,
        *patterns: dict[str, Any],
        role: Role = Role.WORK,
        level: Level | None = Level.COUNTY,
        **fields: Any,
    ) -> Finding:
        rule = validated(Rule, {**FIXED, "patterns": patterns or (CLEANUP,), **fields})
        rules = replace(shipped, rules=(rule,), words={rule.id: shipped.shared.groups})
        source = example_text(Example(text=text, status=Status.MISSING, role=role))
        report = structure(read_bytes(source.encode(), "a.txt"), "a.txt", "", year=2022, level=level)
        found = Judge(report, Matcher([rules])).finding(rule, shipped.head)
        for passage in (*found.evidence, *found.near_misses):
            assert report.text[passage.start : passage.end] == passage.quote
        return found

    return finding


def test_a_deed_with_a_fact_is_evidenced(ask: Ask) -> None:
    found = ask("全年清理规范性文件49件。")
    assert found.status is Status.EVIDENCED
    assert found.score == 100
    assert found.evidence[0].facts == ("49件",)


def test_a_deed_without_a_fact_is_asserted(ask: Ask) -> None:
    assert ask("开展规范性文件清理。").status is Status.ASSERTED


def test_a_fact_of_another_kind_of_thing_does_not_count(ask: Ask) -> None:
    assert ask("开展规范性文件清理,培训120人。", {**CLEANUP, "units": ["件"]}).status is Status.ASSERTED


def test_a_fact_that_is_demanded_and_lacking_leaves_a_near_miss(ask: Ask) -> None:
    found = ask("开展规范性文件清理。", {**CLEANUP, "fact": "needed"})
    assert found.status is Status.MISSING
    assert "具体事实" in found.near_misses[0].why


def test_a_plan_is_planned_and_no_evidence(ask: Ask) -> None:
    assert ask("开展规范性文件清理。", role=Role.PLAN).status is Status.PLANNED
    assert ask("下一步将开展规范性文件清理。").status is Status.PLANNED


def test_an_admitted_lack_is_acknowledged(ask: Ask) -> None:
    assert ask("规范性文件清理不及时。", role=Role.PROBLEM).status is Status.ACKNOWLEDGED
    assert ask("规范性文件尚未清理。").status is Status.ACKNOWLEDGED


def test_a_lack_comes_before_a_plan(ask: Ask) -> None:
    text = "一、工作情况\n加强学习。\n二、存在的不足\n规范性文件清理不及时。\n三、下一步打算\n清理规范性文件。\n"
    assert ask(text).status is Status.ACKNOWLEDGED


def test_a_lack_beside_a_deed_is_a_shortcoming(ask: Ask) -> None:
    text = "一、工作情况\n清理规范性文件49件。\n二、存在的不足\n规范性文件清理不及时。\n"
    found = ask(text)
    assert (found.status, found.flags, found.score) == (Status.EVIDENCED, (Flag.SHORTCOMING,), 90)


def test_the_preamble_proves_nothing(ask: Ask) -> None:
    found = ask("2022年,在县委坚强领导下,清理规范性文件49件。", role=Role.PREAMBLE)
    assert found.status is Status.MISSING


def test_a_cited_title_is_no_deed(ask: Ask) -> None:
    found = ask("认真贯彻《关于做好规范性文件清理工作的通知》。")
    assert found.status is Status.MISSING
    assert "名称" in found.near_misses[0].why


def test_a_superiors_deed_is_not_the_units(ask: Ask) -> None:
    found = ask("市政府清理规范性文件30件。")
    assert found.status is Status.MISSING
    assert "上级" in found.near_misses[0].why


def test_last_years_figures_are_not_this_years(ask: Ask) -> None:
    assert ask("2021年清理规范性文件74件。").status is Status.MISSING
    assert ask("2021年清理的规范性文件已装订成册。").status is Status.MISSING


def test_a_norm_is_a_claim_at_most(ask: Ask) -> None:
    found = ask("规范性文件必须每2年清理一次。")
    assert found.status is Status.ASSERTED
    assert "规则要求" in found.reason


def test_a_look_alike_is_refused_with_its_reason(ask: Ask) -> None:
    refuse = [{"words": ["执法证"], "why": "清理的是执法证"}]
    found = ask("按规范性文件清理执法证95本。", refuse=refuse)
    assert found.status is Status.MISSING
    assert found.near_misses[0].why == "清理的是执法证"


def test_a_word_with_a_slip_in_it_still_counts(ask: Ask) -> None:
    found = ask("开展规范行文件清理。")
    assert found.status is Status.ASSERTED
    assert found.confidence < ask("开展规范性文件清理。").confidence


def test_a_short_word_counts_at_word_edges_only(ask: Ask) -> None:
    disclosure = {"name": "公开", "all": [["公开"], ["压减", "目录"]]}
    assert ask("压减办公开支。", disclosure).status is Status.MISSING
    assert ask("公开目录。", disclosure).status is Status.ASSERTED


def test_a_topic_counts_for_plans_and_lacks_alone(ask: Ask) -> None:
    pattern = {"name": "评估", "all": [["后评估"], ["开展"]]}
    assert ask("后评估走过场。", pattern, topic=["后评估"], role=Role.PROBLEM).status is Status.ACKNOWLEDGED
    assert ask("后评估。", pattern, topic=["后评估"]).status is Status.MISSING


def test_words_may_stand_in_the_sentence_before(ask: Ask) -> None:
    result = {"name": "结果", "all": [["规范性文件"], ["废止#件"]], "fact": "self", "within": "paragraph"}
    assert ask("对规范性文件逐件过筛。其中废止3件。", result).status is Status.EVIDENCED


def test_a_level_that_is_not_bound_is_not_applicable(ask: Ask) -> None:
    assert ask("开展学习。", level=Level.DEPARTMENT).status is Status.NOT_APPLICABLE


def test_a_level_that_follows_by_reference_is_judged_only_if_shown_done(ask: Ask) -> None:
    assert ask("开展学习。", level=Level.TOWNSHIP).status is Status.NOT_APPLICABLE
    assert ask("清理规范性文件2件。", level=Level.TOWNSHIP).status is Status.EVIDENCED


def test_a_figure_below_the_threshold_is_flagged_and_no_figure_is_not(ask: Ask) -> None:
    training = {"name": "培训", "all": [["执法人员"], ["培训"]]}
    hours = [{"name": "人均学时", "unit": ["学时"], "at_least": 60, "words": ["人均"]}]
    low = ask("培训执法人员157名,人均41学时。", training, thresholds=hours)
    assert low.flags == (Flag.BELOW_THRESHOLD,)
    assert "41学时" in low.reason
    assert ask("培训执法人员157名,人均60学时。", training, thresholds=hours).flags == ()
    assert ask("培训执法人员157名。", training, thresholds=hours).flags == ()


def test_copied_wording_is_flagged(ask: Ask) -> None:
    found = ask("健全行政规范性文件动态清理工作机制。")
    assert found.flags == (Flag.COPIED_WORDING,)
    assert found.score == 40


def test_copied_needs_the_instruments_words_and_no_figure() -> None:
    gist = "建立健全重大行政决策跟踪反馈制度"
    assert copied(gist, "建立重大行政决策跟踪反馈制度")
    assert not copied(gist, "建立重大行政决策跟踪反馈制度3项")
    assert not copied(gist, "定期调度重点工程进展")


def test_the_half_that_is_not_shown_is_named(ask: Ask) -> None:
    found = ask("清理规范性文件49件。", {**CLEANUP, "half": "清理"}, halves=["清理", "公布"])
    assert "“公布”未见" in found.reason


def test_the_elements_that_are_not_shown_are_named(ask: Ask) -> None:
    assert "未写:公布目录" in ask("清理规范性文件49件。").reason
