"""What a copy leaves behind: another unit's name, and a year other than the report's own in what is told of this year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from auditor.expressions import expression
from auditor.report import Report, Role, Sentence, Source
from auditor.similarity import places_of, same_unit


@dataclass(frozen=True, slots=True)
class Leftover:
    """A foreign ``name`` (a place or a year) at ``quote``; ``unit`` is whose name it is, for a place."""

    file: str
    kind: Literal["unit", "year"]
    name: str
    unit: str | None
    quote: str
    start: int
    end: int


# What is done together with another place, or seen there, names it rightly.
_TOGETHER = expression(
    r"[与和同跟赴到向及、](?=NAME)|NAME[^,;。]{0,8}(?:[与和、]|等地|联合|合作|协作|交流|考察|签订|经验|来我|跨[省市县区域])|(?:联合|合作|协作|交流|考察|学习|对口|毗邻|相邻|兄弟|邻近)[^,;。]{0,12}NAME"
)
_STATEMENT_YEAR = expression(
    r"(?:^|(?<=[。;:,]))(?:\(?[一二三四五六七八九十]+\)?[、是]|\(?\d+[.、)])?(?P<year>(?:19|20)\d\d)年"
    r"(?:度|来|以来|全年)?,?(?=(?:,|[我全本][省市县区旗镇乡局州盟]|共|累计|先后|开展|组织|召开|收到|办理|受理|制定|完成|排查|审查|审核|举办|查处|化解|调解|出台|印发|接待|主动公开|公开|培训|新增|实现|投入|发放|评查|检查|推进|深入|积极|持续|[\u4e00-\u9fff]{2,8}[省市县区旗镇乡局委府]))(?![^,;。]{1,10}的)"
)
_COMPARES = expression(
    r"较|相比|同比|增长|上升|下降|比上年|以来|至今|起,|期间|底前|前完成|换届|成立于|被评为|获评|荣获|命名|试点|第[一二三]批"
)
_PLAN_TITLE = expression(
    r"(?P<year>20\d\d)年(?:度)?(?:的)?(?:法治政府建设)?(?:工作|重点)?(?:计划|安排|打算|思路|工作重点|主要安排)"
)
_RANGE = expression(r"20\d\d年?[-至到—]")


def leftovers(reports: Sequence[Report], units: Sequence[Source] = ()) -> tuple[Leftover, ...]:
    """The leftovers in each report; ``units`` are further reports whose units' names are looked for."""
    sources = [*(r.source for r in reports), *units]
    found: list[Leftover] = []
    for report in reports:
        found += _names(report, sources)
        found += _years(report)
    return tuple(found)


def _names(report: Report, sources: Sequence[Source]) -> Iterator[Leftover]:
    """The names of other units of the same level in the report's text, where they are not named as partners."""
    own = report.source.unit
    wanted: dict[str, str] = {}
    for source in sources:
        if source.unit and own and source.level == report.source.level and not same_unit(source, report.source):
            for place in places_of(source.unit):
                if place not in own and own not in place and len(place) > 2:
                    wanted.setdefault(place, source.unit)
    if not wanted:
        return
    pattern = re.compile("|".join(re.escape(name) for name in sorted(wanted, key=len, reverse=True)))
    for sentence in report.sentences:
        for found in pattern.finditer(sentence.text):
            if not _partner(sentence.text, found[0]):
                start, end = sentence.span(found.start(), found.end())
                yield Leftover(
                    report.source.file, "unit", found[0], wanted[found[0]], *_quoted(report, sentence, start, end)
                )


def _partner(text: str, name: str) -> bool:
    return re.search(_TOGETHER.pattern.replace("NAME", re.escape(name)), text) is not None


def _years(report: Report) -> Iterator[Leftover]:
    year = report.source.year
    if year is None:
        return
    for sentence in report.sentences:
        text = sentence.text
        if sentence.role is Role.PLAN or sentence.heading:
            if (plan := _PLAN_TITLE.search(text)) and int(plan["year"]) <= year and sentence.role is Role.PLAN:
                yield _year(report, sentence, plan)
        elif sentence.role in (Role.WORK, Role.PREAMBLE) and not _COMPARES.search(text) and not _RANGE.search(text):
            if f"{year}年" in text or "今年" in text:
                continue
            told = _STATEMENT_YEAR.search(text)
            if told and int(told["year"]) != year and abs(int(told["year"]) - year) <= 4:
                yield _year(report, sentence, told)


def _year(report: Report, sentence: Sentence, found: re.Match[str]) -> Leftover:
    start, end = sentence.span(*found.span("year"))
    return Leftover(report.source.file, "year", found["year"], None, *_quoted(report, sentence, start, end))


def _quoted(report: Report, sentence: Sentence, start: int, end: int) -> tuple[str, int, int]:
    """The clause around a place, at most forty characters to each side."""
    first = max(sentence.start, start - 20)
    last = min(sentence.end, end + 40)
    return report.text[first:last], first, last
