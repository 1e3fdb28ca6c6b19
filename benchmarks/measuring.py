"""Whole commands measured: wall time, processor time of all their processes, and the memory of each while they run.

For Linux: processes and their memory are read from ``/proc``.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_SET_CHILD_SUBREAPER = 36  # prctl(2)
_LINGERING = 20.0  # seconds that processes may outlive the command that started them
_KB = 1024


@dataclass(frozen=True)
class Sample:
    """The memory of a command's processes at one moment, in bytes: resident (RSS) and the fair share of it (PSS).

    The writer is the command itself; workers are the processes that its helpers started.
    """

    seconds: float
    writer: int
    workers: tuple[int, ...]
    workers_pss: tuple[int, ...]
    total_pss: int


@dataclass
class Memory:
    """The samples of a run, and the peaks (VmHWM) that the system kept of the writer and of each worker."""

    samples: list[Sample] = field(default_factory=list)
    writer_peak: int = 0
    worker_peaks: dict[int, int] = field(default_factory=dict)

    @property
    def worker_peak(self) -> int:
        return max(self.worker_peaks.values(), default=0)

    @property
    def worker_pss_peak(self) -> int:
        return max((pss for s in self.samples for pss in s.workers_pss), default=0)


@dataclass(frozen=True)
class Taken:
    """What a command took: seconds on the clock, seconds of processor time, memory where it was sampled."""

    wall: float
    cpu: float
    code: int
    output: str
    memory: Memory


class CommandError(Exception):
    """A measured command ended with an exit code that says that it did not do its work."""


def taken(
    command: Sequence[str | Path],
    folder: Path,
    env: Mapping[str, str] | None = None,
    *,
    codes: Sequence[int] = (0,),
    sampled: float | None = None,
) -> Taken:
    """Run a command in a folder; its memory is sampled every so many seconds. Raises CommandError."""
    _adopt_orphans()
    before = _children_time()
    arguments = list(map(str, command))
    with (folder / "stdout").open("w+b") as out, (folder / "stderr").open("w+b") as err:
        start = time.perf_counter()
        # As for a user, Python keeps what it compiles: to compile the sources anew in every process is no start-up of ours.
        usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        process = subprocess.Popen(arguments, cwd=folder, env=usual | (env or {}), stdout=out, stderr=err)
        memory = Memory()
        watching = _Watch(process.pid, memory, sampled) if sampled else None
        code = process.wait()
        wall = time.perf_counter() - start
        if watching:
            watching.stop()
        _reap()
        cpu = _children_time() - before
        out.seek(0)
        output = out.read().decode("utf-8", "replace")
        err.seek(0)
        if code not in codes:
            told = err.read().decode("utf-8", "replace").strip().splitlines()[-5:]
            raise CommandError(f"{arguments[0]} ended with {code}: " + "\n".join(told))
    return Taken(wall, cpu, code, output, memory)


def _adopt_orphans() -> None:
    """Let helpers that outlive a command become children of this process, so that their time is counted."""
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _reap() -> None:
    deadline = time.monotonic() + _LINGERING
    while time.monotonic() < deadline:
        try:
            ended, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not ended:
            time.sleep(0.01)


def _children_time() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


# ---- memory


class _Watch:
    """Samples the memory of a process and all below it until stopped."""

    def __init__(self, pid: int, memory: Memory, interval: float) -> None:
        self._pid, self._memory, self._interval = pid, memory, interval
        self._ended = threading.Event()
        self._start = time.perf_counter()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(self._interval):
            with suppress(OSError):
                self._look()

    def _look(self) -> None:
        seconds = time.perf_counter() - self._start
        peak, writer, total = _memory_of(self._pid)
        self._memory.writer_peak = max(self._memory.writer_peak, peak)
        workers: list[tuple[int, int]] = []
        for helper in _children(self._pid):
            total += _memory_of(helper)[2]
            for worker in _children(helper):
                peak, rss, pss = _memory_of(worker)
                if not rss:
                    continue
                self._memory.worker_peaks[worker] = max(self._memory.worker_peaks.get(worker, 0), peak)
                workers.append((rss, pss))
                total += pss
        own, shares = tuple(rss for rss, _ in workers), tuple(pss for _, pss in workers)
        self._memory.samples.append(Sample(seconds, writer, own, shares, total))


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):
                found += map(int, (task / "children").read_text().split())
    return found


def _memory_of(pid: int) -> tuple[int, int, int]:
    """The peak and the present resident memory of a process, and its fair share of it; zeros where it has ended."""
    try:
        status = _numbers(Path(f"/proc/{pid}/status"))
        rollup = _numbers(Path(f"/proc/{pid}/smaps_rollup"))
    except OSError:
        return 0, 0, 0
    return status.get("VmHWM", 0), status.get("VmRSS", 0), rollup.get("Pss", 0)


def _numbers(path: Path) -> dict[str, int]:
    """The lines ``Name: NUMBER kB`` of a file, in bytes."""
    pairs = (line.split() for line in path.read_text().splitlines())
    return {p[0].rstrip(":"): int(p[1]) * _KB for p in pairs if len(p) == 3 and p[2] == "kB"}


# ---- the machine


def machine() -> str:
    """The processor, its cores, the memory and the system."""
    model = next((n for n in _lines("/proc/cpuinfo", "model name")), platform.machine())
    memory = next((int(n.split()[0]) for n in _lines("/proc/meminfo", "MemTotal")), 0) / _KB**2
    cores = len(os.sched_getaffinity(0))
    return f"{model}，{cores} 核，内存 {memory:.0f} GB，{platform.system()} {platform.release()}"


def _lines(path: str, name: str) -> list[str]:
    with suppress(OSError):
        lines = Path(path).read_text(encoding="utf-8").splitlines()
        return [line.split(":", 1)[1].strip() for line in lines if line.startswith(name)]
    return []


def load() -> float:
    """The load average of the last minute."""
    return os.getloadavg()[0]
