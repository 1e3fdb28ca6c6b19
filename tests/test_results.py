"""Results read back: the same audit as was written, and one clear line for what is no result."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from audits import TEXT, audit, report_audit

from auditor.cli import main
from auditor.errors import AuditorError, ExitCode, NoInput
from auditor.findings import Aligned, Audit, FigureCheck, Figures, IndicatorValue, Pair, Unreadable
from auditor.formats.json_ import document
from auditor.formats.offered import FORMATS
from auditor.report import Role, Section
from auditor.results import load, parse
from auditor.words import Lang


def rich() -> Audit:
    """An audit that uses every field of the format."""
    quote = "保留45件,修改1件,废止3件"
    start = TEXT.index(quote)
    place = (quote, start, start + len(quote))
    figures = Figures(
        (FigureCheck(*place, "sum", "49 = 45+1+3", "holds", "", 0.9),), (IndicatorValue("d-1", 45.0, "件", *place),)
    )
    report = report_audit()
    first, second = report.report.source, report_audit(file="seeds/b.txt", unit="某市").report.source
    pair = Pair(first, second, 0.4, 300, (Aligned(*place, *place, 1.0, 0.8),))
    held = Audit((report,), (Unreadable("c.txt", "empty", "文件是空的"),), (pair,))
    sections = (*report.report.sections, Section("推进述法", "(一)", 2, Role.PLAN, 0, 30, 36, True))
    object.__setattr__(report.report, "sections", sections)
    object.__setattr__(report.report, "frame", ((40, 44, "closing"),))
    object.__setattr__(report, "figures", figures)
    object.__setattr__(report, "sentences", 4)
    return held


def written(result: Audit, **changes: Any) -> bytes:
    return json.dumps(document(result) | changes, ensure_ascii=False).encode()


def test_what_is_read_back_is_what_was_written() -> None:
    text = FORMATS["json"](rich(), Lang.ZH, True)
    assert isinstance(text, str)
    back = parse(text.encode(), "r.json", Lang.ZH)
    assert FORMATS["json"](back, Lang.ZH, True) == text
    assert back.pairs == rich().pairs
    assert back.reports[0].report.sections[1].heading == "推进述法"


@pytest.mark.parametrize("name", ["table", "md"])
@pytest.mark.parametrize("everything", [True, False])
def test_every_format_of_a_loaded_result_is_that_of_the_audit(name: str, everything: bool) -> None:
    back = parse(written(rich()), "r.json", Lang.ZH)
    assert FORMATS[name](back, Lang.ZH, everything) == FORMATS[name](rich(), Lang.ZH, everything)


def test_fields_that_a_later_version_adds_are_passed_over() -> None:
    assert parse(written(audit(), later=1), "r.json", Lang.ZH).reports


def broken(edit: str) -> bytes:
    """The result after one edit of its document, as code on ``d`` (the document) and ``r`` (its first report)."""
    d: Any = document(rich())
    exec(edit, {"d": d, "r": d["reports"][0]})
    return json.dumps(d, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("edit", "place"),
    [
        ("d['format'] = 2", "format"),
        ("del r['text']", "reports.0.text"),
        ("r['findings'][0]['status'] = 'fine'", "reports.0.findings.0.status"),
        ("r['score'] = 'high'", "reports.0.score"),
        ("r['score'] = 101", "reports.0.score"),
        ("r['rule_sets'] = ['gy99']", "rule_sets: gy99"),
        ("r['sections'][0]['parent'] = 0", "sections.0"),
        ("r['sections'][0]['end'] = 10**6", "sections.0"),
        ("d['pairs'][0]['share'] = None", "pairs.0.share"),
        ("del d['reports']", "reports"),
    ],
)
def test_what_is_no_result_is_named_with_its_place(edit: str, place: str) -> None:
    with pytest.raises(AuditorError) as caught:
        parse(broken(edit), "r.json", Lang.ZH)
    message = str(caught.value)
    assert message.startswith("r.json")
    assert place in message
    assert "重新审核" in message
    assert "\n" not in message


def test_a_quote_that_is_not_in_the_text_is_refused() -> None:
    with pytest.raises(AuditorError, match=r"r\.json: reports\.0 的引文与正文不符"):
        parse(broken("r['text'] = r['text'].replace('45', '46')"), "r.json", Lang.ZH)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"\xff\xfe", "一、主要举措".encode()])
def test_bytes_that_are_no_json(data: bytes) -> None:
    with pytest.raises(AuditorError, match="不是审核结果"):
        parse(data, "r.json", Lang.ZH)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(NoInput, match="不存在"):
        load(tmp_path / "gone.json", Lang.ZH)
    with pytest.raises(AuditorError, match="cannot read"):
        load(tmp_path, Lang.EN)


# ---- the command


@pytest.fixture
def result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    place = Path("out/audit.json")
    place.parent.mkdir()
    place.write_bytes(written(rich()))
    return place


def test_render_prints_the_table_and_names_what_was_unreadable(
    result: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["render", str(result)]) == ExitCode.UNREADABLE
    shown = capsys.readouterr()
    assert "GY21-32-04" in shown.out
    assert shown.err == "c.txt: 文件是空的\n"


def test_what_no_screen_shows_goes_beside_the_result(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", str(result), "-f", "xlsx", "-f", "html", "-f", "docx", "-f", "md"]) == ExitCode.UNREADABLE
    made = sorted(p.relative_to("out").as_posix() for p in Path("out").rglob("*") if p.is_file())
    assert made == [
        "audit.json",
        "audit.xlsx",
        "index.html",
        "letters/反馈意见_某县人民政府_2022年度.docx",
        "pages/a.html",
    ]
    assert main(["render", str(result), "-f", "xlsx", "--out", "there"]) == ExitCode.UNREADABLE
    assert Path("there/audit.xlsx").exists()


def test_render_never_overwrites_the_result(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = result.read_bytes()
    assert main(["render", str(result), "-f", "jsonl=out/audit.json"]) == ExitCode.USAGE
    assert "覆盖" in capsys.readouterr().err
    assert result.read_bytes() == before


def test_render_of_what_is_no_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.txt"
    path.write_text("一、主要举措", encoding="utf-8")
    assert main(["render", str(path)]) == ExitCode.USAGE
    assert main(["render", str(tmp_path / "gone.json")]) == ExitCode.NO_INPUT
    shown = capsys.readouterr()
    assert "不是审核结果" in shown.err
    assert shown.out == ""
