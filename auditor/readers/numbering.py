"""Word's automatic numbering, rendered: the label that a person sees before a paragraph and that its text lacks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from auditor.expressions import expression

if TYPE_CHECKING:
    from lxml.etree import _Element

_PLACEHOLDER = expression(r"%([1-9])")
_PRIVATE = expression(r"[\ue000-\uf8ff]")
_DEEPEST = 9
_LONGEST_LIST = 32_767


def local(element: _Element) -> str:
    """The name of an element without its namespace: strict and transitional files differ in it."""
    return str(element.tag).rpartition("}")[2]


def child(element: _Element | None, *path: str) -> _Element | None:
    """The first element below ``element`` by local names."""
    for name in path:
        if element is None:
            return None
        element = next((each for each in element if local(each) == name), None)
    return element


def value(element: _Element | None, name: str = "val") -> str | None:
    """An attribute by its local name."""
    if element is None:
        return None
    return next((str(text) for key, text in element.attrib.items() if str(key).rpartition("}")[2] == name), None)


def number(text: str | None, default: int) -> int:
    """A whole number as files write it."""
    try:
        return int(text) if text is not None else default
    except ValueError:
        return default


# ---- what the file defines


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list; ``restart`` is the level (from 1) after which it starts again, 0 never, None any higher."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    legal: bool = False
    restart: int | None = None
    style: str | None = None


@dataclass(frozen=True, slots=True)
class List:
    """A list that paragraphs refer to; lists of the same ``family`` count on together."""

    family: str
    levels: Mapping[int, Level]
    starts: Mapping[int, int]


def read_lists(root: _Element | None, style_lists: Mapping[str, str]) -> dict[str, List]:
    """The lists of numbering.xml by id; ``style_lists`` gives the list that a numbering style names."""
    families: dict[str, dict[int, Level]] = {}
    links: dict[str, str] = {}
    found: list[_Element] = []
    for element in [] if root is None else root:
        if local(element) == "abstractNum":
            family = value(element, "abstractNumId") or ""
            families[family] = dict(_levels(element))
            if link := value(child(element, "numStyleLink")):
                links[family] = link
        elif local(element) == "num":
            found.append(element)
    owners = {value(each, "numId") or "": value(child(each, "abstractNumId")) or "" for each in found}
    lists: dict[str, List] = {}
    for element in found:
        family = value(child(element, "abstractNumId")) or ""
        if not families.get(family) and family in links:
            family = owners.get(style_lists.get(links[family], ""), family)
        lists[value(element, "numId") or ""] = _overridden(element, family, families.get(family, {}))
    return lists


def _levels(parent: _Element) -> Iterator[tuple[int, Level]]:
    for element in parent:
        if local(element) == "lvl":
            yield number(value(element, "ilvl"), 0), _level(element)


def _level(element: _Element) -> Level:
    told = {local(each): each for each in element}
    restart = value(told.get("lvlRestart"))
    return Level(
        start=number(value(told.get("start")), 0 if "start" in told else 1),
        format=value(told.get("numFmt") if "numFmt" in told else _chosen_format(element)) or "decimal",
        text=value(told.get("lvlText")) or "",
        suffix=value(told.get("suff")) or "tab",
        legal="isLgl" in told and value(told["isLgl"]) not in ("0", "false", "off"),
        restart=None if restart is None else number(restart, 0),
        style=value(told.get("pStyle")),
    )


def _chosen_format(element: _Element) -> _Element | None:
    """The format inside an AlternateContent: the fallback, which is one that everybody knows."""
    content = child(element, "AlternateContent")
    return child(content, "Fallback", "numFmt") if content is not None else None


def _overridden(element: _Element, family: str, levels: Mapping[int, Level]) -> List:
    changed = dict(levels)
    starts: dict[int, int] = {}
    for override in element:
        if local(override) != "lvlOverride":
            continue
        at = number(value(override, "ilvl"), 0)
        own = child(override, "lvl")
        if own is not None:
            changed[at] = _level(own)
        start = value(child(override, "startOverride"))
        if start is not None:
            starts[at] = number(start, 1)
            changed[at] = replace(changed.get(at, Level()), start=starts[at])
    return List(family, changed, starts)


# ---- counting


@dataclass(slots=True)
class Counter:
    """Counts the paragraphs of a document in reading order."""

    lists: Mapping[str, List]
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def label(self, list_id: str, at: int) -> str:
        """The label of the next paragraph of a list at a level (from 0), ready to stand before its text."""
        found = self.lists.get(list_id)
        level = found.levels.get(at) if found else None
        if found is None or level is None:
            return ""
        counts = self._counts.setdefault(found.family, {})
        if at in found.starts and (list_id, at) not in self._begun:
            counts.pop(at, None)
        self._begun.add((list_id, at))
        counts[at] = min(counts[at] + 1, _LONGEST_LIST) if at in counts else level.start
        for deeper in [each for each in counts if each > at]:
            below = found.levels.get(deeper)
            restart = None if below is None else below.restart
            if restart is None or (restart > 0 and at < restart):
                del counts[deeper]
        return _rendered(level, found.levels, counts)


def _rendered(level: Level, levels: Mapping[int, Level], counts: Mapping[int, int]) -> str:
    if level.format in ("bullet", "none") and not _PLACEHOLDER.search(level.text):
        return "" if level.format == "bullet" else _PRIVATE.sub("", level.text)

    def shown(found: re.Match[str]) -> str:
        at = int(found[1]) - 1
        own = levels.get(at, Level())
        count = counts.get(at, own.start)
        return str(count) if level.legal else numeral(count, own.format)

    label = _PRIVATE.sub("", _PLACEHOLDER.sub(shown, level.text))
    return label + _gap(label, level.suffix)


def _gap(label: str, suffix: str) -> str:
    """White space that a person sees after a label, kept only where label and text would run together."""
    return " " if suffix != "nothing" and label and (label[-1] == "." or label[-1].isalnum()) else ""


# ---- numerals

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
          (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip


def numeral(count: int, format: str) -> str:
    """A number in one of Word's formats; decimal where the format is unknown or has no such number."""
    write = _FORMATS.get(format)
    return (write(count) if write and count >= 0 else "") or str(count)


def _counting(count: int, digits: str = _DIGITS, units: str = "十百千", below_twenty: bool = True) -> str:
    """Chinese counting up to 9999: 十一, 一百〇一, 壹拾壹."""
    if not 0 < count < 10_000:
        return digits[0] if count == 0 else ""
    parts: list[str] = []
    skipped = False
    for power in (3, 2, 1, 0):
        digit = count // 10**power % 10
        if digit == 0:
            skipped = bool(parts)
            continue
        if skipped:
            parts.append(digits[0])
            skipped = False
        parts.append(digits[digit] + (units[power - 1] if power else ""))
    text = "".join(parts)
    return text[1:] if below_twenty and 10 <= count < 20 else text


def _positional(count: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(count))


def _short_counting(count: int) -> str:
    """Counting to ninety-nine, digit by digit from there on."""
    return _counting(count) if count < 100 else _positional(count)


def _legal(count: int) -> str:
    return _counting(count, _LEGAL, "拾佰仟", below_twenty=False)


def _roman(count: int) -> str:
    if not 0 < count < 4000:
        return ""
    text = ""
    for amount, sign in _ROMAN:
        text += sign * (count // amount)
        count %= amount
    return text


def _letters(first: str) -> Callable[[int], str]:
    def write(count: int) -> str:
        return chr(ord(first) + (count - 1) % 26) * ((count - 1) // 26 + 1) if 0 < count <= 780 else ""

    return write


def _signs(first: str, most: int) -> Callable[[int], str]:
    def write(count: int) -> str:
        return chr(ord(first) + count - 1) if 0 < count <= most else ""

    return write


def _from(signs: str) -> Callable[[int], str]:
    def write(count: int) -> str:
        return signs[count - 1] if 0 < count <= len(signs) else ""

    return write


_FORMATS: dict[str, Callable[[int], str]] = {
    "japaneseCounting": _counting,
    "chineseCounting": _short_counting,
    "chineseCountingThousand": _counting,
    "taiwaneseCounting": _short_counting,
    "taiwaneseCountingThousand": _counting,
    "koreanDigital2": _positional,
    "ideographDigital": _positional,
    "japaneseDigitalTenThousand": _positional,
    "taiwaneseDigital": _positional,
    "chineseLegalSimplified": _legal,
    "ideographLegalTraditional": _legal,
    "japaneseLegal": _legal,
    "ideographTraditional": _from(_STEMS),
    "ideographZodiac": _from(_BRANCHES),
    "decimalZero": lambda count: f"{count:02}",
    "upperRoman": _roman,
    "lowerRoman": lambda count: _roman(count).lower(),
    "upperLetter": _letters("A"),
    "lowerLetter": _letters("a"),
    "decimalEnclosedCircle": _signs("\u2460", 20),
    "decimalEnclosedCircleChinese": _signs("\u2460", 20),
    "decimalEnclosedParen": _signs("\u2474", 20),
    "decimalEnclosedFullstop": _signs("\u2488", 20),
    "ideographEnclosedCircle": _signs("\u3280", 10),
    "decimalFullWidth": lambda count: "".join(chr(0xFF10 + int(digit)) for digit in str(count)),
    "decimalFullWidth2": lambda count: "".join(chr(0xFF10 + int(digit)) for digit in str(count)),
    "none": lambda count: "\u200b",
}
