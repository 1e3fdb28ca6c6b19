"""Old Word documents: through LibreOffice, without it, and in Word's own XML."""

from __future__ import annotations

import stat
import struct
import sys
from pathlib import Path

import pytest
from word_files import docx, p

from auditor.errors import UnreadableFile
from auditor.readers import office, programs, read_bytes, word97
from auditor.readers.limits import VARIABLE
from auditor.report import Extracted

TITLE = "某县2024年法治政府建设年度报告"
SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def ole(streams: dict[str, bytes]) -> bytes:
    """A compound file of streams of at least 4096 bytes."""
    table, sectors, entries = [FAT], [b""], [_entry("Root Entry", 5, END, 0, child=1)]
    for at, (name, content) in enumerate(streams.items(), 1):
        count = -(-len(content) // SECTOR)
        first = len(table)
        table += [*range(first + 1, first + count), END]
        sectors += [content[n * SECTOR : (n + 1) * SECTOR].ljust(SECTOR, b"\0") for n in range(count)]
        entries.append(_entry(name, 2, first, len(content), right=at + 1 if at < len(streams) else FREE))
    directory = b"".join(entries).ljust(SECTOR, b"\0")
    place = len(table)
    table.append(END)
    sectors.append(directory)
    sectors[0] = struct.pack(f"<{SECTOR // 4}I", *table, *[FREE] * (SECTOR // 4 - len(table)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, place, 0, 4096, END, 0, END, 0) + struct.pack("<I", 0)
    return header + struct.pack("<I", FREE) * 108 + b"".join(sectors)


def _entry(name: str, kind: int, start: int, size: int, child: int = FREE, right: int = FREE) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    head = raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw), kind, 1, FREE, right, child)
    return head + b"\0" * 36 + struct.pack("<IQ", start, size)


def doc(
    text: str,
    notes: str = "",
    *,
    deleted: tuple[int, int] = (0, 0),
    rows: tuple[tuple[int, int, bytes], ...] = (),
    flags: int = 0x0200,
) -> bytes:
    """A Word 97 file; ``deleted`` and ``rows`` give ranges of characters and, for these, paragraph properties."""
    everything = text + notes
    place = 2048
    end = place + 2 * len(everything)
    main = bytearray(b"\0" * max(end, 4096))
    main[place:end] = everything.encode("utf-16-le")
    struct.pack_into("<HH", main, 0, 0xA5EC, 0x00C1)
    struct.pack_into("<H", main, 0x0A, flags)
    struct.pack_into("<ii", main, 0x4C, len(text), len(notes))
    said = struct.pack("<HB", 0x0800, 1)
    _page(main, 2, [(place + 2 * deleted[0], place + 2 * deleted[1], bytes([len(said)]) + said)], 1)
    _page(main, 3, [(place + 2 * a, place + 2 * b, bytes([0, len(x) // 2]) + x) for a, b, x in rows], 13)
    piece = struct.pack("<iiHIH", 0, len(everything), 0, place, 0)
    clx = b"\x02" + struct.pack("<I", len(piece)) + piece
    pages = b"".join(struct.pack("<III", place, end, number) for number in (2, 3))
    struct.pack_into("<II", main, 0x1A2, 0, len(clx))
    struct.pack_into("<II", main, 0xFA, len(clx), 12)
    struct.pack_into("<II", main, 0x102, len(clx) + 12, 12)
    return ole({"WordDocument": bytes(main), "1Table": (clx + pages).ljust(4096, b"\0")})


def _page(main: bytearray, number: int, runs: list[tuple[int, int, bytes]], width: int) -> None:
    bounds = [*(run[0] for run in runs), runs[-1][1]] if runs else [0]
    page = bytearray(struct.pack(f"<{len(bounds)}I", *bounds).ljust(SECTOR, b"\0"))
    at = SECTOR - 2
    for index, (_, _, said) in enumerate(runs):
        at = (at - len(said)) & ~1
        page[at : at + len(said)] = said
        page[4 * len(bounds) + width * index] = at // 2
    page[-1] = len(runs)
    main[number * SECTOR : (number + 1) * SECTOR] = page


def properties(*said: tuple[int, int], style: int = 0) -> bytes:
    raw = struct.pack("<H", style) + b"".join(struct.pack("<HB", code, value) for code, value in said)
    return raw + b"\0" * (len(raw) % 2)


def direct(data: bytes) -> Extracted:
    extracted = word97.read(data, "a.doc")
    assert all(extracted.text[block.start : block.end] == block.text for block in extracted.blocks)
    return extracted


@pytest.fixture
def no_office(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(programs, "_PLACES", ())


def program(folder: Path, does: str) -> None:
    """A program by the name of LibreOffice's, first on the path; ``does`` gets the folder for the result as OUT."""
    script = folder / "soffice"
    lines = [
        "#!/bin/sh",
        'while [ "$1" != "--outdir" ]; do P="$P $1"; shift; done',
        'OUT="$2"',
        'mkdir -p "$OUT"',
        does,
    ]
    script.write_text("\n".join(lines), encoding="utf-8")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)


# ---- without a word processor


def test_paragraphs_fields_and_notes_by_the_piece_table() -> None:
    text = f"{TITLE}\rA\x0bB\x13 PAGE \x141\x15C\r\x0cD\x1eE\x1f\r"
    assert [block.text for block in direct(doc(text, "\x02note\r")).blocks] == [TITLE, "A\nB1C", "D-E", "note"]


def test_deleted_characters_are_not_there() -> None:
    assert direct(doc("ABCD\r", deleted=(1, 3))).text == "AD"


def test_rows_and_headings_by_the_paragraph_properties() -> None:
    rows = (
        (0, 2, properties(style=1)),
        (2, 6, properties((0x2416, 1))),
        (6, 7, properties((0x2416, 1), (0x2417, 1))),
        (7, 9, properties((0x2640, 1))),
    )
    found = direct(doc("H\ra\x07b\x07\x07T\r", rows=rows)).blocks
    assert [(block.text, block.table, block.heading_level) for block in found] == [
        ("H", False, 1),
        ("a\tb", True, None),
        ("T", False, 2),
    ]


def test_a_password_an_older_file_and_damage_are_typed() -> None:
    old = bytearray(doc("A\r"))
    struct.pack_into("<H", old, old.index(struct.pack("<H", 0xA5EC)) + 2, 0x65)
    cut = doc("A\r").replace(b"\x02" + struct.pack("<I", 16), b"\x03" + struct.pack("<I", 16))
    codes = []
    for data in (bytes(old), cut, doc("\r")):
        with pytest.raises(UnreadableFile) as caught:
            word97.read(data, "a.doc")
        codes.append(caught.value.code)
    with pytest.raises(UnreadableFile) as caught:
        office.read(doc("A\r", flags=0x0300), "a.doc")
    assert [*codes, caught.value.code] == ["unsupported", "crash", "empty", "encrypted"]


@pytest.mark.usefixtures("no_office")
def test_lost_numbering_is_said() -> None:
    found = office.read(doc(f"{TITLE}\r"), "a.wps")
    assert (found.text, found.format) == (TITLE, "doc")
    assert "LibreOffice" in str(found.warnings[0])


@pytest.mark.usefixtures("no_office")
def test_without_anything_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "find_spec", lambda name: None)
    with pytest.raises(UnreadableFile) as caught:
        office.read(doc("A\r"), "a.doc")
    assert caught.value.code == "unsupported"
    assert "pip install olefile" in str(caught.value)


def test_other_compound_files_are_refused() -> None:
    with pytest.raises(UnreadableFile) as caught:
        office.read(ole({"Other": b"x" * 4096}), "a.doc")
    assert caught.value.code == "unsupported"


# ---- LibreOffice

posix = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in program is a shell script")


@posix
def test_what_libreoffice_makes_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = tmp_path / "made.docx"
    made.write_bytes(docx(p(TITLE)))
    told = tmp_path / "told"
    program(
        tmp_path, f'cp {made} "$OUT/document.docx"; echo "$P" > {told}; env >> {told}; cat profile/user/*.xcu >> {told}'
    )
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(office, "_cut_off", lambda environment: [])
    found = office.read(doc("other\r"), "a.doc")
    assert (found.text, found.format, found.warnings) == (TITLE, "doc", ())
    said = told.read_text(encoding="utf-8")
    assert "-env:UserInstallation=file:///" in said and "--infilter" not in said
    assert "http_proxy=http://127.0.0.1:9" in said
    assert 'oor:name="MacroSecurityLevel" oor:op="fuse"><value>3<' in said
    profile = said.partition("UserInstallation=file://")[2].split()[0]
    assert not Path(profile).exists()


@posix
@pytest.mark.parametrize(("does", "limit"), [("exit 0", "office_wall=90"), ("exec sleep 30", "office_wall=5")])
def test_a_failed_or_endless_conversion_falls_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, does: str, limit: str
) -> None:
    program(tmp_path, does)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv(VARIABLE, limit)
    found = read_bytes(doc(f"{TITLE}\r"), "a.doc") if "sleep" in does else office.read(doc(f"{TITLE}\r"), "a.doc")
    assert found.text == TITLE
    assert len(found.warnings) == 1


@pytest.mark.skipif(office.soffice() is None, reason="LibreOffice is not installed")
def test_the_real_libreoffice(tmp_path: Path) -> None:
    made = office._converted(
        ("{\\rtf1\\ansi " + "".join(f"\\u{ord(c)}?" for c in TITLE) + "\\par}").encode(),
        "a.doc",
        office.soffice() or "",
    )
    from auditor.readers import docx as reader

    assert reader.read(made, "a.docx").text == TITLE


# ---- Word's XML


def test_the_xml_of_word_2003_brings_its_labels() -> None:
    names = 'xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint" xmlns:aml="http://schemas.microsoft.com/aml/2001/core"'
    heading = '<w:p><w:pPr><w:outlineLvl w:val="0"/><w:listPr><wx:t wx:val="一、"/></w:listPr></w:pPr><w:r><w:t>工作</w:t></w:r></w:p>'
    gone = '<aml:annotation w:type="Word.Deletion"><aml:content><w:r><w:t>99</w:t></w:r></aml:content></aml:annotation>'
    cells = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>2</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    data = f'<?xml version="1.0"?><w:wordDocument {names}><w:body>{heading}<w:p>{gone}<w:r><w:t>{TITLE}</w:t></w:r></w:p>{cells}</w:body></w:wordDocument>'
    found = read_bytes(data.encode(), "a.doc")
    assert [(each.text, each.heading_level, each.table) for each in found.blocks] == [
        ("一、工作", 1, False),
        (TITLE, None, False),
        ("1\t2", None, True),
    ]


def test_a_docx_in_one_xml_file() -> None:
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    part = f'<pkg:part pkg:name="/word/document.xml"><pkg:xmlData><w:document xmlns:w="{w}"><w:body>{p(TITLE)}</w:body></w:document></pkg:xmlData></pkg:part>'
    data = f'<?xml version="1.0"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">{part}</pkg:package>'
    assert read_bytes(data.encode(), "a.xml.doc").text == TITLE
