"""Reading files: blocks, suffixes and what is refused."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import UnreadableFile
from auditor.readers import read_bytes, read_file


def test_one_block_for_each_line_that_holds_something() -> None:
    extracted = read_bytes("\u3000\u3000一、做法\r\n\r\n \u00a0 \n学法6次。 \u2028普法3场。".encode(), "a.txt")
    assert [block.text for block in extracted.blocks] == ["一、做法", "学法6次。", "普法3场。"]
    assert all(extracted.text[block.start : block.end] == block.text for block in extracted.blocks)
    assert (extracted.format, extracted.encoding) == ("txt", "utf-8")


@given(st.text(max_size=200))
def test_blocks_are_slices(text: str) -> None:
    try:
        extracted = read_bytes(text.encode("utf-8", errors="ignore"), "a.md")
    except UnreadableFile:
        return
    assert all(extracted.text[block.start : block.end] == block.text for block in extracted.blocks)


def test_markdown_headings_and_tables() -> None:
    text = "# 报告\n\n## 一、做法 ##\n---\n**要点**\n| 类别 | 件数 |\n|---|---|\n| 许可 | 3 |\n#\n"
    extracted = read_bytes(text.encode(), "a.MD")
    assert [(block.text, block.heading_level, block.table) for block in extracted.blocks] == [
        ("报告", 1, False),
        ("一、做法", 2, False),
        ("**要点**", None, False),
        ("| 类别 | 件数 |", None, True),
        ("| 许可 | 3 |", None, True),
    ]


def test_lost_bytes_are_told() -> None:
    extracted = read_bytes("全县办理行政复议案件。".encode() * 20 + b"\xff", "a.txt")
    assert "1处字节" in str(extracted.warnings[0])


def test_digest(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("学法6次。".encode())
    extracted, digest = read_file(path, "a.txt")
    assert extracted.text == "学法6次。"
    assert digest == hashlib.sha256(path.read_bytes()).hexdigest()


def refusal(path: Path) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        read_file(path, path.name)
    return caught.value


def test_what_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("学法。", encoding="utf-8")
    assert refusal(tmp_path / "none.txt").code == "missing"
    assert refusal(file / "below.txt").code == "missing"
    assert refusal(tmp_path).code == "unsupported"
    other = tmp_path / "a.xyz"
    other.write_text("x", encoding="utf-8")
    assert ".txt" in str(refusal(other))
    assert refusal(other).code == "unsupported"
    bare = tmp_path / "bare"
    bare.write_text("x", encoding="utf-8")
    assert refusal(bare).code == "unsupported"


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_LIMITS", "file=1,text=1")
    path = tmp_path / "a.txt"
    path.write_bytes(b"1" * 1_100_000)
    assert refusal(path).code == "too_large"
    with pytest.raises(UnreadableFile):
        read_bytes(path.read_bytes(), "a.txt")


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"1")

    def deny(self: Path) -> bytes:
        raise PermissionError(13, "denied", str(self))

    monkeypatch.setattr(Path, "read_bytes", deny)
    assert refusal(path).code == "denied"


def test_strange_path_is_refused_not_a_crash() -> None:
    assert refusal(Path("a\x00.txt")).code in ("denied", "missing")
