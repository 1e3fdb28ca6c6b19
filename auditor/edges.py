"""Word edges: whether a two-character word found in a text is a word there, or a cut through two others (公开 in 办公|开支).

The tokenizer (jieba) is slow to load, so it is asked only where the dictionary holds both a word that ends with the hit's
first character and one that begins with its second, right where the hit stands; elsewhere no other reading exists.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jieba

_CONTEXT = 5
_LONGEST = 4
_KEPT = 20_000
_COMMON = 20


def cache_dir() -> Path:
    """Where the tool keeps what it can work out again: the user's cache directory."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fazhi-auditor"


def _dictionary() -> Path:
    spec = importlib.util.find_spec("jieba")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("jieba")
    return Path(spec.origin).parent / "dict.txt"


def _neighbours(words: frozenset[str]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """For each first character, dictionary words that end with it; for each last one, words that begin with it."""
    first = {w[0] for w in words}
    last = {w[-1] for w in words}
    ending: dict[str, list[str]] = defaultdict(list)
    beginning: dict[str, list[str]] = defaultdict(list)
    with _dictionary().open(encoding="utf-8") as lines:
        for line in lines:
            word = line[: line.index(" ")]
            if 2 <= len(word) <= _LONGEST:
                if word[-1] in first:
                    ending[word[-1]].append(word)
                if word[0] in last:
                    beginning[word[0]].append(word)
    return dict(ending), dict(beginning)


class Edges:
    """Checks hits of two-character words; knows ``lexicon`` besides the tokenizer's dictionary."""

    def __init__(self, words: Iterable[str], lexicon: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._lexicon = tuple(dict.fromkeys(lexicon))
        self._ending: dict[str, frozenset[str]] | None = None
        self._beginning: dict[str, frozenset[str]] = {}
        self._tokenizer: jieba.Tokenizer | None = None
        self._known: dict[tuple[str, int], bool] = {}

    def cut(self, text: str, start: int) -> bool:
        """Whether the two characters at ``start`` cut into a word that also reaches outside them."""
        if self._ending is None:
            self._load_neighbours()
        if not self._doubtful(text, start):
            return False
        low = max(0, start - _CONTEXT)
        key = (text[low : start + 2 + _CONTEXT], start - low)
        if key not in self._known:
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[key] = self._segmented_across(*key)
        return self._known[key]

    def _doubtful(self, text: str, start: int) -> bool:
        ending = (self._ending or {}).get(text[start], frozenset())
        if not any(text[start - n : start + 1] in ending for n in range(1, min(_LONGEST, start + 1))):
            return False
        beginning = self._beginning.get(text[start + 1], frozenset())
        return any(text[start + 1 : start + 1 + n] in beginning for n in range(2, _LONGEST + 1))

    def _segmented_across(self, around: str, start: int) -> bool:
        if self._tokenizer is None:
            self._tokenizer = self._load_tokenizer()
        spans = [(s, e) for _, s, e in self._tokenizer.tokenize(around, mode="search")]
        edges = {place for span in spans for place in span}
        end = start + 2
        if start in edges and end in edges:
            return False
        return any(s < start < e < end or start < s < end < e for s, e in spans)

    def _load_neighbours(self) -> None:
        stamp = hashlib.sha256("\n".join(sorted(self._words)).encode()).hexdigest()[:16]
        path = cache_dir() / f"edges-{_dictionary().stat().st_size}-{stamp}.json"
        try:
            ending, beginning = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            ending, beginning = _neighbours(self._words)
            _write(path, json.dumps([ending, beginning], ensure_ascii=False))
        self._ending = {k: frozenset(v) for k, v in ending.items()}
        self._beginning = {k: frozenset(v) for k, v in beginning.items()}

    def _load_tokenizer(self) -> jieba.Tokenizer:
        import jieba

        jieba.setLogLevel(logging.ERROR)
        tokenizer = jieba.Tokenizer(_common_words())
        if cache_dir().is_dir():
            tokenizer.tmp_dir = str(cache_dir())
        tokenizer.initialize()
        for word in self._lexicon:
            tokenizer.add_word(word)
        return tokenizer


def _common_words() -> str | None:
    """The common short words of the dictionary as a file of their own, which loads ten times faster; None: use it whole."""
    source = _dictionary()
    path = cache_dir() / f"common-{source.stat().st_size}-{_COMMON}.txt"
    if path.is_file():
        return str(path)
    with source.open(encoding="utf-8") as lines:
        kept = [
            line
            for line in lines
            if len(parts := line.split(" ")) > 1 and len(parts[0]) <= _LONGEST and int(parts[1]) >= _COMMON
        ]
    return str(path) if _write(path, "".join(kept)) else None


def _write(path: Path, text: str) -> bool:
    """Write a cache file in one step; False where the cache cannot be written, which only costs time."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError:
        return False
    return True
