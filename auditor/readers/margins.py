"""What stands around the text of every page: page numbers, running heads, watermarks, tables of contents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from auditor.expressions import expression
from auditor.readers.geometry import Glyph, Line, Sheet

_TOP, _BOTTOM = 0.12, 0.86
_OUTER = 3  # lines from the edge that may be furniture
_NUMBER = r"[\divxlcIVXLC一二三四五六七八九十]{1,4}"
_SIGNS = r"[\s\-\u2010-\u2015\u2500~\u00b7.\u2022|/\uff5e\uff0d\u30fb]*"
_PAGE_NUMBER = expression(
    rf"{_SIGNS}(?:第?\s*{_NUMBER}\s*页?(?:\s*[/,\uff0c\uff0f|]?\s*(?:共|of)?\s*{_NUMBER}\s*页?)?|[Pp](?:age|\.)?\s*{_NUMBER}(?:\s*(?:of|/)\s*{_NUMBER})?)"
    rf"{_SIGNS}"
)
_PRINTED = expression(
    r"(?:https?|file)://\S+(?:\s+\d+/\d+)?|\d{4}[/-]\d{1,2}[/-]\d{1,2},?\s+(?:[上下]午)?\d{1,2}:\d{2}.*"
)
_DIGITS = expression(r"\d+")
_CONTENTS = expression(r".{2,80}?[.\u2026\u00b7\u2024\uff0e\u22ef]{4,}\s*[-(\uff08]?\s*\d{1,3}\s*[-)\uff09]?")
_CONTENTS_HEAD = expression(r"目\s*[录次]")
_MARKED = 1.5  # a watermark is this much larger than the text


def without_watermarks(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The pages without large text that stands in the same place on most of them."""
    sizes = [glyph.size for sheet in sheets for glyph in sheet.glyphs]
    if len(sheets) < 3 or not sizes:
        return list(sheets)
    large = _MARKED * median(sizes)
    found: Counter[tuple[str, int, int]] = Counter()
    for sheet in sheets:
        found.update({_place(glyph) for glyph in sheet.glyphs if glyph.size > large})
    drop = {place for place, times in found.items() if times >= max(3, len(sheets) / 2)}
    if not drop:
        return list(sheets)
    return [
        replace(sheet, glyphs=tuple(g for g in sheet.glyphs if g.size <= large or _place(g) not in drop))
        for sheet in sheets
    ]


def _place(glyph: Glyph) -> tuple[str, int, int]:
    return glyph.text, round(glyph.x), round(glyph.y)


def without_furniture(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> list[list[Line]]:
    """The lines of each page without page numbers and running heads."""
    repeated = _repeated(pages, heights)
    kept: list[list[Line]] = []
    for lines, height in zip(pages, heights, strict=True):
        outer = _outer(lines, height)
        drop = {id(line) for line in outer if _says_page(line) or _key(line, height) in repeated}
        kept.append([line for line in lines if id(line) not in drop])
    return _without_repeated_heads(kept)


def _outer(lines: Sequence[Line], height: float) -> list[Line]:
    free = [line for line in lines if not line.cells]
    ends = [line for line in free[:_OUTER] if line.y < _TOP * height]
    return ends + [line for line in free[-_OUTER:] if line.y > _BOTTOM * height]


def _says_page(line: Line) -> bool:
    return bool(_PAGE_NUMBER.fullmatch(line.text) or _PRINTED.fullmatch(line.text))


def _key(line: Line, height: float) -> tuple[str, int]:
    return _DIGITS.sub("#", line.text), round(line.y / height * 50)


def _repeated(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> set[tuple[str, int]]:
    """Lines near the edge of at least every other page; heads of left and right pages may differ."""
    if len(pages) < 2:
        return set()
    found: Counter[tuple[str, int]] = Counter()
    for lines, height in zip(pages, heights, strict=True):
        found.update({_key(line, height) for line in _outer(lines, height)})
    least = max(2, round(0.4 * len(pages)))
    return {key for key, times in found.items() if times >= least}


def _without_repeated_heads(pages: Sequence[list[Line]]) -> list[list[Line]]:
    """A table that goes on over the page shows its head again."""
    kept: list[list[Line]] = []
    heads: set[tuple[str, ...]] = set()
    for lines in pages:
        rows = [line for line in lines if line.cells]
        again = bool(rows) and lines[0] is rows[0] and rows[0].cells in heads and len(rows) > 1
        kept.append(lines[1:] if again else list(lines))
        if rows:
            heads.add(rows[0].cells)
    return kept


def without_contents(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The lines without a table of contents, which only repeats the headings."""
    if sum(bool(_CONTENTS.fullmatch(line.text)) for lines in pages for line in lines) < 3:
        return [list(lines) for lines in pages]
    kept: list[list[Line]] = []
    for lines in pages:
        listed = [bool(_CONTENTS.fullmatch(line.text)) for line in lines]
        left = [line for line, contents in zip(lines, listed, strict=True) if not contents]
        first = listed.index(True) if any(listed) else 0
        if first and _CONTENTS_HEAD.fullmatch(lines[first - 1].text):
            left.remove(lines[first - 1])
        kept.append(left)
    return kept
