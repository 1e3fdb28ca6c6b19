"""From matches to findings: which passages count, the status they give, flags, reason and what to write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import chain
from typing import NamedTuple

from auditor.expressions import expression
from auditor.facts import Fact
from auditor.figures import check_figures
from auditor.findings import Evidence, FigureCheck, Finding, Flag, NearMiss, Status
from auditor.matching import Index, Match, Matcher
from auditor.obligations import Pattern, Rule, RuleSetHead, Threshold
from auditor.polarity import Clause, Perspective, Polarity, Subject, Year
from auditor.quantities import Numbers, numbers
from auditor.reading import SentenceReading, Span
from auditor.report import Level, Report, Role
from auditor.text import normalise, numeral
from auditor.words import LEVEL, Lang, reason, say

CUE_WEIGHT = 1.0
QUOTE_LENGTH = 90
MAX_EVIDENCE = 4
MAX_NEAR_MISSES = 3
_CONTINUES = expression(r"^(?:其中|全年|今年|本年|年内|共|累计|先后|截至|截止|目前|20\d\d年,?(?:共|全|我)?)")


class Kind(StrEnum):
    """What a candidate passage turned out to be."""

    EVIDENCE = "evidence"
    PROBLEM = "problem"
    PLAN = "plan"
    REFUSED = "refused"


# Looking up a member of an enumeration is slow, so that those compared for every clause are looked up once.
_EVIDENCE, _PROBLEM, _PLAN, _REFUSED = Kind
_EVIDENCED, _ASSERTED, _ACKNOWLEDGED, _ONLY_PLANNED, _MISSING, _NOT_APPLICABLE = Status
_DONE, _PLANNED, _LACKING, _RULED, _AIMED = Polarity
_OWN, _SUPERIOR, _OTHER = Subject
_CURRENT, _EARLIER, _ = Year
_PROBLEMS, _PLANS, _PREAMBLE = Role.PROBLEM, Role.PLAN, Role.PREAMBLE


class Candidate(NamedTuple):
    """A passage that speaks of an obligation and what became of it.

    ``first`` and ``last`` are the clauses quoted; ``similarity`` (0-1) tells how well the words fit;
    ``strength`` is set for evidence; ``why`` names the reason of a refusal.
    """

    rule: str
    match: Match
    sentence: int
    first: int
    last: int
    kind: Kind
    strength: Status | None = None
    facts: tuple[Fact, ...] = ()
    next_facts: tuple[str, ...] = ()
    why: str = ""
    norm: bool = False


@dataclass
class Judge:
    """Judges one report with one matcher; holds what has been read of each sentence."""

    report: Report
    matcher: Matcher
    lang: Lang = Lang.ZH
    index: Index = field(init=False)
    readings: tuple[SentenceReading, ...] = field(init=False)

    def __post_init__(self) -> None:
        source = self.report.source
        view = Perspective(source.year, source.level, source.unit, source.addressee)
        self.readings = tuple(SentenceReading(s, view) for s in self.report.sentences)
        self.index = self.matcher.match(self.report.sentences, source.year)

    @cached_property
    def numbers(self) -> Numbers:
        """The quantities of the report, for the checks of its arithmetic and for its indicators."""
        return numbers(self.report)

    @cached_property
    def figure_checks(self) -> tuple[FigureCheck, ...]:
        """What was checked of the report's arithmetic; read by its form and shown by its audit."""
        return check_figures(self.report, self.lang, self.numbers)

    # ---- candidates

    def candidates(self, rule: Rule) -> list[Candidate]:
        """Every passage that speaks of the obligation, judged, in the order of the text."""
        return [self._candidate(rule, m) for m in self.index.matches(rule.id)]

    def mentions(self, rule: Rule) -> list[Candidate]:
        """Passages that only name the obligation's object: none of them counts."""
        return [self._candidate(rule, m) for m in self.index.mentions(rule.id)]

    def _candidate(self, rule: Rule, match: Match) -> Candidate:
        reading = self.readings[match.sentence]
        first, last = reading.where[match.start], reading.where[match.end - 1]
        pattern = match.pattern
        accept = pattern.accept if pattern is not None else ()
        if pattern is not None and pattern.within == "clause" and first != last:
            return self._refused(rule, match, first, last, "why_topic")
        if (why := self._refusal(match, reading, first, last)) is not None:
            return _refused(rule, match, first, last, why)
        if "title" not in accept and self.index.cited(match):
            return self._refused(rule, match, first, last, "why_title")
        touched = () if reading.ordinary else _touched(reading, match)
        kind = _kind(reading.sentence.role, touched, pattern)
        if kind is _PROBLEM or kind is _PLAN:
            if pattern is None and not self._topic_fits(match, kind):
                return self._refused(rule, match, first, last, "why_topic")
            if "superior" not in accept and any(c.subject is not _OWN for c in touched):
                return self._refused(rule, match, first, last, "why_superior")
            return Candidate(rule.id, match, match.sentence, first, last, kind)
        if reading.sentence.role is _PREAMBLE and "preamble" not in accept:
            return self._refused(rule, match, first, last, "why_preamble")
        if pattern is None:
            return self._refused(rule, match, first, last, "why_topic")
        if touched and (why_key := _refused_by_clause(touched, accept)) is not None:
            return self._refused(rule, match, first, last, why_key)
        if "earlier_year" not in accept and any(s <= h.start < e for s, e in reading.earlier for h in match.hits):
            return self._refused(rule, match, first, last, "why_earlier")
        return self._evidence(rule, match, reading, first, last, touched, pattern)

    def _refused(self, rule: Rule, match: Match, first: int, last: int, key: str) -> Candidate:
        return _refused(rule, match, first, last, reason(self.lang, key))

    def _evidence(
        self,
        rule: Rule,
        match: Match,
        reading: SentenceReading,
        first: int,
        last: int,
        touched: tuple[Clause, ...],
        pattern: Pattern,
    ) -> Candidate:
        norm = "norm" not in pattern.accept and any(c.polarity is _RULED for c in touched)
        facts = self._facts(reading, pattern, first, last)
        silent = norm or reading.sentence.heading or pattern.reach == "clause"
        beside = () if facts or silent else self._next_facts(match.sentence, pattern)
        if match.borrowed and not (facts or beside or norm):
            beside = self._facts_before(match.sentence, pattern)
        if pattern.fact == "needed" and not (facts or beside):
            return self._refused(rule, match, first, last, "why_no_fact")
        solid = pattern.fact == "self" or (pattern.fact != "none" and bool(facts or beside))
        if norm and any(reading.clauses[reading.where[f.start]].polarity is _DONE for f in facts if f.kind == "count"):
            norm = False  # a rule stated, then what was done under it
        strength = _EVIDENCED if solid and not norm and not reading.sentence.heading else _ASSERTED
        telling = frozenset([reading.where[f.start] for f in facts])
        first, last = reading.passage(first, last, telling, QUOTE_LENGTH)
        return Candidate(rule.id, match, match.sentence, first, last, _EVIDENCE, strength, facts, beside, norm=norm)

    def _topic_fits(self, match: Match, kind: Kind) -> bool:
        topics = self.matcher.topic_words[match.source]
        named = topics["problem" if kind is _PROBLEM else "plan"]
        return any(h.word in topics["topic"] or h.word in named for h in match.hits)

    def _refusal(self, match: Match, reading: SentenceReading, first: int, last: int) -> str | None:
        """Why words beside a match make it another matter; a rule's refusals hold for its own words, and for all of its heirs'."""
        near = reading.clauses[first].start, reading.clauses[last].end
        refusals = self.matcher.refusals[match.rule, match.source]
        if (why := self.index.refusal(refusals, match.sentence, near)) is not None:
            return why
        if match.pattern is not None and match.pattern.not_:
            stops = self.matcher.excluded[match.source, match.pattern.name]
            if hit := self.index.stopped(stops, match.sentence, near):
                return reason(self.lang, "why_words", word=hit)
        return None

    def _facts(self, reading: SentenceReading, pattern: Pattern, first: int, last: int) -> tuple[Fact, ...]:
        if not reading.facts or not (facts := [f for f in reading.facts if _counts_for(f, pattern)]):
            return ()
        clauses = reading.clauses
        if pattern.reach == "clause":
            low, high = first, last
        elif pattern.reach == "near":
            low, high = max(0, first - 2), min(len(clauses) - 1, last + 2)
        else:
            low, high = 0, len(clauses) - 1
        allowed = [
            clauses[i]
            for i in range(low, high + 1)
            if first <= i <= last or reading.ordinary or _may_tell(clauses[i], pattern.accept)
        ]
        return tuple(
            f
            for f in facts
            if any(
                c.start <= f.start < c.end or (f.kind == "nil" and reading.says_nil(c.start, c.end)) for c in allowed
            )
        )

    def _facts_before(self, sentence: int, pattern: Pattern) -> tuple[str, ...]:
        """The counts before the semicolon, where a match borrowed its object from there: 4件文稿…;印发后全部送备案."""
        before = self.readings[sentence - 1]
        same = before.sentence.paragraph == self.readings[sentence].sentence.paragraph
        if sentence == 0 or not same or not before.sentence.text.endswith(";"):
            return ()
        good = [f for f in before.facts if f.kind == "count" and _counts_for(f, pattern)]
        return tuple(self._original(sentence - 1, f.start, f.end) for f in good)

    def _next_facts(self, sentence: int, pattern: Pattern) -> tuple[str, ...]:
        at = sentence + 1
        if at >= len(self.readings):
            return ()
        here, after = self.readings[sentence].sentence, self.readings[at]
        if after.sentence.paragraph != here.paragraph or after.sentence.role is not here.role or after.sentence.heading:
            return ()
        if pattern.reach != "next" and not _CONTINUES.match(after.sentence.text):
            return ()
        last = min(1, len(after.clauses) - 1) if pattern.reach != "next" else len(after.clauses) - 1
        end = after.clauses[last].end
        good = [
            f
            for f in after.facts
            if f.start < end
            and _counts_for(f, pattern)
            and after.clauses[after.where[f.start]].polarity in (_DONE, _RULED)
            and after.clauses[after.where[f.start]].year is _CURRENT
        ]
        return tuple(self._original(at, f.start, f.end) for f in good)

    # ---- quotes

    def _original(self, sentence: int, start: int, end: int) -> str:
        low, high = self.report.sentences[sentence].span(start, end)
        return self.report.text[low:high]

    def quote(self, candidate: Candidate) -> tuple[str, int, int]:
        """The quoted passage and its bounds in the extracted text."""
        low, high = self._bounds(candidate)
        return self.report.text[low:high], low, high

    def _bounds(self, candidate: Candidate) -> Span:
        reading = self.readings[candidate.sentence]
        return reading.sentence.span(reading.clauses[candidate.first].start, reading.clauses[candidate.last].end)

    def evidence(self, candidate: Candidate) -> Evidence:
        quote, start, end = self.quote(candidate)
        sentence = self.report.sentences[candidate.sentence]
        facts = tuple(dict.fromkeys(self._original(candidate.sentence, f.start, f.end) for f in candidate.facts))
        return Evidence(
            quote,
            start,
            end,
            self.report.section_path(sentence.section),
            sentence.role,
            (facts or candidate.next_facts)[:6],
        )

    def near_miss(self, candidate: Candidate) -> NearMiss:
        quote, start, end = self.quote(candidate)
        sentence = self.report.sentences[candidate.sentence]
        why = candidate.why or reason(self.lang, "why_plan" if candidate.kind is _PLAN else "why_problem")
        return NearMiss(quote, start, end, self.report.section_path(sentence.section), sentence.role, why)

    def _heading(self, candidate: Candidate) -> bool:
        return self.report.sentences[candidate.sentence].heading

    # ---- findings

    def finding(self, rule: Rule, head: RuleSetHead) -> Finding:
        """The one finding of an obligation in this report."""
        source = self.report.source
        if (outside := self._outside(rule, head)) is not None:
            return self._not_applicable(rule, outside)
        candidates = self.candidates(rule)
        counted = sorted((c for c in candidates if c.kind is _EVIDENCE), key=self._order)
        bound = source.level is not None and source.level in rule.levels
        if not bound and set(rule.levels) != set(Level) and not counted:
            key = "level_unknown" if source.level is None else "reference"
            return self._not_applicable(rule, reason(self.lang, key))
        problems = [c for c in candidates if c.kind is _PROBLEM]
        if problems and counted:
            told = {(c.sentence, i) for c in counted for i in self._touched(c)}
            problems = [c for c in problems if not any((c.sentence, i) in told for i in self._touched(c))]
        plans = [c for c in candidates if c.kind is _PLAN]
        status = _status(counted, problems, plans)
        shown = counted if status.covered else problems if status is _ACKNOWLEDGED else plans
        evidence = tuple(map(self.evidence, self._apart(shown, (), MAX_EVIDENCE)))
        near_misses = tuple(map(self.near_miss, self._near(rule, status, candidates, evidence)))
        flags, notes = self._flags(rule, status, counted, problems)
        base = head.scoring.base[status]
        score = max(0, base - sum(head.scoring.off[f] for f in flags))
        return Finding(
            id=rule.id,
            title=rule.title,
            clause=rule.clause,
            part=rule.part,
            importance=rule.importance_in(source.year),
            status=status,
            flags=flags,
            score=score,
            confidence=_confidence(status, counted, near_misses, problems, plans),
            evidence=evidence,
            near_misses=near_misses,
            reason=self._reason(rule, status, counted, near_misses, notes),
            advice=rule.advice if status is not _EVIDENCED or flags else "",
        )

    def _near(
        self, rule: Rule, status: Status, candidates: list[Candidate], evidence: tuple[Evidence, ...]
    ) -> list[Candidate]:
        """What came near, nearest first; where a gap has too few of them, what only names the obligation's object too."""
        used = [(e.start, e.end) for e in evidence]
        others = [
            c
            for c in candidates
            if c.kind is not _EVIDENCE
            and (c.kind is not _PLAN or status is not _ONLY_PLANNED)
            and (c.kind is not _PROBLEM or status is not _ACKNOWLEDGED)
        ]
        others.sort(key=_near_rank)
        if status.gap and sum(not _overlaps(self._bounds(c), used) for c in others) < MAX_NEAR_MISSES:
            named = (self._candidate(rule, match) for match in self.index.mentions(rule.id))
            return self._apart(chain(others, named), used, MAX_NEAR_MISSES)
        return self._apart(others, used, MAX_NEAR_MISSES)

    def _apart(self, candidates: Iterable[Candidate], used: Sequence[Span], most: int) -> list[Candidate]:
        """The first candidates whose quotes overlap neither ``used`` passages nor each other's."""
        taken = list(used)
        kept: list[Candidate] = []
        for candidate in candidates:
            bounds = self._bounds(candidate)
            if not _overlaps(bounds, taken):
                taken.append(bounds)
                kept.append(candidate)
                if len(kept) == most:
                    break
        return kept

    def _order(self, candidate: Candidate) -> tuple[bool, tuple[int, float, int]]:
        return self._heading(candidate), _rank(candidate, self._named(candidate))

    def _named(self, candidate: Candidate) -> int:
        """How many of the catalogue's terms for the obligation stand in the passage."""
        text = self.readings[candidate.sentence].text_of(candidate.first, candidate.last)
        return sum(map(text.__contains__, self.matcher.cues[candidate.rule]))

    def _touched(self, candidate: Candidate) -> range:
        """The clauses in which the words of a candidate stand, without those quoted along."""
        reading = self.readings[candidate.sentence]
        return range(reading.where[candidate.match.start], reading.where[candidate.match.end - 1] + 1)

    def _words_of(self, candidate: Candidate) -> str:
        touched = self._touched(candidate)
        return self.readings[candidate.sentence].text_of(touched[0], touched[-1])

    def _outside(self, rule: Rule, head: RuleSetHead) -> str | None:
        source = self.report.source
        if source.year is not None and source.year < head.years.from_:
            return reason(self.lang, "year", year=source.year)
        if (
            source.level is not None
            and source.level not in rule.levels
            and source.level not in rule.levels_by_reference
        ):
            return reason(self.lang, "level", level=LEVEL[self.lang][source.level])
        return None

    def _not_applicable(self, rule: Rule, reason: str) -> Finding:
        return Finding(
            rule.id, rule.title, rule.clause, rule.part, rule.importance_in(self.report.source.year),
            _NOT_APPLICABLE, (), None, 0.95, (), (), reason, "",
        )  # fmt: skip

    def _flags(
        self,
        rule: Rule,
        status: Status,
        counted: list[Candidate],
        problems: list[Candidate],
    ) -> tuple[tuple[Flag, ...], list[str]]:
        if not status.covered:
            return (), []
        flags: list[Flag] = []
        notes: list[str] = []
        if problems:
            flags.append(Flag.SHORTCOMING)
            notes.append(reason(self.lang, "shortcoming"))
        for threshold in rule.thresholds:
            low = self._below(threshold, counted)
            if low is not None:
                flags.append(Flag.BELOW_THRESHOLD)
                unit = threshold.unit[0]
                notes.append(
                    reason(
                        self.lang,
                        "below",
                        name=threshold.name,
                        value=f"{low:g}{unit}",
                        least=f"{threshold.at_least:g}{unit}",
                    )
                )
                break
        if status is _ASSERTED and copied(rule.gist, self._words_of(counted[0])):
            flags.append(Flag.COPIED_WORDING)
            notes.append(reason(self.lang, "copied"))
        return tuple(flags), notes

    def _below(self, threshold: Threshold, counted: list[Candidate]) -> float | None:
        values: list[float] = []
        for candidate in counted:
            reading = self.readings[candidate.sentence]
            first, last = reading.where[candidate.match.start], reading.where[candidate.match.end - 1]
            for low, high in ((first, last), (last + 1, last + 1), (first - 1, first - 1)):
                if 0 <= low <= high < len(reading.clauses) and (read := _values(threshold, reading.text_of(low, high))):
                    values.extend(read)
                    break
        if not values or max(values) >= threshold.at_least:
            return None
        return max(values)

    def _reason(
        self, rule: Rule, status: Status, counted: list[Candidate], near: tuple[NearMiss, ...], notes: list[str]
    ) -> str:
        key = str(status)
        if status is _MISSING and near:
            key = "missing_near"
        if status is _ASSERTED and counted and all(c.norm for c in counted):
            key = "norm_only"
        parts = [reason(self.lang, key), *notes]
        if status.covered:
            shown = {s for c in counted if c.match.pattern for s in c.match.pattern.shows}
            halves = {c.match.pattern.half for c in counted if c.match.pattern and c.match.pattern.half}
            if rule.halves and halves:
                parts.extend(
                    reason(self.lang, "half", title=rule.title, half=h) for h in rule.halves if h not in halves
                )
            missing = [e.text for i, e in enumerate(rule.elements, 1) if e.strong and i not in shown]
            if shown and missing:
                parts.append(reason(self.lang, "lacking", elements=say(self.lang, "list_mark").join(missing)))
        return say(self.lang, "clause_mark").join(parts)


# ---------------------------------------------------------------- small judgements


def _refused(rule: Rule, match: Match, first: int, last: int, why: str) -> Candidate:
    return Candidate(rule.id, match, match.sentence, first, last, _REFUSED, why=why)


def _touched(reading: SentenceReading, match: Match) -> tuple[Clause, ...]:
    """The clauses in which a word of the match begins or ends."""
    places = {reading.where[place] for h in match.hits for place in (h.start, h.end - 1)}
    return tuple(reading.clauses[place] for place in sorted(places))


def _kind(role: Role, touched: tuple[Clause, ...], pattern: Pattern | None) -> Kind:
    """What a passage is by its part of the report and its clauses; none need be given where all of them tell deeds."""
    if role is _PROBLEMS:
        return _PROBLEM
    if role is _PLANS:
        return _PLAN
    if role is _PREAMBLE:
        return _EVIDENCE
    negated = pattern is not None and "negated" in pattern.accept
    if not negated and any(c.polarity is _LACKING for c in touched):
        return _PROBLEM
    if any(c.polarity is _PLANNED for c in touched):
        return _PLAN
    return _EVIDENCE


def _may_tell(clause: Clause, accept: tuple[str, ...]) -> bool:
    """Whether facts in a clause beside the matched ones may count."""
    return (
        clause.polarity not in (_PLANNED, _LACKING, _AIMED)
        and (clause.year is _CURRENT or "earlier_year" in accept)
        and (clause.subject is _OWN or "superior" in accept)
    )


def _refused_by_clause(touched: tuple[Clause, ...], accept: tuple[str, ...]) -> str | None:
    if "purpose" not in accept and all(c.polarity is _AIMED for c in touched):
        return "why_purpose"
    if "superior" not in accept:
        if any(c.subject is _SUPERIOR for c in touched):
            return "why_superior"
        if any(c.subject is _OTHER for c in touched):
            return "why_other"
    if "earlier_year" not in accept and any(c.year is _EARLIER for c in touched):
        return "why_earlier"
    return None


def _counts_for(fact: Fact, pattern: Pattern) -> bool:
    if pattern.kinds and fact.kind not in pattern.kinds:
        return False
    if fact.kind == "date" and not pattern.kinds:
        return True
    return not (fact.kind == "count" and pattern.units and fact.unit not in pattern.units)


def _rank(candidate: Candidate, named: int) -> tuple[int, float, int]:
    """Best evidence first: facts of its own, figures before names, the catalogue's own terms, earlier before later."""
    match = candidate.match
    weight = 0.0
    if match.pattern is not None and match.pattern.fact in ("self", "needed"):
        weight += 2
    if candidate.facts:
        weight += 1.5 * min(sum([f.kind in ("count", "rate") for f in candidate.facts]), 2) + 0.8
    weight += match.similarity + 0.2 * len(match.hits)
    weight += CUE_WEIGHT * min(named, 2)
    weight -= 1.0 if match.borrowed else 0
    weight -= 0.8 if candidate.norm else 0
    return (0 if candidate.strength is _EVIDENCED else 1, -round(weight, 3), candidate.sentence)


def _near_rank(candidate: Candidate) -> tuple[int, int]:
    order = {_PLAN: 1, _PROBLEM: 0, _REFUSED: 2}
    topic = candidate.match.pattern is None and candidate.kind is _REFUSED
    return (order.get(candidate.kind, 3) + (2 if topic else 0), candidate.sentence)


def _status(counted: list[Candidate], problems: list[Candidate], plans: list[Candidate]) -> Status:
    if any(c.strength is _EVIDENCED for c in counted):
        return _EVIDENCED
    if counted:
        return _ASSERTED
    if problems:
        return _ACKNOWLEDGED
    return _ONLY_PLANNED if plans else _MISSING


def _overlaps(bounds: Span, spans: Sequence[Span]) -> bool:
    start, end = bounds
    return any(start < e and s < end for s, e in spans)


def _confidence(
    status: Status,
    counted: list[Candidate],
    near: tuple[NearMiss, ...],
    problems: list[Candidate],
    plans: list[Candidate],
) -> float:
    if status is _EVIDENCED:
        best = counted[0]
        value = 0.95 if best.facts else 0.85
        if best.match.pattern is not None and best.match.pattern.fact == "self":
            value = 0.97
        return round(value * best.match.similarity - (0.05 if best.match.borrowed else 0), 2)
    if status is _ASSERTED:
        return round(0.8 * counted[0].match.similarity, 2)
    if status is _MISSING:
        return 0.85 if near else 0.95
    return 0.75


_WORDS = expression(r"[^\u4e00-\u9fff]+")


@lru_cache(maxsize=1024)
def _plain(gist: str) -> str:
    return normalise(gist).text


def copied(gist: str, words: str) -> bool:
    """Whether words without a fact repeat the instrument's: three quarters of their character pairs stand in the gist."""
    own = _WORDS.sub("", words)
    if len(own) < 6 or re.search(r"\d", words):
        return False
    held = _plain(gist)
    pairs = [own[i : i + 2] for i in range(len(own) - 1)]
    return sum(pair in held for pair in pairs) >= 0.75 * len(pairs)


def _values(threshold: Threshold, text: str) -> list[float]:
    values: list[float] = []
    unit = "|".join(re.escape(u) for u in threshold.unit)
    for found in re.finditer(rf"(\d[\d,]*(?:\.\d+)?|[一二两三四五六七八九十]+)(?:余|多|个)?(?:{unit})", text):
        near = text[max(0, found.start() - 16) : found.end()]
        if threshold.words and not any(w in near for w in threshold.words):
            continue
        if (value := numeral(found.group(1))) is not None:
            values.append(value)
    return values
