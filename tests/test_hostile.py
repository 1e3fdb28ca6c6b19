"""Files made to do harm: each has a typed outcome, soon, in bounded memory."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from pathlib import Path

import pytest
from word_files import docx, p, zipped

from auditor.errors import UnreadableFile
from auditor.readers import READERS, read_bytes

ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
LAUGHS = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "法治">{ENTITIES}]><a>&a8;</a>'
LEAK = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


def overlapping() -> bytes:
    """Two entries of the directory that point at the same data."""
    data = bytearray(zipped({"word/document.xml": "<a/>", "word/styles.xml": "<a/>"}))
    first = data.find(b"PK\x01\x02")
    second = data.find(b"PK\x01\x02", first + 4)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    return bytes(data)


def many(count: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for at in range(count):
            archive.writestr(f"word/{at}", b"")
    return buffer.getvalue()


def lying_about_size() -> bytes:
    """A part that tells of one byte and unpacks to ten million."""
    data = bytearray(zipped({"word/document.xml": b"<" * 10_000_000}))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.find(mark) + place, 1)
    return bytes(data)


def self_drawing() -> bytes:
    """A PDF whose form draws itself."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>",
        b"<</Length 5>>stream\n/F Do\nendstream",
        b"<</Type/XObject/Subtype/Form/BBox[0 0 200 200]/Resources<</XObject<</F 5 0 R>>>>/Length 11>>stream\n/F Do /F Do\nendstream",
    ]
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj%s endobj\n" % (at, part) for at, part in enumerate(parts, 1))
    return body + b"trailer<</Root 1 0 R/Size 6>>\n%%EOF"


HOSTILE = {
    "laughs.docx": zipped({"word/document.xml": LAUGHS}),
    "leak.docx": zipped({"word/document.xml": LEAK}),
    "leak.ofd": zipped({"OFD.xml": LEAK}),
    "bomb.docx": zipped({"word/document.xml": b" " * 30_000_000}),
    "lying.docx": lying_about_size(),
    "overlap.docx": overlapping(),
    "many.docx": many(5_000),
    "deep.docx": docx("<w:sdt><w:sdtContent>" * 600 + p("甲") + "</w:sdtContent></w:sdt>" * 600),
    "cut.docx": docx(p("甲"))[:300],
    "noise.docx": b"PK\x03\x04" + bytes(range(256)) * 8,
    "noise.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 8,
    "noise.pdf": b"%PDF-1.7\n" + bytes(range(256)) * 8,
    "loop.pdf": self_drawing(),
    "headers.mhtml": b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=a\n\n" + b"--a\n" * 20_000,
}


@pytest.mark.parametrize("name", [name for name in HOSTILE if Path(name).suffix in READERS])
def test_a_hostile_file_has_a_typed_outcome(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_LIMITS", "memory=512,cpu=10,wall=20,office_wall=30")
    start = time.monotonic()
    with pytest.raises(UnreadableFile) as caught:
        read_bytes(HOSTILE[name], name)
    assert time.monotonic() - start < 30
    assert caught.value.code in {"crash", "too_large", "timeout", "empty", "no_text", "garbled", "unsupported"}
    assert "root:" not in str(caught.value)


@pytest.mark.parametrize("depth", [200, 50_000])
def test_deeply_nested_pages_keep_their_text(depth: int) -> None:
    page = "<html>" + "<div>" * depth + "<p>全年开展规范性文件清理2次。</p></html>"
    assert "规范性文件清理2次" in read_bytes(page.encode(), "a.html").text
