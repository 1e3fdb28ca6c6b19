"""Scanned pages: recognised where the extra is installed, said where it is not. The recogniser itself is stood in for."""

from __future__ import annotations

import io
from typing import Any

import numpy
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from word_files import zipped

from auditor.errors import UnreadableFile
from auditor.readers import ocr
from auditor.readers.assembly import Paragraph, assemble
from auditor.readers.pictures import pictures
from auditor.report import Extracted
from auditor.words import Message

OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'


class Result:
    def __init__(self, lines: list[tuple[str, float, float, float, float]]) -> None:
        self.txts = [line[0] for line in lines]
        self.scores = [line[1] for line in lines]
        self.boxes = [
            [(x, y), (x + 40 * len(text), y), (x + 40 * len(text), y + 44), (x, y + 44)] for text, _, x, y, _ in lines
        ]


def line(text: str, y: float, x: float = 100, sure: float = 0.99) -> tuple[str, float, float, float, float]:
    return text, sure, x, y, 0.0


def scan(*, unread: tuple[int, ...] = (1,), text: tuple[Paragraph, ...] = ()) -> Extracted:
    return assemble(text, "pdf", unread=unread)


def pdf(pages: int) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    for _ in range(pages):
        canvas.rect(100, 700, 50, 50, fill=1)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def recognise(monkeypatch: pytest.MonkeyPatch, engine: Any, pages: list[int]) -> Extracted:
    monkeypatch.setattr(ocr, "_engine", lambda: engine)
    return ocr.read_pages(pdf(len(pages)), "a.pdf", None, pages=pages, kind="pdf")


PAGE = [
    line("某县人民政府二〇二四年法治政府建设年度报告", 100),
    line("一、主要举措和成效", 220, 180),
    line("全县坚持以习近平法治思想为指导全面推进依法行政各项", 280, 180),
    line("工作，开展行政规范性文件清理，落实行政执法公示等制度", 340),
    line("。", 400),
]


def test_lines_become_paragraphs_with_page_and_confidence(monkeypatch: pytest.MonkeyPatch) -> None:
    found = recognise(monkeypatch, lambda picture: Result(PAGE), [1])
    assert found.blocks[1].text == "一、主要举措和成效"
    assert found.blocks[-1].text.startswith("全县坚持") and found.blocks[-1].text.endswith("等制度。")
    assert {(block.page, block.confidence) for block in found.blocks} == {(1, 0.99)}
    assert found.unread == () and "0.99" in str(found.warnings[0])


def test_a_page_on_its_side_is_turned_and_the_next_one_starts_so(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, ...]] = []

    def engine(picture: Any) -> Result:
        seen.append(picture.shape[:2])
        wide = picture.shape[1] > picture.shape[0]
        return Result(PAGE if wide else [line("乱", 10, sure=0.4)])

    found = recognise(monkeypatch, engine, [1, 2])
    assert {block.page for block in found.blocks} == {1, 2}
    assert [wide > tall for tall, wide in seen] == [False, True, True]


def test_what_is_not_legible_stays_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    found = recognise(monkeypatch, lambda picture: Result([line("乱", 10, sure=0.5)]), [1])
    assert not found.blocks and found.unread == (1,)
    assert recognise(monkeypatch, lambda picture: None, [1]).unread == (1,)


def test_without_the_extra_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    with pytest.raises(UnreadableFile) as caught:
        ocr.complete(b"", "a.pdf", scan())
    assert caught.value.code == "no_text" and "pip install rapidocr" in str(caught.value)
    some = ocr.complete(b"", "a.pdf", scan(unread=(2, 3, 5), text=(Paragraph("A", page=1),)))
    assert some.text == "A" and some.unread == (2, 3, 5)
    assert "第2-3、5页" in str(some.warnings[0])


def completed(monkeypatch: pytest.MonkeyPatch, extracted: Extracted, recognised: Extracted) -> Extracted:
    monkeypatch.setattr(ocr, "available", lambda: True)
    monkeypatch.setattr(ocr, "read_isolated", lambda *arguments, **more: recognised)
    return ocr.complete(b"", "a.pdf", extracted)


def test_recognised_pages_take_their_place_among_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    long = "开展行政执法监督检查,组织案卷评查,抽取执法单位卷宗,逐卷提出整改意见并督促整改到位,组织执法人员培训"
    before = (Paragraph(long, page=1), Paragraph("C", page=3))
    recognised = assemble((Paragraph("两次。", page=2, confidence=0.9), Paragraph("B", page=2, confidence=0.9)), "pdf")
    found = completed(monkeypatch, scan(unread=(2,), text=before), recognised)
    assert [block.text for block in found.blocks] == [f"{long}两次。", "B", "C"]
    assert [block.confidence for block in found.blocks] == [0.9, 0.9, None]
    assert all(found.text[block.start : block.end] == block.text for block in found.blocks)


def test_garbled_text_of_a_recognised_page_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    found = completed(
        monkeypatch,
        scan(text=(Paragraph("\ue000\ue001", page=1),)),
        assemble((Paragraph("法治", page=1, confidence=0.9),), "pdf"),
    )
    assert found.text == "法治"


def test_a_failed_recognition_is_said_or_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*arguments: Any, **more: Any) -> Extracted:
        raise UnreadableFile("a.pdf", "timeout", Message("wall_time", {"seconds": 9}))

    monkeypatch.setattr(ocr, "available", lambda: True)
    monkeypatch.setattr(ocr, "read_isolated", fails)
    assert ocr.complete(b"", "a.pdf", scan(text=(Paragraph("A", page=2),))).warnings
    with pytest.raises(UnreadableFile):
        ocr.complete(b"", "a.pdf", scan())


def test_pictures_of_a_pdf_keep_the_limit_on_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    ((page, picture),) = pictures(pdf(1), "a.pdf", "pdf", [1, 9])
    assert page == 1 and abs(picture.shape[0] - 842 * 150 / 72) < 2
    monkeypatch.setenv("AUDITOR_LIMITS", "pixels=10000")
    ((_, small),) = pictures(pdf(1), "a.pdf", "pdf", [1])
    assert small.shape[0] * small.shape[1] < 10_400


def test_pictures_of_an_ofd_are_laid_out_as_its_page_says() -> None:
    image = io.BytesIO()
    Image.new("RGB", (20, 20), "black").save(image, "PNG")
    parts: dict[str, str | bytes] = {
        "OFD.xml": f"<ofd:OFD {OFD}/>",
        "Doc_0/Document.xml": f'<ofd:Document {OFD}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 100 200</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>',
        "Doc_0/DocumentRes.xml": f'<ofd:Res {OFD} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="5"><ofd:MediaFile>p.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>',
        "Doc_0/Res/p.png": image.getvalue(),
        "Doc_0/Pages/Page_0/Content.xml": f'<ofd:Page {OFD}><ofd:Content><ofd:Layer><ofd:ImageObject Boundary="0 100 100 100" ResourceID="5"/></ofd:Layer></ofd:Content></ofd:Page>',
    }
    ((page, picture),) = pictures(zipped(parts), "a.ofd", "ofd", [1, 2])
    assert page == 1 and picture.shape[:2] == (1181, 591)
    assert numpy.asarray(picture)[100, 100, 0] == 255 and numpy.asarray(picture)[1000, 100, 0] == 0


@pytest.mark.skipif(not ocr.available(), reason="the extra [ocr] is not installed")
def test_the_real_recogniser() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    canvas.setFont("Helvetica", 32)
    canvas.drawString(80, 700, "2024 ANNUAL REPORT")
    canvas.save()
    found = ocr.complete(buffer.getvalue(), "a.pdf", scan())
    assert "2024" in found.text and found.blocks[0].confidence
