"""Web pages, saved or copied: the article without the page around it, whose titles of other texts look like evidence."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from auditor.errors import UnreadableFile
from auditor.expressions import expression
from auditor.readers.articles import Line, Page, shown, trimmed
from auditor.readers.assembly import Paragraph, assemble, clean
from auditor.readers.isolation import broken
from auditor.report import Extracted
from auditor.text import decode
from auditor.words import Message

if TYPE_CHECKING:
    from lxml.etree import _Element

_DECLARED = expression(rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{3,30})", re.I)
_CHINESE_CODECS = frozenset({"gb2312", "gbk", "gb18030", "hz", "utf-8", "ascii", "iso8859-1", "cp1252"})
_TAGS = expression(r"<(script|style|select|title)\b.*?</\1\s*>|<!--.*?-->|<[^<>]{0,2000}>", re.IGNORECASE | re.DOTALL)
_LEAST_KEPT = 0.6
_DEEPEST = 250

_ENCLOSED = expression(r"\.(?:docx?|wps|pdf|ofd|rar|zip)(?:$|[?#])", re.IGNORECASE)
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
    raise broken(name, Message("no_web_page"))


def _read(data: bytes, name: str, format: str, encoding: str | None, declared: bytes = b"") -> Extracted:
    text, found = _decoded(data, name, encoding, declared)
    text = text.replace("\x00", "")
    root = _parsed(text, name)
    if root is None:
        return _flat(text, format, found, name)
    meta = _metas(root)
    page = Page(root)
    article = page.article()
    paragraphs = trimmed(page.paragraphs(article))
    title = _title(root, meta, page)
    if title and not _shown(title, paragraphs):
        paragraphs.insert(0, Paragraph(title, heading_level=1))
    if sum(len(each.text) for each in paragraphs[1:]) < _SHORTEST and _enclosures(root):
        message = Message("enclosed", {"attachment": _enclosures(root)[0][:60]})
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
    paragraphs = trimmed([Line(clean(line)) for line in lines if clean(line)])
    if not paragraphs:
        raise UnreadableFile(name, "empty", Message("no_page_text"))
    return assemble(paragraphs, format, encoding=encoding, warnings=[Message("flat_page")])


def _metas(root: _Element) -> dict[str, str]:
    """What the page's meta elements say, by their names in small letters; the first of a name counts."""
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        key = (element.get("name") or element.get("property") or "").strip().lower()
        content = shown(element.get("content") or "").strip()
        if key and content:
            found.setdefault(key, content)
    return found


# ---- what the page says of itself

_DATES = ("pubdate", "publishdate", "article:published_time", "dc.date", "publish_date", "createdate")
_SOURCES = ("contentsource", "source", "author", "dc.source")
_DATE = expression(r"(?<!\d)(20\d\d)[-/年.](\d{1,2})[-/月.](\d{1,2})(?!\d)")
_DATED = expression(r"(?:发布|公开|更新|录入|成文|生成)?(?:时间|日期)[\s::\uff1a]*(20\d\d[-/年.]\d{1,2}[-/月.]\d{1,2})")
_FROM = expression(r"(?:信息|文章|稿件)?来源[\s::\uff1a]+([^\s\uff0c,|;]{2,30})")
_SITE_MARK = expression(r"\s*[_|\uff5c]\s*|\s+[-–—]+\s+|\s*(?:--|——)\s*|(?<=[\u4e00-\u9fff])-(?=[\u4e00-\u9fff])")
_LONGEST_TITLE = 80
_WORD_PROCESSORS = ("Microsoft", "WPS", "LibreOffice")  # their page titles are what the author forgot to change
_REPORT = expression("报告|总结|情况|白皮书|通知|公告|公示|方案|意见|要点|计划|决定|函|通报|汇报|年报")


def _title(root: _Element, meta: Mapping[str, str], page: Page) -> str | None:
    """The article's title: from the site's own metadata, else a heading that the browser's title repeats, else that."""
    if title := meta.get("articletitle"):
        return title
    if any(maker in meta.get("generator", "") for maker in _WORD_PROCESSORS):
        return None
    window = " ".join(" ".join(_text_of(each) for each in root.iter("title")).split())
    for element in root.iter("h1", "h2"):
        heading = _plain(_text_of(element))
        if len(heading) >= 6 and (heading in _plain(window) or (len(window) >= 6 and _plain(window) in heading)):
            return shown(_text_of(element)).strip()
    named = [part.strip() for part in _SITE_MARK.split(window) if part.strip()]
    return next((part for part in named if 6 <= len(part) <= _LONGEST_TITLE and _REPORT.search(part)), None)


def _text_of(element: _Element) -> str:
    return "".join(map(str, element.itertext()))


def _plain(text: str) -> str:
    return "".join(text.split())


def _shown(title: str, paragraphs: list[Paragraph]) -> bool:
    """Whether the article itself begins with its title, perhaps over several lines."""
    beginning = "".join(_plain(each.text) for each in paragraphs[:6])
    return _plain(title) in beginning[: 3 * len(title) + 120]


def _told(meta: Mapping[str, str], title: str | None, page: Page) -> dict[str, str]:
    seen = shown(_text_of(page.root))
    date = next((found for key in _DATES if (found := _DATE.search(meta.get(key, "")))), None)
    if date is None and (dated := _DATED.search(seen)):
        date = _DATE.search(dated[1])
    source = next((meta[key] for key in _SOURCES if meta.get(key)), None)
    if source is None and (named := _FROM.search(seen)):
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
