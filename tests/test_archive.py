"""Zip archives of reports: every document is an input of its own."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from pathlib import Path

import pytest

from auditor.cli import main
from auditor.errors import ExitCode, UnreadableFile
from auditor.readers import archive, read_bytes
from auditor.readers.limits import VARIABLE

REPORT = "某县人民政府2024年法治政府建设年度报告\n一、主要举措\n开展规范性文件清理2次。\n".encode()


def zipped(entries: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return buffer.getvalue()


def gbk_zipped(entries: dict[str, bytes]) -> bytes:
    """An archive as Chinese archivers write it: names in GBK, the flag for UTF-8 off."""
    plain = {f"{at:03}".ljust(len(name.encode("gbk")), "x"): name for at, name in enumerate(entries)}
    data = zipped({key: entries[name] for key, name in plain.items()})
    for key, name in plain.items():
        data = data.replace(key.encode(), name.encode("gbk"))
    return data


def names(data: bytes) -> list[str]:
    return [member.name for member in archive.members(data, "a.zip")]


def test_names_in_gbk_with_backslashes() -> None:
    wanted = {"绥滨县\\2024年报告.txt": REPORT, "誠信/b.txt": REPORT}
    assert names(gbk_zipped(wanted)) == ["a.zip/绥滨县/2024年报告.txt", "a.zip/誠信/b.txt"]
    assert names(zipped({"绥滨县/报告.txt": REPORT})) == ["a.zip/绥滨县/报告.txt"]


def test_junk_links_and_other_files_are_passed_over() -> None:
    junk = ("__MACOSX/._a.txt", "b/~$a.docx", ".DS_Store", "Thumbs.db", "README.txt", "photo.jpg", "b/")
    data = zipped({**dict.fromkeys(junk, b"x"), "a.txt": REPORT})
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as made:
        made.writestr(link, "/etc/passwd")
    assert names(buffer.getvalue()) == ["a.zip/a.txt"]


def test_names_that_climb_stay_inside() -> None:
    assert names(zipped({"../../up.txt": REPORT, "/etc/abs.txt": REPORT})) == ["a.zip/etc/abs.txt", "a.zip/up.txt"]


def test_archives_in_archives_are_refused_whatever_their_name() -> None:
    inner = zipped({"a.txt": REPORT})
    for name in ("inner.zip", "inner.docx"):
        (member,) = archive.members(zipped({name: inner}), "a.zip")
        with pytest.raises(UnreadableFile) as caught:
            member.content()
        assert caught.value.code == "unsupported"


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    data = zipped({f"{at}.txt": REPORT for at in range(3)})
    monkeypatch.setenv(VARIABLE, "documents=2")
    with pytest.raises(UnreadableFile) as caught:
        archive.members(data, "a.zip")
    assert caught.value.code == "too_large"
    with pytest.raises(UnreadableFile) as caught:
        archive.members(zipped({"photo.jpg": b"x"}), "a.zip")
    assert caught.value.code == "empty"


def test_one_document_is_read_where_one_is_wanted() -> None:
    assert read_bytes(zipped({"x/a.txt": REPORT}), "a.zip").text.startswith("某县人民政府")
    with pytest.raises(UnreadableFile) as caught:
        read_bytes(zipped({"a.txt": REPORT, "b.txt": REPORT}), "a.zip")
    assert "auditor audit" in str(caught.value)


def test_each_document_is_audited(tmp_path: Path) -> None:
    inner = zipped({"a.txt": REPORT})
    (tmp_path / "a.zip").write_bytes(zipped({"县/报告.txt": REPORT, "内.zip": inner, "b.txt": REPORT}))
    (tmp_path / "broken.zip").write_bytes(inner[:40])
    out = tmp_path / "out.json"
    assert main(["audit", str(tmp_path), "-f", f"json={out}"]) == ExitCode.UNREADABLE
    found = json.loads(out.read_text(encoding="utf-8"))
    folder = tmp_path.as_posix()
    assert [each["source"]["file"] for each in found["reports"]] == [
        f"{folder}/a.zip/b.txt",
        f"{folder}/a.zip/县/报告.txt",
    ]
    failed = {each["file"]: each["code"] for each in found["unreadable"]}
    assert failed == {f"{folder}/a.zip/内.zip": "unsupported", f"{folder}/broken.zip": "crash"}
