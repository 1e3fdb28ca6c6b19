"""Quick first looks: words of which one stands wherever an expression is found, looked for all at once.

An expression with many alternatives takes long to find nothing, and mostly there is nothing to be found.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import ahocorasick_rs

from auditor.expressions import expression

_CONDITIONS = ("(?=", "(?!", "(?<=", "(?<!")
_GROUP = expression(r"\((?:\?:|\?P<\w+>)?")
_QUANTIFIER = expression(r"[?*+]|\{(\d*),?(\d*)\}")
_MOST = 600

Texts = frozenset[str]
_NO_KINDS: Texts = frozenset()


class Hint:
    """Tells quickly that none of some expressions is found in a text."""

    def __init__(self, *patterns: str) -> None:
        """The patterns hold no flags and no backreferences. Raises ValueError for one that no words are bound to."""
        self.words = tuple(sorted({word for pattern in patterns for word in _needed(pattern)}))
        self._automaton = ahocorasick_rs.AhoCorasick(self.words)

    def found(self, text: str) -> bool:
        """Whether one of the expressions may be found in the text, or in any part of it."""
        return bool(self._automaton.find_matches_as_indexes(text))


class Hints:
    """As ``Hint`` for expressions of several kinds, all looked for at once."""

    def __init__(self, **kinds: Iterable[str]) -> None:
        """The patterns of each kind."""
        words: dict[str, set[str]] = {}
        for kind, patterns in kinds.items():
            for word in frozenset().union(*map(_needed, patterns)):
                words.setdefault(word, set()).add(kind)
        self._kinds = tuple(frozenset(each) for each in words.values())
        self._automaton = ahocorasick_rs.AhoCorasick(tuple(words))

    def found(self, text: str) -> Texts:
        """The kinds of which an expression may be found in the text, or in any part of it."""
        hits = self._automaton.find_matches_as_indexes(text, overlapping=True)
        return frozenset().union(*[self._kinds[word] for word, _, _ in hits]) if hits else _NO_KINDS


@cache
def _needed(pattern: str) -> Texts:
    """Words of which one stands in everything that the pattern matches."""
    words = _words(pattern)
    if words is None:
        raise ValueError(f"no words are bound to stand in what this matches: {pattern}")
    return words


def _words(pattern: str) -> Texts | None:
    """As ``_needed``; None where there are none."""
    each = [_of_sequence(alternative) for alternative in _alternatives(pattern)]
    known = [words for words in each if words is not None]
    return frozenset().union(*known) if len(known) == len(each) else None


def _of_sequence(sequence: str) -> Texts | None:
    """The most telling words of one alternative: the longest, then the fewest."""
    choices: list[Texts] = []
    run: Texts = frozenset([""])
    at = 0
    while at < len(sequence):
        if sequence.startswith(_CONDITIONS, at):
            at = _closing(sequence, at) + 1
            continue
        item, words, after = _item(sequence, at)
        quantifier = _QUANTIFIER.match(sequence, after)
        at = quantifier.end() if quantifier else after
        if quantifier:
            at += sequence.startswith("?", at)
            optional = quantifier[0] in "?*" or (quantifier[0][0] == "{" and not int(quantifier[1] or 0))
            if quantifier[0] == "?" and item is not None:
                item = item | {""}
            elif quantifier[0] != "?" or item is None:
                item = None
            words = None if optional else words
        if item is not None and len(run) * len(item) <= _MOST:
            run = frozenset(before + text for before in run for text in item)
            continue
        choices += [run, *([words] if words else [])]
        run = item if item is not None and len(item) <= _MOST else frozenset([""])
    choices.append(run)
    telling = [words for words in choices if words and all(words)]
    return max(telling, key=lambda words: (min(map(len, words)), -len(words)), default=None)


def _item(sequence: str, at: int) -> tuple[Texts | None, Texts | None, int]:
    """What stands at a place: all that it may match (None: too much), words of it, and where it ends."""
    sign = sequence[at]
    if sign == "\\":
        literal = not sequence[at + 1].isalnum()
        return (frozenset([sequence[at + 1]]) if literal else None), None, at + 2
    if sign == "[":
        end = _closing(sequence, at)
        inside = sequence[at + 1 : end]
        plain = not inside.startswith("^") and "-" not in inside and "\\" not in inside
        return (frozenset(inside) if plain else None), None, end + 1
    if group := _GROUP.match(sequence, at):
        end = _closing(sequence, at)
        inside = sequence[group.end() : end]
        return _literal(inside), _words(inside), end + 1
    if sign in "^$":
        return frozenset([""]), None, at + 1
    return (None if sign == "." else frozenset([sign])), None, at + 1


def _literal(pattern: str) -> Texts | None:
    """All that a pattern may match, if that is but a few texts."""
    texts: set[str] = set()
    for alternative in _alternatives(pattern):
        run = _texts_of(alternative)
        if run is None:
            return None
        texts |= run
    return frozenset(texts)


def _texts_of(sequence: str) -> Texts | None:
    run: Texts = frozenset([""])
    at = 0
    while at < len(sequence):
        if sequence.startswith(_CONDITIONS, at):
            at = _closing(sequence, at) + 1
            continue
        item, _, after = _item(sequence, at)
        quantifier = _QUANTIFIER.match(sequence, after)
        if item is None or (quantifier and quantifier[0] != "?"):
            return None
        if quantifier:
            item, after = item | {""}, quantifier.end() + sequence.startswith("?", quantifier.end())
        run, at = frozenset(before + text for before in run for text in item), after
        if len(run) > _MOST:
            return None
    return run


def _alternatives(pattern: str) -> Iterable[str]:
    start = at = 0
    while at < len(pattern):
        if pattern[at] in "([":
            at = _closing(pattern, at)
        elif pattern[at] == "\\":
            at += 1
        elif pattern[at] == "|":
            yield pattern[start:at]
            start = at + 1
        at += 1
    yield pattern[start:]


def _closing(pattern: str, at: int) -> int:
    """Where the set or the group that opens at ``at`` closes."""
    depth = 0
    inside = False
    while True:
        sign = pattern[at]
        if sign == "\\":
            at += 1
        elif inside:
            inside = sign != "]"
        elif sign == "[":
            inside = True
            at += pattern[at + 1] == "^"
        else:
            depth += (sign == "(") - (sign == ")")
        if depth == 0 and not inside:
            return at
        at += 1
