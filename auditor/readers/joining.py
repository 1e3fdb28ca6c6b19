"""Lines put together again as the paragraphs, titles and table rows that a person sees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest

from auditor.expressions import expression
from auditor.readers.assembly import Paragraph
from auditor.readers.geometry import Line, joined
from auditor.readers.radicals import fold

_ENDS = expression(r"[\u3002\uff01\uff1f!?\uff1b;\uff1a:\u2026][\u201d\u2019\"')\uff09\u300b\u300d\u3011]*$")
_MARKER = expression(
    r"(?:第[一二三四五六七八九十百]{1,3}(?:部分|章|节|篇|条)|[一二三四五六七八九十]{1,3}\s*[、.\uff0e\u3001]"
    r"|[(\uff08][一二三四五六七八九十\d]{1,3}[)\uff09]|\d{1,2}\s*[.\uff0e、\u3001](?!\d)|[\u2460-\u2473\u3220-\u3229]"
    r"|附件?\d{0,2}\s*[:\uff1a])"
)
_CHAPTER = expression(
    r"第[一二三四五六七八九十]{1,3}(?:部分|章|节|篇)|[(\uff08]?[一二三四五六七八九十]{1,3}\s*[、.\uff0e)\uff09]|[\u3220-\u3229]"
)
_TOKEN = expression(
    r"[\u201c\u2018\u300a\uff08\u3010(\[]*(?:[A-Za-z0-9.,%/\-:]+|\u2014\u2014|\u2026\u2026|.)[\uff0c\u3002\u3001\uff1b\uff1a\uff09\u300b\u201d%\uff05]*"
)
_NOTE = expression(r"[\[(\uff08]?(\d{1,2}(?![\d.,%])|[\u2460-\u2473]|\*{1,3})[\])\uff09]?\s*(?=\S)")
_SPARE = 1.1  # characters that must be free at the end of a line, besides the next word, to call it short
_TIGHT = 0.6  # the same where nothing but short lines tells paragraphs apart
_FIRST = (1.2, 3.3)  # characters by which the first line of a paragraph is indented
_CENTRED = 1.1


@dataclass(frozen=True, slots=True)
class _Column:
    """The column of text of one page: its edges, the size of its type, whether paragraphs are indented."""

    left: float
    right: float
    size: float
    leading: float
    indents: bool

    def indent(self, line: Line) -> float:
        """How far the line starts from the edge, in characters."""
        return (line.left - self.left) / self.size

    def centred(self, line: Line) -> bool:
        """Whether the line stands in the middle and away from the edges."""
        off = (line.left + line.right) / 2 - (self.left + self.right) / 2
        return abs(off) < _CENTRED * line.size and line.left - self.left > -0.6 * line.size

    def short(self, line: Line, after: Line, spare: float = _SPARE) -> bool:
        """Whether the line ends before the margin though the next one's first word would have had room.

        ``spare`` is how much more room there must be, in characters.
        """
        token = _TOKEN.match(after.text)
        word = sum(0.55 if char.isascii() else 1.0 for char in token[0]) if token else 1.0
        return self.right - line.right > (max(word, 1.0) + spare) * max(line.size, after.size)


@dataclass(frozen=True, slots=True)
class Joined:
    """A paragraph with the size of its type, as a page shows it."""

    paragraph: Paragraph
    size: float


def join(pages: Sequence[Sequence[Line]]) -> list[Joined]:
    """The paragraphs of a document from the lines of its pages."""
    pages = [_with_unruled_rows(lines) for lines in pages]
    columns = _columns(pages)
    groups: list[list[Line]] = []
    notes: list[list[Line]] = []
    waiting: list[list[Line]] = []
    for lines, column in zip(pages, columns, strict=True):
        body, below = _small_print(lines, column)
        for line, after in zip_longest(body, body[1:]):
            if groups and not _starts(groups[-1], line, after, column):
                groups[-1].append(line)
                continue
            groups += waiting
            waiting = []
            groups.append([line])
        if below and _NOTE.match(below[0].text):
            notes += _notes(below, len(notes))
        elif below:
            waiting += _grouped(below, column)
    return [_paragraph(group) for group in groups + waiting + notes]


def _body_size(pages: Sequence[Sequence[Line]]) -> float:
    """The size of most of the type."""
    sizes: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            if not line.cells:
                sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 12.0


def _paragraph(group: Sequence[Line]) -> Joined:
    first = group[0]
    if first.cells:
        text = "\t".join(" ".join(cell.split()) for cell in first.cells)
        return Joined(Paragraph(fold(text), page=first.page, table=True), first.size)
    return Joined(Paragraph(fold(joined([line.text for line in group])), page=first.page), first.size)


def _grouped(lines: Sequence[Line], column: _Column) -> list[list[Line]]:
    groups: list[list[Line]] = []
    for line, after in zip_longest(lines, lines[1:]):
        if groups and not _starts(groups[-1], line, after, column):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


# --- columns ----------------------------------------------------------------------------------------------------


def _columns(pages: Sequence[Sequence[Line]]) -> list[_Column]:
    size = _body_size(pages)
    plain = [[line for line in lines if not line.cells and abs(line.size - size) <= 0.15 * size] for lines in pages]
    every = [line for lines in plain for line in lines]
    if not every:
        every = [line for lines in pages for line in lines] or [Line(1, "", 0, 0, 0, size)]
    left = _edge(every, size)
    right = _right(every, left, size)
    leading = _leading(plain, size)
    first = sum(1.4 <= (line.left - left) / size <= 2.7 for line in every)
    indents = first >= max(2, 0.03 * len(every))
    columns = []
    for lines in plain:
        wide = [line for line in lines if line.right - line.left > 0.6 * (right - left)]
        own = _edge(wide, size) if len(wide) >= 4 else left
        # Odd and even pages may have other margins; a page of first lines only has not.
        shift = own - left if abs(own - left) < 0.9 * size or len(wide) >= 8 else 0.0
        if 1.2 * size <= abs(shift) <= 2.8 * size and indents:
            shift = 0.0
        columns.append(_Column(left + shift, right + shift, size, leading, indents))
    return columns


def _edge(lines: Sequence[Line], size: float) -> float:
    """The left edge of most lines, the long ones counting more."""
    weights: Counter[int] = Counter()
    for line in lines:
        weights[round(line.left)] += 1 + int((line.right - line.left) / size)
    best = max(weights, key=lambda place: sum(weights[place + near] for near in (-1, 0, 1)))
    near = [line.left for line in lines if abs(line.left - best) <= 1.5]
    edge = sorted(near)[len(near) // 2]
    # Where most paragraphs have one line, the indented edge wins; lines that go on stand further left.
    outer = [line.left for line in lines if 1.4 <= (edge - line.left) / size <= 2.7]
    return sorted(outer)[len(outer) // 2] if len(outer) >= max(2, 0.1 * len(lines)) else edge


def _right(lines: Sequence[Line], left: float, size: float) -> float:
    """The right edge: where the longest lines end, less what hangs over it."""
    rights = sorted(line.right for line in lines if line.left - left < 3 * size)
    if not rights:
        return left
    return rights[min(len(rights) - 1, int(0.93 * len(rights)))]


def _leading(pages: Sequence[Sequence[Line]], size: float) -> float:
    gaps: Counter[float] = Counter()
    for lines in pages:
        for one, other in pairwise(lines):
            if 0.8 * size < other.y - one.y < 4 * size:
                gaps[round(other.y - one.y)] += 1
    return float(gaps.most_common(1)[0][0]) if gaps else 1.5 * size


# --- where a paragraph starts -----------------------------------------------------------------------------------


def _starts(group: Sequence[Line], line: Line, after: Line | None, column: _Column) -> bool:
    """Whether ``line`` starts a paragraph behind the lines of ``group``; ``after`` is the next line of its page."""
    before = group[-1]
    if before.cells or line.cells:
        return True
    ended = bool(_ENDS.search(before.text))
    marked = bool(_MARKER.match(line.text))
    resized = abs(before.size - line.size) > 0.1 * max(before.size, line.size)
    titled = _title_goes_on(before, line, column, marked, resized)
    if titled is not None:
        return not titled
    apart = _apart(before, line, column)
    if column.indents:
        signs = _Signs(ended, marked, resized, column.short(before, line), apart)
        return _starts_indented(group, line, after, column, signs)
    if column.short(before, line, _TIGHT) or resized or apart > 1.3:
        return True
    if max(column.indent(before), column.indent(line)) > _FIRST[1]:
        return abs(before.left - line.left) > 0.4 * column.size
    return marked and (ended or (len(group) == 1 and bool(_CHAPTER.match(before.text))))


@dataclass(frozen=True, slots=True)
class _Signs:
    ended: bool
    marked: bool
    resized: bool
    short: bool
    apart: float


def _starts_indented(group: Sequence[Line], line: Line, after: Line | None, column: _Column, signs: _Signs) -> bool:
    """Whether the line starts a paragraph in a document that indents them."""
    before, indent = group[-1], column.indent(line)
    level = abs(before.left - line.left) < 0.4 * column.size
    if indent >= _FIRST[0]:
        # A block that stands in as a whole goes on as long as its lines are full; a heading may fill its line.
        runs_on = level and not (signs.short or signs.ended or signs.marked or signs.resized)
        if after is not None and not after.cells and column.indent(after) < _FIRST[0] and not column.short(line, after):
            return True
        return not (runs_on and (len(group) > 1 or indent > _FIRST[1] or not _CHAPTER.match(group[0].text)))
    if signs.apart > 1.5 and (signs.short or signs.ended):
        return True
    if not signs.short:
        return False
    if signs.ended or signs.marked or len(group) == 1:
        return True
    return column.indent(before) > _FIRST[1]


def _apart(before: Line, line: Line, column: _Column) -> float:
    """The distance to the line above in usual distances; 1 across pages."""
    if before.page != line.page:
        return 1.0
    scale = max(1.0, max(before.size, line.size) / column.size)
    return (line.y - before.y) / (column.leading * scale)


def _title_goes_on(before: Line, line: Line, column: _Column, marked: bool, resized: bool) -> bool | None:
    """Whether the line goes on with a title or stands apart from it; None where neither is a title."""
    large = 1.12 * column.size
    sides = [each.size >= large or _set_in(each, column) for each in (before, line)]
    if not any(sides):
        return None
    if before.page != line.page:
        return False if all(sides) else None
    if not all(sides):
        return None if not resized and not column.centred(before) else False
    near = line.y - before.y < 2.4 * max(before.size, line.size)
    if resized or marked or not near or _ENDS.search(before.text):
        return False
    full = before.right - before.left > 0.55 * (column.right - column.left)
    if column.centred(before) and column.centred(line):
        return full or before.size >= large
    return before.size >= large and not column.short(before, line)


def _set_in(line: Line, column: _Column) -> bool:
    """Whether the line is centred with room on both sides."""
    return column.centred(line) and column.indent(line) > _FIRST[1]


# --- footnotes and tables without rules -------------------------------------------------------------------------


def _small_print(lines: Sequence[Line], column: _Column) -> tuple[list[Line], list[Line]]:
    """The lines of a page and the small ones below them: a paragraph may go on past them to the next page."""
    at = len(lines)
    while at and not lines[at - 1].cells and lines[at - 1].size < 0.88 * column.size:
        at -= 1
    if at in (0, len(lines)) or lines[at - 1].cells:
        return list(lines), []
    return list(lines[:at]), list(lines[at:])


def _notes(lines: Sequence[Line], so_far: int) -> list[list[Line]]:
    """The footnotes of a page without their marks."""
    groups: list[list[Line]] = []
    for line in lines:
        mark = _NOTE.match(line.text)
        number = len(groups) + 1
        if groups and (mark is None or _is_other(mark[1], number, so_far)):
            groups[-1].append(line)
            continue
        groups.append([replace(line, text=line.text[mark.end() :]) if mark else line])
    return groups


def _is_other(mark: str | None, number: int, so_far: int) -> bool:
    """Whether a note with this mark is not the next one: a number that begins a line of the note before."""
    return mark is not None and mark.isdigit() and int(mark) not in (number, so_far + number)


def _with_unruled_rows(lines: Sequence[Line]) -> list[Line]:
    """The lines, with those that stand in columns made rows of a table."""
    several = [len(line.parts) > 1 and not line.cells for line in lines]
    made: list[Line] = []
    for at, line in enumerate(lines):
        beside = (at > 0 and several[at - 1] and _aligned(lines[at - 1], line)) or (
            at + 1 < len(lines) and several[at + 1] and _aligned(line, lines[at + 1])
        )
        made.append(replace(line, cells=tuple(text for _, _, text in line.parts)) if several[at] and beside else line)
    return made


def _aligned(one: Line, other: Line) -> bool:
    edges = [left for left, _, _ in one.parts[1:]]
    return any(abs(left - edge) < 0.6 * one.size for left, _, _ in other.parts[1:] for edge in edges)
