"""Word edges: whether a two-character word found in a text is a word there, or a cut through two others (公开 in 办公|开支).

The tokenizer (jieba) is asked only where the dictionary holds both a word that ends with the hit's first character and one
that begins with its second, right where the hit stands; elsewhere no other reading exists.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from auditor.lexicon import LONGEST, Lexicon, load, tokenizer

_CONTEXT = 5
_KEPT = 20_000


class Edges:
    """Checks hits of two-character words; knows ``lexicon`` besides the tokenizer's dictionary."""

    def __init__(self, lexicon: Iterable[str]) -> None:
        self._extra = tuple(dict.fromkeys(lexicon))
        self._known: dict[tuple[str, int], bool] = {}

    @cached_property
    def _words(self) -> Lexicon:
        return load(self._extra)

    @cached_property
    def _tokenizer(self) -> Any:
        return tokenizer(self._words)

    def cut(self, text: str, start: int) -> bool:
        """Whether the two characters at ``start`` cut into a word that also reaches outside them."""
        if not self._doubtful(text, start):
            return False
        low = max(0, start - _CONTEXT)
        key = (text[low : start + 2 + _CONTEXT], start - low)
        if key not in self._known:
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[key] = self._segmented_across(*key)
        return self._known[key]

    def _segmented_across(self, around: str, start: int) -> bool:
        spans = [(s, e) for _, s, e in self._tokenizer.tokenize(around, mode="search")]
        edges = {place for span in spans for place in span}
        end = start + 2
        if start in edges and end in edges:
            return False
        return any(s < start < e < end or start < s < end < e for s, e in spans)

    def _doubtful(self, text: str, start: int) -> bool:
        """Whether a word ends with the first of two characters and another begins with the second."""
        common = self._words.common
        for end in range(start + 3, start + 2 + LONGEST):  # few words go on from the second character: these come first
            if common(text[start + 1 : end]):
                break
        else:
            return False
        return any(common(text[start - n : start + 1]) for n in range(1, min(LONGEST, start + 1)))
