"""What surrounds a report: page furniture, metadata tables, title, addressee, sign-off and date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from auditor.expressions import expression
from auditor.lines import Line, says_nothing
from auditor.text import numeral

_NUMBERED = expression(
    r"第[一二三四五六七八九十]{1,3}(?:部分|章|节|篇)|[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十]{1,3}\)|\d{1,2}[.、](?!\d)"
)
_LABEL = expression(
    r"[【\[|]?(?:索引号?|信息索引(?:号)?|索取号|发布(?:机构|机关|单位|部门|时间|日期|人|者)|发布于|制发(?:机构|单位|机关)|制作单位"
    r"|公开(?:方式|形式|类别|范围|责任部门|责任单位|主体|日期|时间|时限|类型|属性)|主题(?:分类|词|类别)|信息(?:分类|类别|来源|名称|有效性|类型)"
    r"|体裁分类|组配分类|服务对象|公文(?:种类|类型)|发文(?:字号|机关|机构|日期|单位|时间)|成文(?:日期|时间)|生成(?:日期|时间)|生效(?:日期|时间)"
    r"|废止(?:日期|时间)|失效(?:日期|时间)|有效性|时效性|文件?(?:号|种|编号)|分类(?:号)?|关键(?:词|字)|内容(?:概述|分类|摘要)|来源|信息来源|稿件来源"
    r"|文章来源|作者|撰稿人?|编辑|责任编辑|责编|审核人?|审签|供稿|名称|标题|时间|日期|更新(?:时间|日期)|录入(?:时间|日期)|栏目|单位)[】\]]?[:|]"
)
_FURNITURE = expression(
    r"^(?:打印|分享|关闭(?:窗口|本页)?|收藏|返回|上一[篇条页]|下一[篇条页]|扫一扫(?:在手机|分享|,|$|打开|查看|关注)"
    r"|相关(?:链接|文章|阅读|信息|附件|文档|稿件|推荐)(?:[:|]|$)|友情链接|网站地图|联系我们|无障碍|关怀版|长者|适老|登录|注册|微信|微博"
    r"|主办(?:单位)?:|承办(?:单位)?:|版权|技术支持|建议使用|ICP|网站标识码|公网安备|Copyright|copyright|COPYRIGHT|©"
    r"|字[体号][:\[【大]|[\[【(]?(?:大\|?中\|?小|小\|?中\|?大)|您?(?:好,)?(?:您?(?:当前|现在|所在|目前)?(?:的|所在(?:的)?)?)位置|今天是|欢迎(?:访问|光临|来到)"
    r"|朗读|语音播报|保护视力|视力保护|附件下载|下载(?:文字版|附件|PDF|word)|点击下载|背景颜色|繁體|繁体|手机版|智能问答|网站支持|我要纠错|纠错"
    r"|(?:浏览|点击|阅读|访问)(?:量|次数|率|人次|数)?[:\d])"
)
_COUNTER = expression(
    r"(?:浏览|点击|阅读|访问)(?:量|次数|率|人次|数)|字[体号][:\[【]|(?:ICP|公网安?)备|网站标识码|版权所有|[\[【]大\|?中\|?小"
)
_CRUMBS = expression(
    r"^(?:网站)?首页(?:[>»/\-|]|$)|^[^。,;]{2,20}(?:[>»][^。,;>»]{2,30}){2,}$|(?:首页|位置)[:>»].{0,40}[>»]"
)
_PAGE = expression(r"-?\d{1,3}-?|-\d{1,3}-|第?\d{1,3}页(?:[,/]?共\d{1,3}页)?|\d{1,3}/\d{1,3}")
_CLOSING = expression(
    r"(?:(?:以上|特此|专此)(?:报告|汇报|报送|函告)?|此报告)(?:,?(?:请|敬请)(?:予?以?)?(?:审议|审阅|审查|批示|指正|审示))?[。.!]?|(?:妥否,)?请(?:予?以?)?(?:审阅|审议|批示|审示)[。.]?"
)
_ATTACHED = expression(
    r"\(?(?:此件|本件|此文)[^。]{0,20}(?:公开|发布)[^。]{0,12}\)?。?|抄送[:].*|[^。,]{2,30}\d{4}年\d{1,2}月\d{1,2}日印发?"
    r"|\(?(?:联系人|联系电话|联系方式|电话|传真|邮编|地址)[:].{0,80}|附件?[:\d].{0,60}|附件|附[:].{0,60}|\(?(?:盖章|公章)\)?|(?:编辑|责任编辑|责编|审核|审签|来源|作者|供稿|撰稿)[:].{0,40}"
)
UNIT_END = (
    r"(?:人民政府|政府|政府办公室|行政公署|行署|管理委员会|管委会|委员会|街道办事处|办事处|管理局|司法局|局|厅|办公室|办|委|院|总队|支队|大队|中心|"
    r"党组|党委|党工委|领导小组|银行|公司|集团|部|署|所|站)"
)
_UNIT_LINE = expression(rf"[\u4e00-\u9fff()、]{{1,60}}{UNIT_END}(?:\((?:盖章|公章|章|印)\))?")
_DATE = expression(
    r"(?P<y>(?:19|20)\d{2}|[一二][〇○零一二三四五六七八九]{3})\s*年\s*(?P<m>\d{1,2}|[一二三四五六七八九十]{1,2})\s*月\s*"
    r"(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})\s*日"
    r"|(?<![\d./-])(?P<y2>(?:19|20)?\d{2})(?P<sep>[-/.])(?P<m2>\d{1,2})(?P=sep)(?P<d2>[0-3]?\d)(?:(?!\d)|(?=\d{2}:\d{2}))"
    r"|(?<!\d)(?P<y3>20\d{2})(?P<m3>[01]\d)(?P<d3>[0-3]\d)(?!\d)"
)
_ADDRESSEE = expression(
    r"(?!现将|根据|按照)[^。;:!?]{1,60}?(?:政府|委员会|委|办公室|办|局|厅|人大|常委会|领导小组|部门|单位|处|中心|司法所|组|各位代表|各位委员|主任):"
)
_TITLE_END = expression(
    r"(?:报告|总结|情况|白皮书|工作|自查|汇报|年报|纪实|综述|通知|方案|意见|公告|通报|要点|计划|解读|函|批复|清单|办法|规定|建设|简报|公示)"
    r"(?:\(.{1,12}\))?$"
)
_TITLE_WORDS = expression(r"法治|法制|依法行政|报告|总结|白皮书|信息公开|通知|公告|通报|方案|意见")
_LAW = expression(r"法治|法制|依法行政")
_HEAD_LENGTH = 40
_LONGEST_HEAD = 40


@dataclass(frozen=True, slots=True)
class Framed:
    """A text taken apart: ``stripped`` pairs each line of the frame with why; the rest is ``body``."""

    body: tuple[Line, ...]
    stripped: tuple[tuple[Line, str], ...]


def strip(lines: Sequence[Line]) -> Framed:
    """Set the frame apart from the body."""
    spoken = [line for line in lines if not says_nothing(line)]
    why: dict[int, str] = {}
    first = _body_start(spoken)
    _mark_head(spoken, first, why)
    last = _mark_tail(spoken, first, why)
    _mark_middle(spoken, first, last, why)
    body = tuple(line for place, line in enumerate(spoken) if place not in why)
    stripped = [(line, why[place]) for place, line in enumerate(spoken) if place in why]
    stripped += [(line, "rule") for line in lines if says_nothing(line)]
    return Framed(body, tuple(sorted(stripped, key=lambda pair: pair[0].start)))


def numbered(line: Line) -> bool:
    """Whether the line opens with a chapter number."""
    return bool(_NUMBERED.match(line.text))


def furniture(text: str) -> str | None:
    """Why a line is part of the page and not of the report, or None."""
    if len(text) > 200 or _NUMBERED.match(text):
        return None
    if _CRUMBS.search(text) and "。" not in text:
        return "breadcrumb"
    if _LABEL.match(text) and "。" not in text.rstrip("。"):
        return "metadata"
    if len(text) <= 120 and _FURNITURE.match(text) and "。" not in text:
        return "page"
    if len(text) <= 100 and _COUNTER.search(text) and "。" not in text:
        return "page"
    return None


def _prose(line: Line) -> bool:
    text = line.text
    if furniture(text):
        return False
    if _ADDRESSEE.fullmatch(text) or _DATE.fullmatch(text):
        return False
    if "。" in text or len(text) > 80 or text.startswith("一是"):
        return True
    if text.endswith(":") and "如下" in text:
        return True
    return "," in text and (len(text) >= 50 or (len(text) >= 25 and text[-1] in ":;"))


def _body_start(lines: Sequence[Line]) -> int:
    for place, line in enumerate(lines):
        if numbered(line) or _prose(line):
            return place
    return len(lines)


def _mark_head(lines: Sequence[Line], first: int, why: dict[int, str]) -> None:
    """Mark the frame before the body; a line that says nothing known is page furniture only in a short head."""
    reasons = [furniture(line.text) for line in lines[:first]]
    titles = [
        place for place in range(first) if not lines[place].table and not reasons[place] and _may_title(lines[place])
    ]
    if not titles:
        named = [place for place in range(first) if not reasons[place] and _names_law(lines[place])]
        titles = named[-1:]
    main = _main_title(lines, titles)
    known = [place for place in range(first) if reasons[place] or place in titles]
    settled = known[-1] + 1 if known else 0
    short = first < len(lines) and first <= _LONGEST_HEAD
    for place in range(first):
        text = lines[place].text
        reason = reasons[place]
        if reason:
            why[place] = reason
        elif _ADDRESSEE.fullmatch(text):
            why[place] = "addressee"
        elif place == main or (main is not None and len(text) > 1 and text in lines[main].text):
            why[place] = "title"
        elif len(text) <= _HEAD_LENGTH and _DATE.search(text):
            why[place] = "date"
        elif main is not None and _joins(lines, place, main):
            why[place] = "title"
        elif place >= settled and _may_head(lines[place]) and (main is not None or _heads_work(text)):
            continue
        elif short:
            why[place] = "page"


def is_title(text: str) -> bool:
    """Whether a line of the head can be the report's title."""
    plain = text.rstrip("》")
    if not 4 <= len(plain) <= 80 or "。" in plain or plain[-1] in ":;,":
        return False
    return bool(_TITLE_END.search(plain) and _TITLE_WORDS.search(plain))


def _may_title(line: Line) -> bool:
    return is_title(line.text) or (
        line.heading_level == 1 and 4 <= len(line.text) <= 80 and bool(_LAW.search(line.text))
    )


def _names_law(line: Line) -> bool:
    """Whether a line of the head can be the title of a text of another kind, such as news."""
    text = line.text
    return (
        not line.table
        and 10 <= len(text) <= 60
        and text[-1] not in ":;,。"
        and bool(_LAW.search(text))
        and not _heads_work(text)
    )


def _main_title(lines: Sequence[Line], titles: list[int]) -> int | None:
    """The likeliest title: it speaks of rule of law, gives a year, is the longest."""
    if not titles:
        return None

    def weight(place: int) -> tuple[int, int, int, int]:
        text = lines[place].text
        level = 1 if lines[place].heading_level == 1 else 0
        law = 1 if _LAW.search(text) else 0
        report = 1 if expression(r"报告|总结|白皮书|情况").search(text) else 0
        return (level + law + report + (1 if expression(r"20\d\d").search(text) else 0), len(text), place, 0)

    return max(titles, key=weight)


def _joins(lines: Sequence[Line], place: int, main: int) -> bool:
    """Whether the line at ``place`` is the other part of a title broken over two lines."""
    text = lines[place].text
    title = lines[main].text
    if place == main - 1:
        opens = expression(r"关于|的|情况|工作|年度|\d{4}年|法治|[^关]{0,6}(?:报告|总结)$").match(title)
        return bool(
            opens and (_UNIT_LINE.fullmatch(text) or expression(r"\d{4}年|关于").search(text) or text.endswith("区"))
        )
    if place == main + 1:
        whole = expression(r"(?:报告|总结|情况|白皮书)$").search(title)
        goes_on = re.match(r"的|\((?:20\d\d|摘要|公开)" if whole else r"的|情况|工作|年度|自查|报告|总结", text)
        return bool(goes_on) and len(text) <= 16
    return False


def _may_head(line: Line) -> bool:
    """Whether a line between the title and the body can be a heading of the body."""
    text = line.text
    if line.table or not 4 <= len(text) <= _HEAD_LENGTH or text[-1] in ":;,":
        return False
    return not (_UNIT_LINE.fullmatch(text) or _DATE.search(text) or expression(r"\(|\[|附件?[:\d]|表\d").match(text))


_WORKS = expression(
    r"(?:加强|强化|坚持|推进|深化|健全|完善|优化|提升|落实|规范|聚焦|紧扣|全面|依法|突出|工作开展|主要(?:做法|工作|举措)|存在|下一?步)"
)


def _heads_work(text: str) -> bool:
    return bool(_WORKS.match(text))


def _mark_tail(lines: Sequence[Line], first: int, why: dict[int, str]) -> int:
    """Mark the frame after the last line of the body, and return the place of that line."""
    place = len(lines) - 1
    pending: list[int] = []
    while place >= first:
        reason = _tail_reason(lines[place])
        if reason is None:
            break
        if reason == "signature?":
            pending.append(place)
        else:
            why[place] = reason
        place -= 1
    for signed in pending:
        why[signed] = "signature"
    return place


def _tail_reason(line: Line) -> str | None:
    text = line.text
    reason = furniture(text)
    if reason:
        return reason
    if numbered(line) or line.table:
        return None
    if _CLOSING.fullmatch(text):
        return "closing"
    if len(text) <= 100 and _ATTACHED.fullmatch(text):
        return "attached"
    if _PAGE.fullmatch(text):
        return "page"
    if len(text) <= 24 and _DATE.match(text):
        return "date"
    if len(text) <= 60 and signed_line(text):
        return "signature"
    return "signature?" if len(text) <= 60 and _UNIT_LINE.fullmatch(text) else None


def signed_line(text: str) -> bool:
    """Whether a line is a unit's name followed by a date."""
    found = _DATE.search(text)
    return bool(found and found.end() >= len(text) - 2 and _UNIT_LINE.fullmatch(text[: found.start()]))


def _mark_middle(lines: Sequence[Line], first: int, last: int, why: dict[int, str]) -> None:
    for place in range(first, last + 1):
        text = lines[place].text
        if len(text) > 60 or numbered(lines[place]):
            continue
        if (_FURNITURE.match(text) and "。" not in text) or _CRUMBS.search(text):
            why[place] = "page"
        elif _CLOSING.fullmatch(text):
            why[place] = "closing"
        elif _PAGE.fullmatch(text) and not lines[place].table:
            why[place] = "page"
        elif _DATE.fullmatch(text) and place > first:
            why[place] = "date"
            if _UNIT_LINE.fullmatch(lines[place - 1].text):
                why[place - 1] = "signature"


_GLUED_TAIL = expression(
    rf"(?<=[。!])(?P<closing>(?:特此报告|专此报告|特此汇报|以上报告,请[^。]{{0,8}})[。.!]?)?"
    rf"(?P<unit>(?:[\u4e00-\u9fff]{{2,40}}{UNIT_END})?)(?P<date>{_DATE.pattern})?"
    r"(?P<rest>\((?:此件|联系)[^。]{0,40}\)|$|(?:上一篇|下一篇|扫一扫|分享|友情链接|相关链接|主办|附件|打印|责任编辑)).{0,200}$"
)


def glued_tail(text: str) -> list[int]:
    """Where to cut a closing formula, a sign-off and a page's foot off the paragraph that they run on from."""
    base = max(0, len(text) - 320)
    found = _GLUED_TAIL.search(text, base)
    if not found or not (found["closing"] or found["date"]) or found.start() == 0:
        return []
    cuts = [found.start(), found.start("unit"), found.start("rest")]
    return [place for place in dict.fromkeys(cuts) if 0 < place < len(text)]


def iso_date(text: str) -> str | None:
    """The first date in normalised text as YYYY-MM-DD, or None."""
    for found in _DATE.finditer(text):
        parts = found.groupdict()
        year = parts["y"] or parts["y2"] or parts["y3"]
        month = parts["m"] or parts["m2"] or parts["m3"]
        day = parts["d"] or parts["d2"] or parts["d3"]
        values = [numeral(part) for part in (year, month, day)]
        if None in values:
            continue
        numbers = [int(value or 0) for value in values]
        if numbers[0] < 100:
            numbers[0] += 2000
        if numbers[0] < 1990:
            continue
        try:
            return date(*numbers).isoformat()
        except ValueError:
            continue
    return None


_GLUED_TITLE = expression(
    r"(?:^|(?<=[\]】|日量]))[\u4e00-\u9fff()]{0,40}(?:关于)?20\d\d年[\u4e00-\u9fff()]{0,30}?(?:报告|总结|情况(?!的)|白皮书)"
    r"(?=20\d\d年|今年|近年|一年来|根据|按照|为深入|为贯彻|[一、]{2}|各位|日期|时间|发布|来源|[\u4e00-\u9fff,、]{2,30}(?:政府|委员会|人大常委会|办公室|办|局):)"
)
_GLUED_ADDRESSEE = expression(
    r"(?:^|(?<=[|\d办]))[\u4e00-\u9fff、,]{2,40}?(?:政府|委员会|人大常委会|办公室|办|局|委):(?=20\d\d年|今年|近年|一年来|根据|按照|为)"
)


def glued_head(text: str) -> list[int]:
    """Where to cut a title or an addressee off the paragraph that it runs into."""
    head = text[:400]
    cuts: list[int] = []
    found = _GLUED_TITLE.search(head) if len(text) > 120 else None
    if found and is_title(found[0]):
        cuts += found.span()
    greeted = _GLUED_ADDRESSEE.search(head, cuts[-1] if cuts else 0) if len(text) > 60 else None
    if greeted:
        cuts += greeted.span()
    return [place for place in dict.fromkeys(cuts) if 0 < place < len(text)]
