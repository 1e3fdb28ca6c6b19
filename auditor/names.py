"""File names made from what reports say: legal on every system, not too long, no two alike; where a path leads."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

_LONGEST = 60
_ILLEGAL = re.compile(r'[<>:"/\\|?*\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+')
_RESERVED = re.compile(r"(?i)^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)")  # of Windows, whatever the suffix


def real(path: Path) -> Path:
    """Where a path leads; one that leads round in a circle stays as it is."""
    return Path(os.path.realpath(path))


def safe_name(text: str, otherwise: str = "_") -> str:
    """``text`` as the stem of a file name (at most 60 characters); ``otherwise`` where nothing of it is left."""
    stem = _ILLEGAL.sub("_", text).strip("._ ")[:_LONGEST].rstrip("._ ")
    return _RESERVED.sub("_", stem) or otherwise


def unique(stems: Iterable[str]) -> list[str]:
    """The stems in their order, each told from those before it, whatever the case of its letters: ``a``, ``A_2``."""
    taken: set[str] = set()
    result = []
    for stem in stems:
        name, count = stem, 1
        while name.casefold() in taken:
            count += 1
            name = f"{stem}_{count}"
        taken.add(name.casefold())
        result.append(name)
    return result
