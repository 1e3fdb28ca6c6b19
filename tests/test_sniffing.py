"""Content decides how a file is read; its suffix only where the content leaves a choice."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from word_files import docx, p, zipped

from auditor import readers
from auditor.errors import AuditorError, UnreadableFile
from auditor.readers import FORMATS, READERS, quality, read_bytes
from auditor.readers.limits import limits
from auditor.readers.packages import Package, normal
from auditor.readers.sniffing import sniff

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
REPORT = "某县2024年法治政府建设年度报告。全年开展规范性文件清理2次\uff0c废止3件\uff0c政府常务会议学法6次。"


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"%PDF-1.7", "a.docx", "pdf"),
        (b"\r\n junk %PDF-1.4", "a", "pdf"),
        (docx(p("甲")), "a.doc", "docx"),
        (zipped({"xl/workbook.xml": "", "[Content_Types].xml": ""}), "a.docx", "xlsx"),
        (zipped({"ppt/presentation.xml": "", "[Content_Types].xml": ""}), "a.docx", "pptx"),
        (zipped({"OFD.xml": "", "Doc_0/Document.xml": ""}), "a.pdf", "ofd"),
        (zipped({"报告.docx": ""}), "a.docx", "zip"),
        (OLE + "WordDocument".encode("utf-16-le"), "a.docx", "doc"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", "encrypted"),
        (OLE + "Workbook".encode("utf-16-le"), "a.doc", "xls"),
        (OLE, "a.wps", "doc"),
        (b"{\\rtf1\\ansi", "a.doc", "rtf"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE HTML><html>", "a.doc", "html"),
        ("<html><body>".encode("utf-16"), "a.txt", "html"),
        (b"<table border=1><tr>", "a.xls", "html"),
        (b"From: <Saved by Blink>\nMIME-Version: 1.0\nContent-Type: multipart/related;\n", "a.doc", "mhtml"),
        (b'<?xml version="1.0"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml">', "a.doc", "wordxml"),
        (b"\x89PNG\r\n\x1a\n", "a.pdf", "image"),
        (b"BM\x00\x01\x00\x00\0\0\0\0\x36", "a.txt", "image"),
        (b"BMW", "a.txt", "text"),
        (b"Rar!\x1a\x07\x00", "a.zip", "rar"),
        (b"# x", "a.MD", "md"),
        (b"<div align=center>\n# x", "a.md", "md"),
        (b"<!DOCTYPE html><p>", "a.md", "html"),
        ("报告<p>".encode(), "a.txt", "text"),
        (b"Time: 12:00\nplain", "a.txt", "text"),
        (b"", "a.docx", "text"),
    ],
)  # fmt: skip
def test_kinds(data: bytes, name: str, kind: str) -> None:
    assert sniff(data, name) == kind


def test_open_document_is_told_by_its_first_part() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<a/>")
    assert sniff(buffer.getvalue(), "a.zip") == "odt"


def test_a_package_without_its_directory_is_still_recognised() -> None:
    assert sniff(docx(p("甲"))[:-60], "a.docx") == "docx"


def test_a_document_under_any_name() -> None:
    data = docx(p(REPORT))
    for name in ("a.doc", "a.pdf", "a", "a.txt", "报告"):
        assert read_bytes(data, name).text == REPORT
    page = f"<html><body><p>{REPORT}</p></body></html>".encode("gb18030")
    assert read_bytes(page, "a.doc").format == "html"
    assert read_bytes(REPORT.encode(), "a.docx").format == "txt"


def code(data: bytes, name: str) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_bytes(data, name)
    assert str(caught.value).startswith(name)
    return caught.value.code


def test_typed_outcomes() -> None:
    assert code(OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx") == "encrypted"
    assert code(b"\x89PNG\r\n\x1a\n", "a.png") == "no_text"
    assert code(b"Rar!\x1a\x07\x00", "a.rar") == "unsupported"
    assert code(b" \n", "a.pdf") == "empty"
    assert code(b"x", "a.xyz") == "unsupported"
    assert code(bytes(range(256)) * 40, "a.docx") == "binary"
    assert code(docx(p("\ue000\ue001" * 60)), "a.docx") == "garbled"
    assert code(docx(p("鏀垮簻娉曟不寤鸿" * 20)), "a.docx") == "garbled"


def test_limits_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_LIMITS", " characters=10, html = 1 ")
    assert (limits().characters, limits().html, limits().file) == (10, 1, 50)
    assert code(docx(p(REPORT)), "a.docx") == "too_large"
    assert code(b"<html>" + b" " * 1_100_000, "a.html") == "too_large"
    for wrong in ("speed=3", "html", "html=x", "html=0"):
        monkeypatch.setenv("AUDITOR_LIMITS", wrong)
        with pytest.raises(AuditorError, match="AUDITOR_LIMITS"):
            limits()


def test_every_format_has_a_reader_and_a_place() -> None:
    for kind, each in FORMATS.items():
        assert each.kind == kind
        assert (Path(readers.__file__).parent / f"{each.module}.py").is_file()
    formats = ".docx .doc .wps .pdf .ofd .html .mhtml .txt .md .rtf .odt .xlsx .zip"
    assert set(formats.split()) <= READERS.keys()


# ---- quality


@pytest.mark.parametrize(
    ("text", "garbled"),
    [
        (REPORT, False),
        ("", False),
        ("学法6次。", False),
        ("The county reviewed twelve normative documents and abolished three of them.", False),
        ("\ufffd" * 3, True),
        (REPORT + "\ue5e5" * 9, True),
        ("(cid:12)(cid:13)(cid:14)(cid:15)", True),
        (REPORT.encode("gbk").decode("latin-1"), True),
        (REPORT.encode().decode("gbk", "replace"), True),
        ("!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~" * 5, True),
    ],
)
def test_garbled(text: str, garbled: bool) -> None:
    assert quality.garbled(text) is garbled


# ---- packages


def test_names_of_parts() -> None:
    package = Package(zipped({"Doc_0\\Pages\\Content.XML": "<a/>"}), "a.ofd")
    assert package.read("/doc_0/pages/content.xml") == b"<a/>"
    assert package.xml("Doc_0/./Pages/Content.xml").tag == "a"
    assert normal("/a/../../b/./c") == "b/c"
    with pytest.raises(KeyError):
        package.read("other")
