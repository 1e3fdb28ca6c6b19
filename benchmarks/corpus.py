"""Reports for benchmarks, made from the seed reports: as many as one likes, no two alike, the same ones every time.

Each is one seed, perturbed: another unit's name and another year in place of its own; of its sentences a share left out, a
share taken from the other seeds, a share with characters exchanged; every other number drawn anew. Headings and the order of
the paragraphs stay, so that a made report has the structure and the length of a real one. The dice are seeded with the
report's number: report 17 is the same whether 20 or 20,000 are made.

    python benchmarks/corpus.py FOLDER NUMBER
"""

from __future__ import annotations

import argparse
import csv
import random
import re
from dataclasses import dataclass
from pathlib import Path

SEEDS = Path(__file__).parent.parent / "seeds"
LEFT_OUT = 0.12
FOREIGN = 0.08
TOUCHED = 0.05
REDRAWN = 0.6
IN_FOLDER = 1000
YEARS = range(2021, 2026)

SYLLABLES = "安宁平和昌盛永清新兴东西南北山川河江云阳光华明德文武泰康建国富顺临海岭坪"
_SENTENCE = re.compile(r"[^。；]+[。；]?")
_NUMBER = re.compile(r"(?<![\d-])(?!20\d\d(?!\d))\d+(?![\d-]|\d*年)")
_ENDINGS = {"county": "县人民政府", "city": "市人民政府", "township": "镇人民政府"}


@dataclass(frozen=True)
class Seed:
    """A seed report: its text and what is to be replaced in it."""

    text: str
    unit: str
    level: str
    year: int


def seeds() -> list[Seed]:
    """The seed reports that are annual reports."""
    with (SEEDS / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["genre"] == "annual_report"]
    return [
        Seed((SEEDS / row["file"]).read_text(encoding="utf-8"), row["unit"], row["level"], int(row["year"]))
        for row in rows
    ]


def made(number: int, models: list[Seed], pool: list[str]) -> str:
    """Report ``number``; ``pool`` are sentences of all seeds."""
    dice = random.Random(number)
    model = models[number % len(models)]
    place = "".join(dice.choice(SYLLABLES) for _ in range(3))
    unit = place + _ENDINGS[model.level]
    year = dice.choice(YEARS)
    text = model.text
    for at in (1, 0, -1):
        text = text.replace(f"{model.year + at}年", f"\0{at}\0")
    for at in (1, 0, -1):
        text = text.replace(f"\0{at}\0", f"{year + at}年")
    for old, new in ((model.unit, unit), (model.unit.removesuffix("人民政府"), unit.removesuffix("人民政府"))):
        text = text.replace(old, new)
    lines = text.splitlines()
    head = f"{unit}{year}年法治政府建设年度报告"
    return "\n".join([head, *(_perturbed(line, dice, pool) for line in lines)]) + "\n"


def _perturbed(line: str, dice: random.Random, pool: list[str]) -> str:
    sentences = _SENTENCE.findall(line)
    if len(line) < 30 or not sentences:
        return line
    kept = [sentences[0]]
    for sentence in sentences[1:]:
        chance = dice.random()
        if chance < LEFT_OUT:
            continue
        kept.append(dice.choice(pool) if chance < LEFT_OUT + FOREIGN else sentence)
    return "".join(_touched(sentence, dice) for sentence in kept)


def _touched(sentence: str, dice: random.Random) -> str:
    """Some numbers drawn anew, with as many digits; rarely, characters exchanged."""

    def number(match: re.Match[str]) -> str:
        digits = len(match[0])
        return str(dice.randint(10 ** (digits - 1), 10**digits - 1)) if dice.random() < REDRAWN else match[0]

    changed = _NUMBER.sub(number, sentence)
    if dice.random() >= TOUCHED:
        return changed
    characters = list(changed)
    for _ in range(max(1, len(characters) // 20)):
        characters[dice.randrange(len(characters))] = dice.choice(SYLLABLES)
    return "".join(characters)


def write(folder: Path, number: int) -> Path:
    """Make the first ``number`` reports in a folder, a thousand a subfolder; those that are there are kept."""
    models = seeds()
    pool = [s for model in models for line in model.text.splitlines() for s in _SENTENCE.findall(line) if len(s) > 20]
    for at in range(number):
        path = folder / f"{at // IN_FOLDER:04}" / f"{at:06}.txt"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made(at, models, pool), encoding="utf-8")
    return folder


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("number", type=int)
    asked = parser.parse_args()
    write(asked.folder, asked.number)
