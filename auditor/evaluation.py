"""How right the answers are: scores of an auditor's statuses against labelled reports."""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz.distance import LCSseq

from auditor.errors import NoInput
from auditor.findings import Status
from auditor.words import Message

GAPS = frozenset({"acknowledged", "planned", "missing"})
COVERED = frozenset({"evidenced", "asserted"})
ARGUABLE_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Label:
    """What readers answered for one obligation; ``evidence`` are exact substrings; ``sure`` is 3, 2 or 1 (arguable)."""

    status: str
    evidence: tuple[str, ...]
    flags: tuple[str, ...]
    sure: int


@dataclass(frozen=True, slots=True)
class GoldReport:
    """A labelled report: where its text is, its metadata and its labels by obligation id."""

    name: str
    path: Path
    metadata: dict[str, Any]
    labels: dict[str, Label]
    made: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What an auditor answered for one obligation."""

    status: str
    quotes: tuple[str, ...] = ()
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Item:
    """One labelled obligation of one report beside the answer given; ``weight`` is 0.5 for an arguable label."""

    report: str
    id: str
    gold: Label
    answer: Answer

    @property
    def weight(self) -> float:
        return ARGUABLE_WEIGHT if self.gold.sure == 1 else 1.0

    @property
    def applicable(self) -> bool:
        return self.gold.status != Status.NOT_APPLICABLE


@dataclass(frozen=True, slots=True)
class Scores:
    """Gap precision, recall, F1, F2 and status accuracy, each 0-1; ``items`` counts labels that apply."""

    precision: float
    recall: float
    f1: float
    f2: float
    accuracy: float
    items: int


# ---- reading gold


def load_gold(folder: Path, texts: Iterable[Path] = ()) -> tuple[GoldReport, ...]:
    """Read every label file under ``folder``; a report's text is where ``report`` says, beside it, or in ``texts``.

    Raises NoInput when the folder holds no label file, or a text is not found.
    """
    roots = [folder, *texts]
    reports: list[GoldReport] = []
    for path in sorted(folder.rglob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        if "labels" not in data:
            continue
        text = _text_of(str(data["report"]), path, roots)
        labels = {
            key: Label(
                value["status"],
                tuple(e if isinstance(e, str) else str(e.get("quote", "")) for e in value.get("evidence", ())),
                tuple(value.get("flags", ())),
                int(value.get("sure", 3)),
            )
            for key, value in data["labels"].items()
        }
        reports.append(GoldReport(path.stem, text, data["metadata"], labels, "made" in path.parts))
    if not reports:
        raise NoInput(Message("no_labels", {"folder": folder.as_posix()}))
    return tuple(reports)


def _text_of(name: str, label: Path, roots: list[Path]) -> Path:
    stem = label.stem
    if (beside := label.parent / name).is_file():
        return beside
    for root in [label.parent, *roots]:
        for pattern in (Path(name).name, f"{stem}.txt", f"{stem}_*.txt"):
            found = sorted(root.glob(pattern))
            if found:
                return found[0]
    raise NoInput(Message("no_labelled_text", {"label": label.as_posix(), "name": name}))


# ---- measures


def collect(reports: Iterable[GoldReport], answer: Callable[[GoldReport], dict[str, Answer]]) -> list[Item]:
    """Every label beside its answer; an obligation without an answer counts as missing."""
    items: list[Item] = []
    for report in reports:
        answers = answer(report)
        for key, label in sorted(report.labels.items()):
            items.append(Item(report.name, key, label, answers.get(key, Answer("missing"))))
    return items


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def score(items: Iterable[Item]) -> Scores:
    """Score the labels that apply; ``not_applicable`` labels count for applicability only."""
    hit = said = there = right = total = 0.0
    count = 0
    for item in items:
        if not item.applicable:
            continue
        count += 1
        gold, told = item.gold.status in GAPS, item.answer.status in GAPS
        total += item.weight
        right += item.weight * (item.gold.status == item.answer.status)
        hit += item.weight * (gold and told)
        said += item.weight * told
        there += item.weight * gold
    precision, recall = _ratio(hit, said), _ratio(hit, there)
    return Scores(
        precision,
        recall,
        _ratio(2 * precision * recall, precision + recall),
        _ratio(5 * precision * recall, 4 * precision + recall),
        _ratio(right, total),
        count,
    )


def intervals(items: list[Item], draws: int = 1000, seed: int = 7) -> dict[str, tuple[float, float]]:
    """95 % intervals of every score by drawing whole reports with replacement."""
    by_report: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_report[item.report].append(item)
    names = sorted(by_report)
    dice = random.Random(seed)
    drawn: dict[str, list[float]] = defaultdict(list)
    for _ in range(draws):
        sample = [i for _ in names for i in by_report[dice.choice(names)]]
        result = score(sample)
        for field in ("precision", "recall", "f1", "f2", "accuracy"):
            drawn[field].append(getattr(result, field))
    low, high = int(draws * 0.025), int(draws * 0.975) - 1
    return {field: (sorted(values)[low], sorted(values)[high]) for field, values in drawn.items()}


def same_passage(quote: str, marked: str) -> bool:
    """Whether two passages are the same: one contains the other, or they share half of the shorter one in one run."""
    if not quote or not marked:
        return False
    if quote in marked or marked in quote:
        return True
    shorter = min(len(quote), len(marked))
    return LCSseq.similarity(quote, marked) >= 0.75 * shorter


def evidence_hits(items: Iterable[Item]) -> tuple[float, int]:
    """Share of covered answers whose first quote is one that a reader marked, and how many were looked at."""
    hit = total = 0.0
    count = 0
    for item in items:
        if (
            item.gold.status not in COVERED
            or item.answer.status not in COVERED
            or not item.gold.evidence
            or not item.answer.quotes
        ):
            continue
        count += 1
        total += item.weight
        hit += item.weight * any(same_passage(item.answer.quotes[0], e) for e in item.gold.evidence)
    return _ratio(hit, total), count


def applicability(items: Iterable[Item]) -> float:
    """Share of all labels on which the answer agrees whether the obligation applies."""
    listed = list(items)
    agreed = sum((i.answer.status == Status.NOT_APPLICABLE) == (not i.applicable) for i in listed)
    return _ratio(agreed, len(listed))


def confusion(items: Iterable[Item]) -> dict[tuple[str, str], int]:
    """How often each labelled status got each answer."""
    return dict(Counter((i.gold.status, i.answer.status) for i in items))


def calibration(items: Iterable[Item], bins: int = 5) -> list[tuple[float, float, float, int]]:
    """By bands of confidence: the band's lower edge, mean confidence, share of right statuses, number of answers."""
    bands: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        if item.applicable:
            bands[min(int(item.answer.confidence * bins), bins - 1)].append(item)
    return [
        (
            band / bins,
            _ratio(sum(i.answer.confidence for i in held), len(held)),
            _ratio(sum(i.gold.status == i.answer.status for i in held), len(held)),
            len(held),
        )
        for band, held in sorted(bands.items())
    ]


def worst(items: Iterable[Item], most: int = 12) -> list[tuple[str, float, float]]:
    """The obligations with the most weight of wrong statuses: id, weight wrong, weight in all."""
    wrong: dict[str, float] = defaultdict(float)
    total: dict[str, float] = defaultdict(float)
    for item in items:
        if item.applicable:
            total[item.id] += item.weight
            wrong[item.id] += item.weight * (item.gold.status != item.answer.status)
    order = sorted(total, key=lambda k: (-wrong[k], k))
    return [(k, wrong[k], total[k]) for k in order if wrong[k]][:most]
