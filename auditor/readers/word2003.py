"""The XML of Word 2003: Word wrote the labels of its lists beside the paragraphs, so nothing has to be counted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from auditor.errors import UnreadableFile
from auditor.readers.assembly import Paragraph, assemble, clean
from auditor.readers.isolation import broken
from auditor.readers.numbering import child, local, number, value
from auditor.readers.packages import parse_xml
from auditor.report import Extracted
from auditor.words import Message

if TYPE_CHECKING:
    from lxml.etree import _Element

_UNSEEN = frozenset(
    {"pPr", "rPr", "tblPr", "trPr", "tcPr", "sectPr", "instrText", "delText", "delInstrText", "hdr", "ftr"}
)
_SIGNS = {"tab": "\t", "br": "\n", "noBreakHyphen": "-"}


def read(data: bytes, name: str) -> Extracted:
    """The body of a document. Raises ``UnreadableFile``."""
    root = parse_xml(data, name)
    body = child(root, "body")
    if body is None:
        raise broken(name, Message("no_body"))
    levels = {value(each, "styleId"): child(each, "pPr", "outlineLvl") for each in root.iter("{*}style")}
    paragraphs = list(_blocks(body, {style: value(level) for style, level in levels.items()}))
    if not any(clean(each.text) for each in paragraphs):
        raise UnreadableFile(name, "empty", Message("no_words"))
    return assemble(paragraphs, "wordxml")


def _blocks(parent: _Element, levels: dict[str | None, str | None]) -> Iterator[Paragraph]:
    for element in parent:
        kind = local(element)
        if kind == "p":
            properties = child(element, "pPr")
            label = value(child(properties, "listPr", "t")) or ""
            gap = " " if label and (label[-1] == "." or label[-1].isalnum()) else ""
            told = value(child(properties, "outlineLvl")) or levels.get(value(child(properties, "pStyle")))
            level = number(told, 9)
            text = "".join(_texts(element))
            if clean(text):
                yield Paragraph(label + gap + text, level + 1 if 0 <= level < 9 else None)
        elif kind == "tr":
            cells = [" ".join(each.text for each in _blocks(cell, levels)) for cell in element if local(cell) == "tc"]
            yield Paragraph("\t".join(" ".join(cell.split()) for cell in cells), table=True)
        elif kind not in _UNSEEN and not _deleted(element):
            yield from _blocks(element, levels)


def _texts(parent: _Element) -> Iterator[str]:
    for element in parent:
        kind = local(element)
        if kind == "t":
            yield element.text or ""
        elif kind in _SIGNS:
            yield _SIGNS[kind]
        elif kind == "r" and child(element, "rPr", "vanish") is not None:
            continue
        elif kind not in _UNSEEN and not _deleted(element):
            yield from _texts(element)


def _deleted(element: _Element) -> bool:
    return local(element) == "annotation" and (value(element, "type") or "").endswith("Deletion")
