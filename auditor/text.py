"""Chinese text: decode bytes, normalise characters with a map back to the original, cut sentences, read numbers."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.errors import UnreadableFile
from auditor.expressions import expression
from auditor.words import Message

# --- decoding ---------------------------------------------------------------------------------------------------

_BOMS = (
    (codecs.BOM_UTF8, "utf-8", "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
)
_MAGIC = ((b"%PDF", "PDF"), (b"PK\x03\x04", "docx/ofd/zip"), (b"\xd0\xcf\x11\xe0", "doc/wps/xls"), (b"{\\rtf", "RTF"))
_CONTROL = expression(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]")
_STRANGE = expression(r"[\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]")
_HANZI = expression(r"[\u4e00-\u9fff]+")
_SAMPLE = 20_000
_MOST_CONTROL = 0.01
_MOST_STRANGE = 0.02
_LEAST_COMMON = 0.45


def decode(data: bytes, name: str, encoding: str | None = None) -> tuple[str, str]:
    """The text of ``data`` and the name of its encoding: BOM, then strict UTF-8, then GB18030.

    The byte order mark is dropped; nothing else is changed, so that quotes stay exact substrings.
    ``encoding`` overrides the guess. Raises ``UnreadableFile`` (``empty``, ``binary``, ``encoding``).
    """
    if not data.strip():
        raise UnreadableFile(name, "empty", Message("empty_file"))
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise UnreadableFile(name, "binary", Message("other_content", {"kind": kind}))
    text, found = _decode_as(data, name, encoding) if encoding else _guess(data, name)
    if not text.strip():
        raise UnreadableFile(name, "empty", Message("blank_file"))
    control = _CONTROL.search(text)
    if control and ("\x00" in text or len(_CONTROL.findall(text)) > _MOST_CONTROL * len(text)):
        raise UnreadableFile(name, "binary", Message("control_character", {"place": control.start() + 1}))
    return text, found


def _decode_as(data: bytes, name: str, encoding: str) -> tuple[str, str]:
    try:
        text = data.decode(encoding)
    except LookupError:
        raise UnreadableFile(name, "encoding", Message("unknown_encoding", {"encoding": encoding})) from None
    except UnicodeDecodeError as error:
        message = Message("other_encoding", {"place": error.start + 1, "encoding": encoding})
        raise UnreadableFile(name, "encoding", message) from None
    except UnicodeError:
        raise UnreadableFile(name, "encoding", Message("encoding_fails", {"encoding": encoding})) from None
    return text.removeprefix("\ufeff"), encoding.lower()


def _guess(data: bytes, name: str) -> tuple[str, str]:
    for mark, codec, label in _BOMS:
        if data.startswith(mark):
            return _lenient(data[len(mark) :], codec), label
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        first_bad = error.start
    if data.count(0) > _MOST_CONTROL * len(data):
        raise UnreadableFile(name, "binary", Message("null_byte", {"place": data.index(0) + 1}))
    for codec, label in (("gb18030", "gb18030"), ("utf-8", "utf-8")):
        text = _lenient(data, codec)
        if _looks_chinese(text):
            return text, label
    if len(_CONTROL.findall(_lenient(data, "latin-1"))) > 0.05 * len(data):
        raise UnreadableFile(name, "binary", Message("no_characters", {"place": first_bad + 1}))
    raise UnreadableFile(name, "encoding", Message("no_encoding", {"place": first_bad + 1}))


def _lenient(data: bytes, codec: str) -> str:
    """Decoded with U+FFFD for what cannot be: one bad byte must not lose a report."""
    return data.decode(codec, errors="replace")


def _looks_chinese(text: str) -> bool:
    """Whether decoding gave text and not rare characters: GB2312 level 1 holds nearly all characters of real reports."""
    if len(_STRANGE.findall(text)) > max(1, _MOST_STRANGE * len(text)) and not _few_strange(text):
        return False
    if len(_CONTROL.findall(text)) > _MOST_CONTROL * len(text):
        return False
    hanzi = "".join(_HANZI.findall(text[:_SAMPLE]))
    if not hanzi:
        return not _STRANGE.search(text) and text.isprintable()
    leads = hanzi.encode("gb2312", errors="ignore")[::2]
    common = sum(1 for lead in leads if 0xB0 <= lead <= 0xD7)
    return common >= _LEAST_COMMON * len(hanzi)


def _few_strange(text: str) -> bool:
    return len(text) < 50 and len(_STRANGE.findall(text)) <= 2


# --- normalising ------------------------------------------------------------------------------------------------

_GONE = "\x00"
_SPACES = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\xad\u034f\u061c\u115f\u1160\u1680\u180b\u180c\u180d\u180e"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u200c\u200d\u200e\u200f"
    "\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u202f\u205f\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069"
    "\u3000\u3164\ufeff\uffa0" + "".join(map(chr, range(0xFE00, 0xFE10)))
)
_QUOTES = "\"'`\u00b4\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u300c\u300d\u300e\u300f\u301d\u301e\u301f\uff02\uff07\uff40"
_VERTICAL_QUOTES = "\ufe41\ufe42\ufe43\ufe44\uff62\uff63"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500\u2501\u301c\uff0d\uff5e\ufe31\ufe58\ufe63~"
_COMPATIBLE = (
    (0x2100, 0x214F),
    (0x2160, 0x217F),
    (0x2460, 0x24FF),
    (0x2F00, 0x2FDF),
    (0x3200, 0x33FF),
    (0xF900, 0xFAFF),
    (0xFE10, 0xFE19),
    (0xFE30, 0xFE6F),
    (0xFF01, 0xFFEE),
)
# Radicals that browsers print into PDF and that NFKC leaves or turns into a traditional form.
_RADICALS = dict(
    zip(
        "⺂⺃⺅⺉⺋⺎⺏⺐⺒⺓⺔⺕⺖⺘⺙⺛⺞⺠⺡⺣⺤⺦⺨⺫⺭⺯⺰⺱⺲⺳⺹⺺⺾⺿⻁⻂⻃⻄⻅⻆⻈⻉⻋⻌⻍⻎⻐⻑⻒⻓⻔⻖⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⺟⻳⼾",
        "乛乚亻刂㔾兀尣尢巳幺彑彐忄扌攵旡歺民氵灬爫丬犭罒礻糹纟罓罒㓁耂肀艹艹虎衤覀西见角讠贝车辶辶辶钅長镸长门阝青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀母龟户",
        strict=True,
    )
)
_ONE_FOR_ONE = {
    "\u00ab": "《",
    "\u00bb": "》",
    "\u226a": "《",
    "\u226b": "》",
    "\u2022": "·",
    "\u2027": "·",
    "\u2219": "·",
    "\u22c5": "·",
    "\u30fb": "·",
    "\uff65": "·",
    "\uff61": "。",
    "\uff64": "、",
    "\ufe12": "。",
    "\ufe11": "、",
    "\ufe10": ",",
    "\ufe13": ":",
    "\ufe30": ":",
    "\ufe55": ":",
    "\u2236": ":",
}


def _tables() -> tuple[dict[int, str], dict[str, str]]:
    """Characters to change one for one, and those that become several."""
    one: dict[int, str] = {}
    many: dict[str, str] = {}
    for first, last in _COMPATIBLE:
        for code in range(first, last + 1):
            char = chr(code)
            plain = "".join(unicodedata.normalize("NFKC", char).split())
            if len(plain) == 1:
                one[code] = plain
            elif plain:
                many[char] = plain
    for start, length in ((0x2460, 20), (0x2776, 10), (0x2780, 10), (0x278A, 10), (0x24F5, 10)):
        many.update({chr(start + i): f"({i + 1})" for i in range(length)})
    many.update({chr(0x3280 + i): f"({'一二三四五六七八九十'[i]})" for i in range(10)})
    one = {code: plain for code, plain in one.items() if chr(code) not in many}
    one.update({ord(char): plain for char, plain in (*_RADICALS.items(), *_ONE_FOR_ONE.items())})
    one.update({ord(char): "-" for char in _DASHES})
    one.update({ord(char): _GONE for char in _SPACES + _QUOTES + _VERTICAL_QUOTES})
    one.update(dict.fromkeys((*range(32), 127, *range(128, 161)), _GONE))
    return one, many


_ONE, _MANY = _tables()
_PLAIN = {chr(code): plain for code, plain in _ONE.items()}
# Replacing these one by one is several times faster than ``translate``; the rest are rare enough for a pattern.
_COMMON = tuple((char, _PLAIN[char]) for char in "，；：（）！？％“”　 \r\n\t—～０１２３４５６７８９")
_RARE = expression(f"[{re.escape(''.join(_PLAIN))}]")
# What is looked for through a whole text begins with one set of signs: then the rest of the text is soon passed over.
_ODD = expression(f"[{_GONE}{''.join(_MANY)}-](?:(?<={_GONE}){_GONE}*|(?<![{_GONE}-])|(?<=-)(?:{_GONE}*-)+)")
_ANGLES = expression(r"<(\x00*[\u4e00-\u9fff][^<>]{0,80})>")
_ROUND_ZERO = expression(r"(?<=[一二三四五六七八九〇])[○◯Oo](?=[一二三四五六七八九〇○◯Oo年])")


@dataclass(frozen=True, slots=True)
class Normalised:
    """Text in one spelling; ``offsets[i]`` is the place in the input of ``text[i]``."""

    text: str
    offsets: tuple[int, ...]


def normalise(text: str, base: int = 0) -> Normalised:
    """``text`` in half-width signs, without spaces and quotation marks; ``base`` is added to every offset."""
    flat = text
    for char, plain in _COMMON:
        flat = flat.replace(char, plain)
    flat = _RARE.sub(lambda found: _PLAIN[found[0]], flat)
    if "<" in flat:
        flat = _ANGLES.sub(_title_brackets, flat)
    if "○" in flat or "◯" in flat or "O" in flat or "o" in flat:
        flat = _ROUND_ZERO.sub("〇", flat)
    pieces: list[str] = []
    offsets: list[int] = []
    at = 0
    for odd in _ODD.finditer(flat):
        start, end = odd.span()
        if start > at:
            pieces.append(flat[at:start])
            offsets.extend(range(base + at, base + start))
        at = end
        sign = flat[start]
        if sign != _GONE:
            plain = _MANY.get(sign, "-")
            pieces.append(plain)
            offsets.extend([base + start] * len(plain))
    if at < len(flat):
        pieces.append(flat[at:])
        offsets.extend(range(base + at, base + len(flat)))
    return Normalised("".join(pieces), tuple(offsets))


def _title_brackets(found: re.Match[str]) -> str:
    before = found.string[max(0, found.start() - 120) : found.start()]
    nested = before.rfind("《") > before.rfind("》")
    return f"〈{found[1]}〉" if nested else f"《{found[1]}》"


# --- cutting ----------------------------------------------------------------------------------------------------

_MARK = expression(r"[。!?;()《》.]")
_CLOSERS = {")": "(", "》": "《"}
_LONGEST_BRACKET = 200
_BEFORE_ITEM = expression(
    r"[。!?;:,)\d件次个人项起份名家%](?:(?<=[。!?;:,)])(?=[一二三四五六七八九十]{1,3}是|首先,|其次,|再次,|最后,|第[一二三四五六七八九十],"
    r"|\d{1,2}[.、](?![\d.])|\(\d{1,2}\)|\([一二三四五六七八九十]{1,3}\))"
    r"|(?<=[\d件次个人项起份名家%])(?=[二三四五六七八九]是))"
)
_STOPS = "。!?;:"
_DIGITS = "零一二三四五六七八九"


def cut(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Bounds of the sentences of normalised ``text[start:end]``.

    A sentence ends with 。!?; outside brackets, and before each ordinal item (一是 …, 1. … after a stop).
    """
    stop = len(text) if end is None else end
    edges = {stop}
    marks: list[int] = []
    openings: list[tuple[str, int]] = []
    shut: list[tuple[int, int]] = []
    for found in _MARK.finditer(text, start, stop):
        sign = found[0]
        at = found.start()
        if sign in "(《":
            openings.append((sign, at))
        elif sign in _CLOSERS:
            if openings and openings[-1][0] == _CLOSERS[sign]:
                opened = openings.pop()[1]
                if at - opened <= _LONGEST_BRACKET:
                    shut.append((opened, at))
            elif openings and len(openings) > 1 and openings[-2][0] == _CLOSERS[sign]:
                openings.pop()
                opened = openings.pop()[1]
                if at - opened <= _LONGEST_BRACKET:
                    shut.append((opened, at))
        elif sign != "." or _stop_for_full_stop(text, at):
            marks.append(at)
    inside = _Inside(shut)
    edges.update(at + 1 for at in marks if not inside.holds(at))
    edges.update(_items(text, start, stop))
    at = start
    for edge in sorted(edges):
        if edge > at:
            yield at, edge
            at = edge


def _items(text: str, start: int, stop: int) -> Iterator[int]:
    """Where ordinal items begin; an ordinal glued to a number counts only if it is the next one."""
    opens = start + 1 < stop and text[start + 1] == "是"
    expected = _DIGITS.find(text[start]) + 1 if opens else 1
    for found in _BEFORE_ITEM.finditer(text, start, stop):
        at = found.end()
        before = found[0]
        ordinal = at + 1 < stop and text[at + 1] == "是"
        number = _DIGITS.find(text[at]) if ordinal else 0
        if ordinal and before not in "。!?;:," and number != expected:
            continue
        if text[at] in "0123456789(" and before not in _STOPS:
            continue
        if ordinal:
            expected = number + 1
        yield at


def _stop_for_full_stop(text: str, at: int) -> bool:
    """Whether the ``.`` at ``at`` ends a sentence: between two Chinese characters, neither side a numeral."""
    if at == 0 or at + 1 >= len(text) or text[at - 1] in _NUMERALS:
        return False
    return "\u4e00" <= text[at - 1] <= "\u9fff" and "\u4e00" <= text[at + 1] <= "\u9fff"


class _Inside:
    """Answers, for rising places, whether one lies inside a closed bracket."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._spans = sorted(spans)
        self._next = 0
        self._reach = -1

    def holds(self, place: int) -> bool:
        while self._next < len(self._spans) and self._spans[self._next][0] < place:
            self._reach = max(self._reach, self._spans[self._next][1])
            self._next += 1
        return place < self._reach


# --- numbers ----------------------------------------------------------------------------------------------------

_FIGURE = expression(r"\d+")


def from_digits(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """The same matches as ``finditer`` for a pattern that begins with digits and not in the middle of any, found sooner."""
    end = 0
    for digits in _FIGURE.finditer(text):
        start = digits.start()
        if start >= end and (found := pattern.match(text, start)):
            yield found
            end = found.end()


_UNITS = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10_000, "亿": 100_000_000}
_NUMERALS = {char: value for value, char in enumerate(_DIGITS)} | {"〇": 0, "○": 0, "两": 2}
_LOOSE = expression(r"[约近超共余多逾达来几]|以上|左右|余万(?=$)|[\s]")
_ARABIC = expression(r"(\d+(?:,\d{3})*(?:\.\d+)?)(%?)([十百千]?)([万亿]{0,2})")


def numeral(text: str) -> float | None:
    """The value of an Arabic or Chinese number, or None: ``1,234``, ``2.4万``, ``一百零五``, ``二十余``."""
    plain = _LOOSE.sub("", normalise(text).text)
    if not plain:
        return None
    arabic = _ARABIC.fullmatch(plain)
    if arabic:
        value = float(arabic[1].replace(",", ""))
        for unit in arabic[3] + arabic[4]:
            value *= _UNITS.get(unit) or _BIG[unit]
        return value
    return _chinese(plain)


def _chinese(plain: str) -> float | None:
    if all(char in _NUMERALS for char in plain):
        return float("".join(str(_NUMERALS[char]) for char in plain))
    total = 0.0
    group = 0.0
    digit: float | None = None
    for char in plain:
        if char in _NUMERALS:
            digit = float(_NUMERALS[char])
        elif char in _UNITS:
            group += (1.0 if digit is None else digit) * _UNITS[char]
            digit = None
        elif char in _BIG:
            group += digit or 0.0
            total = (total + group if char == "亿" else group) * _BIG[char] + (0.0 if char == "亿" else total)
            group, digit = 0.0, None
        else:
            return None
    return total + group + (digit or 0.0)
