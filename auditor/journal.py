"""Which runs were begun and not ended: what ``--resume`` goes by.

A run is known by its command. What it has done is in the cache; its journal only tells that there is something to go on
with, and is gone when the run ends.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from auditor.cache import Cache
from auditor.cached import write_cached


@dataclass(frozen=True, slots=True)
class Journal:
    """The mark of one run."""

    path: Path

    def begun(self) -> bool:
        """Whether an earlier run of the same command was not ended."""
        return self.path.is_file()

    def begin(self) -> bool:
        """Mark the run as begun; False where it cannot be marked, so that it cannot be resumed."""
        return write_cached(self.path, b"")

    def end(self) -> None:
        """Mark the run as ended."""
        with suppress(OSError):
            self.path.unlink()


def journal_of(cache: Cache, command: Sequence[object]) -> Journal:
    """The journal of a command: what is audited, how, to which outputs, in the folder where one is now."""
    told = repr((Path.cwd().as_posix(), *command)).encode("utf-8", "backslashreplace")
    return Journal(cache.root / "runs" / hashlib.sha256(told).hexdigest()[:40])
