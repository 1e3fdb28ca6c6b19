"""Whether the parts of a list make up its total, and whether the list is meant to leave nothing out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from auditor.claims import Claim, starting_in
from auditor.expressions import expression
from auditor.findings import Verdict
from auditor.quantities import PERCENT, Passage, Quantity, shown
from auditor.words import Message

DEED = expression(
    r"化解|整改|办结|办理|审结|答复|完成|采纳|移送|立案|查处|减少|挽回|出具|提出|发放|制发|成功|消除|涉及|罚款|培训"
)
_OPEN_LIST = expression(r"集中在|主要|重点|突出|特别是|尤其|仅|涉及|新增|不乏|多为")
KEPT = expression(r"有效|保留|继续(?:施行|实施|执行)")
DROPPED = expression(r"废止|失效|修改|修订|取消|重新")
GRADES = expression(r"优秀|优良|良好|合格|较差|一般|^优|^良|不达标|差$")
_FAILED = expression(r"不合格|较差|不达标|差$")
OUTCOMES = expression(r"维持|撤销|驳回|确认违法|终止|中止|变更|责令|调解|和解|撤回|不予受理|履行|纠错|撤案|撤诉")
_OTHER = expression(r"^(?:其他|其它|其余)")
ONE_BY_ONE = expression(r"逐[项件卷宗个份条一部户]")
PENDING = expression(r"正在(?:审理|办理)|在办|在审|未审结|未办结|待办|待审|尚未")
# People and events are described several ways at once (党员, 女性, 线上 …), so that parts of these may overlap.
_MIXED = frozenset(("人", "人次", "场", "场次", "期", "次"))
_CLOSED = expression(r"办结|审结|结案")
_ACCEPTED = expression(r"(?<!不予)(?<!未予)(?<!不予以)(?<!不)(?<!未)受理(?![前后])")
_REFUSED = expression(r"(?:不予?|未予?|不予以)受理")


def compare(
    passage: Passage, counts: Sequence[Quantity], total: Quantity, parts: list[Quantity], listed: bool
) -> Iterator[Claim]:
    """Whether the parts make up the total; with ``listed`` they were announced as its parts."""
    start = total.start - len(total.label)
    parts = _sisters(parts)
    exact = exact_parts(total, parts)
    if exact:
        part = exact[-1]
        pending = [p for p in exact if PENDING.search(p.words)]
        if _CLOSED.search(total.label) and pending and len(pending) < len(exact):
            left = sum(p.value for p in pending)
            reason = Message("closed_and_pending", {"total": shown(total.value), "pending": shown(left)})
            values = {"total": shown(total.value), "closed": shown(total.value - left)}
            yield Claim(start, part.end, "contradiction", Message("sum_of_closed", values), "fails", reason, 0.75)
        else:
            yield Claim(start, part.end, "sum", adds(total, exact), "holds", None, 0.95 if len(exact) > 2 else 0.9)
        return
    tight = _tight(passage, parts)
    if len(tight) < 2:
        return
    if len(joint := _joint(passage, counts, total)) > 1:
        whole, added = "+".join(shown(q.value) for q in joint), "+".join(shown(q.value) for q in tight)
        if abs(sum(q.value for q in joint) - sum(q.value for q in tight)) < 1e-6:
            yield Claim(
                joint[0].start - len(joint[0].label), tight[-1].end, "sum", f"{whole} = {added}", "holds", None, 0.85
            )
        return
    for other in (q for q in starting_in(counts, total.start - 120, total.start) if q.kind == total.kind):
        if wider := exact_parts(other, parts):
            yield Claim(other.start - len(other.label), wider[-1].end, "sum", adds(other, wider), "holds", None, 0.7)
            return
    verdict, reason, confidence = complete(passage, total, tight, listed)
    if verdict == "fails" or listed:
        yield Claim(start, tight[-1].end, "sum", adds(total, tight), verdict, reason, confidence)


def _sisters(parts: Sequence[Quantity]) -> list[Quantity]:
    """The parts without those that are parts of a part: what was closed, and how, was first accepted (受理)."""
    kept: list[Quantity] = []
    accepted = closed = False
    for part in parts:
        name = _name(part)
        if accepted and not _REFUSED.search(name):
            if _CLOSED.search(name) or PENDING.search(name):
                closed = True
                continue
            if closed and OUTCOMES.search(name):
                continue
        accepted = accepted or _ACCEPTED.search(name) is not None
        kept.append(part)
    return kept


def _name(part: Quantity) -> str:
    """What a part is called: the words before it, or those behind it in 「5件不予受理」."""
    before = expression(r"^其中|^有").sub("", part.label)
    return before or expression(r"[,;。:、()]").split(part.after)[0]


def exact_parts(total: Quantity, parts: Sequence[Quantity]) -> list[Quantity]:
    """The leading parts that add up to the total, or none."""
    low = high = 0.0
    for k, part in enumerate(parts):
        low, high = low + part.low, high + part.high
        if k and low <= total.high + 1e-6 and high >= total.low - 1e-6 and not (total.about and part.about):
            return list(parts[: k + 1])
        if low > total.high:
            break
    return []


def _joint(passage: Passage, counts: Sequence[Quantity], total: Quantity) -> list[Quantity]:
    """The totals that are counted together with this one: 建议86件、提案112件,其中 …"""
    joint = [total]
    for q in reversed(starting_in(counts, total.start - 120, total.start)):
        between = passage.text[q.end : joint[0].start]
        if (
            q.kind != total.kind
            or q.depth != total.depth
            or not expression(r"[^,;。、]*[、和及与][^,;。]*").fullmatch(between)
        ):
            break
        joint.insert(0, q)
    return joint


def _tight(passage: Passage, parts: Sequence[Quantity]) -> list[Quantity]:
    """The parts that certainly belong together: joined by the same sign, none of them a new deed."""
    text = passage.text
    kept = [parts[0]]
    first_sign = ""
    deed = bool(DEED.search(parts[0].label))
    last = next((k for k, p in enumerate(parts) if k and _OTHER.search(p.label)), 0)
    for k, part in enumerate(parts[1:], 1):
        between = text[kept[-1].end : part.start]
        sign = next((c for c in between if c in "、,;"), "")
        first_sign = first_sign or sign or "、"
        if sign and sign not in {first_sign, "、"} and k > last:
            break
        if not deed and DEED.search(part.label):
            break
        kept.append(part)
    return kept


def complete(
    passage: Passage, total: Quantity, parts: Sequence[Quantity], listed: bool
) -> tuple[Verdict, Message, float]:
    """The verdict on parts that do not add up: wrong only if the list is meant to be complete."""
    text = passage.text
    gap = total.value - sum(p.value for p in parts)
    least = min(p.value for p in parts)
    share = abs(gap) / total.value if total.value else 1.0
    before = text[total.end : parts[0].start]
    added = shown(total.value - gap)
    wrong = Message("parts_differ", {"added": added, "total": shown(total.value), "gap": shown(abs(gap))})
    if total.about or any(p.about for p in parts):
        return "not_checkable", Message("about_parts"), 0.6
    if _OPEN_LIST.search(before) or "等" in before or parts[-1].after.startswith("等") or "等" in parts[-1].after[:8]:
        return "not_checkable", Message("some_parts"), 0.7
    closed = _closed(passage, total, parts, share)
    if closed:
        return "fails", wrong, closed
    if max(p.value for p in parts) > total.value and len(parts) < 3:
        return "not_checkable", Message("large_parts"), 0.4
    if gap < 0:
        overlap = share > 0.05 and any(abs(p.value + gap) < 1e-6 for p in parts)
        overlap = overlap or parts[0].kind in _MIXED
        joined = "、" in text[parts[0].end : parts[0].end + 12]
        if listed and share <= 0.1 and not overlap and _uniform(parts) and (len(parts) > 2 or joined):
            return "fails", wrong, 0.65
        return "not_checkable", Message("overlap"), 0.5
    ascending = parts[-1].value > least
    close = (gap < least and ascending and share <= 0.03) or (gap <= least / 10 and share <= 0.02)
    if listed and len(parts) >= 4 and close and _uniform(parts):
        return "fails", wrong, 0.6
    return "not_checkable", Message("open_list", {"added": added}), 0.5


def _uniform(parts: Sequence[Quantity]) -> bool:
    return all(p.label and not DEED.search(p.label) for p in parts)


def _closed(passage: Passage, total: Quantity, parts: Sequence[Quantity], share: float) -> float:
    """How sure it is that the list leaves nothing out; 0 if nothing says so."""
    labels = [p.words for p in parts]
    lead = passage.text[max(0, total.start - 24) : parts[0].start]
    if _OTHER.search(parts[-1].label) and len(parts) > 1:
        return 0.85
    if (shares := _shares(passage, parts)) and len(shares) == len(parts) and abs(sum(shares) - 100) < 0.6:
        return 0.85
    kept = any(KEPT.search(x) for x in labels)
    if kept and any(DROPPED.search(x) for x in labels) and all(KEPT.search(x) or DROPPED.search(x) for x in labels):
        cleared = expression("清理|梳理|审核|评估|现行|文件|体检|过筛").search(lead)
        return 0.8 if cleared and len(parts) > 2 and share < 0.5 else 0.0
    if all(GRADES.search(x) for x in labels) and any("优" in x for x in labels) and len(parts) > 2:
        # Without the lowest grade the rest may have failed.
        graded = sum(p.value for p in parts)
        return 0.8 if share < 0.3 and (graded > total.value or any(_FAILED.search(x) for x in labels)) else 0.0
    if all(OUTCOMES.search(x) for x in labels) and any(expression("维持|驳回").search(x) for x in labels):
        if sum(p.value for p in parts) > total.value:
            return 0.75 if share < 0.5 else 0.0
        return 0.75 if share <= 0.1 and (len(parts) >= 4 or (len(parts) == 3 and share <= 0.04)) else 0.0
    if len(parts) > 2 and all(p.label.endswith("级") for p in parts) and share <= 0.05:
        return 0.65
    if ONE_BY_ONE.search(lead) and len(parts) > 1 and share <= 0.15 and not _OTHER.search(labels[0]):
        return 0.7
    return 0.0


def _shares(passage: Passage, parts: Sequence[Quantity]) -> list[float]:
    """The percentage that directly follows each part."""
    places = {p.end for p in parts}
    near = starting_in(passage.quantities, parts[0].start, parts[-1].end + 20)
    return [b.value for a, b in pairwise(near) if a.end in places and b.unit == PERCENT and "占" in b.label]


def adds(total: Quantity, parts: Sequence[Quantity]) -> str:
    listing = "+".join(shown(p.value) for p in parts)
    added = sum(p.value for p in parts)
    if sum(p.low for p in parts) <= total.high + 1e-6 and sum(p.high for p in parts) >= total.low - 1e-6:
        return f"{shown(total.value)} = {listing}"
    return f"{shown(total.value)} ≠ {listing} = {shown(added)}"
