"""The report's own content and form: the BG obligations, checked on the whole report and not sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from auditor.findings import Evidence, Finding, Status
from auditor.judging import Judge, SentenceReading
from auditor.polarity import mask_titles
from auditor.report import Genre, Level, Report, Role, Section
from auditor.rules import Rule, RuleSet, RuleSetHead
from auditor.text import normalise

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found: the status (fulfilled, partly, not, cannot be told), why, and the passages it rests on."""

    status: Status
    reason: str
    spans: tuple[Span, ...] = ()
    confidence: float = 0.85


@dataclass(frozen=True, slots=True)
class Case:
    """What a check looks at: the report, its readings, and the findings on the obligations of the plan."""

    report: Report
    judge: Judge
    findings: tuple[Finding, ...]

    def sentences(self, *roles: Role) -> Iterator[SentenceReading]:
        return (r for r in self.judge.readings if r.sentence.role in roles)


_MET, _PARTLY, _UNMET, _UNTOLD = Status.EVIDENCED, Status.ASSERTED, Status.MISSING, Status.NOT_APPLICABLE


def _spans(readings: Iterable[SentenceReading], most: int = 3) -> tuple[Span, ...]:
    return tuple((r.sentence.start, r.sentence.end) for r, _ in zip(readings, range(most), strict=False))


def _find(report: Report, text: str | None) -> tuple[Span, ...]:
    at = report.text.find(text) if text else -1
    return ((at, at + len(text)),) if text and at >= 0 else ()


def _headings(case: Case, role: Role) -> tuple[Span, ...]:
    """The heading of the first top section of a role."""
    found = next((r.sentence for r in case.judge.readings if r.sentence.heading and r.sentence.role is role), None)
    return ((found.start, found.end),) if found else ()


# ---- form (BG-01 … BG-04)

_TOPIC = re.compile(r"法治政府|依法行政|法治.{0,4}部门|法治政府部门")
_KIND = re.compile(r"报告|总结|白皮书|汇报|自查")


def title(case: Case) -> Verdict:
    """BG-01: the title names the unit, the year, 法治政府建设 and the kind of text; its year is that of the body."""
    source = case.report.source
    if source.title is None:
        return Verdict(_UNMET, "未见标题", confidence=0.7)
    own = normalise(source.title).text
    lacking = []
    if not _TOPIC.search(own):
        lacking.append("“法治政府建设”")
    if not re.search(r"20\d\d|[二〇○零一三四五六七八九]{4}年", own):
        lacking.append("年度")
    if not _KIND.search(own):
        lacking.append("报告类文种")
    if source.unit is None:
        lacking.append("报告主体")
    spans = _find(case.report, source.title)
    other = _body_year(case)
    if source.year is not None and other is not None and str(source.year) in own and other != source.year:
        return Verdict(_PARTLY, f"标题年度{source.year}与正文首句年度{other}不一致", spans)
    if "法" not in own:
        return Verdict(_UNMET, "标题不是法治政府建设年度报告的标题", spans)
    if lacking:
        return Verdict(_PARTLY, f"标题缺{'、'.join(lacking)}", spans)
    return Verdict(_MET, "标题含主体、年度、“法治政府建设”和文种", spans, 0.95)


def _body_year(case: Case) -> int | None:
    """The year that opens the body, if its first sentence opens with one."""
    for reading in case.judge.readings[:3]:
        found = re.match(r"(20\d\d)年(?:度|,|以来|我|全)", reading.sentence.text)
        if found and not reading.sentence.heading:
            return int(found.group(1))
    return None


def signature(case: Case) -> Verdict:
    """BG-02: addressee, signing unit and date. A published version often leaves the addressee out: a hint only."""
    source = case.report.source
    spans = _find(case.report, source.addressee)
    signed_by = (
        any("落款" in why or "sign" in why for _, _, why in case.report.frame)
        or source.found.get("unit") == "signature"
    )
    if source.signed is not None and (source.addressee or signed_by):
        return Verdict(
            _MET, "落款、成文日期俱在" + ("" if source.addressee else ",未见抬头(公开版常略去,仅提示)"), spans, 0.9
        )
    if source.signed is not None or (source.addressee and signed_by):
        return Verdict(
            _MET if source.signed else _PARTLY,
            "有成文日期" if source.signed else "有抬头和落款单位,缺成文日期",
            spans,
            0.7,
        )
    if source.addressee or signed_by:
        return Verdict(_PARTLY, "缺" + ("成文日期和落款单位" if source.addressee else "抬头和成文日期"), spans, 0.7)
    return Verdict(_UNMET, "无抬头、落款单位和成文日期", confidence=0.85)


def submitted(case: Case) -> Verdict:
    """BG-03: submitted by 1 March of the next year (a province: 1 April); where no one tells when, the date of the text."""
    source = case.report.source
    kind, day = ("提交日期", source.submitted) if source.submitted else ("成文日期", source.signed)
    if source.year is None or day is None:
        return Verdict(_UNTOLD, "没有成文日期,无法判断", confidence=0.95)
    last = f"{source.year + 1}-{'04-01' if source.level is Level.PROVINCE else '03-01'}"
    if day <= last:
        return Verdict(_MET, f"{kind}{day},不晚于{last}", confidence=0.95)
    return Verdict(_UNMET, f"{kind}{day},晚于{last}", confidence=0.95)


def published(case: Case) -> Verdict:
    """BG-04: published by 1 April of the next year, where a date of publication can be read."""
    source = case.report.source
    if source.year is None or source.published is None:
        return Verdict(_UNTOLD, "没有发布日期,无法判断", confidence=0.95)
    last = f"{source.year + 1}-04-01"
    if source.published <= last:
        return Verdict(_MET, f"发布日期{source.published},不晚于{last}", confidence=0.95)
    return Verdict(_UNMET, f"发布日期{source.published},晚于{last}", confidence=0.95)


# ---- required contents (BG-05 … BG-09)


def _solid(readings: Iterable[SentenceReading]) -> list[SentenceReading]:
    return [
        r for r in readings if any(f.kind in ("count", "rate", "document", "meeting", "body", "nil") for f in r.facts)
    ]


_MEASURES = re.compile(r"举措|成效|做法|开展情况|工作情况|工作成绩|亮点|落实情况|完成情况|主要工作|工作总结")


def measures(case: Case) -> Verdict:
    """BG-05: what was done and what came of it, with figures."""
    work = [r for r in case.sentences(Role.WORK) if not r.sentence.heading]
    solid = _solid(work)
    if not work:
        return Verdict(_UNMET, "没有举措和成效部分")
    if len(solid) >= 3:
        richest = sorted(solid, key=lambda r: -sum(f.kind in ("count", "rate") for f in r.facts))
        named = tuple(s for s in _headings(case, Role.WORK) if _MEASURES.search(case.report.text[s[0] : s[1]]))
        spans = (*named, *_spans(richest))
        return Verdict(_MET, f"有举措和成效,{len(solid)}句有具体事实", spans, 0.95)
    return Verdict(_PARTLY, "有举措,但事实和数据很少", _spans(work), 0.7)


_CAUSE = re.compile(
    r"原因|由于|因为|缘于|源于|归因|根源|受限于|受.{1,10}(?:影响|制约|限制)|导致|致使|造成|究其|主要是因|系因|在于"
)


_LEAD_IN = re.compile(r"虽然|取得(?:了)?(?:一定|一些)|主要(?:表现|体现)在?[:,]?$|如下[:。]?$")


def shortcomings(case: Case) -> Verdict:
    """BG-06: concrete shortcomings and their causes; a heading that promises causes is not one."""
    told = [r for r in case.sentences(Role.PROBLEM) if not r.sentence.heading]
    problems = [r for r in told if len(r.sentence.text) >= 8]
    if not problems:
        return Verdict(_UNMET, "没有写存在的不足")
    problems.sort(key=lambda r: (bool(_LEAD_IN.search(r.sentence.text)), -len(r.clauses)))
    causes = [r for r in told if _CAUSE.search(r.sentence.text)]
    own_place = any(s.role is Role.PROBLEM for s in case.report.sections) or len(problems) >= 2
    if causes and own_place:
        return Verdict(_MET, "写了具体不足和原因", _spans([*causes, *problems]))
    if own_place:
        return Verdict(_PARTLY, "写了不足,没有分析原因", _spans(problems))
    return Verdict(_PARTLY, "只在文中零散提到不足", _spans(problems), 0.7)


_LEADER = re.compile(r"书记|[县市区镇乡省局厅]长|主要领导|一把手|主要负责(?:人|同志)(?!履行推进|第一|职责)|主任")
_POST_ONLY = re.compile(
    r"由[^,;。]{0,12}(?:书记|长|主任|主要领导|主要负责人)[^,;。]{0,6}(?:任|担任|为)组长|副(?:书记|[县市区镇乡省局厅]长|主任)"
)
_LEADER_IDS = ("GY21-32-04", "GY15-41-01")
_DEEDS = ("count", "rate", "document", "date")


def _leader_deeds(readings: Iterable[SentenceReading]) -> list[SentenceReading]:
    """Sentences that tell, with a fact, what the unit's principal did."""
    return [
        r
        for r in readings
        if _LEADER.search(_POST_ONLY.sub("", mask_titles(r.sentence.text))) and any(f.kind in _DEEDS for f in r.facts)
    ]


def leader(case: Case) -> Verdict:
    """BG-07: what the unit's principal did as first person responsible: own place, their own deeds, facts."""
    ids = [s for s, section in enumerate(case.report.sections) if section.leader]
    own = [r for r in case.sentences(Role.WORK) if r.sentence.section in ids and not r.sentence.heading]
    told = [r for r in own if any(f.kind in _DEEDS for f in r.facts)]
    if told and _leader_deeds(own):
        return Verdict(_MET, "专门写了主要负责人履职情况,有具体事实", _spans(_leader_deeds(own)), 0.9)
    finding = next((f for f in case.findings if f.id in _LEADER_IDS), None)
    if finding is not None and finding.status.covered:
        places = [e.start for e in finding.evidence]
        near = [r for r in case.sentences(Role.WORK) if any(r.sentence.start <= p < r.sentence.end for p in places)]
        if finding.status is Status.EVIDENCED and (deeds := _leader_deeds(near)):
            return Verdict(_MET, "写了主要负责人履职情况,有具体事实", _spans(deeds))
        spans = tuple((e.start, e.end) for e in finding.evidence[:3])
        return Verdict(_PARTLY, "提到第一责任人职责,但没有主要负责人本人履职的具体事实", spans)
    if own:
        return Verdict(_PARTLY, "有该部分,但没有具体事实", _spans(own), 0.7)
    return Verdict(_UNMET, "举措部分没有写主要负责人履行第一责任人职责的情况")


def next_year(case: Case) -> Verdict:
    """BG-08: the main arrangements for the next year, as concrete tasks."""
    plans = [r for r in case.sentences(Role.PLAN) if not r.sentence.heading and len(r.sentence.text) >= 8]
    if not plans:
        return Verdict(_UNMET, "没有下一年度安排")
    clauses = sum(len(r.clauses) for r in plans)
    own_place = any(s.role is Role.PLAN for s in case.report.sections) or len(plans) >= 2
    if own_place and clauses >= 4:
        spans = (*_headings(case, Role.PLAN), *_spans(plans))
        return Verdict(_MET, f"有下一年度安排,{len(plans)}句", spans, 0.9)
    return Verdict(_PARTLY, "下一年度安排过于简单", _spans(plans), 0.7)


_OTHER = re.compile(r"其他(?:需要)?(?:报告|说明)|其它(?:需要)?(?:报告|说明)|需要(?:报告|说明)的(?:其他|其它)")


def other_matters(case: Case) -> Verdict:
    """BG-09: other matters to report; leaving it out costs nothing."""
    for index, section in enumerate(case.report.sections):
        if not _OTHER.search(section.heading):
            continue
        body = [r for r in case.judge.readings if r.sentence.section == index and not r.sentence.heading]
        text = "".join(r.sentence.text for r in body)
        if len(text) >= 12 and not re.fullmatch(r"(?:无|没有)[^,;]{0,20}[。]?", text):
            return Verdict(_MET, "有“其他需要报告的情况”", _spans(body), 0.9)
        return Verdict(_PARTLY, "有此部分,但只写“无”", ((section.start, section.end),), 0.85)
    return Verdict(_UNMET, "没有此部分(不扣分)", confidence=0.8)


# ---- quality (BG-10 … BG-15)

_ZH = "零一二三四五六七八九十"


def _ordinal(number: str) -> tuple[str, int] | None:
    """The style and value of a heading's number, such as ("(一)", 1); None if it has none."""
    found = re.match(r"^[((]?([零一二三四五六七八九十]{1,3}|\d{1,2})[))]?", number.strip())
    if not found:
        return None
    text = found.group(1)
    if text.isdigit():
        value = int(text)
    elif "十" in text:
        tens, _, ones = text.partition("十")
        value = (_ZH.index(tens) if tens else 1) * 10 + (_ZH.index(ones) if ones else 0)
    else:
        value = _ZH.index(text[0])
    style = ("(" if number.strip()[:1] in "((" else "") + ("1" if text.isdigit() else "一")
    return style, value


def numbering(sections: tuple[Section, ...]) -> list[str]:
    """Where numbering skips or repeats among sister headings of one style, in words."""
    faults: list[str] = []
    last: dict[tuple[int | None, str], int] = {}
    for section in sections:
        read = _ordinal(section.number)
        if read is None:
            continue
        style, value = read
        key = (section.parent, style)
        before = last.get(key)
        if before is not None and value != before + 1 and value != 1:
            faults.append(f"“{section.heading[:16]}”前缺或重号({before}→{value})")
        elif before is None and value != 1:
            faults.append(f"“{section.heading[:16]}”不从一起编")
        last[key] = value
    return faults


def layout(case: Case) -> Verdict:
    """BG-10: the required contents can be told by headings, and the numbering neither skips nor repeats."""
    sections = case.report.sections
    numbered = [s for s in sections if _ordinal(s.number)]
    if not numbered:
        return Verdict(_UNMET, "没有章节标题和编号", confidence=0.8)
    opening = [s.heading for s in sections] + [r.sentence.text for r in case.judge.readings if r.sentence.lead]
    parts = {
        "举措和成效": any(s.role is Role.WORK for s in sections),
        "不足": any(s.role is Role.PROBLEM for s in sections),
        "第一责任人履职": any(s.leader for s in sections)
        or any(re.search(r"第一责任(?:人)?职责|第一责任人|主要负责人履", normalise(o).text) for o in opening),
        "下一年度安排": any(s.role is Role.PLAN for s in sections),
    }
    absent = [name for name, there in parts.items() if not there]
    faults = numbering(sections)
    if not absent and not faults:
        return Verdict(_MET, "各项内容在标题上可以识别,编号连续")
    reason = ";".join([*([f"标题看不出:{'、'.join(absent)}"] if absent else []), *faults[:3]])
    return Verdict(_PARTLY, reason)


_SLIPS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"法治政府建设实施纲要[((](?:20)?\d\d-20?\d\d[))]"), "纲要名称的年份后缺“年”"),
    (
        re.compile(r"法治政府建设(?:实施)?(?:刚要|钢要|纲领)|法制政府建设实施纲要|依法行政实施纲要\(2021"),
        "纲要名称有误",
    ),
    (re.compile(r"法制政府"), "“法制政府”应为“法治政府”"),
    (re.compile(r"法治审核"), "“法治审核”应为“法制审核”"),
    (re.compile(r"行政规范化文件|规范化文件(?!化)"), "“规范化文件”应为“规范性文件”"),
    (re.compile(r"习近平法制思想|(?<!习)近平法治思想|学习近平"), "“习近平法治思想”有误"),
    (re.compile(r"第一责任职责|第一责人"), "“第一责任人职责”有误"),
    (re.compile(r"权利清单"), "“权力清单”误作“权利清单”"),
    (re.compile(r"依法治[国省市县区]委员办公室"), "“委员会办公室”漏“会”"),
    (re.compile(r"两随机"), "“双随机”误作“两随机”"),
    (
        re.compile(r"重大行政决策暂行条例|重大行政决策程序条例|重大行政决策程序[》〉]"),
        "《重大行政决策程序暂行条例》等名称不全",
    ),
    (re.compile(r"法治(?:建设)?督查|法制督察"), "“法治督察”有误"),
)
_PLAN_NAME = re.compile(r"法治政府建设实施纲要[((](20\d\d)年?-(20\d\d)年?[))]")


def names(case: Case) -> Verdict:
    """BG-11: instruments and terms of art are named correctly, and the plan cited is the one in force."""
    faults: list[str] = []
    spans: list[Span] = []
    for reading in case.judge.readings:
        text = reading.sentence.text
        for pattern, fault in _SLIPS:
            if found := pattern.search(text):
                if fault not in faults:
                    faults.append(fault)
                spans.append(reading.sentence.span(found.start(), found.end()))
        for found in _PLAN_NAME.finditer(text):
            if (found.group(1), found.group(2)) not in (("2021", "2025"), ("2015", "2020")):
                faults.append("纲要的年份有误")
                spans.append(reading.sentence.span(found.start(), found.end()))
    if not faults and "《" not in case.report.text:
        return Verdict(_UNTOLD, "没有引用文件,无法判断", confidence=0.7)
    if not faults:
        return Verdict(_MET, "所引文件名称和用字未见差错", confidence=0.7)
    return Verdict(_PARTLY, ";".join(faults), tuple(spans[:4]))


def facts(case: Case) -> Verdict:
    """BG-12: how many of the applicable core obligations are shown with a fact; facts per thousand characters beside it."""
    core = [f for f in case.findings if f.importance == "core" and f.status is not Status.NOT_APPLICABLE]
    shown = [f for f in core if f.status is Status.EVIDENCED]
    work = list(case.sentences(Role.WORK))
    count = sum(len(r.facts) for r in work)
    length = sum(len(r.sentence.text) for r in work)
    density = f"每千字{count * 1000 / length:.0f}处事实" if length else "没有正文"
    reason = f"适用的核心义务{len(core)}项,{len(shown)}项有本年度事实;{density}"
    telling = sorted((f.evidence[0] for f in shown if f.evidence), key=lambda e: -_largest(e.quote))
    spans = tuple(dict.fromkeys((e.start, e.end) for e in telling))[:3]
    if not core:
        return Verdict(_UNTOLD, "没有适用的核心义务")
    share = len(shown) / len(core)
    status = _MET if share >= 0.9 else _PARTLY if shown else _UNMET
    return Verdict(status, reason, spans)


def _largest(quote: str) -> float:
    """The largest number in a passage, years left out."""
    numbers = re.findall(r"(?<![\d第])(\d[\d,]*(?:\.\d+)?)(万|亿)?(?![\d年])", normalise(quote).text)
    scale = {"万": 1e4, "亿": 1e8}
    return max((float(n.replace(",", "")) * scale.get(unit, 1) for n, unit in numbers), default=0.0)


def arithmetic(case: Case) -> Verdict:
    """BG-13: sums, shares and rates that can be checked hold."""
    checks = case.judge.figure_checks
    wrong = [c for c in checks if c.verdict == "fails"]
    right = [c for c in checks if c.verdict == "holds"]
    if wrong:
        spans = tuple((c.start, c.end) for c in wrong[:4])
        status = _PARTLY if right or len(wrong) < 4 else _UNMET
        return Verdict(status, f"{len(wrong)}处数据不符:" + ";".join(c.expression for c in wrong[:4]), spans)
    if right:
        return Verdict(_MET, f"可核对的{len(right)}处数据相符", tuple((c.start, c.end) for c in right[:3]))
    return Verdict(_UNTOLD, "没有可以勾稽的数据", confidence=0.75)


_STOP = re.compile(
    r"法治|政府|建设|工作|进一步|加强|部分|个别|单位|部门|不够|不足|需要|有待|存在|问题|提高|推进|全面|落实|制度|机制|水平|能力|方面|情况|我[县市区局镇乡]|一是|二是|三是|四是|五是|还|的|和|在|等|对|有"
)


def _keys(text: str) -> set[str]:
    plain = _STOP.sub(" ", text)
    return {part[i : i + 2] for part in re.findall(r"[\u4e00-\u9fff]+", plain) for i in range(len(part) - 1)}


def _items(readings: Iterable[SentenceReading]) -> list[tuple[SentenceReading, set[str]]]:
    """The problems as items: a heading or ordinal item and its sentences are one."""
    items: list[tuple[SentenceReading, set[str]]] = []
    for reading in readings:
        text = reading.sentence.text
        starts = reading.sentence.heading or re.match(
            r"^(?:[一二三四五六七八九]是|第[一二三四五]|[((]?[一二三四五六七八九\d][))、.])", text
        )
        if starts or not items or reading.sentence.paragraph != items[-1][0].sentence.paragraph:
            items.append((reading, _keys(text)))
        else:
            items[-1][1].update(_keys(text))
    return [i for i in items if len(i[1]) >= 2]


def answered(case: Case) -> Verdict:
    """BG-14: each shortcoming is met by an arrangement for the next year."""
    problems = _items(r for r in case.sentences(Role.PROBLEM))
    plans = [(r, _keys(r.sentence.text)) for r in case.sentences(Role.PLAN)]
    if not problems or not plans:
        return Verdict(_UNMET, "缺不足或安排,无从对应")
    about = _obligations_of(case)
    met: list[SentenceReading] = []
    answers: list[SentenceReading] = []
    for reading, keys in problems:
        told = about.get(id(reading), set())
        best = max(
            plans, key=lambda p: (2 * len(told & about.get(id(p[0]), set())) + len(keys & p[1]), -p[0].sentence.start)
        )
        if told & about.get(id(best[0]), set()) or len(keys & best[1]) >= max(2, min(4, len(keys) // 6)):
            met.append(reading)
            answers.append(best[0])
    unmet = [r for r, _ in problems if r not in met]
    reason = f"{len(problems)}条不足中{len(met)}条有对应安排"
    if not met:
        return Verdict(_UNMET, reason, confidence=0.6)
    spans = tuple(dict.fromkeys(_spans(answers)))
    if not unmet:
        return Verdict(_MET, reason, spans, 0.65)
    return Verdict(_PARTLY, reason + ";未见对应:" + "、".join(r.sentence.text[:14] for r in unmet[:3]), spans, 0.65)


def _obligations_of(case: Case) -> dict[int, set[str]]:
    """By sentence reading (its ``id``), the obligations that the sentence speaks of."""
    about: dict[int, set[str]] = {}
    for rule_id, matches in case.judge.index.matches.items():
        for match in matches:
            about.setdefault(id(case.judge.readings[match.sentence]), set()).add(rule_id)
    return about


def genre(case: Case) -> Verdict:
    """BG-15: the text is an annual report."""
    source = case.report.source
    if source.genre is not Genre.ANNUAL_REPORT:
        return Verdict(_UNMET, "不是法治政府建设年度报告的文体", confidence=0.9)
    named = source.title is None or _TOPIC.search(normalise(source.title).text)
    whole = any(True for _ in case.sentences(Role.PROBLEM)) or any(True for _ in case.sentences(Role.PLAN))
    if not named and not whole:
        return Verdict(_PARTLY, "近于专项工作总结,不具年度报告要件", confidence=0.7)
    return Verdict(_MET, "是年度报告", _find(case.report, source.title), 0.95)


CHECKS: dict[str, Callable[[Case], Verdict]] = {
    "title": title,
    "signature": signature,
    "submitted": submitted,
    "published": published,
    "measures": measures,
    "shortcomings": shortcomings,
    "leader": leader,
    "next_year": next_year,
    "other_matters": other_matters,
    "layout": layout,
    "names": names,
    "facts": facts,
    "arithmetic": arithmetic,
    "answered": answered,
    "genre": genre,
}


DEADLINES = frozenset(("submitted", "published"))


def check_form(rule_set: RuleSet, report: Report, judge: Judge, findings: tuple[Finding, ...]) -> list[Finding]:
    """The findings of the rules that name a ``check``; ``findings`` are those on the obligations of the plan."""
    case = Case(report, judge, findings)
    return [_finding(rule, rule_set.head, case) for rule in rule_set.rules if rule.check is not None]


def _finding(rule: Rule, head: RuleSetHead, case: Case) -> Finding:
    report = case.report
    verdict = CHECKS[rule.check or ""](case)
    told = verdict.status is not Status.NOT_APPLICABLE
    return Finding(
        id=rule.id,
        title=rule.title,
        clause=rule.clause,
        part=rule.part,
        importance=rule.importance_in(report.source.year),
        status=verdict.status,
        flags=(),
        score=head.scoring.base[verdict.status] if told else None,
        confidence=verdict.confidence,
        evidence=tuple(_quote(case, s) for s in verdict.spans) if verdict.status.covered else (),
        near_misses=(),
        reason=verdict.reason,
        advice="" if verdict.status is Status.EVIDENCED or not told else rule.advice,
    )


def _quote(case: Case, span: Span) -> Evidence:
    start, end = span
    sentence = next((r.sentence for r in case.judge.readings if r.sentence.start <= start < r.sentence.end), None)
    section = case.report.section_path(sentence.section) if sentence else ()
    return Evidence(case.report.text[start:end], start, end, section, sentence.role if sentence else Role.FRAME)
