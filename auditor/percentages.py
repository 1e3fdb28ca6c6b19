"""Whether a stated percentage follows from two numbers, and what is said of one that does not or cannot be checked."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from auditor.claims import Claim
from auditor.quantities import Passage, Quantity, shown
from auditor.words import Message


def fits(part: Quantity | float, whole: Quantity | float, stated: Quantity) -> bool:
    """Whether part/whole is the stated percentage, rounded or cut to its digits; rounded inputs widen the range."""
    low, high = (part.low, part.high) if isinstance(part, Quantity) else (part, part)
    least, most = (whole.low, whole.high) if isinstance(whole, Quantity) else (whole, whole)
    if least <= 0:
        return False
    step = 10.0**-stated.decimals
    return low / most * 100 <= stated.value + step - 1e-9 and high / least * 100 >= stated.value - step / 2 - 1e-9


def running(quantities: Sequence[Quantity]) -> list[float]:
    """The sums of the first two, three … numbers: several wholes may share one rate."""
    return list(accumulate(q.value for q in quantities))[1:]


def near_miss(part: float, whole: float, stated: Quantity) -> bool:
    """Off by no more than one of the last digit: shares are often adjusted so that they add up to 100."""
    return abs(part / whole * 100 - stated.value) < 10.0**-stated.decimals - 1e-9


def ratio(part: float, whole: float, stated: Quantity, holds: bool, top: str = "") -> str:
    value = part / whole * 100
    digits = max(1, stated.decimals)
    got = shown(stated.value) if holds else f"{value:.{digits}f}"
    return f"{top or shown(part)}/{shown(whole)} = {got}%" + ("" if holds else f" ≠ {shown(stated.value)}%")


def judge(
    start: int, kind: str, part: float, whole: float, stated: Quantity, confidence: float, top: str = ""
) -> Claim:
    """The verdict on a share or rate whose two numbers are known and do not fit."""
    expression = ratio(part, whole, stated, False, top)
    if part > whole:
        return Claim(start, stated.end, kind, expression, "not_checkable", Message("above_whole"), 0.5)
    if near_miss(part, whole, stated):
        return Claim(start, stated.end, kind, expression, "not_checkable", Message("last_digit"), 0.5)
    if stated.about:
        return Claim(start, stated.end, kind, expression, "not_checkable", Message("about"), 0.5)
    computed = f"{part / whole * 100:.{max(1, stated.decimals)}f}"
    reason = Message("other_rate", {"computed": computed, "stated": shown(stated.value)})
    return Claim(start, stated.end, kind, expression, "fails", reason, confidence)


def unknown(passage: Passage, i: int, kind: str, reason: Message | None, start: int = -1) -> Claim:
    """A percentage that cannot be checked, and why; None: there are no numbers to check it with."""
    q = passage.quantities[i]
    missing = Message("no_base", {"percent": shown(q.value)}) if q.value == 100 else Message("no_parts")
    at = start if start >= 0 else q.start - len(q.label)
    return Claim(at, q.end, kind, f"? = {shown(q.value)}%", "not_checkable", reason or missing, 0.6)
