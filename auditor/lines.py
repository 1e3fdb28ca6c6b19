"""Blocks as normalised lines: paragraphs that were broken over lines are joined, table rows keep their cells apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditor.expressions import expression
from auditor.report import Block, Extracted
from auditor.text import normalise

_BREAK = expression(r"[^\r\n\x0b\x0c\x85\u2028\u2029]+")
_MARKUP = expression(r"\*\*|__|^[-*+>][ \t]+", re.MULTILINE)
_NUMBER_TAB = expression(
    r"^\s*(?:[一二三四五六七八九十]{1,3}[、.]|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.、])\s*\t"
)
_TABS = expression(r"(?<=\S)[ \u3000]*\t[\t \u3000]*(?=\S)")
_GAPS = expression(r"(?<=[\d%])[ \xa0\u3000]{2,}(?=\d)|(?<=[表图]\d) (?=\d)")
_SPEAKING = expression(r"[\u4e00-\u9fffA-Za-z0-9]")
STARTS_ITEM = expression(
    r"第[一二三四五六七八九十]{1,3}(?:部分|章|节|篇)|[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十\d]{1,3}\)"
    r"|\d{1,2}[.、](?!\d)|[一二三四五六七八九十]{1,3}是|首先|其次|-[^-]"
)
_SHORT = 12
_ENDS = "。;:!?"


@dataclass(frozen=True, slots=True)
class Line:
    """A line or paragraph in normalised characters; ``offsets`` and bounds are places in the extracted text."""

    text: str
    offsets: tuple[int, ...]
    start: int
    end: int
    block: int
    heading_level: int | None = None
    table: bool = False

    def part(self, start: int, end: int) -> Line:
        """The line made of ``text[start:end]`` (not empty)."""
        offsets = self.offsets[start:end]
        first = self.start if start == 0 else offsets[0]
        last = self.end if end >= len(self.text) else offsets[-1] + 1
        return Line(self.text[start:end], offsets, first, last, self.block, self.heading_level, self.table)


def lines_of(extracted: Extracted) -> list[Line]:
    """The lines that hold anything at all, in reading order."""
    markup = extracted.format == "md"
    return [line for number, block in enumerate(extracted.blocks) for line in _of_block(block, number, markup)]


def _of_block(block: Block, number: int, markup: bool) -> Iterator[Line]:
    raw = _MARKUP.sub(lambda found: " " * len(found[0]), block.text) if markup else block.text
    for found in _BREAK.finditer(raw):
        piece = found[0].rstrip()
        start = block.start + found.start() + len(piece) - len(piece.lstrip())
        if not piece.strip():
            continue
        table = block.table or _is_row(piece)
        piece = _TABS.sub(_bars, piece) if table else piece
        piece = _GAPS.sub(_bars, piece) if any(map(piece.__contains__, " \xa0\u3000")) else piece
        plain = normalise(piece, block.start + found.start())
        if not plain.text:
            continue
        end = block.start + found.start() + len(piece)
        yield _without_bars(Line(plain.text, plain.offsets, start, end, number, block.heading_level, table))


def _without_bars(line: Line) -> Line:
    """The line without the table bars that a page left at its ends."""
    text = line.text.strip("|")
    if not text or len(text) == len(line.text):
        return line
    start = len(line.text) - len(line.text.lstrip("|"))
    return line.part(start, start + len(text))


def _is_row(piece: str) -> bool:
    bars = piece.count("|") + piece.count("｜")
    if bars >= 2:
        return len(piece) <= 60 * bars and ("。" not in piece or len(piece) <= 30 * bars)
    return "\t" in piece and "。" not in piece and bool(_TABS.search(_NUMBER_TAB.sub("", piece)))


def _bars(found: re.Match[str]) -> str:
    return "|" + " " * (len(found[0]) - 1)


def says_nothing(line: Line) -> bool:
    """Whether the line holds signs only."""
    return not _SPEAKING.search(line.text)


def join(lines: Sequence[Line]) -> list[Line]:
    """The paragraphs: lines of text that was broken inside sentences are joined."""
    if not lines:
        return []
    width = _wrap_width(lines)
    paragraphs: list[Line] = []
    group = [lines[0]]
    for line in lines[1:]:
        if _goes_on(group[-1], line, width):
            group.append(line)
        else:
            paragraphs.append(_joined(group))
            group = [line]
    paragraphs.append(_joined(group))
    return paragraphs


def _wrap_width(lines: Sequence[Line]) -> int | None:
    """The usual width of a line if the text was broken at a fixed width, else None."""
    prose = [line for line in lines if len(line.text) > _SHORT and not line.table]
    broken = [line for line in prose if line.text[-1] not in _ENDS]
    if len(broken) < 4 or len(broken) * 2 < len(prose):
        return None
    widths = sorted(len(line.text) for line in broken)
    usual = widths[len(widths) // 2]
    near = sum(1 for width in widths if abs(width - usual) <= max(3, usual // 8))
    return usual if near * 3 >= len(widths) * 2 else None


def _goes_on(line: Line, after: Line, width: int | None) -> bool:
    if line.table or after.table or line.heading_level or after.heading_level:
        return False
    if line.text[-1] in _ENDS or STARTS_ITEM.match(after.text):
        return False
    if width is not None:
        return len(line.text) >= width - max(3, width // 5)
    if line.text[-1] in ",、":
        return len(line.text) > _SHORT
    return len(line.text) > 60 and "," in line.text and after.text[-1] in _ENDS


def _joined(group: list[Line]) -> Line:
    first = group[0]
    if len(group) == 1:
        return first
    text = "".join(line.text for line in group)
    offsets = tuple(place for line in group for place in line.offsets)
    return Line(text, offsets, first.start, group[-1].end, first.block, first.heading_level, first.table)
