"""Shares, rates and growth: a percentage beside the two numbers that it follows from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auditor.claims import END, RECENT, Claim, sentence_start, whole_clause
from auditor.expressions import expression
from auditor.growth import GROWTH, check_growth
from auditor.percentages import fits, judge, ratio, running, unknown
from auditor.quantities import PERCENT, Passage, Quantity, Table, shown
from auditor.sheets import named_cells
from auditor.words import Message

_RATE = expression(r"(?P<name>[\u4e00-\u9fff]{2,14})率(?P<link>[均也已约为是达到高提升至超过逾近分别了]*)$")
_SHARE = expression(r"(?P<subject>.*?)占(?P<base>.*)$")
_GENERAL_BASE = expression(r"比重|比例|总数|总量|全部|总|比|达到|达|约|为|到|了|的|近|超过|超|数|高|提高|均|至|上升")
_PLANNED = expression(r"力争|确保|目标|要求|不低于|不少于|预期|应达|争取|须达")
_DUE = expression(r"按期|按时|及时|限时|如期|当期")
_ASKED = "参加|组织|报名|应考|考试|抽|检|评查|考核|送检|参考"
_FOUND = "排查|摸排|受理|收到|调解|调处|接到|登记|发生|处置|纠纷|争议"
_RATES: tuple[tuple[str, str, str], ...] = (
    (r"合格|通过", "合格|通过|取得|考取", _ASKED),
    (r"成功|调成", "成功|调成|达成", "排查|摸排|调解|调处"),
    (r"化解|调处", "化解|调处|解决|调解成功|调成", _FOUND),
    (r"整改|消除|销号|治理|完成", "整改|消除|销号|治理|完成|到位", "排查|发现|反馈|列出|查出|问题|隐患|任务|交办|指出"),
    (
        r"办结|审结|结案|答复|回复|处置|处理",
        "办结|审结|结案|答复|回复|处置|处理",
        "受理|收到|转来|接到|承办|登记|交办|立案|接收",
    ),
    (r"出庭", "(?<!应)出庭", "应出庭|应当出庭|需出庭|开庭|庭审"),
    (r"败诉", "败诉|输", "审结|判决|结案|裁判|生效"),
    (r"胜诉", "胜诉|赢", "审结|判决|结案|裁判|生效"),
)
_LOOSE_BASE = expression(
    r"维持|纠错|调撤|满意|好评|覆盖|增长|调整|压缩|及时|网办|履约|满意度|复议|上诉|履行|公开|知晓|参评|持证|在线"
)


def check_percentages(passage: Passage, grids: Sequence[Table]) -> Iterator[Claim]:
    """The shares, rates and growth of a passage, each quoted to the end of its clause."""
    return (whole_clause(claim, passage.text) for claim in _percentages(passage, grids))


def _percentages(passage: Passage, grids: Sequence[Table]) -> Iterator[Claim]:
    if passage.planned:
        return
    for i, q in enumerate(passage.quantities):
        if q.unit != PERCENT:
            continue
        if _PLANNED.search(q.label):
            continue
        if growth := GROWTH.search(q.label):
            yield from check_growth(passage, i, growth)
        elif share := _SHARE.match(q.label):
            yield from _share(passage, i, share, grids)
        elif rate := _RATE.search(q.label):
            yield from _rate(passage, i, rate)


def _share(passage: Passage, i: int, m: re.Match[str], grids: Sequence[Table]) -> Iterator[Claim]:
    """692件,占比72.69%; 44个单位中有40个 …,占90.9%."""
    stated = passage.quantities[i]
    text = passage.text
    base = _GENERAL_BASE.sub("", m["base"])
    subject = m["subject"]
    label_start = stated.start - len(stated.label)
    if subject and len(subject) > 1:
        if base and (claim := _looked_up(passage, stated, subject, base, grids)):
            yield claim
        else:
            yield unknown(passage, i, "share", Message("no_count_of", {"what": subject[-12:]}))
        return
    part = next(
        (
            q
            for q in reversed(passage.quantities[max(0, i - RECENT) : i])
            if q.unit != PERCENT and q.depth <= stated.depth
        ),
        None,
    )
    if part is None or label_start - part.end > 24 or END.search(text, part.end, label_start) or not part.counted:
        yield unknown(passage, i, "share", Message("no_part"))
        return
    same = [
        q
        for q in passage.quantities[max(0, i - RECENT) : i]
        if q.counted and q.kind == part.kind and q is not part and q.start < part.start
    ]
    wholes = [q for q in reversed(same) if part.start - q.start < 400]
    start = part.start - len(part.label)
    for whole in wholes:
        if fits(part, whole, stated):
            yield Claim(start, stated.end, "share", ratio(part.value, whole.value, stated, True), "holds", None, 0.95)
            return
    for added in running(wholes[:4]):
        if fits(part, added, stated):
            yield Claim(start, stated.end, "share", ratio(part.value, added, stated, True), "holds", None, 0.8)
            return
    if base:
        yield unknown(passage, i, "share", Message("base_elsewhere", {"base": base[-12:]}), start)
        return
    nearest = _listed_total(text, wholes, part)
    if nearest is None or nearest.about or part.about:
        yield unknown(passage, i, "share", Message("base_unclear"), start)
        return
    yield judge(start, "share", part.value, nearest.value, stated, 0.8)


def _listed_total(text: str, wholes: Sequence[Quantity], part: Quantity) -> Quantity | None:
    """The whole that the text itself ties to the part: … 其中 …, … 中有 …"""
    for whole in wholes:
        between = text[whole.end : part.start]
        tied = re.search(r"其中|中,?有|中,|分别", between)
        if tied and whole.value >= part.value:
            return whole if len(re.findall("。", between)) <= 1 else None
    return None


def _looked_up(passage: Passage, stated: Quantity, subject: str, base: str, grids: Sequence[Table]) -> Claim | None:
    """A share whose two numbers stand in a table of the same section under the names the sentence uses."""
    base = re.sub(r"案件|总?[数量件]$", "", base)
    for table in grids:
        named = named_cells(table)
        part = max((name for name in named if len(name) > 1 and name in subject), key=len, default="")
        if base in named and part and part != base and 0 < named[base] >= named[part]:
            if fits(named[part], named[base], stated):
                expression = ratio(named[part], named[base], stated, True)
                return Claim(stated.start - len(stated.label), stated.end, "share", expression, "holds", None, 0.85)
            return judge(stated.start - len(stated.label), "share", named[part], named[base], stated, 0.8)
    return None


def _rate(passage: Passage, i: int, m: re.Match[str]) -> Iterator[Claim]:
    """排查437起,调解成功435件,成功率98%."""
    stated = passage.quantities[i]
    text = passage.text
    name = m["name"]
    label_start = stated.start - len(stated.label)
    begin = sentence_start(text, label_start)
    own = [
        q
        for q in passage.quantities[max(0, i - RECENT) : i]
        if q.counted and q.start >= begin and q.depth <= stated.depth
    ]
    stem = name[-2:]
    whole_deed = re.search(rf"(?:全部|均)(?:已|完成|得到|实现|已经|及时|按期)?{stem}", text[begin:label_start])
    if whole_deed and stated.value < 100 and own and not stated.about and label_start - begin - whole_deed.end() <= 2:
        expression = f"{whole_deed[0]} → 100% ≠ {shown(stated.value)}%"
        yield Claim(
            begin + whole_deed.start(),
            stated.end,
            "contradiction",
            expression,
            "fails",
            Message("all_and_rate"),
            0.65,
        )
        return
    if name.endswith(("合格", "优良", "优秀", "良好")) and (graded := _graded(passage, own, stated, name)):
        yield graded
        return
    known = next(
        ((nums, dens) for tail in (stem, name[-4:]) for names, nums, dens in _RATES if re.search(names, tail)), None
    )
    nums, dens = known or (re.escape(stem), "")
    if name.endswith("调解"):
        nums = "调解(?!成功)"
    earlier = [
        q
        for q in passage.quantities[max(0, i - RECENT) : i]
        if q.counted and begin - 80 < q.start < begin and q.depth <= stated.depth
    ]
    part = next((q for q in reversed(own) if re.search(nums, q.words)), None)
    if part is None:
        yield unknown(passage, i, "rate", None if stated.value == 100 else Message("no_fraction"))
        return
    pool = [q for q in (*earlier, *own) if q.start < part.start and (q.kind == part.kind or known)]
    near = [q for q in reversed(pool) if q.kind == part.kind] + [q for q in reversed(pool) if q.kind != part.kind]
    start = part.start - len(part.label)
    if "一审" in text[begin:label_start] and "二审" in text[begin:label_start]:
        yield unknown(passage, i, "rate", Message("two_instances"), start)
        return
    for whole in near:
        if fits(part, whole, stated):
            begins = whole.start - len(whole.label)
            yield Claim(begins, stated.end, "rate", ratio(part.value, whole.value, stated, True), "holds", None, 0.95)
            return
    between = [q for q in own if near and q.kind == part.kind and near[0].start < q.start < part.start]
    for top in (part.value, *running([part, *reversed(between)][:3])):
        for added in (*running([q for q in near if q.kind == part.kind][:3]), *(q.value for q in near)):
            if fits(top, added, stated):
                yield Claim(start, stated.end, "rate", ratio(top, added, stated, True), "holds", None, 0.7)
                return
    yield _mismatch(passage, i, name, part, own, near, dens, known is not None)


def _mismatch(
    passage: Passage,
    i: int,
    name: str,
    part: Quantity,
    own: Sequence[Quantity],
    near: Sequence[Quantity],
    dens: str,
    known: bool,
) -> Claim:
    """A rate that none of the possible pairs gives: wrong only if numerator and denominator are beyond doubt."""
    stated = passage.quantities[i]
    start = part.start - len(part.label)
    same = [q for q in near if q.kind == part.kind and not q.about and q.value >= part.value]
    named = next((q for q in same if dens and re.search(dens, q.words)), None)
    before = own[own.index(part) - 1] if own.index(part) else None
    clear = before is not None and before in same and (not known or before.value == part.value)
    whole = named or (before if clear else None)
    between = [q for q in own if q.start > part.start and q.depth == part.depth]
    text = passage.text[(whole or part).start - len((whole or part).label) : stated.end]
    if whole is None or part.about or between or _LOOSE_BASE.search(name):
        reason = None if stated.value == 100 and whole is None else Message("fraction_unclear")
        return unknown(passage, i, "rate", reason, start)
    if re.search("上年|往年|去年|结转|在办|正在|期限内|到期", text) or (
        _DUE.search(name) and not _DUE.search(part.words)
    ):
        return unknown(passage, i, "rate", Message("carried_over"), start)
    if re.search("办结|审结|结案|答复|回复|处置|处理", name) and (
        stated.value == 100 or abs(part.value / whole.value * 100 - stated.value) < 1
    ):
        return unknown(passage, i, "rate", Message("only_due"), start)
    if re.search("败诉|胜诉", name) and re.search("二审|再审|终审|撤诉|和解", text):
        return unknown(passage, i, "rate", Message("mixed_instances"), start)
    far = abs(part.value / whole.value * 100 - stated.value) > 20
    if far or (not known and (whole is not before or stated.value == 100)):
        return unknown(passage, i, "rate", Message("other_whole"), start)
    return judge(whole.start - len(whole.label), "rate", part.value, whole.value, stated, 0.85 if known else 0.65)


def _graded(passage: Passage, own: Sequence[Quantity], stated: Quantity, name: str) -> Claim | None:
    """优秀97宗、合格58宗、较差5宗,合格率96.9%: the good grades over the files drawn."""
    last = [q for q in own if re.search("优秀|优良|良好|合格|较差|不达标|一般", q.label)]
    grades = [q for q in last if q.kind == last[-1].kind]
    if len(grades) < 2 or not any(re.search("优|良好", q.label) for q in grades):
        return None
    bad = "不合格|较差|不达标|一般"
    good = {"优秀": "优秀", "良好": "良好", "优良": "优秀|优良|良好"}.get(name[-2:])
    top = [q for q in grades if (re.search(good, q.label) if good else not re.search(bad, q.label))]
    part = sum(q.value for q in top)
    added = sum(q.value for q in grades)
    same = [q.value for q in own if q.kind == grades[0].kind and q.start < grades[0].start and q.value >= added]
    wholes = [*reversed(same), added]
    start = grades[0].start - len(grades[0].label)
    sign = f"({'+'.join(shown(q.value) for q in top)})" if len(top) > 1 else ""
    for whole in wholes:
        if whole and fits(part, whole, stated):
            return Claim(start, stated.end, "rate", ratio(part, whole, stated, True, sign), "holds", None, 0.95)
    complete = added in same or any(re.search(bad + "|合格", q.label) for q in grades)
    if not complete or any(q.about for q in grades) or not wholes[0]:
        unclear = Message("graded_unclear")
        return Claim(start, stated.end, "rate", f"? = {shown(stated.value)}%", "not_checkable", unclear, 0.5)
    return judge(start, "rate", part, wholes[0], stated, 0.85, sign)
