"""One run at a time writes to a place: a second one is told so, instead of both writing into the same file."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from auditor.cached import cache_dir
from auditor.errors import AuditorError
from auditor.words import Lang, batch_word


@contextmanager
def claimed(places: Iterable[Path], lang: Lang) -> Iterator[None]:
    """Hold the places for this process while the block runs; a killed process holds nothing.

    Processes of the same user on the same machine see each other. Raises AuditorError where another holds a place.
    """
    with ExitStack() as stack:
        for place in places:
            path = _stands_for(place)
            lock = _lock(path)
            if lock is None:
                continue
            if lock < 0:
                raise AuditorError(batch_word(lang, "place_taken", path=place.as_posix()))
            stack.callback(os.close, lock)
            stack.callback(path.unlink, missing_ok=True)
        yield


def _stands_for(place: Path) -> Path:
    """The file that is locked for a place: one beside it would be a trace of the run."""
    return cache_dir() / "locks" / hashlib.sha256(os.fsencode(place.resolve())).hexdigest()[:40]


def _lock(path: Path) -> int | None:
    """The file, open and locked; negative where another process has it, None where there are no locks to be had."""
    while True:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return None
        if not _locked(lock):
            os.close(lock)
            return -1
        if os.fstat(lock).st_nlink:
            return lock
        os.close(lock)  # whoever had it has removed it meanwhile


def _locked(lock: int) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True
