"""A long run: tens of thousands of made reports, audited to CSV, JSON lines and Parquet, the memory of every process sampled.

    python benchmarks/big.py [--reports 20000] [--jobs 2] [--work DIR] [--dry-run]

Writes its part of docs/performance.md and the picture of the memory. Wants the extras [bench] and [store], and room for the
results and the cache of its own: about half a megabyte a report, removed at the end.
"""

from __future__ import annotations

import argparse
import csv
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path

import corpus
import page
import pictures
from measuring import Sample, Taken, load, taken
from rows import AUDITOR, CORES, MB, Line, caches, seconds

FORMATS = ("csv=audit.csv", "jsonl=audit.jsonl", "parquet=store")
# Memory is called constant where the last quarter of a run has no more of it than this beside the second.
CONSTANT = 1.1
MILLION = 1_000_000  # what five years of a whole country come to


def audited(number: int, jobs: int, folder: Path) -> tuple[Taken, Path]:
    """The run over so many made reports, and the folder that it ran in."""
    reports = corpus.write(folder / "reports", number)
    place = folder / "run"
    place.mkdir()
    formats = [part for each in FORMATS for part in ("-f", each)]
    command = [AUDITOR, "audit", reports, "-j", str(jobs), *formats]
    return taken(command, place, caches(place), sampled=1.0), place


def told(number: int, jobs: int, done: Taken, place: Path) -> list[Line]:
    """The lines of the table: how long, how much memory, how much was written, whether all of it is there."""
    memory = done.memory
    rows = _reports_in(place / "audit.csv")
    sizes = {name: _size(place / name) for name in ("audit.csv", "audit.jsonl", "store", "results")}
    written = "、".join(f"{name} {sizes[name] / MB:.0f} MB" for name in ("audit.csv", "audit.jsonl", "store"))
    lines = [
        Line(f"{number} 份报告，-j {jobs}，{'、'.join(f.partition('=')[0] for f in FORMATS)}", seconds(done.wall)),
        Line("└ 每秒份数", f"{number / done.wall:.1f}（每份处理器时间 {done.cpu / number * 1000:.0f} ms）"),
        Line("└ 照此，20 万份 × 5 年", f"{MILLION / number * done.wall / 3600:.1f} 小时"),
        Line("└ CSV 里的报告数", str(rows), str(number), rows == number),
        Line("└ 写出", written),
        Line(
            "└ 缓存（在自己的文件夹里）",
            f"{sizes['results'] / MB:.0f} MB，每份 {sizes['results'] / number / 1000:.0f} kB",
        ),
    ]
    if memory.samples:
        lines += _memory(memory.samples, memory.writer_peak, memory.worker_peak)
    return lines


def _memory(samples: Sequence[Sample], writer: int, worker: int) -> list[Line]:
    second, last = _quarter(samples, 1), _quarter(samples, 3)
    grown = {
        "主进程": _mean([s.writer for s in last]) / max(1, _mean([s.writer for s in second])),
        "工作进程": _mean([max(s.workers, default=0) for s in last])
        / max(1, _mean([max(s.workers, default=0) for s in second])),
    }
    shown = "、".join(f"{name} {times:.2f} 倍" for name, times in grown.items())
    everything = max(s.total_pss for s in samples) / MB
    return [
        Line("└ 主进程内存峰值（VmHWM）", f"{writer / MB:.0f} MB"),
        Line("└ 工作进程内存峰值（VmHWM）", f"{worker / MB:.0f} MB", "≤ 150 MB", worker <= 150 * MB),
        Line("└ 全部进程合计峰值（PSS）", f"{everything:.0f} MB"),
        Line("└ 最后四分之一比第二个四分之一", shown, f"≤ {CONSTANT} 倍", max(grown.values()) <= CONSTANT),
    ]


def _quarter(samples: Sequence[Sample], number: int) -> Sequence[Sample]:
    length = max(1, len(samples) // 4)
    return samples[number * length : (number + 1) * length] or samples[-1:]


def _mean(values: Sequence[float]) -> float:
    return statistics.fmean(values)


def _reports_in(path: Path) -> int:
    """How many different reports a CSV of findings speaks of."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return len({row[0] for row in rows})


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else sum(p.stat().st_size for p in path.rglob("*") if p.is_file())


def run(number: int, work: Path | None, jobs: int = CORES, *, write: bool = True) -> None:
    """Measure, print, and write the page's part and the picture."""
    before = load()
    with tempfile.TemporaryDirectory(prefix="auditor-big-", dir=work) as folder:
        done, place = audited(number, jobs, Path(folder))
        lines = told(number, jobs, done, place)
    about = page.surroundings(None, (before, load()))
    print(page.table(lines, "simple"), *about, sep="\n\n")
    if write:
        command = f"python benchmarks/big.py --reports {number} --jobs {jobs}"
        page.write({"big": page.block(command, lines, about)})
        pictures.memory(done.memory.samples, pictures.IMAGES / "memory.svg")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=20_000)
    parser.add_argument("--jobs", type=int, default=CORES)
    parser.add_argument("--work", type=Path, metavar="DIR", help="where reports and results go (a temporary folder)")
    parser.add_argument("--dry-run", action="store_true", help="print only, write no page and no picture")
    asked = parser.parse_args()
    run(asked.reports, asked.work, asked.jobs, write=not asked.dry_run)


if __name__ == "__main__":
    main()
