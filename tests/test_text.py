"""Decoding, normalising, cutting and numbers."""

from __future__ import annotations

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auditor.errors import UnreadableFile
from auditor.text import cut, decode, normalise, numeral

REPORT = "2024年,全县办理行政复议案件35件,审结30件。"


@pytest.mark.parametrize(
    ("codec", "name"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("gbk", "gb18030"), ("gb18030", "gb18030")],
)
def test_decodes(codec: str, name: str) -> None:
    assert decode(REPORT.encode(codec), "a.txt") == (REPORT, name)


def test_big_endian_with_mark() -> None:
    assert decode(b"\xfe\xff" + REPORT.encode("utf-16-be"), "a.txt") == (REPORT, "utf-16")


def test_text_is_kept_as_it_is() -> None:
    text = "\u3000\u3000第一行\r\n第二行\t\u00a0\n"
    assert decode(text.encode(), "a.txt")[0] == text


def test_one_bad_byte_does_not_lose_a_report() -> None:
    text, name = decode(REPORT.encode() * 20 + b"\xff" + REPORT.encode(), "a.txt")
    assert name == "utf-8"
    assert text.startswith(REPORT)
    assert "\ufffd" in text


def test_cut_short_gbk() -> None:
    text, name = decode((REPORT * 20).encode("gbk")[:-1], "a.txt")
    assert name == "gb18030"
    assert text.startswith(REPORT)


def test_named_encoding() -> None:
    assert decode("縣政府年度報告".encode("big5"), "a.txt", "big5") == ("縣政府年度報告", "big5")


@pytest.mark.parametrize(
    ("data", "encoding", "code"),
    [
        (b"", None, "empty"),
        (b" \r\n\t", None, "empty"),
        ("\u3000\n".encode(), None, "empty"),
        (bytes(2000), None, "binary"),
        (b"%PDF-1.7 ...", None, "binary"),
        (b"PK\x03\x04....", None, "binary"),
        (random.Random(1).randbytes(3000), None, "binary"),
        ("縣政府法治政府建設年度報告".encode("big5"), None, "encoding"),
        (REPORT.encode("gbk"), "utf-8", "encoding"),
        (REPORT.encode(), "no-such-codec", "encoding"),
    ],
)
def test_refuses(data: bytes, encoding: str | None, code: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        decode(data, "报告.txt", encoding)
    assert caught.value.code == code
    assert str(caught.value).startswith("报告.txt: ")


@pytest.mark.parametrize("seed", range(20))
def test_random_bytes_are_never_a_report(seed: int) -> None:
    data = random.Random(seed).randbytes(400)
    with pytest.raises(UnreadableFile):
        decode(data, "a.txt")


@given(st.binary(max_size=300))
def test_decode_answers_or_refuses(data: bytes) -> None:
    try:
        text, _ = decode(data, "a.txt")
    except UnreadableFile:
        return
    assert text.strip()


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("\uff08一\uff09加强\uff1a学法\uff0c普法\uff1b\uff01\uff1f", "(一)加强:学法,普法;!?"),
        ("\u3220坚持\u3221完善", "(一)坚持(二)完善"),
        ("\u2460学法\u2461普法", "(1)学法(2)普法"),
        ("\u2474学法 \u2488普法", "(1)学法1.普法"),
        ("２０２２年，９８％", "2022年,98%"),
        ("2021—2025、2021－2025、2021～2025、2021––2025", "2021-2025、2021-2025、2021-2025、2021-2025"),
        ("提升——改善", "提升-改善"),
        ('“放管服”‘最多’「跑」『一次』"x"', "放管服最多跑一次x"),
        ("共 12\u00a0件\u3000办\u200b结\ufeff完\u00ad毕", "共12件办结完毕"),
        ("二○二二年", "二〇二二年"),
        ("《关于<建设方案>的通知》", "《关于〈建设方案〉的通知》"),
        ("印发<建设方案>", "印发《建设方案》"),
        ("1 < 2 > 0", "1<2>0"),
        ("\u2f08\u2ea0政府\u2ed3", "人民政府长"),
        ("句号。顿号、保留《》", "句号。顿号、保留《》"),
        ("12\u202212 \u30fb", "12·12·"),
        ("", ""),
    ],
)
def test_normalises(raw: str, plain: str) -> None:
    assert normalise(raw).text == plain


def test_offsets_lead_back() -> None:
    raw = "　“㈠ 加强”，２０ 件"
    found = normalise(raw, 100)
    assert found.text == "(一)加强,20件"
    assert [raw[place - 100] for place in found.offsets] == list("㈠㈠㈠加强，２０件")


@given(st.text(max_size=200))
def test_offsets_rise_and_stay_inside(raw: str) -> None:
    found = normalise(raw)
    assert len(found.offsets) == len(found.text)
    assert all(0 <= place < len(raw) for place in found.offsets)
    assert list(found.offsets) == sorted(found.offsets)


@example("- - -")
@given(st.text(alphabet="一二（(《<>》)）“” 　—～-①㈠⒈０9a。，ⅣⅩ㎡⺠", max_size=40))
def test_normalising_twice_changes_nothing(raw: str) -> None:
    once = normalise(raw).text
    assert normalise(once).text == once


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in cut(text)]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("学法6次。普法3场;培训1期", ["学法6次。", "普法3场;", "培训1期"]),
        ("占1.5%,印发《甲。乙》(一期;二期)文件。", ["占1.5%,印发《甲。乙》(一期;二期)文件。"]),
        ("主要表现在:一是力量不足,二是经费少。", ["主要表现在:", "一是力量不足,", "二是经费少。"]),
        ("一是办结12件二是加强培训。", ["一是办结12件", "二是加强培训。"]),
        ("目标之一是公开,十二是数。", ["目标之一是公开,", "十二是数。"]),
        ("如下:1.学法;2.普法。", ["如下:", "1.学法;", "2.普法。"]),
        ("(未闭合的括号。还有一句。", ["(未闭合的括号。", "还有一句。"]),
        ("补短强弱.一方面补短板。", ["补短强弱.", "一方面补短板。"]),
        ("", []),
    ],
)
def test_cuts(text: str, pieces: list[str]) -> None:
    assert sentences(text) == pieces


@given(st.text(alphabet="一二三是。;:,!?()《》.件1办", max_size=80))
def test_pieces_make_up_the_text(text: str) -> None:
    assert "".join(sentences(text)) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("1,234", 1234),
        ("2.4万", 24_000),
        ("1.2万亿", 1.2e12),
        ("３万余", 30_000),
        ("约20", 20),
        ("98%", 98),
        ("十二", 12),
        ("二十余", 20),
        ("一百零五", 105),
        ("一千二百", 1200),
        ("三万五千", 35_000),
        ("一亿零三万", 100_030_000),
        ("两", 2),
        ("百余", 100),
        ("二〇二二", 2022),
        ("", None),
        ("若干", None),
        ("12.3.4", None),
    ],
)
def test_numbers(text: str, value: float | None) -> None:
    assert numeral(text) == value


@given(st.text(max_size=20))
def test_numeral_never_fails(text: str) -> None:
    assert isinstance(numeral(text), float | None)
