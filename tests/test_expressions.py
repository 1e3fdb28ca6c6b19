"""Regular expressions from the cache: the same as those that Python compiles."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from auditor import expressions
from auditor.expressions import expression

SOURCES: list[tuple[str | bytes, int]] = [
    (r"(?P<year>20\d\d)年(?:度)?(?P<unit>[\u4e00-\u9fff]{2,30}?)(?=关于|法治)", 0),
    (r"[,;。:!?](?<!第)(\d[\d,]*(?:\.\d+)?)(?:万|亿)?", 0),
    (r"^(\w+)\s+\1$", re.IGNORECASE | re.MULTILINE),
    (r"(?s:a.b)(?i:straße|ſ|K)", 0),
    (rb"<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE),
]


@pytest.fixture
def process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Begin a new process, as far as expressions are concerned; its cache is in a folder of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(expressions, "_made", {})
    monkeypatch.setattr(expressions, "_new", [])
    monkeypatch.setattr(expressions.atexit, "register", lambda _: None)
    loaded = (expressions._path, expressions._codes)

    def begin() -> None:
        expressions._made.clear()
        expressions._new.clear()
        for each in loaded:
            each.cache_clear()

    begin()
    yield begin
    begin()


def kept(folder: Path) -> Path:
    (path,) = folder.rglob("expressions-*")
    return path


@pytest.mark.parametrize(("source", "flags"), SOURCES)
def test_what_is_kept_is_what_python_compiles(process: Callable[[], None], source: str | bytes, flags: int) -> None:
    assert expression(source, flags) is expression(source, flags)
    assert expressions._new == [(source, int(flags))]
    expressions._keep()
    process()
    found = expression(source, flags)
    assert expressions._new == []
    compiled = re.compile(source, flags)
    assert found == compiled  # patterns are equal where their codes are
    assert (found.groups, found.groupindex, found.flags) == (compiled.groups, compiled.groupindex, compiled.flags)


def test_names_of_groups_are_kept(process: Callable[[], None]) -> None:
    for _ in range(2):
        found = expression(r"(?P<year>20\d\d)(年)(?P<day>\d)?").search("在2023年度")
        assert found
        assert (found["year"], found.groupdict(), found.lastgroup) == ("2023", {"year": "2023", "day": None}, None)
        expressions._keep()
        process()


@pytest.mark.parametrize("damage", [lambda data: data[:-9], lambda data: data[:-9] + bytes(9), lambda _: b""])
def test_a_damaged_file_costs_time_alone(
    process: Callable[[], None], tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    expression("法治[政府]{1,2}")
    expressions._keep()
    kept(tmp_path).write_bytes(damage(kept(tmp_path).read_bytes()))
    process()
    assert expression("法治[政府]{1,2}").fullmatch("法治政府")
    assert expressions._new


def test_what_is_no_code_is_compiled(process: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expressions, "_codes", lambda: {("法治", 0): (32, 0, {}, b"\x7f\0\0\0")})
    assert expression("法治").search("依法治国") is not None
    assert expressions._new


def test_where_python_has_changed_nothing_is_kept(process: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    expression("法治")
    monkeypatch.setattr(expressions, "_pattern", lambda *_: re.compile("人治"))
    assert expressions._coded([("法治", 0)]) == {}


def test_a_few_new_ones_are_not_worth_writing(process: Callable[[], None], tmp_path: Path) -> None:
    for at in range(30):
        expression(f"第{at}条")
    expressions._keep()
    before = kept(tmp_path).stat().st_mtime_ns
    process()
    for at in range(31):
        expression(f"第{at}条")
    expressions._keep()
    assert kept(tmp_path).stat().st_mtime_ns == before


def test_what_is_used_no_more_makes_room(process: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expressions, "_MOST", 4)
    for names in ("甲乙丙", "丙丁戊"):
        for name in names:
            expression(name)
        expressions._keep()
        process()
    assert {source for source, _ in expressions._codes()} == {"丙", "丁", "戊"}


def test_without_a_cache_all_is_compiled(
    process: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert expression("法治").search("依法治国")
    expressions._keep()
