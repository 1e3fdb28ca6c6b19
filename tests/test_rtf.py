"""RTF comes out as a person sees it."""

from __future__ import annotations

import pytest

from auditor.errors import UnreadableFile
from auditor.readers import read_bytes, rtf
from auditor.report import Extracted


def hexed(text: str, codec: str = "gbk") -> str:
    return "".join(f"\\'{byte:02x}" for byte in text.encode(codec))


def coded(text: str) -> str:
    return "".join(f"\\u{ord(sign)}?" for sign in text)


def read(body: str, head: str = "\\ansicpg936") -> Extracted:
    extracted = rtf.read(f"{{\\rtf1\\ansi{head} {body}}}".encode("latin-1"), "a.rtf")
    assert all(extracted.text[block.start : block.end] == block.text for block in extracted.blocks)
    return extracted


def lines(body: str, head: str = "\\ansicpg936") -> list[str]:
    return [block.text for block in read(body, head).blocks]


def test_bytes_are_of_the_code_page_or_the_font() -> None:
    assert lines(hexed("法治政府") + "\\par") == ["法治政府"]
    fonts = "\\ansicpg1252{\\fonttbl{\\f0\\fcharset0 Arial;}{\\f1\\fcharset134 " + hexed("宋体") + ";}}"
    assert lines("{\\f1 " + hexed("依法行政") + "}\\f0 \\'e9\\par", fonts) == ["依法行政\u00e9"]


def test_characters_by_number_with_their_fallbacks() -> None:
    assert lines(coded("审核") + "\\uc2 \\u27861\\'b7\\'a8\\u27835\\'d6\\'ce\\uc0 \\u25919 x\\par") == ["审核法治政x"]
    assert lines("\\u-10179?\\u-8704? 20\\u-27?%\\par") == ["\U0001f600 20\uffe5%"]


def test_paragraphs_breaks_and_signs() -> None:
    assert lines("A\\line B\\par\\pard C\\tab D\\emdash\\~E\\_F\\par\\par last") == ["A\nB", "C\tD—\u00a0E-F", "last"]


def test_headings_by_style_and_by_paragraph() -> None:
    head = "\\ansicpg936{\\stylesheet{\\s0 Normal;}{\\s1\\outlinelevel0 heading 1;}{\\*\\cs2 char;}}"
    found = read("\\pard\\s1 A\\par\\pard\\s0 B\\par\\pard\\outlinelevel1 C\\par\\pard D\\par", head).blocks
    assert [(block.text, block.heading_level) for block in found] == [("A", 1), ("B", None), ("C", 2), ("D", None)]


def test_labels_of_lists_stand_before_the_text_without_bullets() -> None:
    first = "{\\listtext\\pard\\plain " + coded("一、") + "\\tab}" + coded("工作") + "\\par"
    second = "{\\listtext 1.\\tab}A\\par{\\pntext\\f3\\'b7\\tab}B\\par"
    assert lines(first + second) == ["一、工作", "1. A", "B"]


def test_deleted_and_hidden_text_is_not_there() -> None:
    assert lines("A{\\deleted 99}{\\revised 12}{\\v hidden}{\\v0 B}\\par") == ["A12B"]


def test_what_is_no_body_text_is_left_out() -> None:
    body = "{\\header H\\par}{\\*\\generator G;}{\\info{\\title T}}{\\field{\\*\\fldinst PAGE}{\\fldrslt 3}}{\\*\\unknown U}X\\par{\\footer F}"
    assert lines(body) == ["3X"]


def test_footnotes_stand_at_the_end_and_boxes_after_their_paragraph() -> None:
    box = "{\\shp{\\*\\shpinst{\\sp{\\sn a}{\\sv 1}}{\\shptxt box\\par}}{\\shprslt old\\par}}"
    assert lines(f"A{box}{{\\footnote note\\par}}B\\par C\\par") == ["box", "AB", "C", "note"]


def test_rows_of_tables() -> None:
    row = "\\trowd\\cellx1\\cellx2\\pard\\intbl 1\\par 2\\cell B\\cell\\row"
    found = read(f"{row}\\pard after\\par").blocks
    assert [(block.text, block.table) for block in found] == [("1 2\tB", True), ("after", False)]


def test_a_field_result_that_repeats_a_content_control_is_dropped() -> None:
    field = "{\\field{\\*\\fldinst FORMTEXT}{\\fldrslt X\\u13?}}"
    assert lines(f"{field}X{field}\\par") == ["X"]


def test_binary_data_is_passed_over() -> None:
    found = rtf.read(b"{\\rtf1{\\pict\\bin4 }}{{}A\\par}", "a.rtf")
    assert found.text == "A"


@pytest.mark.parametrize(("body", "code"), [("", "empty"), ("{\\pict 00ff}", "no_text")])
def test_nothing_to_read_is_said(body: str, code: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(body)
    assert caught.value.code == code


def test_endless_groups_are_a_typed_outcome() -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_bytes(b"{\\rtf1" + b"{" * 100_000, "a.rtf")
    assert caught.value.code == "crash"
