"""What the user named to audit, as a list of files in a stable order."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from auditor.expressions import expression
from auditor.names import real

STDIN = "-"
DEFAULT_FOLDER = "reports_out"
STDIN_NAME = "stdin.txt"  # readers go by the suffix: standard input is plain text
JUNK = (".", "~$", "__macosx", "readme")


@dataclass(frozen=True, slots=True)
class Input:
    """One thing to audit: ``name`` as the user will see it, ``path`` None for standard input.

    A path that does not exist is an input too: reading it says so. ``load`` gives the bytes of a document that stands
    inside the archive at ``path``; ``url`` is where a file stands that is not at a path.
    """

    name: str
    path: Path | None
    load: Callable[[], bytes] | None = None
    url: str | None = None


def find_inputs(
    arguments: Collection[str], suffixes: Collection[str], skip: Collection[Path] = ()
) -> tuple[Input, ...]:
    """The files meant by ``arguments``: files, folders, globs and ``-``, each file once, in the order given.

    A folder gives every file below it with a readable suffix, by name, without hidden and temporary files, without
    README files, without folders of results, and without ``skip`` (resolved paths: what this run is about to write,
    files or whole folders). A file named itself is taken whatever its name.
    """
    found: dict[Path | None, Input] = {}
    folders: dict[Path, tuple[Path, bool]] = {}
    for argument in arguments:
        for each in _expand(argument, suffixes):
            place, left_out = _resolved(each.path, skip, folders) if each.path else (None, False)
            if Path(argument) == each.path or not left_out:
                found.setdefault(place, each)
    return tuple(found.values())


def _resolved(path: Path, skip: Collection[Path], folders: dict[Path, tuple[Path, bool]]) -> tuple[Path, bool]:
    """Where a file really is, and whether that is in ``skip``; ``folders`` remembers both for the folders so far."""
    if path.is_symlink() or path.name in ("", ".."):
        place = real(path)
        return place, _within(place, skip)
    if path.parent not in folders:
        parent = real(path.parent)
        folders[path.parent] = parent, _within(parent, skip)
    parent, inside = folders[path.parent]
    place = parent / path.name
    return place, inside or place in skip


def _within(place: Path, skip: Collection[Path]) -> bool:
    return any(each in skip for each in (place, *place.parents))


_MARK = b'<meta name="generator" content="auditor">'
_MARK_WITHIN = 2000
_LETTER = expression(r"反馈意见_.+\.docx$", re.IGNORECASE)


def made_by_auditor(path: Path) -> bool:
    """Whether a file is a page or a letter that an earlier audit wrote."""
    if _LETTER.match(path.name):
        return True
    if path.suffix.lower() != ".html":
        return False
    try:
        with path.open("rb") as file:
            return _MARK in file.read(_MARK_WITHIN)
    except OSError:
        return False


def printable(name: str) -> str:
    """``name`` with POSIX separators; bytes that are no text in it are written out."""
    text = name.replace(os.sep, "/") if os.sep != "/" else name
    return text.encode("utf-8", "backslashreplace" if _undecodable(text) else "strict").decode("utf-8")


def _undecodable(text: str) -> bool:
    return any("\ud800" <= char <= "\udfff" for char in text)


def _expand(argument: str, suffixes: Collection[str]) -> Iterator[Input]:
    if argument == STDIN:
        yield Input(STDIN_NAME, None)
        return
    path = Path(argument)
    if not path.exists() and glob.has_magic(argument):
        for match in sorted(glob.glob(argument, recursive=True)):
            yield from _walk(Path(match), suffixes) if Path(match).is_dir() else [_input(match)]
    elif path.is_dir():
        yield from _walk(path, suffixes)
    else:
        yield _input(argument)


def _walk(folder: Path, suffixes: Collection[str]) -> Iterator[Input]:
    for path in files_below(folder):
        if path.suffix.lower() in suffixes:
            yield _input(path.as_posix())


def files_below(folder: Path) -> Iterator[Path]:
    """Every file below a folder, by name, but hidden and temporary files and READMEs."""
    for top, folders, files in os.walk(folder):
        folders[:] = sorted(n for n in folders if not n.lower().startswith(JUNK) and n != DEFAULT_FOLDER)
        for name in sorted(files):
            if not name.lower().startswith(JUNK):
                yield Path(top, name)


def is_pattern(argument: str) -> bool:
    """Whether an argument names files by a pattern."""
    return glob.has_magic(argument)


def _input(path: str) -> Input:
    return Input(printable(path), Path(path))
