"""The user's cache directory: what the tool keeps there can always be worked out again."""

from __future__ import annotations

import os
from pathlib import Path


def cache_dir() -> Path:
    """Where the tool keeps what it can work out again: the user's cache directory."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fazhi-auditor"


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


def forget(kept: str, newest: Path) -> None:
    """Remove the files whose names begin with ``kept``, all but the newest: what was worked out from earlier input."""
    for old in newest.parent.glob(f"{kept}*"):
        if old != newest and old.suffix != ".part":
            old.unlink(missing_ok=True)
