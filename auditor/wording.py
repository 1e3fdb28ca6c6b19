"""The words of the rules: literals and expressions, compiled, and where one is found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from auditor.expressions import expression
from auditor.text import normalise

_PART = expression(r"(…|#|<[^<>]+>)")
# 。 ends a sentence, so a gap inside one need not name it; a set of ASCII marks compiles many times faster.
_LONGEST_GAP = 12
_NOT_IN_GAP = frozenset(",;:!?\n")
_GAP = rf"[^,;:!?\n]{{0,{_LONGEST_GAP}}}?"
# The signs besides digits that a number begins with, and those that it ends with.
_BEGINS = "零一二两三四五六七八九十百千万"
_ENDS = _BEGINS + "亿余多几,"
# The empty lookaheads match always. They keep choices from being made into sets, which take longest of all to compile.
_NUMBER = r"(?:\d[\d,]*(?:\.\d+)?|[零一二两三四五六七八九十百千万]+)(?:余(?=)|多|几)?(?:万(?=)|亿|千|百)?(?:余|多)?"


class Word(NamedTuple):
    """A compiled word: a ``literal``, or an ``expression`` tried only where one of ``atoms`` and all of ``needs`` occur.

    Of each of ``choices`` one must occur, too. ``beside`` are the parts that stand right before a number (True) or right after one. ``gapped``: the expression is nothing but its ``needs`` with gaps between them, which can be found without compiling it.
    """

    source: str
    atoms: tuple[str, ...]
    literal: str | None
    expression: str = ""
    needs: tuple[str, ...] = ()
    beside: tuple[tuple[str, bool], ...] = ()
    choices: tuple[tuple[str, ...], ...] = ()
    gapped: bool = False

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the ``expression`` stands in a text; compiled when first needed, since most never are."""
        if self.gapped:
            return _gapped(self.needs, text)
        return (found.span() for found in _regex(self.expression).finditer(text))

    def may_stand_in(self, text: str) -> bool:
        """Whether all that the ``expression`` asks for stands in the text, beside a number where it asks for one."""
        for part in self.needs:
            if part not in text:
                return False
        for choice in self.choices:
            for part in choice:
                if part in text:
                    break
            else:
                return False
        return not self.beside or all(_beside_number(part, before, text) for part, before in self.beside)


class Hit(NamedTuple):
    """A word found at ``start:end`` of a sentence; ``similarity`` is 1.0 for an exact hit."""

    word: str
    start: int
    end: int
    similarity: float = 1.0


def plain(text: str) -> str:
    """A word in the spelling of normalised sentences."""
    return normalise(text).text


def _group_words(name: str, groups: dict[str, tuple[str, ...]], seen: tuple[str, ...] = ()) -> Iterator[str]:
    for word in groups[name]:
        if word.startswith("<") and word.endswith(">") and word[1:-1] in groups and word[1:-1] not in seen:
            yield from _group_words(word[1:-1], groups, (*seen, name))
        else:
            yield word


def _source(word: str, groups: dict[str, tuple[str, ...]]) -> tuple[str, tuple[str, ...]]:
    """The regular expression of a word and the atoms of which one must occur."""
    pieces: list[str] = []
    best: tuple[str, ...] = ()
    for part in _PART.split(word):
        if part == "":
            continue
        if part == "…":
            pieces.append(_GAP)
        elif part == "#":
            pieces.append(_NUMBER)
        elif part.startswith("<"):
            options = [_source(w, groups) for w in _group_words(part[1:-1], groups)]
            pieces.append("(?:" + "|".join(o[0] for o in sorted(options, key=lambda o: -len(o[0]))) + ")")
            atoms = tuple(a for o in options for a in o[1])
            if all(o[1] for o in options) and _rarer(atoms, best):
                best = atoms
        else:
            text = plain(part)
            pieces.append(re.escape(text))
            if text and _rarer((text,), best):
                best = (text,)
    return "".join(pieces), best


def _rarer(atoms: tuple[str, ...], than: tuple[str, ...]) -> bool:
    return not than or (min(map(len, atoms)), -len(atoms)) > (min(map(len, than)), -len(than))


@cache
def _regex(source: str) -> re.Pattern[str]:
    return expression(source)


def _beside_number(part: str, before: bool, text: str) -> bool:
    """Whether a part stands in a text right ``before`` a number or right after one; always, if it is empty."""
    at = text.find(part)
    while at >= 0 and part:
        beside = text[at + len(part) : at + len(part) + 1] if before else text[max(0, at - 1) : at]
        if beside.isdecimal() or (beside and beside in (_BEGINS if before else _ENDS)):
            return True
        at = text.find(part, at + 1)
    return not part


def _gapped(parts: tuple[str, ...], text: str) -> Iterator[tuple[int, int]]:
    """Where parts stand one after the other, the gaps between them as short as can be."""
    start = text.find(parts[0])
    while start >= 0:
        end = _end_of(parts, 1, text, start + len(parts[0]))
        if end >= 0:
            yield start, end
        start = text.find(parts[0], end if end >= 0 else start + 1)


def _end_of(parts: tuple[str, ...], number: int, text: str, at: int) -> int:
    """Where the last part ends if the parts from ``number`` on follow at a place, else -1."""
    if number == len(parts):
        return at
    part = parts[number]
    last = at + _LONGEST_GAP + len(part)
    place = text.find(part, at, last)
    while place >= 0 and _NOT_IN_GAP.isdisjoint(text[at:place]):
        if (end := _end_of(parts, number + 1, text, place + len(part))) >= 0:
            return end
        place = text.find(part, place + 1, last)
    return -1


def compile_words(words: Iterable[str], groups: dict[str, tuple[str, ...]]) -> list[Word]:
    """Compile the words of one list; a bare ``<group>`` becomes the words of the group."""
    compiled: list[Word] = []
    for word in words:
        if re.fullmatch(r"<[^<>]+>", word):
            compiled.extend(compile_words(_group_words(word[1:-1], groups), groups))
        elif _PART.search(word):
            expression, atoms = _source(word, groups)
            if atoms:
                needs = tuple(text for part in _PART.split(word) if part[:1] not in "…#<" and (text := plain(part)))
                pieces = _PART.split(word)
                beside = tuple(
                    (plain(part), before)
                    for at, sign in enumerate(pieces)
                    if sign == "#"
                    for part, before in ((pieces[at - 1], True), (pieces[at + 1], False))
                )
                gapped = set(pieces[1::2]) == {"…"} and all(pieces[::2]) and len(needs) == len(pieces[::2])
                choices = tuple(c for part in pieces[1::2] if part[0] == "<" and (c := _source(part, groups)[1]))
                compiled.append(Word(word, atoms, None, "" if gapped else expression, needs, beside, choices, gapped))
        elif literal := plain(word):
            compiled.append(Word(word, (literal,), literal))
    return compiled
