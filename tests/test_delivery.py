"""What is written where: rows while the batch runs, an index with its pages, a letter a report, progress for a person only."""

from __future__ import annotations

import io
import json
import os
import pty
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from audits import report_audit
from hypothesis import given
from hypothesis import strategies as st

from auditor.cli import main
from auditor.delivery import Manner, check_places, deliver_audits
from auditor.errors import AuditorError, ExitCode
from auditor.findings import Pair, ReportAudit, Unreadable
from auditor.names import safe_name, unique
from auditor.outputs import Output, plan
from auditor.progress import progress
from auditor.words import Lang

ROOT = Path(__file__).parent.parent
SEED = ROOT / "seeds" / "003_xinghe_2023.txt"
MANNER = Manner(Lang.ZH)


def no_pairs(reports: Sequence[ReportAudit]) -> tuple[Pair, ...]:
    return ()


def made(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


# ---- names


def test_a_file_name_is_legal_everywhere() -> None:
    assert safe_name('甲/乙:丙*?"<>|\x00\u202e丁') == "甲_乙_丙_丁"
    assert safe_name("..") == "_"
    assert safe_name("con") == "_"
    assert safe_name("console") == "console"
    assert len(safe_name("长" * 500)) == 60


def test_names_that_differ_in_case_only_are_told_apart() -> None:
    assert unique(["a", "A", "a_2", "b"]) == ["a", "A_2", "a_2_2", "b"]


@given(st.lists(st.text(max_size=8), max_size=12))
def test_no_two_names_are_alike(texts: list[str]) -> None:
    names = unique(safe_name(text) for text in texts)
    assert len({name.casefold() for name in names}) == len(texts)
    assert all(name and not set(name) & set('<>:"/\\|?*') for name in names)


# ---- rows are written while the batch runs


def test_rows_are_in_the_file_before_the_next_report_is_audited(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    seen: list[int] = []

    def results() -> Iterator[ReportAudit]:
        for name in ("a.txt", "b.txt", "c.txt"):
            seen.append(len(path.read_text(encoding="utf-8").splitlines()))
            yield report_audit(file=name)

    assert deliver_audits(results(), [Output("jsonl", path)], MANNER, no_pairs) == ()
    assert seen == [0, 3, 6]
    assert [json.loads(line)["file"] for line in path.read_text(encoding="utf-8").splitlines()[::3]] == [
        "a.txt",
        "b.txt",
        "c.txt",
    ]


def test_an_unreadable_file_is_a_row_and_is_given_back(tmp_path: Path) -> None:
    failed = Unreadable("b.txt", "empty", "文件是空的")
    outputs = [Output("csv", tmp_path / "r.csv"), Output("jsonl", tmp_path / "r.jsonl")]
    assert deliver_audits([report_audit(), failed], outputs, MANNER, no_pairs) == (failed,)
    for output in outputs:
        assert output.path is not None
        assert "文件是空的" in output.path.read_text(encoding="utf-8")


def test_rows_alone_keep_no_audits_and_ask_for_no_pairs(tmp_path: Path) -> None:
    def asked(reports: Sequence[ReportAudit]) -> tuple[Pair, ...]:
        raise AssertionError("rows show no pairs")

    deliver_audits([report_audit(), report_audit()], [Output("csv", tmp_path / "r.csv")], MANNER, asked)


# ---- pages and letters


def test_one_report_is_one_page(tmp_path: Path) -> None:
    deliver_audits([report_audit()], [Output("html", tmp_path / "r.html")], MANNER, no_pairs)
    assert made(tmp_path) == ["r.html"]


def test_several_reports_are_an_index_and_pages(tmp_path: Path) -> None:
    reports = [report_audit(file="x/a b.txt"), report_audit(file="y/a b.txt"), Unreadable("c.txt", "empty", "空")]
    deliver_audits(reports, [Output("html", tmp_path / "all.html")], MANNER, no_pairs)
    assert made(tmp_path) == ["all.html", "all_pages/a_b.html", "all_pages/a_b_2.html"]
    index = (tmp_path / "all.html").read_text(encoding="utf-8")
    assert 'href="all_pages/a_b_2.html' in index
    assert "c.txt" in index
    assert 'href="../all.html"' in (tmp_path / "all_pages" / "a_b.html").read_text(encoding="utf-8")
    deliver_audits(reports, [Output("html", tmp_path / "site")], MANNER, no_pairs)
    assert made(tmp_path / "site") == ["index.html", "pages/a_b.html", "pages/a_b_2.html"]


def test_a_letter_a_report(tmp_path: Path) -> None:
    reports = [report_audit(), report_audit(unit="乙县人民政府")]
    deliver_audits(reports, [Output("docx", tmp_path / "letters")], MANNER, no_pairs)
    assert made(tmp_path / "letters") == ["反馈意见_乙县人民政府_2022年度.docx", "反馈意见_某县人民政府_2022年度.docx"]
    deliver_audits(reports[:1], [Output("docx", tmp_path / "one.docx")], MANNER, no_pairs)
    assert (tmp_path / "one.docx").stat().st_size > 1000


def test_several_letters_do_not_go_into_one_file() -> None:
    check_places([Output("docx", Path("one.docx"))], 1, Lang.ZH)
    check_places([Output("docx", Path("letters"))], 9, Lang.ZH)
    with pytest.raises(AuditorError, match="请写文件夹"):
        check_places([Output("docx", Path("one.docx"))], 2, Lang.ZH)


def test_what_no_screen_shows_has_its_place_in_the_folder_of_results() -> None:
    assert plan(["html", "xlsx", "docx"], None, False, Lang.ZH) == (
        Output("html", Path("reports_out/index.html")),
        Output("xlsx", Path("reports_out/audit.xlsx")),
        Output("docx", Path("reports_out/letters")),
        Output("json", Path("reports_out/audit.json")),
    )
    assert plan(["html=a"], None, False, Lang.ZH) == (Output("html", Path("a")),)
    assert plan(["xlsx", "json=o/audit.json"], "o", False, Lang.ZH)[2:] == (Output("md", Path("o/audit.md")),)
    with pytest.raises(AuditorError, match="xlsx=文件"):
        plan(["xlsx"], None, True, Lang.ZH)
    with pytest.raises(AuditorError, match="html=文件"):
        plan(["html=-"], None, False, Lang.ZH)


# ---- the command, on a real report


def test_every_format_at_once_and_again_from_the_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    names = ("json", "jsonl", "csv", "md", "html", "xlsx", "docx")
    first = [f"{name}=a/{name}.{name}" for name in names]
    Path("a").mkdir()
    Path("b").mkdir()
    flags = [part for each in first for part in ("-f", each)]
    assert main(["audit", str(SEED), *flags]) == ExitCode.OK
    again = [part for each in first if not each.startswith("json=") for part in ("-f", each.replace("=a/", "=b/"))]
    assert main(["render", "a/json.json", *again]) == ExitCode.OK
    assert "b/html.html" in capsys.readouterr().err
    for path in Path("b").iterdir():
        assert path.read_bytes() == Path("a", path.name).read_bytes(), path.name
    assert made(Path("a")) == sorted(f"{name}.{name}" for name in names)


def test_pages_and_letters_in_the_audited_folder_are_not_audited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_bytes(SEED.read_bytes())
    Path("b.txt").write_bytes(SEED.read_bytes())
    flags = ["-f", "table", "-f", "html", "-f", "docx", "-f", "html=here.html", "-f", "docx=there"]
    for _ in range(2):
        assert main(["audit", ".", *flags]) == ExitCode.OK
        assert "共 2 份报告" in capsys.readouterr().out


def test_what_an_earlier_audit_wrote_is_not_audited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    Path("in/a.txt").write_bytes(SEED.read_bytes())
    assert main(["audit", "in", "-f", "html=in/res", "-f", "docx=in/letters"]) == ExitCode.OK
    assert main(["audit", "in", "--no-out"]) == ExitCode.OK
    shown = capsys.readouterr()
    assert "共 1 份报告" in shown.out
    assert (
        "没有审核 2 个文件，它们是以前写出的审核结果：in/letters/反馈意见_兴和县_2023年度.docx、in/res/index.html"
        in shown.err
    )
    assert main(["audit", "in/res/index.html", "--no-out"]) == ExitCode.OK
    assert "共 1 份报告" in capsys.readouterr().out


def test_what_an_earlier_run_left_beside_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reports = [report_audit(file=name, unit=unit) for name, unit in (("a.txt", "甲"), ("b.txt", "乙"), ("c.txt", "丙"))]
    outputs = [Output("docx", tmp_path / "letters"), Output("html", tmp_path / "x.html")]
    deliver_audits(reports, outputs, MANNER, no_pairs)
    assert "不是这次写的" not in capsys.readouterr().err
    deliver_audits(reports[:2], outputs, MANNER, no_pairs)
    told = capsys.readouterr().err
    assert "letters/ 里还有 1 个不是这次写的文件" in told
    assert "x_pages/ 里还有 1 个不是这次写的文件" in told


def test_letters_of_one_unit_are_told_apart_by_their_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reports = [report_audit(file="x/a.txt"), report_audit(file="y/b.txt")]
    deliver_audits(reports, [Output("docx", tmp_path / "letters")], MANNER, no_pairs)
    assert made(tmp_path) == [f"letters/反馈意见_某县人民政府_2022年度_{stem}.docx" for stem in "ab"]
    assert "某县人民政府 2022 年度的报告有 2 份" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_told_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(AuditorError, match="无法写入"):
        check_places([Output("json", tmp_path / "file" / "audit.json")], 1, Lang.ZH)
    check_places([Output("json", tmp_path / "new" / "audit.json")], 1, Lang.ZH)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--template", "t.docx"], "--template 只用于反馈意见"),
        (["-f", "docx", "--template", "gone.docx"], "无法读取模板 gone.docx"),
        (["-f", "docx=all.docx", "b.txt"], "请写文件夹"),
        (["-f", "html=gone/r.html"], "文件夹 gone 不存在"),
        ([".", "-f", "docx=."], "不能写进被审核的文件夹"),
        (["-f", "docx=there", "--lang", "en"], "letters are Chinese"),
        (["-f", "xlsx=x.xlsx", "--encoding", "foo"], "没有名为 foo 的编码"),
    ],
)
def test_options_that_cannot_take_effect(
    arguments: list[str],
    complaint: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_bytes(SEED.read_bytes())
    Path("b.txt").write_bytes(SEED.read_bytes())
    assert main(["audit", "a.txt", *arguments]) == ExitCode.USAGE
    shown = capsys.readouterr()
    assert complaint in shown.err
    assert shown.out == ""
    assert made(tmp_path) == ["a.txt", "b.txt"]


# ---- progress


def test_progress_is_silent_where_no_person_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    assert list(progress("abc", 3, Lang.ZH)) == ["a", "b", "c"]
    assert stream.getvalue() == ""


@pytest.mark.parametrize(("changes", "shown"), [({}, True), ({"TERM": "dumb"}, False)])
def test_progress_on_a_terminal(changes: dict[str, str], shown: bool, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_bytes(SEED.read_bytes())
    master, slave = pty.openpty()
    termios.tcsetwinsize(slave, (24, 100))
    environment = os.environ | {"TERM": "xterm", "NO_COLOR": "1"} | changes
    command = [sys.executable, "-m", "auditor", "audit", ".", "-f", "jsonl=rows.jsonl"]
    done = subprocess.run(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=slave, env=environment, check=False)
    os.close(slave)
    printed = b""
    while chunk := _read(master):
        printed += chunk
    os.close(master)
    text = printed.decode("utf-8")
    assert done.returncode == ExitCode.OK
    assert ("0/2 份" in text) is shown
    assert ("剩余" in text) is shown
    assert "\x1b[3" not in text
    assert "rows.jsonl" in text


def test_an_interrupted_run_says_so_and_keeps_the_rows_it_wrote(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for at in range(60):
        (tmp_path / "in" / f"{at:02}.txt").write_bytes(SEED.read_bytes())
    command = [
        sys.executable,
        "-m",
        "auditor",
        "audit",
        "in",
        "-f",
        "jsonl=rows.jsonl",
        "-f",
        "md=all.md",
        "-f",
        "html=all.html",
    ]
    run = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, encoding="utf-8")
    rows = tmp_path / "rows.jsonl"
    while not (rows.exists() and rows.stat().st_size):
        time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    _, told = run.communicate(timeout=60)
    assert run.returncode == 130
    assert told.startswith("已中断\uff1a60 份中完成")
    assert len(told.splitlines()) == 1
    assert all(json.loads(line)["file"] for line in rows.read_text(encoding="utf-8").splitlines())
    done = {json.loads(line)["file"] for line in rows.read_text(encoding="utf-8").splitlines()}
    assert (tmp_path / "all.md").read_text(encoding="utf-8").count("\n## ") == len(done) + 1
    assert not (tmp_path / "all.html").exists()


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # Linux ends a pseudo-terminal with an error
        return b""
