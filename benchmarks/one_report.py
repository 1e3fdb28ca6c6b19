"""One report, all obligations, after start-up, on one core: the auditor beside a naive jieba + rapidfuzz script, in one run.

The naive script does what a user would write: every phrase of every obligation against every sentence with
``partial_ratio``, and jieba over every sentence. Prints medians of process time.

    python benchmarks/one_report.py [REPORT ...]
"""

from __future__ import annotations

import logging
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import jieba
from rapidfuzz import fuzz

from auditor.audit import Options, audit_report, read_report
from auditor.plain_matchers import phrases
from auditor.report import Report
from auditor.rules import Rule, load_ruleset

ROOT = Path(__file__).parent.parent
LENGTH = 5000
ROUNDS = 9


def to_length(path: Path, length: int) -> Report:
    """The report cut or repeated to about ``length`` characters, read and structured."""
    import tempfile

    text = path.read_text(encoding="utf-8")
    whole = (text + "\n") * (length // len(text) + 1)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.txt"
        file.write_text(whole[:length], encoding="utf-8")
        return read_report(file, path.name, Options(year=2022))


def naive(report: Report, rules: list[Rule]) -> int:
    hits = 0
    for sentence in report.sentences:
        jieba.lcut(sentence.text)
        for rule in rules:
            for phrase in phrases(rule):
                hits += fuzz.partial_ratio(phrase, sentence.text) >= 85
    return hits


def median_ms(work: Callable[[], object]) -> float:
    work()
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times) * 1000


def main() -> None:
    jieba.setLogLevel(logging.ERROR)
    paths = [Path(a) for a in sys.argv[1:]] or sorted((ROOT / "seeds").glob("00[0-3]*.txt"))
    rules = [r for s in ("gy21", "bg") for r in load_ruleset(s).rules]
    options = Options(rule_sets=("gy21", "bg"))
    print(
        f"{len(rules)} obligations, reports of {LENGTH} characters, median of {ROUNDS} rounds, one core, ms of process time"
    )
    print(f"{'report':<28}{'auditor':>10}{'naive':>10}{'ratio':>8}")
    for path in paths:
        report = to_length(path, LENGTH)
        ours = median_ms(lambda report=report: audit_report(report, options))
        theirs = median_ms(lambda report=report: naive(report, rules))
        print(f"{path.name:<28}{ours:>10.1f}{theirs:>10.1f}{theirs / ours:>8.1f}")


if __name__ == "__main__":
    main()
