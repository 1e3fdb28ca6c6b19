"""Headings: which lines are headings, where a heading ends that runs into its paragraph, and how they nest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from auditor.expressions import expression
from auditor.lines import Line
from auditor.text import numeral

_CHINESE = "[一二三四五六七八九十百]{1,4}"
_MARK = expression(
    rf"(?P<part>第{_CHINESE}(?:部分|章|节|篇)[、:.]?)"
    rf"|(?P<one>{_CHINESE}[、.](?!是))"
    rf"|(?P<two>\({_CHINESE}\)[、.]?)"
    r"|(?P<three>\d{1,2}(?:、|\.(?!\d)))"
    r"|(?P<four>\(\d{1,2}\)[、.]?|\d{1,2}\))"
)
_RANKS = {"part": 0.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0}
_BARE = 2.5
_STOP = expression(r"[。:;!?]")
_INNER_STOP = expression(r"[。;!?]")
_LONGEST_LINE = 64
_LONGEST_LEAD = 45
_MEASURED = expression(
    r"\d+(?:\.\d+)?(?:余|多|万)?(?:件|个|名|人|份|次|场|项|家|期|部|条|起|%|户|卷|本|处|元|学时|小时|年\d)"
)
_DEED = expression(
    r"(?:印发|出台|制定|修订|发布|下发|转发)(?:了)?[^,]{0,4}《|^(?:20\d\d年|今年|全年|本年度|年内|截至|目前)"
)
_GLUED = expression(
    r"(?<![在对为和与的据了向至于到从及])(?=20\d\d年|今年[来以,]|本年度|年内|全年|一年来|截至|截止|近年来|(?<!\d)\d{1,2}月(?:上旬|中旬|下旬|\d|,|份|底|初)"
    r"|(?:我|全)[县区市镇乡局省州旗](?!域|面|程)|[县区市镇乡](?:委|政府)(?:书记|常务|主要|党组|常委|办公室|成立|印发|出台)|一是|首先,)"
)
_NAMED_END = expression(
    r".{0,30}?(?:职责情况|工作情况|履职情况|工作打算|工作安排|工作计划|(?:存在|面临)的?(?:主要)?(?:问题|不足|困难|差距)(?:[和及与、](?:主要)?(?:问题|不足|困难|差距|原因))?)"
    r"(?=[县区市乡镇我今本全局总当对过目各虽尽]|一是|一方面|下一?步|20\d\d)"
)
_NOT_BARE = expression(r"表\d|图\d|附|注|\(|单位:|[^\u4e00-\u9fff《\d]")
_ROLE_BARE = expression(
    r"(?:存在(?:的)?(?:主要)?(?:问题|不足|困难|短板)|下一?步(?:工作)?(?:打算|计划|安排|思路|措施)?|主要(?:做法|工作|举措|成效)|工作(?:开展|完成|推进)情况|.{0,12}(?:不足和原因|工作安排|工作打算|工作计划|基本情况))"
)


@dataclass(frozen=True, slots=True)
class Opening:
    """How a line opens a section.

    ``number`` is its ordinal as written; the heading is ``text[start:end]`` and the body ``text[body:]``.
    ``whole`` is false when no heading could be told from the body: then ``start:end`` names the section only.
    """

    number: str
    value: int
    rank: float
    start: int
    end: int
    body: int
    whole: bool = True


def opening(line: Line) -> Opening | None:
    """How a numbered line opens a section, or None."""
    found = _MARK.match(line.text)
    if not found or found.end() >= len(line.text) or line.table:
        return None
    kind = found.lastgroup or "one"
    return _delimit(line.text, found.end(), found[0], _ordinal(found[0]), _RANKS[kind])


@lru_cache(maxsize=1024)
def _ordinal(number: str) -> int:
    """The value of an ordinal as written: 一、 (二) 3."""
    return int(numeral(expression(r"[^一二三四五六七八九十百\d]").sub("", number)) or 0)


def bare(line: Line, after: Line | None, rank: float) -> Opening | None:
    """How an unnumbered line opens a section, if it looks like a heading: short, unstopped, prose below."""
    text = line.text
    if line.table or after is None or after.table or not 3 <= len(text) <= _LONGEST_LINE:
        return None
    if line.heading_level is None and (len(text) > 32 or text[-1] in "。:;,!?、" or _NOT_BARE.match(text)):
        return None
    if line.heading_level is None and (_MEASURED.search(text) or "。" in text or _MARK.match(text)):
        return None
    if line.heading_level is None and len(after.text) < 24 and not _MARK.match(after.text):
        return None
    return Opening("", 0, rank, 0, len(text.rstrip("。:")), len(text))


def _delimit(text: str, start: int, number: str, value: int, rank: float) -> Opening | None:
    """Where the heading that begins at ``start`` ends and the body begins."""
    rest = text[start:]
    plain = rest.rstrip("。:;,")
    if len(rest) <= _LONGEST_LINE and not _INNER_STOP.search(plain) and ":" not in plain:
        stopped = rest[-1] in "。;"
        told = _MEASURED.search(plain) or _DEED.search(plain)
        if not (stopped and (told or len(plain) > _LONGEST_LEAD)) and not (rank >= 3 and told):
            return _cut_glued(text, start, number, value, rank) or Opening(
                number, value, rank, start, start + len(plain), len(text)
            )
    end = _lead_end(rest)
    if end is not None and (glued := _cut_glued(text, start, number, value, rank, end)):
        return glued
    if end is not None and not _MEASURED.search(rest[:end]) and not _DEED.search(rest[:end]):
        return Opening(number, value, rank, start, start + end, start + end + 1)
    glued = _cut_glued(text, start, number, value, rank)
    if glued:
        return glued
    if rank >= 3:
        return None
    name = expression(r"[,。:;]").split(rest, maxsplit=1)[0][:40]
    return Opening(number, value, rank, start, start + max(1, len(name)), start, whole=False)


def _lead_end(rest: str) -> int | None:
    """Where a lead phrase ends: at the first stop outside brackets, not too far."""
    depth = 0
    for place, char in enumerate(rest[: _LONGEST_LEAD + 1]):
        if char in "(《":
            depth += 1
        elif char in ")》":
            depth -= 1
        elif char in "。:;!?" and depth <= 0:
            return place if place >= 2 else None
    return None


def _cut_glued(text: str, start: int, number: str, value: int, rank: float, stop: int | None = None) -> Opening | None:
    """A heading that runs into its body with no stop between, cut before words that open a sentence.

    ``stop`` is where the first sentence ends: then only 一是 or the name of a main part is clue enough.
    """
    rest = text[start : start + 60] if stop is None else text[start : start + stop]
    if len(text) - start <= 24 and text[-1] != "。":
        return None
    named = _NAMED_END.match(rest)
    place = named.end() if named else None
    if place is None:
        found = _GLUED.search(rest, 8) if stop is None else re.compile("(?=[^十之统]一是)").search(rest, 3)
        if not found or found.start() > _LONGEST_LEAD - 5:
            return None
        place = found.start() + (stop is not None)
    head = rest[:place]
    if (
        (
            expression(r"[。;:!?]|\d").search(head.replace("12345", ""))
            and not expression(r"20\d\d年[^\d。;:!?]*").fullmatch(head)
        )
        or head[-1] in ",、"
        or len(text) - start - place < 12
    ):
        return None
    return Opening(number, value, rank, start, start + place, start + place)


def lead(text: str) -> Opening | None:
    """The lead sentence of a paragraph in a text without headings, as the opening of a section."""
    end = _lead_end(text)
    if end is None or len(text) - end < 20 or end < 6:
        return None
    head = text[:end]
    if expression(r"\d").search(head) or expression(
        r"(?:近|日前|今年|去年|一年来|截|目前|同时|此外|据|为|[一二三四五六七八九十]是|首先)"
    ).match(head):
        return None
    return Opening("", 0, 1.0, 0, end, end + 1)


_INLINE = expression(rf"{_CHINESE}、|\({_CHINESE}\)|(?<!\d)\d{{1,2}}[.、](?!\d)")
_AFTER_STOP = expression(rf"[。:](?:\({_CHINESE}\)|{_CHINESE}、)")


def unglue(line: Line, flat: bool) -> Iterator[Line]:
    """The line cut before the numbered headings inside it.

    In a text of ordinary lines a heading inside must follow a full stop; in a ``flat`` one, that has lost its
    line breaks, the next number in sequence is enough.
    """
    text = line.text
    if len(text) < 80 or line.table or not (flat or ("。" in text and _AFTER_STOP.search(text))):
        yield line
        return
    seen = {"one": 0, "two": 0, "three": 0}
    at = 0
    for found in _INLINE.finditer(text):
        word = found[0]
        place = found.start()
        kind = "two" if word[0] == "(" else "three" if word[0].isdigit() else "one"
        value = _ordinal(word)
        before = text[place - 1] if place else "。"
        follows = value == seen[kind] + 1 or (value == seen[kind] + 2 and before == "。" and kind == "two")
        if place and not (follows and _may_cut(text, place, before, kind, flat)):
            continue
        seen[kind] = value
        if kind == "one":
            seen["two"] = seen["three"] = 0
        elif kind == "two":
            seen["three"] = 0
        if place > at:
            yield line.part(at, place)
            at = place
    yield line.part(at, len(text)) if at else line


def _may_cut(text: str, place: int, before: str, kind: str, flat: bool) -> bool:
    if before == "第" or text.startswith(("(一)项", "(二)项", "(三)项"), place):
        return False
    if not flat:
        return before == "。" and kind != "three"
    if kind == "one":
        return before in "。!?;:)"
    return before not in "第表图、," and not before.isdigit()


def is_flat(lines: Sequence[Line]) -> bool:
    """Whether the text has lost its line breaks: most of it is one line with several headings inside."""
    longest = max((line.text for line in lines if not line.table), key=len, default="")
    if len(longest) * 2 <= sum(len(line.text) for line in lines):
        return False
    return len(longest) > 600 or len(_AFTER_STOP.findall(longest)) >= 2


def bare_rank(line: Line, numbered: bool) -> float:
    """The rank of an unnumbered heading among the numbered ones."""
    if line.heading_level is not None:
        return 0.5 + line.heading_level / 10 if not numbered else min(_BARE, 0.6 + line.heading_level / 2)
    if not numbered or _ROLE_BARE.fullmatch(line.text):
        return 1.0
    return _BARE


@dataclass(frozen=True, slots=True)
class Open:
    """An open section on the way down: its rank, its last number, its index."""

    rank: float
    value: int
    index: int


def nest(stack: list[Open], found: Opening, names_part: bool, empty: bool) -> list[Open]:
    """The open sections above a new one.

    ``names_part``: the heading announces one of the report's main parts; ``empty``: nothing stands yet under
    the innermost open section. Both tell two levels apart that are numbered in the same style.
    """
    same = [place for place, each in enumerate(stack) if each.rank == found.rank]
    if same and found.value:
        follows = [place for place in same if stack[place].value < found.value]
        if follows and names_part:
            return stack[: follows[0]]
        if follows:
            exact = [place for place in follows if stack[place].value + 1 == found.value]
            return stack[: (exact or follows)[-1]]
        if found.value == 1 and found.rank == 1.0 and empty and same == [len(stack) - 1] and not names_part:
            return stack
    return [each for each in stack if each.rank < found.rank]


_ITEM = expression(r"[一二三四五六七八九十]{1,3}是|(?:首先|其次|再次|最后),|第[一二三四五六七八九十],")
_NUMBER = expression(rf"\d{{1,2}}(?:、|\.(?!\d))|\(\d{{1,2}}\)[、.]?|\({_CHINESE}\)[、.]?|{_CHINESE}、")


def is_item(text: str) -> bool:
    """Whether text opens with the ordinal of a run-in item: 一是 …, 1. …"""
    return bool(_ITEM.match(text) or _NUMBER.match(text))


def number_length(text: str) -> int:
    """How many characters of an item's number stand before its words; 一是 is part of the words."""
    found = _NUMBER.match(text)
    return found.end() if found and found.end() < len(text) else 0
