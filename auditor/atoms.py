"""Which of many fixed strings stand in a text.

To make an automaton of them takes longer than auditing a report, so the first few reports of a process are searched by
looking up what begins at each place; from then on the automaton pays.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable

import ahocorasick_rs

FEW = 50_000  # characters that are searched before the automaton is made


class Atoms:
    """Fixed strings by number: their place in ``texts``."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        """The texts are different from each other, and none is empty."""
        self.texts = tuple(texts)
        lengths: dict[str, list[int]] = {}
        for text in self.texts:
            known = lengths.setdefault(text[:2], [])
            if len(text) not in known:
                known.append(len(text))
        self._start({begin: tuple(known) for begin, known in lengths.items() if len(begin) == 2})

    def _start(self, lengths: dict[str, tuple[int, ...]]) -> None:
        """``lengths`` are those of the longer texts, by the two characters that they begin with."""
        self._lengths = lengths
        self._numbers = dict(zip(self.texts, range(len(self.texts)), strict=True))
        self._single = {text for text in self.texts if len(text) == 1}
        self._automaton: ahocorasick_rs.AhoCorasick | None = None
        self._searched = 0

    def __getstate__(self) -> bytes:
        return marshal.dumps((self.texts, self._lengths))

    def __setstate__(self, state: bytes) -> None:
        self.texts, lengths = marshal.loads(state)
        self._start(lengths)

    def found(self, text: str) -> set[int]:
        """The numbers of those that stand in a text."""
        if self._automaton is None:
            self._searched += len(text)
            if self._searched <= FEW:
                return self._looked_up(text)
            self._automaton = ahocorasick_rs.AhoCorasick(self.texts)
        return {number for number, _, _ in self._automaton.find_matches_as_indexes(text, overlapping=True)}

    def _looked_up(self, text: str) -> set[int]:
        numbers, lengths = self._numbers, self._lengths
        found = {numbers[char] for char in self._single.intersection(text)}
        for at in range(len(text) - 1):
            for length in lengths.get(text[at : at + 2], ()):
                if (number := numbers.get(text[at : at + length])) is not None:
                    found.add(number)
        return found
