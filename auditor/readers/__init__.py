"""Readers: from a file's bytes to its text and blocks, by what the content is."""

from __future__ import annotations

import importlib
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from auditor.errors import UnreadableFile
from auditor.readers.limits import limits
from auditor.readers.sniffing import sniff, suffix_of
from auditor.report import Extracted
from auditor.words import Message

if TYPE_CHECKING:
    from pathlib import Path

_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Format:
    """How one kind of content is read: ``function`` of the module ``auditor.readers.<module>``, imported when needed.

    ``size`` names the limit on the file. ``parser`` is where it runs: ``None`` in this process, else in a child
    with the memory and time of that name.
    """

    kind: str
    module: str
    function: str
    suffixes: tuple[str, ...]
    size: Literal["file", "html", "text"] = "file"
    parser: Literal["document", "office"] | None = "document"


_FORMATS = (
    Format("text", "plain", "read", (".txt",), "text", None),
    Format("md", "plain", "read_markdown", (".md", ".markdown"), "text", None),
    Format("docx", "docx", "read", (".docx", ".docm")),
    Format("pdf", "pdf", "read", (".pdf",)),
    Format("ofd", "ofd", "read", (".ofd",)),
    Format("html", "html", "read", (".html", ".htm", ".shtml"), "html"),
    Format("mhtml", "html", "read_mhtml", (".mhtml", ".mht"), "html"),
    Format("doc", "office", "read", (".doc", ".wps"), parser="office"),
    Format("wordxml", "office", "read", (), parser="office"),
    Format("rtf", "rtf", "read", (".rtf",), "text"),
    Format("odt", "odt", "read", (".odt",)),
    Format("xlsx", "sheets", "read", (".xlsx",)),
    Format("zip", "archive", "read", (".zip",), parser=None),
)
FORMATS: Mapping[str, Format] = {each.kind: each for each in _FORMATS}
READERS: Mapping[str, Format] = {suffix: each for each in FORMATS.values() for suffix in each.suffixes}

# By the kind of content: the code of the error and the key of its message.
_REFUSED = {
    "encrypted": ("encrypted", "password"),
    "image": ("no_text", "image"),
    "xls": ("unsupported", "xls"),
    "ods": ("unsupported", "ods"),
    "ppt": ("unsupported", "slides"),
    "pptx": ("unsupported", "slides"),
    "rar": ("unsupported", "rar"),
    "7z": ("unsupported", "7z"),
    "gzip": ("unsupported", "gzip"),
}


def read_bytes(data: bytes, name: str, encoding: str | None = None) -> Extracted:
    """The text and blocks of a file given as bytes; ``name`` is used in messages and where content leaves a choice.

    Raises ``UnreadableFile``.
    """
    if len(data) > limits().file * _MB:
        raise _too_large(name, len(data), limits().file)
    chosen = _choose(data, name)
    most = getattr(limits(), chosen.size)
    if len(data) > most * _MB:
        raise _too_large(name, len(data), most)
    extracted = _read(chosen, data, name, encoding)
    if extracted.unread:
        from auditor.readers import ocr

        extracted = ocr.complete(data, name, extracted)
    return _checked(extracted, name, chosen)


def read_file(path: Path, name: str, encoding: str | None = None) -> tuple[Extracted, str]:
    """The text and blocks of the file at ``path``, and the SHA-256 of its bytes.

    ``name`` is what messages and results call the file. Raises ``UnreadableFile``.
    """
    import hashlib  # slow to load, and children read no files

    data = file_bytes(path, name)
    return read_bytes(data, name, encoding), hashlib.sha256(data).hexdigest()


def file_bytes(path: Path, name: str) -> bytes:
    """The bytes of a regular file within the limit. Raises ``UnreadableFile``."""
    most = limits().file
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise UnreadableFile(name, "unsupported", Message("folder"))
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableFile(name, "unsupported", Message("no_file"))
        if status.st_size > most * _MB:
            raise _too_large(name, status.st_size, most)
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableFile(name, "missing", Message("missing_file")) from None
    except NotADirectoryError:
        raise UnreadableFile(name, "missing", Message("broken_path")) from None
    except PermissionError:
        raise UnreadableFile(name, "denied", Message("denied")) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UnreadableFile(name, "denied", Message("cannot_open", {"reason": reason})) from None


def _choose(data: bytes, name: str) -> Format:
    """The format of the content. Raises ``UnreadableFile`` for what is known and cannot be read."""
    if not data.strip():
        raise UnreadableFile(name, "empty", Message("empty_file"))
    kind = sniff(data, name)
    if kind in _REFUSED:
        code, key = _REFUSED[kind]
        raise UnreadableFile(name, code, Message(key))
    suffix = suffix_of(name)
    if kind == "text":
        named = READERS.get(suffix)
        if named is None:
            message = Message("unsupported", {"what": _named(suffix), "suffixes": " ".join(READERS)})
            raise UnreadableFile(name, "unsupported", message)
        # A web page may begin with anything; every other format would have shown itself.
        return named if named.kind in ("html", "mhtml") else FORMATS["text"]
    return FORMATS[kind]


def _read(chosen: Format, data: bytes, name: str, encoding: str | None) -> Extracted:
    if chosen.parser is None:
        read = getattr(importlib.import_module(f"auditor.readers.{chosen.module}"), chosen.function)
        extracted: Extracted = read(data, name, encoding)
        return extracted
    from auditor.readers.isolation import Allowance, read_isolated

    at_most = limits()
    allowance = Allowance(at_most.memory, at_most.cpu, at_most.wall)
    if chosen.parser == "office":
        allowance = Allowance(at_most.office_memory, at_most.office_wall, at_most.office_wall, helpers=True)
    return read_isolated(chosen.module, chosen.function, data, name, encoding, allowance)


def _checked(extracted: Extracted, name: str, chosen: Format) -> Extracted:
    """The text, if it is one: neither empty nor garbled nor endless."""
    most = limits().characters
    if len(extracted.text) > most:
        message = Message("long_text", {"count": len(extracted.text), "most": most})
        raise UnreadableFile(name, "too_large", message)
    if chosen.parser is None:
        return extracted
    if not extracted.blocks:
        if extracted.unread:
            raise UnreadableFile(name, "no_text", Message("only_images"))
        raise UnreadableFile(name, "empty", Message("no_text"))
    from auditor.readers.quality import garbled

    if garbled(extracted.text):
        raise UnreadableFile(name, "garbled", Message("garbled"))
    return extracted


def _too_large(name: str, size: int, most: int) -> UnreadableFile:
    return UnreadableFile(name, "too_large", Message("large_file", {"size": size / _MB, "most": most}))


def _named(suffix: str) -> Message:
    return Message("suffix_format", {"suffix": suffix}) if suffix else Message("no_suffix")
