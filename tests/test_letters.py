"""Letters of feedback, opened again: complete, modest, nothing invented, and templates that fail with one clear line."""

from __future__ import annotations

import importlib.util
import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from audits import evidence, finding, flagged, gap, near_miss, not_applicable, report_audit
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.audit import Options, audit_file
from auditor.errors import AuditorError
from auditor.findings import FigureCheck, Figures, ReportAudit, RuleSetRef, Status
from auditor.formats import letter
from auditor.formats.letter_facts import facts, typeset
from auditor.report import Genre
from auditor.words import Lang

ROOT = Path(__file__).parent.parent
HEADINGS = [
    "一、总体情况",
    "二、写得完整的内容",
    "三、缺少的内容",
    "四、只写了计划或自认不足的内容",
    "五、数字需要核对的地方",
    "六、修改建议和报送要求",
]
MISSING = gap(
    id="GY21-34-04",
    title="法治专题讲座",
    status=Status.MISSING,
    near_misses=(),
    reason="全文没有写到",
    score=0,
    clause="(三十四)全面加强依法行政能力建设",
    advice="写明举办法治专题讲座____期。",
)
FAILS = FigureCheck("保留45件,修改1件,废止3件", 20, 34, "sum", "45+1+3 = 49 ≠ 50", "fails", "分项之和为49", 0.85)
UNCLEAR = FigureCheck("修改1件", 25, 29, "rate", "? = 100%", "not_checkable", "没有给出基数", 0.6)


def lines(data: bytes) -> list[str]:
    """The paragraphs and the cells of a letter in order."""
    document = Document(io.BytesIO(data))
    found: list[str] = []
    for each in document.iter_inner_content():
        if hasattr(each, "text"):
            found.append(each.text)
        else:
            found += [cell.text for row in each.rows for cell in dict.fromkeys(row.cells)]
    return [line for line in found if line]


def words(audited: ReportAudit, template: bytes | None = None) -> str:
    return "\n".join(lines(letter.render(audited, template)))


def between(text: str, first: int, second: int | None = None) -> str:
    """The part of a letter under a heading."""
    after = text.split(HEADINGS[first])[1]
    return after.split(HEADINGS[second])[0] if second else after


def template(*paragraphs: str, header: str = "") -> bytes:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    document.sections[0].header.paragraphs[0].text = header
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


# ---- what a letter says


def test_a_letter_has_title_addressee_the_six_parts_and_a_signature_with_blanks() -> None:
    found = lines(letter.render(report_audit()))
    assert found[:2] == ["关于《某县人民政府2022年法治政府建设年度报告》的反馈意见", "某县人民政府："]
    assert [line for line in found if line in HEADINGS] == HEADINGS
    assert found[-2:] == ["____________", "____年____月____日"]


def test_the_score_stands_with_its_denominator_and_the_counts() -> None:
    text = between(words(report_audit((finding(), gap(), MISSING, not_applicable()))), 0, 1)
    assert "适用义务共3项：有据1项、泛述0项、自认不足0项、仅计划1项、缺失1项" in text
    assert "合计2项，其中核心义务2项" in text
    assert "得分40.0分（满分100分，按3项计分义务加权，权重合计9）" in text


def test_a_report_without_scored_obligations_is_not_scored() -> None:
    text = between(words(report_audit((not_applicable(),))), 0, 1)
    assert "不计分（没有适用的计分义务）。" in text
    assert "得分" not in text


def test_what_is_complete_is_named_under_its_clause_with_its_facts() -> None:
    text = between(words(report_audit((finding(), flagged()))), 1, 2)
    assert "（九）加强行政规范性文件制定监督管理：规范性文件清理（45件、1件、3件）。" in text
    assert "领导干部学法学时" not in text.split("建议写得更实")[0]
    assert "人均学时为40，低于60" in text


def test_a_claim_without_facts_is_to_be_sharpened() -> None:
    bare = finding(status=Status.ASSERTED, evidence=(evidence("推进述法"),), reason="举措部分有此主张,但没有具体事实")
    text = between(words(report_audit((bare,))), 1, 2)
    assert "报告写到“推进述法”（在“一、主要举措和成效”部分），未见具体事实。" in text
    assert "写明本年度清理规范性文件____件。" in text


def test_missing_obligations_stand_core_first_with_clause_and_advice() -> None:
    common = replace(MISSING, id="GY21-01-01", title="一般义务", importance="common", clause="(一)甲")
    extended = replace(MISSING, id="GY21-01-02", title="提示义务", importance="extended", clause="(一)甲")
    text = between(words(report_audit((common, extended, MISSING))), 2, 3)
    places = [
        text.index(part)
        for part in (
            "（一）核心义务1项",
            "法治专题讲座（GY21-34-04）",
            "（二）一般义务1项",
            "（三）提示义务1项（不计分，供参考）",
        )
    ]
    assert places == sorted(places)
    assert "（三十四）全面加强依法行政能力建设" in text
    assert "报告中未见有关表述。" in text
    assert "写明举办法治专题讲座____期。" in text


def test_a_near_passage_is_quoted_with_why_it_does_not_count() -> None:
    near = replace(MISSING, near_misses=(near_miss("推进述法", "是下一步的计划,不是本年度已做的事"),))
    text = between(words(report_audit((near,))), 2, 3)
    assert (
        "报告中最接近的表述是“推进述法”（在“二、下一步打算”部分），是下一步的计划，不是本年度已做的事，未计入。" in text
    )


def test_plans_and_admissions_have_their_own_part() -> None:
    planned = gap(evidence=(evidence("推进述法"),), reason="举措部分没有证据;只在安排或计划中提到")
    admitted = gap(
        id="GY21-33-01", title="督察", status=Status.ACKNOWLEDGED, evidence=(evidence("推进述法"),), reason=""
    )
    text = words(report_audit((planned, admitted, MISSING)))
    part = between(text, 3, 4)
    assert "只在安排或计划中写到“推进述法”" in part
    assert "自述不足为“推进述法”" in part
    assert "（GY21-32-04，核心；（三十二）加强党对法治政府建设的领导）" in part
    assert "GY21-34-04" not in part
    assert "GY21-32-04" not in between(text, 2, 3)


def test_only_figures_that_fail_are_to_be_checked() -> None:
    text = between(words(replace(report_audit(), figures=Figures((FAILS, UNCLEAR)))), 4, 5)
    assert "1.报告写到“保留45件,修改1件,废止3件”（在“主要举措和成效”部分）" in text
    assert "按所列数字核对合计：45+1+3 = 49 ≠ 50，分项之和为49。请核对。" in text
    assert "100%" not in text


def test_a_report_with_nothing_to_say_under_a_heading_says_so() -> None:
    text = words(report_audit((finding(),)))
    assert "没有全文未见的义务。" in text
    assert "没有只写了计划或自认不足的义务。" in text
    assert "能够核对的数字未发现不符。" in text
    assert "报告中未见写得完整、有具体事实的内容。" in words(report_audit((gap(),)))


def test_what_the_result_does_not_tell_is_a_blank() -> None:
    found = lines(letter.render(report_audit(title=None, unit=None, year=None)))
    assert found[:2] == ["关于____法治政府建设年度报告的反馈意见".replace("____", "________年度"), "____："]


def test_another_genre_and_notices_are_said_without_switches() -> None:
    audited = report_audit(genre=Genre.NEWS)
    notices = (
        "这不像法治政府建设年度报告(文体:新闻稿),结果仅供参考",
        "单位层级未能读出,只约束部分层级的义务未判为缺项;可用 --level 指定",
    )
    text = between(words(replace(audited, notices=notices)), 0, 1)
    assert "所送文本看起来不是法治政府建设年度报告（文种：新闻稿），以下意见仅供参考。" in text
    assert text.count("仅供参考") == 1
    assert "需要说明的是：单位层级未能读出，只约束部分层级的义务未判为缺项。" in text
    assert "--level" not in text


def test_the_rules_are_told_by_title_and_those_of_ones_own_by_id() -> None:
    own = (RuleSetRef("gy21", "1.0.0", "ab"), RuleSetRef("xian", "0.3", "cd"))
    assert facts(replace(report_audit(), rule_sets=own))["规则"] == "“法治政府建设实施纲要（2021—2025年）”“xian 0.3”"


def test_our_words_are_set_with_full_width_marks_and_numbers_stay() -> None:
    assert typeset("写明1,000件(占1:2);甲,乙") == "写明1,000件（占1:2）；甲，乙"


def test_the_letter_is_chinese_in_every_language() -> None:
    assert letter.render(report_audit(), None, Lang.EN) == letter.render(report_audit(), None, Lang.ZH)


def test_the_same_audit_gives_the_same_bytes_without_a_date() -> None:
    data = letter.render(report_audit())
    assert data == letter.render(report_audit())
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert {each.date_time for each in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = package.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2000-01-01T00:00:00Z"}
    assert "关于《某县人民政府2022年法治政府建设年度报告》的反馈意见" in core


# ---- text of a report


@pytest.mark.parametrize(
    "evil",
    [
        "</w:t></w:r><w:r><w:t>插入",
        "{{ 7 * 7 }}{% for x in y %}",
        "{_{ 单位 }_}",
        "甲&amp;<b>\x1b[31m\u202e\ufffe\x00\ud800\a\f\t乙",
        "'\"><script>",
    ],
)
def test_text_of_a_report_is_only_text(evil: str) -> None:
    hostile = gap(title=evil, clause=evil, advice=evil, reason=evil, near_misses=(near_miss(evil, evil, text=evil),))
    figures = Figures((replace(FAILS, quote=evil, expression=evil, reason=evil),))
    audited = replace(
        report_audit((hostile, finding()), text=evil, unit=evil, title=evil), figures=figures, notices=(evil,)
    )
    text = words(audited)
    plain = words(replace(report_audit((gap(), finding())), figures=Figures((FAILS,)), notices=("提示",)))
    assert len(text.splitlines()) == len(plain.splitlines())
    assert "49" not in between(text, 0, 1)
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e\ufffe\ud800-\udfff]", text)


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1, max_size=40))
def test_any_text_gives_a_letter_with_the_same_lines(text: str) -> None:
    hostile = gap(title=text, reason=text, advice=text, near_misses=(near_miss(text, text, text=text),))
    shape = Document(io.BytesIO(letter.render(report_audit((gap(),)))))
    found = Document(io.BytesIO(letter.render(report_audit((hostile,), text=text, title=text, unit=text))))
    assert len(found.paragraphs) == len(shape.paragraphs)
    assert [len(table.rows) for table in found.tables] == [len(table.rows) for table in shape.tables]


def test_quotation_marks_within_a_quote_become_single() -> None:
    said = "推进“放管服”改革"
    quoted = replace(MISSING, near_misses=(near_miss(said, "是目的", text=said),))
    assert "“推进‘放管服’改革”" in words(report_audit((quoted,), text=said))


# ---- the file's name


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ({}, "反馈意见_某县人民政府_2022年度.docx"),
        ({"year": None}, "反馈意见_某县人民政府.docx"),
        ({"unit": None, "file": "甲/乙.2022.pdf"}, "反馈意见_乙.2022_2022年度.docx"),
        ({"unit": 'a/b\\c:*?"<>|\x00\u202e d.', "year": None}, "反馈意见_a_b_c_d.docx"),
        ({"unit": "..", "year": None}, "反馈意见_____.docx"),
        ({"unit": "县" * 300, "year": None}, f"反馈意见_{'县' * 60}.docx"),
    ],
)
def test_the_files_name_is_safe_everywhere(source: dict[str, str | None], name: str) -> None:
    assert letter.name(report_audit(**source)) == name
    assert len(name.encode("utf-8")) < 255


# ---- templates


def test_the_shipped_template_is_what_its_script_builds() -> None:
    path = ROOT / "scripts" / "build_letter_template.py"
    spec = importlib.util.spec_from_file_location("build_letter_template", path)
    assert spec and spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert letter.default_template() == script.build(), "refresh it: python scripts/build_letter_template.py"


def test_an_office_can_bring_its_own_template() -> None:
    own = template(
        "致 {{ 单位 }}",
        "{%p for 组 in 完整 %}",
        "{{ 组.条款 }}",
        "{%p endfor %}",
        "{% for 类 in 缺少 %}{{ 类.重要性 }}{{ 类.项数 }}{% endfor %}",
        header="{{ 年度 }}年",
    )
    data = letter.render(report_audit((finding(), MISSING)), own)
    assert lines(data) == ["致 某县人民政府", "（九）加强行政规范性文件制定监督管理", "核心1"]
    assert Document(io.BytesIO(data)).sections[0].header.paragraphs[0].text == "2022年"


def test_text_stays_escaped_whatever_a_template_asks_for() -> None:
    own = template("{% autoescape false %}{{ 单位 }}{% endautoescape %}")
    assert lines(letter.render(report_audit(unit="<w:br/>甲"), own)) == ["<w:br/>甲"]


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (b"", "不是 Word 文档"),
        (b"PK\x03\x04 nothing", "不是 Word 文档"),
        ("纯文本".encode(), "不是 Word 文档"),
        (template("甲", "致 {{ 单位"), "“致 {{ 单位”：占位符写法有误"),
        (template("甲", "{% if 单位 %}乙"), "占位符写法有误"),
        (template("甲", "{% 循环 项 %}"), "占位符写法有误"),
        (template("{{ 单位|safe }}"), "占位符写法有误"),
        (
            template("甲", "致 {{ 单位名称 }}："),
            "“致 {{ 单位名称 }}：”：没有这个占位符（'单位名称' is undefined）。请改用：题目、单位、",
        ),
        (template("{% for 组 in 完整 %}{{ 组.名字 }}{% endfor %}"), "没有这个占位符"),
        (template("甲", "{{ 单位.__class__.__mro__ }}"), "“{{ 单位.__class__.__mro__ }}”：模板中不允许这种写法"),
        (template("{{ ''.__class__.__base__.__subclasses__() }}"), "模板中不允许这种写法"),
        (template("{{ range(10000000)|length }}"), "模板无法填写"),
        (template("{{ 缺项数 / 0 }}"), "模板无法填写"),
        (template("甲", header="页眉{{ 无此名 }}"), "“页眉{{ 无此名 }}”：没有这个占位符"),
    ],
)
def test_a_broken_template_is_one_line_that_names_file_place_and_remedy(broken: bytes, said: str) -> None:
    with pytest.raises(AuditorError) as error:
        letter.render(report_audit(), broken, Lang.ZH, "我的模板.docx")
    line = str(error.value)
    assert line.startswith("我的模板.docx：")
    assert said in line
    assert "请" in line
    assert "\n" not in line


@pytest.mark.parametrize("name", ["完整", "缺少", "计划或自认", "待写实", "数字"])
def test_a_template_is_tried_out_before_any_report_is_audited(name: str) -> None:
    letter.check(letter.default_template(), "letter.docx")
    with pytest.raises(AuditorError, match="没有这个占位符"):
        letter.check(template("{% for 项 in " + name + " %}{{ 项.没有的名称 }}{% endfor %}"), "own.docx")


def test_a_template_without_placeholders_is_refused() -> None:
    with pytest.raises(AuditorError, match=r"own\.docx 里没有占位符"):
        letter.check(template("关于反馈意见的函"), "own.docx")


def test_how_to_run_the_auditor_is_no_notice_for_a_unit() -> None:
    notices = (
        "报告年度未能读出,按最新的规则集 gy21 审核;可用 --year 指定",
        "第4页是图像,没有读到;安装文字识别组件后重审可读:pip install 'x'",
    )
    assert facts(replace(report_audit(), notices=notices))["提示"] == ["报告年度未能读出", "第4页是图像\uff0c没有读到"]


def test_errors_in_templates_follow_the_language() -> None:
    with pytest.raises(AuditorError, match="there is no such placeholder"):
        letter.render(report_audit(), template("{{ unit }}"), Lang.EN, "own.docx")
    with pytest.raises(AuditorError, match=r"^own\.docx: not a Word document"):
        letter.render(report_audit(), b"text", Lang.EN, "own.docx")


def test_a_template_that_unpacks_without_end_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/media/a.png", bytes(51 * 1024**2))
    with pytest.raises(AuditorError, match="模板过大"):
        letter.render(report_audit(), out.getvalue())


def test_every_placeholder_is_documented() -> None:
    page = (ROOT / "docs" / "letters.md").read_text(encoding="utf-8")
    told = facts(replace(report_audit((finding(), gap(), MISSING)), figures=Figures((FAILS,))))
    nested = [told["数字"][0], told["完整"][0], told["缺少"][0], told["计划或自认"][0]]
    names = {*told, *(key for each in nested for key in each)}
    assert sorted(name for name in names if f"`{name}`" not in page and f".{name}`" not in page) == []


# ---- a real report


@pytest.fixture(scope="module")
def suibin() -> ReportAudit:
    file = "seeds/000_suibin_2024.txt"
    found = audit_file(ROOT / file, file, Options())
    assert isinstance(found, ReportAudit)
    return found


def test_every_gap_of_a_real_report_is_named_and_nothing_else(suibin: ReportAudit) -> None:
    text = words(suibin)
    lacking = {f.id for f in suibin.findings if f.status.gap}
    assert lacking <= set(re.findall(r"(?:GY21|BG)-\d\d(?:-\d\d)?", text))
    assert set(re.findall(r"(?:GY21|BG)-\d\d(?:-\d\d)?", text)) <= {f.id for f in suibin.findings}
    for clause in {f.clause for f in suibin.findings if f.status.gap and f.clause}:
        assert typeset(clause) in text
    assert all(typeset(f.advice) in text for f in suibin.findings if f.status.gap)


def test_numbers_in_the_letter_come_from_the_result(suibin: ReportAudit) -> None:
    """Every number of the letter stands in the report, the findings, the counts or the template."""
    known = re.findall(r"\d+", repr(suibin) + repr(facts(suibin)) + "100 1")
    assert set(re.findall(r"\d+", words(suibin))) <= set(known)


def test_libreoffice_opens_a_letter(suibin: ReportAudit, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("soffice is not installed")
    (tmp_path / "letter.docx").write_bytes(letter.render(suibin))
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    command = [
        office,
        home,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "letter.docx"),
    ]
    subprocess.run(command, capture_output=True, timeout=120, check=True)
    assert (tmp_path / "letter.pdf").read_bytes().startswith(b"%PDF")
