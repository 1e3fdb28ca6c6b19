"""What one clause of a sentence says of a deed: done, planned, lacking, a norm or a purpose; by whom; in which year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple

from auditor.expressions import expression
from auditor.hints import Hint, Hints
from auditor.report import Level


class Polarity(StrEnum):
    """What a clause claims of the deed it names."""

    DONE = "done"
    PLANNED = "planned"
    LACKING = "lacking"
    NORM = "norm"
    PURPOSE = "purpose"


class Subject(StrEnum):
    """Whose deed it is."""

    OWN = "own"
    SUPERIOR = "superior"
    OTHER = "other"


class Year(StrEnum):
    """When the deed was, seen from the year reported on."""

    CURRENT = "current"
    EARLIER = "earlier"
    LATER = "later"


# Looking up a member of an enumeration is slow, so that those compared for every clause are looked up once.
_DONE, _PLANNED, _LACKING, _RULED, _AIMED = Polarity
_OWN, _SUPERIOR, _OTHER = Subject
_CURRENT, _EARLIER, _LATER = Year


class Clause(NamedTuple):
    """A clause: ``start`` and ``end`` index the sentence's normalised text, without the closing mark."""

    start: int
    end: int
    polarity: Polarity
    subject: Subject
    year: Year


@dataclass(frozen=True, slots=True)
class Perspective:
    """From where the sentence is read: the report's year, the unit's level and name, and who is above it."""

    year: int | None
    level: Level | None
    unit: str | None
    addressee: str | None = None


# A comma inside a number (1,200) does not divide.
_BOUNDARY = expression(r"[,;:。!?\n](?:(?<!,)|(?!\d{3}(?!\d))|(?<!\d,))")
_TITLE = expression(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》")
_BRACKET = expression(r"\([^()]*\)")


def clause_bounds(text: str) -> list[tuple[int, int]]:
    """The clauses of a normalised sentence; marks inside 《》 and () do not divide."""
    return _bounds(text, mask_titles(text))


def _bounds(text: str, masked: str) -> list[tuple[int, int]]:
    if "(" in masked:
        masked = _BRACKET.sub(lambda m: "×" * len(m.group()), masked)
    bounds: list[tuple[int, int]] = []
    at = 0
    for mark in _BOUNDARY.finditer(masked):
        if mark.start() > at:
            bounds.append((at, mark.start()))
        at = mark.end()
    if at < len(text):
        bounds.append((at, len(text)))
    return bounds or [(0, len(text))]


def mask_titles(text: str) -> str:
    """The text with every 《…》 blanked out, places unchanged."""
    return _TITLE.sub(lambda m: "×" * len(m.group()), text) if "《" in text else text


# ---- plan

_WILL_VERB = (
    r"(?:继续|进一步|加快|加大|加强|持续|深入|全面|着力|严格|按照|坚持|围绕|组织|开展|推进|推动|出台|印发|制定|建立|聚焦|紧扣|从|以|对|在|"
    r"于|会|不断|充分|切实|健全|完善|探索|重点|努力|认真|积极|抓|做|打造|实施|启动|强化|深化|优化|统筹|对照|结合|立足|紧紧|始终|大力|选取|选聘|"
    r"逐步|陆续|适时|择机|定期|再|更)"
)
_PLAN = expression(
    r"下一步|下步|下一阶段|下一?年度|新的一年|今后|明年|来年|次年|(?<!争)力争|争取(?!到|了)|打算|有望|即将|"
    r"(?<![模虚草起对将把所项])拟(?![^,;。]{1,14}的|定|订|稿|文|制|办|任|提拔|提任|保留|修改|废止|失效)|"
    r"(?<!年度)(?<!工作)(?<!学习)(?<!立法)(?<!检查)(?<!培训)(?<!抽查)计划(?=于|在|组织|开展|用|对|年内|明年|出台|制定|推进|将|从|建|新|到|通过|再)|"
    rf"(?:(?<![即行])将)(?={_WILL_VERB})|(?:我[县市区省局镇乡委厅办]|本[县市区局镇乡]|我们|还|也|均|都|全[县市区省])将(?![^,;。]{{0,30}}(?:纳入|列入|作为|融入|移交|下放))"
)
_BA = expression(
    r"将[^,;。]{1,40}?(?:纳入|列入|作为|融入|摆在|摆上|摆到|贯穿|落实到|压缩|移交|下放|列为|与|同|转|划|交|送|延伸|细化|分解|整合|挺在|放在|写入|上升|定为|报|向|从|由|下沉|统一|全部|推送|录入|公布|公开|体现|抓在|置于|嵌入|打造成|调整)"
)
_DONE_MARK = expression(
    r"已(?!婚|知)|完成了|了(?!解)|先后|累计|全年共|截至|截止|共(?:开展|组织|举办|办理|审|收|受|排|化|调|培|发|制|清)"
)
_HARD_PLAN = expression(r"下一步|下一?年度|新的一年|下步|今后|明年|来年|拟|打算|即将")

# ---- lacking

# Plain negations: a mending verb before them must govern them (解决…没有…的问题) to take them back.
_LACK_HARD = expression(
    r"尚未|还未|仍未|未能|从未|一直未|"
    r"未(?!来|经|成年|必|雨|知|收到|发生|发现|出现|产生|接到|受理|被|引发|央)"
    r"|(?<!有)没有(?!发生|收到|出现|发现|因|接到|受理|产生|随意|违法|违规|超期|下决定)|还没|没能|没跟上|没搭|缺少|缺乏|欠缺|空白|有待|亟待|亟需|仍需|尚需|还需|仍须|需要?进一步|需要?加强|需要?提[高升]|"
    r"停留在|多停留|挂名|没人|无专人|领而不用|难以|接不住|管不好|管不住|为零(?!容忍)|存在(?:较大)?困难|跟不上|搭不起来"
)
# Weaknesses named as nouns or adjectives: what a campaign mends as often as what a report admits.
_LACK_SOFT = expression(
    r"缺失|依然存在|仍然存在|仍存在|仍有发生|不严(?!肃|厉)|偏高|不彻底|不深入|不牢|不齐|不顺|不力|走样|脱节|两张皮|(?<!适)老化|单一(?!窗口|来源|制)|不到位|(?<!够)不够|不足(?!\d)|不高|不强|不深|不细|不全面|不完善|不健全|不规范|不及时|不平衡|不均衡|"
    r"不畅|不具体|不完整|不准确|不严格|不扎实|不充分|不明显|不紧密|不统一|(?<!清)不清|不明晰|不明确|不熟悉|不熟|(?<!愿)不愿|(?<!会)不会|(?<!敢)不敢|偏少|偏低|偏弱|偏慢|较少|较低|较弱|较慢|较差(?!\d)|"
    r"薄弱|滞后|短板|弱项|差距|流于形式|走过场|参差不齐|浮于表面|短缺|紧缺|匮乏|欠账|存在[^,;。]{0,12}(?:问题|不足|困难|现象)|"
    r"不尽|无法|断档|重[^,;。]{1,6}轻|乏力|不多|时有发生|无人(?!机|驾驶|值守|船|系统|车|配送|零售|超市|售货|货架|快递)"
)
_GOVERNS = expression(
    r"推动|对[^,;。]{0,12}(?=履职不力|不作为|不履行)|退回|驳回|剔除|取消|清退|撤销|禁止|解决|整治|纠正|整改|防止|杜绝|避免|针对|破解|防范|消除|克服|治理|纠治|改变|扭转|查摆|查找|排查|发现|指出|聚焦|查处|查纠|通报|反馈|批评|曝光|惩治|打击|下发|改进|梳理|检视|剖析|交代|讲清|晒出|亮出"
)
_MENDED_DIRECTLY = expression(r"(?:不再|告别|补齐|补|补上|强|缩小|弥补|消除|堵|克服|破除|解决|改变|扭转)[^,;。]{0,4}$")
_MENDED_AFTER = expression(
    r"^[^,;。]{0,12}(?:问题|现象|行为|情形|隐患)[^,;。]{0,12}(?:整改|整治|自查|清理|排查|治理|专项|检查|摸排|纠治)"
)
_NAMED_LACK = expression(r"^[^,;。]{0,24}?(?:等|的(?!情况下)|问题|现象|行为|情形|事项|环节|做法|案件|单位)")
_NIL = expression(
    r"没有一?人(?:向|提|申请|对|不服)|无[^,;。]{0,10}申请公开|未(?:收到|发生|发现|出现|产生|接到|受理|被|引发)|没有(?:发生|收到|出现|发现|接到|受理|产生)|无[^,;。力关需]{0,10}(?:案件|申请)(?!条件)|无(?:行政|复议|应诉|诉讼|败诉|案件|申请|相关|依申请|一起|一例|一件|重大|超期|违法|被)|零(?:败诉|复议|发生|投诉|诉讼|纠错)|"
    r"均无(?!证)|全部为零|(?<![\d.])0(?:件|起|次|人|份|例)|零件|零起"
)

# ---- norm and purpose

_NORM = expression(
    r"不得|严禁|禁止|应当(?!事人)|(?<![一二三四五])必须(?![^,;。]{1,8}的)|一律|(?:^|,)凡|方可|方能|须经|须由|须在|须报|未经[^,;。]{1,24}的|原则上|(?<!拿)不准|不给|不与"
)
_PURPOSE = expression(
    r"^(?:为(?:了|不断|进一步|深入|更好|切实|全面|加强|推进|推动|规范|确保|提高|提升|贯彻|落实|做好|优化|强化|促进|保障|加快|有效|严格|深化|健全|完善|营造|维护|防止|解决|打造|实现|方便|充分|持续)|旨在|以便|目的是|目的在于)"
)

# ---- subject

_TIME_LEAD = r"(?:(?:\d{4}年)?(?:\d{1,2}月(?:份)?(?:\d{1,2}日)?)?,?|期间,?|同时,?|此外,?|今年,?|去年,?|上半年,?|下半年,?|年初,?|年底,?)"
_ORGAN = r"(?:委|政府|人大|政协|纪委|司法|法制|城管|法院|中级|高级|检察|公安|人社|财政|市场|住建|生态|应急|交通|文旅|卫健|发改|教育|依法治|法治|编办|组织部|宣传部|党校|直|局|厅|督察|督导|考核|办公厅|办公室|政务|大数据|审计|安委|信访|政法)"
_ANY_ORGAN = (
    r"(?!场|政局|容|民|域|直|属|内|外|区)(?:长(?!期|效|远)|[\u4e00-\u9fff]{1,6}?(?:局|厅|委|办|院)(?!所|理|公))"
)
_NOT_DEED = expression(
    r"领导(?!干部|班子|小组)|要求|部署|安排|精神|指导下|统一|文件(?:精神|要求|规定)|(?:有关|相关)规定|《|关于|批复同意|批准|命名我|授予我|评为|的(?:大力|正确|坚强|关心|支持|有力)"
)
_ABOVE = {
    Level.PROVINCE: r"(?:中央|国务院|国家|司法部)",
    Level.CITY: r"(?:中央|国务院|国家|司法部|省|自治区)",
    Level.COUNTY: r"(?:中央|国务院|国家|司法部|省|自治区|市)",
    Level.TOWNSHIP: r"(?:中央|国务院|国家|司法部|省|自治区|市|县|区)",
}
_OWN_AFTER = expression(r"(?<![对为向给到赴来在持导])我[县市区省局镇乡](?!的)")
_OWN_SUBJECT = expression(
    r"我[县市区省局镇乡委厅办街]|本[县市区局镇乡]|我们|全[县市区省镇乡局系]|各[县市区乡镇部单执]|县政府|区政府|镇政府|乡政府"
)
# A place's name is told from a verb with 县 or 市 after it (清理县政府文件) by what follows, and by the characters verbs have.
_PLACE = expression(
    r"^([^\W\d_a-zA-Z清理审核制定印发推进加强完善组织开展对接报送配合协助落实全面深化建立健督促指导以由向在和与及为被把将从据按经到所的是有各本我该两级等]{2,3}?)"
    r"(?:省|市|县|自治区)(?=\d|获|被|荣获|率先|在全|签订|举办|召开|出台|印发|成为|的做法|经验)"
)
_NEIGHBOUR = expression(
    r"^(?:邻近?[县市区镇乡]|兄弟(?:县|市|区|单位)|周边[县市区]|其他[县市省])(?![^,;。]{0,4}(?:来|的))"
)


def department_tier(unit: str | None) -> Level | None:
    """The level of the government that a department belongs to, read from its name; None if it cannot be told."""
    if not unit:
        return None
    if expression(r"省|自治区(?!.*[市县])").search(unit) and not expression(r"[市县]").search(unit):
        return Level.PROVINCE
    if expression(r"[县旗]|市[\u4e00-\u9fff]{1,6}区").search(unit):
        return Level.COUNTY
    if "市" in unit:
        return Level.CITY
    return None


def _tier(view: Perspective) -> Level | None:
    """The level of the government that the unit is or belongs to."""
    return department_tier(view.unit) if view.level is Level.DEPARTMENT else view.level


def _names_above(view: Perspective) -> list[str]:
    """The names of the governments above the unit, as far as its own name or the addressee tells them."""
    level = _tier(view)
    names = []
    if (
        view.unit
        and level is Level.COUNTY
        and (parent := expression(r"([\u4e00-\u9fff]{2,4}市)[\u4e00-\u9fff]+[县区]").match(view.unit))
    ):
        names.append(parent.group(1))
    if (
        view.addressee
        and (above_name := expression(r"([\u4e00-\u9fff]{2,6}?[省市县区])(?:委|人民政府|政府)").match(view.addressee))
        and (not (view.unit or "").startswith(above_name.group(1)) or level in (Level.COUNTY, Level.TOWNSHIP))
    ):
        names.append(above_name.group(1))
    return names


def _superior(view: Perspective) -> str | None:
    level = _tier(view)
    above = _ABOVE.get(level) if level is not None else None
    names = _names_above(view)
    options = []
    if above:
        options.append(
            rf"国务院(?!办公厅关于)|司法部|{above}里(?!的)|{above}{_ORGAN}|{above}{_ANY_ORGAN}|{above}级(?:已|出台|印发|部门|层面|统一|制定|组织|对)"
        )
    options.extend(
        rf"{re.escape(name)}(?!{re.escape((view.unit or '×')[len(name) : len(name) + 2] or '×')})" for name in names
    )
    return rf"^{_TIME_LEAD}(?:{'|'.join(options)})" if options else None


@lru_cache(maxsize=256)
def _superior_of(view: Perspective) -> re.Pattern[str] | None:
    pattern = _superior(view)
    return re.compile(pattern) if pattern else None


@lru_cache(maxsize=256)
def _others(view: Perspective) -> tuple[Hint, tuple[str, ...]]:
    """Words of which one stands wherever a clause could be of somebody else's deed: a hint, and names."""
    return _others_hint(_tier(view)), tuple(_names_above(view))


@cache
def _others_hint(level: Level | None) -> Hint:
    """What ``_others`` are whatever the unit is called: making a hint takes as long as many a report."""
    pattern = _superior(Perspective(None, level, None))
    return Hint(*([pattern] if pattern else ()), _NEIGHBOUR.pattern, _PLACE.pattern)


def _subject(clause: str, view: Perspective, before: Subject) -> Subject:
    above = _superior_of(view)
    if above is not None and (hit := above.match(clause)):
        after = clause[hit.end() :]
        if not _NOT_DEED.search(after[:14]) and not _OWN_AFTER.search(after):
            return _SUPERIOR
    if _OWN_SUBJECT.match(clause):
        return _OWN
    if _NEIGHBOUR.match(clause):
        return _OTHER
    if view.unit and (place := _PLACE.match(clause)):
        name = place.group(1)
        if name not in view.unit and view.level not in (Level.PROVINCE, Level.CITY):
            return _OTHER
    return before


# ---- year

_YEAR = expression(
    r"(?<!\d)(20\d\d)年(?!版|以来|起|至今|来|度(?:重大|依法|法治|工作|重点|目标|计划|普法|案卷|行政|执法|考核|培训|学习|立法|预算|项目))"
)
_RANGE = expression(r"(?:19|20)\d\d年?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:以?前)?(?:-|至|到|和|、)(20\d\d)年?")
_OF_YEAR = expression(r"(?:20\d\d年|去年|上年度?|上一年度?)[^,;。]{0,24}?的")
_LAST_YEAR = expression(r"(?:^|[^比较同与和])(?:去年|上年(?!度(?:案|报|法治))|上一年(?!度)|往年|前年)(?!同期|相比)")
_THIS_YEAR = expression(r"今年|本年|全年|当年|年内|截至目前|截止目前|目前")


def _year(clause: str, view: Perspective, before: Year) -> Year:
    if view.year is None:
        return _CURRENT
    named = _BRACKET.sub("", mask_titles(clause))
    if named.endswith("中") and earlier_attributes(named, view.year):
        return _EARLIER  # 2021年清理的74件文件中,废止9件: the figures that follow are of that year
    plain = _OF_YEAR.sub("", named)
    if _THIS_YEAR.search(plain):
        return _CURRENT
    for span in _RANGE.finditer(plain):
        if int(span.group(1)) >= view.year:
            return _CURRENT
    years = [int(y) for y in _YEAR.findall(plain)]
    if years:
        if view.year in years:
            return _CURRENT
        if all(y > view.year for y in years):
            return _LATER
        if expression(r".{0,6}20\d\d年").match(plain):
            return _EARLIER
        return before
    if _LAST_YEAR.search(plain):
        return _EARLIER
    return before


def earlier_attributes(text: str, year: int | None) -> tuple[tuple[int, int], ...]:
    """Where a sentence speaks of what was done in an earlier year as an attribute: 2021年清理的(文件)."""
    if year is None:
        return ()
    spans = []
    for found in _OF_YEAR.finditer(text):
        named = expression(r"(20\d\d)年").match(found.group())
        if named is None or int(named.group(1)) < year:
            spans.append((found.start(), found.end()))
    return tuple(spans)


# ---- the whole sentence


# 没有出具审查意见的不列入议程, 没有依据的一律取消: a rule in force, not a lack.
_RULE_ON_LACK = expression(
    r"(?:没有|未|无)[^,;。]{1,20}的[^,;。]{0,10}(?:一律|不得|不予|不列|不准|不能|不再|坚决|退回|取消|砍掉)"
)
_RULE_FOLLOWS = expression(r"^[^,;。]{0,8}(?:一律|不得|不予|不能|不准|不进|不收|不批|不上会)")
_REDUCED = expression(
    r"减少|下降|降低|得到(?:有效|较好|基本|明显|进一步)?(?:解决|改善|缓解|改观|纠正|遏制)|整改到位|整改完毕|销号"
)


def _lacks(plain: str) -> bool:
    """Whether the clause admits a lack, rather than telling of one that was looked for or mended."""
    if _RULE_ON_LACK.search(plain):
        return False
    hard = _LACK_HARD.search(plain)
    if hard and not _GOVERNS.search(plain[: hard.start()]):
        return True
    soft = _LACK_SOFT.search(plain)
    if soft is None:
        return False
    before, after = plain[: soft.start()], plain[soft.end() :]
    if _MENDED_DIRECTLY.search(before) or _REDUCED.search(after) or _MENDED_AFTER.match(after):
        return False
    if expression(r"(?:单位|部门|地区|企业|乡镇|镇街)").match(after) and expression(r"[向对给]|督促|约谈|通报").search(
        before
    ):
        return False
    named = soft.group().endswith(("问题", "现象", "不足", "困难", "短板", "弱项", "欠账")) or _NAMED_LACK.match(after)
    return not (named and _GOVERNS.search(before))


def _polarity(plain: str, before: Polarity, hints: frozenset[str]) -> Polarity:
    if "lack" in hints and not _NIL.search(plain) and _lacks(plain):
        return _LACKING
    plan = _PLAN.search(plain) if "plan" in hints else None
    if plan and plan.group().endswith("将") and _BA.search(plain[plan.end() - 1 :]):
        plan = None
    if plan and not (_DONE_MARK.search(plain) and not _HARD_PLAN.search(plan.group())):
        return _PLANNED
    if before is _PLANNED and not _DONE_MARK.search(plain):
        return _PLANNED
    if "norm" not in hints:
        return _DONE
    if _NORM.search(plain) or _RULE_ON_LACK.search(plain):
        return _RULED
    if _PURPOSE.match(plain):
        return _AIMED
    return _DONE


_HINTS = Hints(
    plan=[_PLAN.pattern],
    lack=[_LACK_HARD.pattern, _LACK_SOFT.pattern],
    nil=[_NIL.pattern],
    norm=[_NORM.pattern, _PURPOSE.pattern, _RULE_ON_LACK.pattern],
    year=[_YEAR.pattern, _RANGE.pattern, _OF_YEAR.pattern, _LAST_YEAR.pattern],
)


@lru_cache(maxsize=1024)
def _hints(text: str) -> frozenset[str]:
    """What a sentence may claim besides that something was done in this year; asked several times in a row."""
    return _HINTS.found(text)


def read_clauses(text: str, view: Perspective) -> tuple[Clause, ...]:
    """Read a normalised sentence clause by clause; plan, subject and year carry over to the clauses that follow."""
    clauses: list[Clause] = []
    polarity, subject, year = _DONE, _OWN, _CURRENT
    masked = mask_titles(text)
    # Most sentences just tell deeds of the unit itself in this year: a look at the whole says so for each of its clauses.
    hints = _hints(text)
    ordinary = hints.isdisjoint(("lack", "plan", "norm"))
    hint, names = _others(view)
    others = hint.found(masked) or any(map(masked.__contains__, names))
    years = view.year is not None and (
        "year" in hints or ("(" in masked and "year" in _hints(_BRACKET.sub("", masked)))
    )
    for start, end in _bounds(text, masked):
        plain = masked[start:end]
        if not ordinary:
            polarity = _polarity(plain, polarity, hints)
            if polarity is _LACKING and "没有" in plain and _RULE_FOLLOWS.match(masked[end + 1 :]):
                polarity = _RULED  # 没有审核意见,文件一律不上会
        if others:
            subject = _subject(plain, view, subject)
        if years:
            year = _year(text[start:end], view, year)
        held = _PLANNED if year is _LATER and polarity is _DONE else polarity
        clauses.append(Clause(start, end, held, subject, year))
    return tuple(clauses)


def hints_other_than_done(text: str) -> bool:
    """Whether any words of a plan or a lack occur in the text: where none do, every clause tells a deed."""
    hints = _hints(text)
    if "plan" in hints and _PLAN.search(text):
        return True
    return "lack" in hints and bool(_LACK_HARD.search(text) or _LACK_SOFT.search(text))


def nil_report(text: str) -> bool:
    """Whether the text says that nothing of the kind occurred (未收到…申请, 无…案件): a fact, not a lack."""
    return "nil" in _hints(text) and _NIL.search(text) is not None
