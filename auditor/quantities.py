"""Reading the quantities of a report: value and what rounding hides of it, unit, the words around, place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from auditor.expressions import expression
from auditor.report import Report, Role, Sentence
from auditor.text import from_digits, numeral

PERCENT = "%"
_UNITS = (
    "人次|件次|户次|场次|家次|班次|车次|起次|项次|批次|台次|艘次|辆次|只次|厂次|个工作日|工作日|个工作时|个小时|个月|学时|课时|小时|分钟|"
    "平方公里|平方米|公里|公顷|美元|件|起|次|场|期|人|名|个|家|份|项|条|部|篇|宗|例|户|元|天|辆|台|套|册|张|卷|本|支|处|所|批|轮|"
    "种|类|亩|吨|幅|块|页|则|道|枚|间|座|栋|头|位|堂|节|课|趟|档|门|笔|单|艘|架|副|组|队|桩|只|站|村"
)
_KINDS = {unit: kind for kind, units in {"件": "件起宗例桩", "人": "人名位", "卷": "卷本"}.items() for unit in units}
_TIME = frozenset(("个工作日", "工作日", "个工作时", "个小时", "小时", "分钟", "天", "个月", "学时", "课时"))
_SCALES = {"": 1.0, "百": 1e2, "千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8, "万亿": 1e12}
_ABOUT = ("约", "近", "超", "逾", "超过", "不少于", "不低于", "至少", "最少")
_NUMBER = expression(
    rf"(?<![\d.\-+·/:A-Za-z第〔\[])(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+)(?P<decimals>\.\d+)?"
    rf"(?P<more>[余多几])?(?P<scale>万亿|百万|千万|[百千万亿])?(?P<more2>[余多])?(?P<unit>{_UNITS}|%)(?!分点|月\d)(?P<round>以上|以下|以内|左右|上下)?"
)
_SWAPPED = expression(r"(?P<unit>[件起次人份场宗户])(?<=[\u4e00-\u9fff].)(?P<digits>\d+)(?=[,、;。)(]|$)")
_HANZI = expression(
    rf"(?P<digits>[一二两三四五六七八九十百千万零〇](?<![第每逐同某统唯任每零〇一二三四五六七八九十百千万\d].)[一二两三四五六七八九十百千万零〇]*)(?P<more>[余多])?(?P<unit>{_UNITS})"
    r"(?!制度|清单|亲自|方面|会议|全会|改革|建设)"
)
_HANZI_PERCENT = expression(r"百分之(?P<whole>[零一二三四五六七八九十百]+)(?:点(?P<part>[零一二三四五六七八九]+))?")
_TITLE = expression(r"《[^《》]*》|〈[^〈〉]*〉")
_PAIR = expression(r"[由从][^,;。由从]{0,16}$")
_CHANGE = expression(
    r"^[^,;。]{0,10}?(?:缩短|压缩|减少|压减|下降|降低|增加|增长|提高|提升|上升|精简|扩大|变|降|减|缩|增|升)[为至到成]|^[^,;。]{0,4}[至到]"
)
_RANGE = expression(r"\d[%个]?[至到]$")
_STOPS = ",;。:、(!?|"


class Quantity(NamedTuple):
    """A number with its unit at ``start:end`` of a passage.

    The true value lies in ``low … high``: a rounded or approximate number hides the rest. ``label`` are the words
    between the preceding stop or number and this one, ``after`` those up to the next. ``depth`` counts open brackets.
    ``spelt``: written in Chinese numerals. ``change``: one end of a before/after pair. ``about``: 余, 约, 近 …
    """

    value: float
    low: float
    high: float
    unit: str
    start: int
    end: int
    label: str = ""
    after: str = ""
    depth: int = 0
    about: bool = False
    spelt: bool = False
    change: bool = False
    decimals: int = 0

    @property
    def kind(self) -> str:
        """The unit, or the one that stands for it where units are used alike (件, 起, 宗)."""
        return kind_of(self.unit)

    @property
    def counted(self) -> bool:
        """Whether it can be a whole or a part: neither a share nor a duration nor half of a before/after pair."""
        return self.unit != PERCENT and self.unit not in _TIME and not self.change

    @property
    def words(self) -> str:
        return f"{self.label}|{self.after}"


@dataclass(frozen=True, slots=True)
class Passage:
    """The sentences of one paragraph, without headings, as one text; ``planned`` where it tells of next year."""

    text: str
    offsets: tuple[int, ...]
    quantities: tuple[Quantity, ...]
    section: int
    planned: bool

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The bounds in the extracted text of ``text[start:end]`` (not empty)."""
        return self.offsets[start], self.offsets[end - 1] + 1


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a report: its running text that contains any, a paragraph each, and its tables."""

    prose: tuple[Passage, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A table row: its cells and its bounds in the extracted text."""

    cells: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Table:
    """Consecutive rows with the same number of cells."""

    rows: tuple[Row, ...]
    section: int


def kind_of(unit: str) -> str:
    """The unit that stands for ``unit`` where units are used alike."""
    return _KINDS.get(unit, unit)


def shown(value: float) -> str:
    """The number without a superfluous fraction."""
    return f"{value:.4f}".rstrip("0").rstrip(".")


def numbers(report: Report) -> Numbers:
    """All that a report tells in numbers."""
    return Numbers(passages(report), tables(report))


def passages(report: Report) -> tuple[Passage, ...]:
    """The running text of the report that contains numbers, a paragraph each."""
    prose = (s for s in report.sentences if "|" not in s.text and not s.heading)
    groups = (tuple(group) for _, group in groupby(prose, key=lambda s: s.paragraph))
    return tuple(passage for group in groups if (passage := _passage(group)).quantities)


def tables(report: Report) -> tuple[Table, ...]:
    """The tables of the report, as far as their rows stayed rows."""
    found: list[Table] = []
    rows: list[Row] = []
    section = paragraph = -1
    for sentence in (*report.sentences, None):
        cells = (
            tuple(c.strip() for c in sentence.text.strip("|").split("|")) if sentence and "|" in sentence.text else ()
        )
        broken = (
            sentence is None or sentence.paragraph > paragraph + 1 or len(cells) != (len(rows[0].cells) if rows else 0)
        )
        if broken and len(rows) > 1:
            found.append(Table(tuple(rows), section))
        if broken:
            rows = []
        if sentence is not None and len(cells) > 1:
            rows.append(Row(cells, *sentence.span(0, len(sentence.text))))
            section, paragraph = sentence.section, sentence.paragraph
    return tuple(found)


def cell(text: str) -> float | None:
    """The number a table cell holds, or None."""
    plain = text.replace(",", "")
    return float(plain) if re.fullmatch(r"\d+(?:\.\d+)?", plain) else None


def _passage(group: Sequence[Sentence]) -> Passage:
    pieces: list[str] = []
    offsets: list[int] = []
    for sentence in group:
        pieces.append(sentence.text)
        offsets.extend(sentence.offsets)
    text = "".join(pieces)
    return Passage(text, tuple(offsets), read(text), group[0].section, group[0].role is Role.PLAN)


def read(text: str) -> tuple[Quantity, ...]:
    """The quantities of a normalised text, in order; numbers inside names, titles, dates and ranges are none."""
    named = [m.span() for m in _TITLE.finditer(text)] if "《" in text else []
    taken: list[Quantity] = []
    title = 0
    for quantity in sorted(_numbers(text), key=lambda q: q.start):
        while title < len(named) and named[title][1] <= quantity.start:
            title += 1
        inside = title < len(named) and named[title][0] < quantity.start
        if not inside and not (taken and quantity.start < taken[-1].end):
            taken.append(quantity)
    return tuple(_placed(text, taken))


def _numbers(text: str) -> Iterator[Quantity]:
    end = 0
    for m in from_digits(_NUMBER, text):
        approximate = text.endswith(_ABOUT, end, m.start())
        end = m.end()
        start = m.start("digits")
        if _RANGE.search(text, max(0, start - 3), start):
            continue
        whole, part = m["digits"].replace(",", ""), m["decimals"] or ""
        scale = _SCALES[m["scale"] or ""]
        value = float(whole + part) * scale
        step = scale / 10 ** max(0, len(part) - 1)
        about = bool(approximate or m["more"] or m["more2"] or m["round"])
        if about:
            step = scale * 10 ** (len(whole) - len(whole.rstrip("0"))) if not part and float(whole) else step
            low, high = value - step, value + step
        else:
            hidden = step / 2 if part or scale > 1 else 0.0
            low, high = value - hidden, value + hidden
        yield Quantity(value, low, high, m["unit"], start, m.end("unit"), about=about, decimals=max(0, len(part) - 1))
    for m in _SWAPPED.finditer(text):
        value = float(m["digits"])
        yield Quantity(value, value, value, m["unit"], m.start(), m.end())
    for m in _HANZI.finditer(text):
        read_value = numeral(m["digits"])
        if read_value is not None and m["digits"] not in ("一", "万", "百", "千"):
            about = bool(m["more"])
            high = read_value * (1.2 if about else 1.0)
            yield Quantity(read_value, read_value, high, m["unit"], m.start(), m.end(), about=about, spelt=True)
    for m in _HANZI_PERCENT.finditer(text):
        whole_value = numeral(m["whole"])
        part = "".join(str("零一二三四五六七八九".index(c)) for c in m["part"] or "")
        if whole_value is not None:
            value = whole_value + (float(f"0.{part}") if part else 0.0)
            yield Quantity(value, value, value, PERCENT, m.start(), m.end(), spelt=True, decimals=len(part))


def _placed(text: str, found: list[Quantity]) -> Iterator[Quantity]:
    depth = at = 0
    for i, q in enumerate(found):
        depth += text.count("(", at, q.start) - text.count(")", at, q.start)
        at = q.start
        before = found[i - 1].end if i else 0
        after = found[i + 1].start if i + 1 < len(found) else len(text)
        left = q.start
        while left > before and text[left - 1] not in _STOPS:
            opening = text.rfind("(", before, left) if text[left - 1] == ")" else left - 1
            if opening < 0:
                break
            left = opening
        right = q.end
        while right < after and text[right] not in _STOPS and text[right] != ")":
            right += 1
        label = text[left : q.start]
        tail = text[q.end : after]
        change = bool(_PAIR.search(label) and _CHANGE.match(tail)) or (
            i > 0
            and bool(_PAIR.search(text, max(0, found[i - 1].start - 18), found[i - 1].start) and _CHANGE.match(label))
        )
        yield Quantity(
            q.value,
            q.low,
            q.high,
            q.unit,
            q.start,
            q.end,
            label,
            text[q.end : right],
            max(0, depth),
            q.about,
            q.spelt,
            change,
            q.decimals,
        )
