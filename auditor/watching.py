"""Saves of one file, as they happen."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_LOOK_AGAIN = 500  # milliseconds: a file that another program locks, or on a network drive, tells nothing of itself
_QUIET = 100  # milliseconds without a change after which a save is taken to be complete


def saves(path: Path) -> Iterator[None]:
    """Yield at once, and again after every save of the file: written in place, replaced, gone, come back, unlocked.

    Ends only with KeyboardInterrupt.
    """
    from watchfiles import watch

    seen = _state(path)
    yield
    folders = {path.absolute().parent, path.resolve().parent}
    for _ in watch(
        *folders, watch_filter=None, recursive=False, step=_QUIET, rust_timeout=_LOOK_AGAIN, yield_on_timeout=True
    ):
        if (now := _state(path)) != seen:
            seen = now
            yield


def _state(path: Path) -> tuple[int, ...] | None:
    """What changes with every save; None where there is no file."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    try:
        with path.open("rb"):
            readable = 1
    except OSError:
        readable = 0
    return found.st_ino, found.st_size, found.st_mtime_ns, readable
