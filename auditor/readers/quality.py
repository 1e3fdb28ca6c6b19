"""Whether extracted text is text: unreadable characters must never be taken for a report full of gaps."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.expressions import expression

_HANZI = expression(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_BAD = expression(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]")
_WORD = expression(r"[A-Za-z]*[aeiouAEIOU][A-Za-z]*")
_FREQUENT = expression("[的和政府法治行执规工作县市区依责公开展报告年大一是在不理制度建设]")
_UNMAPPED = "(cid:"
_SAMPLE = 60_000
_SHORTEST = 40
_MOST_BAD = 0.02
_MOST_UNMAPPED = 3
_LEAST_HANZI = 0.35
_LEAST_COMMON = 0.85
_LEAST_FREQUENT = 0.04
_MOSTLY = 0.6


@dataclass(frozen=True, slots=True)
class Quality:
    """Measures of a text without its white space; shares are 0-1.

    ``common`` is the share of GB2312 level 1 among its hanzi, ``frequent`` the share of characters that every report
    is full of, ``bad`` the share of control, private-use and replacement characters, ``latin`` the share of
    pronounceable Latin words and digits.
    """

    length: int
    hanzi: float
    common: float
    frequent: float
    bad: float
    unmapped: int
    latin: float


def measure(text: str) -> Quality:
    """Measure a text; of a long one, its beginning, middle and end."""
    plain = "".join(_sample(text).split())
    length = len(plain)
    if not length:
        return Quality(0, 0.0, 0.0, 0.0, 0.0, 0, 0.0)
    hanzi = "".join(_HANZI.findall(plain))
    leads = hanzi.encode("gb2312", errors="ignore")[::2]
    common = sum(0xB0 <= lead <= 0xD7 for lead in leads)
    words = sum(map(len, _WORD.findall(plain))) + sum(char.isdigit() for char in plain)
    return Quality(
        length=length,
        hanzi=len(hanzi) / length,
        common=common / len(hanzi) if hanzi else 0.0,
        frequent=len(_FREQUENT.findall(plain)) / length,
        bad=len(_BAD.findall(plain)) / length,
        unmapped=plain.count(_UNMAPPED),
        latin=words / length,
    )


def garbled(text: str) -> bool:
    """Whether the text is garbled: wrong character maps, mojibake, private-use codes. Empty text is not."""
    found = measure(text)
    if not found.length:
        return False
    if found.bad > _MOST_BAD or found.unmapped > _MOST_UNMAPPED:
        return True
    if found.length < _SHORTEST:
        return False
    if found.hanzi < _LEAST_HANZI:
        return found.latin < _MOSTLY and found.frequent < _LEAST_FREQUENT
    return found.common < _LEAST_COMMON or found.frequent < _LEAST_FREQUENT


def _sample(text: str) -> str:
    if len(text) <= _SAMPLE:
        return text
    third = _SAMPLE // 3
    middle = len(text) // 2
    return text[:third] + text[middle : middle + third] + text[-third:]
