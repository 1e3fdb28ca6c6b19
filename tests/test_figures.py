"""The figure checks: sentences in, verdicts out. A false alarm is worse than a miss, so most cases must stay silent."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from auditor.audit import Options, read_report
from auditor.figures import FigureCheck, check_figures
from auditor.indicators import read_indicators
from auditor.quantities import read
from auditor.report import Report, Role, Section, Sentence, Source
from auditor.text import cut, normalise


def report(text: str, role: Role = Role.WORK) -> Report:
    """A report of one section whose paragraphs are the lines of ``text``."""
    sentences: list[Sentence] = []
    base = 0
    for paragraph, line in enumerate(text.split("\n")):
        plain = normalise(line, base)
        for start, end in cut(plain.text):
            places = plain.offsets[start:end]
            bounds = places[0], places[-1] + 1
            sentences.append(Sentence(plain.text[start:end], places, *bounds, role, 0, paragraph))
        base += len(line) + 1
    section = Section("主要举措和成效", "一", 1, role, None, 0, len(text))
    return Report(Source("x.txt", "0", year=2024), text, (section,), tuple(sentences))


def checks(text: str, role: Role = Role.WORK) -> tuple[FigureCheck, ...]:
    found = check_figures(report(text, role))
    for check in found:
        assert check.quote == text[check.start : check.end]
        assert 0 < check.confidence <= 1
        assert check.verdict == "holds" or check.reason
    return found


def fails(text: str) -> list[str]:
    return [c.expression for c in checks(text) if c.verdict == "fails"]


def holds(text: str) -> list[str]:
    return [c.expression for c in checks(text) if c.verdict == "holds"]


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("共清理96件,其中确认继续有效的4件,需修订的17件,应当废止的43件,失效的32件。", "96 = 4+17+43+32"),
        ("受理投诉952件(含省派件)。其中,求助类692件;投诉类254件;举报类6件。", "952 = 692+254+6"),
        ("内部事项涉及8个部门53项事项,其中取消1项,下放3项、三减49项,减少环节46个。", "53 = 1+3+49"),
        ("已依法办结5件,其中3件决定维持、1件决定撤销、1件终止。", "5 = 3+1+1"),
        ("对市政府制发的192件现行文件进行了清理,保留162件,修改9件,废止21件。", "192 = 162+9+21"),
        ("办理人大代表建议86件\uff0c政协提案112件\uff0c共198件。", "198 = 86+112"),
        ("列出任务41项,年末完成39项,其余2项转入下年。", "41 = 39+2"),
        ("排查隐患373处(燃气171处、危化品6处、渔船54处、施工55处、民宿87处)。", "373 = 171+6+54+55+87"),
        ("案卷300宗,优秀114宗、良好151宗、合格35宗。", "300 = 114+151+35"),
        ("办理案件820件,其中民事560件(农民工讨薪180件),刑事250件,行政10件。", "820 = 560+250+10"),
        ("清理文件一百件,继续有效八十件,修改十件,废止十件。", "100 = 80+10+10"),
        ("办理建议86件、提案112件,其中A类108件、B类60件、C类30件。", "86+112 = 108+60+30"),
        ("投入1.6万元,其中设备1.1万元、培训0.5万元。", "16000 = 11000+5000"),
        ("受理信访件48件,已办结42件,在办理期限内6件。", "48 = 42+6"),
    ],
)
def test_a_sum_that_holds(text: str, expression: str) -> None:
    assert expression in holds(text)
    assert fails(text) == []


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        (
            "办理案件1386件\uff0c其中市监412件、城管365件、交通287件、资源96件、其他206件。",
            "1386 ≠ 412+365+287+96+206 = 1366",
        ),
        ("审结31件,其中维持14件、撤销3件、确认违法2件、驳回5件、终止6件。", "31 ≠ 14+3+2+5+6 = 30"),
        ("组织对现行37件文件逐件清理,继续有效25件、修改4件、废止5件、失效2件。", "37 ≠ 25+4+5+2 = 36"),
        ("办理建议56件、提案72件,共130件。", "130 ≠ 56+72 = 128"),
        ("发现问题63个,整改60个,剩余2个正在整改。", "63 - 60 = 3 ≠ 2"),
        ("梳理事项128项,其中许可40项;处罚60项;其他类32项。", "128 ≠ 40+60+32 = 132"),
        ("抽查案卷60卷,优秀20卷、良好30卷、合格8卷、不合格3卷。", "60 ≠ 20+30+8+3 = 61"),
        ("逐项评估41项执法权,收回18项,保留22项。", "41 ≠ 18+22 = 40"),
    ],
)
def test_a_sum_that_fails(text: str, expression: str) -> None:
    assert expression in fails(text)


@pytest.mark.parametrize(
    "text",
    [
        "受理952件。突出问题集中在民生领域88件(医保41件),住房领域71件,环境领域70件。",
        "主动公开信息5216条,其中政策文件74条、重点领域信息3390条。",
        "受理复议125件,其中公安类60件、人社类32件、资源类18件。",
        "受理复议125件,其中公安类60件、人社类32件等。",
        "培训执法人员500人次,其中领导干部100人次,一线执法人员450人次。",
        "接访102批458人次,其中领导接访51批次256人次,约访22批22人次,走访15批18人次,回访4批4人次。",
        "收到复议申请100件,其中受理80件,不予受理15件。",
        "办理案件820件,其中民事560件,农民工讨薪180件,刑事250件,行政10件。",
        "开展宣传80余场次,其中进校园30场次、进社区40场次、进企业20场次。",
        "全县14个乡镇,其中5个镇、9个乡,共187个行政村。",
        "召开会议3次、座谈会5次,共解决问题20个。",
        "制定文件12件,清理旧文件,保留45件,修改1件,废止3件。",
        "抽取129本案卷,其中优秀32本、良好68本、合格25本,合格率96.9%。",
        "8名负责人现场述法,16名评议员打分,其余49名书面述法。",
        "涵盖27家单位,9个乡镇、3个管委会,包含基层站(所)共73个主体。",
        "审批时限由20个工作日压缩至10个工作日,节能审查由30个工作日压缩至5个工作日。",
        "202名具备资格,其中市本级13名,各县均达到2名以上。",
    ],
)
def test_an_open_list_is_not_called_wrong(text: str) -> None:
    assert fails(text) == []


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("受理952件。其中,求助类692件,占比72.69%;举报类6件,占比0.63%。", "692/952 = 72.69%"),
        ("共107名人员参加考试,99人成绩合格并取得资格证,通过率92%。", "99/107 = 92%"),
        ("排查纠纷3719件,调解成功件3685,调解成功率99%。", "3685/3719 = 99%"),
        ("评选优秀案卷22卷、良好案卷5卷,合格卷2卷,案卷优良率93.1%。", "(22+5)/29 = 93.1%"),
        ("反馈问题17个。逐条对账,年底前销号15个,整改率88.2%,余下2个。", "15/17 = 88.2%"),
        ("44个单位中有40个聘请了法律顾问,占90.9%。", "40/44 = 90.9%"),
        ("应出庭9件,出庭9件,出庭应诉率100%。", "9/9 = 100%"),
        ("排查纠纷12.6万件,化解12.5万件,化解率99.2%。", "125000/126000 = 99.2%"),
        ("1200人报名,实际参考1100人,合格1056人,合格率96%。", "1056/1100 = 96%"),
        ("排查纠纷1200件、信访积案300件,化解1170件,化解率78%。", "1170/1500 = 78%"),
        ("受理500件,审结200件,占百分之四十。", "200/500 = 40%"),
    ],
)
def test_a_rate_that_holds(text: str, expression: str) -> None:
    assert expression in holds(text)
    assert fails(text) == []


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("排查化解纠纷437起,调解成功435件,调解率100%,调解成功率98%。", "435/437 = 99.5% ≠ 98%"),
        ("评为优秀41卷、合格73卷、不合格6卷,合格率97%。", "(41+73)/120 = 95.0% ≠ 97%"),
        ("排查隐患286处,整改到位271处,整改率96.8%。", "271/286 = 94.8% ≠ 96.8%"),
        ("受理500件,其中求助类150件,占比35%。", "150/500 = 30.0% ≠ 35%"),
        ("审结20件,败诉2件,败诉率12%。", "2/20 = 10.0% ≠ 12%"),
        ("收到建议41条,采纳19条,采纳率56.3%。", "19/41 = 46.3% ≠ 56.3%"),
    ],
)
def test_a_rate_that_fails(text: str, expression: str) -> None:
    assert expression in fails(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("行政应诉案件21件,一审审结17件,败诉3件,二审败诉1件,败诉率23.52%。", "一审与二审"),
        ("负责人出庭率达到100%。", "基数"),
        ("受理30件,已办结25件,另外5件仍在办理期限中,按期办结率100%。", "口径"),
        ("对250项行政权力以及249项行政权力的320要素进行调整,调整率达16.3%。", "口径"),
        ("民生支出达到2772亿元,占一般公共预算支出的65%。", "一般公共预算支出"),
        ("受理仲裁案件500件,调解成功200件,调解成功率80%。", "口径"),
        ("排查纠纷1000余件,化解950余件,化解率91%。", "口径"),
        ("办理复议案件24件,较去年增长了243%。", "上年"),
    ],
)
def test_a_rate_without_a_base_says_why(text: str, reason: str) -> None:
    found = checks(text)
    assert [c.verdict for c in found if c.kind in ("rate", "share", "growth")] == ["not_checkable"]
    assert any(reason in c.reason for c in found)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("时限由11.6个工作日减至3.2个工作日,压缩72.4%。", "holds"),
        ("时限由20个工作日压缩至5个工作日,压缩70%。", "fails"),
        ("入企3443次,比上年的5120次少了32.8%。", "holds"),
        ("入企3443次,比上年的5120次少了42.8%。", "fails"),
        ("案件从2021年的203件上升到612件,增长201.5%。", "holds"),
        ("生产总值由350亿元增加到420亿元,年均增长5%。", "not_checkable"),
    ],
)
def test_growth(text: str, verdict: str) -> None:
    assert [c.verdict for c in checks(text) if c.kind == "growth"] == [verdict]


def test_growth_of_something_else_is_left_alone() -> None:
    assert fails("企业开办时间从9天缩短至4天,出口通关、备案时间分别压缩69%、60%。") == []


def test_closed_cases_that_include_pending_ones() -> None:
    text = "受理16件,已办结27件(含上年结转11件),其中,维持14件,驳回1件,撤销4件,终止4件,正在审理4件。"
    assert holds(text) == []
    assert [c.kind for c in checks(text) if c.verdict == "fails"] == ["contradiction"]


def test_the_same_quantity_given_twice() -> None:
    text = "其余县级政务服务事项1418项全部达到进驻要求。\n县级政务服务事项1550项、乡镇603项全部达到进驻要求。"
    assert fails(text) == ["县级政务服务事项:1418项 ≠ 1550项"]
    assert fails("全年收到行政复议申请120件。\n综上,全年共收到行政复议申请130件。")


@pytest.mark.parametrize(
    "text",
    [
        "上半年,收到行政复议申请56件。\n全年收到行政复议申请120件。",
        "主动公开政府信息1200条。\n通过网站主动公开政府信息800条。",
        "县局收到行政复议申请12件,乡镇收到行政复议申请15件。",
        "提出法律意见建议5条均被采纳吸收。\n提出法律意见建议8条均被采纳吸收。",
        "将12个乡(镇、街道)分为四个片区。\n10个乡镇签订确认书。",
    ],
)
def test_different_scopes_do_not_contradict(text: str) -> None:
    assert fails(text) == []


def test_a_table_with_one_wrong_column() -> None:
    text = "领域|许可|处罚\n市监|83|46\n城管|65|32\n其他|37|18\n合计|185|69"
    found = checks(text)
    assert [(c.verdict, c.expression) for c in found if c.kind == "table"] == [
        ("holds", "185 = 83+65+37"),
        ("fails", "69 ≠ 46+32+18 = 96"),
    ]
    assert {c.quote for c in found} == {"合计|185|69"}


def test_a_table_with_subtotals_is_not_called_wrong() -> None:
    assert fails("领域|许可\n市监|83\n其中:食品|40\n城管|65\n合计|148") == []


def test_a_share_of_numbers_in_a_table() -> None:
    table = "\n项目|收到|审结|维持|调解和解\n件数|213|132|71|61"
    assert fails("情况见表,其中靠调解和解结案的占审结数的64.2%。" + table) == ["61/132 = 46.2% ≠ 64.2%"]
    assert "61/132 = 46.2%" in holds("情况见表,其中靠调解和解结案的占审结数的46.2%。" + table)


def test_arrangements_for_next_year_have_no_rates_to_check() -> None:
    assert checks("排查纠纷100件,化解率达到98%。", Role.PLAN) == ()


@pytest.mark.parametrize(
    "text",
    [
        "实施1310工程。",
        "召开第57次会议。",
        "拨打12345热线。",
        "八五普法。",
        "国办函〔2020〕109号。",
        "3至5个。",
        "落实三项制度。",
        "《三年3件事》",
    ],
)
def test_digits_that_are_no_quantities(text: str) -> None:
    assert read(normalise(text).text) == ()


@pytest.mark.parametrize(
    ("text", "value", "unit", "about"),
    [
        ("培训2200余人", 2200, "人", True),
        ("发放20多万份", 200_000, "份", True),
        ("约38000件", 38_000, "件", True),
        ("成功件3685,", 3685, "件", False),
        ("1012人次", 1012, "人次", False),
        ("1.06亿元", 106_000_000, "元", False),
        ("办结九十六件", 96, "件", False),
        ("执法人员12,345人", 12_345, "人", False),
    ],
)
def test_reading_a_quantity(text: str, value: float, unit: str, about: bool) -> None:
    (quantity,) = read(text)
    assert (quantity.unit, quantity.about) == (unit, about)
    assert quantity.value == pytest.approx(value)
    assert quantity.low <= quantity.value <= quantity.high


def test_the_answer_is_the_same_every_time() -> None:
    text = "受理952件。其中,求助类692件,占比72.69%;投诉类254件,占比26.68%;举报类6件,占比0.63%。"
    assert checks(text) == checks(text)


# ---- the labelled reports, and made cases


def measure() -> ModuleType:
    """``benchmarks/figures_accuracy.py``, which measures the same for the accuracy page."""
    path = Path(__file__).parent.parent / "benchmarks" / "figures_accuracy.py"
    spec = importlib.util.spec_from_file_location("figures_accuracy", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_every_labelled_wrong_figure_is_found_and_no_true_one_called_wrong() -> None:
    tally, mistakes = measure().on_labels()
    assert tally.there >= 8
    assert mistakes["missed"] == []
    assert mistakes["true"] == []
    assert len(mistakes["unclear"]) <= 1
    assert mistakes["unlabelled"] == []


def test_made_sentences_are_told_apart() -> None:
    tally, mistakes = measure().on_made_figures(draws=8)
    assert tally.precision == 1.0, mistakes
    assert tally.recall >= 0.98, mistakes


@pytest.mark.parametrize(
    ("seed", "expected"),
    [
        ("003", {("435/437 = 99.5% ≠ 98%", "fails"), ("96 = 4+17+43+32", "holds")}),
        ("001", {("6800 = 463+65+40+4025+1085+328+717+64+13", "holds"), ("(22+5)/29 = 93.1%", "holds")}),
        ("000", {("952 = 692+254+6", "holds"), ("692/952 = 72.69%", "holds"), ("6/952 = 0.63%", "holds")}),
    ],
)
def test_the_seeds(seed: str, expected: set[tuple[str, str]]) -> None:
    path = next((Path(__file__).parent.parent / "seeds").glob(f"{seed}_*.txt"))
    found = check_figures(read_report(path, path.name, Options()))
    assert expected <= {(c.expression, c.verdict) for c in found}


def test_the_rate_of_lost_cases_of_a_seed_is_not_checkable_and_says_why() -> None:
    path = next((Path(__file__).parent.parent / "seeds").glob("001_*.txt"))
    (rate,) = (c for c in check_figures(read_report(path, path.name, Options())) if "败诉率" in c.quote)
    assert rate.verdict == "not_checkable"
    assert "一审与二审" in rate.reason


def test_no_kept_part_is_taken_for_a_total_of_its_own() -> None:
    assert fails("对现行145件行政规范性文件逐件清理,继续有效70件,修改7件,废止68件。") == []


def test_what_was_closed_is_a_part_of_what_was_accepted() -> None:
    (check,) = checks("收到行政复议申请10件,其中:依法受理5件、审结5件、不予受理5件。")
    assert (check.expression, check.verdict) == ("10 = 5+5", "holds")
    assert check.quote.endswith("不予受理5件")
    assert holds("收到行政复议申请30件,其中受理20件,审结15件,维持10件,撤销5件,不予受理10件。") == ["30 = 20+10"]


@pytest.mark.parametrize(
    "text",
    [
        "收到行政复议申请10件,其中:依法受理5件、审结5件、不予受理3件。",
        "收到行政复议申请10件,其中:受理7件、审结3件。",
        "收到行政复议申请10件,其中:受理7件、已办结3件。",
        "收到行政复议申请10件,其中7件受理、3件结案。",
    ],
)
def test_accepted_and_closed_do_not_make_up_what_was_received(text: str) -> None:
    assert [c for c in checks(text) if c.verdict != "not_checkable"] == []


def test_a_contradicted_sum_is_not_also_said_to_hold() -> None:
    text = "受理16件,已办结27件,其中,维持14件,驳回1件,撤销4件,终止4件,正在审理4件。"
    assert [(c.expression, c.verdict) for c in checks(text)] == [("27 ≠ 23(已结各项之和)", "fails")]


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("已依法办结5件,其中3件决定维持、1件决定撤销、1件终止。", "1件终止"),
        ("共有3件行政诉讼案件,其中1件已撤诉,2件正在审理。", "2件正在审理"),
        ("共有3件行政诉讼案件(其中1件已撤诉,2件正在审理)。", "2件正在审理"),
        ("受理437起,调解成功435起,调解成功率98%左右\uff0c较为稳定。", "98%左右"),
    ],
)
def test_a_quote_ends_with_its_clause(text: str, end: str) -> None:
    assert [c.quote for c in checks(text) if c.quote.endswith(end)] != []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("纳入党委(党组)理论学习中心组学习内容,先后开展会前学法等40次。", []),
        ("将法治列入中心组学习内容,县政府常务会议坚持学法制度,先后开展会前学法40次。", [40]),
        ("局党组会会前学法10次。", [10]),
        ("先后开展会前学法12次。", [12]),
    ],
)
def test_study_before_meetings_told_of_the_study_group_is_not_the_executive_meetings(
    text: str, expected: list[float]
) -> None:
    assert [v.value for v in read_indicators(report(text)) if v.id == "xf_executive"] == expected
