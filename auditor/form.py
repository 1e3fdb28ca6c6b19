"""The report's own content and form: the BG obligations, checked on the whole report and not sentence by sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from auditor.deadlines import publication, submission
from auditor.expressions import expression
from auditor.findings import Evidence, Finding, Status
from auditor.hints import Hint
from auditor.judging import Judge
from auditor.obligations import Rule, RuleSet, RuleSetHead
from auditor.polarity import mask_titles
from auditor.reading import SentenceReading
from auditor.report import Genre, Report, Role
from auditor.text import normalise
from auditor.words import form, say

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

    def say(self, key: str, **values: object) -> str:
        """The sentence ``key`` in the user's language."""
        return form(self.judge.lang, key, **values)

    def listed(self, names: Iterable[str]) -> str:
        return say(self.judge.lang, "list_mark").join(names)

    def joined(self, sentences: Iterable[str]) -> str:
        return say(self.judge.lang, "clause_mark").join(sentences)

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

_TOPIC = expression(r"法治政府|依法行政|法治.{0,4}部门|法治政府部门")
_KIND = expression(r"报告|总结|白皮书|汇报|自查")


def title(case: Case) -> Verdict:
    """BG-01: the title names the unit, the year, 法治政府建设 and the kind of text; its year is that of the body."""
    source = case.report.source
    if source.title is None:
        return Verdict(_UNMET, case.say("no_title"), confidence=0.7)
    own = normalise(source.title).text
    lacking = []
    if not _TOPIC.search(own):
        lacking.append(case.say("topic"))
    if not expression(r"20\d\d|[二〇○零一三四五六七八九]{4}年").search(own):
        lacking.append(case.say("year"))
    if not _KIND.search(own):
        lacking.append(case.say("kind"))
    if source.unit is None:
        lacking.append(case.say("unit"))
    spans = _find(case.report, source.title)
    other = _body_year(case)
    if source.year is not None and other is not None and str(source.year) in own and other != source.year:
        return Verdict(_PARTLY, case.say("title_year", year=source.year, other=other), spans)
    if "法" not in own:
        return Verdict(_UNMET, case.say("other_title"), spans)
    if lacking:
        return Verdict(_PARTLY, case.say("title_lacks", lacking=case.listed(lacking)), spans)
    return Verdict(_MET, case.say("title_whole"), spans, 0.95)


def _body_year(case: Case) -> int | None:
    """The year that opens the body, if its first sentence opens with one."""
    for reading in case.judge.readings[:3]:
        found = expression(r"(20\d\d)年(?:度|,|以来|我|全)").match(reading.sentence.text)
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
        return Verdict(_MET, case.say("signed" if source.addressee else "signed_unaddressed"), spans, 0.9)
    if source.signed is not None or (source.addressee and signed_by):
        status, key = (_MET, "dated") if source.signed else (_PARTLY, "undated")
        return Verdict(status, case.say(key), spans, 0.7)
    if source.addressee or signed_by:
        key = "no_date_no_unit" if source.addressee else "no_date_no_addressee"
        return Verdict(_PARTLY, case.say(key), spans, 0.7)
    return Verdict(_UNMET, case.say("unsigned"), confidence=0.85)


def submitted(case: Case) -> Verdict:
    """BG-03: submitted by 1 March of the next year (a province: 1 April); where no one tells when, the date of the text."""
    source = case.report.source
    in_time, late = ("submitted_in_time", "submitted_late") if source.submitted else ("signed_in_time", "signed_late")
    day = source.submitted or source.signed
    if source.year is None or day is None:
        return Verdict(_UNTOLD, case.say("no_signed_date"), confidence=0.95)
    last = submission(source.year, source.level).isoformat()
    if day <= last:
        return Verdict(_MET, case.say(in_time, date=day, last=last), confidence=0.95)
    return Verdict(_UNMET, case.say(late, date=day, last=last), confidence=0.95)


def published(case: Case) -> Verdict:
    """BG-04: published by 1 April of the next year, where a date of publication can be read."""
    source = case.report.source
    if source.year is None or source.published is None:
        return Verdict(_UNTOLD, case.say("no_published_date"), confidence=0.95)
    last = publication(source.year).isoformat()
    if source.published <= last:
        return Verdict(_MET, case.say("published_in_time", date=source.published, last=last), confidence=0.95)
    return Verdict(_UNMET, case.say("published_late", date=source.published, last=last), confidence=0.95)


# ---- required contents (BG-05 … BG-09)


def _solid(readings: Iterable[SentenceReading]) -> list[SentenceReading]:
    return [
        r for r in readings if any(f.kind in ("count", "rate", "document", "meeting", "body", "nil") for f in r.facts)
    ]


_MEASURES = expression(r"举措|成效|做法|开展情况|工作情况|工作成绩|亮点|落实情况|完成情况|主要工作|工作总结")


def measures(case: Case) -> Verdict:
    """BG-05: what was done and what came of it, with figures."""
    work = [r for r in case.sentences(Role.WORK) if not r.sentence.heading]
    solid = _solid(work)
    if not work:
        return Verdict(_UNMET, case.say("no_measures"))
    if len(solid) >= 3:
        richest = sorted(solid, key=lambda r: -sum(f.kind in ("count", "rate") for f in r.facts))
        named = tuple(s for s in _headings(case, Role.WORK) if _MEASURES.search(case.report.text[s[0] : s[1]]))
        spans = (*named, *_spans(richest))
        return Verdict(_MET, case.say("measures", count=len(solid)), spans, 0.95)
    return Verdict(_PARTLY, case.say("thin_measures"), _spans(work), 0.7)


_CAUSE = expression(
    r"原因|由于|因为|缘于|源于|归因|根源|受限于|受.{1,10}(?:影响|制约|限制)|导致|致使|造成|究其|主要是因|系因|在于"
)


_LEAD_IN = expression(r"虽然|取得(?:了)?(?:一定|一些)|主要(?:表现|体现)在?[:,]?$|如下[:。]?$")


def shortcomings(case: Case) -> Verdict:
    """BG-06: concrete shortcomings and their causes; a heading that promises causes is not one."""
    told = [r for r in case.sentences(Role.PROBLEM) if not r.sentence.heading]
    problems = [r for r in told if len(r.sentence.text) >= 8]
    if not problems:
        return Verdict(_UNMET, case.say("no_shortcomings"))
    problems.sort(key=lambda r: (bool(_LEAD_IN.search(r.sentence.text)), -len(r.clauses)))
    causes = [r for r in told if _CAUSE.search(r.sentence.text)]
    own_place = any(s.role is Role.PROBLEM for s in case.report.sections) or len(problems) >= 2
    if causes and own_place:
        return Verdict(_MET, case.say("shortcomings"), _spans([*causes, *problems]))
    if own_place:
        return Verdict(_PARTLY, case.say("no_causes"), _spans(problems))
    return Verdict(_PARTLY, case.say("scattered"), _spans(problems), 0.7)


_LEADER = expression(r"书记|[县市区镇乡省局厅]长|主要领导|一把手|主要负责(?:人|同志)(?!履行推进|第一|职责)|主任")
_POST_ONLY = expression(
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
        return Verdict(_MET, case.say("leader_part"), _spans(_leader_deeds(own)), 0.9)
    finding = next((f for f in case.findings if f.id in _LEADER_IDS), None)
    if finding is not None and finding.status.covered:
        places = [e.start for e in finding.evidence]
        near = [r for r in case.sentences(Role.WORK) if any(r.sentence.start <= p < r.sentence.end for p in places)]
        if finding.status is Status.EVIDENCED and (deeds := _leader_deeds(near)):
            return Verdict(_MET, case.say("leader"), _spans(deeds))
        spans = tuple((e.start, e.end) for e in finding.evidence[:3])
        return Verdict(_PARTLY, case.say("leader_claimed"), spans)
    if own:
        return Verdict(_PARTLY, case.say("leader_bare"), _spans(own), 0.7)
    return Verdict(_UNMET, case.say("no_leader"))


def next_year(case: Case) -> Verdict:
    """BG-08: the main arrangements for the next year, as concrete tasks."""
    plans = [r for r in case.sentences(Role.PLAN) if not r.sentence.heading and len(r.sentence.text) >= 8]
    if not plans:
        return Verdict(_UNMET, case.say("no_plans"))
    clauses = sum(len(r.clauses) for r in plans)
    own_place = any(s.role is Role.PLAN for s in case.report.sections) or len(plans) >= 2
    if own_place and clauses >= 4:
        spans = (*_headings(case, Role.PLAN), *_spans(plans))
        return Verdict(_MET, case.say("plans", count=len(plans)), spans, 0.9)
    return Verdict(_PARTLY, case.say("thin_plans"), _spans(plans), 0.7)


_OTHER = expression(r"其他(?:需要)?(?:报告|说明)|其它(?:需要)?(?:报告|说明)|需要(?:报告|说明)的(?:其他|其它)")


def other_matters(case: Case) -> Verdict:
    """BG-09: other matters to report; leaving it out costs nothing."""
    for index, section in enumerate(case.report.sections):
        if not _OTHER.search(section.heading):
            continue
        body = [r for r in case.judge.readings if r.sentence.section == index and not r.sentence.heading]
        text = "".join(r.sentence.text for r in body)
        if len(text) >= 12 and not expression(r"(?:无|没有)[^,;]{0,20}[。]?").fullmatch(text):
            return Verdict(_MET, case.say("other_matters"), _spans(body), 0.9)
        return Verdict(_PARTLY, case.say("nothing_other"), ((section.start, section.end),), 0.85)
    return Verdict(_UNMET, case.say("no_other_matters"), confidence=0.8)


# ---- quality (BG-10 … BG-15)

_ZH = "零一二三四五六七八九十"


def _ordinal(number: str) -> tuple[str, int] | None:
    """The style and value of a heading's number, such as ("(一)", 1); None if it has none."""
    found = expression(r"^[((]?([零一二三四五六七八九十]{1,3}|\d{1,2})[))]?").match(number.strip())
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


def _numbering_faults(case: Case) -> list[str]:
    """Where numbering skips or repeats among sister headings of one style, in words."""
    faults: list[str] = []
    last: dict[tuple[int | None, str], int] = {}
    for section in case.report.sections:
        read = _ordinal(section.number)
        if read is None:
            continue
        style, value = read
        key = (section.parent, style)
        before = last.get(key)
        if before is not None and value != before + 1 and value != 1:
            faults.append(case.say("skips", heading=section.heading[:16], before=before, after=value))
        elif before is None and value != 1:
            faults.append(case.say("starts_late", heading=section.heading[:16]))
        last[key] = value
    return faults


def layout(case: Case) -> Verdict:
    """BG-10: the required contents can be told by headings, and the numbering neither skips nor repeats."""
    sections = case.report.sections
    numbered = [s for s in sections if _ordinal(s.number)]
    if not numbered:
        return Verdict(_UNMET, case.say("no_headings"), confidence=0.8)
    opening = [s.heading for s in sections] + [r.sentence.text for r in case.judge.readings if r.sentence.lead]
    parts = {
        "part_work": any(s.role is Role.WORK for s in sections),
        "part_problem": any(s.role is Role.PROBLEM for s in sections),
        "part_leader": any(s.leader for s in sections)
        or any(expression(r"第一责任(?:人)?职责|第一责任人|主要负责人履").search(normalise(o).text) for o in opening),
        "part_plan": any(s.role is Role.PLAN for s in sections),
    }
    absent = [case.say(part) for part, there in parts.items() if not there]
    faults = _numbering_faults(case)
    if not absent and not faults:
        return Verdict(_MET, case.say("layout"))
    unseen = [case.say("not_in_headings", parts=case.listed(absent))] if absent else []
    return Verdict(_PARTLY, case.joined([*unseen, *faults[:3]]))


# Slips, each with the key of what is said of it.
_SLIPS: tuple[tuple[re.Pattern[str], str], ...] = (
    (expression(r"法治政府建设实施纲要[((](?:20)?\d\d-20?\d\d[))]"), "slip_plan_years"),
    (
        expression(r"法治政府建设(?:实施)?(?:刚要|钢要|纲领)|法制政府建设实施纲要|依法行政实施纲要\(2021"),
        "slip_plan_name",
    ),
    (expression(r"法制政府"), "slip_law_government"),
    (expression(r"法治审核"), "slip_law_review"),
    (expression(r"行政规范化文件|规范化文件(?!化)"), "slip_normative"),
    (expression(r"习近平法制思想|(?<!习)近平法治思想|学习近平"), "slip_thought"),
    (expression(r"第一责任职责|第一责人"), "slip_first_responsible"),
    (expression(r"权利清单"), "slip_power_list"),
    (expression(r"依法治[国省市县区]委员办公室"), "slip_committee_office"),
    (expression(r"两随机"), "slip_double_random"),
    (
        expression(r"重大行政决策暂行条例|重大行政决策程序条例|重大行政决策程序[》〉]"),
        "slip_decision_rules",
    ),
    (expression(r"法治(?:建设)?督查|法制督察"), "slip_inspection"),
)
_SLIP_HINT = Hint(*(pattern.pattern for pattern, _ in _SLIPS))
_PLAN_NAME = expression(r"法治政府建设实施纲要[((](20\d\d)年?-(20\d\d)年?[))]")


def names(case: Case) -> Verdict:
    """BG-11: instruments and terms of art are named correctly, and the plan cited is the one in force."""
    faults: list[str] = []
    spans: list[Span] = []
    for reading in case.judge.readings:
        text = reading.sentence.text
        for pattern, fault in _SLIPS if _SLIP_HINT.found(text) else ():
            if found := pattern.search(text):
                if case.say(fault) not in faults:
                    faults.append(case.say(fault))
                spans.append(reading.sentence.span(found.start(), found.end()))
        for found in _PLAN_NAME.finditer(text):
            if (found.group(1), found.group(2)) not in (("2021", "2025"), ("2015", "2020")):
                faults.append(case.say("slip_plan_span"))
                spans.append(reading.sentence.span(found.start(), found.end()))
    if not faults and "《" not in case.report.text:
        return Verdict(_UNTOLD, case.say("no_instruments"), confidence=0.7)
    if not faults:
        return Verdict(_MET, case.say("names"), confidence=0.7)
    return Verdict(_PARTLY, case.joined(faults), tuple(spans[:4]))


def facts(case: Case) -> Verdict:
    """BG-12: how many of the applicable core obligations are shown with a fact; facts per thousand characters beside it."""
    core = [f for f in case.findings if f.importance == "core" and f.status is not Status.NOT_APPLICABLE]
    shown = [f for f in core if f.status is Status.EVIDENCED]
    work = list(case.sentences(Role.WORK))
    count = sum(len(r.facts) for r in work)
    length = sum(len(r.sentence.text) for r in work)
    density = case.say("density", count=count * 1000 / length) if length else case.say("no_work_text")
    reason = case.joined([case.say("core_facts", core=len(core), shown=len(shown)), density])
    telling = sorted((f.evidence[0] for f in shown if f.evidence), key=lambda e: -_largest(e.quote))
    spans = tuple(dict.fromkeys((e.start, e.end) for e in telling))[:3]
    if not core:
        return Verdict(_UNTOLD, case.say("no_core"))
    share = len(shown) / len(core)
    status = _MET if share >= 0.9 else _PARTLY if shown else _UNMET
    return Verdict(status, reason, spans)


def _largest(quote: str) -> float:
    """The largest number in a passage, years left out."""
    numbers = expression(r"(?<![\d第])(\d[\d,]*(?:\.\d+)?)(万|亿)?(?![\d年])").findall(normalise(quote).text)
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
        named = case.joined(c.expression for c in wrong[:4])
        return Verdict(status, case.say("figures_fail", count=len(wrong), figures=named), spans)
    if right:
        spans = tuple((c.start, c.end) for c in right[:3])
        return Verdict(_MET, case.say("figures_hold", count=len(right)), spans)
    return Verdict(_UNTOLD, case.say("no_figures"), confidence=0.75)


_STOP = expression(
    r"法治|政府|建设|工作|进一步|加强|部分|个别|单位|部门|不够|不足|需要|有待|存在|问题|提高|推进|全面|落实|制度|机制|水平|能力|方面|情况|我[县市区局镇乡]|一是|二是|三是|四是|五是|还|的|和|在|等|对|有"
)


def _keys(text: str) -> set[str]:
    plain = _STOP.sub(" ", text)
    return {part[i : i + 2] for part in expression(r"[\u4e00-\u9fff]+").findall(plain) for i in range(len(part) - 1)}


def _items(readings: Iterable[SentenceReading]) -> list[tuple[SentenceReading, set[str]]]:
    """The problems as items: a heading or ordinal item and its sentences are one."""
    items: list[tuple[SentenceReading, set[str]]] = []
    for reading in readings:
        text = reading.sentence.text
        starts = reading.sentence.heading or expression(
            r"^(?:[一二三四五六七八九]是|第[一二三四五]|[((]?[一二三四五六七八九\d][))、.])"
        ).match(text)
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
        return Verdict(_UNMET, case.say("nothing_to_answer"))
    about = _obligations_of(case)
    arranged = _Arranged([(keys, about.get(id(r), set())) for r, keys in plans])
    met: list[SentenceReading] = []
    unmet: list[SentenceReading] = []
    answers: list[SentenceReading] = []
    for reading, keys in problems:
        told = about.get(id(reading), set())
        best, its_keys = plans[arranged.nearest(keys, told)]
        if told & about.get(id(best), set()) or len(keys & its_keys) >= max(2, min(4, len(keys) // 6)):
            met.append(reading)
            answers.append(best)
        else:
            unmet.append(reading)
    reason = case.say("answered", count=len(problems), met=len(met))
    if not met:
        return Verdict(_UNMET, reason, confidence=0.6)
    spans = tuple(dict.fromkeys(_spans(answers)))
    if not unmet:
        return Verdict(_MET, reason, spans, 0.65)
    unanswered = case.say(
        "unanswered", problems=case.listed(case.say("quoted", text=r.sentence.text[:14]) for r in unmet[:3])
    )
    return Verdict(_PARTLY, case.joined([reason, unanswered]), spans, 0.65)


class _Arranged:
    """The arrangements by the words and the obligations that they speak of, in the order of the text."""

    def __init__(self, plans: Iterable[tuple[set[str], set[str]]]) -> None:
        self._with_key: dict[str, list[int]] = {}
        self._on: dict[str, list[int]] = {}
        for at, (keys, told) in enumerate(plans):
            for key in keys:
                self._with_key.setdefault(key, []).append(at)
            for obligation in told:
                self._on.setdefault(obligation, []).append(at)

    def nearest(self, keys: set[str], told: set[str]) -> int:
        """The arrangement that shares most with a problem; an obligation counts as two words. The first of equals."""
        shared: Counter[int] = Counter()
        for key in keys:
            shared.update(self._with_key.get(key, ()))
        for obligation in told:
            shared.update(2 * self._on.get(obligation, []))
        return max(shared, key=lambda at: (shared[at], -at), default=0)


def _obligations_of(case: Case) -> dict[int, set[str]]:
    """By reading (its ``id``) of a sentence on problems or plans, the obligations that it speaks of."""
    readings = case.judge.readings
    wanted = {at for at, r in enumerate(readings) if r.sentence.role in (Role.PROBLEM, Role.PLAN)}
    return {id(readings[at]): told for at, told in case.judge.index.told_in(wanted).items()}


def genre(case: Case) -> Verdict:
    """BG-15: the text is an annual report."""
    source = case.report.source
    if source.genre is not Genre.ANNUAL_REPORT:
        return Verdict(_UNMET, case.say("other_genre"), confidence=0.9)
    named = source.title is None or _TOPIC.search(normalise(source.title).text)
    whole = any(True for _ in case.sentences(Role.PROBLEM)) or any(True for _ in case.sentences(Role.PLAN))
    if not named and not whole:
        return Verdict(_PARTLY, case.say("single_matter"), confidence=0.7)
    return Verdict(_MET, case.say("genre"), _find(case.report, source.title), 0.95)


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
