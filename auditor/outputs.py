"""Where results go: which format to the screen, which to which file, and files written whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.errors import AuditorError
from auditor.formats.offered import NAMES
from auditor.paths import DEFAULT_FOLDER
from auditor.terminal import complain, show
from auditor.words import Lang, batch_word, say

# Formats that no screen shows, and where in the folder of results they stand unless the user says where.
PLACES = {"xlsx": "audit.xlsx", "html": "index.html", "docx": "letters", "parquet": "store", "duckdb": "audit.duckdb"}
_FULL = (errno.ENOSPC, errno.EDQUOT)
_IN_FOLDER = {"json": "audit.json", "md": "audit.md"}


@dataclass(frozen=True, slots=True)
class Output:
    """One format, to a file or folder or, where ``path`` is None, to standard output.

    What is to stand at a ``url`` is written to ``path`` first and sent when it is whole.
    """

    format: str
    path: Path | None
    url: str | None = None


def plan(formats: Sequence[str], out: str | None, no_out: bool, lang: Lang) -> tuple[Output, ...]:
    """What to write.

    Without ``-f``, or where ``--out`` names the folder, JSON and Markdown go into it; without ``-f`` the table goes to
    the screen too. With ``-f`` what it names is written. What no screen shows goes into the folder unless it is given
    a place, and the JSON that ``render`` reads with it. ``--no-out`` writes no folder.
    """
    folder = None if no_out else out or DEFAULT_FOLDER
    named = list(named_outputs(formats, NAMES, lang, folder))
    placed = any(value in PLACES for value in formats)
    if folder is not None:
        beside = _IN_FOLDER if out or not formats else {"json": _IN_FOLDER["json"]} if placed else {}
        written = {output.path for output in named}
        named += [Output(name, place) for name, file in beside.items() if (place := Path(folder, file)) not in written]
    _distinct(named, lang)
    return tuple(named)


def named_outputs(
    formats: Sequence[str], names: Collection[str], lang: Lang, folder: str | None = None
) -> tuple[Output, ...]:
    """What ``-f`` asks for among ``names``; the table on standard output where it is not given."""
    named = tuple(_parse(value, names, lang, folder) for value in formats) or (Output("table", None),)
    if sum(output.path is None for output in named) > 1:
        raise AuditorError(say(lang, "two_on_stdout"))
    _distinct(named, lang)
    return named


def _distinct(named: Sequence[Output], lang: Lang) -> None:
    places = [output.path.resolve() for output in named if output.path]
    for place in places:
        if places.count(place) > 1:
            raise AuditorError(say(lang, "same_file", path=place.name))


def _parse(value: str, names: Collection[str], lang: Lang, folder: str | None) -> Output:
    name, equals, file = value.partition("=")
    if name not in names:
        raise AuditorError(say(lang, "unknown_format", name=name, names=say(lang, "list_mark").join(names)))
    if equals and not file:
        raise AuditorError(say(lang, "no_file_name", value=value))
    if name not in PLACES:
        return Output(name, Path(file) if file and file != "-" else None)
    if file == "-" or not (file or folder):
        raise AuditorError(say(lang, "needs_file", name=name))
    return Output(name, Path(file) if file else Path(folder or "", PLACES[name]))


def is_file(place: Path, suffix: str) -> bool:
    """Whether a place that may be a file or a folder names a file of this kind."""
    return place.suffix.lower() == suffix and not place.is_dir()


def page_places(place: Path) -> tuple[Path, Path]:
    """Where pages go that are to stand at ``place``, a file or a folder: the first page, and the folder of the others."""
    first = place if is_file(place, ".html") else place / "index.html"
    return first, first.with_name("pages" if first.stem == "index" else f"{first.stem}_pages")


def written_by(output: Output) -> tuple[Path, ...]:
    """The files and folders that an output writes."""
    if output.path is None:
        return ()
    return page_places(output.path) if output.format == "html" else (output.path,)


def deliver(results: Iterable[tuple[Output, str | bytes]], lang: Lang) -> None:
    """Print or write each result, and say what was written."""
    written = []
    for output, result in results:
        if output.path is None:
            show(result if isinstance(result, str) else result.decode("utf-8"))
        else:
            write_file(output.path, result, lang)
            written.append(output.path.as_posix())
    tell(written, lang)


def tell(written: Sequence[str], lang: Lang) -> None:
    """Say on standard error what was written, if anything."""
    if written:
        complain(say(lang, "written", files=say(lang, "list_mark").join(written)))


def write_file(path: Path, result: str | bytes, lang: Lang) -> None:
    """Write text as UTF-8 with ``\\n`` line ends: the whole new file or, if anything fails, the old one untouched."""
    write_blocks(path, [result.encode("utf-8") if isinstance(result, str) else result], lang)


def write_blocks(path: Path, blocks: Iterable[bytes], lang: Lang) -> None:
    """Write a file as ``write_file`` does, from what need not be in memory at once."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        target = path.resolve()
        if target.exists() and not target.is_file():
            with target.open("wb") as file:  # a device or a pipe: there is nothing to replace
                file.writelines(blocks)
            return
        draft = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        try:
            with draft.open("wb") as file:
                file.writelines(blocks)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(path, error, lang) from error


def unwritable(path: Path, error: OSError, lang: Lang) -> AuditorError:
    """The error of a place that cannot be written."""
    if error.errno in _FULL or os.strerror(errno.ENOSPC) in str(error):  # some libraries give only the words
        return AuditorError(batch_word(lang, "disk_full", path=path.as_posix()))
    return AuditorError(say(lang, "unwritable", path=path.as_posix(), why=error.strerror or str(error)))
