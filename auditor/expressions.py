"""Regular expressions, compiled once for all processes.

Python compiles an expression anew in every process, and those of the engine together take longer than auditing a report. So
what they compile to is kept in the user's cache, for the very same Python alone. Only what was seen to be equal to what
``re.compile`` makes is kept, so where Python's inner workings change, nothing is.
"""

from __future__ import annotations

import atexit
import marshal
import os
import re
import sys
import zlib
from contextlib import suppress
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, AnyStr

from auditor.cached import cache_dir, write_cached

# Expressions of rules differ from report to report. All of them would take longer to load than the few to compile, and to
# write the file again for a few would take longer than it saves.
_MOST = 1500
_AT_ONCE = 500
_WORTHWHILE = 0.1  # of what a process used
_SUM = 4

# By expression and flags: all flags, how many groups, their names, the code.
_Codes = dict[tuple[str | bytes, int], tuple[int, int, dict[str, int], bytes]]

_made: dict[tuple[str | bytes, int], re.Pattern[Any]] = {}
_new: list[tuple[str | bytes, int]] = []


def expression(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """``re.compile``, from the cache if it can be; for expressions that are the same in every process."""
    key = (source, int(flags))
    made: re.Pattern[AnyStr] | None = _made.get(key)
    if made is None:
        made = _made[key] = _from_cache(source, int(flags)) or _compiled(source, flags)
    return made


def _from_cache(source: AnyStr, flags: int) -> re.Pattern[AnyStr] | None:
    found = _codes().get((source, flags))
    if found is None:
        return None
    try:
        return _pattern(source, *found)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        return None


def _compiled(source: AnyStr, flags: int) -> re.Pattern[AnyStr]:
    if not _new:
        atexit.register(_keep)
    _new.append((source, int(flags)))
    return re.compile(source, flags)


@lru_cache(maxsize=1)
def _sre() -> Any:
    return import_module("_sre")


def _pattern(source: str | bytes, flags: int, groups: int, names: dict[str, int], code: bytes) -> re.Pattern[Any]:
    """The pattern of a code, which is checked for being one. Raises RuntimeError."""
    by_number: list[str | None] = [None] * (groups + 1)
    for name, number in names.items():
        by_number[number] = name
    codes = memoryview(code).cast("I").tolist()
    made: re.Pattern[Any] = _sre().compile(source, flags, codes, groups, names, tuple(by_number))
    return made


@lru_cache(maxsize=1)
def _path() -> Path | None:
    """Where codes of this Python are kept; None for a Python whose codes are not known to be of this form."""
    if sys.implementation.name != "cpython":
        return None
    version = (sys.version, sys.platform, sys.maxsize, sys.byteorder, _sre().MAGIC, _sre().CODESIZE)
    return cache_dir() / f"expressions-{zlib.crc32(repr(version).encode()):08x}.marshal"


@lru_cache(maxsize=1)
def _codes() -> _Codes:
    """What is kept; nothing where it is damaged."""
    try:
        path = _path()
        stored = path.read_bytes() if path else b""
        if len(stored) > _SUM and zlib.crc32(stored[_SUM:]).to_bytes(_SUM, "big") == stored[:_SUM]:
            codes: _Codes = marshal.loads(stored[_SUM:])
            return codes
    except (OSError, ImportError, AttributeError, EOFError, TypeError, ValueError, RuntimeError):
        pass
    return {}


def _keep() -> None:
    """Keep what this process had to compile, when it ends."""
    path = _path()
    if path is None or len(_new) < len(_made) * _WORTHWHILE:
        return
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        if os.access(path.parent, os.W_OK):
            codes = _codes() | _coded(_new[:_AT_ONCE])
            if len(codes) > _MOST:
                codes = {key: codes[key] for key in list(_made)[:_MOST] if key in codes}
            stored = marshal.dumps(codes)
            write_cached(path, zlib.crc32(stored).to_bytes(_SUM, "big") + stored)


def _coded(keys: list[tuple[str | bytes, int]]) -> _Codes:
    """The codes of what was compiled, where the patterns that they make are the same."""
    coded: _Codes = {}
    for source, flags in keys:
        with suppress(Exception):  # whatever happens in another Python: it is compiled the next time, too
            compiled = _made[source, flags]
            parsed = import_module("re._parser").parse(source, flags)
            code = import_module("re._compiler")._code(parsed, flags)
            names = dict(compiled.groupindex)
            entry = (compiled.flags, compiled.groups, names, b"".join(each.to_bytes(4, sys.byteorder) for each in code))
            if _pattern(source, *entry) == compiled:
                coded[source, flags] = entry
    return coded
