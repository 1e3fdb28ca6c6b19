"""What was worked out before, kept in the user's cache directory under the hash of everything that it came from.

An entry is one file, written in one step and read only where its checksum holds: a damaged one is as good as none, and
several processes may use the same cache at once. Entries hold plain data, nothing that would be run when it is read.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import time
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from auditor.cached import cache_dir, write_cached
from auditor.errors import AuditorError
from auditor.words import Lang, batch_word

PLACE = "AUDITOR_CACHE"
LIMIT = "AUDITOR_CACHE_LIMIT"
DEFAULT_LIMIT = 8192  # MB
KINDS = ("text", "audit", "pieces")

# Parts of outputs are read again and again, and unpacking them would take longer than reading them.
_PACKED = frozenset({"text", "audit"})

_MARK = b"FZA1"
_SUM = 32
_SHARDS = 256
_KEPT_SHARE = 0.9  # what trimming leaves of the limit, so that the next run need not trim again
_PIECES_SHARE = 0.25  # of that, what the parts of outputs may take in any case
_TRIM_EVERY = 1_000  # entries that this process puts between two looks at the size
_DAY = 86_400.0  # seconds: an entry's time of last use is set no more often than this
_MB = 1024 * 1024
_PUTS = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Amount:
    """Entries and the bytes that they take."""

    entries: int = 0
    size: int = 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.entries + other.entries, self.size + other.size)


@dataclass(frozen=True, slots=True)
class Cache:
    """The entries below a folder, by kind and key (hexadecimal)."""

    root: Path

    def get(self, kind: str, key: str) -> bytes | None:
        """What was put under the key; None where there is nothing, or nothing whole."""
        path = self._path(kind, key)
        try:
            with path.open("rb") as file:
                entry = file.read()
                used = os.fstat(file.fileno()).st_mtime
        except OSError:
            return None
        data = _whole(entry, key)
        if data is not None and kind in _PACKED:
            data = _unpacked(data)
        with contextlib.suppress(OSError):
            if data is None:
                path.unlink()
            elif time.time() - used > _DAY:
                os.utime(path)
        return data

    def put(self, kind: str, key: str, data: bytes) -> bool:
        """Keep the data; False where nothing can be kept (a full disk), which only costs time."""
        if next(_PUTS) % _TRIM_EVERY == 0:
            self.trim(size_limit())
        stored = zlib.compress(data, 1) if kind in _PACKED else data
        return write_cached(self._path(kind, key), _MARK + _checksum(stored, key) + stored)

    def amounts(self) -> dict[str, Amount]:
        """How much there is of each kind."""
        return {kind: sum((_amount(folder) for folder in self._folders(kind)), Amount()) for kind in KINDS}

    def clean(self) -> Amount:
        """Remove every entry; what was removed."""
        removed = sum(self.amounts().values(), Amount())
        for kind in KINDS:
            for folder in self._folders(kind):
                for entry in _entries(folder):
                    _remove(entry)
        return removed

    def trim(self, limit: int) -> None:
        """Remove what was not used for longest where the entries take more than ``limit`` bytes.

        Parts of outputs go first: they are made from an audit in a moment. Keys are hashes, so one folder in each kind
        tells how much there is; only a cache that looks too large is read.
        """
        if sum(_amount(self.root / kind / "00").size for kind in KINDS) * _SHARDS <= limit:
            return
        room = int(limit * _KEPT_SHARE)
        made, found = self._found(("pieces",)), self._found(("text", "audit"))
        taken = _forget(made, max(room - sum(size for _, size, _ in found), int(room * _PIECES_SHARE)))
        _forget(found, room - taken)

    def _found(self, kinds: Iterable[str]) -> list[tuple[float, int, str]]:
        """The entries of some kinds: when last used, bytes, place."""
        found = []
        for kind in kinds:
            for entry in (each for folder in self._folders(kind) for each in _entries(folder)):
                with contextlib.suppress(OSError):  # another process may remove it at the same time
                    status = entry.stat()
                    found.append((status.st_mtime, status.st_size, entry.path))
        return found

    def _path(self, kind: str, key: str) -> Path:
        return self.root / kind / key[:2] / key[2:]

    def _folders(self, kind: str) -> Iterator[Path]:
        return (self.root / kind / f"{shard:02x}" for shard in range(_SHARDS))


def default_cache() -> Cache:
    """The user's cache of results, or the folder that ``AUDITOR_CACHE`` names."""
    return Cache(Path(os.environ.get(PLACE) or cache_dir() / "results"))


def size_limit(lang: Lang = Lang.ZH) -> int:
    """The bytes that a cache may take: ``AUDITOR_CACHE_LIMIT`` MB. Raises AuditorError where that is no number."""
    given = os.environ.get(LIMIT, str(DEFAULT_LIMIT))
    if not (given.isascii() and given.isdecimal()):
        raise AuditorError(batch_word(lang, "bad_cache_limit", variable=LIMIT, value=given))
    return int(given) * _MB


def _checksum(stored: bytes, key: str) -> bytes:
    """A checksum of the entry and its key: an entry under another's name is no entry."""
    digest = hashlib.sha256(key.encode())  # processors have instructions for it
    digest.update(stored)
    return digest.digest()


def _whole(entry: bytes, key: str) -> bytes | None:
    start = len(_MARK) + _SUM
    stored = entry[start:]
    return stored if entry[:start] == _MARK + _checksum(stored, key) else None


def _unpacked(stored: bytes) -> bytes | None:
    try:
        return zlib.decompress(stored)
    except zlib.error:
        return None


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    with contextlib.suppress(OSError), os.scandir(folder) as found:
        yield from found


def _amount(folder: Path) -> Amount:
    sizes = []
    for entry in _entries(folder):
        with contextlib.suppress(OSError):
            sizes.append(entry.stat().st_size)
    return Amount(len(sizes), sum(sizes))


def _forget(entries: list[tuple[float, int, str]], most: int) -> int:
    """Remove those not used for longest until the others take at most so many bytes; what they take."""
    taken = sum(size for _, size, _ in entries)
    for _, size, path in sorted(entries):
        if taken <= most:
            break
        with contextlib.suppress(OSError):
            os.unlink(path)
        taken -= size
    return taken


def _remove(entry: os.DirEntry[str]) -> None:
    with contextlib.suppress(OSError):
        os.unlink(entry.path)
