"""The whole benchmark by one command: every target of the tool's speed, what was measured, and what stands beside it.

    pip install -e '.[bench]'
    python benchmarks/run.py --install-peers     (semgrep, textlint and ripgrep, once, into a folder of the benchmark's own)
    python benchmarks/run.py                     (about ten minutes; prints the table, writes docs/performance.md)
    python benchmarks/run.py --quick             (about a minute, small sizes, writes nothing)
    python benchmarks/run.py --only cold --only fuzzy
    python benchmarks/run.py --big 20000         (and then the long run of big.py)

Times in one process are medians of process time; those of whole commands are wall time, so the machine should have nothing
else to do. Trust ratios within one run. Nothing is written to docs/ where rows or sizes were left out.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import big
import jieba
import page
import peers
import pictures
from measuring import CommandError, load
from rows import QUICK, ROWS, Bench, Line, Sizes


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=ROWS, metavar="ROW", help=" ".join(ROWS))
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that everything works")
    parser.add_argument("--reports", type=int, help="how many reports the batch has (2000)")
    parser.add_argument("--big", type=int, metavar="NUMBER", help="also the long run, with so many reports")
    parser.add_argument("--install-peers", action="store_true", help="install what is absent, then measure")
    parser.add_argument("--peers", type=Path, default=peers.FOLDER, metavar="DIR", help="where peers are installed")
    parser.add_argument("--work", type=Path, metavar="DIR", help="where reports and results go (a temporary folder)")
    parser.add_argument("--dry-run", action="store_true", help="print only, write no page and no picture")
    if sys.platform != "linux":
        parser.error("processes and their memory are read from /proc: this benchmark is for Linux")
    return parser.parse_args()


def measured(bench: Bench, names: Sequence[str], loads: list[float]) -> list[Line]:
    """The lines of the rows, told as they come; the machine's load after each is added to ``loads``."""
    lines: list[Line] = []
    for name in names:
        try:
            for line in ROWS[name](bench):
                lines.append(line)
                print(f"  {line.what}: {line.measured}", file=sys.stderr, flush=True)
        except CommandError as error:
            lines.append(Line(name, f"没有测成：{error}", met=False))
            print(f"  {name}: {error}", file=sys.stderr)
        loads.append(load())
    return lines


def main() -> None:
    asked = arguments()
    jieba.setLogLevel(logging.ERROR)
    sizes = QUICK if asked.quick else Sizes()
    if asked.reports:
        sizes = replace(sizes, reports=asked.reports)
    if asked.install_peers:
        peers.install(asked.peers)
    loads = [load()]
    with tempfile.TemporaryDirectory(prefix="auditor-benchmark-", dir=asked.work) as folder:
        bench = Bench(sizes, peers.find(asked.peers, Path(folder) / "peer-rules"), Path(folder))
        lines = measured(bench, asked.only or list(ROWS), loads)
    about = page.surroundings(bench.peers, loads)
    print(page.table(lines, "simple"), *about, sep="\n\n")
    if not (asked.only or asked.quick or asked.dry_run):
        command = "python benchmarks/run.py" + (f" --reports {asked.reports}" if asked.reports else "")
        page.write({"measured": page.block(command, lines, about)})
        pictures.growth(bench.curves, pictures.IMAGES / "growth.svg")
    if asked.big:
        big.run(asked.big, asked.work, write=not asked.dry_run)


if __name__ == "__main__":
    main()
