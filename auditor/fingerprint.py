"""What an answer depends on besides the report: the code, the rules, the libraries; kept answers are told apart by it."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from auditor import __version__

if TYPE_CHECKING:
    from auditor.options import Options

_CODE = Path(__file__).parent
_READING_LIBRARIES = ("lxml", "olefile", "onnxruntime", "pillow", "pypdfium2", "rapidocr")
_JUDGING_LIBRARIES = ("ahocorasick-rs", "datasketch", "jieba", "numpy", "rapidfuzz")


def reading_key(sha256: str, name: str, encoding: str | None) -> str:
    """The key of what a reader yields for a file of this hash; the name decides where content leaves a choice."""
    return _key(_reader(), sha256, name, encoding)


def audit_key(sha256: str, name: str, options: Options) -> str:
    """The key of the audit of a file of this hash under this name."""
    values = [(f.name, getattr(options, f.name)) for f in dataclasses.fields(options) if f.name != "rules_dir"]
    return _key(_reader(), _judge(options.rules_dir), sha256, name, values)


def derived_key(key: str, *what: object) -> str:
    """The key of something made from what is kept under ``key``."""
    return _key(key, *what)


def _key(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode("utf-8", "backslashreplace")).hexdigest()[:40]


@lru_cache(maxsize=1)
def _reader() -> str:
    """The version of reading: code, libraries, programs of this machine, limits."""
    from auditor.readers.limits import limits
    from auditor.readers.programs import soffice

    return _key(_reader_code(), _program(soffice()), limits())


def _program(place: str | None) -> tuple[object, ...]:
    """A program of this machine, another one once it was updated."""
    try:
        status = os.stat(place) if place else None
    except OSError:
        status = None
    return (place, status and (status.st_size, status.st_mtime_ns))


def _reader_code() -> str:
    code = [*(_CODE / "readers").glob("*.py"), _CODE / "report.py", _CODE / "text.py"]
    return _key(_digest(code, _CODE), _versions(_READING_LIBRARIES))


@lru_cache(maxsize=8)
def _judge(rules_dir: Path | None) -> str:
    """The version of everything after reading: code, rules, libraries, Python (whose tables classify characters)."""
    from auditor.rules import rules_root

    root = rules_dir or rules_root()
    return _key(
        _digest(_CODE.rglob("*.py"), _CODE),
        _digest(root.rglob("*.yaml"), root),
        _versions(_JUDGING_LIBRARIES),
        sys.version_info[:2],
    )


def _digest(files: Iterable[Path], root: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _versions(libraries: tuple[str, ...]) -> tuple[str, ...]:
    """The libraries, each with its version if it is installed."""
    return tuple(f"{each} {found}" if (found := _installed().get(each)) else each for each in libraries)


@lru_cache(maxsize=1)
def _installed() -> dict[str, str]:
    """The versions of what is installed, by the names of the folders that tell of it.

    ``importlib.metadata`` would read what stands in them, for which it loads half of the mail library.
    """
    versions: dict[str, str] = {}
    for place in sys.path:
        with suppress(OSError):
            for name in sorted(os.listdir(place or ".")):
                if name.endswith((".dist-info", ".egg-info")):
                    library, version, *_ = [*name.rpartition(".")[0].split("-"), ""]
                    versions.setdefault(library.replace("_", "-").lower(), version)
    return versions


@lru_cache(maxsize=8)
def engine_version(rules_dir: Path | None = None) -> str:
    """The version of everything that an answer depends on but the programs of the machine: alike where answers are."""
    from auditor.readers.limits import limits

    return f"{__version__}+{_key(_reader_code(), limits(), _judge(rules_dir))[:8]}"
