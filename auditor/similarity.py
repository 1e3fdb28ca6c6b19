"""Copied text (雷同): what two reports share beyond the stock phrases of the genre.

The words of the unit's own name are blanked and numbers masked, so that a copy under another name and with other figures is
still a copy. Phrases that many reports of the batch contain are stock and count little. MinHash finds the pairs worth a
look, exact alignment decides. Nothing here changes a status or a score.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from datasketch import MinHash, MinHashLSH
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from auditor.report import Report, Role, Sentence, Source

Hashes = NDArray[np.uint64]

SHINGLE = 5
PERMUTATIONS = 128
BANDS = (64, 2)
LEAST_ESTIMATE = 0.05
ALIKE = 80
SHORTEST = 12
LEAST_SHARE = 0.1
LEAST_CHARACTERS = 120
LONG_COPY = 300
FEW_REPORTS = 30
STOCK_REPORTS = 4
STOCK_SHARE = 0.03

_NUMBER = re.compile(r"\d[\d,.]*")
_SIGNS = re.compile(r"[^\u4e00-\u9fff\w#◇]")
_ORDINAL = re.compile(r"^(?:\(?[一二三四五六七八九十]+\)?[、.,]|[一二三四五六七八九十]+是|\(?\d+\)?[、.])")
_GOVERNMENT = re.compile(r"(?:人民政府|政府|行政公署|管理委员会|管委会|(?<=[区镇乡])管理局|街道办事处|办事处)$")
_SUPERIOR = re.compile(r"^.{2,9}?(?:省|自治区|自治州|地区|盟|市|(?<=[^市])县(?!区))(?=.{3,})")
_SUFFIX = re.compile(r"(?:自治县|综合实验区|开发区|片区|新区|街道|[省市县区旗镇乡])$")
_PLACE = re.compile(r"^.{1,12}(?:[省市县区旗州盟镇乡]|街道)")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that tells something: as it stands and as it is compared."""

    sentence: Sentence
    text: str
    masked: str


@dataclass(frozen=True)
class Outline:
    """A report made ready for comparison; ``characters`` counts its statements' compared text."""

    source: Source
    text: str
    statements: tuple[Statement, ...]
    characters: int

    @cached_property
    def shingles(self) -> Hashes:
        return np.unique(np.concatenate([_hashes(s.masked) for s in self.statements] or [_hashes("")]))


@dataclass(frozen=True, slots=True)
class Aligned:
    """A passage of one report and the one of the other that it repeats; ``weight``: how little of it is stock, 0-1."""

    first: str
    first_start: int
    first_end: int
    second: str
    second_start: int
    second_end: int
    likeness: float
    weight: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reports that share more than stock: ``share`` of the shorter one's text, in ``characters``."""

    first: Source
    second: Source
    share: float
    characters: int
    passages: tuple[Aligned, ...]


# ---- making ready


def names_of(unit: str | None) -> tuple[str, ...]:
    """The names a unit goes by, longest first: 三明市沙县区人民政府, 三明市沙县区, 沙县区, 沙县."""
    if not unit:
        return ()
    area = _GOVERNMENT.sub("", unit)
    last = _SUPERIOR.sub("", area)
    found = {unit, area, last, _SUFFIX.sub("", last)}
    return tuple(sorted((name for name in found if len(name) > 1), key=lambda n: (-len(n), n)))


def places_of(unit: str | None) -> tuple[str, ...]:
    """The places in a unit's name that would be foreign in another's report: 三明市沙县区, 沙县区."""
    place = _PLACE.match(_GOVERNMENT.sub("", unit or ""))
    return tuple(dict.fromkeys((place[0], _SUPERIOR.sub("", place[0])))) if place else ()


def outline(report: Report) -> Outline:
    """The statements of a report, without headings and frame."""
    names = names_of(report.source.unit)
    statements = []
    for sentence in report.sentences:
        if sentence.heading or sentence.role is Role.FRAME or "|" in sentence.text:
            continue
        text = _ORDINAL.sub("", sentence.text)
        masked = text
        for name in names:
            masked = masked.replace(name, "◇")
        masked = _SIGNS.sub("", _NUMBER.sub("#", masked))
        if len(masked) >= SHORTEST:
            statements.append(Statement(sentence, text, masked))
    return Outline(report.source, report.text, tuple(statements), sum(len(s.masked) for s in statements))


def _hashes(text: str) -> Hashes:
    """A number for every run of ``SHINGLE`` characters."""
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    if len(codes) < SHINGLE:
        return np.empty(0, dtype=np.uint64)
    mixed = np.zeros(len(codes) - SHINGLE + 1, dtype=np.uint64)
    for k in range(SHINGLE):
        mixed = (mixed * np.uint64(1_000_003)) ^ (
            codes[k : len(codes) - SHINGLE + 1 + k] * np.uint64(0x9E3779B97F4A7C15)
        )
    mixed ^= mixed >> np.uint64(31)
    return (mixed * np.uint64(0xBF58476D1CE4E5B9)) >> np.uint64(32)


def stock_of(outlines: Sequence[Outline]) -> Hashes:
    """The shingles that the batch shows to be the genre's: in more reports than a copier could have written."""
    if not outlines:
        return np.empty(0, dtype=np.uint64)
    every, counts = np.unique(np.concatenate([o.shingles for o in outlines]), return_counts=True)
    return every[counts > max(STOCK_REPORTS, STOCK_SHARE * len(outlines))]


# ---- across units


def similar_pairs(outlines: Sequence[Outline]) -> tuple[Pair, ...]:
    """The pairs of different units' reports that share too much, most alike first."""
    stock = stock_of(outlines)
    weights = [_weights(o, stock) for o in outlines]
    found = []
    for a, b in _candidates(outlines, stock):
        if not same_unit(outlines[a].source, outlines[b].source):
            pair = _align(outlines[a], outlines[b], weights[a], weights[b])
            if _too_much(pair):
                found.append(pair)
    return tuple(sorted(found, key=lambda p: (-p.share, p.first.file, p.second.file)))


def _too_much(pair: Pair) -> bool:
    return pair.characters >= LONG_COPY or (pair.share >= LEAST_SHARE and pair.characters >= LEAST_CHARACTERS)


def same_unit(first: Source, second: Source) -> bool:
    """Whether two reports are one unit's: the same name, or one with the superior's name before it."""
    if not first.unit or not second.unit:
        return False
    a, b = (_GOVERNMENT.sub("", unit) for unit in (first.unit, second.unit))
    return a == b or (min(len(a), len(b)) > 2 and (a.endswith(b) or b.endswith(a)))


def _weights(of: Outline, stock: Hashes) -> list[float]:
    """For each statement, the share of it that is not stock."""
    weights = []
    for statement in of.statements:
        hashes = _hashes(statement.masked)
        weights.append(1.0 - float(np.isin(hashes, stock).mean()) if len(hashes) and len(stock) else 1.0)
    return weights


def _candidates(outlines: Sequence[Outline], stock: Hashes) -> list[tuple[int, int]]:
    if len(outlines) <= FEW_REPORTS:
        return [(a, b) for b in range(len(outlines)) for a in range(b)]
    index = MinHashLSH(num_perm=PERMUTATIONS, params=BANDS)
    signed: dict[int, MinHash] = {}
    found: list[tuple[int, int]] = []
    blank = MinHash(num_perm=PERMUTATIONS, seed=1, hashfunc=int)
    for at, each in enumerate(outlines):
        own = np.setdiff1d(each.shingles, stock, assume_unique=True)
        if not len(own):
            continue
        signature = blank.copy()
        signature.update_batch(own.tolist())
        near = sorted(index.query(signature))
        found += [(other, at) for other in near if signed[other].jaccard(signature) >= LEAST_ESTIMATE]
        index.insert(at, signature)
        signed[at] = signature
    return found


def _align(first: Outline, second: Outline, weights: Sequence[float], others: Sequence[float]) -> Pair:
    """Each statement of the shorter report beside the one it repeats."""
    if first.characters > second.characters:
        turned = _align(second, first, others, weights)
        swapped = tuple(
            Aligned(p.second, p.second_start, p.second_end, p.first, p.first_start, p.first_end, p.likeness, p.weight)
            for p in turned.passages
        )
        return Pair(first.source, second.source, turned.share, turned.characters, swapped)
    passages = []
    counted = 0.0
    for at, (other, likeness) in matches(first.statements, second.statements).items():
        mine, theirs = first.statements[at], second.statements[other]
        weight = min(weights[at], others[other])
        counted += weight * likeness / 100 * len(mine.masked)
        a, b = mine.sentence, theirs.sentence
        passages.append(
            Aligned(
                first.text[a.start : a.end],
                a.start,
                a.end,
                second.text[b.start : b.end],
                b.start,
                b.end,
                round(likeness / 100, 3),
                round(weight, 3),
            )
        )
    share = counted / first.characters if first.characters else 0.0
    return Pair(first.source, second.source, round(share, 3), round(counted), tuple(passages))


def matches(
    mine: Sequence[Statement], theirs: Sequence[Statement], alike: float = ALIKE
) -> dict[int, tuple[int, float]]:
    """For each of my statements that repeats one of theirs: which, and how alike (0-100)."""
    place: dict[str, int] = {}
    for at, statement in enumerate(theirs):
        place.setdefault(statement.masked, at)
    found = {at: (place[s.masked], 100.0) for at, s in enumerate(mine) if s.masked in place}
    rest = [at for at in range(len(mine)) if at not in found]
    if rest and theirs:
        grid = process.cdist(
            [mine[at].masked for at in rest],
            [s.masked for s in theirs],
            scorer=fuzz.ratio,
            score_cutoff=alike,
            dtype=np.float32,
        )
        best = grid.argmax(axis=1)
        for row, at in enumerate(rest):
            if grid[row, best[row]] >= alike:
                found[at] = (int(best[row]), float(grid[row, best[row]]))
    return dict(sorted(found.items()))
