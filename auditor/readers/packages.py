"""Zip packages of XML parts (docx, ofd, odt, xlsx): opened within limits that trust nothing the file says of itself."""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from itertools import pairwise
from typing import IO, TYPE_CHECKING

from auditor.errors import UnreadableFile
from auditor.expressions import expression
from auditor.readers.isolation import broken
from auditor.readers.limits import limits
from auditor.words import Message

if TYPE_CHECKING:
    from lxml.etree import _Element

_MB = 1024 * 1024
_CHUNK = 64 * 1024
_FREE = _MB  # parts up to this size may be compressed as well as they like
_DTD = expression(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# What zipfile raises at damaged archives, in opening and in reading.
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    IndexError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
_NAMES_ROOM = 400  # bytes that an entry of a zip directory may take
ENTITIES = Message("entities")


class Package:
    """The parts of a zip package by name; the whole may not unpack to more than the limits allow."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._left = limits().unpacked * _MB
        self._archive = _open(data, name)
        self._entries = _entries(self._archive, name)

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the parts, in the order of the directory."""
        return tuple(self._entries)

    def find(self, part: str) -> str | None:
        """The name under which ``part`` is stored: writers differ in case, slashes and ``./``."""
        plain = normal(part)
        if plain in self._entries:
            return plain
        return next((name for name in self._entries if name.lower() == plain.lower()), None)

    def read(self, part: str) -> bytes:
        """The bytes of a part. Raises KeyError where there is none, ``UnreadableFile`` beyond the limits."""
        stored = self.find(part)
        if stored is None:
            raise KeyError(part)
        entry = self._entries[stored]
        if entry.flag_bits & 1:
            raise UnreadableFile(self.name, "encrypted", Message("encrypted"))
        try:
            with self._archive.open(entry) as stream:
                return self._bounded(stream, max(entry.compress_size, 1))
        except _ZIP_ERRORS as error:
            reason = Message("unreadable_part", {"part": stored, "error": type(error).__name__})
            raise broken(self.name, reason) from None

    def xml(self, part: str) -> _Element:
        """The root of an XML part. Raises like ``read``."""
        return parse_xml(self.read(part), self.name)

    def _bounded(self, stream: IO[bytes], packed: int) -> bytes:
        allowed = limits()
        chunks: list[bytes] = []
        size = 0
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            self._left -= len(chunk)
            chunks.append(chunk)
            if size > allowed.part * _MB or self._left < 0 or (size > _FREE and size > packed * allowed.ratio):
                raise _bomb(self.name)
        return b"".join(chunks)


def normal(part: str) -> str:
    """A part's name with forward slashes and without a leading one, ``.`` or ``..``."""
    return posixpath.normpath("/" + part.replace("\\", "/")).lstrip("/")


def parse_xml(data: bytes, name: str) -> _Element:
    """The root of an XML document without DTD, entities or network. Raises ``UnreadableFile``."""
    from lxml import etree

    if _declares_type(data):
        raise UnreadableFile(name, "crash", ENTITIES)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        reason = str(error).split(", line")[0][:60] or "XMLSyntaxError"
        raise broken(name, Message("bad_xml", {"error": reason})) from None


def _declares_type(data: bytes) -> bool:
    """Whether a document type stands before the root element, in whatever encoding."""
    codec = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:4] else "latin-1"
    if codec == "utf-16" and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        codec = "utf-16-be" if data[:1] == b"\0" else "utf-16-le"
    return bool(_DTD.search(data[:_MB].decode(codec, "replace")))


def _open(data: bytes, name: str) -> zipfile.ZipFile:
    most = limits().members
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    told = int.from_bytes(data[end + 10 : end + 12], "little") if end >= 0 else 0
    size = int.from_bytes(data[end + 12 : end + 16], "little") if end >= 0 else 0
    # Counted before it is opened: opening makes an object for every entry.
    if told > most or size > most * _NAMES_ROOM:
        raise UnreadableFile(name, "too_large", Message("many_members", {"most": most}))
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except _ZIP_ERRORS as error:
        raise broken(name, Message("bad_archive", {"error": str(error)})) from None


def _entries(archive: zipfile.ZipFile, name: str) -> dict[str, zipfile.ZipInfo]:
    found = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(found) > limits().members:
        raise UnreadableFile(name, "too_large", Message("many_members", {"most": limits().members}))
    places = sorted((entry.header_offset, entry.compress_size) for entry in found)
    for (start, size), (after, _) in pairwise(places):
        if start + 30 + size > after:
            raise _bomb(name)
    entries: dict[str, zipfile.ZipInfo] = {}
    for entry in found:
        entries.setdefault(normal(entry.filename), entry)
    return entries


def _bomb(name: str) -> UnreadableFile:
    return UnreadableFile(name, "too_large", Message("bomb"))
