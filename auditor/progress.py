"""How far a long run is, on standard error: rate and remaining time, and nothing at all where no person is looking."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

from auditor.words import Lang, say

_T = TypeVar("_T")


def progress(items: Iterable[_T], total: int, lang: Lang) -> Iterator[_T]:
    """The items as they come, counted on standard error where that is a terminal and there are several.

    The bar is plain characters without colour, whatever ``NO_COLOR`` says, and is wiped when the last item is done.
    """
    if total < 2 or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield from items
        return
    from tqdm import tqdm

    yield from tqdm(
        items,
        total=total,
        desc=say(lang, "progress"),
        unit=say(lang, "progress_unit"),
        bar_format=say(lang, "progress_bar"),
        file=sys.stderr,
        dynamic_ncols=True,
        leave=False,
    )
