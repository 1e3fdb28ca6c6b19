"""OpenDocument texts: paragraphs with the labels of their lists and outline, tables, text boxes, footnotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditor.errors import UnreadableFile
from auditor.expressions import expression
from auditor.readers.assembly import Paragraph, assemble, clean, table_row
from auditor.readers.isolation import broken
from auditor.readers.numbering import child, local, number, numeral, value
from auditor.readers.packages import Package
from auditor.report import Extracted
from auditor.words import Message

if TYPE_CHECKING:
    from lxml.etree import _Element

_PLACEHOLDER = expression(r"%(\d+)%")
_LONGEST_REPEAT = 200
_LONGEST_STOPPED = 30

# Elements whose content a person does not see; deleted text stands only in ``tracked-changes``.
# fmt: off
_UNSEEN = frozenset({
    "tracked-changes", "sequence-decls", "variable-decls", "user-field-decls", "dde-connection-decls", "forms",
    "annotation", "annotation-end", "note-citation", "ruby-text", "hidden-text", "table-of-content", "script",
    "change", "change-start", "change-end", "bookmark", "bookmark-start", "bookmark-end", "reference-mark",
    "covered-table-cell", "title", "desc", "event-listeners", "soft-page-break", "table-columns", "table-column",
    "alphabetical-index-mark", "toc-mark", "user-index-mark",
})
# fmt: on
_SIGNS = {"tab": "\t", "line-break": "\n"}
_FORMATS = {
    "一, 二, 三, ...": "chineseCountingThousand",
    "壹, 贰, 叁, ...": "chineseLegalSimplified",
    "壹, 貳, 參, ...": "chineseLegalSimplified",
    "甲, 乙, 丙, ...": "ideographTraditional",
    "子, 丑, 寅, ...": "ideographZodiac",
    "①, ②, ③, ...": "decimalEnclosedCircle",
    "\uff11, \uff12, \uff13, ...": "decimalFullWidth",
    "I": "upperRoman",
    "i": "lowerRoman",
    "A": "upperLetter",
    "a": "lowerLetter",
}


def read(data: bytes, name: str, encoding: str | None = None) -> Extracted:
    """The body of an OpenDocument text; notes at the end, headers and footers left out. Raises ``UnreadableFile``."""
    package = Package(data, name)
    if _encrypted(package):
        raise UnreadableFile(name, "encrypted", Message("password"))
    try:
        content = package.xml("content.xml")
    except KeyError:
        raise broken(name, Message("no_body")) from None
    body = child(content, "body", "text")
    if body is None:
        raise broken(name, Message("no_body"))
    try:
        shared = package.xml("styles.xml")
    except KeyError:
        shared = None
    document = _Document(_Styles.of([each for each in (shared, content) if each is not None]))
    paragraphs = [*document.blocks(body), *document.kept_notes()]
    if not any(clean(paragraph.text) for paragraph in paragraphs):
        if document.pictures:
            raise UnreadableFile(name, "no_text", Message("only_pictures"))
        raise UnreadableFile(name, "empty", Message("no_words"))
    warnings = [Message("pictures", {"count": document.pictures})] if document.pictures else []
    return assemble(paragraphs, "odt", warnings=warnings)


def _encrypted(package: Package) -> bool:
    if package.find("META-INF/manifest.xml") is None:
        return False
    return b"encryption-data" in package.read("META-INF/manifest.xml")


# ---- styles and lists


@dataclass(frozen=True, slots=True)
class _Level:
    """One level of a list: its label is ``text`` with every ``%n%`` replaced by the count of level n."""

    format: str
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class _Styles:
    lists: Mapping[str, Mapping[int, _Level]]
    outline: Mapping[int, _Level]
    hidden: frozenset[str]
    parents: Mapping[str, str]
    list_of: Mapping[str, str]

    @staticmethod
    def of(roots: list[_Element]) -> _Styles:
        lists: dict[str, Mapping[int, _Level]] = {}
        outline: Mapping[int, _Level] = {}
        hidden: set[str] = set()
        parents: dict[str, str] = {}
        list_of: dict[str, str] = {}
        for root in roots:
            for element in root.iter("{*}list-style", "{*}outline-style", "{*}style"):
                style = value(element, "name") or ""
                if local(element) == "list-style":
                    lists[style] = _levels(element)
                elif local(element) == "outline-style":
                    outline = _levels(element)
                else:
                    if value(child(element, "text-properties"), "display") == "none":
                        hidden.add(style)
                    parents[style] = value(element, "parent-style-name") or ""
                    named = value(element, "list-style-name")
                    if named is not None:
                        list_of[style] = named
        return _Styles(lists, outline, frozenset(hidden), parents, list_of)

    def chain(self, style: str | None) -> Iterator[str]:
        seen: set[str] = set()
        while style and style not in seen:
            seen.add(style)
            yield style
            style = self.parents.get(style)

    def hides(self, style: str | None) -> bool:
        return any(each in self.hidden for each in self.chain(style))

    def leaves_outline(self, style: str | None) -> bool:
        """Whether the paragraph's style takes it out of every list."""
        return next((self.list_of[each] == "" for each in self.chain(style) if each in self.list_of), False)


def _levels(element: _Element) -> dict[int, _Level]:
    found: dict[int, _Level] = {}
    for each in element:
        at = number(value(each, "level"), 0)
        if at and local(each) in ("list-level-style-number", "outline-level-style"):
            found[at] = _level(each, at)
    return found


def _level(element: _Element, at: int) -> _Level:
    told = value(element, "num-format") or ""
    text = value(element, "num-list-format")
    if text is None:
        shown = min(number(value(element, "display-levels"), 1), at)
        numbers = ".".join(f"%{each}%" for each in range(at - shown + 1, at + 1)) if told else ""
        text = (value(element, "num-prefix") or "") + numbers + (value(element, "num-suffix") or "")
    return _Level(_FORMATS.get(told, "decimal" if told else "none"), text, number(value(element, "start-value"), 1))


@dataclass(slots=True)
class _Counter:
    """Counts of one list by level, from 1."""

    counts: dict[int, int] = field(default_factory=dict)

    def label(self, at: int, levels: Mapping[int, _Level], start: int | None = None) -> str:
        level = levels.get(at)
        if level is None:
            return ""
        if start is not None:
            self.counts[at] = start
        else:
            self.counts[at] = self.counts[at] + 1 if at in self.counts else level.start
        for deeper in [each for each in self.counts if each > at]:
            del self.counts[deeper]
        if level.format == "none" and _PLACEHOLDER.sub("", level.text) == "":
            return ""
        label = _PLACEHOLDER.sub(lambda found: self._shown(int(found[1]), levels), level.text)
        return label + (" " if label and (label[-1] == "." or label[-1].isalnum()) else "")

    def _shown(self, at: int, levels: Mapping[int, _Level]) -> str:
        level = levels.get(at)
        if level is None or level.format == "none":
            return ""
        return numeral(self.counts.get(at, level.start), level.format)


@dataclass(slots=True)
class _Place:
    """Where in a list a paragraph stands; a label is given to the first paragraph of an item only."""

    style: str
    at: int
    counter: _Counter
    labelled: bool = True
    start: int | None = None


# ---- the body


@dataclass(slots=True)
class _Document:
    """The walk through the body; text boxes and notes are read after the paragraph that holds them."""

    styles: _Styles
    outline: _Counter = field(default_factory=_Counter)
    counters: dict[str, _Counter] = field(default_factory=dict)
    boxes: list[_Element] = field(default_factory=list)
    notes: list[_Element] = field(default_factory=list)
    pictures: int = 0

    def blocks(self, parent: _Element, place: _Place | None = None) -> Iterator[Paragraph]:
        """The paragraphs and table rows below a body, section, cell, note, text box or list item."""
        for element in parent:
            kind = local(element)
            if kind in ("p", "h"):
                yield from self._paragraph(element, place)
                while self.boxes:
                    yield from self.blocks(self.boxes.pop(0))
            elif kind == "list":
                yield from self._list(element, place)
            elif kind == "table":
                yield from self._table(element)
            elif kind == "frame":
                yield from self._frame(element)
            elif kind not in _UNSEEN and value(element, "display") != "none":
                yield from self.blocks(element, place)

    def kept_notes(self) -> Iterator[Paragraph]:
        """Footnotes and endnotes in the order of their marks."""
        while self.notes:
            yield from self.blocks(self.notes.pop(0))

    # -- lists

    def _list(self, element: _Element, outer: _Place | None) -> Iterator[Paragraph]:
        style = value(element, "style-name") or (outer.style if outer else "")
        at = outer.at + 1 if outer else 1
        counter = outer.counter if outer and style == outer.style else self._counter(element, style)
        for item in element:
            kind = local(item)
            start = value(item, "start-value")
            place = _Place(style, at, counter, kind != "list-item", None if start is None else number(start, 1))
            if kind in ("list-item", "list-header"):
                yield from self.blocks(item, place)

    def _counter(self, element: _Element, style: str) -> _Counter:
        continued = value(element, "continue-list")
        goes_on = continued is not None or value(element, "continue-numbering") == "true"
        counter = self.counters.get(continued or style) if goes_on else None
        counter = counter or self.counters.get(style) if goes_on else _Counter()
        counter = counter or _Counter()
        self.counters[style] = counter
        if own := value(element, "id"):
            self.counters[own] = counter
        return counter

    # -- paragraphs

    def _paragraph(self, element: _Element, place: _Place | None) -> Iterator[Paragraph]:
        style = value(element, "style-name")
        hidden = self.styles.hides(style)
        text = "".join(self._texts(element, hidden))
        if not clean(text):
            return
        level = number(value(element, "outline-level"), 1) if local(element) == "h" else None
        label = self._label(element, style, level, place)
        shown = text.strip()
        if shown.endswith(("。", "\uff1b")) and len(shown) > _LONGEST_STOPPED:
            level = None
        if label.endswith(". ") and not shown[0].isalnum():
            label = label[:-1]
        yield Paragraph(label + (text.lstrip() if label else text), level)

    def _label(self, element: _Element, style: str | None, level: int | None, place: _Place | None) -> str:
        if place is not None:
            if place.labelled or value(element, "is-list-header") == "true":
                return ""
            place.labelled = True
            return place.counter.label(place.at, self.styles.lists.get(place.style, {}), place.start)
        if level is None or value(element, "is-list-header") == "true" or self.styles.leaves_outline(style):
            return ""
        start = value(element, "start-value")
        return self.outline.label(level, self.styles.outline, None if start is None else number(start, 1))

    def _texts(self, element: _Element, hidden: bool) -> Iterator[str]:
        """The visible characters below an element of a paragraph."""
        if element.text and not hidden:
            yield _folded(element.text)
        for each in element:
            kind = local(each)
            if kind == "s":
                yield " " * min(number(value(each, "c"), 1), _LONGEST_REPEAT)
            elif kind in _SIGNS:
                yield _SIGNS[kind]
            elif kind == "note":
                self.notes += [part for part in each if local(part) == "note-body"]
            elif kind == "frame":
                self._keep_frame(each)
            elif kind in ("custom-shape", "text-box", "rect"):
                self.boxes.append(each)
            elif kind not in _UNSEEN:
                yield from self._texts(each, hidden or self.styles.hides(value(each, "style-name")))
            if each.tail and not hidden:
                yield _folded(each.tail)

    def _keep_frame(self, frame: _Element) -> None:
        boxes = [each for each in frame if local(each) == "text-box"]
        self.boxes += boxes[:1]
        if not boxes and any(local(each) == "image" for each in frame):
            self.pictures += 1

    def _frame(self, frame: _Element) -> Iterator[Paragraph]:
        self._keep_frame(frame)
        while self.boxes:
            yield from self.blocks(self.boxes.pop(0))

    # -- tables

    def _table(self, table: _Element) -> Iterator[Paragraph]:
        for row in _rows(table):
            yield from self._row(row)

    def _row(self, row: _Element) -> Iterator[Paragraph]:
        """A row as one paragraph with its cells set apart; a row that is only there for the layout, as its content."""
        cells: list[list[Paragraph]] = []
        nested: list[Paragraph] = []
        for cell in row:
            if local(cell) == "covered-table-cell":
                cells.append([])
            if local(cell) != "table-cell":
                continue
            found = list(self.blocks(cell))
            cells.append([each for each in found if not each.table])
            nested += [each for each in found if each.table]
        yield from table_row(cells)
        yield from nested


def _rows(table: _Element) -> Iterator[_Element]:
    for each in table:
        if local(each) == "table-row":
            if value(each, "visibility") not in ("collapse", "filter"):
                yield each
        elif local(each) in ("table-rows", "table-header-rows", "table-row-group"):
            yield from _rows(each)


def _folded(text: str) -> str:
    """Line ends and runs of spaces in the XML are one space to a reader."""
    return re.sub(r"[ \t\r\n]+", " ", text)
