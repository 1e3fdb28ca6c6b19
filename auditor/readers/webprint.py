"""Web pages that a browser printed: only the article, for menus and titles of other articles look like evidence."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.expressions import expression
from auditor.readers.joining import Joined

_FURNITURE = expression(
    r"首\s*页|无障碍|关怀版|长者|繁[體体]|登录|注册|网站(?:地图|导航|支持)|联系我们|当前位置|您?的位置|今天是|搜\s*索|相关(?:阅读|链接|文章|信息|附件|新闻|推荐)"
    r"|上一[篇条]|下一[篇条]|扫一扫|责任编辑|责编|打印(?:本[页文])?|关闭(?:窗口|本页)?|分享(?:到|至)|收藏|返回顶部|我要纠错"
    r"|主办(?:单位)?[:\uff1a]|承办(?:单位)?[:\uff1a]|版权所有|技术支持|网站标识码|ICP备|公网安备|微信|微博|友情链接|离开本网站"
    r"|(?:浏览|点击|阅读|访问)(?:量|次数)|字\s*[号体][:\uff1a]|发布(?:时间|日期|机构)[:\uff1a]|(?:信息|文章|稿件)?来源[:\uff1a]|视力保护|索引号|政务公开|政务服务|互动交流"
)
_TAIL = expression(
    r"^(?:上一[篇条]|下一[篇条]|扫一扫|责任编辑|责编|[\[\u3010]?打印|[\[\u3010]?关闭|分享(?:到|至)|返回顶部|主办(?:单位)?[:\uff1a]|承办(?:单位)?[:\uff1a]|版权所有"
    r"|网站标识码|相关(?:阅读|链接|文章|附件|新闻)|友情链接|您访问的链接|附件下载|.{0,12}ICP备)"
)
_ABOUT = expression(
    r"发布(?:时间|日期|机构)?[:\uff1a]|(?:时间|日期)[:\uff1a]\s*\d{4}|来源[:\uff1a]|(?:浏览|点击|阅读|访问)(?:量|次数)|字\s*[号体][:\uff1a]|索引号|成文日期|分享(?:到|至)|打印|微信|微博"
)
_PUBLISHED = expression(r"(?:时间|日期)\s*[:\uff1a]\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})")
_SOURCE = expression(
    r"来源\s*[:\uff1a]\s*([^\s:\uff1a]{2,30}?)(?=\s|浏览|点击|阅读|访问|字\s*[号体]|作者|责任|编辑|发布|打印|分享|$)"
)
_TITLE = expression(r"报告|总结|情况|白皮书|汇报|法治|年报|通知|公告|方案|意见")
_PLAIN_TITLE = expression(r"[^。\uff1b;]{6,60}(?:报告|总结|情况|白皮书|工作|汇报|年报)(?:[(\uff08].{1,12}[)\uff09])?")
_LONG = 60
_HEAD = 60  # paragraphs before which the title must stand


def article(found: Sequence[Joined], printed: bool) -> tuple[list[Joined], dict[str, str]]:
    """The paragraphs of the article, and what the page says of it (title, published, source).

    A document that is no print of a web page stays as it is.
    """
    everything = list(found)
    if not everything or not (printed or _looks_printed(everything)):
        return everything, {}
    size = _body_size(everything)
    title = _title(everything, size)
    first, declared = 0, {}
    if title is not None and any(_FURNITURE.search(each.paragraph.text) for each in everything[:title]):
        first = title
    end = _end(everything, first, size)
    kept = everything[first:end]
    if title is not None and title >= first:
        place = title - first
        about = _about(kept, place + 1, size)
        declared = _declared(kept[place], kept[place + 1 : about])
        kept = kept[: place + 1] + kept[about:]
    return kept, declared


def _looks_printed(found: Sequence[Joined]) -> bool:
    marked = [each for each in found if len(each.paragraph.text) < _LONG and _FURNITURE.search(each.paragraph.text)]
    return len(marked) >= 5 and any(each.paragraph.text.strip() in ("首页", "网站首页") for each in found[:_HEAD])


def _body_size(found: Sequence[Joined]) -> float:
    lengths: dict[float, int] = {}
    for each in found:
        lengths[round(each.size)] = lengths.get(round(each.size), 0) + len(each.paragraph.text)
    return max(lengths, key=lambda size: lengths[size])


def _title(found: Sequence[Joined], size: float) -> int | None:
    """The place of the article's title: the largest line near the beginning that may be one."""
    places = [
        place
        for place, each in enumerate(found[:_HEAD])
        if 6 <= len(each.paragraph.text) <= 80
        and each.size >= 1.15 * size
        and not each.paragraph.table
        and _TITLE.search(each.paragraph.text)
    ]
    if places:
        return max(places, key=lambda place: (found[place].size, -place))
    # Where the title is no larger than the text: the last line before the text that reads like one.
    before = next((place for place, each in enumerate(found[:_HEAD]) if _prose(each)), 0)
    likely = (place for place in range(before - 1, -1, -1) if _PLAIN_TITLE.fullmatch(found[place].paragraph.text))
    return next((place for place in likely if not _FURNITURE.search(found[place].paragraph.text)), None)


def _prose(each: Joined) -> bool:
    return len(each.paragraph.text) > _LONG and "。" in each.paragraph.text


def _about(found: Sequence[Joined], start: int, size: float) -> int:
    """Where the lines below the title that speak of the page end: the first one, and others in small print."""
    end = start
    for place in range(start, min(start + 6, len(found))):
        text = found[place].paragraph.text
        if place > start and found[place].size > 0.95 * size:
            break
        if len(text) < 150 and "。" not in text and _ABOUT.search(text):
            end = place + 1
    return end


def _end(found: Sequence[Joined], first: int, size: float) -> int:
    """Where the article ends: small print with marks of a web page follows it, or such marks alone."""
    last = max(
        (place for place, each in enumerate(found) if place >= first and abs(each.size - size) <= 0.12 * size),
        default=len(found) - 1,
    )
    tail = found[last + 1 :]
    if any(_FURNITURE.search(each.paragraph.text) for each in tail):
        return _cut(found, first, last + 1)
    return _cut(found, first, len(found))


def _cut(found: Sequence[Joined], first: int, end: int) -> int:
    """The place of the first mark of a web page behind the last paragraph of prose."""
    prose = [place for place in range(first, end) if _prose(found[place])]
    start = prose[-1] + 1 if prose else first
    marks = [place for place in range(start, end) if _TAIL.match(found[place].paragraph.text)]
    return marks[0] if marks else end


def _declared(title: Joined, about: Sequence[Joined]) -> dict[str, str]:
    text = " ".join(each.paragraph.text for each in about)
    said = {"title": title.paragraph.text}
    published, source = _PUBLISHED.search(text), _SOURCE.search(text)
    if published:
        said["published"] = f"{published[1]}-{int(published[2]):02}-{int(published[3]):02}"
    if source:
        said["source"] = source[1]
    return said
