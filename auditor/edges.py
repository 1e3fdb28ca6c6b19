"""Word edges: whether a two-character word found in a text is a word there, or a cut through two others (公开 in 办公|开支).

The tokenizer (jieba) is slow to load, so it is asked only where the dictionary holds both a word that ends with the hit's
first character and one that begins with its second, right where the hit stands; elsewhere no other reading exists.
"""

from __future__ import annotations

import importlib.util
import logging
import os
from collections.abc import Iterable
from functools import lru_cache
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


class Edges:
    """Checks hits of two-character words; knows ``lexicon`` besides the tokenizer's dictionary."""

    def __init__(self, lexicon: Iterable[str]) -> None:
        self._lexicon = tuple(dict.fromkeys(lexicon))
        self._tokenizer: jieba.Tokenizer | None = None
        self._known: dict[tuple[str, int], bool] = {}

    def cut(self, text: str, start: int) -> bool:
        """Whether the two characters at ``start`` cut into a word that also reaches outside them."""
        if not _doubtful(text, start):
            return False
        low = max(0, start - _CONTEXT)
        key = (text[low : start + 2 + _CONTEXT], start - low)
        if key not in self._known:
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[key] = self._segmented_across(*key)
        return self._known[key]

    def _segmented_across(self, around: str, start: int) -> bool:
        if self._tokenizer is None:
            self._tokenizer = self._load_tokenizer()
        spans = [(s, e) for _, s, e in self._tokenizer.tokenize(around, mode="search")]
        edges = {place for span in spans for place in span}
        end = start + 2
        if start in edges and end in edges:
            return False
        return any(s < start < e < end or start < s < end < e for s, e in spans)

    def _load_tokenizer(self) -> jieba.Tokenizer:
        import jieba

        jieba.setLogLevel(logging.ERROR)
        _common()
        tokenizer = jieba.Tokenizer(str(_common_file()) if _common_file().is_file() else None)
        if cache_dir().is_dir():
            tokenizer.tmp_dir = str(cache_dir())
        tokenizer.initialize()
        for word in self._lexicon:
            tokenizer.add_word(word)
        return tokenizer


def _doubtful(text: str, start: int) -> bool:
    """Whether a word ends with the first of two characters and another begins with the second."""
    common = _common()
    for n in range(start + 3, start + 2 + _LONGEST):  # few words go on from the second character, so these come first
        if text[start + 1 : n] in common:
            break
    else:
        return False
    return any(text[start - n : start + 1] in common for n in range(1, min(_LONGEST, start + 1)))


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """The common short words of the tokenizer's dictionary."""
    return frozenset(line.split(" ", 1)[0] for line in _common_lines().splitlines())


def _common_file() -> Path:
    return cache_dir() / f"common-{_dictionary().stat().st_size}-{_COMMON}.txt"


def _common_lines() -> str:
    path = _common_file()
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        pass
    with _dictionary().open(encoding="utf-8") as lines:
        kept = "".join(line for line in lines if _is_common(line))
    write_cached(path, kept.encode())
    return kept


def _is_common(line: str) -> bool:
    parts = line.split(" ")
    return len(parts) > 1 and len(parts[0]) <= _LONGEST and int(parts[1]) >= _COMMON


def write_cached(path: Path, data: bytes) -> bool:
    """Write a cache file in one step; False where the cache cannot be written, which only costs time."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(data)
        part.replace(path)
    except OSError:
        return False
    return True
