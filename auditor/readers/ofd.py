"""OFD files (GB/T 33190): the characters of text objects with their places, put together into paragraphs."""

from __future__ import annotations

import math
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditor.errors import UnreadableFile
from auditor.expressions import expression
from auditor.readers.geometry import Glyph, Sheet, Stroke, is_wide
from auditor.readers.grids import strokes_of
from auditor.readers.isolation import broken
from auditor.readers.layout import lay_out, too_many_characters, too_many_pages
from auditor.readers.limits import limits
from auditor.readers.packages import ENTITIES, Package
from auditor.report import Extracted
from auditor.words import Message

if TYPE_CHECKING:
    from lxml.etree import _Element

_POINTS = 72 / 25.4  # places in an OFD are millimetres
_A4 = (0.0, 0.0, 210.0, 297.0)
_DEEPEST = 40
_MOST_PATH = 4_000  # a longer path is a drawing or an outline of text
_MOST_SHAPES = 30_000
_COMMAND = expression(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_NUMBERS = {"S": 2, "M": 2, "L": 2, "C": 0}
_LAID_OVER = {"watermark", "highlight", "link"}

_Matrix = tuple[float, float, float, float, float, float]
_SAME: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def read(data: bytes, name: str, encoding: str | None = None) -> Extracted:
    """The paragraphs of an OFD. Pages that show something and give no text are ``unread``.

    Raises ``UnreadableFile`` (``encrypted``, ``too_large``, ``crash``). ``encoding`` says nothing here.
    """
    package = Package(data, name)
    roots = list(_documents(package))
    sheets: list[Sheet] = []
    damaged: list[int] = []
    left = limits().characters
    for root in roots:
        document = _Document(package, root)
        pages = document.pages()
        if len(sheets) + len(damaged) + len(pages) > limits().pages:
            raise too_many_pages(name, len(sheets) + len(damaged) + len(pages))
        for page in pages:
            number = len(sheets) + len(damaged) + 1
            sheet = document.sheet(page, number)
            if sheet is None:
                damaged.append(number)
                continue
            left -= len(sheet.glyphs)
            if left < 0:
                raise too_many_characters(name)
            sheets.append(sheet)
    if not sheets:
        raise broken(name, Message("no_pages"))
    warnings = [Message("lost_pages", {"pages": damaged})] if damaged else []
    return lay_out(sheets, "ofd", warnings=warnings, broken=damaged)


def _documents(package: Package) -> Iterator[str]:
    """The main part of each document in the package."""
    if package.find("Encryptions.xml") or package.find("Encryptions/Encryptions.xml"):
        raise UnreadableFile(package.name, "encrypted", Message("ofd_encrypted"))
    start = package.find("OFD.xml") or _ending(package, "ofd.xml")
    if start is None:
        raise broken(package.name, Message("no_ofd_start"))
    found = [_said(each) for each in package.xml(start).iter() if _local(each) == "DocRoot"]
    parts = [part for each in found if (part := _resolve(package, each, start, "")) is not None]
    if not parts and (only := _ending(package, "document.xml")):
        parts = [only]
    if not parts:
        raise broken(package.name, Message("no_ofd_document"))
    yield from dict.fromkeys(parts)


@dataclass(slots=True)
class _Document:
    """One document of a package: its pages, templates, notes laid over pages, and drawings used several times."""

    package: Package
    part: str
    root: _Element = field(init=False)
    _templates: dict[str, str] = field(init=False)
    _shown: set[str] = field(init=False, default_factory=set)
    _notes: dict[str, list[str]] = field(init=False)
    _drawings: dict[str, _Element] | None = field(init=False, default=None)
    _box: tuple[float, float, float, float] = field(init=False, default=_A4)

    def __post_init__(self) -> None:
        self.root = self.package.xml(self.part)
        common = _child(self.root, "CommonData")
        self._box = _page_box(common, "PageArea") or _A4
        self._templates = {
            each.get("ID", ""): each.get("BaseLoc", "")
            for each in (common if common is not None else ())
            if _local(each) == "TemplatePage"
        }
        self._notes = self._annotated()

    def pages(self) -> list[tuple[str, str]]:
        """The identifier and place of each page, in order."""
        pages = _child(self.root, "Pages")
        return [
            (each.get("ID", ""), each.get("BaseLoc", ""))
            for each in (pages if pages is not None else ())
            if _local(each) == "Page"
        ]

    def sheet(self, page: tuple[str, str], number: int) -> Sheet | None:
        """What a page shows: its templates, its own content and the notes laid over it; None if it is missing."""
        identifier, place = page
        part = _resolve(self.package, place, self.part, "content.xml")
        if part is None:
            return None
        try:
            root = self.package.xml(part)
        except UnreadableFile as error:
            if error.code == "crash" and error.message != ENTITIES:
                return None
            raise
        box = _page_box(root, "Area") or self._box
        drawing = _Drawing(self, box)
        for template in root:
            if _local(template) == "Template":
                self._draw_template(template.get("TemplateID", ""), drawing)
        content = _child(root, "Content")
        if content is not None:
            drawing.draw(content)
        for note in self._notes.get(identifier, ()):
            for annotation in self.package.xml(note).iter():
                if _local(annotation) == "Annot":
                    drawing.annotate(annotation)
        return drawing.sheet(number)

    def drawings(self) -> dict[str, _Element]:
        """The composite drawings of the resources, by identifier."""
        if self._drawings is None:
            self._drawings = {}
            for each in self.root.iter():
                if _local(each) in ("PublicRes", "DocumentRes"):
                    part = _resolve(self.package, _said(each), self.part, "")
                    if part is not None:
                        for unit in self.package.xml(part).iter():
                            if _local(unit) == "CompositeGraphicUnit":
                                self._drawings[unit.get("ID", "")] = unit
        return self._drawings

    def _draw_template(self, identifier: str, drawing: _Drawing) -> None:
        """The template of a page; what it says is said once, however many pages have it."""
        place = self._templates.get(identifier)
        part = _resolve(self.package, place, self.part, "content.xml") if place else None
        if part is None:
            return
        content = _child(self.package.xml(part), "Content")
        if content is not None:
            drawing.draw(content, silent=part in self._shown)
        self._shown.add(part)

    def _annotated(self) -> dict[str, list[str]]:
        """The parts with notes laid over each page."""
        found: dict[str, list[str]] = {}
        listed = _child(self.root, "Annotations")
        part = _resolve(self.package, _said(listed), self.part, "") if listed is not None else None
        if part is None:
            return found
        for page in self.package.xml(part):
            for each in page:
                place = _resolve(self.package, _said(each), part, "") if _local(each) == "FileLoc" else None
                if place:
                    found.setdefault(page.get("PageID", ""), []).append(place)
        return found


class _Drawing:
    """Collects what the objects of a page draw, in points from its upper left."""

    def __init__(self, document: _Document, box: tuple[float, float, float, float]) -> None:
        self._document = document
        self._box = box
        self._glyphs: list[Glyph] = []
        self._strokes: list[Stroke] = []
        self._pictured = 0.0
        self._drawn = 0

    def sheet(self, number: int) -> Sheet:
        """The page so far."""
        _, _, width, height = self._box
        pictured = min(self._pictured / (width * height * _POINTS**2), 1.0)
        glyphs, strokes = tuple(self._glyphs), tuple(self._strokes)
        return Sheet(number, width * _POINTS, height * _POINTS, glyphs, strokes, pictured, self._drawn)

    def draw(self, content: _Element, silent: bool = False) -> None:
        """Draw everything below ``content``; ``silent`` leaves the characters out."""
        left, top, _, _ = self._box
        self._below(content, (_POINTS, 0, 0, _POINTS, -left * _POINTS, -top * _POINTS), silent, 0)

    def annotate(self, annotation: _Element) -> None:
        """Draw the appearance of a note, unless it is a watermark or not shown."""
        if annotation.get("Type", "").lower() in _LAID_OVER or _hidden(annotation):
            return
        for appearance in annotation:
            if _local(appearance) == "Appearance":
                left, top, _, _ = self._box
                x, y = _numbers(appearance.get("Boundary"), 4, (0.0, 0.0, 0.0, 0.0))[:2]
                move = (_POINTS, 0, 0, _POINTS, (x - left) * _POINTS, (y - top) * _POINTS)
                self._below(appearance, move, False, 0)

    def _below(self, element: _Element, matrix: _Matrix, silent: bool, depth: int) -> None:
        if depth > _DEEPEST:
            return
        for each in element:
            kind = _local(each)
            if _hidden(each):
                continue
            if kind == "TextObject":
                if not silent:
                    self._text(each, _own(each, matrix))
            elif kind == "PathObject":
                self._path(each, _own(each, matrix))
            elif kind == "ImageObject":
                _, _, width, height = _numbers(each.get("Boundary"), 4, (0.0, 0.0, 0.0, 0.0))
                self._pictured += abs(width * height) * abs(matrix[0] * matrix[3] - matrix[1] * matrix[2])
            elif kind == "CompositeObject":
                unit = self._document.drawings().get(each.get("ResourceID", ""))
                if unit is not None:
                    self._below(unit, _own(each, matrix), silent, depth + _DEEPEST // 4)
            else:
                self._below(each, matrix, silent, depth + 1)

    def _text(self, element: _Element, matrix: _Matrix) -> None:
        size = _number(element.get("Size"), 0.0)
        a, b, c, d, e, f = matrix
        drawn = size * math.hypot(c, d)
        if not 0.5 < drawn < 2000:
            return
        scale = _number(element.get("HScale"), 1.0) or 1.0
        angle = round(math.degrees(math.atan2(b, a))) % 360
        stretch = math.hypot(a, b)
        x = y = 0.0
        for code in element:
            if _local(code) != "TextCode":
                continue
            text = code.text or ""
            x, y = _number(code.get("X"), x), _number(code.get("Y"), y)
            across = _steps(code.get("DeltaX"), len(text))
            down = _steps(code.get("DeltaY"), len(text))
            at_x, at_y = x, y
            for place, char in enumerate(text):
                room = size * scale * (1.0 if is_wide(char) else 0.5)
                step = across[place] if place < len(across) else (0.0 if down else room)
                # A box may be narrower than its step where the line is spread out, wider where it is set close.
                width = min(room, step) if 0.3 * room < step < room else room
                px, py = a * at_x + c * at_y + e, b * at_x + d * at_y + f
                self._glyphs.append(Glyph(char, px, py, px + width * stretch, drawn, angle))
                at_x += step
                at_y += down[place] if place < len(down) else 0.0

    def _path(self, element: _Element, matrix: _Matrix) -> None:
        self._drawn += 1
        found = next((each.text or "" for each in element if _local(each) == "AbbreviatedData"), "")
        if self._drawn > _MOST_SHAPES or len(found) > _MOST_PATH:
            return
        a, b, c, d, e, f = matrix
        for corners in _corners(found):
            self._strokes += strokes_of([(a * x + c * y + e, b * x + d * y + f) for x, y in corners])


def _corners(path: str) -> Iterator[list[tuple[float, float]]]:
    """The corners of each part of a path that has straight edges only."""
    corners: list[tuple[float, float]] = []
    tokens = _COMMAND.findall(path)
    at = 0
    while at < len(tokens):
        command = tokens[at]
        count = _NUMBERS.get(command)
        if count is None:  # a curve
            return
        numbers = tokens[at + 1 : at + 1 + count]
        at += 1 + count
        if len(numbers) < count or any(number.isalpha() for number in numbers):
            return
        if command == "C":
            if corners:
                corners.append(corners[0])
            continue
        if command in "SM":
            if corners:
                yield corners
            corners = []
        corners.append((float(numbers[0]), float(numbers[1])))
    if corners:
        yield corners


# --- parts and attributes ---------------------------------------------------------------------------------------


def _resolve(package: Package, place: str | None, near: str, usual: str) -> str | None:
    """The part that ``place`` means, seen from the part ``near``: producers disagree on the folder."""
    place = (place or "").strip().replace("\\", "/")
    if not place:
        return None
    folder = posixpath.dirname(near)
    tries = [place] if place.startswith("/") else [posixpath.join(folder, place), place]
    tries += [posixpath.join(folder, place.lstrip("/")), posixpath.join(posixpath.dirname(folder), place.lstrip("/"))]
    for each in tries:
        found = package.find(each) or (package.find(posixpath.join(each, usual)) if usual else None)
        if found is not None:
            return found
    return _ending(package, "/" + place.strip("./").lower())


def _ending(package: Package, end: str) -> str | None:
    """The only part whose name ends so, if there is one."""
    found = [part for part in package.parts if ("/" + part).lower().endswith("/" + end.lstrip("/"))]
    return found[0] if len(found) == 1 else None


def _local(element: _Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _child(element: _Element | None, name: str) -> _Element | None:
    return next((each for each in element if _local(each) == name), None) if element is not None else None


def _said(element: _Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def _hidden(element: _Element) -> bool:
    return element.get("Visible", "").lower() == "false"


def _page_box(element: _Element | None, area: str) -> tuple[float, float, float, float] | None:
    found = _child(_child(element, area), "PhysicalBox")
    x, y, width, height = _numbers(_said(found), 4, (0.0, 0.0, 0.0, 0.0))
    return (x, y, width, height) if width > 0 and height > 0 else None


def _own(element: _Element, matrix: _Matrix) -> _Matrix:
    """The matrix within an object: its own, moved to its boundary."""
    a, b, c, d, e, f = _numbers(element.get("CTM"), 6, _SAME)
    x, y = _numbers(element.get("Boundary"), 4, (0.0, 0.0, 0.0, 0.0))[:2]
    e, f = e + x, f + y
    p, q, r, s, t, u = matrix
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _number(said: str | None, otherwise: float) -> float:
    try:
        value = float(said) if said else otherwise
    except ValueError:
        return otherwise
    return value if math.isfinite(value) and abs(value) < 1e6 else otherwise


def _numbers(said: str | None, count: int, otherwise: tuple[float, ...]) -> tuple[float, ...]:
    parts = (said or "").split()
    return tuple(_number(part, 0.0) for part in parts[:count]) if len(parts) >= count else otherwise


def _steps(said: str | None, most: int) -> list[float]:
    """The steps from character to character; ``g 3 5.6`` is three steps of 5.6. No more than ``most`` are made."""
    steps: list[float] = []
    parts = iter((said or "").split())
    for part in parts:
        if len(steps) >= most:
            break
        if part.lower() == "g":
            times = int(min(max(_number(next(parts, None), 0.0), 0.0), most - len(steps)))
            steps += [_number(next(parts, None), 0.0)] * times
        else:
            steps.append(_number(part, 0.0))
    return steps
