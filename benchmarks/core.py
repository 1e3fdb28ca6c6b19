"""The speed of the core on one processor core: where an audit's time goes, beside what a user would script, and how it grows.

    python benchmarks/core.py [stages] [fuzzy] [script] [rules] [length] [cold]

Without arguments all of it (about five minutes). Every number is a median of process time, so that other work on the
machine disturbs it little; ratios are taken within one run. No text is audited twice, so that nothing is found in a cache:
each round has its own copies of the seeds, of another unit each, in which one character in two hundred is mistaken.
"""

from __future__ import annotations

import argparse
import logging
import os
import platform
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import corpus
import jieba
import naive
from rapidfuzz import fuzz, process

from auditor.audit import Options, audit_bytes
from auditor.compiled import compiled
from auditor.figures import check_figures
from auditor.findings import Audit, ReportAudit
from auditor.form import check_form
from auditor.formats.offered import FORMATS
from auditor.indicators import read_indicators
from auditor.judging import Judge
from auditor.matching import Matcher
from auditor.obligations import Rule, RuleSet
from auditor.plain_matchers import phrases
from auditor.quantities import numbers
from auditor.readers import read_bytes
from auditor.report import Report
from auditor.rules import load_ruleset
from auditor.slips import Slips, tolerated
from auditor.structure import structure

ROOT = Path(__file__).parent.parent
SEEDS = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("00[0-3]*.txt"))]
UNITS = [each.unit for each in corpus.seeds()]
LENGTH = 5000
SETS = ("gy21", "bg")
YEAR = 2022
OPTIONS = Options(year=YEAR, rule_sets=SETS)
MISTAKEN = 1 / 200


# ---- texts and times


def texts(length: int, count: int, seed: int) -> list[bytes]:
    """``count`` reports of ``length`` characters, made of the seeds in turn, no two alike or of the same unit."""
    rng = random.Random(seed)
    pool = "".join(SEEDS)
    made = []
    for number in range(count):
        unit = "".join(rng.choice(corpus.SYLLABLES) for _ in range(3)) + "县人民政府"
        body = SEEDS[number % len(SEEDS)]
        for seed_unit in UNITS:
            body = body.replace(seed_unit, unit)
        base = f"{unit}{YEAR}年法治政府建设年度报告\n{body}\n"
        chars = list((base * (length // len(base) + 1))[:length])
        for at in range(len(chars)):
            if rng.random() < MISTAKEN and chars[at] != "\n":
                chars[at] = rng.choice(pool).strip()
        made.append("".join(chars).encode())
    return made


def report_of(data: bytes) -> Report:
    return structure(read_bytes(data, "report.txt"), "report.txt", "", year=YEAR)


def median_ms(work: Callable[[Any], object], items: Sequence[Any]) -> float:
    """Median milliseconds of process time of ``work`` on one item; the first few items only warm up."""
    times = []
    for item in items:
        start = time.process_time()
        work(item)
        times.append(time.process_time() - start)
    return statistics.median(times[min(4, len(times) // 4) :]) * 1000


def table(title: str, rows: Iterator[tuple[str, str, str]] | Sequence[tuple[str, str, str]]) -> None:
    print(f"\n{title}")
    for name, value, note in rows:
        print(f"  {name:<44}{value:>14}  {note}", flush=True)


def ms(value: float) -> str:
    return f"{value:.2f} ms"


# ---- sections


def stages() -> None:
    """One report: what each stage of the audit takes, and the whole."""
    sets, matcher = compiled(SETS, None)
    data = texts(LENGTH, 60, 1)
    reports = [report_of(each) for each in data]
    judged: list[tuple[Report, Judge, tuple[Any, ...]]] = []

    def judge(report: Report) -> None:
        one = Judge(report, matcher)
        findings = [one.finding(r, s.head) for s in sets for r in s.rules if r.check is None]
        judged.append((report, one, tuple(findings)))

    def form(case: tuple[Report, Judge, tuple[Any, ...]]) -> None:
        for rule_set in sets:
            check_form(rule_set, *case)

    audits: list[ReportAudit] = []

    def whole(each: bytes) -> None:
        audited = audit_bytes(each, "report.txt", OPTIONS)
        assert isinstance(audited, ReportAudit)
        audits.append(audited)

    rules = sum(len(s.rules) for s in sets)
    rows = [
        ("read", ms(median_ms(lambda d: read_bytes(d, "report.txt"), data)), ""),
        ("structure", ms(median_ms(report_of, data)), "with reading"),
        ("match: words, slips, goals", ms(median_ms(lambda r: matcher.match(r.sentences, YEAR), reports)), ""),
        ("judge: all findings", ms(median_ms(judge, reports)), "with matching"),
        ("numbers", ms(median_ms(numbers, reports)), "read once, for the next two"),
        ("figures", ms(median_ms(lambda r: check_figures(r), reports)), "with numbers"),
        ("indicators", ms(median_ms(lambda r: read_indicators(r), reports)), "with numbers"),
        ("form", ms(median_ms(form, judged)), "with figures"),
        ("the whole audit", ms(median_ms(whole, texts(LENGTH, 60, 2))), "reading to findings, figures, indicators"),
        ("render as JSON", ms(median_ms(lambda a: FORMATS["json"](Audit((a,)), OPTIONS.lang, False), audits)), ""),
    ]
    table(f"One report of {LENGTH} characters, {rules} obligations, steady state", rows)


def fuzzy() -> None:
    """The matcher of words with slips, beside the same search done exhaustively."""
    words = dict(enumerate(tolerant_words()))
    slips = Slips(words)
    reports = [[s.text for s in report_of(each).sentences] for each in texts(LENGTH, 12, 3)]
    ours = median_ms(lambda sentences: [slips.find(s) for s in sentences], reports)

    def all_of(sentences: list[str]) -> None:
        for sentence in sentences:
            for word in words.values():
                fuzz.partial_ratio(word, sentence, score_cutoff=80)

    def cdist(sentences: list[str]) -> None:
        process.cdist(list(words.values()), sentences, scorer=fuzz.partial_ratio, score_cutoff=80)

    loop = median_ms(all_of, reports[:3])
    matrix = median_ms(cdist, reports[:3])
    found = missed = 0
    for sentence in (s for sentences in reports[:3] for s in sentences):
        quick, exhaustive = set(slips.find(sentence)), set(slips.every(sentence))
        found += len(exhaustive)
        missed += len(quick ^ exhaustive)
    table(
        f"Words with slips alone: {len(words)} words of five characters and more, {LENGTH} characters",
        [
            ("Slips.find", ms(ours), f"{found} hits in 3 reports, {missed} unlike the exhaustive search's"),
            ("rapidfuzz partial_ratio, every word × sentence", ms(loop), f"{loop / ours:.0f} times as long"),
            ("rapidfuzz process.cdist, one core", ms(matrix), f"{matrix / ours:.0f} times as long"),
        ],
    )


def tolerant_words() -> list[str]:
    from auditor.wording import compile_words

    found: dict[str, None] = {}
    for rule_set in map(load_ruleset, SETS):
        for rule in rule_set.rules:
            lists = [*(words for p in rule.patterns for words in p.all), rule.topic, rule.problem, rule.plan]
            for word in (w for words in lists for w in compile_words(words, rule_set.words[rule.id])):
                if word.literal and tolerated(word.literal):
                    found[word.literal] = None
    return list(found)


def script() -> None:
    """The audit beside ``naive.py``: each phrase of each obligation against each sentence."""
    jieba.setLogLevel(logging.ERROR)
    asked = {rule.id: phrases(rule) for s in map(load_ruleset, SETS) for rule in s.rules}
    ready = naive.prepared(asked)
    data = texts(LENGTH, 24, 4)
    ours = median_ms(lambda each: audit_bytes(each, "report.txt", OPTIONS), data)
    rows = [("the whole audit", ms(ours), "")]
    for name, cutoff in (("as first written", 0.0), ("with score_cutoff", naive.FOUND)):
        theirs = median_ms(lambda each, c=cutoff: naive.audit(each.decode(), ready, c), data[:6])
        rows.append((f"naive.py, {name}", ms(theirs), f"{theirs / ours:.1f} times as long"))
    table(f"Beside a script of jieba and partial_ratio, {sum(map(len, asked.values()))} phrases", rows)


def rules() -> None:
    """How matching and judging grow with the rules: copies of them with other words."""
    loaded = [load_ruleset(s) for s in ("gy21",)]
    reports = [report_of(each) for each in texts(LENGTH, 16, 5)]
    rows: list[tuple[str, str, str]] = []
    first = 0.0
    for times in (1, 2, 5, 10):
        sets = [multiplied(s, times) for s in loaded]
        matcher = Matcher(sets)

        def judge(report: Report, matcher: Matcher = matcher, sets: list[RuleSet] = sets) -> None:
            one = Judge(report, matcher)
            for rule_set in sets:
                for rule in rule_set.rules:
                    one.finding(rule, rule_set.head)

        taken = median_ms(judge, reports)
        first = first or taken
        count = sum(len(s.rules) for s in sets)
        rows.append((f"{times} × the rules ({count})", ms(taken), f"{taken / first:.1f} times as long"))
    table("Growth in rules: match and judge; the copies speak of other objects", rows)


def multiplied(rule_set: RuleSet, times: int) -> RuleSet:
    rng = random.Random(6)
    copies = list(rule_set.rules)
    words = dict(rule_set.words)
    for number in range(1, times):
        for rule in rule_set.rules:
            copy = _other(rule, f"{rule.id}-{number}", rng)
            copies.append(copy)
            words[copy.id] = rule_set.words[rule.id]
    return replace(rule_set, rules=tuple(copies), words=words)


def _other(rule: Rule, name: str, rng: random.Random) -> Rule:
    """The rule about another object: of each word of its first lists and topics every second character is another."""

    def changed(words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_renamed(word, rng) for word in words)

    patterns = tuple(replace(p, all=(changed(p.all[0]), *p.all[1:])) for p in rule.patterns)
    topics = {kind: changed(getattr(rule, kind)) for kind in ("topic", "problem", "plan")}
    return replace(rule, id=name, patterns=patterns, like=(), **topics)


_SIGN = re.compile(r"<[^<>]*>|…|#")


def _renamed(word: str, rng: random.Random) -> str:
    """Another word of the same shape, too far from the first to be taken for it with slips; groups and signs stay."""
    signs = {at for found in _SIGN.finditer(word) for at in range(*found.span())}
    return "".join(
        char if at in signs or at % 2 else chr(rng.randrange(0x4E00, 0x9FA5)) for at, char in enumerate(word)
    )


def length() -> None:
    """How the audit grows with the text, to five megabytes."""
    rows = []
    for size in (5_000, 50_000, 500_000, 5_000_000):
        count = max(2, min(12, 200_000 // size))
        data = texts(size // 3, count, 7)
        taken = median_ms(lambda each: audit_bytes(each, "report.txt", OPTIONS), data)
        rows.append((f"{size:>9,} bytes", ms(taken), f"{taken * 1000 / size:.2f} µs a byte"))
    table("Growth in length: the whole audit", rows)


def cold() -> None:
    """The whole command on one file: a new process each time, its cache filled."""
    command = [sys.executable, "-m", "auditor", "audit", str(next((ROOT / "seeds").glob("001*.txt"))), "--no-out"]
    rows = []
    for name, each in (("python -c pass", [sys.executable, "-c", "pass"]), ("auditor audit ONE.txt", command)):
        subprocess.run(each, stdout=subprocess.DEVNULL, check=True, cwd=ROOT)
        taken = [_processor_time(each) for _ in range(9)]
        rows.append((name, f"{statistics.median(taken):.3f} s", f"least {min(taken):.3f} s"))
    table("From a cold start: processor time of the process", rows)


def _processor_time(command: Sequence[str]) -> float:
    process_ = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ROOT)
    _, _, used = os.wait4(process_.pid, 0)
    return used.ru_utime + used.ru_stime


SECTIONS: dict[str, Callable[[], None]] = {
    "stages": stages,
    "fuzzy": fuzzy,
    "script": script,
    "rules": rules,
    "length": length,
    "cold": cold,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=" ".join(SECTIONS))
    asked = parser.parse_args().sections or list(SECTIONS)
    if unknown := [name for name in asked if name not in SECTIONS]:
        parser.error(f"no section {unknown[0]}; there are: {' '.join(SECTIONS)}")
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, medians of process time on one of them")
    for name in asked:
        SECTIONS[name]()


if __name__ == "__main__":
    main()
