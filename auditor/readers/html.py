"""Web pages, saved or copied: the article without the page around it, whose titles of other texts look like evidence."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditor.errors import UnreadableFile
from auditor.readers.assembly import Paragraph, assemble, clean
from auditor.readers.isolation import broken
from auditor.readers.numbering import number, numeral
from auditor.report import Extracted
from auditor.text import decode

if TYPE_CHECKING:
    from lxml.etree import _Element

_DECLARED = re.compile(rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{3,30})", re.I)
_CHINESE_CODECS = frozenset({"gb2312", "gbk", "gb18030", "hz", "utf-8", "ascii", "iso8859-1", "cp1252"})
_TAGS = re.compile(r"<(script|style|select|title)\b.*?</\1\s*>|<!--.*?-->|<[^<>]{0,2000}>", re.IGNORECASE | re.DOTALL)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_WRAPPED = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])")
_LOST = "网页嵌套过深,按文字顺序取出了全部内容,可能混有栏目文字"
_LEAST_KEPT = 0.6
_DEEPEST = 250

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
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
# Names that the makers of government sites give to the element that holds the article.
_ARTICLE = re.compile(
    r"(?:^|\s)(?:zoom|zoomcon|ucap-content|trs_editor|trs_ueditor|vsb_content\S*|v_news_content|pages_content|articlecontent|"
    r"article[-_]?(?:content|body|con|txt)|news[-_]?(?:content|body|con)|contenttext|conttext|xxgk[-_]?content|art_con|"
    r"bt-content|ivs_content|wzcon|info[-_]?content|view-?content|detail[-_]?content|easysite-?news-?text|zwxl-article|"
    r"wordsection1|section1)(?:\s|$)",
    re.IGNORECASE,
)
_SURROUNDINGS = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|menu\w*|crumbs?|breadcrumbs?|sidebar|side|aside|footer|foot|related\w*|relate|recommend\w*|"
    r"share\w*|social|pager|pagination|prevnext|login|search\w*|banner|copyright|friend\w*links?|hotnews|qrcode|ewm|comments?)"
    r"(?:[\s_-]|$)",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BESIDE = re.compile(
    r"(?:相关(?:阅读|链接|文章|新闻|信息|推荐|稿件|文档|解读|内容|政策)|延伸阅读|推荐阅读|精彩推荐|热点(?:新闻|推荐|排行)|热门|"
    r"猜你喜欢|友情链接|最新(?:发布|信息|文章)|栏目(?:导航|列表)|上一篇|下一篇|上一条|下一条|关联)(?:[\s::\uff1a].*|[】\]]?)"
)
_FURNITURE = re.compile(
    r"[【\[(\uff08]?(?:打印|关闭|分享|收藏|扫一扫|(?:责任)?编辑|责编|浏览|点击|阅读|访问|字[体号]|来源|信息来源|文章来源|作者|发布(?:时间|日期|人|机构|单位)|"
    r"时间|日期|录入|审核|当前位置|您?(?:当前|现在)?(?:的|所在)?位置|首页|您访问的链接|主办|承办|版权|网站标识码|附件下载|返回|"
    r"保护视力|背景色|视力保护|朗读|语音|上一[篇条页]|下一[篇条页]|Produced|Copyright)"
)
_LONGEST_FURNITURE = 90
_STOPS = re.compile("[。\uff1b\uff0c;]")
_NUMBERED = re.compile(r"[一二三四五六七八九十]{1,3}、|[(\uff08][一二三四五六七八九十]{1,3}[)\uff09]|\d{1,2}[.、]")
_ENCLOSED = re.compile(r"\.(?:docx?|wps|pdf|ofd|rar|zip)(?:$|[?#])", re.IGNORECASE)
_MOSTLY = 0.9
_NAMED_SHARE = 0.7
_SHORTEST = 30


def read(data: bytes, name: str, encoding: str | None = None) -> Extracted:
    """The article of a web page, headed by its title. Raises ``UnreadableFile``."""
    return _read(data, name, "html", encoding)


def read_mhtml(data: bytes, name: str, encoding: str | None = None) -> Extracted:
    """The article of a web page saved as one file with its pictures. Raises ``UnreadableFile``."""
    from email import message_from_bytes, policy

    message = message_from_bytes(data.lstrip(), policy=policy.compat32)
    pages = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    for part in pages:
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and payload.strip():
            declared = part.get_content_charset()
            return _read(payload, name, "mhtml", encoding, (declared or "").encode("ascii", "ignore"))
    if b"<html" in data[:2048].lower():
        return _read(data, name, "html", encoding)
    raise broken(name, "网页归档里没有网页")


def _read(data: bytes, name: str, format: str, encoding: str | None, declared: bytes = b"") -> Extracted:
    text, found = _decoded(data, name, encoding, declared)
    text = text.replace("\x00", "")
    root = _parsed(text, name)
    if root is None:
        return _flat(text, format, found, name)
    meta = _metas(root)
    page = _Page(root)
    article = page.article()
    paragraphs = _trimmed(page.paragraphs(article))
    title = _title(root, meta, page)
    if title and not _shown(title, paragraphs):
        paragraphs.insert(0, Paragraph(title, heading_level=1))
    if sum(len(each.text) for each in paragraphs[1:]) < _SHORTEST and _enclosures(root):
        message = f"网页里没有正文,正文在附件中({_enclosures(root)[0][:60]});请下载附件再审"
        raise UnreadableFile(name, "no_text", message)
    extracted = assemble(paragraphs, format, encoding=found, declared=_told(meta, title, page))
    return extracted if _complete(root, text) else _flat(text, format, found, name)


# ---- characters and tree


def _decoded(data: bytes, name: str, encoding: str | None, declared: bytes) -> tuple[str, str]:
    """Strict UTF-8 first: pages declare what they are not. Then what is declared, then GB18030."""
    if encoding or data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)):
        return decode(data, name, encoding)
    told = _DECLARED.search(data[:4096])
    for label in filter(None, (declared, told[1] if told else b"")):
        try:
            codec = codecs.lookup(label.decode("ascii")).name
            if codec not in _CHINESE_CODECS and not _is_utf8(data):
                return data.decode(codec), codec
        except (LookupError, UnicodeError):
            continue
    return decode(data, name)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _parsed(text: str, name: str) -> _Element | None:
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root if root is not None and isinstance(root.tag, str) else None


def _complete(root: _Element, text: str) -> bool:
    """Whether the tree holds the text: the parser drops without a word what is nested too deeply."""
    if text.count("<") < _DEEPEST:
        return True
    kept = len(_plain(_text_of(root)))
    return kept >= _LEAST_KEPT * len(_plain(_TAGS.sub("", text)))


def _flat(text: str, format: str, encoding: str, name: str) -> Extracted:
    """The text of a page that has no usable tree: tags taken out, lines kept."""
    import html

    lines = html.unescape(_TAGS.sub("\n", text)).splitlines()
    paragraphs = _trimmed([_Line(clean(line)) for line in lines if clean(line)])
    if not paragraphs:
        raise UnreadableFile(name, "empty", "网页里没有文字;请确认页面已保存完整")
    return assemble(paragraphs, format, encoding=encoding, warnings=[_LOST])


def _metas(root: _Element) -> dict[str, str]:
    """What the page's meta elements say, by their names in small letters; the first of a name counts."""
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        key = (element.get("name") or element.get("property") or "").strip().lower()
        content = " ".join((element.get("content") or "").split())
        if key and content:
            found.setdefault(key, content)
    return found


# ---- the article


@dataclass(frozen=True, slots=True)
class _Line:
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
class _Page:
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

    def paragraphs(self, article: _Element) -> list[_Line]:
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

    def lines(self, element: _Element, level: int | None = None, pre: bool = False) -> Iterator[_Line]:
        """The lines below an element in reading order."""
        yield from self._inside(element, level, pre, in_link=False)
        yield from self._end(level)

    def inline_lines(self, element: _Element) -> Iterator[_Line]:
        """The lines of the text that stands in the element itself, blocks below it left out."""
        self.skipped = set(_block_children(element))
        yield from self.lines(element)

    def _inside(self, element: _Element, level: int | None, pre: bool, in_link: bool) -> Iterator[_Line]:
        self._add(element.text, pre, in_link)
        for each in element:
            if isinstance(each.tag, str) and each.tag not in _DROPPED and not _is_hidden(each):
                yield from self._element(each, level, pre, in_link)
            self._add(each.tail, pre, in_link)

    def _element(self, element: _Element, level: int | None, pre: bool, in_link: bool) -> Iterator[_Line]:
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
            self._add(_list_mark(element), True, False)
            own = _HEADINGS.get(tag, level)
            yield from self._inside(element, own, pre or tag == "pre", in_link)
            yield from self._end(own)
        else:
            yield from self._inside(element, level, pre, in_link or _leads_away(element))

    def _table(self, table: _Element) -> Iterator[_Line]:
        for row in _rows(table):
            inside = [row] if row.tag == "caption" else [cell for cell in row if cell.tag in ("td", "th")]
            cells = [list(_Collector(self.skipped).lines(cell)) for cell in inside]
            filled = [cell for cell in cells if cell]
            if len(filled) == 1 or any(len(cell) > 3 or any(line.table for line in cell) for cell in filled):
                for cell in filled:
                    yield from cell
            elif filled:
                text = "\t".join(" ".join(line.text for line in cell) for cell in cells)
                yield _Line(text, sum(line.linked for cell in filled for line in cell), table=True)

    def _add(self, text: str | None, pre: bool, in_link: bool) -> None:
        if not text:
            return
        text = text if pre else _SPACES.sub(" ", text)
        self._pieces.append(text)
        if in_link:
            self._linked += len(text.strip())

    def _end(self, level: int | None) -> Iterator[_Line]:
        text = "".join(self._pieces)
        linked, self._pieces, self._linked = self._linked, [], 0
        for line in text.split("\n"):
            shown = _WRAPPED.sub("", clean(_SPACES.sub(" ", line)))
            if shown:
                yield _Line(shown, min(linked, len(shown)), level)


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


def _list_mark(element: _Element) -> str | None:
    """The number that a browser shows before an item of a numbered list."""
    parent = element.getparent()
    if element.tag != "li" or parent is None or parent.tag != "ol":
        return None
    style = f"{parent.get('style') or ''};{element.get('style') or ''}".lower()
    if "none" in style:
        return None
    items = [each for each in parent if each.tag == "li"]
    first = number(parent.get("start"), 1)
    count = number(element.get("value"), first + items.index(element))
    if "cjk" in style or "chinese" in style:
        return f"{numeral(count, 'japaneseCounting')}、"
    kinds = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
    return f"{numeral(count, kinds.get(parent.get('type') or '', 'decimal'))}."


# ---- lines that are not the article


def _is_furniture(text: str) -> bool:
    return len(text) <= _LONGEST_FURNITURE and bool(_FURNITURE.match(text))


def _trimmed(lines: Iterable[_Line]) -> list[Paragraph]:
    """The lines without links to other texts and, at either end, without the page's furniture."""
    kept: list[_Line] = []
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
        if first <= place <= last or not _is_furniture(line.text)
    ]


def _is_link(line: _Line) -> bool:
    """Whether a line leads to another text and says nothing itself."""
    return bool(line.linked) and line.linked * 10 >= len(line.text) * 9 and not _STOPS.search(line.text)


def _is_entry(line: _Line) -> bool:
    """Whether a line below 相关阅读 is one of its titles."""
    return bool(line.linked) or (
        len(line.text) <= 60 and not _STOPS.search(line.text) and not _NUMBERED.match(line.text)
    )


# ---- what the page says of itself

_TITLES = ("articletitle", "og:title", "title", "dc.title")
_DATES = ("pubdate", "publishdate", "article:published_time", "dc.date", "publish_date", "createdate")
_SOURCES = ("contentsource", "source", "author", "dc.source")
_DATE = re.compile(r"(?<!\d)(20\d\d)[-/年.](\d{1,2})[-/月.](\d{1,2})(?!\d)")
_DATED = re.compile(r"(?:发布|公开|更新|录入|成文|生成)?(?:时间|日期)[\s::\uff1a]*(20\d\d[-/年.]\d{1,2}[-/月.]\d{1,2})")
_FROM = re.compile(r"(?:信息|文章|稿件)?来源[\s::\uff1a]+([^\s\uff0c,|;]{2,30})")
_SITE_MARK = re.compile(r"\s*[_|\uff5c]\s*|\s+[-–—]+\s+|\s*(?:--|——)\s*|(?<=[\u4e00-\u9fff])-(?=[\u4e00-\u9fff])")
_WORD_PROCESSORS = ("Microsoft", "WPS", "LibreOffice")  # their page titles are what the author forgot to change
_REPORT = re.compile("报告|总结|情况|白皮书|通知|公告|公示|方案|意见|要点|计划|决定|函|通报|汇报|年报")


def _title(root: _Element, meta: Mapping[str, str], page: _Page) -> str | None:
    """The article's title: from the site's own metadata, else a heading that the browser's title repeats, else that."""
    if title := meta.get("articletitle"):
        return _WRAPPED.sub("", title)
    if any(maker in meta.get("generator", "") for maker in _WORD_PROCESSORS):
        return None
    window = " ".join(" ".join(_text_of(each) for each in root.iter("title")).split())
    for element in root.iter("h1", "h2"):
        heading = _plain(_text_of(element))
        if len(heading) >= 6 and (heading in _plain(window) or (len(window) >= 6 and _plain(window) in heading)):
            return _WRAPPED.sub("", " ".join(_text_of(element).split()))
    named = [part.strip() for part in _SITE_MARK.split(window) if part.strip()]
    return next((part for part in named if len(part) >= 6 and _REPORT.search(part)), None)


def _text_of(element: _Element) -> str:
    return "".join(map(str, element.itertext()))


def _plain(text: str) -> str:
    return "".join(text.split())


def _shown(title: str, paragraphs: list[Paragraph]) -> bool:
    """Whether the article itself begins with its title, perhaps over several lines."""
    beginning = "".join(_plain(each.text) for each in paragraphs[:6])
    return _plain(title) in beginning[: 3 * len(title) + 120]


def _told(meta: Mapping[str, str], title: str | None, page: _Page) -> dict[str, str]:
    shown = _SPACES.sub(" ", _text_of(page.root))
    date = next((found for key in _DATES if (found := _DATE.search(meta.get(key, "")))), None)
    if date is None and (dated := _DATED.search(shown)):
        date = _DATE.search(dated[1])
    source = next((meta[key] for key in _SOURCES if meta.get(key)), None)
    if source is None and (named := _FROM.search(shown)):
        source = named[1]
    told = {
        "title": title,
        "published": f"{date[1]}-{int(date[2]):02}-{int(date[3]):02}" if date else None,
        "source": source,
    }
    return {key: text for key, text in told.items() if text}


def _enclosures(root: _Element) -> list[str]:
    """The names of the documents that the page links to."""
    return [
        _plain(_text_of(element)) or (element.get("href") or "")
        for element in root.iter("a")
        if _ENCLOSED.search(element.get("href") or "")
    ]
