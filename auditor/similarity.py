"""Copied text (雷同): what two reports share beyond the stock phrases of the genre.

The words of the unit's own name are blanked and numbers masked, so that a copy under another name and with other figures is
still a copy. Phrases that many reports of the batch contain are stock and count little. MinHash finds the pairs worth a
look, exact alignment decides. Nothing here changes a status or a score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from datasketch import MinHash, MinHashLSH
from numpy.typing import NDArray
from rapidfuzz import fuzz

from auditor.expressions import expression
from auditor.findings import Aligned, Pair
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

_NUMBER = expression(r"\d[\d,.]*")
_SIGNS = expression(r"[^\u4e00-\u9fff\w#◇]")
_ORDINAL = expression(r"^(?:\(?[一二三四五六七八九十]+\)?[、.,]|[一二三四五六七八九十]+是|\(?\d+\)?[、.])")
_GOVERNMENT = expression(r"(?:人民政府|政府|行政公署|管理委员会|管委会|(?<=[区镇乡])管理局|街道办事处|办事处)$")
_SUPERIOR = expression(r"^.{2,9}?(?:省|自治区|自治州|地区|盟|市|(?<=[^市])县(?!区))(?=.{3,})")
_SUFFIX = expression(r"(?:自治县|综合实验区|开发区|片区|新区|街道|[省市县区旗镇乡])$")
_PLACE = expression(r"^.{1,12}(?:[省市县区旗州盟镇乡]|街道)")


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
    def hashes(self) -> tuple[Hashes, ...]:
        """The shingles of each statement, in order."""
        return tuple(_hashes(s.masked) for s in self.statements)

    @cached_property
    def shingles(self) -> Hashes:
        """All shingles, sorted."""
        return np.unique(np.concatenate(self.hashes or (_hashes(""),)))

    @cached_property
    def owners(self) -> NDArray[np.int64]:
        """For each of ``shingles``, the first statement that holds it."""
        owner = np.repeat(np.arange(len(self.hashes)), [len(h) for h in self.hashes])
        _, first = np.unique(np.concatenate(self.hashes or (_hashes(""),)), return_index=True)
        return owner[first]

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each statement stands first."""
        return {s.masked: at for at, s in reversed(tuple(enumerate(self.statements)))}


# ---- making ready


def names_of(unit: str | None) -> tuple[str, ...]:
    """The names a unit goes by, longest first: 三明市沙县区人民政府, 三明市沙县区, 沙县区, 沙县."""
    if not unit:
        return ()
    area = _GOVERNMENT.sub("", unit)
    last = _SUPERIOR.sub("", area)
    found = {unit, area, last, _SUFFIX.sub("", last), *places_of(unit)}
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
    weights: dict[int, list[float]] = {}
    found = []
    for a, b in _candidates(outlines, stock):
        if not same_unit(outlines[a].source, outlines[b].source):
            for at in (a, b):
                if at not in weights:
                    weights[at] = _weights(outlines[at], stock)
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
    if not len(stock):
        return [1.0] * len(of.statements)
    weights = []
    for hashes in of.hashes:
        weights.append(1.0 - float(_among(hashes, stock).mean()) if len(hashes) else 1.0)
    return weights


def _among(hashes: Hashes, stock: Hashes) -> NDArray[np.bool_]:
    """Which of the hashes are stock; ``stock`` is sorted (numpy's own ``isin`` sorts it anew every time)."""
    places = np.minimum(np.searchsorted(stock, hashes), len(stock) - 1)
    return np.equal(stock[places], hashes)


def _candidates(outlines: Sequence[Outline], stock: Hashes) -> list[tuple[int, int]]:
    if len(outlines) <= FEW_REPORTS:
        return [(a, b) for b in range(len(outlines)) for a in range(b)]
    index = MinHashLSH(num_perm=PERMUTATIONS, params=BANDS)
    signed: dict[int, MinHash] = {}
    found: list[tuple[int, int]] = []
    blank = MinHash(num_perm=PERMUTATIONS, seed=1, hashfunc=int)
    for at, each in enumerate(outlines):
        own = each.shingles[~_among(each.shingles, stock)] if len(stock) else each.shingles
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
    for at, (other, likeness) in matches(first, second).items():
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


def matches(mine: Outline, theirs: Outline, alike: float = ALIKE) -> dict[int, tuple[int, float]]:
    """For each of my statements that repeats one of theirs: which, and how alike (0-100)."""
    found: dict[int, tuple[int, float]] = {}
    rest: list[int] = []
    for at, statement in enumerate(mine.statements):
        same = theirs.places.get(statement.masked)
        if same is None:
            rest.append(at)
        else:
            found[at] = (same, 100.0)
    for at, other in _nearest(mine, rest, theirs):
        likeness = fuzz.ratio(mine.statements[at].masked, theirs.statements[other].masked, score_cutoff=alike)
        if likeness:
            found[at] = (other, likeness)
    return dict(sorted(found.items()))


def _nearest(mine: Outline, rest: Sequence[int], theirs: Outline) -> list[tuple[int, int]]:
    """For each of these statements, the one of theirs that holds most of its shingles, if any does."""
    if not rest or not len(theirs.shingles):
        return []
    hashes = np.concatenate([mine.hashes[at] for at in rest])
    places = np.minimum(np.searchsorted(theirs.shingles, hashes), len(theirs.shingles) - 1)
    held = np.equal(theirs.shingles[places], hashes)
    rows = np.repeat(np.arange(len(rest)), [len(mine.hashes[at]) for at in rest])[held]
    width = len(theirs.statements)
    shared = np.bincount(rows * width + theirs.owners[places[held]], minlength=len(rest) * width)
    grid = shared.reshape(len(rest), width)
    best = grid.argmax(axis=1)
    return [(at, int(best[row])) for row, at in enumerate(rest) if grid[row, best[row]]]
