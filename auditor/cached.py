"""The user's cache directory: what the tool keeps there can always be worked out again."""

from __future__ import annotations

import gc
import hashlib
import os
import pickle
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from auditor import __version__

_Kept = TypeVar("_Kept")


def cache_dir() -> Path:
    """Where the tool keeps what it can work out again: the user's cache directory."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fazhi-auditor"


def kept(name: str, kind: type[_Kept], sources: Iterable[Path], make: Callable[[], _Kept]) -> _Kept:
    """What ``make`` returns, a ``kind``, from the cache where all ``sources`` it comes from are the same as when it was kept.

    A damaged copy is made anew.
    """
    return kept_under(name, kind, digest(sources), make)


def kept_under(name: str, kind: type[_Kept], version: str, make: Callable[[], _Kept]) -> _Kept:
    """The same where the sources have been looked at: ``version`` is their ``digest``."""
    path = cache_dir() / f"{name}-{version}.pickle"
    found = _loaded(path)
    if isinstance(found, kind):
        return found
    made = make()
    if write_cached(path, pickle.dumps(made, protocol=5)):
        forget(f"{name}-", path)
    return made


def _loaded(path: Path) -> object:
    collecting = gc.isenabled()
    gc.disable()  # nothing that is loaded can be garbage yet
    try:
        with path.open("rb") as file:
            return pickle.load(file)
    except (OSError, pickle.PickleError, AttributeError, EOFError, ImportError, IndexError, TypeError, ValueError):
        return None
    finally:
        if collecting:
            gc.enable()


def digest(sources: Iterable[Path]) -> str:
    """A hash of the contents of files, and of the version of the tool."""
    digest = hashlib.sha256(__version__.encode())
    for path in sources:
        if path.is_file():
            digest.update(f"{path.parent.name}/{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:24]


def write_cached(path: Path, data: bytes) -> bool:
    """Write a cache file in one step; False where the cache cannot be written, which only costs time."""
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        part.replace(path)
    except OSError:
        with suppress(OSError):  # a full disk takes a part of it
            part.unlink()
        return False
    return True


def forget(name: str, newest: Path) -> None:
    """Remove the files whose names begin with ``name``, all but the newest: what was worked out from earlier input."""
    for old in newest.parent.glob(f"{name}*"):
        if old != newest and old.suffix != ".part":
            old.unlink(missing_ok=True)
