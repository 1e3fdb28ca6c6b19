"""All words of the rules together, each with a number, and where any of them stand in a sentence.

The fixed parts of the words (atoms) are looked for in one pass over a sentence; an expression is tried only where all of
its fixed parts stand.
"""

from __future__ import annotations

import marshal
from collections import defaultdict
from collections.abc import Iterable

import ahocorasick_rs

from auditor.atoms import Atoms
from auditor.edges import Edges
from auditor.slips import Slips
from auditor.wording import Hit, Word


class Vocabulary:
    """The words by number: a literal has the number of its atom, an expression one below zero."""

    def __init__(self, distinct: Iterable[tuple[str, str]] = (), lexicon: Iterable[str] = ()) -> None:
        """``distinct`` are pairs of terms that a slip must not join, ``lexicon`` words for the tokenizer.

        Every word is to be given its number before the first sentence is searched: see ``close``.
        """
        self._distinct, self._lexicon = tuple(distinct), tuple(dict.fromkeys(lexicon))
        self._numbers: dict[str, int] = {}
        self._expression_numbers: dict[Word, int] = {}
        self._names: dict[int, str] = {}
        self._atoms = Atoms()
        self._expressions: tuple[Word, ...] = ()
        self._triggered: dict[int, tuple[tuple[int, str], ...]] = {}
        self._strict: frozenset[int] = frozenset()
        self._slips = Slips({})
        self.edges = Edges(self._lexicon)

    def number(self, word: Word) -> int:
        """The number of a word; words that differ in nothing but their spelling in the rules share one."""
        if word.literal is not None:
            number = self._atom(word.literal)
        else:
            number = self._expression_numbers.setdefault(word, -1 - len(self._expression_numbers))
        self._names.setdefault(number, word.source)
        return number

    def _atom(self, atom: str) -> int:
        return self._numbers.setdefault(atom, len(self._numbers))

    def name(self, number: int) -> str:
        """A word as the rules write it."""
        return self._names[number]

    def close(self) -> None:
        """Make ready for searching."""
        self._expressions = tuple(self._expression_numbers)
        choices = [_choices(word) for word in self._expressions]
        common = self._commonness(atom for options in choices for atoms in options for atom in atoms)
        triggered: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for (word, number), options in zip(self._expression_numbers.items(), choices, strict=True):
            chosen = min(options, key=lambda atoms: sum(common[atom] for atom in atoms))
            needs = sorted((need for need in word.needs if (need,) != chosen), key=lambda need: (common[need], need))
            for atom in chosen:
                triggered[self._atom(atom)].append((number, needs[0] if needs else ""))
        self._triggered = {atom: tuple(words) for atom, words in triggered.items()}
        strict = (
            n for word, n in self._expression_numbers.items() if word.beside or word.choices or len(word.needs) > 2
        )
        self._strict = frozenset(strict)
        self._atoms = Atoms(self._numbers)
        self._slips = Slips({n: self._atoms.texts[n] for n in self._names if n >= 0}, self._distinct)

    def _commonness(self, atoms: Iterable[str]) -> dict[str, int]:
        """How often each atom occurs in all the words: those that occur in many are common in reports too."""
        common = dict.fromkeys(atoms, 1)
        names = list(common)
        every = "\n".join((*self._numbers, *(part for word in self._expressions for part in word.needs)))
        for at, _, _ in ahocorasick_rs.AhoCorasick(names).find_matches_as_indexes(every, overlapping=True):
            common[names[at]] += 1
        return common

    def __getstate__(self) -> tuple[bytes, Atoms, Slips]:
        """All but the tokenizer, which is made anew, and what only the building needs; most of it as plain values."""
        texts = self._atoms.texts
        written = {n: name for n, name in self._names.items() if n >= 0 and name != texts[n]}
        words = [tuple(word) for word in self._expressions]
        plain = (self._distinct, self._lexicon, written, words, self._triggered, self._strict)
        return marshal.dumps(plain), self._atoms, self._slips

    def __setstate__(self, state: tuple[bytes, Atoms, Slips]) -> None:
        plain, self._atoms, self._slips = state
        self._distinct, self._lexicon, written, words, self._triggered, self._strict = marshal.loads(plain)
        self._expressions = tuple(map(Word._make, words))
        self._names = dict(enumerate(self._atoms.texts))
        self._names.update((-1 - n, word.source) for n, word in enumerate(self._expressions))
        self._names.update(written)
        self.edges = Edges(self._lexicon)

    def found(self, text: str) -> tuple[set[int], frozenset[int]]:
        """The words that may stand in a sentence, and those of them that may stand there only with slips."""
        numbers = self._atoms.found(text)
        slips = frozenset(self._slips.near(text, numbers))
        words, triggered = self._expressions, self._triggered
        tried = {number for atom in triggered.keys() & numbers for number, need in triggered[atom] if need in text}
        numbers |= tried - self._strict
        numbers.update(number for number in tried & self._strict if words[-1 - number].may_stand_in(text))
        numbers |= slips
        return numbers, slips

    def slips(self, number: int, text: str) -> list[Hit]:
        """Where a literal word stands in a sentence with slips: once, or not at all."""
        slip = self._slips.slip(number, text)
        return [Hit(self._names[number], slip.start, slip.end, slip.similarity)] if slip is not None else []

    def hits(self, number: int, text: str) -> list[Hit]:
        """Where a word stands in a sentence; one of two characters only where it does not cut into others."""
        if number < 0:
            word = self._expressions[-1 - number]
            return [Hit(word.source, start, end) for start, end in word.spans(text)]
        literal, name = self._atoms.texts[number], self._names[number]
        length = len(literal)
        found = []
        at = text.find(literal)
        while at >= 0:
            if length != 2 or not self.edges.cut(text, at):
                found.append(tuple.__new__(Hit, (name, at, at + length, 1.0)))
            at = text.find(literal, at + 1)
        return found


def _choices(word: Word) -> list[tuple[str, ...]]:
    """The ways to notice an expression: by any of its fixed parts, or by one of the atoms of a group in it."""
    return list(dict.fromkeys((*((need,) for need in word.needs), tuple(dict.fromkeys(word.atoms)))))
