"""Characters with places on a page, and the lines that they form: shared by the formats that know no paragraphs."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from auditor.expressions import expression

_QUARTER = 90
_TILT = 5  # degrees that a line may be off level
_LATIN = expression(r"[A-Za-z0-9]")
_JOINS_LATIN = expression(r"[A-Za-z0-9,.;:)%]")
_MARK = expression(r"[\d*\u2460-\u2473\u00b9\u00b2\u00b3\[\]\u3014\u3015]")
_WIDE = expression(r"[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]")


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character whose baseline starts at ``x``, ``y`` (points from the upper left) and ends at ``right``.

    ``angle`` is the direction of writing in whole degrees, clockwise; places are those of the page as it is stored.
    """

    text: str
    x: float
    y: float
    right: float
    size: float
    angle: int = 0


@dataclass(frozen=True, slots=True)
class Stroke:
    """A level or upright straight line that is drawn on the page; ``x0 <= x1`` and ``y0 <= y1``."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def level(self) -> bool:
        """Whether the line runs from left to right."""
        return self.x1 - self.x0 >= self.y1 - self.y0


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one page shows: characters, straight lines, and the share of its area that images cover."""

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    strokes: tuple[Stroke, ...] = ()
    pictured: float = 0.0
    drawn: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text; ``y`` is its baseline, ``size`` that of most of its characters.

    ``parts`` are its pieces with (left, right, text) where wide gaps set them apart; ``cells`` is the text of each
    cell if the line is a row of a table.
    """

    page: int
    text: str
    left: float
    right: float
    y: float
    size: float
    parts: tuple[tuple[float, float, str], ...] = ()
    cells: tuple[str, ...] = ()


def is_wide(char: str) -> bool:
    """Whether a character takes a full square, as hanzi do."""
    return bool(_WIDE.match(char))


def upright(sheet: Sheet) -> Sheet:
    """The page turned so that its text runs from left to right, without characters that run otherwise.

    Those are diagonal watermarks and notes along the edge.
    """
    turns = Counter(_quarter(glyph.angle) for glyph in sheet.glyphs if glyph.text.strip())
    turns.pop(None, None)
    if not turns:
        return replace(sheet, glyphs=())
    turn = turns.most_common(1)[0][0] or 0
    kept = tuple(_turned(glyph, turn, sheet) for glyph in sheet.glyphs if _quarter(glyph.angle) == turn)
    if not turn:
        return replace(sheet, glyphs=kept)
    strokes = tuple(_turned_stroke(stroke, turn, sheet) for stroke in sheet.strokes)
    width, height = (sheet.width, sheet.height) if turn == 180 else (sheet.height, sheet.width)
    return replace(sheet, width=width, height=height, glyphs=kept, strokes=strokes)


def _quarter(angle: int) -> int | None:
    nearest = round(angle / _QUARTER) * _QUARTER
    return nearest % 360 if abs(angle - nearest) <= _TILT else None


def _turned(glyph: Glyph, turn: int, sheet: Sheet) -> Glyph:
    if not turn:
        return glyph
    x, y = _point(glyph.x, glyph.y, turn, sheet)
    return replace(glyph, x=x, y=y, right=x + glyph.right - glyph.x, angle=0)


def _turned_stroke(stroke: Stroke, turn: int, sheet: Sheet) -> Stroke:
    a, b = _point(stroke.x0, stroke.y0, turn, sheet)
    c, d = _point(stroke.x1, stroke.y1, turn, sheet)
    return Stroke(min(a, c), min(b, d), max(a, c), max(b, d))


def _point(x: float, y: float, turn: int, sheet: Sheet) -> tuple[float, float]:
    if turn == 90:
        return y, sheet.width - x
    if turn == 180:
        return sheet.width - x, sheet.height - y
    if turn == 270:
        return sheet.height - y, x
    return x, y


def without_struck(sheet: Sheet) -> Sheet:
    """The page without characters that a line crosses out: tracked deletions that were printed."""
    level = [stroke for stroke in sheet.strokes if stroke.level and stroke.y1 - stroke.y0 < 2]
    if not level:
        return sheet
    level.sort(key=_height)
    heights = [_height(stroke) for stroke in level]

    def struck(glyph: Glyph) -> bool:
        near = range(
            bisect_left(heights, glyph.y - 0.55 * glyph.size), bisect_left(heights, glyph.y - 0.15 * glyph.size)
        )
        middle = (glyph.x + glyph.right) / 2
        return any(level[at].x0 <= middle <= level[at].x1 for at in near)

    return replace(sheet, glyphs=tuple(glyph for glyph in sheet.glyphs if not struck(glyph)))


def _height(stroke: Stroke) -> float:
    return (stroke.y0 + stroke.y1) / 2


def lines(glyphs: Iterable[Glyph], page: int) -> list[Line]:
    """The lines from top to bottom: characters on one baseline, with raised and lowered ones beside them."""
    by_base = sorted((glyph for glyph in glyphs if glyph.size > 0), key=lambda glyph: glyph.y)
    groups: list[list[Glyph]] = []
    for glyph in by_base:
        if groups and glyph.y - groups[-1][0].y <= 0.18 * max(glyph.size, groups[-1][0].size):
            groups[-1].append(glyph)
        else:
            groups.append([glyph])
    made = [_line(group, page) for group in _merged(groups)]
    return sorted((line for line in made if line.text), key=lambda line: line.y)


def _merged(groups: list[list[Glyph]]) -> list[list[Glyph]]:
    """Groups with the small ones taken into the line that they overlap (footnote marks, indices)."""
    done: list[list[Glyph]] = []
    for group in groups:
        if done and _overlap(done[-1], group):
            done[-1] = _without_marks(done[-1], group)
        else:
            done.append(group)
    return done


def _without_marks(one: list[Glyph], other: list[Glyph]) -> list[Glyph]:
    """Two groups as one line, less small raised numbers: the marks of notes, unless they are indices of Latin letters."""
    raised, base = (one, other) if median(g.y for g in one) < median(g.y for g in other) else (other, one)
    size = median(glyph.size for glyph in base)
    kept = [glyph for glyph in raised if not (_MARK.match(glyph.text) and glyph.size < 0.75 * size)]
    kept += [glyph for glyph in raised if glyph not in kept and _after_latin(glyph, base)]
    return base + kept


def _after_latin(glyph: Glyph, base: Sequence[Glyph]) -> bool:
    before = [other for other in base if other.text.strip() and other.x < glyph.x]
    return bool(before) and max(before, key=lambda other: other.x).text.isascii()


def _overlap(one: list[Glyph], other: list[Glyph]) -> bool:
    first, second = _extent(one), _extent(other)
    shared = min(first[1], second[1]) - max(first[0], second[0])
    return shared > 0.6 * min(first[1] - first[0], second[1] - second[0])


def _extent(group: list[Glyph]) -> tuple[float, float]:
    size = median(glyph.size for glyph in group)
    base = median(glyph.y for glyph in group)
    return base - 0.8 * size, base + 0.1 * size


def _line(group: list[Glyph], page: int) -> Line:
    ordered = _once(sorted(group, key=lambda glyph: glyph.x))
    shown = [glyph for glyph in ordered if glyph.text.strip()]
    if not shown:
        return Line(page, "", 0, 0, group[0].y, group[0].size)
    sizes: Counter[float] = Counter()
    for glyph in shown:
        sizes[round(glyph.size, 1)] += len(glyph.text)
    size = sizes.most_common(1)[0][0]
    base = median(glyph.y for glyph in shown if abs(glyph.size - size) < 0.1 or len(shown) < 3)
    parts = _parts(ordered, size)
    text = " ".join(piece for _, _, piece in parts)
    return Line(page, text, shown[0].x, max(glyph.right for glyph in shown), base, size, parts)


def _once(ordered: list[Glyph]) -> list[Glyph]:
    """The characters without those drawn again in the same place to look bold."""
    kept: list[Glyph] = []
    for glyph in ordered:
        near = [other for other in kept[-3:] if other.text == glyph.text]
        if not any(
            abs(other.x - glyph.x) < 0.2 * glyph.size and abs(other.y - glyph.y) < 0.2 * glyph.size for other in near
        ):
            kept.append(glyph)
    return kept


def _parts(ordered: list[Glyph], size: float) -> tuple[tuple[float, float, str], ...]:
    """The line's pieces between gaps of two characters; smaller gaps become a space where there was one."""
    gaps = [b.x - a.right for a, b in pairwise(ordered) if a.text.strip() and b.text.strip()]
    usual = median(gaps) if gaps else 0.0
    pieces: list[tuple[float, float, str]] = []
    text, left, last, spaced = "", 0.0, None, False
    for glyph in ordered:
        if not glyph.text.strip():
            spaced = True
            continue
        if last is None:
            left = glyph.x
        else:
            gap = glyph.x - last.right
            if gap > 1.8 * size and gap > 3 * usual:
                pieces.append((left, last.right, text))
                text, left = "", glyph.x
            elif spaced or _blank(last.text, glyph.text, gap / size, usual / size):
                text += " "
        text, last, spaced = text + glyph.text, glyph, False
    if last is not None:
        pieces.append((left, last.right, text))
    return tuple(pieces)


def _blank(before: str, after: str, gap: float, usual: float) -> bool:
    """Whether a gap (in characters) stands for a space that is not in the file."""
    if _JOINS_LATIN.match(before[-1]) and _LATIN.match(after[0]):
        return gap > 0.16 and gap > usual + 0.1
    return gap > 0.7 and gap > 2 * usual + 0.3


def joined(texts: Sequence[str]) -> str:
    """Lines put together: with a space only between Latin words."""
    whole = ""
    for text in texts:
        if (
            whole
            and text
            and _JOINS_LATIN.match(whole[-1])
            and _LATIN.match(text[0])
            and not _number_goes_on(whole, text)
        ):
            whole += " "
        whole += text
    return whole


def _number_goes_on(before: str, after: str) -> bool:
    return bool(re.search(r"\d[.,]?$", before)) and after[0].isdigit()
