"""Zip archives of reports: the documents inside, each read like a file of its own; archives in archives are not."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from auditor import readers
from auditor.errors import UnreadableFile
from auditor.readers.isolation import broken
from auditor.readers.limits import limits
from auditor.readers.packages import Package, normal
from auditor.readers.sniffing import sniff
from auditor.report import Extracted
from auditor.words import Message

_UTF8_NAME = 0x800
_JUNK = (".", "~$", "__macosx", "readme", "thumbs.db", "desktop.ini")
_ARCHIVES = frozenset({".zip", ".rar", ".7z", ".gz", ".tgz", ".tar"})
_MB = 1024 * 1024
# Archives are unpacked in this process: whatever a damaged one makes zipfile raise is an outcome, not an error.
_DAMAGE = (zipfile.BadZipFile, RuntimeError, ValueError, LookupError, OSError, EOFError, ArithmeticError, struct.error)


@dataclass(frozen=True, slots=True)
class Member:
    """One document of an archive: ``name`` as the user will see it, with the archive's name before it."""

    name: str
    package: Package
    stored: str

    def content(self) -> bytes:
        """The bytes of the document, unpacked now. Raises ``UnreadableFile``."""
        nested = UnreadableFile(self.name, "unsupported", Message("nested_archive"))
        if PurePosixPath(self.name).suffix.lower() in _ARCHIVES:
            raise nested
        try:
            found = self.package.read(self.stored)
        except UnreadableFile as error:
            raise UnreadableFile(self.name, error.code, error.message) from None
        except _DAMAGE as error:
            raise broken(self.name, type(error).__name__) from None
        if sniff(found, self.name) == "zip":
            raise nested
        return found


def is_archive(path: Path) -> bool:
    """Whether a file is a zip of documents and not a document that is a zip itself."""
    if path.suffix.lower() != ".zip" or not path.is_file() or path.stat().st_size > limits().file * _MB:
        return False
    return sniff(path.read_bytes(), path.name) == "zip"


def members(data: bytes, name: str) -> tuple[Member, ...]:
    """The documents in an archive, by name.

    Raises ``UnreadableFile`` for an archive that cannot be opened, holds too many documents or none.
    """
    try:
        package = Package(data, name)
        documents = _documents(data)
    except _DAMAGE as error:
        raise broken(name, type(error).__name__) from None
    if not documents:
        message = Message("no_documents", {"suffixes": " ".join(readers.READERS)})
        raise UnreadableFile(name, "empty", message)
    if len(documents) > limits().documents:
        message = Message("many_documents", {"count": len(documents), "most": limits().documents})
        raise UnreadableFile(name, "too_large", message)
    return tuple(Member(f"{name}/{shown}", package, stored) for shown, stored in sorted(documents.items()))


def read(data: bytes, name: str, encoding: str | None = None) -> Extracted:
    """The only document in an archive. Raises ``UnreadableFile`` where there are several."""
    found = members(data, name)
    if len(found) > 1:
        raise UnreadableFile(name, "unsupported", Message("several_documents", {"count": len(found)}))
    return readers.read_bytes(found[0].content(), found[0].name, encoding)


def _documents(data: bytes) -> dict[str, str]:
    """The documents by the name to show, each with the name it is stored under."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
    found: dict[str, str] = {}
    for entry in entries:
        shown = normal(_decoded(entry))
        suffix = PurePosixPath(shown).suffix.lower()
        wanted = suffix in readers.READERS or suffix in _ARCHIVES
        if wanted and not entry.filename.endswith("/") and not _link(entry) and not _junk(shown):
            found.setdefault(shown, normal(entry.filename))
    return found


def _decoded(entry: zipfile.ZipInfo) -> str:
    """The name of an entry: Chinese archivers write it in GBK and say nothing of it."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename
    try:
        raw = entry.orig_filename.partition("\0")[0].encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _link(entry: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(entry.external_attr >> 16)


def _junk(shown: str) -> bool:
    return any(part.lower().startswith(_JUNK) for part in PurePosixPath(shown).parts)
