"""Contradictions: the same quantity given twice with different values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auditor.claims import Claim, sentence_start
from auditor.expressions import expression
from auditor.quantities import Passage, Quantity, shown
from auditor.words import Message

_PREDICATE = expression(r"(?:全部|均)[^,;。\d]{4,}")
_INDICATOR = expression(
    r"(?P<name>(?:收到|受理|审结)行政复议(?:申请|案件)|(?:收到|受理)政府信息公开申请|主动公开政府信息"
    r"|(?:办理|发生)行政(?:应诉|诉讼)案件|(?:制定|制发|出台)行政规范性文件|办结?人大代表建议|办结?政协提案)(?P<n>\d+)[件条份]"
)
_PLAIN_LEAD = expression(r"全年|今年|本年度?|年内|共计?|累计|总共|我[省市县区局镇乡]|[一二三四五六七八九]是")
_STOCK = expression(
    r"^(?:全[省市县区州旗]|[省市县区州旗]本?级)(?!.*(?:收到|开展|提出|办理|审查|受理|排查|发现|组织|举办|清理|完成))"
)
_SCOPE = expression(
    r"全市|市本级|市级|县级|各[县区市乡镇]|全[县区镇乡]|区本级|本级|本局|乡镇|街道|上半年|下半年|季度|\d+月|20\d\d年|以来|累计|针对|不服|被申请|新收|其中|上年|去年|局|委|办公室|部门|网站|平台|公众号"
)


def check_contradictions(prose: Sequence[Passage], year: int | None) -> Iterator[tuple[Passage, Claim]]:
    """The same quantity given twice with different values."""
    said: dict[tuple[str, str, str], float] = {}
    for passage in prose:
        if passage.planned:
            continue
        for q in passage.quantities:
            if (key := _all_of(passage, q)) is None:
                continue
            if said.setdefault(key, q.value) != q.value:
                yield passage, _twice(q, passage, said[key], key[1])
        for m in _INDICATOR.finditer(passage.text):
            begin = sentence_start(passage.text, m.start())
            lead = passage.text[begin : m.start()]
            if _PLAIN_LEAD.sub("", lead[max(lead.rfind(c) for c in ",:、") + 1 :]).replace(f"{year}年", ""):
                continue
            scope = {s for s in _SCOPE.findall(lead) if s != f"{year}年"}
            named = (m["name"], "", "".join(sorted(scope)))
            value = float(m["n"])
            if "其中" not in scope and said.setdefault(named, value) != value:
                expression = f"{m['name']}:{shown(said[named])} ≠ {shown(value)}"
                yield (
                    passage,
                    Claim(m.start(), m.end(), "contradiction", expression, "fails", Message("two_values"), 0.6),
                )


def _all_of(passage: Passage, q: Quantity) -> tuple[str, str, str] | None:
    """What a quantity counts when the sentence says something of all of it: (noun, predicate, unit)."""
    noun = re.sub(r"^(?:其余|其他|共有?|全部|现有)", "", q.label)
    if not q.counted or q.about or len(noun) < 5 or not _STOCK.search(noun):
        return None
    clause_end = re.compile(r"[,;。]").search(passage.text, q.end)
    said = _PREDICATE.search(passage.text, q.end, clause_end.start() if clause_end else len(passage.text))
    return (noun, said[0], q.unit) if said else None


def _twice(q: Quantity, passage: Passage, first: float, predicate: str) -> Claim:
    noun = re.sub(r"^(?:其余|其他|共有?|全部|现有)", "", q.label)
    end = passage.text.find(predicate, q.end) + len(predicate)
    expression = f"{noun}:{shown(first)}{q.unit} ≠ {shown(q.value)}{q.unit}"
    return Claim(
        q.start - len(q.label),
        end,
        "contradiction",
        expression,
        "fails",
        Message("said_twice", {"predicate": predicate}),
        0.7,
    )
