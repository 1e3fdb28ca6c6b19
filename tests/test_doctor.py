"""``auditor doctor`` tells what this installation reads."""

from __future__ import annotations

import pytest

from auditor.cli import main
from auditor.errors import ExitCode
from auditor.formats.doctor import render
from auditor.readers import FORMATS, support
from auditor.words import Lang


def told(
    monkeypatch: pytest.MonkeyPatch, *, program: str | None, library: bool, ocr: bool
) -> dict[str, support.Support]:
    monkeypatch.setattr(support, "soffice", lambda: program)
    monkeypatch.setattr(support, "recognises", lambda: ocr)
    present = support.find_spec
    monkeypatch.setattr(support, "find_spec", lambda name: present("re") if library else None)
    return {each.kind: each for each in support.support()}


def test_there_is_one_row_for_each_format(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = told(monkeypatch, program="/usr/bin/soffice", library=True, ocr=True)
    assert set(rows) == (set(FORMATS) - {"wordxml"}) | {"scan"}
    assert {row.state for row in rows.values()} == {"full"}


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = told(monkeypatch, program=None, library=True, ocr=False)
    assert (rows["doc"].state, rows["doc"].missing, rows["doc"].loses) == ("partial", ("LibreOffice",), "numbering")
    assert (rows["scan"].state, rows["scan"].missing) == ("none", ("rapidocr", "onnxruntime"))
    rows = told(monkeypatch, program=None, library=False, ocr=False)
    assert rows["doc"].missing == ("LibreOffice", "olefile")
    assert (rows["pdf"].state, rows["pdf"].missing) == ("none", ("pypdfium2",))


@pytest.mark.parametrize("lang", Lang)
def test_the_table_has_a_command_to_copy(monkeypatch: pytest.MonkeyPatch, lang: Lang) -> None:
    rows = told(monkeypatch, program=None, library=False, ocr=False)
    printed = render(rows.values(), False, lang)
    assert "pip install rapidocr" in printed
    assert "pip install onnxruntime" in printed
    assert "pip install olefile" in printed
    assert max(map(len, printed.splitlines())) <= 140


@pytest.mark.parametrize(("lang", "word"), [("zh", "扫描件"), ("en", "scans")])
def test_the_command(capsys: pytest.CaptureFixture[str], lang: str, word: str) -> None:
    assert main(["doctor", "--lang", lang]) == ExitCode.OK
    assert word in capsys.readouterr().out
