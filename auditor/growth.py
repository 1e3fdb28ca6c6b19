"""Growth: a change in per cent beside its old and its new value."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.claims import RECENT, Claim, sentence_start
from auditor.expressions import expression
from auditor.percentages import judge, near_miss, unknown
from auditor.quantities import PERCENT, Passage, Quantity, shown
from auditor.words import Message

GROWTH = expression(
    r"(?:增长|增加|上升|提高|提升|下降|减少|降低|压缩|压减|缩短|缩减|精简|少|多|降|增|升)(?:了|约|近|达到|达|超过|为|幅度|幅|率)*$"
)
_BEFORE = expression(r"(?:上年|去年|上一年|前年|同期|20\d\d年)(?:全年|同期|度)?的?$")


def check_growth(passage: Passage, i: int, m: re.Match[str]) -> Iterator[Claim]:
    """由11.6个工作日减至3.2个工作日,压缩72.4%; 3443次,比上年的5120次少了32.8%."""
    stated = passage.quantities[i]
    text = passage.text
    begin = sentence_start(text, stated.start)
    counts = [q for q in passage.quantities[max(0, i - RECENT) : i] if q.start >= begin and q.unit != PERCENT]
    falls = bool(re.search("下降|减少|降低|压缩|压减|缩短|缩减|精简|少|降", m[0]))
    loose = re.search("年均|可比|实际增长|平均增", stated.label) is not None
    own = stated.label[: m.start()]
    pair: tuple[Quantity, Quantity] | None = None
    if len(own) > 6 or "分别" in own:
        counts = []
    if len(counts) > 1 and counts[-1].change and counts[-2].change and stated.start - counts[-1].end < 24:
        pair = counts[-2], counts[-1]
    elif len(counts) > 1 and _BEFORE.search(counts[-1].label) and stated.start - counts[-1].end < 14:
        pair = counts[-1], counts[-2]
    if pair is None or pair[0].unit.lstrip("个") != pair[1].unit.lstrip("个") or not pair[0].value:
        if re.search("较|比|同比|上年|去年", stated.label) and counts and stated.start - counts[-1].end < 20:
            yield unknown(passage, i, "growth", Message("no_last_year"), counts[-1].start - len(counts[-1].label))
        return
    old, new = pair
    first = min(old.start - len(old.label), new.start - len(new.label))
    change = (old.value - new.value) if falls else (new.value - old.value)
    term = f"({shown(old.value)}-{shown(new.value)})" if falls else f"({shown(new.value)}-{shown(old.value)})"
    step = 10.0**-stated.decimals
    spread = ((old.high - old.low) / old.value + (new.high - new.low) / new.value if new.value else 0.0) * 100
    # Durations are given as they are counted, not rounded, so that only sums of money and people widen the range.
    spread = 0.0 if old.counted is False and old.unit in ("个工作日", "工作日", "天") else spread
    value = change / old.value * 100
    if stated.value - step / 2 - spread - 1e-9 <= value < stated.value + step + spread + 1e-9:
        expression = f"{term}/{shown(old.value)} = {shown(stated.value)}%"
        yield Claim(first, stated.end, "growth", expression, "holds", None, 0.95)
    elif (
        loose
        or stated.about
        or old.about
        or new.about
        or "元" in old.unit
        or change < 0
        or near_miss(change, old.value, stated)
    ):
        yield unknown(passage, i, "growth", Message("growth_unclear"), first)
    else:
        yield judge(first, "growth", change, old.value, stated, 0.8, term)
