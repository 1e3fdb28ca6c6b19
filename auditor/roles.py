"""The role of a section, from its heading, and of a sentence, from its section and its own words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditor.expressions import expression
from auditor.hints import Hint
from auditor.report import Role

_LACK = r"(?:问题|困难|不足|短板|差距|薄弱环节|弱项|难点|困境|瓶颈)"
_PROBLEM_HEADING = expression(
    rf"(?:存在|面临|遇到|尚存|仍有|还有|尚有)[^。,]{{0,14}}{_LACK}|不足之处|存在的?(?:主要)?(?:原因|障碍)"
    rf"|^(?:(?:主要|突出|当前|目前|现阶段|工作中?|年度|工作上)的?)*{_LACK}(?:$|[和与及、,]|分析)"
    rf"|(?:问题|不足|短板|差距|困难)(?:和|及|与|、|以及|及其)(?:其|主要)*(?:原因|困难|差距|短板|不足|问题|建议|意见)"
)
_FACED = expression(rf"(?:直面|正视|反思|剖析|查找)[^,]{{0,8}}{_LACK}")
_PROBLEM_END = expression(rf"{_LACK}(?:和原因|及原因|与原因)?$")
_MENDED = expression(
    r"(?:解决|整治|化解|聚焦|导向|补齐|补足|破解|针对|整改|治理|攻克|克服|消除|紧盯|纠治|围绕|弥补|缩小|突破|防范|处置|办理|反馈|历史遗留|攻坚)"
)
_MENDING = expression(rf"{_LACK}(?:的)?(?:整改|解决|销号|清零)(?:落实|工作|推进|完成)?(?:情况|到位|完成|落实|工作)?$")
_PLAN_HEADING = expression(
    r"下一?步|下一?阶段|今后|来年|明年|努力方向|新的?一年|改进(?:措施|方向|举措|打算)|整改(?:打算|思路|措施)|工作打算|工作展望|^未来"
    r"|(?:工作|主要|重点|总体|建设|任务|年度|推进|下年)?(?:安排|计划|打算|思路|设想|展望|谋划)$"
)
_PLAN_PART = expression(
    r"^(?:下一?步|下一?阶段|今后|来年|明年|新的一年|(?:后续|未来)(?:的)?(?:工作|打算|安排|计划|重点))|(?:下一?步|今后|明年)[^,]{0,8}(?:打算|安排|计划|思路|措施|举措|重点)$"
    r"|^(?:年度|主要|重点)?(?:工作)?(?:计划|打算|安排|思路|设想)$"
)
_PLAN_WORDS = expression(r"安排|计划|打算|思路|重点|举措|措施|任务|要点|展望|设想|目标|工作|谋划|部署|方向|建议")
_DONE_HEADING = expression(
    r"(?:完成|落实|执行|开展|推进|进展|实施|部署|工作|建设)情况|成效|成绩|回顾|总结|亮点|做法|经验|主要工作$|已"
)
_OTHER_HEADING = expression(r"其[他它](?:需要|应当|应)?[^,]{0,4}(?:报告|说明)|其[他它](?:事项|情况)")
_LEADER = expression(
    r"第一责任|(?:党政)?主要(?:负责人|领导|负责同志)[^,。]{0,14}(?:履职|履行[^,。]{0,12}职责)|党政(?:主要)?(?:负责人|领导)[^,。]{0,8}(?:履职|履行)"
)
_LEADER_BODY = expression(
    r"(?:20\d\d年,|一年来,|今年以来,)?[省市县区旗州镇乡局厅街道本我]{0,3}(?:党委|党组|党工委|委)?(?:主要)?(?:书记|省长|市长|县长|区长|旗长|州长|镇长|乡长|局长|厅长|主任|主要负责(?:人|同志)|主要领导)"
    r"[^。;]{0,24}(?:履行|履职)[^。;]{0,16}第一责任"
)

_OWN = r"(?:我们?|本|全)?(?:省|市|县|区|旗|州|镇|乡|街道|局|委|办|厅|院|单位|部门)?"
_START = rf"^(?:[一二三四五六七八九十]{{1,3}}是|首先,|其次,|同时,?|另外,|此外,|并且?,?|[^,。;]{{0,6}},)?{_OWN}(?:人民政府|政府|党委|党组|党政)?"
_LATER = r"(?:下一?步|下一?阶段|今后|明年|来年|接下来|新的?一年|后续)"
_WILL = r"(?:将|要|拟|计划|打算|继续|力争|争取|着力|进一步|重点|持续|准备|预计|再)"
_PLAN = expression(
    rf"{_START}(?:在)?{_LATER}[^。;]{{0,30}}?{_WILL}"
    rf"|{_START}将(?:继续|进一步|持续|着力|不断|大力|加快|适时|逐步|按照|以|在|于|会|组织|重点|更加|认真|深入|全面|严格|始终|切实|积极|坚持)"
    rf"|{_START}拟(?:于|在|出台|制定|开展|组织|启动|建立|将|对)(?![^,;。]{{0,10}}的)"
    rf"|{_START}(?:计划|打算|预计)(?:于|在|到|明年|从|组织|开展|用|通过|对)"
)
_FUTURE = expression(rf"^[^,。;]{{0,8}}(?:20\d\d)年[^。;]{{0,16}}?(?:{_WILL}|目标)")
_YEARS = expression(r"(20\d\d)年")

_SHORT_OF = (
    r"(?:不到位|不够|不足|不强|不高|不深|不全|不严|不实|不规范|不平衡|不均衡|不完善|不健全|不明显|不及时|不充分|不精准|不顺畅|不紧密|不适应|不理想"
    r"|不完全|不明确|薄弱|欠缺|缺乏|缺少|短缺|滞后|偏少|偏低|偏弱|较弱|较低|较少|有差距|存在差距|有短板|有不足|存在不足|有待|亟待|尚待|亟需)"
)
_ADMITTED = expression(
    rf"(?:但|但是|然而|不过|可是)[^。;]{{0,30}}(?:仍|还|尚|依然|也)[^。;]{{0,40}}(?:{_LACK}|{_SHORT_OF}|不少|未|没有)"
    rf"|(?:仍|还|尚|依然)(?:然)?(?:有|存在)[^。;,]{{0,30}}(?:{_LACK}|不到位|空间)"
    rf"|(?:仍|还|尚|依然)[^。;,]{{0,12}}{_SHORT_OF}"
    rf"|(?:有待|尚需|仍需|还需|亟待|亟需)(?:进一步|继续|不断)?[^。;,]{{0,8}}(?:加强|提高|提升|完善|深化|改进|规范|健全|优化|加大|强化|增强|拓展|解决|细化)"
    rf"|^(?:[一二三四五六七八九十]{{1,2}}是)?(?:个别|部分|少数|有的|有些|一些)[^。;]{{2,60}}{_SHORT_OF}"
    rf"|(?:尚未|还没有|仍未|一直没有|至今没有|至今未)[^,。;的]{{2,24}}(?:$|[,。;])"
)
_ADMITTED_HINT = Hint(_ADMITTED.pattern)
_CURED = expression(
    r"(?:针对|对照|对于?|围绕|聚焦|着力|整治|整改|查处|纠正|纠治|解决|杜绝|防止|避免|破解|未发现|督促|通报|指出|提出|通过|消除|克服|改变)"
)
_LACKING = expression(rf"{_SHORT_OF}|{_LACK}|尚未|还没有|没有|[仍尚未缺难弱欠]|不能|无法|无专|偏|较大|参差|有限")
_DEED = expression(
    r"(?:^|[,;:])(?:目前,?|截至[^,]{2,16},?|截止[^,]{2,16},?)?[^,;。将拟]{0,60}已经?(?![^,。;]{0,14}的)[^,。;]{2,}"
)
_FIGURE = expression(r"\d+(?:\.\d+)?(?:余|多)?(?:万)?(?:件|个|名|人|份|次|场|项|家|期|部|条|起|%|套|册|处|支)")
_NOW = expression(r"^(?:[一二三四五六七八九十]{1,3}是)?(?:目前|截至目前|截止目前|至目前)")

_SWITCH = expression(rf"{_START}(?:{_LATER}|为此|针对(?:以上|上述|这些|存在)|在今后)")
_URGE = expression(
    r"^(?:[一二三四五六七八九十]{1,3}是|\(?\d{1,2}[.)、])?(?:要|将|继续|持续|进一步|不断|加强|强化|加大|加快|推进|推动|完善|健全|深化|提升|提高|优化|严格|落实|坚持|全面|深入|大力|抓好|压实|聚焦|着力|规范|建立|做好|切实|积极)"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading says of its section; ``mixed`` when it announces both shortcomings and plans."""

    role: Role | None
    leader: bool = False
    mixed: bool = False


def of_heading(text: str, top: bool, parent: Role | None, year: int | None) -> Heading:
    """The role that a heading's own words give, None if they give none; ``top`` for a heading of the first level."""
    plain = text.rstrip("。:,;.")
    problem = _is_problem(plain, top)
    plan = _is_plan(plain, top, year)
    if problem and plan:
        return Heading(Role.PROBLEM, mixed=True)
    if problem:
        return Heading(Role.PROBLEM)
    if plan:
        return Heading(Role.PLAN)
    if _OTHER_HEADING.search(plain):
        return Heading(Role.WORK)
    if parent in (None, Role.WORK) and _LEADER.search(plain):
        return Heading(Role.WORK, leader=True)
    return Heading(Role.WORK if top else None)


def _is_problem(plain: str, top: bool) -> bool:
    found = _PROBLEM_HEADING.search(plain)
    if found:
        return not _MENDED.search(plain[: found.start() + 2]) and not _MENDING.search(plain)
    if not top:
        return False
    return bool(_FACED.search(plain)) or (
        len(plain) <= 16 and bool(_PROBLEM_END.search(plain)) and not _MENDED.search(plain)
    )


def _is_plan(plain: str, top: bool, year: int | None) -> bool:
    years = [int(found) for found in _YEARS.findall(expression(r"《[^》]*》|\([^)]*\)").sub("", plain))]
    if years and year and max(years) <= year:
        return bool(expression(r"下一?步|下一?阶段|今后|明年").search(plain))
    if years and year and min(years) > year and (top or _PLAN_WORDS.search(plain)):
        return True
    if _DONE_HEADING.search(plain) and not expression(r"下一?步|下一?阶段|今后|明年|打算|改进").search(plain):
        return False
    return bool((_PLAN_HEADING if top else _PLAN_PART).search(plain))


def leads_by_body(sentence: str) -> bool:
    """Whether a section's first sentence tells how the leader did the duty of first person responsible."""
    return bool(_LEADER_BODY.match(sentence))


def of_item(heading: str) -> Role:
    """The role of a part under a mixed heading, from its own heading."""
    if shortcoming(heading) or re.search(_SHORT_OF, heading):
        return Role.PROBLEM
    return Role.PLAN if _URGE.match(heading) else Role.PROBLEM


def of_sentence(text: str, role: Role, year: int | None) -> Role:
    """The role of a sentence whose section has ``role``: its own words outweigh the section."""
    if role is Role.WORK:
        if plans(text, year):
            return Role.PLAN
        return Role.PROBLEM if shortcoming(text) and not _FIGURE.search(text) else role
    if role is Role.PLAN:
        return Role.WORK if tells_deed(text, year) else role
    if role is Role.PROBLEM and "已" in text and not _LACKING.search(text) and _FIGURE.search(text):
        return Role.WORK if _DEED.search(text) else role
    return role


def of_mixed(text: str, state: Role, year: int | None) -> Role:
    """The role of a sentence under a mixed heading, given the role of the one before."""
    if _SWITCH.match(text) or plans(text, year):
        return Role.PLAN
    if re.search(_SHORT_OF, text) and not _CURED.search(text):
        return Role.PROBLEM
    return Role.PLAN if _URGE.match(text) and not _LACKING.search(text) else state


def plans(text: str, year: int | None) -> bool:
    """Whether a sentence as a whole promises something for later."""
    if "将" in text or "步" in text or "年" in text or "拟" in text or "划" in text or "后" in text or "来" in text:
        if _PLAN.search(text):
            return not expression(r"[^,]{0,12}将[^,]{0,40}(?:纳入|列入|作为|转化|转变|融入|写入)").match(text) or bool(
                expression(rf"{_START}(?:在)?{_LATER}").match(text)
            )
        found = _FUTURE.search(text) if year else None
        if found:
            years = [int(each) for each in _YEARS.findall(found[0])]
            return bool(years) and year is not None and min(years) > year
    return False


def shortcoming(text: str) -> bool:
    """Whether a sentence plainly admits a shortcoming of the unit's own."""
    found = _ADMITTED.search(text) if _ADMITTED_HINT.found(text) else None
    return bool(found) and not _CURED.search(text[: found.end() if found else 0])


def tells_deed(text: str, year: int | None) -> bool:
    """Whether a sentence of the plan part tells what is already done."""
    if "已" not in text:
        return False
    found = _DEED.search(text)
    if not found or expression(r"(?:[一二三四五六七八九十]{1,3}是)?(?:针对|对|在|巩固|依托|用好|利用)").match(text):
        return False
    before = text[: found.end()]
    if expression(rf"(?:{_WILL}|{_LATER})").search(text[: text.index("已")]):
        return False
    dated = year is not None and f"{year}年" in before
    return bool(dated or _NOW.match(text) or _FIGURE.search(before))


def opens_problem(sentence: str) -> bool:
    """Whether a paragraph that begins so speaks of shortcomings, without a heading."""
    if expression(r"(?:针对|围绕|聚焦|为解决|着力)").match(sentence):
        return False
    return bool(_OPENS_PROBLEM.search(sentence))


_OPENS_PROBLEM = expression(
    rf"(?:虽然?|尽管|取得[^,。]{{0,16}}(?:成绩|成效|进展)|总体|总的|回顾|对照|相比|相较|当前|目前|过去|同时|但)[^。]{{0,90}}?"
    rf"(?:存在|仍有|还有|尚有|有)[^。]{{0,24}}{_LACK}|^(?:存在的?|主要的?)+{_LACK}(?:是|有|:|主要)|(?:清醒|深刻)地?(?:认识|看)到|问题(?:和不足)?主要(?:表现|体现)(?:在|为)"
)


def opens_plan(sentence: str, year: int | None) -> bool:
    """Whether a paragraph that begins so speaks of what comes next, without a heading."""
    if expression(rf"(?:在)?{_LATER}[^。]{{0,40}}(?:{_WILL}|工作|以|坚持|从)").match(sentence):
        return True
    found = expression(rf"(?:在)?(20\d\d)年[^。]{{0,60}}?{_WILL}").match(sentence)
    return bool(found and year is not None and int(found[1]) > year)


_OPENING = expression(
    r"报告如下|汇报如下|总结如下|情况如下|如下:|现将|领导下|指导下|为指导|为指引|近日|日前|近年来|收官之年|开局之年|关键之年|贯彻落实|深入学习|深入贯彻|全面贯彻|根据.{2,40}(?:要求|规定)"
)
_PRAISE = expression(
    r"永远在路上|提供[^。]{0,20}保障|新篇章|新局面|新征程|贡献[^。]{0,12}力量|奠定[^。]{0,12}基础|新台阶|再上|更大(?:贡献|作为)|保驾护航|不懈奋斗|而努力"
)


def is_opening(text: str) -> bool:
    """Whether a paragraph is an introduction: it tells under whom and by what spirit, not what was done."""
    return bool(_OPENING.search(text)) and not _FIGURE.search(text)


def is_closing(text: str) -> bool:
    """Whether a last paragraph is praise or exhortation only."""
    return len(text) <= 200 and bool(_PRAISE.search(text)) and not _FIGURE.search(text)
