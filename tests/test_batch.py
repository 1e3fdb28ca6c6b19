"""Many reports: workers, order, one bad file, the cache, interrupted runs that go on, the same bytes however it was done."""

from __future__ import annotations

import importlib.metadata
import json
import os
import pickle
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from audits import gap, report_audit
from word_files import docx, p

import auditor.audit
import auditor.work
from auditor import fingerprint, pool
from auditor.batch import audited, tasks_of
from auditor.cache import Cache, size_limit
from auditor.cli import main
from auditor.delivery import SCREENFUL, Manner, wanted_for
from auditor.errors import AuditorError, ExitCode, RuleError
from auditor.findings import ReportAudit, Unreadable
from auditor.formats.json_ import render
from auditor.formats.streaming import LOWEST
from auditor.options import Options
from auditor.outputs import Output
from auditor.paths import Input
from auditor.results import load
from auditor.words import Lang
from auditor.work import Done, Task, Wanted, done_from, encoded, work

ROOT = Path(__file__).parent.parent
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
STREAMS = ("csv", "jsonl", "json", "md")
Captured = pytest.CaptureFixture[str]
WANTED = Wanted(Lang.ZH, pieces=("csv", "json"), audit=True)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where the commands are run."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def reports(count: int, length: int = 900) -> None:
    """The beginnings of the seeds, no two alike."""
    Path("in").mkdir()
    for at in range(count):
        text = SEEDS[at % len(SEEDS)].read_text(encoding="utf-8")[:length]
        Path("in", f"{at:03}.txt").write_text(f"{text}\n第{at}份。\n", encoding="utf-8")


def flags(name: str, formats: Sequence[str] = STREAMS) -> list[str]:
    """``-f`` for every format, each file beginning with ``name``."""
    return [part for each in formats for part in ("-f", f"{each}={name}.{each}")]


def written(name: str, formats: Sequence[str] = STREAMS) -> dict[str, bytes]:
    return {each: Path(f"{name}.{each}").read_bytes() for each in formats}


# ---- the same however it is done


def test_one_worker_two_workers_the_cache_and_no_cache_write_the_same_bytes(capsys: Captured) -> None:
    reports(9)
    Path("in/005.txt").write_bytes(b"")
    assert main(["audit", "in", "-j", "1", "--no-cache", *flags("one")]) == ExitCode.UNREADABLE
    assert main(["audit", "in", "-j", "2", "--no-cache", *flags("two")]) == ExitCode.UNREADABLE
    assert main(["audit", "in", "-j", "2", *flags("cold")]) == ExitCode.UNREADABLE
    assert main(["audit", "in", "-j", "2", *flags("warm")]) == ExitCode.UNREADABLE
    assert main(["audit", "in", *flags("rows", ["csv"])]) == ExitCode.UNREADABLE
    assert written("one") == written("two") == written("cold") == written("warm")
    assert Path("rows.csv").read_bytes() == Path("one.csv").read_bytes()
    document = json.loads(Path("one.json").read_bytes())
    assert [r["source"]["file"] for r in document["reports"]] == [f"in/{at:03}.txt" for at in range(9) if at != 5]
    assert [u["file"] for u in document["unreadable"]] == ["in/005.txt"]


def test_what_is_streamed_is_what_is_rendered() -> None:
    reports(3)
    assert main(["audit", "in", *flags("a")]) == ExitCode.OK
    again = flags("b", ["csv", "jsonl", "md"])
    assert main(["render", "a.json", *again, "-f", "json=b.json"]) == ExitCode.OK
    assert written("a") == written("b")
    assert render(load(Path("a.json"), Lang.ZH)).encode() == Path("a.json").read_bytes()


def test_nothing_but_failures_is_still_a_document() -> None:
    Path("empty.txt").write_bytes(b"")
    assert main(["audit", "empty.txt", *flags("a")]) == ExitCode.UNREADABLE
    document = json.loads(Path("a.json").read_bytes())
    assert (document["reports"], len(document["unreadable"])) == ([], 1)


# ---- the cache


class Engine:
    """An engine that answers at once and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, data: bytes, name: str, options: Options, *_: object) -> ReportAudit | Unreadable:
        self.asked.append(name)
        if not data.strip():
            return Unreadable(name, "empty", "文件是空的")
        return report_audit((gap(),), file=name, unit=options.unit or "某县人民政府")


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    made = Engine()
    monkeypatch.setattr(auditor.audit, "audit_bytes", made)
    return made


def test_a_changed_file_costs_one_audit(engine: Engine) -> None:
    reports(3)
    command = ["audit", "in", "-j", "1", "-f", "csv=a.csv"]
    assert main(command) == ExitCode.OK
    first = Path("a.csv").read_bytes()
    assert main(command) == ExitCode.OK
    assert engine.asked == ["in/000.txt", "in/001.txt", "in/002.txt"]
    Path("in/001.txt").write_text("改过的报告。", encoding="utf-8")
    assert main(command) == ExitCode.OK
    assert engine.asked[3:] == ["in/001.txt"]
    assert Path("a.csv").read_bytes() == first


def test_another_format_is_made_from_the_audit_that_is_kept(engine: Engine) -> None:
    reports(1)
    assert main(["audit", "in", "-f", "csv=a.csv"]) == ExitCode.OK
    assert main(["audit", "in", "-f", "jsonl=a.jsonl"]) == ExitCode.OK
    assert len(engine.asked) == 1
    assert json.loads(Path("a.jsonl").read_text(encoding="utf-8"))["id"] == "GY21-32-04"


@pytest.mark.parametrize(
    "other",
    [["--unit", "乙县人民政府"], ["--year", "2021"], ["--level", "city"], ["--rules", "gy21"], ["--lang", "en"]],
)
def test_other_options_are_another_audit(engine: Engine, other: list[str]) -> None:
    reports(1)
    assert main(["audit", "in", "-f", "csv=a.csv"]) == ExitCode.OK
    assert main(["audit", "in", "-f", "csv=a.csv", *other]) == ExitCode.OK
    assert len(engine.asked) == 2


def test_a_changed_rule_is_another_audit(engine: Engine) -> None:
    reports(1)
    shutil.copytree(ROOT / "rules", "my")
    command = ["audit", "in", "-f", "csv=a.csv", "--rules-dir", "my"]
    assert main(command) == ExitCode.OK
    fingerprint._judge.cache_clear()
    with Path("my/words.yaml").open("a", encoding="utf-8") as file:
        file.write("# \u6539\n")
    assert main(command) == ExitCode.OK
    assert len(engine.asked) == 2


def test_what_cannot_be_read_is_tried_again(engine: Engine) -> None:
    Path("a.txt").write_bytes(b" ")
    for _ in range(2):
        assert main(["audit", "a.txt", "-f", "csv=a.csv"]) == ExitCode.UNREADABLE
    assert engine.asked == ["a.txt", "a.txt"]


def test_without_the_cache_nothing_is_kept(engine: Engine, own_cache: Path) -> None:
    reports(1)
    for _ in range(2):
        assert main(["audit", "in", "-f", "csv=a.csv", "--no-cache"]) == ExitCode.OK
    assert len(engine.asked) == 2
    assert not own_cache.exists()


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data[:40] + bytes([data[40] ^ 1]) + data[41:],
        lambda data: b"x" * len(data),
    ],
)
def test_a_damaged_entry_is_no_entry(engine: Engine, own_cache: Path, damage: Callable[[bytes], bytes]) -> None:
    reports(1)
    command = ["audit", "in", "-f", "csv=a.csv"]
    assert main(command) == ExitCode.OK
    first = Path("a.csv").read_bytes()
    for path in [each for each in own_cache.rglob("*") if each.is_file()]:
        path.write_bytes(damage(path.read_bytes()))
    assert main(command) == ExitCode.OK
    assert Path("a.csv").read_bytes() == first
    assert len(engine.asked) == 2


def test_an_entry_under_another_key_is_no_entry(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "c")
    for kind in ("audit", "pieces"):
        assert cache.put(kind, "ab" * 20, b"one")
        assert cache.get(kind, "ab" * 20) == b"one"
        place = tmp_path / "c" / kind / "ab"
        (place / ("ab" * 19)).rename(place / ("cd" * 19))
        assert cache.get(kind, "ab" + "cd" * 19) is None


def test_a_cache_that_cannot_be_written_only_costs_time(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    reports(1)
    Path("file").write_bytes(b"")
    monkeypatch.setenv("AUDITOR_CACHE", "file/below")
    assert main(["audit", "in", "-f", "csv=a.csv"]) == ExitCode.OK
    assert len(engine.asked) == 1


def test_a_full_cache_forgets_what_was_not_used_for_longest(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    keys = [f"00{at:038x}" for at in range(10)]
    for at, key in enumerate(keys):
        cache.put("pieces", key, bytes(1000))
        os.utime(tmp_path / "pieces" / "00" / key[2:], (at, at))
    cache.trim(5_000)
    assert [cache.get("pieces", key) is not None for key in keys] == [False] * 6 + [True] * 4
    cache.trim(10_000_000)
    assert cache.amounts()["pieces"].entries == 4


def test_parts_of_outputs_are_forgotten_before_audits(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for at in range(6):
        key = f"00{at:038x}"
        cache.put("pieces", key, bytes(1000))
        cache.put("text", key, os.urandom(500))
        os.utime(tmp_path / "text" / "00" / key[2:], (at, at))  # not used for longer than any part
    cache.trim(6_000)
    assert {kind: amount.entries for kind, amount in cache.amounts().items()} == {"text": 6, "audit": 0, "pieces": 2}
    cache.trim(2_500)
    assert cache.amounts()["text"].entries == 4


def test_a_long_run_keeps_the_cache_within_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_CACHE_LIMIT", "1")
    monkeypatch.setattr("auditor.cache._TRIM_EVERY", 10)
    for at in range(100):
        Cache(tmp_path).put("pieces", f"00{at:038x}", bytes(50_000))
    assert Cache(tmp_path).amounts()["pieces"].size < 1_500_000


def test_the_cache_is_shown_and_emptied(engine: Engine, own_cache: Path, capsys: Captured) -> None:
    reports(2)
    assert main(["audit", "in", "-f", "csv=a.csv"]) == ExitCode.OK
    assert main(["cache", "info", "--lang", "en"]) == ExitCode.OK
    shown = capsys.readouterr().out
    assert re.search(r"together +4 entries", shown)
    assert own_cache.as_posix() in shown
    assert main(["cache", "clean"]) == ExitCode.OK
    assert "4 条" in capsys.readouterr().out
    assert main(["audit", "in", "-f", "csv=a.csv"]) == ExitCode.OK
    assert len(engine.asked) == 4


def test_a_limit_that_is_no_number(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    reports(1)
    monkeypatch.setenv("AUDITOR_CACHE_LIMIT", "10GB")
    with pytest.raises(AuditorError, match="10GB"):
        size_limit(Lang.ZH)
    assert main(["audit", "in"]) == ExitCode.USAGE
    assert "AUDITOR_CACHE_LIMIT" in capsys.readouterr().err


def test_the_text_of_a_document_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a.docx").write_bytes(docx(p("某县人民政府2022年法治政府建设年度报告") + p("一、工作情况")))
    read: list[str] = []
    real = auditor.work.read_bytes

    def reading(data: bytes, name: str, encoding: str | None) -> object:
        read.append(name)
        return real(data, name, encoding)

    monkeypatch.setattr(auditor.work, "read_bytes", reading)
    assert main(["audit", "a.docx", "-f", "json=a.json"]) == ExitCode.OK
    assert main(["audit", "a.docx", "-f", "json=b.json", "--year", "2023"]) == ExitCode.OK
    assert read == ["a.docx"]
    assert main(["audit", "a.docx", "-f", "json=c.json", "--year", "2023", "--no-cache"]) == ExitCode.OK
    assert Path("b.json").read_bytes() == Path("c.json").read_bytes()


def test_an_audit_comes_back_from_the_cache_as_it_was(own_cache: Path) -> None:
    cache = Cache(own_cache)
    for path in SEEDS:
        task = Task(path.name, Options(), str(path))
        fresh = work(task, WANTED, cache)
        kept = work(task, WANTED, cache)
        assert (fresh.kept, kept.kept) == (False, True)
        assert (fresh.audit, fresh.pieces) == (kept.audit, kept.pieces)
        anew = work(task, Wanted(Lang.ZH, pieces=("json", "jsonl", "csv", "md", "store", "summary")), cache)
        bare = work(task, Wanted(Lang.ZH, pieces=("json", "jsonl", "csv", "md", "store", "summary")), None)
        assert anew.pieces == bare.pieces


# ---- one bad file


def test_a_report_that_breaks_the_engine_does_not_stop_the_others(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    def audit_bytes(data: bytes, name: str, *_: object) -> ReportAudit:
        if name == "in/001.txt":
            raise ZeroDivisionError("here")
        return report_audit(file=name)

    reports(3)
    monkeypatch.setattr(auditor.audit, "audit_bytes", audit_bytes)
    assert main(["audit", "in", "-f", "json=a.json"]) == ExitCode.UNREADABLE
    document = json.loads(Path("a.json").read_bytes())
    assert len(document["reports"]) == 2
    assert document["unreadable"][0]["code"] == "crash"
    assert "ZeroDivisionError: here" in capsys.readouterr().err


def answer(task: int, sleep: float = 0.0) -> bytes:
    """What a worker does: some tasks kill it, always or once, some fail."""
    if task == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    if task == 17 and not Path("once").exists():
        Path("once").write_bytes(b"")
        os.kill(os.getpid(), signal.SIGKILL)
    if task == 99:
        raise RuleError(("my/a.yaml:1: -: wrong",))
    time.sleep(sleep * (task % 3))
    return str(task).encode()


def lost(task: int) -> bytes:
    return b"lost %d" % task


def told(tasks: Iterator[int]) -> Iterator[tuple[int, bytes | None]]:
    return ((task, b"known" if task % 10 == 5 else None) for task in tasks)


def test_workers_answer_in_order_and_one_that_dies_costs_one_task() -> None:
    with pool.Pool(partial(answer, sleep=0.003), lost, 2) as workers:
        answers = list(workers.ordered(told(iter(range(40)))))
    expected = [b"known" if at % 10 == 5 else b"lost 13" if at == 13 else b"%d" % at for at in range(40)]
    assert answers == expected


def test_few_tasks_are_taken_before_their_answers_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "WINDOW", 4)
    taken: list[int] = []

    def tasks() -> Iterator[int]:
        for at in range(60):
            if at not in (13, 17):
                taken.append(at)
                yield at

    with pool.Pool(answer, lost, 2) as workers:
        for given, _ in enumerate(workers.ordered(told(tasks()))):
            assert len(taken) <= given + 1 + 4 * 2


def test_workers_that_only_die_are_given_up() -> None:
    with pool.Pool(answer, lost, 2) as workers, pytest.raises(pool.WorkersLostError):
        list(workers.ordered((13, None) for _ in range(30)))


def test_what_is_wrong_with_the_run_is_raised_by_the_workers_too() -> None:
    with pool.Pool(answer, lost, 2) as workers, pytest.raises(RuleError, match=r"my/a\.yaml"):
        list(workers.ordered([(1, None), (99, None)]))


def test_broken_rules_stop_a_batch(capsys: Captured) -> None:
    reports(8)
    shutil.copytree(ROOT / "rules", "my")
    Path("my/gy21/ruleset.yaml").write_text("id: gy21\n", encoding="utf-8")
    assert main(["audit", "in", "-j", "2", "--rules-dir", "my", "-f", "csv=a.csv"]) == ExitCode.USAGE
    assert "gy21/ruleset.yaml:1" in capsys.readouterr().err


def test_documents_in_an_archive_go_to_workers_too() -> None:
    with zipfile.ZipFile("all.zip", "w") as archive:
        for at in range(7):
            archive.writestr(f"{at}.txt", SEEDS[at % 5].read_text(encoding="utf-8")[:900] + f"{at}")
        archive.writestr("7.zip", b"PK\x05\x06" + bytes(18))
    for jobs in ("1", "2"):
        assert main(["audit", "all.zip", "-j", jobs, "--no-cache", "-f", f"jsonl={jobs}.jsonl"]) == ExitCode.UNREADABLE
    assert Path("1.jsonl").read_bytes() == Path("2.jsonl").read_bytes()
    assert '"all.zip/6.txt"' in Path("2.jsonl").read_text(encoding="utf-8")


def test_a_result_is_the_same_after_it_was_sent() -> None:
    done = work(
        Task("a.txt", Options(), str(SEEDS[0])), Wanted(Lang.ZH, pieces=("csv",), audit=True, report=True), None
    )
    assert done_from(encoded(done)) == done
    failed = Done("b.txt", failed=Unreadable("b.txt", "empty", "空"))
    assert done_from(encoded(failed)) == failed


def test_a_task_can_be_sent() -> None:
    task = next(tasks_of([(Input("a.txt", Path("a.txt")), Options())]))
    assert pickle.loads(pickle.dumps(task)) == task


def test_links_that_lead_round_in_a_circle_cost_one_file() -> None:
    reports(1)
    Path("in/self.txt").symlink_to("self.txt")
    Path("in/in").symlink_to(Path("in").absolute())
    assert main(["audit", "in", "-f", "json=a.json"]) == ExitCode.UNREADABLE
    document = json.loads(Path("a.json").read_bytes())
    assert (len(document["reports"]), [u["file"] for u in document["unreadable"]]) == (1, ["in/self.txt"])


def test_results_are_passed_on_as_they_come() -> None:
    reports(3)
    inputs = [(Input(f"in/{at:03}.txt", Path(f"in/{at:03}.txt")), Options()) for at in range(3)]
    coming = audited(tasks_of(inputs), Wanted(Lang.ZH, pieces=("csv",)), None, 1)
    Path("in/002.txt").unlink()
    assert next(coming).name == "in/000.txt"
    assert [done.failed.code if done.failed else "" for done in coming] == ["", "missing"]


# ---- what is shown and kept in memory


def test_a_screen_shows_the_tables_of_some_reports_and_the_summary_of_many(engine: Engine, capsys: Captured) -> None:
    reports(SCREENFUL + 1)
    assert main(["audit", "in", "-j", "1", "--no-out", "-f", "table=all.txt", "-f", "table"]) == ExitCode.OK
    shown = capsys.readouterr()
    assert "GY21-32-04" not in shown.out
    assert "in/020.txt" in shown.out
    assert "只列汇总" in shown.err
    assert Path("all.txt").read_text(encoding="utf-8").count("GY21-32-04") == SCREENFUL + 1
    Path("in/000.txt").unlink()
    assert main(["audit", "in", "-j", "1", "--no-out"]) == ExitCode.OK
    assert capsys.readouterr().out.count("GY21-32-04") == SCREENFUL


def test_a_screen_shows_averages_and_the_lowest_of_very_many(
    engine: Engine, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auditor.delivery.LISTED", SCREENFUL)
    reports(SCREENFUL + 5)
    assert main(["audit", "in", "-j", "1", "--no-out", "-f", "md=a.md", "-f", "table"]) == ExitCode.OK
    shown = capsys.readouterr()
    assert re.search(rf"2022 +县级 +{SCREENFUL + 5} +\d", shown.out)
    assert shown.out.count("in/0") == LOWEST
    assert "得分最低" in shown.err
    assert Path("a.md").read_text(encoding="utf-8").count("| in/0") == SCREENFUL + 5


def test_standard_error_names_some_of_very_many_unreadable_files(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auditor.cli.MOST_TOLD", 2)
    for at in range(5):
        Path(f"{at}.txt").write_bytes(b"")
    assert main(["audit", ".", "-f", "csv=a.csv"]) == ExitCode.UNREADABLE
    shown = capsys.readouterr().err
    assert (shown.count(".txt: "), "另有 3 个文件" in shown) == (2, True)


@pytest.mark.parametrize(
    ("formats", "reports", "audit", "report"),
    [
        (("csv", "jsonl", "md", "parquet", "duckdb"), 10, False, False),
        (("json",), 1, False, False),
        (("json",), 10, False, True),
        (("json",), 501, False, False),
        (("html", "xlsx"), 501, True, False),
        (("table",), 20, True, False),
        (("table",), 21, False, False),
    ],
)
def test_only_what_is_needed_is_kept(formats: tuple[str, ...], reports: int, audit: bool, report: bool) -> None:
    outputs = [Output(name, None if name == "table" else Path(name)) for name in formats]
    wanted = wanted_for(outputs, Manner(Lang.ZH), reports)
    assert (wanted.audit, wanted.report) == (audit, report)


# ---- interrupted, killed, resumed


def started(arguments: Sequence[str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "auditor", "audit", *arguments]
    return subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)


def wait_for_rows(path: Path, count: int) -> None:
    until = time.monotonic() + 60
    while not (path.exists() and path.read_bytes().count(b"\n") >= count):
        assert time.monotonic() < until, "nothing was written"
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("how", "jobs"),
    [(signal.SIGINT, "1"), (signal.SIGTERM, "2"), (signal.SIGKILL, "2")],
    ids=["Ctrl-C", "told to end, with workers", "kill -9 with workers"],
)
def test_a_stopped_run_goes_on_and_loses_nothing(how: signal.Signals, jobs: str, own_cache: Path) -> None:
    reports(40)
    formats = [*flags("a", ["csv", "json"]), "-f", "parquet=store", "-j", jobs]
    process = started(["in", *formats])
    wait_for_rows(Path("a.csv"), 5 * 141)
    os.killpg(process.pid, how)
    _, said = process.communicate(timeout=60)
    done = len({line.split(b",")[0] for line in Path("a.csv").read_bytes().splitlines()[1:] if line[:3] == b"in/"})
    assert 0 < done < 40
    if how is not signal.SIGKILL:
        assert process.returncode == 130
        assert f"40 份中完成 {done} 份" in said
        assert len(json.loads(Path("a.json").read_bytes())["reports"]) == done
        assert Path("a.csv").read_bytes().endswith(b"\r\n")
        assert (Path("store") / "reports").is_dir()
    else:
        assert not Path("a.json").exists()
    again = started(["in", *formats, "--resume"])
    _, said = again.communicate(timeout=120)
    assert again.returncode == ExitCode.OK, said
    lines = [line for line in said.splitlines() if "取自缓存" in line]
    assert len(lines) == 1
    kept = int(lines[0].split("\uff1a")[1].split(" ")[0])
    assert kept >= done
    assert sorted(each.name for each in Path().iterdir() if each.name.startswith(".")) == []
    assert not list(Path("store").glob(".*"))
    assert main(["audit", "in", *flags("b", ["csv", "json"]), "-f", "parquet=other", "--no-cache"]) == ExitCode.OK
    assert written("a", ["csv", "json"]) == written("b", ["csv", "json"])
    assert tree(Path("store")) == tree(Path("other"))


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_there_must_be_something_to_resume(engine: Engine, capsys: Captured) -> None:
    reports(1)
    command = ["audit", "in", "-f", "csv=a.csv"]
    assert main([*command, "--resume"]) == ExitCode.USAGE
    assert "没有可以继续的审核" in capsys.readouterr().err
    assert main(command) == ExitCode.OK
    assert main([*command, "--resume"]) == ExitCode.USAGE
    assert engine.asked == ["in/000.txt"]


def test_a_run_stopped_by_an_error_can_be_resumed(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    reports(2)
    Path("gone").mkdir()
    command = ["audit", "in", "-j", "1", "-f", "csv=a.csv"]

    def interrupted(data: bytes, name: str, options: Options, *_: object) -> ReportAudit | Unreadable:
        if name == "in/001.txt":
            raise KeyboardInterrupt
        return engine(data, name, options)

    monkeypatch.setattr(auditor.audit, "audit_bytes", interrupted)
    assert main(command) == 130
    monkeypatch.setattr(auditor.audit, "audit_bytes", engine)
    assert main([*command, "--resume"]) == ExitCode.OK
    assert engine.asked == ["in/000.txt", "in/001.txt"]
    assert len(Path("a.csv").read_bytes().splitlines()) == 3


# ---- options that cannot take effect, and the list of submissions


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["-j", "0"], "-j 应为正整数"),
        (["--resume", "--no-cache"], "--resume 靠缓存继续"),
        (["--engine", "spark"], "没有引擎 spark"),
        (["--engine", "dask"], "需要 --scheduler"),
        (["--scheduler", "tcp://127.0.0.1:1"], "只用于 --engine dask"),
        (["--engine", "dask", "--scheduler", "tcp://127.0.0.1:1", "-j", "2"], "-j 只用于本机"),
        (["--out", "s3://b/c"], "只能是本机的文件夹"),
        (["--manifest", "units.csv", "--year", "2024"], "--year 与 --manifest"),
        (["--manifest", "units.csv", "memory://a"], "--manifest 与网络地址"),
    ],
)
def test_options_that_cannot_take_effect(arguments: list[str], complaint: str, capsys: Captured) -> None:
    reports(1)
    assert main(["audit", "in", *arguments]) == ExitCode.USAGE
    shown = capsys.readouterr()
    assert complaint in shown.err
    assert shown.out == ""


def test_a_list_of_submissions_says_what_to_audit_and_whose_it_is(engine: Engine, capsys: Captured) -> None:
    reports(2)
    rows = ["单位,层级,年度,文件", "甲县人民政府,县级,2022,in/001.txt", "乙县人民政府,县级,2022,"]
    Path("units.csv").write_bytes("\n".join(rows).encode("gb18030"))
    assert main(["audit", "--manifest", "units.csv", "-f", "jsonl=a.jsonl"]) == ExitCode.OK
    found = [json.loads(line) for line in Path("a.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["file"], row["unit"]) for row in found] == [("in/001.txt", "甲县人民政府")]
    assert "1 个单位没有文件：乙县人民政府" in capsys.readouterr().err
    assert main(["audit", "--manifest", "units.csv", "-f", "jsonl=in/001.txt"]) == ExitCode.USAGE
    assert "覆盖" in capsys.readouterr().err


# ---- files at URLs


@pytest.fixture
def memory() -> Iterator[Any]:
    """An empty file system in memory."""
    import fsspec

    files = fsspec.filesystem("memory")
    files.store.clear()
    yield files
    files.store.clear()


def test_files_at_urls_are_audited_and_results_written_there(memory: Any, capsys: Captured) -> None:
    reports(2)
    for name in ("b.txt", "a.txt", ".hidden.txt", "notes.jpg"):
        memory.pipe(f"/in/{name}", Path("in/000.txt").read_bytes())
    outputs = ["-f", "csv=memory://out/a.csv", "-f", "parquet=memory://out/store", "-f", "html=memory://out/page.html"]
    assert main(["audit", "memory://in", "in/001.txt", "-j", "1", *outputs]) == ExitCode.OK
    assert "memory://out/a.csv" in capsys.readouterr().err
    rows = memory.cat("/out/a.csv").decode("utf-8-sig").splitlines()[1:]
    files = list(dict.fromkeys(row.split(",")[0] for row in rows))
    assert files == ["in/001.txt", "memory:///in/a.txt", "memory:///in/b.txt"]
    assert len(memory.find("/out/store/findings")) == len(memory.find("/out/store/reports")) >= 1
    assert memory.exists("/out/page.html")
    memory.pipe("/out/store/findings/year=1999/level=city/part-0.parquet", b"of an earlier run")
    assert main(["audit", "memory://in/*.txt", "-j", "1", *outputs]) == ExitCode.OK
    assert not memory.exists("/out/store/findings/year=1999/level=city/part-0.parquet")


def test_what_was_written_at_a_url_is_told_once_it_is_there(
    memory: Any, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports(1)
    command = ["audit", "in", "-f", "html=memory://out/page.html", "-f", "csv=a.csv"]
    assert main(command) == ExitCode.OK
    shown = capsys.readouterr().err
    assert "memory://out/page.html" in shown
    assert "auditor-" not in shown  # the folder where it was made

    def refusing(*_: object) -> None:
        raise OSError("x" * 5000)

    monkeypatch.setattr("auditor.remote._put", refusing)
    assert main(command) == ExitCode.USAGE
    shown = capsys.readouterr().err
    assert shown.splitlines()[0].endswith("a.csv")
    assert "无法写入 memory://out/page.html" in shown.splitlines()[1]
    assert len(shown) < 400


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (["memory://gone"], ExitCode.NO_INPUT, "memory://gone"),
        (["nonsense://a/b.txt"], ExitCode.USAGE, "无法打开 nonsense://a/b.txt"),
        (["in", "-f", "csv=nonsense://a.csv"], ExitCode.USAGE, "无法打开 nonsense://a.csv"),
    ],
)
def test_urls_that_lead_nowhere(
    arguments: list[str], code: ExitCode, complaint: str, memory: Any, capsys: Captured
) -> None:
    reports(1)
    assert main(["audit", *arguments]) == code
    shown = capsys.readouterr().err.splitlines()
    assert len(shown) == 1
    assert complaint in shown[0]


def test_versions_of_libraries_are_told_by_what_is_installed() -> None:
    libraries = ("lxml", "numpy", "ahocorasick-rs", "no-such-library")
    assert fingerprint._versions(libraries) == (
        *(f"{each} {importlib.metadata.version(each)}" for each in libraries[:3]),
        "no-such-library",
    )


@pytest.mark.parametrize(
    ("output", "lost"),
    [("csv=in/00.txt", True), ("table=in/00.txt", True), ("duckdb=elsewhere.docx", True), ("md=in/00.md", False)],
)
def test_an_output_does_not_replace_a_report(output: str, lost: bool, folder: Path, capsys: Captured) -> None:
    reports(2)
    place = Path(output.partition("=")[2])
    place.write_bytes(sorted(Path("in").iterdir())[1].read_bytes())
    before = place.read_bytes()
    code = main(["audit", "in", "-f", output])
    assert (code == ExitCode.USAGE) == lost
    assert (place.read_bytes() == before) == lost
    assert ("会覆盖被审核的文件" in capsys.readouterr().err) == lost


def test_urls_and_clusters_that_cannot_be_reached_from_here(
    folder: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports(1)
    assert main(["audit", "in", "--engine", "dask", "--scheduler", "http://127.0.0.1:8786"]) == ExitCode.USAGE
    assert "tcp://" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "fsspec", None)
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    assert main(["audit", "file:///nowhere", "--no-out"]) == ExitCode.USAGE
    assert "pip install '.[dask]'" in capsys.readouterr().err
