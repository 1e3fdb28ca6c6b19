"""Indicators: the quantities on which reports are compared, one value of the reported year each, with its quote.

A figure is taken only if nothing at it says that it is another year's, another place's or a part of the whole; where two
different figures remain, neither is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

import ahocorasick_rs

from auditor.cached import kept
from auditor.expressions import expression
from auditor.findings import IndicatorValue
from auditor.quantities import PERCENT, Numbers, Passage, Quantity, Row, Table, cell, kind_of, numbers
from auditor.report import Level, Report, Role
from auditor.rules import parse_checked, rules_root
from auditor.words import Message

FILE = "indicators.yaml"


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One quantity: the words and units that it is known by, and the obligation that it is about."""

    id: str = field(metadata={"pattern": r"^[a-z0-9_]+$"})
    title: str = field(metadata={"min_length": 1})
    units: tuple[str, ...] = field(metadata={"min_length": 1})
    words: tuple[str, ...] = field(metadata={"min_length": 1})
    not_: tuple[str, ...] = field(default=(), metadata={"alias": "not"})
    obligation: str
    nil: bool = False
    average: bool = False


@dataclass(frozen=True, kw_only=True)
class IndicatorGroup:
    """Indicators that belong together: parts and wholes of one matter."""

    id: str
    title: str
    topic: tuple[str, ...] = ()
    indicators: tuple[Indicator, ...] = field(metadata={"min_length": 1})


@dataclass(frozen=True)
class IndicatorFile:
    """The file of indicators."""

    version: str
    refuse: tuple[str, ...]
    other_topics: tuple[str, ...]
    groups: tuple[IndicatorGroup, ...]

    def flaw(self) -> Message | None:
        """What is wrong with the file that no field tells alone; None where nothing is."""
        ids = [indicator.id for group in self.groups for indicator in group.indicators]
        if twice := sorted({i for i in ids if ids.count(i) > 1}):
            return Message("indicator_twice", {"id": twice[0]})
        return None

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        return tuple(indicator for group in self.groups for indicator in group.indicators)


@lru_cache(maxsize=4)
def load_indicators(root: Path | None = None) -> IndicatorFile:
    """The indicators under ``root``, or the shipped ones where it holds none. Raises RuleError."""
    shipped = rules_root() / FILE
    if root is not None and (root / FILE).is_file():
        return parse_checked(IndicatorFile, root / FILE, FILE)
    sources = (shipped, Path(__file__))
    return kept("indicators", IndicatorFile, sources, lambda: parse_checked(IndicatorFile, shipped, FILE))


# ---- reading


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    """Compiled when first asked for: a report asks for few of the indicators."""
    return expression(pattern)


@dataclass(frozen=True, slots=True)
class _Known:
    """An indicator made ready for matching; empty expressions find nothing."""

    id: str
    unit: str
    kinds: frozenset[str]
    said: tuple[str, ...]
    named: str
    not_: str
    topics: frozenset[str]
    average: bool
    none: str
    plain: bool

    @property
    def words(self) -> re.Pattern[str]:
        return _expression(self.named)

    def says(self, text: str) -> bool:
        """Whether the text names the indicator."""
        return any(map(text.__contains__, self.said)) and (self.plain or self.words.search(text) is not None)

    def refuses(self, text: str) -> bool:
        """Whether words beside the figure say that it is another one."""
        return bool(self.not_) and _expression(self.not_).search(text) is not None

    def nothing(self, text: str) -> re.Match[str] | None:
        """Where a sentence says that there was none at all."""
        return _expression(self.none).search(text) if self.none and self.says(text) else None


class _Kind:
    """The indicators that are counted in one kind of unit, in the order of the file."""

    def __init__(self, indicators: Sequence[_Known]) -> None:
        self._indicators = tuple(indicators)
        parts: dict[str, list[int]] = {}
        for at, known in enumerate(indicators):
            for part in known.said:
                parts.setdefault(part, []).append(at)
        self._with_part = tuple(parts.values())
        self._parts = ahocorasick_rs.AhoCorasick(list(parts))

    def named_in(self, texts: Iterable[str]) -> list[_Known]:
        """Those of which a word, or the fixed part of a word, stands in one of the texts."""
        search = self._parts.find_matches_as_indexes
        found = {at for text in texts for part, _, _ in search(text, overlapping=True) for at in self._with_part[part]}
        return [self._indicators[at] for at in sorted(found)]


@dataclass(frozen=True, slots=True)
class _Matcher:
    indicators: tuple[_Known, ...]
    kinds: dict[str, _Kind]
    topics: str
    refused: str
    refused_but_average: str

    @property
    def topic(self) -> re.Pattern[str]:
        return _expression(self.topics)

    @property
    def refuse(self) -> re.Pattern[str]:
        return _expression(self.refused)


@dataclass(frozen=True, slots=True)
class _Candidate:
    value: float
    rank: int
    unit: str
    passage: Passage | None
    start: int
    end: int


_AVERAGE = frozenset(("每人", "人均", "平均", "每年", "不少于", "不低于"))
_ENDS = expression(r"[。;!?]")
_TOTAL = expression(r"^(?:共|共计|合计|总计|总共|一共)$")
_WHOLE = expression(r"全年|全[县市区旗镇乡街省局]|共|累计|总计|合计|本年|今年|20\d\d年")
_PART = expression(r"其中|市本级|区本级|县本级|[省市县区]本级|新增|部分")
_SUBORDINATE = expression(
    r"(?<!司法)(?<!政府)(?<!本)(?<!我)(?<!全)(?<!各)(?:局|厅|大队|支队|分局|街道|[\u4e00-\u9fff](?<!乡)(?<!全)(?<!各)[镇乡])(?=[\u4e00-\u9fff]{0,4}(?:办|受理|查处|收到|立案|开展|审|调|制|作出|出台))"
)
_QUALIFIED = expression(
    r"涉及|针对(?![我本])|不服(?![我本])|类(?!规范|矛盾|纠纷|案件|行政|调解|执法|法律|普法|法治|检查|宣传|文件|政府)|领域|提请|协助|指导|督促|代理|作为被申请人"
)
_TIME = expression(
    r"(?<![\d-])(20\d\d)年|[去上前往]年|上一年|历年|今年|本年度?|全年|近[一二三四五六七八九十\d]+年|[二三四五六七八九十两]+年来|同期"
)
_COMPARED = expression(r"《[^》]*》|\([^()]*\)|(?:较|比|同)(?:上年|去年|上一年|往年|前年|20\d\d年)[^,;。]*")
_CLAUSE = expression(r"[,;。:!?]")
# Who studied before which meeting: without a name at the figure, its sentence says.
_NAMELESS_STUDY = "会前学法"
_NOTHING = r"(?:未|没有|无|尚无)[^,;。、]{0,4}"
_FAR = 160
_LONGEST_QUOTE = 70


def read_indicators(
    report: Report, root: Path | None = None, read: Numbers | None = None
) -> tuple[IndicatorValue, ...]:
    """The indicators that the report gives for its own year, in the order of the file.

    ``read`` are the report's numbers, where they have been read already.
    """
    return _read(report, _matcher(root), read or numbers(report))


@lru_cache(maxsize=4)
def _matcher(root: Path | None) -> _Matcher:
    file = load_indicators(root)
    known: list[_Known] = []
    for group in file.groups:
        for each in group.indicators:
            nil = f"{_NOTHING}{_any(each.words)}[^,;。、]{{0,6}}?{_any(group.topic or each.words)}(?:申请|案件)?(?=[,;。]|$)"
            known.append(
                _Known(
                    each.id,
                    each.units[0],
                    frozenset(kind_of(unit) for unit in each.units),
                    tuple(max(word.split("*"), key=len) for word in each.words),
                    _any(each.words),
                    _any(each.not_) if each.not_ else "",
                    frozenset(group.topic),
                    each.average,
                    nil if each.nil else "",
                    not any("*" in word for word in each.words),
                )
            )
    topics = {word for group in file.groups for word in group.topic} | set(file.other_topics)
    kinds = {kind: tuple(k for k in known if kind in k.kinds) for kind in sorted({x for k in known for x in k.kinds})}
    return _Matcher(
        tuple(known),
        {kind: _Kind(each) for kind, each in kinds.items()},
        _any(sorted(topics, key=len, reverse=True)),
        _any(file.refuse),
        _any([word for word in file.refuse if word not in _AVERAGE]),
    )


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(re.escape(word).replace(r"\*", r"[^,;。]{0,12}") for word in words) + ")"


def _read(report: Report, matcher: _Matcher, read: Numbers) -> tuple[IndicatorValue, ...]:
    found: dict[str, list[_Candidate]] = {}
    for passage in read.prose:
        if not passage.planned:
            for key, candidate in _in_passage(passage, report, matcher):
                found.setdefault(key, []).append(candidate)
    for table in read.tables:
        for key, candidate in _in_table(table, report, matcher):
            found.setdefault(key, []).append(candidate)
    for key, candidate in _nothing(report, matcher):
        found.setdefault(key, []).append(candidate)
    values = []
    for indicator in matcher.indicators:
        if best := _agreed(found.get(indicator.id, [])):
            start, end = best.passage.span(best.start, best.end) if best.passage else (best.start, best.end)
            unit = best.unit or indicator.unit
            values.append(IndicatorValue(indicator.id, best.value, unit, report.text[start:end], start, end))
    return tuple(values)


def _agreed(candidates: Sequence[_Candidate]) -> _Candidate | None:
    """The best candidate, if no other as good gives another value."""
    if not candidates:
        return None
    highest = max(c.rank for c in candidates)
    best = [c for c in candidates if c.rank == highest]
    return best[0] if len({(c.value, c.unit == PERCENT) for c in best}) == 1 else None


def _in_passage(passage: Passage, report: Report, matcher: _Matcher) -> Iterator[tuple[str, _Candidate]]:
    topics: list[re.Match[str]] | None = None
    for at, quantity in enumerate(passage.quantities):
        if quantity.change or (kind := matcher.kinds.get(quantity.kind)) is None:
            continue
        label, after = quantity.label, quantity.after[:14]
        added = _added(passage, at)
        rank = 2 if added else 0
        for known in kind.named_in((*(added or (label,)), after)):
            if not all(_says(known, part, after) for part in added or (label,)):
                continue
            topics = list(matcher.topic.finditer(passage.text)) if topics is None else topics
            near = _near_topics(passage, quantity, topics)
            topic = next(((word, place) for word, place in near if word in known.topics), None)
            if known.topics and topic is None:
                continue
            if _not_own(passage, quantity, label, known, report, matcher):
                continue
            start, end = _quote(passage, quantity, topic, known)
            yield known.id, _Candidate(quantity.value, rank + _rank(label), quantity.unit, passage, start, end)


def _says(known: _Known, label: str, after: str) -> bool:
    """Whether the words at a figure are the indicator's: those before it, or those behind it where nothing is before."""
    before = known.says(label)
    if not (before or known.says(after)) or known.refuses(label + "|" + after):
        return False
    if before:
        return True
    bare = expression(
        r"其中|共|有|已|的|全年|全县|全区|全市|一年|只|出台|制定|聘请|列|了|对|现|[一二三四五六七八九]是"
    ).sub("", label)
    return len(bare) < 2


def _added(passage: Passage, at: int) -> tuple[str, ...]:
    """The labels of the parts that 「共300宗」 sums up; empty for any other figure."""
    total = passage.quantities[at]
    parts = passage.quantities[max(0, at - 2) : at]
    if not _TOTAL.match(total.label) or len(parts) < 2 or total.start - parts[-1].end > 8:
        return ()
    fits = all(p.kind == total.kind for p in parts) and abs(sum(p.value for p in parts) - total.value) < 1e-6
    return tuple(p.label for p in parts) if fits else ()


def _near_topics(passage: Passage, quantity: Quantity, topics: Sequence[re.Match[str]]) -> tuple[tuple[str, int], ...]:
    """The topics a figure may belong to, and where they stand: those at it, else one right behind, else the last before."""
    label_start = quantity.start - len(quantity.label)
    before = [m for m in topics if m.end() <= quantity.start]
    if at_it := tuple((m[0], m.start()) for m in before if m.start() >= label_start):
        return at_it
    behind = next((m for m in topics if quantity.end <= m.start() <= quantity.end + 10), None)
    if behind and not _CLAUSE.search(passage.text, quantity.end, behind.start()):
        return ((behind[0], label_start),)
    if not before or quantity.start - before[-1].start() > _FAR:
        return ()
    sentences = passage.text.count("。", before[-1].end(), quantity.start)
    return ((before[-1][0], before[-1].start()),) if sentences <= 1 else ()


def _not_own(
    passage: Passage, quantity: Quantity, label: str, known: _Known, report: Report, matcher: _Matcher
) -> bool:
    """Whether a figure is another year's or another place's, of a part only, or of what is still to come."""
    text = passage.text
    refuse = _expression(matcher.refused_but_average if known.average else matcher.refused)
    if refuse.search(label) or expression(r"以上的|目标以").match(quantity.after) or _QUALIFIED.search(label):
        return True
    begin = max(text.rfind(sign, 0, quantity.start) for sign in "。;!?") + 1
    if _of_study_group(text, begin, quantity, known):
        return True
    lead = _COMPARED.sub("", text[begin : quantity.start])
    times = list(_TIME.finditer(lead))
    if times and not _this_year(times[-1], report.source.year):
        return True
    return report.source.level is not Level.DEPARTMENT and (
        _SUBORDINATE.search(label) is not None or _wider(label, report.source.unit)
    )


def _of_study_group(text: str, begin: int, quantity: Quantity, known: _Known) -> bool:
    """Whether 「会前学法40次」 is told of the 中心组 rather than of the executive meeting."""
    said = known.words.search(quantity.label) or known.words.search(quantity.after[:14])
    if said is None or said[0] != _NAMELESS_STUDY:
        return False
    end = _ENDS.search(text, quantity.end)
    sentence = text[begin : end.start() if end else len(text)]
    return "中心组" in sentence and "常务会" not in sentence


def _this_year(time: re.Match[str], year: int | None) -> bool:
    if time[1]:
        return year is None or int(time[1]) == year
    return time[0] in ("今年", "本年", "本年度", "全年")


def _wider(label: str, unit: str | None) -> bool:
    """全市 in a county's report speaks of another place."""
    area = expression(r"(?:人民政府|政府|管理局|管委会|管理委员会|办事处)$").sub("", unit or "")
    own = next((sign for sign in reversed(area) if sign in "省市县区旗镇乡道"), "")
    said = expression(r"全([省市县区旗镇乡])").search(label)
    ranks = "道乡镇旗县区市省"
    return bool(said and own and said[1] != own and ranks.index(said[1]) > ranks.index(own))


def _rank(label: str) -> int:
    if _PART.search(label):
        return -1
    return 1 if _WHOLE.search(label) else 0


def _quote(passage: Passage, quantity: Quantity, near: tuple[str, int] | None, known: _Known) -> tuple[int, int]:
    start = quantity.start - len(quantity.label)
    if near and 0 <= near[1] < start and quantity.end - near[1] <= _LONGEST_QUOTE:
        first = max((m.end() for m in _CLAUSE.finditer(passage.text, 0, near[1])), default=0)
        start = first if quantity.end - first <= _LONGEST_QUOTE else near[1]
    end = quantity.end
    if not known.words.search(quantity.label) and (said := known.words.search(passage.text, end, end + 14)):
        end = said.end()
    return start, end


# ---- tables and nothing


def _in_table(table: Table, report: Report, matcher: _Matcher) -> Iterator[tuple[str, _Candidate]]:
    """The figures of a table that one name identifies; the caption names the topic."""
    caption = _caption(report.text, table.rows[0].start)
    if (year := expression(r"20\d\d(?=年)").search(caption)) and report.source.year not in (None, int(year[0])):
        return
    topics = [m[0] for m in matcher.topic.finditer(caption)]
    for name, text, row in _named_cells(table):
        value = cell(text)
        unit = expression(r"单位[:：]([\u4e00-\u9fff]{1,2})").search(caption) or expression(r"(件|次|人)数").search(
            row.cells[0]
        )
        for known in matcher.indicators if value is not None else ():
            own = [m[0] for m in matcher.topic.finditer(name)] or topics
            fits = not known.topics or bool(own and own[-1] in known.topics)
            units = kind_of(unit[1]) in known.kinds if unit else PERCENT not in known.kinds
            refused = matcher.refuse.search(name) or known.refuses(name)
            if fits and units and known.words.search(name) and not refused:
                yield known.id, _Candidate(value or 0.0, 1, "", None, row.start, row.end)


def _named_cells(table: Table) -> Iterator[tuple[str, str, Row]]:
    """Each number with its name: beside it in a table of two columns, above it in a sum row or an only row."""
    head, *body = table.rows
    if len(head.cells) == 2:
        yield from ((row.cells[0], row.cells[1], row) for row in table.rows)
        return
    total = next((r for r in reversed(body) if expression(r"合计|总计|件数|数量|共计").match(r.cells[0])), None)
    row = total or (body[0] if len(body) == 1 else None)
    if row is not None and all(cell(text) is None for text in head.cells):
        yield from ((name, text, row) for name, text in zip(head.cells, row.cells, strict=True))


def _caption(text: str, start: int) -> str:
    """The line before a table."""
    lines = [line.strip() for line in text[max(0, start - 200) : start].split("\n")]
    return next((line for line in reversed(lines) if line), "")


def _nothing(report: Report, matcher: _Matcher) -> Iterator[tuple[str, _Candidate]]:
    """「未收到行政复议申请」: the figure is 0."""
    for sentence in report.sentences:
        if (
            sentence.heading
            or sentence.role not in (Role.WORK, Role.PREAMBLE)
            or not any(map(sentence.text.__contains__, ("未", "没有", "无")))
        ):
            continue
        for known in matcher.indicators:
            if said := known.nothing(sentence.text):
                start, end = sentence.span(said.start(), said.end())
                yield known.id, _Candidate(0.0, 0, "", None, start, end)
