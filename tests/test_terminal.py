"""What a terminal is given: no line wider than it, and colours where it shows them and nowhere else."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from audits import audit, finding, flagged, gap, not_applicable, report_audit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wcwidth import wcswidth

from auditor.audit import Options, audit_file, audit_report, explain, figures_of, read_report, report_from_bytes
from auditor.cli import main
from auditor.comparison import compare_reports
from auditor.coverage import coverage
from auditor.findings import Audit, FigureRun, ReportAudit, ReportFigures, Status
from auditor.formats import checklist as checklists
from auditor.formats import comparison, doctor, explanation, figures, outline, rulebook, table
from auditor.formats.cells import NOT_A_TERMINAL, Painted, columns, hanging, paint, screen_width, width_of
from auditor.indicators import load_indicators
from auditor.readers import read_file
from auditor.readers.support import support
from auditor.review import checklist
from auditor.rules import load_ruleset, shipped_sets
from auditor.words import COMMANDS, Lang

ROOT = Path(__file__).parent.parent
SEED = ROOT / "seeds" / "001_shaxian_2022.txt"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
Renderer = Callable[[Lang], str]


# ---- no line is wider than the screen


def test_the_width_of_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    for given_width, taken in (("60", 60), ("240", 240), ("20", 40), ("0", NOT_A_TERMINAL), ("wide", NOT_A_TERMINAL)):
        monkeypatch.setenv("COLUMNS", given_width)
        assert screen_width() == taken


@pytest.fixture(scope="module")
def shown() -> Mapping[str, Renderer]:
    """Every output for people, of a real report, by the command that prints it."""
    options = Options()
    audited = audit_file(SEED, "seeds/" + SEED.name, options)
    assert isinstance(audited, ReportAudit)
    report = read_report(SEED, SEED.name, options)
    extracted = read_file(SEED, SEED.name)[0]
    explained = explain(report, "GY21-15-01", options)
    run = FigureRun((ReportFigures(report.source, figures_of(report, options)),))
    known = load_indicators(None)
    years = [report_from_bytes(SEED.read_bytes(), f"{year}.txt", Options(year=year)) for year in (2022, 2023)]
    other = report_from_bytes(SEED.read_bytes(), "other.txt", Options(unit="另一个县人民政府"))
    compared = compare_reports([*years, other], audit_report, ())
    sets = [load_ruleset(each) for each in shipped_sets()]
    covered = coverage(("gy21",), None)
    made = checklist(audited, date(2023, 2, 17))
    return {
        "audit": lambda lang: table.render(Audit((audited,)), lang),
        "explain": lambda lang: explanation.render(explained, lang),
        "outline": lambda lang: outline.render(report, lang, extracted),
        "figures": lambda lang: figures.table(run, known, lang, False),
        "figures --indicators": lambda lang: figures.table(run, known, lang, True),
        "compare": lambda lang: comparison.table(compared, lang, False),
        "doctor": lambda lang: doctor.render(support(), True, lang),
        "rules list": lambda lang: rulebook.rule_sets(sets, lang),
        "rules list gy21": lambda lang: rulebook.obligations(sets[-1], lang),
        "rules show": lambda lang: rulebook.one(sets[-1].rules[40], lang),
        "rules coverage": lambda lang: rulebook.items(covered, lang),
        "review --all": lambda lang: checklists.render(made, lang, True),
    }


@pytest.mark.parametrize(
    "command",
    [
        "audit",
        "explain",
        "outline",
        "figures",
        "figures --indicators",
        "compare",
        "doctor",
        "rules list",
        "rules list gy21",
        "rules show",
        "rules coverage",
        "review --all",
    ],
)
def test_no_line_of_any_command_is_wider_than_the_screen(command: str, shown: Mapping[str, Renderer]) -> None:
    @settings(max_examples=15, deadline=None)
    @given(st.integers(min_value=40, max_value=240), st.sampled_from(Lang))
    def fits(width: int, lang: Lang) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("COLUMNS", str(width))
            lines = shown[command](lang).splitlines()
        assert lines
        wide = [line for line in lines if not 0 <= wcswidth(line) <= width]
        assert not wide, (width, wide[:3])

    fits()


@pytest.mark.parametrize("width", [40, 59, 80, 100, 240])
@pytest.mark.parametrize("lang", list(Lang))
def test_no_line_of_any_help_is_wider_than_the_screen(
    width: int, lang: Lang, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for path in COMMANDS[lang]:
        main([*path.split(), "--help", "--lang", lang])
    assert [line for line in capsys.readouterr().out.splitlines() if wcswidth(line) > width] == []


words = st.text(st.characters(exclude_categories=["C", "Z", "M"]), max_size=40)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(words, words, words), min_size=1, max_size=4),
    st.integers(min_value=40, max_value=160),
    st.booleans(),
)
def test_a_table_fits_and_loses_nothing(body: list[tuple[str, str, str]], width: int, right: bool) -> None:
    lines = columns(["甲", "二", "three"], body, width, 2 if right else None)
    assert all(wcswidth(line) <= width for line in lines)
    kept = sorted("".join(lines))
    for cell in (cell for row in body for cell in row):
        assert not sorted(set(cell) - set(kept))


def test_a_narrow_screen_shows_one_obligation_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    lines = table.render(audit(report_audit((gap(), flagged())))).splitlines()
    at = lines.index("GY21-32-04 落实第一责任人职责")
    assert lines[at + 1] == "  仅计划 核心 20"
    assert lines[at + 2].startswith("  最接近：「推进述法」")
    assert any(line.startswith("  → 写明党政主要负责人") for line in lines[at:])
    assert "编号  " not in "\n".join(lines)


def test_a_table_too_narrow_for_columns_is_a_list() -> None:
    body = [["▌一组"], ["GY21-15-01", "很长的一段文字" * 3, ""], ["GY21-15-02", "短", "3"]]
    lines = columns(["编号", "正文", "件数"], body, 24)
    assert lines[:3] == ["▌一组", "─" * 24, "编号: GY21-15-01"]
    assert lines[-3:] == ["编号: GY21-15-02", "正文: 短", "件数: 3"]
    assert all(wcswidth(line) <= 24 for line in lines)


def test_lines_after_the_first_are_set_in() -> None:
    assert hanging("甲乙丙丁", 6) == ["甲乙丙", "  丁"]
    assert hanging("甲乙", 6) == ["甲乙"]


# ---- colours


def test_painted_text_is_plain_until_a_terminal_asks_for_its_colours() -> None:
    text = Painted(f"甲 {paint('缺失', 'missing')} 乙")
    assert text == "甲 缺失 乙"
    assert text.coloured == "甲 \x1b[31m缺失\x1b[0m 乙"
    assert width_of(text.coloured) == width_of(text) == 10


@pytest.mark.parametrize("width", [50, 80, 120])
@pytest.mark.parametrize("lang", list(Lang))
def test_colours_take_no_room(width: int, lang: Lang, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    shown = table.render(audit(report_audit((finding(), gap(), flagged(), not_applicable()))), lang, True)
    assert isinstance(shown, Painted)
    assert COLOUR.sub("", shown.coloured) == shown
    assert "\x1b" not in shown


def test_each_status_has_its_colour_in_the_table_and_in_the_summary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    statuses = {"31": "缺失", "33": "仅计划", "36": "泛述", "32": "有据"}
    made = [finding(status=s, id=f"GY21-01-{n:02}") for n, s in enumerate(Status)]
    shown = table.render(audit(report_audit(tuple(made))), Lang.ZH, True)
    assert isinstance(shown, Painted)
    for code, word in statuses.items():
        assert f"\x1b[{code}m{word}\x1b[0m" in shown.coloured
    summary = shown.coloured.rpartition("汇总")[2]
    assert "\x1b[31m1\x1b[0m" in summary
    assert "\x1b[32m1\x1b[0m" in summary


def test_an_escape_in_a_report_paints_nothing() -> None:
    evil = "\x1b[31m红\x1b[0m"
    shown = table.render(audit(report_audit((gap(title=evil, reason=evil, advice=evil),), title=evil)))
    assert isinstance(shown, Painted)
    assert "\ufffd[31m红" in shown
    assert "\x1b[31m红" not in shown.coloured


def on_a_terminal(command: list[str], **environment: str) -> str:
    """What a command prints where its standard output is a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    known = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM")}
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=known | {"COLUMNS": "80", "TERM": "xterm"} | environment,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs)
    said = b""
    while select.select([ours], [], [], 60)[0]:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        said += piece
    os.close(ours)
    assert process.wait(60) == 0
    return said.decode("utf-8").replace("\r\n", "\n")


SMALL = [
    sys.executable,
    "-c",
    "from auditor.terminal import show; from auditor.formats.cells import Painted, paint; "
    "show(Painted(paint('absent', 'missing')))",
]


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({}, True), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_when_a_terminal_is_given_colours(environment: dict[str, str], coloured: bool) -> None:
    assert on_a_terminal(SMALL, **environment) == ("\x1b[31mabsent\x1b[0m\n" if coloured else "absent\n")


def test_only_a_terminal_is_cleared() -> None:
    command = [sys.executable, "-c", "from auditor.terminal import clear; clear()"]
    assert on_a_terminal(command, NO_COLOR="1").startswith("\x1b[2J")
    assert on_a_terminal(command, TERM="dumb") == ""
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout == b""


def test_a_pipe_never_gets_colours() -> None:
    piped = subprocess.run(
        SMALL, cwd=ROOT, env=os.environ | {"TERM": "xterm", "FORCE_COLOR": "1"}, capture_output=True, check=True
    )
    assert piped.stdout == b"absent\n"


@pytest.mark.parametrize("command", [["audit", "--no-out"], ["review", "--as-of", "2023-02-17"]])
def test_the_commands_colour_a_terminal_and_nothing_else(command: list[str], tmp_path: Path) -> None:
    whole = [sys.executable, "-m", "auditor", *command, f"seeds/{SEED.name}"]
    coloured = on_a_terminal(whole, LANG="C.UTF-8")
    piped = subprocess.run(whole, cwd=ROOT, env=os.environ | {"COLUMNS": "80"}, capture_output=True, check=True)
    assert "\x1b[31m" in coloured
    assert COLOUR.sub("", coloured) == piped.stdout.decode("utf-8")


def test_a_file_never_gets_colours(tmp_path: Path) -> None:
    place = tmp_path / "table.txt"
    on_a_terminal([sys.executable, "-m", "auditor", "audit", f"seeds/{SEED.name}", "--no-out", "-f", f"table={place}"])
    assert "缺失" in place.read_text(encoding="utf-8")
    assert "\x1b" not in place.read_text(encoding="utf-8")
