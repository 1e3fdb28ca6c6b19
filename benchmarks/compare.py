"""2,000 reports against each other: the seconds that ``auditor compare`` takes beside reading them, and what it finds.

The reports are made from the seed reports: sentences of one or several seeds, drawn, shuffled, with other numbers and, in part, other
words. Among them are planted copies: another report's text under another unit's name, a tenth of its sentences touched.

    python benchmarks/compare.py [NUMBER]
"""

from __future__ import annotations

import random
import re
import sys
import time
from pathlib import Path

from auditor.report import Genre, Level, Report, Role, Section, Sentence, Source
from auditor.similarity import outline, similar_pairs
from auditor.text import cut, normalise

ROOT = Path(__file__).parent.parent
PLANTED = 40
LENGTH = 4000
SYLLABLES = "安宁平和昌盛永清新兴东西南北山川河江云阳光华明德文武泰康建国富顺临海岭坪"


def sentences_of(text: str) -> list[str]:
    plain = normalise(text).text
    return [plain[a:b] for a, b in cut(plain) if b - a > 15]


def touched(sentence: str, dice: random.Random, share: float) -> str:
    """Other numbers; with ``share``, a few characters exchanged for others of the genre."""
    changed = re.sub(r"\d+", lambda m: str(dice.randint(1, 10 ** len(m[0]))), sentence)
    if dice.random() >= share:
        return changed
    places = list(changed)
    for _ in range(max(2, len(places) // 6)):
        places[dice.randrange(len(places))] = dice.choice(SYLLABLES)
    return "".join(places)


def report(number: int, unit: str, lines: list[str]) -> Report:
    text = "".join(lines)
    made, at = [], 0
    for line in lines:
        made.append(Sentence(line, tuple(range(at, at + len(line))), at, at + len(line), Role.WORK, 0, len(made)))
        at += len(line)
    source = Source(f"{number:04}.txt", "0" * 64, None, unit, Level.COUNTY, 2023, Genre.ANNUAL_REPORT)
    return Report(source, text, (Section("工作开展情况", "一、", 1, Role.WORK, None, 0, at),), tuple(made))


def make(number: int, seed: int = 7) -> tuple[list[Report], set[tuple[str, str]]]:
    """The reports, and the file names of the planted pairs."""
    dice = random.Random(seed)
    texts = [p.read_text(encoding="utf-8") for p in sorted((ROOT / "seeds").glob("*.txt"))]
    pool = [sentences_of(t) for t in texts]
    every = [s for sentences in pool for s in sentences]
    reports: list[Report] = []
    drawn: list[list[str]] = []
    planted: set[tuple[str, str]] = set()
    for at in range(number):
        unit = "".join(dice.choice(SYLLABLES) for _ in range(3)) + "县人民政府"
        if at >= number - PLANTED:
            model = at - (number - PLANTED)
            lines = [touched(s, dice, 0.1) for s in drawn[model]]
            planted.add((reports[model].source.file, f"{at:04}.txt"))
        else:
            lines = []
            while sum(map(len, lines)) < LENGTH:
                lines.append(touched(dice.choice(every), dice, 0.7))
        drawn.append(lines)
        reports.append(report(at, unit, lines))
    return reports, planted


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    reports, planted = make(number)
    start = time.perf_counter()
    outlines = [outline(r) for r in reports]
    prepared = time.perf_counter()
    pairs = similar_pairs(outlines)
    end = time.perf_counter()
    told = {(p.first.file, p.second.file) for p in pairs}
    print(f"{number} reports of about {LENGTH} characters, {number * (number - 1) // 2} pairs")
    print(f"outlines {prepared - start:.1f} s, comparison {end - prepared:.1f} s, together {end - start:.1f} s")
    print(f"planted copies found {len(planted & told)} of {len(planted)}; other pairs reported {len(told - planted)}")


if __name__ == "__main__":
    main()
