"""Word documents: paragraphs, tables and text boxes in reading order, as a person sees them on the page."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditor.errors import UnreadableFile
from auditor.expressions import expression
from auditor.readers.assembly import Paragraph, assemble, clean, table_row
from auditor.readers.isolation import broken
from auditor.readers.numbering import Counter, child, local, number, read_lists, value
from auditor.readers.packages import Package
from auditor.report import Extracted
from auditor.words import Message

if TYPE_CHECKING:
    from lxml.etree import _Element

_LARGE = 1_800_000  # 5 cm in English metric units: smaller pictures are seals, logos and signatures
_LONGEST_STOPPED = 30

# Elements whose content a person does not see, or that hold no content.
# fmt: off
_UNSEEN = frozenset({
    "del", "moveFrom", "instrText", "delInstrText", "delText", "pPr", "rPr", "tblPr", "trPr", "tcPr", "sdtPr",
    "sdtEndPr", "sectPr", "rt", "rubyPr", "annotationRef", "footnoteRef", "endnoteRef", "commentReference", "fldData",
    "pgNum", "proofErr", "bookmarkStart", "bookmarkEnd", "Fallback", "tblGrid",
})
# fmt: on
_CONTENTS = expression(r"toc (?:\d|heading)")
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
_PICTURE = frozenset({"drawing", "pict", "object"})


def read(data: bytes, name: str, encoding: str | None = None) -> Extracted:
    """The body of a Word document; footnotes at the end, headers and footers left out. Raises ``UnreadableFile``."""
    package = Package(data, name)
    main = _main_part(package)
    root = package.xml(main)
    related = _related(package, main)
    styles = _read_styles(_optional(package, related.get("styles")))
    lists = read_lists(_optional(package, related.get("numbering")), styles.numbering_lists())
    body = child(root, "body")
    if body is None:
        raise broken(name, Message("no_body"))
    notes = {kind: _optional(package, related.get(kind)) for kind in ("footnotes", "endnotes")}
    document = _Document(styles, Counter(lists))
    paragraphs = [*document.blocks(body), *document.notes(notes)]
    if not any(clean(paragraph.text) for paragraph in paragraphs):
        raise _nothing(name, document)
    return assemble(_plausible(paragraphs), "docx", warnings=document.warnings())


def _nothing(name: str, document: _Document) -> UnreadableFile:
    if document.embedded:
        return UnreadableFile(name, "unsupported", Message("embedded"))
    if document.pictures:
        return UnreadableFile(name, "no_text", Message("only_pictures"))
    return UnreadableFile(name, "empty", Message("no_words"))


def _plausible(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """The paragraphs, without heading levels where most of the text has one: then styles were used for their looks."""
    headed = sum(len(each.text) for each in paragraphs if each.heading_level)
    if headed * 2 < sum(len(each.text) for each in paragraphs):
        return paragraphs
    return [Paragraph(each.text, None, each.page, each.table) for each in paragraphs]


# ---- the parts of the package


def _main_part(package: Package) -> str:
    found = _relations(package, "").get("officeDocument")
    for part in (found, "word/document.xml"):
        if part and package.find(part):
            return part
    raise broken(package.name, Message("no_body"))


def _related(package: Package, main: str) -> dict[str, str]:
    folder = posixpath.dirname(main)
    usual = {kind: f"{folder}/{kind}.xml" for kind in ("styles", "numbering", "footnotes", "endnotes")}
    return usual | _relations(package, main)


def _relations(package: Package, part: str) -> dict[str, str]:
    """The parts that a part refers to inside the package, by the last word of the kind of relation."""
    folder, file = posixpath.split(part)
    try:
        root = package.xml(posixpath.join(folder, "_rels", f"{file}.rels"))
    except KeyError:
        return {}
    inside = [each for each in root if local(each) == "Relationship" and each.get("TargetMode") != "External"]
    return {
        (each.get("Type") or "").rpartition("/")[2]: posixpath.join("/", folder, each.get("Target") or "")
        for each in inside
    }


def _optional(package: Package, part: str | None) -> _Element | None:
    try:
        return package.xml(part) if part else None
    except KeyError:
        return None


# ---- styles


@dataclass(frozen=True, slots=True)
class _Style:
    based_on: str | None
    properties: _Element | None
    run: _Element | None
    name: str


@dataclass(frozen=True, slots=True)
class _Styles:
    """The styles by id; a property is looked up along the chain of styles that a style is based on."""

    by_id: Mapping[str, _Style]
    default: str | None

    def chain(self, style: str | None) -> Iterator[tuple[str, _Style]]:
        seen: set[str] = set()
        while style is not None and style in self.by_id and style not in seen:
            seen.add(style)
            yield style, self.by_id[style]
            style = self.by_id[style].based_on

    def paragraph_property(self, properties: _Element | None, style: str | None, name: str) -> _Element | None:
        """A property of a paragraph: its own, else the nearest style's."""
        own = child(properties, name)
        if own is not None:
            return own
        found = (child(each.properties, name) for _, each in self.chain(style))
        return next((each for each in found if each is not None), None)

    def hides(self, style: str | None) -> bool:
        marks = (child(each.run, "vanish") for _, each in self.chain(style))
        return _is_on(next((mark for mark in marks if mark is not None), None))

    def is_contents(self, style: str | None) -> bool:
        """Whether a paragraph is a line of the table of contents, which only repeats the headings."""
        return any(_CONTENTS.fullmatch(each.name) for _, each in self.chain(style))

    def numbering_lists(self) -> dict[str, str]:
        found = {style: value(child(each.properties, "numPr", "numId")) for style, each in self.by_id.items()}
        return {style: list_id for style, list_id in found.items() if list_id}


def _read_styles(root: _Element | None) -> _Styles:
    by_id: dict[str, _Style] = {}
    default = None
    for element in [] if root is None else root:
        if local(element) != "style":
            continue
        style = value(element, "styleId") or ""
        kind = value(element, "type")
        by_id[style] = _Style(
            value(child(element, "basedOn")),
            child(element, "pPr"),
            child(element, "rPr"),
            (value(child(element, "name")) or "").lower(),
        )
        if kind == "paragraph" and value(element, "default") in ("1", "true", "on"):
            default = style
    return _Styles(by_id, default)


def _is_on(element: _Element | None) -> bool:
    return element is not None and value(element) not in ("0", "false", "off", "none")


# ---- the body


@dataclass(slots=True)
class _Document:
    """The walk through the body. ``boxes`` are text boxes met in a paragraph: they are read once it is finished."""

    styles: _Styles
    counter: Counter
    boxes: list[_Element] = field(default_factory=list)
    noted: list[tuple[str, str]] = field(default_factory=list)
    carried: str = ""
    embedded: int = 0
    pictures: int = 0
    large_pictures: int = 0

    def warnings(self) -> Iterator[Message]:
        """What was seen and not read."""
        if self.embedded:
            yield Message("embedded")
        if self.large_pictures:
            yield Message("large_pictures", {"count": self.large_pictures})

    def blocks(self, parent: _Element) -> Iterator[Paragraph]:
        """The paragraphs and table rows below a body, cell, text box or content control."""
        for element in parent:
            kind = local(element)
            if kind == "p":
                yield from self._paragraph(element)
                yield from self._emptied_boxes()
            elif kind == "tbl":
                yield from self._table(element)
            elif kind == "altChunk":
                self.embedded += 1
            elif kind not in _UNSEEN and not _placeholder(element):
                yield from self.blocks(element)

    def notes(self, parts: Mapping[str, _Element | None]) -> Iterator[Paragraph]:
        """The footnotes and endnotes that the body refers to, in the order of their marks."""
        for kind, note_id in list(self.noted):
            for note in [] if (root := parts[kind]) is None else root:
                if value(note, "id") == note_id:
                    yield from self.blocks(note)

    def _emptied_boxes(self) -> Iterator[Paragraph]:
        while self.boxes:
            yield from self.blocks(self.boxes.pop(0))

    # -- paragraphs

    def _paragraph(self, element: _Element) -> Iterator[Paragraph]:
        properties = child(element, "pPr")
        style = value(child(properties, "pStyle")) or self.styles.default
        hidden = self.styles.hides(style)
        text = "".join(self._texts(element, hidden))
        mark = child(properties, "rPr")
        # The mark of this paragraph was deleted or is not shown: its text runs on into the next.
        if child(mark, "del") is not None or child(mark, "moveFrom") is not None or _is_on(child(mark, "specVanish")):
            self.carried += text
            return
        if not text.strip() and (hidden or _is_on(child(mark, "vanish"))):
            return
        text, self.carried = self.carried + text, ""
        label = self._label(properties, style)
        if not clean(text) or self.styles.is_contents(style):
            return
        text = text.lstrip() if label else text
        if label.endswith(". ") and not text[0].isalnum():
            label = label[:-1]
        yield Paragraph(label + text, self._heading_level(properties, style, text))

    def _label(self, properties: _Element | None, style: str | None) -> str:
        own = child(properties, "numPr")
        list_id = value(child(own, "numId"))
        at = value(child(own, "ilvl"))
        if list_id is None:
            list_id, styled = self._list_of_style(style)
            at = styled if at is None else at
        if list_id is None or list_id == "0":
            return ""
        return self.counter.label(list_id, number(at, 0))

    def _list_of_style(self, style: str | None) -> tuple[str | None, str | None]:
        """The list that a style puts its paragraphs in, and the level: the list's own link to the style comes first."""
        chain = list(self.styles.chain(style))
        for _, each in chain:
            found = child(each.properties, "numPr")
            list_id = value(child(found, "numId"))
            if list_id is None:
                continue
            levels = self.counter.lists[list_id].levels if list_id in self.counter.lists else {}
            linked = {level.style: str(at) for at, level in levels.items() if level.style}
            at = next((linked[name] for name, _ in chain if name in linked), None)
            return list_id, at or value(child(found, "ilvl"))
        return None, None

    def _heading_level(self, properties: _Element | None, style: str | None, text: str) -> int | None:
        outline = value(self.styles.paragraph_property(properties, style, "outlineLvl"))
        level = number(outline, 9) if outline is not None else 9
        shown = text.strip()
        if not 0 <= level <= 8 or (shown.endswith(("。", "\uff1b")) and len(shown) > _LONGEST_STOPPED):
            return None
        return level + 1

    def _texts(self, element: _Element, hidden: bool) -> Iterator[str]:
        """The visible characters below an element of a paragraph."""
        for each in element:
            kind = local(each)
            if kind == "t":
                if not hidden:
                    yield each.text or ""
            elif kind in _SIGNS:
                if not hidden:
                    yield _SIGNS[kind]
            elif kind == "r":
                yield from self._texts(each, self._is_hidden(each, hidden))
            elif kind in ("footnoteReference", "endnoteReference"):
                self.noted.append((f"{kind.removesuffix('Reference')}s", value(each, "id") or ""))
            elif kind == "txbxContent":
                if not hidden:
                    self.boxes.append(each)
            elif kind == "AlternateContent":
                yield from self._texts(_alternative(each), hidden)
            elif kind not in _UNSEEN and not _placeholder(each):
                if kind in _PICTURE:
                    self._count_picture(each)
                yield from self._texts(each, hidden)

    def _is_hidden(self, run: _Element, paragraph_hidden: bool) -> bool:
        properties = child(run, "rPr")
        own = child(properties, "vanish")
        if own is not None:
            return _is_on(own)
        style = value(child(properties, "rStyle"))
        return paragraph_hidden or (style is not None and self.styles.hides(style))

    def _count_picture(self, element: _Element) -> None:
        inside = {local(each) for each in element.iter("{*}blip", "{*}imagedata", "{*}extent", "{*}txbxContent")}
        if "txbxContent" in inside or not inside & {"blip", "imagedata"}:
            return
        self.pictures += 1
        extent = next(iter(element.iter("{*}extent")), None)
        if extent is not None and min(number(extent.get("cx"), 0), number(extent.get("cy"), 0)) > _LARGE:
            self.large_pictures += 1

    # -- tables

    def _table(self, table: _Element) -> Iterator[Paragraph]:
        for row in _below(table, "tr"):
            properties = child(row, "trPr")
            if child(properties, "del") is not None or _is_on(child(properties, "hidden")):
                continue
            yield from self._row(row)

    def _row(self, row: _Element) -> Iterator[Paragraph]:
        """A row as one paragraph with its cells set apart; a row that is only there for the layout, as its content."""
        cells: list[list[Paragraph]] = []
        nested: list[Paragraph] = []
        for cell in _below(row, "tc"):
            merge = child(cell, "tcPr", "vMerge")
            if merge is not None and value(merge) != "restart":
                cells.append([])
                continue
            found = list(self.blocks(cell))
            cells.append([each for each in found if not each.table])
            nested += [each for each in found if each.table]
        yield from table_row(cells)
        yield from nested


def _below(element: _Element, name: str) -> Iterator[_Element]:
    """The rows of a table or cells of a row, also inside content controls and tracked changes."""
    for each in element:
        kind = local(each)
        if kind == name:
            yield each
        elif kind in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"):
            yield from _below(each, name)


def _alternative(element: _Element) -> _Element:
    """What to read of content that is there twice, for new and for old programs."""
    choices = [each for each in element if local(each) == "Choice"]
    fallback = child(element, "Fallback")
    return choices[0] if choices else (element if fallback is None else fallback)


def _placeholder(element: _Element) -> bool:
    """Whether a content control only shows its prompt."""
    return local(element) == "sdt" and _is_on(child(element, "sdtPr", "showingPlcHdr"))
