"""The tokenizer's words and how frequent they are, in a file of which only what is asked for is unpacked.

The tokenizer (jieba) takes half a second to load its dictionary, and an audit asks it about a few passages of a dozen
characters. So the common short words of the dictionary are kept by their first character, and given to it in place of
the whole.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import logging
import marshal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.cached import cache_dir, forget, write_cached

if TYPE_CHECKING:
    import jieba

LONGEST = 4
_COMMON = 20
_VERSION = 1


class Lexicon:
    """Frequencies by word as the tokenizer looks them up: 0 for what only begins a word; ``total`` is the sum of all."""

    def __init__(self, index: dict[str, tuple[int, int]], total: int, added: frozenset[str], packed: bytes) -> None:
        """``index`` tells where in ``packed`` the words with a first character stand; ``added`` are not the dictionary's."""
        self.total = total
        self._added = added
        self._index = index
        self._packed = memoryview(packed)
        self._words: dict[str, dict[str, int]] = {}

    def _beginning_with(self, char: str) -> dict[str, int]:
        if (words := self._words.get(char)) is None:
            start, end = self._index.get(char, (0, 0))
            words = self._words[char] = marshal.loads(self._packed[start:end]) if end else {}
        return words

    def __contains__(self, word: str) -> bool:
        return word in self._beginning_with(word[:1])

    def __getitem__(self, word: str) -> int:
        return self._beginning_with(word[:1])[word]

    def get(self, word: str, default: int | None = None) -> int | None:
        """The frequency of a word, or ``default`` for what neither is nor begins one."""
        return self._beginning_with(word[:1]).get(word, default)

    def common(self, word: str) -> bool:
        """Whether a text of at most ``LONGEST`` characters is a common word of the tokenizer's dictionary."""
        return bool(self._beginning_with(word[:1]).get(word)) and word not in self._added


def load(extra: tuple[str, ...]) -> Lexicon:
    """The dictionary's common short words and ``extra`` ones; kept in the cache."""
    path = cache_dir() / f"words-{_digest(extra)}.marshal"
    try:
        return Lexicon(*marshal.loads(path.read_bytes()))
    except (OSError, EOFError, TypeError, ValueError):
        parts = _packed(extra)
    if write_cached(path, marshal.dumps(parts)):
        forget("words-", path)
    return Lexicon(*parts)


def tokenizer(words: Lexicon) -> jieba.Tokenizer:
    """A tokenizer that knows these words."""
    made = _jieba().Tokenizer()
    made.FREQ, made.total, made.initialized = words, words.total, True
    return made


def _digest(extra: Iterable[str]) -> str:
    size = _dictionary().stat().st_size
    return hashlib.sha256(f"{_VERSION}-{size}-{_COMMON}-{LONGEST}-{'|'.join(extra)}".encode()).hexdigest()[:24]


def _dictionary() -> Path:
    spec = importlib.util.find_spec("jieba")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("jieba")
    return Path(spec.origin).parent / "dict.txt"


def _packed(extra: Iterable[str]) -> tuple[dict[str, tuple[int, int]], int, frozenset[str], bytes]:
    """What a ``Lexicon`` is made of."""
    with _dictionary().open(encoding="utf-8") as lines:
        kept = "".join(line for line in lines if _is_common(line))
    made = _jieba().Tokenizer()
    made.FREQ, made.total = made.gen_pfdict(io.BytesIO(kept.encode()))
    made.initialized = True
    before = {word for word, frequency in made.FREQ.items() if frequency}
    for word in extra:
        made.add_word(word)
    added = frozenset(word for word, frequency in made.FREQ.items() if frequency) - before
    by_first: dict[str, dict[str, int]] = {}
    for word, frequency in made.FREQ.items():
        by_first.setdefault(word[0], {})[word] = frequency
    index: dict[str, tuple[int, int]] = {}
    packed = bytearray()
    for char, words in by_first.items():
        data = marshal.dumps(words)
        index[char] = (len(packed), len(packed) + len(data))
        packed += data
    return index, made.total, added, bytes(packed)


def _is_common(line: str) -> bool:
    parts = line.split(" ")
    return len(parts) > 1 and len(parts[0]) <= LONGEST and int(parts[1]) >= _COMMON


def _jieba() -> jieba:
    # jieba opens its files through pkg_resources where there is one, which takes longer to load than all of jieba.
    hidden = "pkg_resources" not in sys.modules
    if hidden:
        sys.modules["pkg_resources"] = None  # type: ignore[assignment]
    try:
        import jieba
    finally:
        if hidden:
            del sys.modules["pkg_resources"]
    jieba.setLogLevel(logging.ERROR)
    return jieba
