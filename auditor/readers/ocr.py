"""Scanned pages: recognised as text where the extra ``[ocr]`` is installed, marked with how sure the recognition is."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from statistics import fmean, median
from typing import TYPE_CHECKING, Any

from auditor.errors import UnreadableFile
from auditor.expressions import expression
from auditor.readers.assembly import Paragraph, assemble, page_runs
from auditor.readers.isolation import Allowance, read_isolated
from auditor.readers.limits import limits
from auditor.report import Block, Extracted
from auditor.words import Message

if TYPE_CHECKING:
    from auditor.readers.geometry import Glyph, Sheet

INSTALL = "pip install rapidocr onnxruntime pillow"
_LIBRARIES = ("rapidocr", "onnxruntime")

_TURN_BELOW = 0.75  # mean confidence under which the page may lie on its side
_UPRIGHT = 0.90  # mean confidence from which a turned page is the right way up
_TURNS = (0, 1, 3, 2)  # quarter turns, the likely ones first
_TRUSTED = 0.60  # mean confidence under which a page is left out
_STARTING = 30  # seconds for loading the models
_RESOLUTION = 150 / 72
_SAME_SIZE = 1.09
_WIDE = expression(
    r"[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6“”‘’…—]"
)
_FINISHED = expression(r"[。！？；：.!?;:\uff01\uff1f\uff1b\uff1a][”’\"')\uff09》」】]*$")
_BEGINS = expression(
    r"(?:第[一二三四五六七八九十]{1,3}(?:部分|章|节)|[一二三四五六七八九十]{1,3}[、.\uff0e]|[(\uff08][一二三四五六七八九十\d]{1,3}[)\uff09]"
    r"|\d{1,2}[.\uff0e、](?!\d)|[\u2460-\u2473])"
)


def available() -> bool:
    """Whether the libraries of the extra are installed."""
    return all(find_spec(each) for each in _LIBRARIES)


def complete(data: bytes, name: str, extracted: Extracted) -> Extracted:
    """The extracted text with the text of its unread pages.

    Raises ``UnreadableFile`` where no page has any text to audit.
    """
    if not available():
        if not extracted.blocks:
            raise UnreadableFile(name, "no_text", Message("scan", {"install": INSTALL}))
        values = {"pages": page_runs(extracted.unread), "install": INSTALL}
        return _warned(extracted, Message("skipped_pages", values))
    most = limits().ocr_pages
    wanted, beyond = extracted.unread[:most], extracted.unread[most:]
    seconds = limits().ocr_page_wall * len(wanted) + _STARTING
    allowance = Allowance(limits().ocr_memory, seconds * (os.cpu_count() or 1), seconds)
    try:
        found = read_isolated(
            "ocr", "read_pages", data, name, None, allowance, pages=list(wanted), kind=extracted.format
        )
    except UnreadableFile as error:
        if not extracted.blocks:
            raise
        return _warned(extracted, Message("failed_pages", {"pages": page_runs(wanted), "reason": error.code}))
    if not found.blocks and not _kept(extracted, wanted):
        raise UnreadableFile(name, "no_text", Message("illegible"))
    merged = _merged(extracted, found, set(wanted) - set(found.unread))
    if beyond:
        merged = _warned(merged, Message("too_many_scans", {"pages": page_runs(beyond), "most": most}))
    return replace(merged, unread=tuple(sorted({*found.unread, *beyond})))


def _warned(extracted: Extracted, *warnings: Message) -> Extracted:
    return replace(extracted, warnings=(*extracted.warnings, *warnings))


# ---- recognised pages among the others


def _kept(extracted: Extracted, pages: Sequence[int]) -> list[Block]:
    """The blocks that do not stand on pages to be recognised: what those gave was not good text."""
    return [block for block in extracted.blocks if block.page not in pages]


def _merged(extracted: Extracted, found: Extracted, pages: set[int]) -> Extracted:
    paragraphs: list[Paragraph] = []
    for block in sorted([*_kept(extracted, sorted(pages)), *found.blocks], key=lambda each: each.page or 0):
        before = paragraphs[-1] if paragraphs else None
        if before and _goes_on(before, block):
            sure = min(1.0 if each is None else each for each in (before.confidence, block.confidence))
            paragraphs[-1] = replace(before, text=before.text + block.text, confidence=sure)
        else:
            paragraphs.append(Paragraph(block.text, block.heading_level, block.page, block.table, block.confidence))
    return assemble(
        paragraphs,
        extracted.format,
        encoding=extracted.encoding,
        warnings=(*extracted.warnings, *found.warnings),
        declared=extracted.declared,
    )


def _goes_on(before: Paragraph, block: Block) -> bool:
    """Whether a paragraph goes on from a page with characters to a recognised one, or back."""
    if (before.confidence is None) == (block.confidence is None) or before.table or block.table:
        return False
    if block.page is None or before.page is None or block.page - before.page > 1 or before.heading_level:
        return False
    return len(before.text) > 40 and not _FINISHED.search(before.text) and not _BEGINS.match(block.text)


# ---- recognising (in the child process)


@dataclass(frozen=True, slots=True)
class _Written:
    """A recognised line: its corners from the upper left, clockwise, in pixels."""

    text: str
    confidence: float
    corners: tuple[tuple[float, float], ...]


def read_pages(data: bytes, name: str, encoding: str | None, *, pages: list[int], kind: str) -> Extracted:
    """The text of the given pages; those that are not legible stay ``unread``."""
    from auditor.readers.layout import lay_out
    from auditor.readers.pictures import pictures

    engine = _engine()
    sheets: list[Sheet] = []
    sure: dict[int, float] = {}
    turn = 0
    stop = time.monotonic() + limits().ocr_page_wall * len(pages)
    for page, picture in pictures(data, name, kind, pages):
        written, height, width, turn = _best(engine, picture, turn)
        if written and _confidence(written) >= _TRUSTED:
            sure[page] = _confidence(written)
            sheets.append(_sheet(page, written, width, height))
        if time.monotonic() > stop:
            break
    laid = lay_out(sheets, kind) if sheets else assemble((), kind)
    read = set(sure) - set(laid.unread)
    unread = sorted(set(pages) - read)
    warnings = list(laid.warnings)
    if read:
        mean = fmean(sure[page] for page in read)
        warnings.append(Message("recognised_pages", {"pages": page_runs(read), "confidence": mean}))
    if unread:
        warnings.append(Message("unsure_pages", {"pages": page_runs(unread)}))
    blocks = tuple(replace(block, confidence=round(sure.get(block.page or 0, 0.0), 3)) for block in laid.blocks)
    return replace(laid, blocks=blocks, warnings=tuple(warnings), unread=tuple(unread))


def _engine() -> Any:
    from rapidocr import RapidOCR

    # The direction classifier turns upright full-width lines over and loses them.
    return RapidOCR(params={"Global.use_cls": False, "Global.log_level": "critical"})


def _best(engine: Any, picture: Any, usual: int) -> tuple[list[_Written], int, int, int]:
    """The lines of a page as it reads best, its height and width then, and the quarter turns that took.

    The turn of the page before is tried first; any other only where the page does not read well so.
    """
    import numpy

    best: tuple[list[_Written], int, int, int] = ([], 1, 1, usual)
    for turn in sorted(_TURNS, key=lambda each: each != usual):
        turned = numpy.ascontiguousarray(numpy.rot90(picture, turn))
        written = _recognised(engine, turned)
        if _confidence(written) > _confidence(best[0]):
            best = (written, int(turned.shape[0]), int(turned.shape[1]), turn)
        if _confidence(best[0]) >= (_TURN_BELOW if turn == usual else _UPRIGHT):
            break
    return best


def _recognised(engine: Any, picture: Any) -> list[_Written]:
    found = engine(picture)
    if found is None or not found.txts:
        return []
    return [
        _Written(text, float(score), tuple((float(x), float(y)) for x, y in box))
        for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
        if text.strip()
    ]


def _confidence(written: Sequence[_Written]) -> float:
    """The mean over the characters; 0 where nothing was recognised."""
    length = sum(len(each.text) for each in written)
    return sum(each.confidence * len(each.text) for each in written) / length if length else 0.0


# ---- lines as characters with places, for the geometry that pdf and ofd share


def _sheet(page: int, written: Sequence[_Written], width: int, height: int) -> Sheet:
    from auditor.readers.geometry import Sheet

    tilt = median(_slope(each) for each in written)
    level = [_levelled(each, tilt) for each in written]
    sizes = _clustered([(right - left) / max(_units(text), 0.5) for text, left, right, _, _ in level])
    glyphs = [glyph for line, size in zip(level, sizes, strict=True) for glyph in _glyphs(line, size)]
    return Sheet(page, width / _RESOLUTION, height / _RESOLUTION, tuple(glyphs))


def _slope(line: _Written) -> float:
    (x0, y0), (x1, y1) = line.corners[0], line.corners[1]
    return math.atan2(y1 - y0, x1 - x0)


def _levelled(line: _Written, tilt: float) -> tuple[str, float, float, float, float]:
    """Text, left, right, top and bottom of a line on the page turned level, in points."""
    cos, sin = math.cos(-tilt), math.sin(-tilt)
    points = [((x * cos - y * sin) / _RESOLUTION, (x * sin + y * cos) / _RESOLUTION) for x, y in line.corners]
    left = (points[0][0] + points[3][0]) / 2
    right = (points[1][0] + points[2][0]) / 2
    top = (points[0][1] + points[1][1]) / 2
    bottom = (points[2][1] + points[3][1]) / 2
    return line.text, left, right, top, bottom


def _units(text: str) -> float:
    return sum(1.0 if _WIDE.match(sign) else 0.5 for sign in text)


def _clustered(sizes: Sequence[float]) -> list[float]:
    """The sizes with those that differ by no more than measuring does made equal."""
    order = sorted(range(len(sizes)), key=lambda at: sizes[at])
    made = list(sizes)
    group: list[int] = []
    for at in [*order, None]:
        if at is not None and (not group or sizes[at] <= sizes[group[len(group) // 2]] * _SAME_SIZE):
            group.append(at)
            continue
        for each in group:
            made[each] = sizes[group[len(group) // 2]]
        group = [] if at is None else [at]
    return made


def _glyphs(line: tuple[str, float, float, float, float], size: float) -> Iterator[Glyph]:
    from auditor.readers.geometry import Glyph

    text, left, right, top, bottom = line
    unit = (right - left) / max(_units(text), 0.5)
    baseline = (top + bottom) / 2 + 0.38 * size
    x = left
    for sign in text:
        end = x + unit * (1.0 if _WIDE.match(sign) else 0.5)
        yield Glyph(sign, x, baseline, end, size)
        x = end
