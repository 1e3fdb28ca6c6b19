"""The audit on a real Dask cluster: a scheduler and two workers on this machine, one of them killed midway."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor import fingerprint
from auditor.cli import main
from auditor.errors import ExitCode

pytest.importorskip("distributed", reason="the extra [dask] is not installed")

ROOT = Path(__file__).parent.parent
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
LONG = "03.txt"  # takes so long that it is not done when a process is killed after the reports before it
Captured = pytest.CaptureFixture[str]


class Cluster:
    """The processes of a cluster; ``address`` is the scheduler's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workers: list[subprocess.Popen[bytes]] = []
        self.address = ""
        self.scheduler = self.start_scheduler(0)

    def start_scheduler(self, port: int) -> subprocess.Popen[bytes]:
        log = self.folder / "scheduler.log"
        process = self._dask(["scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"], log)
        until = time.monotonic() + 60
        while not (found := re.search(r"Scheduler at:\s+(tcp://\S+)", log.read_text())):
            assert time.monotonic() < until and process.poll() is None, log.read_text()
            time.sleep(0.05)
        self.address = found[1]
        return process

    def add_worker(self) -> None:
        flags = ["--nthreads", "1", "--no-dashboard", "--no-nanny", "--local-directory", str(self.folder)]
        log = self.folder / f"worker{len(self.workers)}.log"
        self.workers.append(self._dask(["worker", self.address, "--death-timeout", "60", *flags], log))

    def _dask(self, arguments: list[str], log: Path) -> subprocess.Popen[bytes]:
        environment = os.environ | {"AUDITOR_CACHE": str(self.folder / "cache")}
        with log.open("wb") as out:
            command = [sys.executable, "-m", "dask", *arguments]
            return subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=environment, cwd=self.folder)

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            if process.poll() is None:
                process.kill()
            process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        made.add_worker()
        made.add_worker()
        yield made
    finally:
        made.close()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    for at in range(16):
        text = SEEDS[at % len(SEEDS)].read_text(encoding="utf-8")[:900]
        (tmp_path / "in" / f"{at:02}.txt").write_text(f"{text}\n第{at}份。\n", encoding="utf-8")
    (tmp_path / "in" / "07.txt").write_bytes(b"")
    long = "".join(path.read_text(encoding="utf-8") for path in SEEDS) * 4
    (tmp_path / "in" / LONG).write_text(long, encoding="utf-8")
    return tmp_path


def flags(name: str) -> list[str]:
    return ["-f", f"csv={name}.csv", "-f", f"json={name}.json", "-f", f"parquet={name}.store"]


def written(name: str) -> dict[str, bytes]:
    store = {
        p.relative_to(f"{name}.store").as_posix(): p.read_bytes() for p in Path(f"{name}.store").rglob("*.parquet")
    }
    return {"csv": Path(f"{name}.csv").read_bytes(), "json": Path(f"{name}.json").read_bytes()} | store


def on_cluster(cluster: Cluster, name: str, source: str = "in") -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "auditor", "audit", source, "--engine", "dask", "--scheduler", cluster.address]
    return subprocess.Popen([*command, "--no-cache", *flags(name)], stderr=subprocess.PIPE, text=True)


def wait_for_rows(path: Path) -> None:
    until = time.monotonic() + 60
    while not (path.exists() and path.read_bytes().count(b"\n") > 2 * 141):
        assert time.monotonic() < until, "nothing was written"
        time.sleep(0.01)


def test_a_killed_worker_and_a_scheduler_started_anew_change_no_byte(cluster: Cluster) -> None:
    assert main(["audit", "in", "-j", "1", "--no-cache", *flags("local")]) == ExitCode.UNREADABLE
    run = on_cluster(cluster, "killed")
    wait_for_rows(Path("killed.csv"))
    cluster.workers[0].send_signal(signal.SIGKILL)
    assert LONG.encode() not in Path("killed.csv").read_bytes()
    _, said = run.communicate(timeout=60)
    assert run.returncode == ExitCode.UNREADABLE, said
    assert "in/07.txt" in said
    assert written("killed") == written("local")

    port = int(cluster.address.rpartition(":")[2])
    run = on_cluster(cluster, "lost")
    wait_for_rows(Path("lost.csv"))
    cluster.scheduler.kill()
    assert LONG.encode() not in Path("lost.csv").read_bytes()
    cluster.scheduler.wait()
    cluster.scheduler = cluster.start_scheduler(port)
    cluster.add_worker()
    _, said = run.communicate(timeout=90)
    assert run.returncode == ExitCode.UNREADABLE, said
    assert written("lost") == written("local")


EVERY = ("csv", "jsonl", "json", "md", "xlsx", "html", "docx", "parquet")


def everything(name: str) -> list[str]:
    """``-f`` for every format, all files in a folder of this name."""
    Path(name).mkdir()
    return [part for each in EVERY for part in ("-f", f"{each}={name}/{'letters' if each == 'docx' else f'a.{each}'}")]


def tree(folder: str) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in Path(folder).rglob("*") if p.is_file()}


def test_every_way_to_do_it_gives_the_same_bytes(cluster: Cluster, capsys: Captured, own_cache: Path) -> None:
    """One process, two, from nothing, from a cache, on a cluster, and from what the cluster's answers left here."""
    for path in sorted(Path("in").iterdir())[9:]:
        path.unlink()
    Path("in", LONG).unlink()
    dask = ["--engine", "dask", "--scheduler", cluster.address]
    ways = {
        "one": ["-j", "1", "--no-cache"],
        "two": ["-j", "2", "--no-cache"],
        "cluster": dask,
        "kept": ["-j", "1"],
        "again": dask,
    }
    for name, flags_of_way in ways.items():
        for folder in ("out", name):
            shutil.rmtree(folder, ignore_errors=True)
        assert main(["audit", "in", *flags_of_way, *everything("out")]) == ExitCode.UNREADABLE, capsys.readouterr().err
        Path("out").rename(name)
    assert len(tree("one")) > len(EVERY) + 4
    for name in ways:
        assert tree(name) == tree("one"), name
    assert [path.name for path in (own_cache / "audit").rglob("*") if path.is_file()]


def test_rules_that_the_cluster_does_not_have_are_refused(cluster: Cluster, folder: Path, capsys: Captured) -> None:
    shutil.copytree(ROOT / "rules", "cluster_rules")  # what is known of rules is kept by their path
    command = ["audit", "in/00.txt", "--rules-dir", "cluster_rules", "--engine", "dask", "--scheduler", cluster.address]
    assert main([*command, "-f", "csv=a.csv"]) == ExitCode.OK
    with Path("cluster_rules/words.yaml").open("a", encoding="utf-8") as file:
        file.write("# changed after the workers have read it\n")
    fingerprint._judge.cache_clear()
    fingerprint.engine_version.cache_clear()
    Path("a.csv").write_bytes(b"earlier")
    assert main([*command, "-f", "csv=a.csv"]) == ExitCode.USAGE
    assert f"{folder.as_posix()}/cluster_rules" in capsys.readouterr().err
    assert Path("a.csv").read_bytes() == b"earlier"


def test_urls_are_read_and_written(cluster: Cluster, folder: Path) -> None:
    (folder / "results").mkdir()
    source, target = f"file://{folder}/in", f"file://{folder}/results"
    outputs = ["-f", f"csv={target}/a.csv", "-f", f"parquet={target}/store"]
    command = ["audit", source, "--engine", "dask", "--scheduler", cluster.address, *outputs]
    assert main(command) == ExitCode.UNREADABLE
    first = Path("results/a.csv").read_bytes()
    assert f"file://{folder}/in/00.txt".encode() in first
    assert list(Path("results/store/findings").rglob("*.parquet"))
    assert main(["audit", source, "-j", "1", "-f", "csv=local.csv"]) == ExitCode.UNREADABLE
    assert Path("local.csv").read_bytes() == first


def test_a_cluster_that_is_not_there(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.distribute.CONNECTING", 1.0)
    command = ["audit", "in", "--engine", "dask", "--scheduler", "tcp://127.0.0.1:1", "-f", "csv=a.csv"]
    assert main(command) == ExitCode.USAGE
    shown = capsys.readouterr().err.splitlines()
    assert len(shown) == 1
    assert "连不上 Dask 调度器 tcp://127.0.0.1:1" in shown[0]


def test_workers_of_another_version_are_refused(
    cluster: Cluster, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auditor.distribute.engine_version", lambda rules_dir=None: "9.9.9+ffff")
    command = ["audit", "in", "--engine", "dask", "--scheduler", cluster.address, "-f", "csv=a.csv"]
    assert main(command) == ExitCode.USAGE
    assert "9.9.9+ffff" in capsys.readouterr().err


def test_without_the_libraries_one_line_says_what_to_install(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    command = ["audit", "in", "--engine", "dask", "--scheduler", "tcp://127.0.0.1:1"]
    assert main(command) == ExitCode.USAGE
    assert "pip install '.[dask]'" in capsys.readouterr().err
