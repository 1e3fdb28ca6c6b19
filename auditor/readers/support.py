"""What this installation can read: the libraries and programs behind each format, and what is missing."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

from auditor.readers import FORMATS
from auditor.readers.ocr import available as recognises
from auditor.readers.programs import soffice

State = Literal["full", "partial", "none"]


@dataclass(frozen=True, slots=True)
class Support:
    """One format: ``by`` reads it, ``missing`` would make it readable or more so, ``loses`` says what is lost without."""

    kind: str
    suffixes: tuple[str, ...]
    state: State
    by: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    loses: str | None = None


# The libraries of the core that each format needs; they can only be missing where the installation is damaged.
_LIBRARIES = {
    "docx": ("lxml",),
    "pdf": ("pypdfium2",),
    "ofd": ("lxml",),
    "html": ("lxml",),
    "mhtml": ("lxml",),
    "odt": ("lxml",),
    "xlsx": ("lxml",),
}
_OCR = ("rapidocr", "onnxruntime")
_NAMED = frozenset({"text", "md", "docx", "pdf", "ofd", "html", "mhtml", "rtf", "odt", "xlsx", "zip"})


def support() -> Iterator[Support]:
    """Every format of reports, the ones that can be read without anything else first."""
    for kind, each in FORMATS.items():
        if kind in _NAMED:
            libraries = _LIBRARIES.get(kind, ())
            missing = tuple(name for name in libraries if find_spec(name) is None)
            yield Support(kind, each.suffixes, "none" if missing else "full", tuple(map(_version, libraries)), missing)
    yield _word()
    yield _scans()


def memory_is_limited() -> bool:
    """Whether the platform lets a parser's memory be limited."""
    return sys.platform.startswith("linux")


def _word() -> Support:
    """Word before docx: LibreOffice reads all of it, the library loses automatic numbers."""
    suffixes = FORMATS["doc"].suffixes
    program = soffice()
    if program is not None:
        return Support("doc", suffixes, "full", (f"LibreOffice ({program})",))
    if find_spec("olefile") is not None:
        return Support("doc", suffixes, "partial", (_version("olefile"),), ("LibreOffice",), "numbering")
    return Support("doc", suffixes, "none", (), ("LibreOffice", "olefile"))


def _scans() -> Support:
    suffixes = (".pdf", ".ofd")
    if recognises():
        return Support("scan", suffixes, "full", tuple(map(_version, _OCR)))
    return Support("scan", suffixes, "none", (), _OCR, "scans")


def _version(library: str) -> str:
    try:
        return f"{library} {importlib.metadata.version(library)}"
    except importlib.metadata.PackageNotFoundError:
        return library
