"""What a file is, from its content: a suffix is only believed where the content leaves the choice open."""

from __future__ import annotations

import posixpath
import re
import struct

from auditor.expressions import expression

_HEAD = 4096
_SPACE = b" \t\r\n\x00"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_HTML = expression(
    rb"<(?:!doctype\s+html|html|head|body|meta|title|table|div|p|span|font|center|style|script)[\s>/]", re.I
)
_PAGE = expression(rb"<(?:!doctype\s+html|html)[\s>]", re.I)
_MARKDOWN = (".md", ".markdown")
_MIME = expression(rb"(?:^|\n)(?:MIME-Version|Content-Type)\s*:", re.I)
_MIME_HEADER = expression(rb"[A-Za-z][A-Za-z0-9-]*:[ \t]")
_OLE_STREAMS = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("PowerPoint Document", "ppt"),
    ("MatOST", "doc"),
)
_IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_ARCHIVES = ((b"Rar!\x1a\x07", "rar"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"\x1f\x8b", "gzip"))
_WORD_XML = (b"schemas.microsoft.com/office/word/2003/wordml", b"schemas.microsoft.com/office/2006/xmlPackage")
_ENTRIES_READ = 5_000


def sniff(data: bytes, name: str) -> str:
    """The kind of the content: a key of ``FORMATS``, or a word for something known that cannot be read.

    ``text`` is anything else; whether that is text at all is for decoding to say. ``name`` decides where the
    content leaves it open: plain text, Markdown, web pages without any tag at the beginning.
    """
    suffix = suffix_of(name)
    if not data:
        return "text"
    return _binary(data) or _marked(data, suffix) or ("md" if suffix in _MARKDOWN else "text")


def suffix_of(name: str) -> str:
    """The suffix of a file's name in small letters, with its dot; empty where there is none."""
    return posixpath.splitext(name.replace("\\", "/"))[1].lower()


def _binary(data: bytes) -> str | None:
    head = data[:_HEAD]
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"):
        return _zipped(data)
    if data.startswith(_OLE[:4]):
        return next((kind for stream, kind in _OLE_STREAMS if stream.encode("utf-16-le") in data), "doc")
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.lstrip(_SPACE + b"\xef\xbb\xbf").startswith(b"{\\rtf"):
        return "rtf"
    if _is_image(head):
        return "image"
    return next((kind for magic, kind in _ARCHIVES if data.startswith(magic)), None)


def _is_image(head: bytes) -> bool:
    if head.startswith(b"BM"):  # a short magic: the rest of a bitmap's header is zeros that no text holds
        return head[6:10] == b"\0\0\0\0" and len(head) > 10
    return head.startswith(_IMAGES)


def _marked(data: bytes, suffix: str) -> str | None:
    head = _readable_head(data)
    if head.startswith(b"<") and any(word in head for word in _WORD_XML):
        return "wordxml"
    if (
        _MIME_HEADER.match(head)
        and _MIME.search(head)
        and (b"multipart/" in head.lower() or suffix in (".mht", ".mhtml"))
    ):
        return "mhtml"
    if head.startswith(b"<") and (_PAGE if suffix in _MARKDOWN else _HTML).search(head):
        return "html"
    return None


def _readable_head(data: bytes) -> bytes:
    """The beginning in ASCII, whatever the encoding; other characters become ``?``."""
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return data[len(mark) : _HEAD * 2].decode(codec, "replace").encode("ascii", "replace").lstrip()
    return data[:_HEAD].lstrip(_SPACE)


def _zipped(data: bytes) -> str:
    names = _entry_names(data)
    if "[Content_Types].xml" in names or any(name.startswith("word/") for name in names):
        return next((kind for part, kind in _OFFICE_PARTS if any(name.startswith(part) for name in names)), "docx")
    if "OFD.xml" in names or any(name.lower() == "ofd.xml" for name in names):
        return "ofd"
    if "content.xml" in names and names & {"mimetype", "META-INF/manifest.xml"}:
        return "ods" if _SPREADSHEET in data[:200] else "odt"
    return "zip"


_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_OFFICE_PARTS = (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx"))


def _entry_names(data: bytes) -> frozenset[str]:
    """The names in a zip's directory, or of the entries met on the way where there is no directory.

    Read by hand: opening the archive would make one object for each of perhaps a million entries.
    """
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if end < 0 or len(data) < end + 22:
        return _local_names(data)
    size, place = struct.unpack_from("<II", data, end + 12)
    place = max(0, min(place, end - size))
    names: set[str] = set()
    while len(names) < _ENTRIES_READ and data[place : place + 4] == b"PK\x01\x02" and place + 46 <= len(data):
        lengths = struct.unpack_from("<HHH", data, place + 28)
        names.add(_name(data[place + 46 : place + 46 + lengths[0]]))
        place += 46 + sum(lengths)
    return frozenset(names)


def _local_names(data: bytes) -> frozenset[str]:
    names: set[str] = set()
    place = 0
    while place >= 0 and len(names) < _ENTRIES_READ and len(data) >= place + 30:
        length = struct.unpack_from("<H", data, place + 26)[0]
        names.add(_name(data[place + 30 : place + 30 + length]))
        place = data.find(b"PK\x03\x04", place + 30)
    return frozenset(names)


def _name(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").replace("\\", "/").removeprefix("/")
