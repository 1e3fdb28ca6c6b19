"""The article of a web page: which lines are its own, and which stand around it and only look like it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditor.expressions import expression
from auditor.readers.assembly import Paragraph, clean
from auditor.readers.numbering import number, numeral

if TYPE_CHECKING:
    from lxml.etree import _Element

_SPACES = expression(r"[ \t\r\n\f]+")
_WRAPPED = expression(r"(?<=[\u3000-\u9fff\uff00-\uffef])[ \t]*[\r\n][ \t\r\n]*(?=[\u3000-\u9fff\uff00-\uffef])")

# fmt: off
_DROPPED = frozenset({
    "script", "style", "noscript", "template", "iframe", "select", "button", "input", "textarea", "nav", "footer",
    "aside", "svg", "head", "object", "video", "audio", "canvas", "map", "datalist", "rt", "rp", "title",
})
_BLOCKS = frozenset({
    "address", "article", "blockquote", "body", "center", "dd", "details", "dir", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "menu",
    "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "caption",
})
# fmt: on
_CONTAINERS = frozenset({"div", "td", "article", "section", "main", "body", "form", "center", "blockquote"})
_LIST_TYPES = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
# Names that the makers of government sites give to the element that holds the article.
_ARTICLE = expression(
    r"(?:^|\s)(?:zoom|zoomcon|ucap-content|trs_editor|trs_ueditor|vsb_content\S*|v_news_content|pages_content|articlecontent|"
    r"article[-_]?(?:content|body|con|txt)|news[-_]?(?:content|body|con)|contenttext|conttext|xxgk[-_]?content|art_con|"
    r"bt-content|ivs_content|wzcon|info[-_]?content|view-?content|detail[-_]?content|easysite-?news-?text|zwxl-article|"
    r"wordsection1|section1)(?:\s|$)",
    re.IGNORECASE,
)
_SURROUNDINGS = expression(
    r"(?:^|[\s_-])(?:nav\w*|menu\w*|crumbs?|breadcrumbs?|sidebar|side|aside|footer|foot|related\w*|relate|recommend\w*|"
    r"share\w*|social|pager|pagination|prevnext|login|search\w*|banner|copyright|friend\w*links?|hotnews|qrcode|ewm|comments?)"
    r"(?:[\s_-]|$)",
    re.IGNORECASE,
)
_HIDDEN = expression(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BESIDE = expression(
    r"(?:相关(?:阅读|链接|文章|新闻|信息|推荐|稿件|文档|解读|内容|政策)|延伸阅读|推荐阅读|精彩推荐|热点(?:新闻|推荐|排行)|热门|"
    r"猜你喜欢|友情链接|最新(?:发布|信息|文章)|栏目(?:导航|列表)|上一篇|下一篇|上一条|下一条|关联)(?:[\s::\uff1a].*|[】\]]?)"
)
_FURNITURE = expression(
    r"[【\[(\uff08|]?(?:(?:(?:责任)?编辑|责编|浏览.{0,2}|点击.{0,2}|阅读.{0,2}|访问.{0,2}|字[体号].?|(?:信息|文章|稿件)?来源|作者|撰稿.?|供稿.?"
    r"|(?:发布|公开|成文|更新|生成)?(?:时间|日期)|发布(?:人|者|机构|单位)|录入.?|审核人?|审签.?|主办(?:单位)?|承办(?:单位)?|索引号|视力保护色?|分享到?)"
    r"\s*[】\]]?\s*[:\uff1a]"
    r"|(?:打印|关闭|收藏|分享|大|中|小)(?:本页|本文|窗口|页面|此页)?\s*(?:[】\])\uff09|【\[]|$|\s)"
    r"|扫一扫|(?:您?当前|您?现在|您?所在|您?的)(?:所在)?的?位置|首页\s*(?:[>\u300b\u00bb/]|$)|您访问的链接|版权所有|网站标识码|附件下载"
    r"|返回(?:首页|顶部|列表|上页)|保护视力|背景颜?色|语音(?:播报|朗读)|Produced By|Copyright)"
)
# Furniture that dates the text or names its source is kept: a report's frame is read for them.
_TELLING = expression(r"时间|日期|来源|发布|(?:19|20)\d\d")
_LONGEST_FURNITURE = 90
_STOPS = expression("[。\uff1b\uff0c;]")
_NUMBERED = expression(r"[一二三四五六七八九十]{1,3}、|[(\uff08][一二三四五六七八九十]{1,3}[)\uff09]|\d{1,2}[.、]")
_MOSTLY = 0.9
_NAMED_SHARE = 0.7


def shown(text: str) -> str:
    """Text as a browser shows it: white space is one space, and none where only the source was broken in Chinese."""
    return _SPACES.sub(" ", _WRAPPED.sub("", text))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the page; ``linked`` is how many of its characters are links to elsewhere."""

    text: str
    linked: int = 0
    heading_level: int | None = None
    table: bool = False

    @property
    def weight(self) -> int:
        """How much prose it is: links and furniture weigh nothing."""
        if _is_furniture(self.text) or self.linked * 2 > len(self.text) or not _STOPS.search(self.text):
            return 0
        return len(self.text) - self.linked


@dataclass(slots=True)
class Page:
    """The body of a page; ``weights`` is the prose below each element that has any."""

    root: _Element
    weights: dict[_Element, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        body = self.root.find("body")
        self.root = self.root if body is None else body
        self._weigh(self.root)

    def _weigh(self, element: _Element) -> int:
        """Prose is told by its stops, in the element that holds it directly or in inline elements of it."""
        total = 0
        collected = _Collector()
        for line in collected.inline_lines(element):
            total += line.weight
        for each in _block_children(element):
            total += self._weigh(each)
        if total:
            self.weights[element] = total
        return total

    def article(self) -> _Element:
        """The element that holds the article: one with a known name, else the smallest that has nearly all prose."""
        whole = self.weights.get(self.root, 0)
        named = [
            (weight, -place, element)
            for place, (element, weight) in enumerate(reversed(self.weights.items()))
            if weight >= _NAMED_SHARE * whole and _ARTICLE.search(_names(element))
        ]
        if named:
            return max(named, key=lambda each: each[:2])[2]
        element = self.root
        while True:
            heavy = [each for each in _block_children(element) if self.weights.get(each, 0) >= _MOSTLY * whole]
            if not heavy or not whole:
                break
            element = heavy[0]
        while element is not self.root and element.tag not in _CONTAINERS:
            parent = element.getparent()
            if parent is None:
                break
            element = parent
        return element

    def paragraphs(self, article: _Element) -> list[Line]:
        """The lines of the article, without what stands around it in elements named so."""
        most = self.weights.get(article, 0)
        skipped = {
            element
            for element in article.iter("div", "ul", "ol", "section", "table", "p", "span", "dl")
            if element is not article
            and _SURROUNDINGS.search(_names(element))
            and self.weights.get(element, 0) * 5 <= most
        }
        return list(_Collector(skipped).lines(article))


def _block_children(element: _Element) -> Iterator[_Element]:
    """The nearest block elements below an element, through inline ones."""
    for each in element:
        if not isinstance(each.tag, str) or each.tag in _DROPPED or _is_hidden(each):
            continue
        if each.tag in _BLOCKS:
            yield each
        else:
            yield from _block_children(each)


def _names(element: _Element) -> str:
    return f"{element.get('id') or ''} {element.get('class') or ''}"


def _is_hidden(element: _Element) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


@dataclass(slots=True)
class _Collector:
    """Gathers the lines of an element: what a browser puts on a line of its own, rows of tables as one line."""

    skipped: set[_Element] = field(default_factory=set)
    _pieces: list[str] = field(default_factory=list)
    _linked: int = 0
    _counts: dict[_Element, int] = field(default_factory=dict)

    def lines(self, element: _Element, level: int | None = None, pre: bool = False) -> Iterator[Line]:
        """The lines below an element in reading order."""
        yield from self._inside(element, level, pre, in_link=False)
        yield from self._end(level)

    def inline_lines(self, element: _Element) -> Iterator[Line]:
        """The lines of the text that stands in the element itself, blocks below it left out."""
        self.skipped = set(_block_children(element))
        yield from self.lines(element)

    def _inside(self, element: _Element, level: int | None, pre: bool, in_link: bool) -> Iterator[Line]:
        self._add(element.text, pre, in_link)
        for each in element:
            if isinstance(each.tag, str) and each.tag not in _DROPPED and not _is_hidden(each):
                yield from self._element(each, level, pre, in_link)
            self._add(each.tail, pre, in_link)

    def _element(self, element: _Element, level: int | None, pre: bool, in_link: bool) -> Iterator[Line]:
        tag = str(element.tag)
        if tag == "br" or (tag in _BLOCKS and element in self.skipped):
            yield from self._end(level)
        elif element in self.skipped:
            return
        elif tag == "table":
            yield from self._end(level)
            yield from self._table(element)
        elif tag in _BLOCKS:
            yield from self._end(level)
            self._number(element)
            own = _HEADINGS.get(tag, level)
            yield from self._inside(element, own, pre or tag == "pre", in_link)
            yield from self._end(own)
        else:
            yield from self._inside(element, level, pre, in_link or _leads_away(element))

    def _table(self, table: _Element) -> Iterator[Line]:
        for row in _rows(table):
            inside = [row] if row.tag == "caption" else [cell for cell in row if cell.tag in ("td", "th")]
            cells = [list(_Collector(self.skipped).lines(cell)) for cell in inside]
            filled = [cell for cell in cells if cell]
            if len(filled) == 1 or any(len(cell) > 3 or any(line.table for line in cell) for cell in filled):
                for cell in filled:
                    yield from cell
            elif filled:
                text = "\t".join(" ".join(line.text for line in cell) for cell in cells)
                yield Line(text, sum(line.linked for cell in filled for line in cell), table=True)

    def _number(self, element: _Element) -> None:
        parent = element.getparent()
        if element.tag != "li" or parent is None or parent.tag != "ol":
            return
        before = self._counts.get(parent, number(parent.get("start"), 1) - 1)
        self._counts[parent] = number(element.get("value"), before + 1)
        self._add(_list_mark(element, self._counts[parent]), True, False)

    def _add(self, text: str | None, pre: bool, in_link: bool) -> None:
        if not text:
            return
        text = text if pre else shown(text)
        self._pieces.append(text)
        if in_link:
            self._linked += len(text.strip())

    def _end(self, level: int | None) -> Iterator[Line]:
        text = "".join(self._pieces)
        linked, self._pieces, self._linked = self._linked, [], 0
        for line in text.split("\n"):
            seen = clean(_SPACES.sub(" ", line))
            if seen:
                yield Line(seen, min(linked, len(seen)), level)


def _leads_away(element: _Element) -> bool:
    return element.tag == "a" and bool((element.get("href") or "").strip())


def _rows(table: _Element) -> Iterator[_Element]:
    for each in table:
        if each.tag == "tr" and not _is_hidden(each):
            yield each
        elif each.tag in ("thead", "tbody", "tfoot"):
            yield from _rows(each)
        elif each.tag == "caption":
            yield each


def _list_mark(item: _Element, count: int) -> str:
    """The number that a browser shows before an item of a numbered list."""
    parent = item.getparent()
    owner = item if parent is None else parent
    style = f"{owner.get('style') or ''};{item.get('style') or ''}".lower()
    if "none" in style:
        return ""
    if "cjk" in style or "chinese" in style:
        return f"{numeral(count, 'japaneseCounting')}、"
    return f"{numeral(count, _LIST_TYPES.get(owner.get('type') or '', 'decimal'))}."


# ---- lines that are not the article


def _is_furniture(text: str) -> bool:
    return len(text) <= _LONGEST_FURNITURE and bool(_FURNITURE.match(text))


def trimmed(lines: Iterable[Line]) -> list[Paragraph]:
    """The lines without links to other texts and, at either end, without the page's furniture."""
    kept: list[Line] = []
    beside = False
    for line in lines:
        if _BESIDE.fullmatch(line.text):
            beside = True
        elif not (beside and _is_entry(line)) and not _is_link(line):
            beside = False
            kept.append(line)
    prose = [place for place, line in enumerate(kept) if line.weight or _NUMBERED.match(line.text)]
    first, last = (prose[0], prose[-1]) if prose else (0, len(kept))
    return [
        Paragraph(line.text, line.heading_level, table=line.table)
        for place, line in enumerate(kept)
        if first <= place <= last or not _is_furniture(line.text) or _TELLING.search(line.text)
    ]


def _is_link(line: Line) -> bool:
    """Whether a line leads to another text and says nothing itself."""
    return bool(line.linked) and line.linked * 10 >= len(line.text) * 9 and not _STOPS.search(line.text)


def _is_entry(line: Line) -> bool:
    """Whether a line below 相关阅读 is one of its titles."""
    return bool(line.linked) or (
        len(line.text) <= 60 and not _STOPS.search(line.text) and not _NUMBERED.match(line.text)
    )
