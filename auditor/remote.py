"""Files at a URL (``s3://``, ``hdfs://``, ``file://``, a share), through fsspec and the driver of each kind of place."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path, PurePosixPath
from typing import Any

from auditor.errors import AuditorError, UnreadableFile
from auditor.paths import JUNK
from auditor.readers.limits import limits
from auditor.words import Lang, Message, batch_word

_MB = 1024 * 1024
_LONGEST = 160  # characters of a driver's complaint; some list every place where they looked for a library


def is_url(place: str) -> bool:
    """Whether a place is a URL and not a path of this machine."""
    return "://" in place


def remote_bytes(url: str, name: str) -> bytes:
    """The bytes of a file at a URL, within the limit. Raises UnreadableFile."""
    most = limits().file * _MB
    try:
        files, path = _opened(url)
        with files.open(path, "rb") as file:
            data: bytes = file.read(most + 1)
    except FileNotFoundError:
        raise UnreadableFile(name, "missing", Message("missing_file")) from None
    except PermissionError:
        raise UnreadableFile(name, "denied", Message("denied")) from None
    except Exception as error:  # every driver has errors of its own
        raise UnreadableFile(name, "denied", Message("cannot_open", {"reason": _why(error)})) from None
    if len(data) > most:
        raise UnreadableFile(name, "too_large", Message("large_file", {"size": len(data) / _MB, "most": limits().file}))
    return data


def found_at(url: str, suffixes: Collection[str], lang: Lang) -> list[str]:
    """The files meant by a URL: the file itself, or every readable file below it, by name. Raises AuditorError."""
    try:
        files, path = _opened(url)
        if files.isfile(path):
            return [url]
        if any(sign in path for sign in "*?["):
            return sorted(files.unstrip_protocol(each) for each in files.glob(path) if files.isfile(each))
        below = (each for each in files.find(path) if _readable(each, path, suffixes))
        return sorted(map(files.unstrip_protocol, below))
    except Exception as error:
        raise AuditorError(batch_word(lang, "url_unreadable", url=url, why=_why(error))) from error


def send(folder: Path, url: str, lang: Lang) -> None:
    """Copy what is in a folder of this machine to where ``url`` stands, over what has the same name there.

    Raises AuditorError.
    """
    try:
        files, path = _opened(url)
        for own in sorted(each for each in folder.rglob("*") if each.is_file()):
            _put(files, own, str(PurePosixPath(path).parent / own.relative_to(folder).as_posix()))
    except Exception as error:
        raise AuditorError(batch_word(lang, "url_unwritable", url=url, why=_why(error))) from error


def _put(files: Any, local: Path, path: str) -> None:
    files.makedirs(str(PurePosixPath(path).parent), exist_ok=True)
    files.put_file(str(local), path)


def remove(url: str, suffix: str, lang: Lang) -> None:
    """Remove the files with this suffix below a URL, of an earlier run. Raises AuditorError."""
    try:
        files, path = _opened(url)
        for each in files.find(path) if files.exists(path) else ():
            if each.endswith(suffix):
                files.rm_file(each)
    except Exception as error:
        raise AuditorError(batch_word(lang, "url_unwritable", url=url, why=_why(error))) from error


def check(url: str, lang: Lang) -> None:
    """Raise AuditorError where this installation cannot open such URLs."""
    try:
        _opened(url)
    except Exception as error:
        raise AuditorError(batch_word(lang, "url_unreadable", url=url, why=_why(error))) from error


def check_installed(lang: Lang) -> None:
    """Raise AuditorError where the library that opens URLs is not installed."""
    try:
        import fsspec.core  # noqa: F401
    except ImportError as error:
        raise AuditorError(batch_word(lang, "needs_extra", library="fsspec", extra="dask")) from error


def _opened(url: str) -> tuple[Any, str]:
    import fsspec.core  # ImportError names what to install

    files, path = fsspec.core.url_to_fs(url)
    return files, str(path)


def _readable(path: str, root: str, suffixes: Collection[str]) -> bool:
    below = PurePosixPath(path.removeprefix(root)).parts
    return PurePosixPath(path).suffix.lower() in suffixes and not any(p.lower().startswith(JUNK) for p in below)


def _why(error: Exception) -> str:
    why = " ".join(str(error).split()) or type(error).__name__
    return why if len(why) <= _LONGEST else f"{why[:_LONGEST]}…"
