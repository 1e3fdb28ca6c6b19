"""Sums: a total and the parts that the text announces, lists or leaves over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auditor.claims import END, LONGEST_LIST, Claim, following, starting_in, whole_clause
from auditor.expressions import expression
from auditor.findings import Verdict
from auditor.lists import DEED, DROPPED, GRADES, KEPT, ONE_BY_ONE, PENDING, adds, compare, complete, exact_parts
from auditor.quantities import Passage, Quantity, shown
from auditor.words import Message

_OPENS = expression(r"其中|包括|包含|分别(?:为|是)|(?<=[件起次人名个家份项条部宗例处卷批])\(")
_NEW_START = expression(r"^(?:此外|同时|另外?|还|今年|全年|本年度?|累计|截至|目前|较|比上年)|^共$|共计|合计|总计")
_REST = expression(
    r"^[^,]{0,4}?(?:其余|其它|剩余|余下|剩下|尚余|还剩)|(?<!上年)(?<!往年)(?<!去年)结转(?!上年|往年|去年)"
)
_EACH = expression(r"每|人均|平均|均达|均不|各(?:配备|设|有)")
_TOTAL_AFTER = expression(r"^(?:共|共计|合计|总计|总共|一共|计)$")


def check_sums(passage: Passage) -> Iterator[Claim]:
    """The totals of a passage whose parts the text gives, each quoted to the end of its last clause."""
    return (whole_clause(claim, passage.text) for claim in _sums(passage))


def _sums(passage: Passage) -> Iterator[Claim]:
    counts = tuple(q for q in passage.quantities if q.counted and not _EACH.search(q.label))
    opened: set[int] = set()
    for m in _OPENS.finditer(passage.text):
        for total, parts in _announced(passage, counts, m.start(), m.end()):
            opened.add(total.start)
            yield from compare(passage, counts, total, parts, listed=True)
    for i, total in enumerate(counts):
        if _TOTAL_AFTER.match(total.label):
            yield from _total_after(passage, counts, i)
        if total.start not in opened:
            yield from _unannounced(passage, counts, i)
        if _REST.search(total.label):
            yield from _remainder(passage, counts, i)


def _announced(
    passage: Passage, counts: Sequence[Quantity], at: int, end: int
) -> Iterator[tuple[Quantity, list[Quantity]]]:
    """The total before 其中 (包括, a bracket …) and the parts after it."""
    text = passage.text
    bracket = text[at] == "("
    close = _closing(text, at) if bracket else len(text)
    later = [q for q in following(counts, end) if q.start < close][:LONGEST_LIST]
    if not later or later[0].start - end > 36 or END.search(text, end, later[0].start):
        return
    first = later[0]
    starts_sentence = at == 0 or text[at - 1] in "。;"
    window = [
        q for q in starting_in(counts, at - 90, at) if q.end <= at and q.kind == first.kind and q.spelt == first.spelt
    ]
    if bracket:
        window = [q for q in window if q.end == at]
    totals = [
        q for q in window if q.depth <= first.depth and len(END.findall(text[q.end : at])) <= int(starts_sentence)
    ]
    if not totals:
        return
    yield totals[-1], _parts(passage, later, first, text.find("其中", first.end, later[-1].end))


def _parts(passage: Passage, later: Sequence[Quantity], first: Quantity, stop: int) -> list[Quantity]:
    """The quantities that may belong to the list that begins with ``first``."""
    parts = [first]
    for q in later[1:]:
        between = passage.text[parts[-1].end : q.start]
        if "。" in between or 0 <= stop < q.start or _NEW_START.search(q.label):
            break
        if q.depth < first.depth:
            break
        if q.depth == first.depth and q.kind == first.kind and q.spelt == first.spelt:
            parts.append(q)
    return parts


def _total_after(passage: Passage, counts: Sequence[Quantity], i: int) -> Iterator[Claim]:
    """A 86件、B 112件,共198件."""
    total = counts[i]
    text = passage.text
    opening = total.start - len(total.label)
    if opening < 2 or text[opening - 1] not in ",、":
        return
    before = [
        q
        for q in counts[max(0, i - 30) : i]
        if q.kind == total.kind and q.depth == total.depth and q.spelt == total.spelt
    ]
    before = [q for q in before if not END.search(text, q.end, opening)]
    if len(before) < 2 or opening - before[-1].end > 14:
        return
    for k in range(2, len(before) + 1):
        if len(exact_parts(total, before[-k:])) == k:
            parts = before[-k:]
            yield Claim(parts[0].start - len(parts[0].label), total.end, "sum", adds(total, parts), "holds", None, 0.95)
            return
    parts = [before[-1]]
    for a in reversed(before[:-1]):
        if not re.fullmatch(r"[^,;。、]{0,10}[、和及与][^,;。]*", text[a.end : parts[0].start]):
            break
        parts.insert(0, a)
    if len(parts) < 2 or total.about or any(p.about for p in parts):
        return
    added = sum(p.value for p in parts)
    # 共187个行政村 after 5个镇、9个乡 counts something else.
    other = total.after or "等" in text[parts[-1].end : opening] or abs(added - total.value) > 0.2 * total.value
    verdict: Verdict = "not_checkable" if other else "fails"
    confidence = 0.4 if other else 0.75
    reason = Message("total_unclear")
    if not other:
        reason = Message("total_differs", {"added": shown(added), "total": text[opening : total.end]})
    yield Claim(
        parts[0].start - len(parts[0].label),
        total.end,
        "sum",
        adds(total, parts),
        verdict,
        reason,
        confidence,
    )


def _unannounced(passage: Passage, counts: Sequence[Quantity], i: int) -> Iterator[Claim]:
    """A total whose parts follow without 其中: 清理192件,保留162件,修改9件,废止21件."""
    total = counts[i]
    run: list[Quantity] = []
    for q in counts[i + 1 : i + 14]:
        between = passage.text[(run[-1] if run else total).end : q.start]
        if END.search(between) or "其中" in between or _NEW_START.search(q.label):
            break
        if q.kind == total.kind and q.depth == total.depth and q.spelt == total.spelt:
            run.append(q)
    if len(run) < 2 or total.value < 2:
        return
    lead = passage.text[max(0, total.start - 24) : run[0].start]
    family = [q for q in run if KEPT.search(q.words) or DROPPED.search(q.words)]
    graded = [q for q in run if GRADES.search(q.words) or q.label.endswith("级")]
    listed = (
        ONE_BY_ONE.search(lead) is not None
        or len(family) > 1
        or len(graded) > 1
        or all(q.label.endswith("级") for q in run[:3])
    )
    exact = exact_parts(total, run)
    siblings = passage.text[total.end : run[0].start].startswith("、")
    rest = any(PENDING.search(q.words) or "期限内" in q.words for q in exact)
    if DROPPED.search(total.label) or KEPT.search(total.label) or GRADES.search(total.label):
        return
    if exact and not siblings and (len(exact) > 3 or rest or listed):
        yield from compare(passage, counts, total, exact, listed=False)
        return
    for group in (family, graded):
        if len(group) > 2 and group == run[: len(group)]:
            fits = (
                re.search("抽|评|考核|案卷|卷宗", lead) or total.unit in "卷宗" or total.label == "共"
                if group is graded
                else True
            )
            if fits and total.value >= max(q.value for q in group):
                yield from compare(passage, counts, total, group, listed=False)
            return
    if ONE_BY_ONE.search(lead) and len(run) <= 4:
        yield from compare(passage, counts, total, run, listed=False)


def _remainder(passage: Passage, counts: Sequence[Quantity], i: int) -> Iterator[Claim]:
    """列出任务41项,年末完成39项,其余2项."""
    rest = counts[i]
    text = passage.text
    near = [
        q for q in counts[max(0, i - 8) : i] if q.kind == rest.kind and q.depth == rest.depth and q.spelt == rest.spelt
    ]
    near = [q for q in near if len(re.findall("。", text[q.end : rest.start])) <= 1 and rest.start - q.start < 120]
    for k in range(len(near) - 1, 0, -1):
        for t in range(k):
            if near[t].value > rest.value and abs(near[t].value - near[k].value - rest.value) < 1e-6:
                yield Claim(
                    near[t].start - len(near[t].label),
                    rest.end,
                    "sum",
                    adds(near[t], [near[k], rest]),
                    "holds",
                    None,
                    0.9,
                )
                return
    if (
        len(near) < 2
        or near[-1].about
        or near[-2].about
        or rest.about
        or text.find("上年", near[-2].start, rest.start) >= 0
    ):
        return
    total, done = near[-2], near[-1]
    if total.value <= max(rest.value, done.value) or (len(near) > 2 and near[-3].value >= total.value):
        return
    if not re.search(DEED.pattern + "|销号|解决|履行|处置|治理|到位|通过", done.words) or complete(
        passage, total, [done, rest], False
    )[1] == Message("some_parts"):
        return
    expression = f"{shown(total.value)} - {shown(done.value)} = {shown(total.value - done.value)} ≠ {shown(rest.value)}"
    yield Claim(total.start - len(total.label), rest.end, "sum", expression, "fails", Message("rest_differs"), 0.7)


def _closing(text: str, at: int) -> int:
    """The place of the bracket that closes the one at ``at``."""
    depth = 0
    for place in range(at, min(len(text), at + 400)):
        depth += (text[place] == "(") - (text[place] == ")")
        if not depth:
            return place
    return at
