"""Builds ``auditor/templates/letter.docx``, the letter template that ships; the same bytes every time.

    python scripts/build_letter_template.py

The measures are those of GB/T 9704 for official documents: A4, title 二号, text 三号, lines of 28 points.
"""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path

from docx import Document
from docx.document import Document as Letter
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

TARGET = Path(__file__).parent.parent / "auditor" / "templates" / "letter.docx"

TITLE, HEADING, SUBHEADING, TEXT = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"
# What stands in where an office has not the fonts of official documents.
FALLBACKS = {TITLE: "宋体", HEADING: "微软雅黑", SUBHEADING: "楷体", TEXT: "仿宋", "Times New Roman": "serif"}

FONT_TABLE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    + "".join(f'<w:font w:name="{font}"><w:altName w:val="{other}"/></w:font>' for font, other in FALLBACKS.items())
    + "</w:fonts>"
)

# A table: the heads of its columns, and its rows; a row of one cell spans the table, one of {%tr … %} steers.
HEADS = ("序号", "义务和审核所见", "建议")
WIDTHS = (12, 78, 66)
ITEM = ("{{ 项.序号 }}", "{{ 项.义务 }}（{{ 项.编号 }}）。{{ 项.所见 }}", "{{ 项.建议 }}")
ITEM_WITH_CLAUSE = (
    ITEM[0],
    "{{ 项.义务 }}（{{ 项.编号 }}，{{ 项.重要性 }}；{{ 项.条款 }}）。{{ 项.所见 }}",
    ITEM[2],
)
FOR, END = "{%tr for 项 in 组.项 %}", "{%tr endfor %}"
MISSING = (("{%tr for 组 in 类.条款 %}",), ("{{ 组.条款 }}",), (FOR,), ITEM, (END,), (END,))
TO_SHARPEN = (("{%tr for 项 in 待写实 %}",), ITEM_WITH_CLAUSE, (END,))
ANNOUNCED = (("{%tr for 项 in 计划或自认 %}",), ITEM_WITH_CLAUSE, (END,))
TABLES = {"missing": MISSING, "to sharpen": TO_SHARPEN, "announced": ANNOUNCED}

# (style, text): the letter from the title to the date. Lines with {%p … %} steer and vanish when it is filled in.
LINES: tuple[tuple[str, str], ...] = (
    ("title", "{{ 题目 }}"),
    ("flush", "{{ 单位 }}："),
    (
        "text",
        "你单位报送的{{ 报告 }}收悉。经对照{{ 规则 }}所列义务，对报告文本逐项审核，现将意见反馈如下。"
        "本意见只依据报告文字提出，“未见”不等于没有做；所写内容是否属实，未作核实。",
    ),
    ("heading", "一、总体情况"),
    ("text", "{%p if not 是年度报告 %}"),
    ("text", "所送文本看起来不是法治政府建设年度报告（文种：{{ 文种 }}），以下意见仅供参考。"),
    ("text", "{%p endif %}"),
    (
        "text",
        "适用义务共{{ 适用项数 }}项：有据{{ 状态数.有据 }}项、泛述{{ 状态数.泛述 }}项、自认不足{{ 状态数.自认不足 }}项、"
        "仅计划{{ 状态数.仅计划 }}项、缺失{{ 状态数.缺失 }}项。后三类为缺项，{% if 豁免 %}除经批准豁免的{{ 豁免|length }}项外，{% endif %}合计{{ 缺项数 }}项，其中核心义务{{ 核心缺项数 }}项。",
    ),
    ("text", "{%p if 豁免 %}"),
    (
        "text",
        "经批准豁免、不列入以下意见的有：{% for 项 in 豁免 %}{{ 项.名称 }}（{{ 项.理由 }}，{{ 项.文号 }}）{{ '。' if loop.last else '；' }}{% endfor %}",
    ),
    ("text", "{%p endif %}"),
    ("text", "{%p if 有得分 %}"),
    (
        "text",
        "得分{{ 得分 }}分（满分100分，按{{ 计分项数 }}项计分义务加权，权重合计{{ 权重合计 }}）。"
        "得分只反映报告写得是否齐全、具体，不是对工作的评价。",
    ),
    ("text", "{%p else %}"),
    ("text", "{{ 得分 }}。"),
    ("text", "{%p endif %}"),
    ("text", "{%p for 事项 in 提示 %}"),
    ("text", "需要说明的是：{{ 事项 }}。"),
    ("text", "{%p endfor %}"),
    ("heading", "二、写得完整的内容"),
    ("text", "{%p if 完整 %}"),
    ("text", "以下内容写明了本年度所做的工作，并有具体事实："),
    ("text", "{%p for 组 in 完整 %}"),
    (
        "text",
        "{{ 组.条款 }}：{% for 项 in 组.项 %}{{ 项.义务 }}{% if 项.事实 %}（{{ 项.事实 }}）{% endif %}"
        "{{ '。' if loop.last else '；' }}{% endfor %}",
    ),
    ("text", "{%p endfor %}"),
    ("text", "{%p else %}"),
    ("text", "报告中未见写得完整、有具体事实的内容。"),
    ("text", "{%p endif %}"),
    ("text", "{%p if 待写实 %}"),
    ("text", "以下{{ 待写实|length }}项已经写到，建议写得更实："),
    ("table", "to sharpen"),
    ("text", "{%p endif %}"),
    ("heading", "三、缺少的内容"),
    ("text", "{%p for 类 in 缺少 %}"),
    (
        "subheading",
        "（{{ '一二三四五六七八九'[loop.index0] }}）{{ 类.重要性 }}义务{{ 类.项数 }}项"
        "{{ '（不计分，供参考）' if 类.重要性 == '提示' else '' }}",
    ),
    ("table", "missing"),
    ("text", "{%p else %}"),
    ("text", "没有全文未见的义务。"),
    ("text", "{%p endfor %}"),
    ("heading", "四、只写了计划或自认不足的内容"),
    ("text", "{%p if 计划或自认 %}"),
    ("text", "以下{{ 计划或自认|length }}项未见本年度已做的表述："),
    ("table", "announced"),
    ("text", "{%p else %}"),
    ("text", "没有只写了计划或自认不足的义务。"),
    ("text", "{%p endif %}"),
    ("heading", "五、数字需要核对的地方"),
    ("text", "{%p for 处 in 数字 %}"),
    (
        "text",
        "{{ 处.序号 }}.报告写到{{ 处.引文 }}。按所列数字核对{{ 处.类别 }}：{{ 处.算式 }}"
        "{% if 处.理由 %}，{{ 处.理由 }}{% endif %}。请核对。",
    ),
    ("text", "{%p else %}"),
    ("text", "能够核对的数字未发现不符。"),
    ("text", "{%p endfor %}"),
    ("heading", "六、修改建议和报送要求"),
    (
        "text",
        "请对照上述意见核实：确有工作而报告未写的，据实补写；尚未开展的，如实写明原因和安排。"
        "建议中的____由你单位据实填写，没有的不写。",
    ),
    ("text", "如报告已经写到而本意见列为缺项的，请注明所在页码和段落，以便复核更正。"),
    ("text", "请于____年____月____日前将修改后的报告（或书面说明）报送____。联系人：____，电话：____。"),
    ("text", ""),
    ("signature", "____________"),
    ("signature", "____年____月____日"),
)


def main() -> None:
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(build())


def build() -> bytes:
    """The template's bytes."""
    letter = Document()
    _page(letter)
    _plain_style(letter)
    for style, text in LINES:
        if style == "table":
            _table(letter, TABLES[text])
        else:
            _paragraph(letter.add_paragraph(), style, text)
    _page_numbers(letter)
    _properties(letter)
    out = io.BytesIO()
    letter.save(out)
    return _undated(out.getvalue())


def _page(letter: Letter) -> None:
    section = letter.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)


def _plain_style(letter: Letter) -> None:
    style = letter.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(16)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), TEXT)


def _paragraph(paragraph: Paragraph, style: str, text: str) -> None:
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(28)
    if style == "title":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        form.line_spacing, form.space_after = Pt(36), Pt(28)
    elif style == "signature":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        form.right_indent = Pt(64)
        form.keep_with_next = True
    elif style != "flush":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        form.first_line_indent = Pt(32)
    if style in ("heading", "subheading"):
        form.keep_with_next = True
    run = paragraph.add_run(text)
    fonts = {"title": TITLE, "heading": HEADING, "subheading": SUBHEADING}
    _font(run, fonts.get(style, TEXT), 22 if style == "title" else 16)


def _table(letter: Letter, rows: tuple[tuple[str, ...], ...]) -> None:
    table = letter.add_table(rows=0, cols=len(HEADS), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = Mm(width)
    for at, texts in enumerate((HEADS, *rows)):
        row = table.add_row()
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if at == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for cell, width in zip(row.cells, WIDTHS, strict=True):
            cell.width = Mm(width)
        spans = len(texts) == 1
        cells = [row.cells[0].merge(row.cells[-1])] if spans else row.cells
        for cell, text in zip(cells, texts, strict=True):
            _cell(cell.paragraphs[0], text, bold=spans or at == 0, centred=at == 0 or text == ITEM[0])
            cell.paragraphs[0].paragraph_format.keep_with_next = True if spans else None


def _cell(paragraph: Paragraph, text: str, bold: bool, centred: bool) -> None:
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(16)
    form.space_before = form.space_after = Pt(0)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
    run = paragraph.add_run(text)
    _font(run, HEADING if bold else TEXT, 10.5)


def _font(run: Run, font: str, points: float) -> None:
    run.font.size = Pt(points)
    run.font.name = "Times New Roman"
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _page_numbers(letter: Letter) -> None:
    paragraph = letter.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("t", "— "), ("begin", ""), ("instrText", "PAGE"), ("end", ""), ("t", " —")):
        run = paragraph.add_run()
        _font(run, "宋体", 14)
        if kind == "t":
            run.text = text
            continue
        element = OxmlElement("w:instrText" if kind == "instrText" else "w:fldChar")
        if kind == "instrText":
            element.text = text
        else:
            element.set(qn("w:fldCharType"), kind)
        run._element.append(element)


def _properties(letter: Letter) -> None:
    properties = letter.core_properties
    properties.author, properties.title, properties.comments, properties.last_modified_by = "", "", "", ""
    properties.created = properties.modified = datetime(2000, 1, 1)
    for part in letter.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            part._blob = FONT_TABLE.encode("utf-8")


def _undated(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            info = zipfile.ZipInfo(part.filename, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(part))
    return out.getvalue()


if __name__ == "__main__":
    main()
