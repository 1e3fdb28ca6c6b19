"""Concrete facts in a sentence: counts, rates, documents issued, meetings, dates, bodies set up, campaigns, nil reports."""

from __future__ import annotations

import re
from operator import itemgetter
from typing import NamedTuple

from auditor.expressions import expression
from auditor.polarity import nil_report
from auditor.text import from_digits

_UNITS = (
    "人次|件次|户次|场次|家次|班次|车次|起次|项次|万元|亿元|个工作日|工作日|学时|课时|小时|分钟|公里|平方米|平方公里|"
    "件|起|次|场|期|人|名|个|家|份|项|条|部|篇|宗|例|户|元|天|辆|台|套|册|张|卷|本|支|处|所|批|轮|种|类|亩|吨|"
    "幅|块|页|则|道|枚|间|座|栋|头|只|位|堂|讲|节|课|回|趟|档|门|笔|单|艘|架|副|组|队|村|社区|镇|乡|县|区|校|站|点|岗|码|款|票|段|封|桩|幅|字|度|分|排|步|环节"
)
_COUNT = expression(
    rf"(?<![第\d.\-])(?!24小时|7×24)(\d[\d,]*(?:\.\d+)?)(?:余|多|几)?(?:万|亿|千)?(?:余|多)?({_UNITS})(?!月)"
)
_COUNT_ZH = expression(
    r"([二两三四五六七八九十百千](?<![第一二三四五六七八九十每].)[二两三四五六七八九十百千]*)(?:余|多)?(人次|场次|件次|学时|课时|次|期|场|名|家|件|部|份|起|批|轮|堂|讲|天|回|宗|卷)(?!两头|会议|全会|清单|制度|亲自|审议)"
)
_SWAPPED = expression(rf"(件|次|起|人|份|场)(\d[\d,]*)(?![\d.]|年|月|日|{_UNITS})")
_RATE = expression(
    r"\d+(?:\.\d+)?%|百分之[零一二三四五六七八九十百点]+|\d+(?:\.\d+)?个百分点|\d+(?:\.\d+)?倍|(?:位列|排名|名列|位居|居)[^,;。]{0,8}第[\d一二三四五六七八九十]+"
)
_NUMBER_DOC = expression(r"[\u4e00-\u9fff]{1,8}[\[〔(]20\d\d[\]〕)]\d+号")
_DATE = expression(r"(?<!\d)\d{1,2}月(?:\d{1,2}日|份|底|初|中旬|上旬|下旬)?(?!\d)|\d+个?(?:工作)?日(?:之?内|以内)")
_MEETING = expression(
    r"第[\d一二三四五六七八九十百]+[次届][^,;。]{0,12}(?:会议|全会|会)|(?<!定期)(?:召开|举行|举办)[^,;。]{1,40}?(?:会议|推进会|部署会|动员会|专题会|座谈会|培训会|发布会|研讨会|述法会|评议会|联席会|常委会|大会|调度会|恳谈会|听证会|论证会)"
)
_HABIT = expression(r"(?:不?定期|及时|适时|每[年月季周][度]?)(?:组织|主持)?$")
_BODY = expression(
    r"(?:成立|设立|组建|建成|挂牌|增设|新设|设置|搭建|筹建|聘任|聘请|选聘|建立)(?:了|起)?[^,;。]{0,24}?"
    r"(?:联席会议|局|办公室|中心|委员会|领导小组|专班|中队|大队|工作组|小组|科|工作站|站|司法所|平台|室|基地|联盟|专家库|系统|窗口|联系点|专栏|专区|数据库|智库|攻坚组)(?!制度|作用|干|位|长)"
)
_OPENED = expression(r"(?:局|中心|委员会|大队|中队|办公室|站|所|基地)(?:正式)?(?:挂牌|揭牌)(?:成立|运行|运作)?")
_CAMPAIGN = expression(
    r"(?:开展|组织|实施|举办|推进)(?!(?:了|全|组织|开展)*(?:各类|各种|各项|多项|系列|一系列|有关|相关|多次|集中|专项|联合)(?:的)?(?:专项|行动|整治|治理|集中|检查))[^,;。]{2,24}?(?:专项行动|专项整治|专项清理|专项检查|专项治理|集中整治|攻坚行动|百日行动|行动|宣传月|宣传周|宣传日|活动月|大比武)(?!计划)"
)
_COMPILED = expression(
    r"(?:编制|编印|制作|汇编|编写|装订)(?:了|完成|印发|公布)*[^,;。]{2,24}?(?:清单|目录|流程图|指南|手册|范本|样式|汇编|成册)"
)
# Each kind of fact: how it looks, the part of the expression that is a count's measure word, whether it holds a digit,
# and words of which it holds one.
_SHAPES = (
    ("count", _COUNT, 2, True, ()),
    ("count", _COUNT_ZH, 2, False, ()),
    ("count", _SWAPPED, 1, True, ()),
    ("rate", _RATE, 0, False, ("%", "百分", "倍", "第")),
    ("document", _NUMBER_DOC, 0, True, ("号",)),
    ("date", _DATE, 0, True, ("月", "日")),
    ("meeting", _MEETING, 0, False, ("会",)),
    ("body", _BODY, 0, False, ()),
    ("body", _OPENED, 0, False, ("挂牌", "揭牌")),
    ("document", _COMPILED, 0, False, ()),
    ("campaign", _CAMPAIGN, 0, False, ()),
)
_FROM_DIGITS = (_COUNT, _DATE)
_DIGIT = expression(r"\d")
_TITLE = expression(r"《([^《》]*(?:《[^《》]*》[^《》]*)*)》")
_ISSUE = expression(
    r"(?:印发|出台|制定|下发|制发|发布|修订|起草|编制|签订|签署|公布|推出|编印|形成|审议|审议通过|审定|通过|研究制定|拟定|修改|转发|会签|审定|完善|建立|提请|列入|报送|联合|上报|发出|汇编|编写|拟订|出具)"
)
_CITED = expression(
    r"贯彻|落实|按照|根据|依据|学习|对照|结合|依照|严格执行|遵守|围绕|深入实施|执行|依托|宣传|遵循|严守|参照"
)


class Fact(NamedTuple):
    """A fact at ``start:end`` of the normalised sentence; ``unit`` is a count's measure word."""

    start: int
    end: int
    kind: str
    unit: str = ""


class Title(NamedTuple):
    """A 《title》 at ``start:end``; ``issued`` when the words before it say that it was drawn up or put out."""

    start: int
    end: int
    issued: bool


def titles(text: str) -> tuple[Title, ...]:
    """The titles named in a normalised sentence and whether each was issued or only cited."""
    found: list[Title] = []
    if "《" not in text:
        return ()
    previous_end, previous_issued = -1, False
    for match in _TITLE.finditer(text):
        if previous_end >= 0 and not text[previous_end : match.start()].strip("、和与及以,"):
            issued = previous_issued
        else:
            lead = text[max(0, match.start() - 24, previous_end) : match.start()]
            cut = max(lead.rfind(c) for c in ",;。:")
            lead = lead[cut + 1 :]
            verbs = [
                m.end()
                for m in _ISSUE.finditer(lead)
                if lead[m.end() : m.end() + 1] != "的" and lead[max(0, m.start() - 1) : m.start()] != "新"
            ]
            cites = [m.end() for m in _CITED.finditer(lead)]
            issued = bool(verbs) and (not cites or max(verbs) > max(cites))
            after = text[match.end() : match.end() + 8]
            if (
                not issued
                and not cites
                and re.match(
                    r"(?:的)?(?:正式)?(?:印发|出台|发布|颁布|表决通过|报送|上报|施行|实施|通过|列明|公布|修订|修编|编制|制定|起草|审议|签订)",
                    after,
                )
            ):
                issued = True
        found.append(Title(match.start(), match.end(), issued))
        previous_end, previous_issued = match.end(), issued
    return tuple(found)


def _inside(spans: tuple[Title, ...], start: int, end: int) -> bool:
    return any(t.start <= start and end <= t.end for t in spans)


def find_facts(text: str, named: tuple[Title, ...]) -> tuple[Fact, ...]:
    """The concrete facts of a normalised sentence, in order; numbers inside a title are part of its name."""
    found: list[Fact] = []
    numbered = _DIGIT.search(text) is not None
    for kind, pattern, unit, digits, words in _SHAPES:
        if (digits and not numbered) or (words and not any(map(text.__contains__, words))):
            continue
        for match in from_digits(pattern, text) if pattern in _FROM_DIGITS else pattern.finditer(text):
            if kind == "meeting" and _HABIT.search(text[max(0, match.start() - 8) : match.start()]):
                continue
            found.append(Fact(match.start(), match.end(), kind, match[unit] if unit else ""))
    found = [f for f in found if not _inside(named, f.start, f.end)]
    found.extend(Fact(t.start, t.end, "document") for t in named if t.issued)
    if nil_report(text):
        found.append(Fact(0, len(text), "nil"))
    return tuple(sorted(found, key=itemgetter(0, 1)))
