"""One sentence in: whether each clause tells a deed, a plan, a lack, a norm or a purpose; whose deed; of which year."""

from __future__ import annotations

import pytest

from auditor.polarity import Perspective, Polarity, Subject, Year, clause_bounds, nil_report, read_clauses
from auditor.report import Level

COUNTY = Perspective(2022, Level.COUNTY, "栾溪县人民政府", "临岳市人民政府")
CITY = Perspective(2022, Level.CITY, "临岳市人民政府")


def polarities(sentence: str, view: Perspective = COUNTY) -> list[str]:
    return [c.polarity.value for c in read_clauses(sentence, view)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("全年清理规范性文件49件", Polarity.DONE),
        ("下一步将推进示范创建", Polarity.PLANNED),
        ("拟成立行政复议委员会", Polarity.PLANNED),
        ("计划于6月举办法治培训班", Polarity.PLANNED),
        ("明年对裁量基准逐项公布", Polarity.PLANNED),
        ("论证专家库尚未建立", Polarity.LACKING),
        ("复议决定书未在网上公开", Polarity.LACKING),
        ("法制审核人员配备不足", Polarity.LACKING),
        ("专项整治长效机制不健全", Polarity.LACKING),
        ("行政执法公示有待加强", Polarity.LACKING),
        ("未经合法性审核的,不得提交集体审议", Polarity.NORM),
        ("没有法律依据的执法事项一律取消", Polarity.NORM),
        ("为进一步优化营商环境", Polarity.PURPOSE),
    ],
)
def test_the_first_clause(sentence: str, expected: Polarity) -> None:
    assert polarities(sentence)[0] == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "将法治建设情况纳入年终述职内容",  # 将 takes an object here, it is no future
        "对拟出台的文件逐件审核",
        "解决执法不规范问题12个",  # a lack that was mended
        "补短板、强弱项",
        "因合同不规范引发的纠纷明显减少",
        "运用无人机巡查112架次",
        "为18名执法人员统一换证",
        "梳理短板19个",
        "看有没有排除竞争的内容",
        "本年度未收到行政复议申请",
    ],
)
def test_look_like_plans_or_lacks_and_are_deeds(sentence: str) -> None:
    assert polarities(sentence) == [Polarity.DONE]


def test_a_plan_carries_on_until_something_is_done() -> None:
    assert polarities("下一步将完善制度,加强培训,目前已培训3期") == ["planned", "planned", "done"]


@pytest.mark.parametrize(
    ("sentence", "view", "expected"),
    [
        ("市委依法治市办对我县开展督察", COUNTY, Subject.SUPERIOR),
        ("4月省政府督察组来我县督察", COUNTY, Subject.SUPERIOR),
        ("临岳市9月获评全省法治政府建设示范市", COUNTY, Subject.SUPERIOR),
        ("邻县组织39名负责人述法", COUNTY, Subject.OTHER),
        ("迎接省委依法治省办督察", COUNTY, Subject.OWN),
        ("清理以县政府名义制发的文件", COUNTY, Subject.OWN),
        ("市政府印发实施方案", CITY, Subject.OWN),
        ("省政府印发实施方案", CITY, Subject.SUPERIOR),
    ],
)
def test_whose_deed(sentence: str, view: Perspective, expected: Subject) -> None:
    assert read_clauses(sentence, view)[0].subject is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("2021年清理文件74件", Year.EARLIER),
        ("去年举办培训3期", Year.EARLIER),
        ("2022年清理文件49件", Year.CURRENT),
        ("受理案件24件,较去年增长243%", Year.CURRENT),
        ("对1980年-2022年10月的文件进行清理", Year.CURRENT),
        ("2023年开展后评估", Year.LATER),
    ],
)
def test_which_year(sentence: str, expected: Year) -> None:
    assert read_clauses(sentence, COUNTY)[0].year is expected


def test_marks_inside_titles_and_brackets_do_not_divide_clauses() -> None:
    text = "印发《关于甲,乙的意见》(含附件,共3份),并公开1,200份"
    assert [text[s:e] for s, e in clause_bounds(text)] == ["印发《关于甲,乙的意见》(含附件,共3份)", "并公开1,200份"]


@pytest.mark.parametrize(("text", "nil"), [("无行政复议案件", True), ("收到申请0件", True), ("收到申请10件", False)])
def test_nil_reports(text: str, nil: bool) -> None:
    assert nil_report(text) is nil
