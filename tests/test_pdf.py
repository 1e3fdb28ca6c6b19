"""PDF pages come out as the paragraphs, headings and rows that a person sees."""

from __future__ import annotations

from dataclasses import replace

import pytest
from page_files import COLUMNS, HEIGHT, LEFT, SIZE, WIDTH, glyphs, pdf, ruled, sheets

from auditor.errors import UnreadableFile
from auditor.readers import pdf as reader
from auditor.readers import read_bytes
from auditor.readers.geometry import Sheet, Stroke
from auditor.readers.layout import lay_out
from auditor.readers.radicals import fold
from auditor.report import Extracted

TITLE = "临江县人民政府2023年度法治政府建设|情况的报告"
FIRST = "2023年\uff0c全县坚持以习近平法治思想为指导\uff0c健全依法决策机制\uff0c规范行政执法行为\uff0c全年审查行政规范性文件12件\uff0c备案率100%。"
SECOND = "县政府常务会议专题学法4次\uff0c行政机关负责人出庭应诉率达到100%\uff0c办理行政复议案件36件\uff0c调解结案19件\uff0c群众满意度进一步提高。"
CHAPTER = "一、工作开展情况"
ITEM = "\uff08一\uff09健全制度体系\uff0c推进依法行政"
WHOLE = [FIRST, CHAPTER, ITEM, SECOND]


def texts(extracted: Extracted) -> list[str]:
    assert all(extracted.text[block.start : block.end] == block.text for block in extracted.blocks)
    return [block.text for block in extracted.blocks]


def laid(pages: list[Sheet], **more: bool) -> list[str]:
    return texts(lay_out(pages, "pdf", **more))


def refusal(data: bytes) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        reader.read(data, "a.pdf")
    return caught.value


# ---- files


def test_paragraphs_headings_and_a_title_of_two_lines() -> None:
    extracted = reader.read(pdf(sheets(WHOLE * 4, title=TITLE, rows=9)), "a.pdf")
    assert texts(extracted) == [TITLE.replace("|", ""), *WHOLE * 4]
    assert extracted.format == "pdf"
    assert extracted.blocks[0].page == 1 and (extracted.blocks[-1].page or 0) > 1
    assert extracted.unread == ()


def test_the_file_says_what_the_text_says() -> None:
    data = pdf(sheets(WHOLE, title=TITLE))
    assert read_bytes(data, "a.pdf").text == "\n".join([TITLE.replace("|", ""), *WHOLE])


def test_a_last_line_of_one_character_is_kept() -> None:
    heading = "\uff08三\uff09持续深化放管服改革\uff0c积极推动政务服务成果转化"
    assert len(heading) == COLUMNS - 2 + 1
    extracted = reader.read(pdf(sheets([FIRST, heading, SECOND])), "a.pdf")
    assert texts(extracted) == [FIRST, heading, SECOND]


@pytest.mark.parametrize("turn", [90, 270])
def test_a_page_turned_in_the_file(turn: int) -> None:
    """Scanners and spreadsheets store pages on their side and say how to turn them."""
    page = sheets(WHOLE)[0]
    placed = []
    for glyph in page.glyphs:
        x, y = (WIDTH - glyph.y, glyph.x) if turn == 270 else (glyph.y, HEIGHT - glyph.x)
        placed.append(replace(glyph, x=x, y=y, right=x + 1, angle=90 if turn == 270 else 270))
    assert laid([replace(page, glyphs=tuple(placed))]) == WHOLE
    on_side = replace(page, glyphs=tuple(placed))
    assert texts(reader.read(pdf([on_side], turn=turn), "a.pdf")) == WHOLE


def test_a_password_is_asked_for() -> None:
    assert refusal(pdf(sheets(WHOLE), password="secret")).code == "encrypted"


def test_a_broken_file_is_said() -> None:
    assert refusal(b"%PDF-1.4\nnothing").code == "crash"
    assert refusal(pdf(sheets(WHOLE))[:200]).code == "crash"


def test_too_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_LIMITS", "pages=2")
    assert refusal(pdf(sheets(WHOLE * 3, rows=5))).code == "too_large"


def test_too_many_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_LIMITS", "characters=50")
    assert refusal(pdf(sheets(WHOLE))).code == "too_large"


def test_a_form_that_contains_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library takes all memory there is: the child process has little."""
    monkeypatch.setenv("AUDITOR_LIMITS", "memory=300,wall=20")
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</X 5 0 R>>>>/Contents 4 0 R>>",
        b"<</Length 5>>stream\n/X Do\nendstream",
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>/Length 11>>stream\n/X Do /X Do\nendstream",
    ]
    data, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(data),
    )
    with pytest.raises(UnreadableFile) as caught:
        read_bytes(data, "a.pdf")
    assert caught.value.code in ("crash", "too_large", "timeout")


# ---- pages without good text


def test_pages_of_images_are_unread() -> None:
    pages = sheets(WHOLE * 2, rows=9)
    image = Sheet(len(pages) + 1, WIDTH, HEIGHT, tuple(glyphs("\u2014 3 \u2014", 280, 790, 12)), (), 0.95)
    extracted = reader.read(pdf([*pages, image]), "a.pdf")
    assert extracted.unread == (image.number,)
    assert texts(extracted) == WHOLE * 2


def test_a_scan_has_no_text() -> None:
    extracted = reader.read(pdf([Sheet(1, WIDTH, HEIGHT, (), (), 1.0)]), "a.pdf")
    assert (extracted.text, extracted.blocks, extracted.unread) == ("", (), (1,))


def test_a_picture_beside_text_is_no_scan() -> None:
    page = sheets(WHOLE)[0]
    assert lay_out([replace(page, pictured=0.5)], "pdf").unread == ()


def test_an_empty_page_is_not_missed() -> None:
    assert lay_out([sheets(WHOLE)[0], Sheet(2, WIDTH, HEIGHT, ())], "pdf").unread == ()


def test_garbled_pages_are_named_and_left_out() -> None:
    good = sheets(WHOLE)[0]
    bad = Sheet(2, WIDTH, HEIGHT, tuple(glyphs("\ufffd" * 60, 10, 300, 9)))
    extracted = lay_out([good, bad], "pdf")
    assert texts(extracted) == WHOLE
    assert extracted.unread == (2,)
    assert "第2页" in str(extracted.warnings[0])


def test_a_garbled_file_is_garbled_and_no_scan() -> None:
    bad = Sheet(1, WIDTH, HEIGHT, tuple(glyphs("\ufffd" * 60, 10, 300, 9)))
    extracted = lay_out([bad], "pdf")
    assert extracted.blocks and extracted.unread == (1,)


# ---- what stands around the text


@pytest.mark.parametrize("number", ["\u2014 {} \u2014", "-{}-", "{}", "第{}页", "第{}页 共3页", "{}/3", "Page {}"])
def test_page_numbers_go(number: str) -> None:
    assert laid(sheets(WHOLE * 3, rows=9, number=number)) == WHOLE * 3


def test_running_heads_go() -> None:
    assert laid(sheets(WHOLE * 3, rows=9, head="临江县人民政府文件")) == WHOLE * 3


def test_a_diagonal_watermark_goes() -> None:
    page = sheets(WHOLE)[0]
    mark = [replace(glyph, y=500 - n * 30, angle=315) for n, glyph in enumerate(glyphs("内部资料", 150, 500, 48))]
    assert laid([replace(page, glyphs=(*page.glyphs, *mark))]) == WHOLE


def test_a_level_watermark_goes() -> None:
    pages = sheets(WHOLE * 3, rows=9)
    mark = tuple(glyphs("征求意见稿", 150, 400, 60))
    assert laid([replace(page, glyphs=page.glyphs + mark) for page in pages]) == WHOLE * 3


def test_text_crossed_out_goes() -> None:
    page = sheets([FIRST])[0]
    y = max(glyph.y for glyph in page.glyphs if glyph.y < 700) + 28
    struck = (*page.glyphs, *glyphs("全年未开展清理。", LEFT + 2 * SIZE, y))
    line = Stroke(LEFT + 2 * SIZE, y - 5, LEFT + 10 * SIZE, y - 4.5)
    assert laid([replace(page, glyphs=struck, strokes=(line,))]) == [FIRST]
    under = Stroke(LEFT + 2 * SIZE, y + 2, LEFT + 10 * SIZE, y + 2.5)
    assert laid([replace(page, glyphs=struck, strokes=(under,))]) == [FIRST, "全年未开展清理。"]


def test_a_table_of_contents_goes() -> None:
    listed = [
        f"{name}{'.' * 20}{page}" for page, name in enumerate(["一、工作情况", "二、存在问题", "三、下步打算"], 1)
    ]
    page = sheets(["目录", *listed, *WHOLE])[0]
    assert laid([page]) == WHOLE


def test_footnotes_stand_at_the_end_without_their_marks() -> None:
    pages = sheets([FIRST + SECOND], rows=3)
    note = glyphs("1数据截至2023年12月31日。", LEFT, 740, 9)
    mark = glyphs("1", LEFT + COLUMNS * SIZE + 1, max(g.y for g in pages[0].glyphs if g.y < 700) - 6, 8)
    pages[0] = replace(pages[0], glyphs=(*pages[0].glyphs, *note, *mark))
    assert laid(pages) == [FIRST + SECOND, "数据截至2023年12月31日。"]


# ---- paragraphs


def test_paragraphs_without_indent_but_with_space_between() -> None:
    assert laid(sheets(WHOLE * 2, indent=0, gap=0.6)) == WHOLE * 2


def test_paragraphs_told_apart_by_short_lines_only() -> None:
    assert laid(sheets(WHOLE * 2, indent=0)) == WHOLE * 2


def test_spaces_in_front_instead_of_an_indent() -> None:
    assert laid(sheets(["\u3000\u3000" + text for text in WHOLE * 2], indent=0)) == WHOLE * 2


def test_signature_and_date_stay_apart() -> None:
    page = sheets([FIRST])[0]
    sign = [*glyphs("临江县人民政府", 330, 300), *glyphs("2024年2月26日", 340, 328)]
    assert laid([replace(page, glyphs=(*page.glyphs, *sign))]) == [FIRST, "临江县人民政府", "2024年2月26日"]


def test_bold_by_drawing_twice_is_read_once() -> None:
    page = sheets(WHOLE)[0]
    again = [replace(glyph, x=glyph.x + 0.4, right=glyph.right + 0.4) for glyph in page.glyphs]
    assert laid([replace(page, glyphs=(*page.glyphs, *again))]) == WHOLE


def test_latin_words_keep_their_spaces() -> None:
    page = Sheet(
        1, WIDTH, HEIGHT, (*glyphs("LED", 85, 200), *glyphs("Screen", 85 + 32, 200), *glyphs("屏幕", 170, 200))
    )
    assert laid([page]) == ["LED Screen屏幕"]


def test_radicals_are_folded() -> None:
    assert fold("\u2f08\u2ea0政府\u2ed3效\u2460\u3220\uff0c") == "人民政府长效\u2460\u3220\uff0c"
    assert laid(sheets(["\u2f08\u2ea0政府依法行政\uff0c全年办理案件36件\uff0c公开信息91条。"])) == [
        "人民政府依法行政\uff0c全年办理案件36件\uff0c公开信息91条。"
    ]


# ---- tables


def test_ruled_tables_are_rows() -> None:
    rows = [["序号", "任务", "完成情况"], ["1", "备案审查", "审查45件"], ["合计", "1项完成", ""]]
    extracted = lay_out([ruled(rows)], "pdf")
    assert [(block.text, block.table) for block in extracted.blocks] == [
        ("序号\t任务\t完成情况", True),
        ("1\t备案审查\t审查45件", True),
        ("合计\t1项完成", True),
    ]


def test_a_ruled_table_in_a_file() -> None:
    rows = [["序号", "任务", "完成情况"], ["1", "备案审查", "审查45件"]]
    page = ruled(rows, top=560)
    text = sheets(WHOLE)[0]
    extracted = reader.read(pdf([replace(text, glyphs=text.glyphs + page.glyphs, strokes=page.strokes)]), "a.pdf")
    assert texts(extracted) == [*WHOLE, "序号\t任务\t完成情况", "1\t备案审查\t审查45件"]


def test_a_head_repeated_on_the_next_page_goes() -> None:
    head = ["序号", "任务"]
    pages = [ruled([head, ["1", "备案审查"]], page=1), ruled([head, ["2", "行政复议"]], top=60, page=2)]
    assert laid(pages) == ["序号\t任务", "1\t备案审查", "2\t行政复议"]


def test_tables_without_rules_are_rows() -> None:
    found = []
    for y, row in [(200, ("单位", "数量", "占比")), (228, ("城关镇", "12件", "40%")), (256, ("河西乡", "18件", "60%"))]:
        for x, cell in zip((85, 250, 400), row, strict=True):
            found += glyphs(cell, x, y)
    assert laid([Sheet(1, WIDTH, HEIGHT, tuple(found))]) == [
        "单位\t数量\t占比",
        "城关镇\t12件\t40%",
        "河西乡\t18件\t60%",
    ]


def test_text_in_a_frame_is_text() -> None:
    page = sheets(WHOLE)[0]
    edges = (Stroke(60, 60, 540, 60), Stroke(60, 760, 540, 760), Stroke(60, 60, 60, 760), Stroke(540, 60, 540, 760))
    assert laid([replace(page, strokes=edges)]) == WHOLE


# ---- printed web pages


def web_page() -> Sheet:
    y, found = 40.0, []
    for text in (
        "首页",
        "政务公开",
        "当前位置\uff1a首页 > 法治政府",
        "相关阅读",
        "县司法局关于规范性文件清理结果的公告2024-03-12",
    ):
        y += 20
        found += glyphs(text, 40, y, 11)
    y += 40
    found += glyphs("临江县人民政府2023年法治政府建设年度报告", 40, y, 22)
    y += 30
    found += glyphs("发布时间\uff1a2024-03-20 来源\uff1a县政府办 浏览量\uff1a1024次", 40, y, 11)
    for text in WHOLE:
        for start, line in [(2 * 14.0, text[:30]), *((0.0, text[at : at + 32]) for at in range(30, len(text), 32))]:
            y += 24
            found += glyphs(line, 40 + start, y, 14)
    for text in (
        "责任编辑\uff1a徐某某",
        "上一篇\uff1a2022年法治政府建设年度报告",
        "主办\uff1a临江县人民政府办公室 某ICP备05001234号",
    ):
        y += 22
        found += glyphs(text, 40, y, 11)
    return Sheet(1, WIDTH, HEIGHT, tuple(found))


@pytest.mark.parametrize("printed", [True, False])
def test_only_the_article_of_a_printed_web_page(printed: bool) -> None:
    extracted = lay_out([web_page()], "pdf", printed=printed)
    assert texts(extracted) == ["临江县人民政府2023年法治政府建设年度报告", *WHOLE]
    assert extracted.declared["published"] == "2024-03-20"
    assert extracted.declared["source"] == "县政府办"


def test_a_report_printed_by_a_browser_stays_whole() -> None:
    assert laid(sheets(WHOLE, title=TITLE), printed=True) == [TITLE.replace("|", ""), *WHOLE]
