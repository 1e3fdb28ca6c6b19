"""Words with slips in them: 法治审核 for 法制审核. The same hits as trying every word on every sentence, at a small part of the cost.

A word with at most ``k`` slips in it keeps one of ``k + 1`` pieces whole, so only where a piece stands is the word tried,
and fuzzy scores are worked out only where its two ends stand at the right distance from the piece as well.
"""

from __future__ import annotations

import marshal
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import ahocorasick_rs
from rapidfuzz import fuzz
from rapidfuzz.distance.Levenshtein import distance

from auditor.expressions import expression

# Characters that make another matter of a word.
_TURNING = frozenset("不未无非零率")
_MARKS = expression(r"[,;:。、!?()]")
_SHORTEST_PIECE = 2
# A word by number, where the piece begins in it, its first character and where that may stand, the same of its last.
_Place = tuple[int, int, str, int, int, str, int, int]


class Slip(NamedTuple):
    """A word with slips at ``start:end`` of a sentence, and how alike the two are (0-1)."""

    number: int
    start: int
    end: int
    similarity: float


def tolerated(literal: str) -> int:
    """How many slips a word tolerates; numbers tolerate none."""
    if len(literal) < 5 or any(c.isdigit() for c in literal):
        return 0
    return 1 if len(literal) < 9 else 2


class Slips:
    """Finds words with slips; ``distinct`` are pairs of terms that a slip must not turn into each other."""

    def __init__(self, words: Mapping[int, str], distinct: Iterable[tuple[str, str]] = ()) -> None:
        """``words`` by the numbers that hits name them by; those that tolerate no slips are left out."""
        self._distinct = tuple({pair for a, b in distinct for pair in ((a, b), (b, a))})
        self._words = {number: word for number, word in words.items() if tolerated(word)}
        common = Counter(w[i:j] for w in self._words.values() for i in range(len(w)) for j in range(i + 2, len(w) + 1))
        places: dict[str, list[_Place]] = {}
        for number, word in self._words.items():
            for start, end in _pieces(word, tolerated(word), common):
                places.setdefault(word[start:end], []).append(_place(number, word, start, end))
        self._pieces = tuple(places)
        self._places = tuple(tuple(each) for each in places.values())
        self._start()

    def __getstate__(self) -> bytes:
        """All but the automaton, which is made anew."""
        return marshal.dumps((self._distinct, self._words, self._pieces, self._places))

    def __setstate__(self, state: bytes) -> None:
        self._distinct, self._words, self._pieces, self._places = marshal.loads(state)
        self._start()

    def _start(self) -> None:
        self._terms: dict[int, tuple[tuple[str, str], ...]] = {}
        self._automaton = ahocorasick_rs.AhoCorasick(self._pieces) if self._pieces else None

    def near(self, text: str, whole: Container[int] = ()) -> list[int]:
        """The words that come near to standing in a sentence; those that stand there ``whole`` are not looked for."""
        found: list[int] = []
        if self._automaton is None:
            return found
        for piece, at, _ in self._automaton.find_matches_as_indexes(text, overlapping=True):
            for number, offset, first, first_from, first_to, last, last_from, last_to in self._places[piece]:
                if (
                    number not in whole
                    and last in text[at + last_from : at + last_to]
                    and first in text[max(0, at + first_from) : at + first_to]
                    and number not in found
                    and (self._words[number] in text or _stands_at(self._words[number], text, at - offset))
                ):
                    found.append(number)
        return found

    def find(self, text: str, whole: Container[int] = ()) -> list[Slip]:
        """The words that stand in a sentence with a slip; those that stand there ``whole`` are not looked for."""
        return [slip for number in self.near(text, whole) if (slip := self.slip(number, text)) is not None]

    def every(self, text: str) -> list[Slip]:
        """The same as ``find`` by trying every word: what the quicker way is measured against."""
        return [slip for number in self._words if (slip := self.slip(number, text)) is not None]

    def slip(self, number: int, text: str) -> Slip | None:
        """Where the sentence comes closest to a word, if that is the word with as many slips as it tolerates."""
        word = self._words[number]
        if (at := text.find(word)) >= 0:
            return Slip(number, at, at + len(word), 1.0)
        edits = tolerated(word)
        near = fuzz.partial_ratio_alignment(word, text, score_cutoff=100 * (1 - (edits + 0.6) / len(word)))
        if near is None:
            return None
        slips, start, end = _tighten(word, text, near.dest_start, near.dest_end, edits)
        if slips > edits or self._other_term(number, word, text[start:end]):
            return None
        return Slip(number, start, end, 1 - slips / len(word))

    def _other_term(self, number: int, word: str, found: str) -> bool:
        """Whether the slip makes another term of the word: cut short, negated, or a term of art of its own."""
        if not found or found[0] != word[0] or found[-1] != word[-1]:
            return True
        if _TURNING.intersection(found) != _TURNING.intersection(word):
            return True
        if _MARKS.search(found) and not _MARKS.search(word):
            return True
        if (terms := self._terms.get(number)) is None:
            terms = self._terms[number] = tuple((a, b) for a, b in self._distinct if a in word)
        return any(b in found and a not in found for a, b in terms)


def _pieces(word: str, edits: int, common: Counter[str]) -> Sequence[tuple[int, int]]:
    """The word cut into ``edits + 1`` pieces, so that the pieces are as rare in words as can be."""
    cuts = combinations(range(_SHORTEST_PIECE, len(word) - _SHORTEST_PIECE + 1), edits)
    ways = [tuple(zip((0, *cut), (*cut, len(word)), strict=True)) for cut in cuts]
    fitting = [w for w in ways if all(e - s >= _SHORTEST_PIECE for s, e in w)]
    return min(fitting, key=lambda way: (sum(common[word[s:e]] ** 2 for s, e in way), way))


def _place(number: int, word: str, start: int, end: int) -> _Place:
    """Where the ends of a word stand that has a slip outside the piece ``start:end``, seen from where the piece begins."""
    edits, length = tolerated(word), len(word)
    return (
        number,
        start,
        word[0],
        -start - edits,
        min(edits - start, 0) + 1,
        word[-1],
        max(length - 1 - start - edits, end - start - 1),
        length - start + edits,
    )


def _stands_at(word: str, text: str, at: int) -> bool:
    """Whether the text about ``at`` is the word with no more slips than it tolerates, its two ends unharmed."""
    first, last, edits = word[0], word[-1], tolerated(word)
    for start in range(max(0, at - edits), min(at + edits + 1, len(text))):
        if text[start] != first:
            continue
        middle = start + len(word)
        for end in range(middle - edits, middle + edits + 1):
            if text[end - 1 : end] == last and (distance(word, text[start:end], score_cutoff=edits) <= edits):
                return True
    return False


def _tighten(word: str, text: str, start: int, end: int, edits: int) -> tuple[int, int, int]:
    """The bounds near ``start:end`` at which the text is closest to the word, and how many slips lie between the two."""
    length, last = len(word), len(text)
    best = (edits + 1, 0, start, end)
    for s in range(max(0, start - 1), min(start + 2, last)):
        for e in range(max(s + 1, end - 1), min(end + 2, last) + 1):
            if (off := abs(e - s - length)) <= edits:
                best = min(best, (distance(word, text[s:e], score_cutoff=edits), off, s, e))
    return best[0], best[2], best[3]
