"""Word documents come out as a person sees them."""

from __future__ import annotations

import io

import docx as python_docx
import pytest
from word_files import STRICT, abstract, docx, level, num, numbered, p, r, row, table, zipped

from auditor.errors import UnreadableFile
from auditor.readers import docx as reader
from auditor.readers.numbering import numeral
from auditor.report import Extracted

CHINESE = abstract(
    level(0, "japaneseCounting", "%1、", '<w:suff w:val="nothing"/>')
    + level(1, "chineseCountingThousand", "\uff08%2\uff09", '<w:suff w:val="nothing"/>')
    + level(2, "decimal", "%3.")
)


def read(data: bytes) -> Extracted:
    extracted = reader.read(data, "a.docx")
    assert all(extracted.text[block.start : block.end] == block.text for block in extracted.blocks)
    return extracted


def lines(body: str, **parts: str) -> list[str]:
    return read(docx(body, **parts)).text.split("\n")


def refusal(data: bytes) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        read(data)
    return caught.value


# ---- numbering


def test_numbers_count_restart_and_nest() -> None:
    body = "".join(
        numbered(text, at)
        for text, at in (
            ("做法", 0),
            ("学法", 1),
            ("2024年学法", 2),
            ("普法", 2),
            ("执法", 1),
            ("问题", 0),
            ("短板", 1),
        )
    )
    assert lines(body, numbering=CHINESE + num()) == [
        "一、做法", "\uff08一\uff09学法", "1. 2024年学法", "2. 普法",
        "\uff08二\uff09执法", "二、问题", "\uff08一\uff09短板",
    ]  # fmt: skip


def test_lists_of_one_family_count_on_unless_told_to_start_again() -> None:
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    lists = CHINESE + num(1) + num(2) + num(3, inside=override)
    body = (
        numbered("甲", 0, 1) + numbered("乙", 0, 2) + numbered("丙", 0, 3) + numbered("丁", 0, 3) + numbered("戊", 0, 1)
    )
    assert lines(body, numbering=lists) == ["一、甲", "二、乙", "一、丙", "二、丁", "三、戊"]


def test_levels_that_do_not_restart_or_restart_late() -> None:
    family = abstract(level(0, "decimal", "%1、") + level(1, "decimal", "%1.%2、", '<w:lvlRestart w:val="0"/>'))
    body = "".join(numbered(text, at) for text, at in (("甲", 0), ("乙", 1), ("丙", 0), ("丁", 1)))
    assert lines(body, numbering=family + num()) == ["1、甲", "1.1、乙", "2、丙", "2.2、丁"]


def test_legal_numbering_shows_decimals() -> None:
    family = abstract(level(0, "chineseCounting", "第%1章") + level(1, "decimal", "%1.%2", "<w:isLgl/>"))
    body = numbered("总则", 0) + numbered("目的", 1)
    assert lines(body, numbering=family + num()) == ["第一章 总则", "1.1 目的"]


def test_numbering_of_heading_styles_is_inherited_and_can_be_switched_off() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'
        '<w:outlineLvl w:val="0"/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 2"/><w:basedOn w:val="1"/><w:pPr>'
        '<w:numPr><w:ilvl w:val="1"/></w:numPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="mine"><w:basedOn w:val="2"/></w:style>'
    )
    family = abstract(
        level(0, "japaneseCounting", "%1、", '<w:pStyle w:val="1"/>')
        + level(1, "chineseCounting", "(%2)", '<w:pStyle w:val="2"/>')
    )
    body = (
        p("做法", '<w:pStyle w:val="1"/>')
        + p("学法", '<w:pStyle w:val="mine"/>')
        + p("附件", '<w:pStyle w:val="1"/><w:numPr><w:numId w:val="0"/></w:numPr>')
        + p("全年学法12次。" * 20)
    )
    extracted = read(docx(body, numbering=family + num(), styles=styles))
    assert [(block.text, block.heading_level) for block in extracted.blocks][:3] == [
        ("一、做法", 1), ("(一)学法", 2), ("附件", 1),
    ]  # fmt: skip


def test_a_list_may_be_kept_in_a_numbering_style() -> None:
    styles = (
        '<w:style w:type="numbering" w:styleId="L"><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>'
    )
    lists = (
        abstract('<w:numStyleLink w:val="L"/>', 0) + abstract(level(0, "decimal", "%1、"), 1) + num(1, 0) + num(2, 1)
    )
    assert lines(numbered("甲") + numbered("乙"), numbering=lists, styles=styles) == ["1、甲", "2、乙"]


def test_bullets_and_unknown_lists_have_no_label() -> None:
    family = abstract(level(0, "bullet", "\uf0b7"))
    assert lines(numbered("甲") + numbered("乙", 0, 9), numbering=family + num()) == ["甲", "乙"]


@pytest.mark.parametrize(
    ("format", "count", "shown"),
    [
        ("japaneseCounting", 10, "十"), ("japaneseCounting", 21, "二十一"), ("chineseCountingThousand", 101, "一百〇一"),
        ("chineseCountingThousand", 110, "一百一十"), ("chineseCounting", 101, "一〇一"), ("chineseCounting", 32, "三十二"),
        ("chineseLegalSimplified", 12, "壹拾贰"), ("ideographDigital", 10, "一〇"), ("ideographTraditional", 10, "癸"),
        ("ideographTraditional", 11, "11"), ("ideographZodiac", 12, "亥"), ("decimalEnclosedCircle", 20, "\u2473"),
        ("decimalEnclosedCircleChinese", 21, "21"), ("upperRoman", 14, "XIV"), ("lowerRoman", 4, "iv"),
        ("upperLetter", 28, "BB"), ("decimalZero", 3, "03"), ("decimalFullWidth", 12, "\uff11\uff12"), ("chicago", 3, "3"),
        ("japaneseCounting", 99999, "99999"),
    ],
)  # fmt: skip
def test_numerals(format: str, count: int, shown: str) -> None:
    assert numeral(count, format) == shown


# ---- what is seen and what is not


def test_tracked_changes() -> None:
    body = (
        f"<w:p>{r('开展清理')}<w:del>{r('尚未')}<w:r><w:delText>尚未</w:delText></w:r></w:del><w:ins>{r('12件')}</w:ins>"
        f"<w:moveFrom>{r('移走')}</w:moveFrom><w:moveTo>{r('移来')}</w:moveTo></w:p>"
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{r('前半')}</w:p>{p('后半')}"
    )
    assert lines(body) == ["开展清理12件移来", "前半后半"]


def test_hidden_text_and_fields() -> None:
    styles = '<w:style w:type="character" w:styleId="h"><w:rPr><w:vanish/></w:rPr></w:style>'
    runs = [
        r("见"),
        r("藏", "<w:vanish/>"),
        r("也藏", '<w:rStyle w:val="h"/>'),
        r("不藏", '<w:vanish w:val="0"/>'),
        "<w:r><w:instrText>PAGE</w:instrText></w:r>",
    ]
    body = f"<w:p>{''.join(runs)}</w:p>"
    assert lines(body, styles=styles) == ["见不藏"]


def test_text_boxes_come_once_after_their_paragraph() -> None:
    box = "<w:txbxContent>" + p("框内") + "</w:txbxContent>"
    drawing = (
        f"<mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent>"
    )
    old = f"<w:r><w:pict><v:textbox>{box.replace('框内', '旧框')}</v:textbox></w:pict></w:r>"
    assert lines(f"<w:p>{r('前')}<w:r>{drawing}</w:r>{r('后')}{old}</w:p>{p('下一段')}") == [
        "前后",
        "框内",
        "旧框",
        "下一段",
    ]


def test_content_controls_links_and_notes() -> None:
    sdt = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
    prompt = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    body = (
        f"<w:p>{r('本年')}{sdt.format(r('12'))}{prompt.format(r('单击此处'))}<w:hyperlink>{r('件')}</w:hyperlink>"
        '<w:r><w:footnoteReference w:id="2"/></w:r></w:p>' + sdt.format(p("块级"))
    )
    notes = f'<w:footnote w:id="1">{p("不引")}</w:footnote><w:footnote w:id="2">{p("脚注")}</w:footnote>'
    assert lines(body, footnotes=notes) == ["本年12件", "块级", "脚注"]


def test_breaks_tabs_and_signs() -> None:
    body = "<w:p><w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:tab/><w:t>丙</w:t><w:noBreakHyphen/><w:t>丁</w:t></w:r></w:p>"
    assert lines(body) == ["甲", "乙\t丙-丁"]
    assert len(read(docx(body)).blocks) == 1


def test_the_table_of_contents_is_not_the_report() -> None:
    styles = '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="toc 1"/></w:style>'
    assert lines(p("一、做法\t1", '<w:pStyle w:val="T"/>') + p("一、做法"), styles=styles) == ["一、做法"]


def test_heading_styles_used_on_everything_say_nothing() -> None:
    outline = '<w:outlineLvl w:val="0"/>'
    extracted = read(docx(p("做法", outline) + p("全年学法12次" * 5, outline)))
    assert [block.heading_level for block in extracted.blocks] == [None, None]


# ---- tables


def test_rows_with_merged_and_nested_cells() -> None:
    inner = p("外") + table(row("内甲", "内乙")) + p("")
    merged = "<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>" + p("") + "</w:tc><w:tc>" + p("废止3件") + "</w:tc></w:tr>"
    deleted = "<w:tr><w:trPr><w:del/></w:trPr><w:tc>" + p("删去") + "</w:tc></w:tr>"
    body = table(row("事项", "结果"), row("清理", inner), merged, deleted)
    extracted = read(docx(body))
    assert [block.text for block in extracted.blocks] == ["事项\t结果", "清理\t外", "内甲\t内乙", "废止3件"]
    assert all(block.table for block in extracted.blocks)


def test_a_table_around_the_text_is_only_layout() -> None:
    extracted = read(docx(table(row(numbered("做法") + p("全年学法。"))), numbering=CHINESE + num()))
    assert [(block.text, block.table) for block in extracted.blocks] == [("一、做法", False), ("全年学法。", False)]


# ---- packages


def test_other_main_part_strict_names_and_capitals() -> None:
    assert lines(p("甲"), main="word/document2.xml", namespace=STRICT) == ["甲"]


def test_a_document_of_python_docx() -> None:
    document = python_docx.Document()
    document.add_heading("一、做法", 1)
    document.add_paragraph("全年学法12次，" * 9)
    document.sections[0].header.paragraphs[0].text = "页眉"
    buffer = io.BytesIO()
    document.save(buffer)
    extracted = read(buffer.getvalue())
    assert [block.heading_level for block in extracted.blocks] == [1, None]
    assert "页眉" not in extracted.text


def test_what_is_not_read_is_said() -> None:
    picture = '<w:p><w:r><w:drawing><wp:inline><wp:extent cx="5000000" cy="5000000"/><a:blip/></wp:inline></w:drawing></w:r></w:p>'
    assert "altChunk" in str(read(docx(p("甲") + '<w:altChunk r:id="x"/>')).warnings[0])
    assert "1幅" in str(read(docx(p("甲") + picture)).warnings[0])
    assert refusal(docx('<w:altChunk r:id="x"/>')).code == "unsupported"
    assert refusal(docx(picture)).code == "no_text"
    assert refusal(docx("<w:p/>")).code == "empty"


def test_broken_packages() -> None:
    assert refusal(docx(p("甲"))[:-200]).code == "crash"
    assert refusal(zipped({"[Content_Types].xml": "<Types/>"})).code == "crash"
    assert refusal(zipped({"word/document.xml": "<w:document"})).code == "crash"
    bomb = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    assert "DTD" in str(refusal(zipped({"word/document.xml": bomb})))
    assert "DTD" in str(refusal(zipped({"word/document.xml": bomb.encode("utf-16")})))


def test_limits_of_a_package(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(zipped({"word/document.xml": b" " * 3_000_000})).code == "too_large"
    monkeypatch.setenv("AUDITOR_LIMITS", "members=3")
    assert refusal(zipped({f"word/{n}.xml": "<a/>" for n in range(4)})).code == "too_large"
