"""Ctrl-C, being told to end, full disks and two runs at once: whatever is written is whole."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from audits import gap, report_audit

from auditor import delivery
from auditor.cli import main
from auditor.delivery import Manner, deliver_audits
from auditor.errors import AuditorError, ExitCode, Interrupted
from auditor.findings import Pair, ReportAudit
from auditor.locks import claimed
from auditor.outputs import Output
from auditor.report import Report
from auditor.stopping import Stopping, heed, sheltered
from auditor.words import Lang

SEED = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))[0]
MANNER = Manner(Lang.ZH)
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def heeding() -> Iterator[None]:
    """Being told to end is Ctrl-C, as in the command, until the test is over."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    heed()
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_what_is_held_is_done_as_a_whole(number: signal.Signals, heeding: None) -> None:
    done = []
    with Stopping() as stopping:
        with pytest.raises(KeyboardInterrupt), stopping.held():
            os.kill(os.getpid(), number)
            done.append("held")
        with stopping.deaf():
            os.kill(os.getpid(), number)
            done.append("deaf")
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), number)
    assert done == ["held", "deaf"]


def test_what_was_started_to_ignore_a_signal_ignores_it(heeding: None) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    heed()
    with Stopping():
        os.kill(os.getpid(), signal.SIGHUP)
    signal.signal(signal.SIGHUP, before)


def test_what_is_started_in_shelter_never_hears_of_it() -> None:
    with sheltered():
        child = subprocess.Popen([sys.executable, "-c", "import os; os.kill(os.getpid(), 2); print('still here')"])
    assert child.wait() == 0


def outputs(*formats: str) -> tuple[Output, ...]:
    return tuple(Output(name, Path(f"a.{name}")) for name in formats)


def results(count: int) -> Iterator[ReportAudit]:
    return (report_audit((gap(),), file=f"{at}.txt") for at in range(count))


def test_ctrl_c_while_reports_are_compared_leaves_all_of_them() -> None:
    def comparing(reports: Sequence[Report]) -> tuple[Pair, ...]:
        raise KeyboardInterrupt

    with pytest.raises(Interrupted, match="3 份中完成 3 份"):
        deliver_audits(results(3), outputs("csv", "json", "md"), MANNER, comparing, 3)
    assert len(json.loads(Path("a.json").read_bytes())["reports"]) == 3
    assert Path("a.md").exists()


def test_ctrl_c_while_a_workbook_is_made_leaves_what_was_written_before(monkeypatch: pytest.MonkeyPatch) -> None:
    def rendering(*_: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setitem(delivery.FORMATS, "xlsx", rendering)
    with pytest.raises(Interrupted):
        deliver_audits(results(3), outputs("xlsx", "json"), MANNER, lambda _: (), 3)
    assert len(json.loads(Path("a.json").read_bytes())["reports"]) == 3
    assert not Path("a.xlsx").exists()


def test_a_report_is_written_to_all_outputs_or_to_none(heeding: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C comes while the second report is on its way into the first of three outputs."""
    rows = delivery.Rows
    add = rows.add

    def adding(self: object, done: object) -> None:
        add(self, done)  # type: ignore[arg-type]
        if getattr(done, "name", "") == "1.txt":
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(rows, "add", adding)
    with pytest.raises(Interrupted, match="3 份中完成 2 份"):
        deliver_audits(results(3), outputs("jsonl", "json", "parquet"), MANNER, lambda _: (), 3)
    assert len(Path("a.jsonl").read_bytes().splitlines()) == 2
    assert len(json.loads(Path("a.json").read_bytes())["reports"]) == 2
    assert [path.parts[1] for path in Path("a.parquet").glob("reports/*/*/*")] == ["reports"]


# ---- full disks, read-only places


def test_a_file_that_cannot_grow_ends_with_a_whole_report_and_the_run_goes_on_later(capsys: Captured) -> None:
    text = SEED.read_text(encoding="utf-8")[:900]
    Path("in").mkdir()
    for at in range(8):
        Path(f"in/{at}.txt").write_text(f"{text}\n第{at}份。\n", encoding="utf-8")
    command = [sys.executable, "-m", "auditor", "audit", "in", "-j", "2", "-f", "csv=a.csv"]
    most = 200_000
    small = subprocess.run(
        command,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert small.returncode == ExitCode.USAGE
    assert small.stderr.startswith("无法写入 a.csv")
    done = Path("a.csv").read_bytes()
    assert 0 < len(done) < most
    assert main([*command[3:], "--resume"]) == ExitCode.OK
    whole = Path("a.csv").read_bytes()
    assert whole.startswith(done)
    files = [line.split(b",")[0] for line in whole.splitlines(keepends=True)]
    assert files[done.count(b"\r\n")] != files[done.count(b"\r\n") - 1]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("name", ["csv", "jsonl", "json", "md"])
def test_a_full_disk_is_told_in_a_line(name: str, capsys: Captured) -> None:
    with pytest.raises(AuditorError, match="磁盘已满"):
        deliver_audits(results(1), [Output(name, Path("/dev/full"))], MANNER, lambda _: ())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_standard_output_is_told_in_a_line() -> None:
    Path("a.txt").write_text("一、工作\n", encoding="utf-8")
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "auditor", "audit", "a.txt", "-f", "csv"]
        run = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert run.returncode == ExitCode.USAGE
    assert run.stderr.startswith("无法写到标准输出")
    assert len(run.stderr.splitlines()) == 1


# ---- two runs at once


def test_two_runs_do_not_write_to_the_same_place(capsys: Captured) -> None:
    Path("a.txt").write_text("一、工作\n", encoding="utf-8")
    Path("a.csv").write_bytes(b"of the other run")
    command = ["audit", "a.txt", "-f", "csv=a.csv"]
    with claimed([Path("a.csv")], Lang.ZH):
        assert main(command) == ExitCode.USAGE
    assert "a.csv" in capsys.readouterr().err
    assert Path("a.csv").read_bytes() == b"of the other run"
    assert main(command) == ExitCode.OK
