"""One check before its quote is cut, and what every kind of check needs: quantities near a place, where a sentence begins."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from auditor.expressions import expression
from auditor.findings import Verdict
from auditor.quantities import Quantity
from auditor.words import Message

END = expression(r"[。;!?]")
RECENT = 60
LONGEST_LIST = 60
_LONGEST_SENTENCE = 800
_CLAUSE_END = expression(r"[、;:。!?()|]|,(?!\d{3}(?!\d))|$")


@dataclass(frozen=True, slots=True)
class Claim:
    """A check before its quote is cut: bounds in the passage (or, for a table, in the extracted text)."""

    start: int
    end: int
    kind: str
    expression: Message | str
    verdict: Verdict
    reason: Message | None = None
    confidence: float = 0.9


def starting_in(quantities: Sequence[Quantity], start: int, end: int) -> Sequence[Quantity]:
    """Those that begin at ``start`` or later and before ``end``."""
    return quantities[bisect_left(quantities, start, key=_start) : bisect_left(quantities, end, key=_start)]


def following(quantities: Sequence[Quantity], at: int) -> Sequence[Quantity]:
    first = bisect_left(quantities, at, key=_start)
    return quantities[first : first + 4 * LONGEST_LIST]


def _start(quantity: Quantity) -> int:
    return quantity.start


def whole_clause(claim: Claim, text: str) -> Claim:
    """The claim with its end moved to the end of its clause: 「…、1件终止」, not 「…、1件」."""
    end = _CLAUSE_END.search(text, claim.end)
    return replace(claim, end=end.start()) if end else claim


def sentence_start(text: str, at: int) -> int:
    first = max(0, at - _LONGEST_SENTENCE)
    return max(first, *(text.rfind(c, first, at) + 1 for c in "。;!?"))
