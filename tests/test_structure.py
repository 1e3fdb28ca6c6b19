"""Frame, headings, sections, sentences and roles."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.readers import read_bytes, read_file
from auditor.report import Block, Extracted, Report, Role, Sentence
from auditor.structure import structure

SEEDS = Path(__file__).parent.parent / "seeds"
WORK, PROBLEM, PLAN, PREAMBLE = Role.WORK, Role.PROBLEM, Role.PLAN, Role.PREAMBLE
DONE = "全年办理行政复议案件35件,审结30件,有力维护了群众合法权益。"


def read(text: str, year: int | None = 2022, name: str = "a.txt") -> Report:
    return structure(read_bytes(text.encode(), name), name, "0", year=year)


def headings(report: Report) -> list[tuple[int, str, str, Role]]:
    return [(section.level, section.number, section.heading, section.role) for section in report.sections]


def found(report: Report, words: str) -> Sentence:
    return next(sentence for sentence in report.sentences if words in sentence.text)


def roles(report: Report) -> list[Role]:
    return [sentence.role for sentence in report.sentences if not sentence.heading]


# --- headings ---


def test_three_levels() -> None:
    report = read(
        f"一、做法\n(一)学法\n1.抓培训。{DONE}\n2、抓考试\n{DONE}\n㈡普法\n二、不足\n(1)人少\n经费也少,还需要上级支持。"
    )
    assert headings(report) == [
        (1, "一、", "做法", WORK),
        (2, "(一)", "学法", WORK),
        (3, "1.", "抓培训", WORK),
        (3, "2、", "抓考试", WORK),
        (2, "(二)", "普法", WORK),
        (1, "二、", "不足", PROBLEM),
        (2, "(1)", "人少", PROBLEM),
    ]
    assert report.section_path(3) == ("做法", "学法", "抓考试")
    assert found(report, "抓培训").heading
    assert not found(report, "复议").heading


def test_heading_keeps_its_quotation_marks() -> None:
    report = read(f"一、深化“放管服”改革\n{DONE}\n二、落实“三项制度”\n{DONE}")
    assert [section.heading for section in report.sections] == ["深化“放管服”改革", "落实“三项制度”"]
    assert found(report, "放管服").text == "深化放管服改革"


@pytest.mark.parametrize(
    ("line", "heading", "first"),
    [
        ("(一)加强学法。组织召开会议3次。", "加强学法", "组织召开会议3次。"),
        ("(一)加强学法:组织召开会议3次。", "加强学法", "组织召开会议3次。"),
        (
            "(一)规范发文把牢源头关全年制发规范性文件3件,均已备案。",
            "规范发文把牢源头关",
            "全年制发规范性文件3件,均已备案。",
        ),
        ("(一)严守决策程序提高质量3月下旬,县政府公布目录。", "严守决策程序提高质量", "3月下旬,县政府公布目录。"),
        ("(一)规范公正文明执法一是严格程序。全年检查12次。", "规范公正文明执法", "一是严格程序。"),
    ],
)
def test_heading_runs_into_its_paragraph(line: str, heading: str, first: str) -> None:
    report = read(f"一、做法\n{line}")
    assert report.sections[1].heading == heading
    assert report.sentences[2].text == first


def test_body_that_no_heading_precedes() -> None:
    report = read("一、做法\n(一)全年召开会议3次,办理案件35件,审结30件,开展培训12期,参加人员达到1200余人次。")
    assert not report.sentences[1].heading
    assert report.sentences[1].lead


def test_places_in_brackets_are_no_headings() -> None:
    report = read(f"一、做法\n各乡(镇、街道)落实责任。{DONE}\n(街)道也落实。{DONE}")
    assert len(report.sections) == 1


def test_same_style_on_two_levels() -> None:
    report = read(f"一、2022年工作\n一、学法\n{DONE}\n二、普法\n{DONE}\n二、存在问题\n人少。\n三、下一步打算\n学。")
    assert [(level, heading) for level, _, heading, _ in headings(report)] == [
        (1, "2022年工作"),
        (2, "学法"),
        (2, "普法"),
        (1, "存在问题"),
        (1, "下一步打算"),
    ]


def test_parts() -> None:
    report = read(f"第一部分 工作总结\n一、学法\n{DONE}\n第二部分 存在的问题\n人少。\n第三部分 工作计划\n一、学\n学。")
    assert [role for level, _, _, role in headings(report) if level == 1] == [WORK, PROBLEM, PLAN]


def test_unnumbered_headings() -> None:
    report = read(
        f"柳浦街道2022年法治政府建设报告\n工作开展情况\n{DONE}\n存在问题\n{DONE[:30]}人少。\n下一步打算\n{DONE}"
    )
    assert [(heading, role) for _, _, heading, role in headings(report)] == [
        ("工作开展情况", WORK),
        ("存在问题", PROBLEM),
        ("下一步打算", PLAN),
    ]


def test_markdown() -> None:
    text = f"# 临水县2022年法治政府建设报告\n\n## 主要做法\n\n### **加强学法**\n\n{DONE}\n\n| 类别 | 件数 |\n|--|--|\n| 许可 | 35 |\n\n## 存在的不足\n\n人少。"
    report = read(text, name="a.md")
    assert headings(report) == [(1, "", "主要做法", WORK), (2, "", "加强学法", WORK), (1, "", "存在的不足", PROBLEM)]
    assert found(report, "许可").text == "许可|35"


def test_lead_sentences_in_a_text_without_headings() -> None:
    body = "一是书记、县长带头学法。全年学法12次,办理案件35件。二是落实制度。"
    report = read(
        f"近日,我县获评示范县。\n加强组织领导,推进法治政府建设。{body}\n优化营商环境,提升服务水平。{body}\n"
        "法治政府建设永远在路上。我县的实践为高质量发展提供坚强的法治保障,谱写新的篇章。"
    )
    assert [(heading, role) for _, _, heading, role in headings(report)] == [
        ("加强组织领导,推进法治政府建设", WORK),
        ("优化营商环境,提升服务水平", WORK),
        ("法治政府建设永远在路上", PREAMBLE),
    ]
    assert report.sentences[0].role is PREAMBLE


def test_lost_line_breaks() -> None:
    text = (
        f"临水县人民政府关于2022年法治政府建设情况的报告2022年,在县委领导下,我县推进依法行政。现将情况报告如下:一、主要做法"
        f"(一)加强学法用法1.抓培训。{DONE * 4}2.抓考试。{DONE * 4}(二)规范执法。{DONE * 4}二、存在的不足人员力量不足,"
        f"能力有待提升。三、下一步打算加强培训。临水县人民政府2023年1月5日"
    )
    report = read(text, None)
    assert [(level, heading) for level, _, heading, _ in headings(report)][:5] == [
        (1, "主要做法"),
        (2, "加强学法用法"),
        (3, "抓培训"),
        (3, "抓考试"),
        (2, "规范执法"),
    ]
    assert found(report, "有待提升").role is PROBLEM
    assert found(report, "加强培训").role is PLAN
    assert (report.source.title, report.source.signed) == (
        "临水县人民政府关于2022年法治政府建设情况的报告",
        "2023-01-05",
    )


def test_broken_lines_are_joined() -> None:
    body = "".join(
        f"{number}月份组织召开专题会议研究部署行政执法监督工作并推动各部门抓好落实整改到位" for number in range(1, 8)
    )
    text = (
        "一、主要做法\n"
        + "\n".join(body[place : place + 30] for place in range(0, len(body), 30))
        + "。\n二、不足\n人少。"
    )
    report = read(text)
    whole = found(report, "3月份")
    assert whole.text == body + "。"
    assert report.text[whole.start : whole.end].count("\n") == (len(body) - 1) // 30
    assert [section.heading for section in report.sections] == ["主要做法", "不足"]


# --- sentences ---


def test_sentences_point_back() -> None:
    report = read("一、做法\n　　“放管服”改革，办结３５件；满意率９８％。")
    sentence = report.sentences[1]
    assert sentence.text == "放管服改革,办结35件;"
    assert report.text[slice(*sentence.span(0, 3))] == "放管服"
    assert report.text[sentence.start : sentence.end] == "放管服”改革，办结３５件；"
    assert (sentence.section, sentence.paragraph) == (0, 1)


def test_items_and_their_leads() -> None:
    report = read("一、做法\n一是加强学法。全年学法12次。二是办案35件;三是普法。")
    assert [(sentence.text, sentence.lead) for sentence in report.sentences[1:]] == [
        ("一是加强学法。", True),
        ("全年学法12次。", False),
        ("二是办案35件;", False),
        ("三是普法。", False),
    ]


def test_table_rows() -> None:
    report = read(f"一、做法\n{DONE}\n表1  2022年办件情况\n类别\t件数\n许可\t 8312\n处罚｜1046｜38\n合计\t9396")
    assert [sentence.text for sentence in report.sentences[3:]] == [
        "类别|件数",
        "许可|8312",
        "处罚|1046|38",
        "合计|9396",
    ]
    assert report.sentences[2].text == "表1|2022年办件情况"


# --- frame ---

PAGE = f"""无障碍阅读 | 关怀版
当前位置:首页 > 政务公开 > 法治政府建设
索引号 | 0035-2023-0001
发布日期 | 2023-03-01
字体:[大 中 小] 浏览量:12 打印
临水县人民政府关于2022年法治政府建设情况的报告
大河市人民政府:
2022年,我县推进依法行政,现将情况报告如下:
一、做法
{DONE}分享到各部门。
扫一扫办事成为常态,群众满意。
— 3 —
特此报告。
临水县人民政府
2023年1月5日
(此件主动公开)
扫一扫在手机打开当前页
上一篇:政府信息公开年度报告
主办:临水县人民政府办公室 ICP备12345号"""


def test_frame_is_set_apart() -> None:
    report = read(PAGE, None)
    assert [why for _, _, why in report.frame] == [
        "page",
        "breadcrumb",
        "metadata",
        "metadata",
        "page",
        "title",
        "addressee",
        "page",
        "closing",
        "signature",
        "date",
        "attached",
        "page",
        "page",
        "page",
    ]
    assert [sentence.text for sentence in report.sentences][-2:] == ["分享到各部门。", "扫一扫办事成为常态,群众满意。"]
    assert all(report.text[start:end].strip() for start, end, _ in report.frame)


def test_a_bare_sentence_is_no_frame() -> None:
    report = read("清理执法人员证件95本")
    assert [(sentence.text, sentence.role) for sentence in report.sentences] == [("清理执法人员证件95本", WORK)]


def test_other_matters_may_be_nil() -> None:
    report = read(f"一、做法\n{DONE}\n五、其他需要报告的情况\n无。\n特此报告。")
    assert (report.sentences[-1].text, report.sentences[-1].role) == ("无。", WORK)


# --- roles ---


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("主要举措和成效", WORK),
        ("2022年度工作计划完成情况", WORK),
        ("坚持问题导向补齐法治短板", WORK),
        ("上年度存在问题整改情况", WORK),
        ("其他需要报告的情况", WORK),
        ("存在的主要问题", PROBLEM),
        ("存在的不足和原因", PROBLEM),
        ("面临的困难", PROBLEM),
        ("工作中的困难和建议", PROBLEM),
        ("下一步打算", PLAN),
        ("2023年工作安排", PLAN),
        ("2023年法治政府建设工作", PLAN),
        ("下一年度工作思路", PLAN),
        ("努力方向", PLAN),
        ("今后工作方向", PLAN),
    ],
)
def test_role_of_a_part(heading: str, role: Role) -> None:
    assert read(f"一、基本情况\n{DONE}\n二、{heading}\n加强学法。").sections[1].role is role


def test_parts_below_take_their_parents_role_or_their_own() -> None:
    report = read(
        f"一、存在问题和下一步打算\n(一)执法能力有待提升\n{DONE}\n(二)加强学法\n学法。\n(三)存在的问题\n人少。\n(四)下一步打算\n学。"
    )
    assert [section.role for section in report.sections[1:]] == [PROBLEM, PLAN, PROBLEM, PLAN]


def test_mixed_part_is_told_sentence_by_sentence() -> None:
    report = read(
        "一、存在的不足和下一步措施\n一是执法能力不强。二是宣传形式单一。下一步,我局将抓好工作:一是加强培训。二是创新普法。"
    )
    assert roles(report) == [PROBLEM, PROBLEM, PLAN, PLAN, PLAN]


@pytest.mark.parametrize(
    ("text", "leader"),
    [
        ("二、党政主要负责人履行推进法治建设第一责任人职责情况\n县长研究11次。", True),
        ("二、党政主要负责人履职情况\n县长研究11次。", True),
        ("二、加强组织领导。局党组书记、局长切实履行推进法治建设第一责任人职责,研究11次。", True),
        ("二、加强组织领导。落实党政主要负责人第一责任人职责,研究11次。", False),
        ("二、下一步打算\n落实第一责任人职责。", False),
    ],
)
def test_leaders_part(text: str, leader: bool) -> None:
    assert read(f"一、做法\n{DONE}\n{text}").sections[1].leader is leader


@pytest.mark.parametrize(
    ("sentence", "role"),
    [
        ("下一步,将组织编印典型案例。", PLAN),
        ("明年将在11个乡镇设立公开专区。", PLAN),
        ("2023年,我县将建成监督平台。", PLAN),
        ("拟于近期出台管理办法。", PLAN),
        ("将三项制度落实情况纳入考核。", WORK),
        ("将述法列入年终述职内容。", WORK),
        ("2022年将学法纳入计划,办结35件。", WORK),
        ("执法监督能力仍有待加强。", PROBLEM),
        ("但部门之间协作仍有差距。", PROBLEM),
        ("部分单位执法程序不规范。", PROBLEM),
        ("裁量基准尚未建立。", PROBLEM),
        ("针对执法不规范的问题开展整治。", WORK),
        ("未发现执法不到位的情况。", WORK),
        ("对尚未整改到位的问题跟踪督办。", WORK),
    ],
)
def test_words_outweigh_the_work_part(sentence: str, role: Role) -> None:
    assert read(f"一、做法\n{DONE}{sentence}").sentences[2].role is role


@pytest.mark.parametrize(
    ("sentence", "role"),
    [
        ("2022年12月,我县已选聘监督员15名,2023年将分组检查。", WORK),
        ("目前,8个司法所已全部配齐3名专职人员。", WORK),
        ("针对已发现的12个问题抓好整改。", PLAN),
        ("将已建成的3个平台全面应用。", PLAN),
        ("加强培训,办结率达到100%。", PLAN),
    ],
)
def test_words_outweigh_the_plan_part(sentence: str, role: Role) -> None:
    assert read(f"一、做法\n{DONE}\n二、下一步打算\n{sentence}").sentences[-1].role is role


def test_parts_without_a_heading() -> None:
    report = read(
        f"一、做法\n{DONE}\n虽然,2022年工作取得了一些成绩,但还存在一定差距。主要表现在:一是人少。\n二是经费不足。\n"
        f"在2023年法治政府建设工作中,计划从三个方面推进。一是严格责任。\n二是加强培训。"
    )
    assert roles(report) == [WORK, PROBLEM, PROBLEM, PROBLEM, PROBLEM, PLAN, PLAN, PLAN]
    assert [section.role for section in report.sections] == [WORK, PROBLEM, PLAN]


def test_what_stands_before_the_first_heading() -> None:
    opening = "2022年,在县委领导下,我县推进依法行政。\n"
    assert roles(read(f"{opening}一、做法\n{DONE}"))[0] is PREAMBLE
    assert roles(read(f"{opening}{DONE}\n一、存在的不足\n人少。"))[:2] == [PREAMBLE, WORK]
    assert roles(read(f"{DONE}\n(三)普法\n{DONE}"))[0] is WORK
    assert roles(read(f"{opening}{DONE}\n{DONE}")) == [PREAMBLE, WORK, WORK]


# --- whole reports ---


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("000_suibin_2024.txt", [WORK, PROBLEM, PLAN]),
        ("001_shaxian_2022.txt", [WORK, PROBLEM, PLAN]),
        ("002_zhangqi_2023.txt", [WORK, PROBLEM, PLAN]),
        ("003_xinghe_2023.txt", [WORK] * 7 + [PREAMBLE]),
        ("004_qiqihar_2018.txt", [WORK] * 8 + [PROBLEM, PLAN]),
    ],
)
def test_seeds(name: str, parts: list[Role]) -> None:
    extracted, digest = read_file(SEEDS / name, name)
    report = structure(extracted, name, digest)
    assert [section.role for section in report.sections if section.level == 1] == parts
    check(report)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.sampled_from(
            ["一、", "(一)", "㈠", "1.", "1", "一是", "\n", "\t", "|", "　", "。", "；", "：", "，", "（", "）", "《", "》", "“", "”", "—", "2022年",
             "2023年1月5日", "我县", "临水县人民政府", "法治政府建设情况的报告", "存在的不足", "下一步打算", "将", "已办结35件", "仍有差距", "首页 > ",
             "发布时间:", "特此报告。", "加强行政执法监督", "#", "**", "\x00", "\u200b", "\U0001f600", "\r\n", "表1", "第一部分"]
        ),
        max_size=60,
    ),
    st.sampled_from(["a.txt", "a.md"]),
)  # fmt: skip
def test_any_text_is_structured(pieces: list[str], name: str) -> None:
    text = "".join(pieces).replace("\x00", "") or "x"
    if not text.strip() or not text.strip("\u200b\n\t\r\u3000 "):
        return
    check(structure(read_bytes(text.encode(), name), name, "0"))


@settings(deadline=None)
@given(st.text(min_size=1, max_size=300))
def test_any_characters_are_structured(text: str) -> None:
    blocks = (Block(line, 0, 0) for line in text.splitlines() if line.strip())
    placed: list[Block] = []
    at = 0
    for block in blocks:
        at = text.index(block.text, at)
        placed.append(Block(block.text, at, at + len(block.text)))
        at += len(block.text)
    check(structure(Extracted(text, tuple(placed), "docx"), "a.docx", "0"))


def check(report: Report) -> None:
    """What holds for every report: bounds lie in the text, in order, and sections nest."""
    last = -1
    for sentence in report.sentences:
        assert sentence.text
        assert len(sentence.offsets) == len(sentence.text)
        assert 0 <= sentence.start < sentence.end <= len(report.text)
        assert sentence.span(0, len(sentence.text)) == (sentence.start, sentence.end)
        assert list(sentence.offsets) == sorted(sentence.offsets)
        assert sentence.start >= last
        assert -1 <= sentence.section < len(report.sections)
        last = sentence.start
    for index, section in enumerate(report.sections):
        assert 0 <= section.start < section.end <= len(report.text)
        assert section.parent is None or section.parent < index
        assert section.level == (report.sections[section.parent].level + 1 if section.parent is not None else 1)
        assert section.role is not Role.FRAME
    assert all(0 <= start < end <= len(report.text) for start, end, _ in report.frame)
