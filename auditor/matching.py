"""Where a report speaks of an obligation: compiled rules (one ``Matcher`` a process) and their hits in one report.

A pattern is looked at only where a word of its rarest word list may stand, and then only if words of its other lists may
stand there too; where they stand is worked out last.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from auditor.edges import Edges
from auditor.errors import RuleError, problem
from auditor.facts import titles
from auditor.obligations import Pattern, Rule, RuleSet
from auditor.polarity import hints_other_than_done
from auditor.report import Role, Sentence
from auditor.vocabulary import Vocabulary
from auditor.wording import Hit, Word, compile_words, plain
from auditor.words import Message

Words = frozenset[int]
# A goal that may be met, the sentence in which it may be, and those that the sentence may borrow words from.
Chance = tuple["Goal", int, tuple["Found", ...]]
_MOST_CENTRES = 12


class Match(NamedTuple):
    """A pattern found in a sentence: one hit of each of its word lists.

    ``hits`` are those in the sentence itself; ``borrowed`` the words found in the sentence or heading before it.
    ``start`` and ``end`` bound them. ``pattern`` is None for a topic word. ``source`` is the rule whose words these are: ``rule`` itself, or one that it is ``like``.
    """

    rule: str
    source: str
    pattern: Pattern | None
    sentence: int
    hits: tuple[Hit, ...]
    borrowed: tuple[str, ...]
    start: int
    end: int

    @property
    def similarity(self) -> float:
        """How well the words fit: as the worst of them does (0-1)."""
        return min([h.similarity for h in self.hits])


class Goal(NamedTuple):
    """A pattern or (``pattern`` None) a topic of a rule as the matcher sees it."""

    rule: str
    source: str
    pattern: Pattern | None
    lists: tuple[Words, ...]

    @property
    def wide(self) -> bool:
        """Whether a word list that is not met in a sentence may borrow its word from the one before."""
        return self.pattern is not None and self.pattern.within == "paragraph"


@dataclass(frozen=True, slots=True)
class Stops:
    """Words whose presence speaks against a match, in the order in which they are looked for, and their ``numbers``."""

    words: tuple[Word, ...]
    numbers: Words
    why: str = ""
    within: str = "clause"

    def found(self, text: str) -> str:
        """The first of the words, as it stands in the text; empty where there is none."""
        for word in self.words:
            if word.literal is not None:
                if word.literal in text:
                    return word.literal
            elif any(a in text for a in word.atoms) and (span := next(word.spans(text), None)):
                return text[span[0] : span[1]]
        return ""


class Refusals(NamedTuple):
    """All that speaks against the matches of a rule with the words of its own or of another, and the words in it."""

    stops: tuple[Stops, ...]
    numbers: Words


class Matcher:
    """Rules compiled for searching; build one per process and set of rules."""

    def __init__(self, sets: Iterable[RuleSet], sources: Iterable[RuleSet] = ()) -> None:
        """``sources`` are sets whose rules are only there for others to be ``like``. Raises RuleError where one is not found."""
        loaded = tuple(sets)
        distinct = [pair for s in loaded for pair in s.shared.distinct]
        self.words = Vocabulary(distinct, (word for s in loaded for word in s.shared.lexicon))
        self._goals: list[Goal] = []
        self._refusals: dict[str, tuple[Stops, ...]] = {}
        self.refusals: dict[tuple[str, str], Refusals] = {}
        self.cues: dict[str, tuple[str, ...]] = {}
        self.excluded: dict[tuple[str, str], Stops] = {}
        self.topic_words: dict[str, dict[str, frozenset[str]]] = {}
        all_rules = {r.id: (r, s.words[r.id]) for s in (*loaded, *sources) for r in s.rules}
        for rule_set in loaded:
            for rule in rule_set.rules:
                unknown = [other for other in rule.like if other not in all_rules]
                if unknown:
                    missing = Message("no_like", {"rules": unknown})
                    raise RuleError((problem(f"{rule_set.head.id}: {rule.id}.like", missing),))
                self._add(rule, [all_rules[rule.id], *(all_rules[o] for o in rule.like)])
        self._refusals.clear()  # only the building needs them
        self.words.close()
        self._index()

    # ---- building

    def _add(self, rule: Rule, sources: list[tuple[Rule, dict[str, tuple[str, ...]]]]) -> None:
        self.cues[rule.id] = tuple(w for w in (plain(c) for c in rule.cue_words) if len(w) >= 3)
        for source, groups in sources:
            for pattern in source.patterns:
                if source is not rule:
                    pattern = replace(pattern, half=None, shows=())
                lists = tuple(self._numbers(compile_words(g, groups)) for g in pattern.all)
                # The words are known by their numbers from here on, and take long to load.
                self._goals.append(Goal(rule.id, source.id, replace(pattern, all=()), lists))
                if pattern.not_:
                    self.excluded[source.id, pattern.name] = self._stops(compile_words(pattern.not_, groups))
            topics = {
                kind: self._numbers(compile_words(getattr(source, kind), groups))
                for kind in ("topic", "problem", "plan")
            }
            if every := frozenset().union(*topics.values()):
                self._goals.append(Goal(rule.id, source.id, None, (every,)))
            self.topic_words[source.id] = {k: frozenset(map(self.words.name, t)) for k, t in topics.items()}
            self._refusals[source.id] = tuple(
                self._stops(compile_words(r.words, groups), r.why, r.within) for r in source.refuse
            )
            every_stop = (*self._refusals[rule.id], *(self._refusals[source.id] if source is not rule else ()))
            numbers = frozenset().union(*(stops.numbers for stops in every_stop))
            self.refusals[rule.id, source.id] = Refusals(every_stop, numbers)

    def _numbers(self, words: Iterable[Word]) -> Words:
        return frozenset(map(self.words.number, words))

    def _stops(self, words: list[Word], why: str = "", within: str = "clause") -> Stops:
        return Stops(tuple(words), self._numbers(words), why, within)

    def _index(self) -> None:
        """By word of its rarest word list, the goals that may be met where the word stands; what else each of them asks for."""
        uses = Counter(number for goal in self._goals for words in goal.lists for number in words)
        keyed: dict[int, list[int]] = defaultdict(list)
        wide: dict[int, list[int]] = defaultdict(list)
        self._rest: list[tuple[Words, ...]] = []
        for at, goal in enumerate(self._goals):
            key, *rest = sorted(goal.lists, key=lambda words: sum(uses[number] for number in words))
            self._rest.append(tuple(rest))
            for number in key:
                keyed[number].append(at)
                if goal.wide:
                    wide[number].append(at)
        self._keyed = {number: tuple(goals) for number, goals in keyed.items()}
        self._wide = {number: tuple(goals) for number, goals in wide.items()}

    def share_edges(self, edges: Edges | None) -> Edges:
        """Use a tokenizer that is already loaded, if there is one; returns the one in use."""
        if edges is not None:
            self.words.edges = edges
        return self.words.edges

    # ---- searching

    def match(self, sentences: Sequence[Sentence], year: int | None = None) -> Index:
        """All that a report says of any obligation; ``year`` is the year reported on."""
        found = [self._found(s.text) for s in sentences]
        ready: dict[str, list[Chance]] = defaultdict(list)
        mentions: dict[str, list[Chance]] = defaultdict(list)
        heading = -1
        for i, sentence in enumerate(sentences):
            previous = i - 1 if i and sentences[i - 1].paragraph == sentence.paragraph else -1
            context = tuple(found[j] for j in (previous, heading) if j >= 0 and sentences[j].role is sentence.role)
            if sentence.heading:
                context, heading = (), i
            told: bool | None = None
            for number in sorted(self._worth_trying(found[i], context)):
                goal = self._goals[number]
                if goal.pattern is None:
                    told = _tells_deeds(sentence, year) if told is None else told
                    (mentions if told else ready)[goal.rule].append((goal, i, ()))
                else:
                    ready[goal.rule].append((goal, i, context if context and goal.wide else ()))
        return Index(tuple(found), ready, mentions)

    def _found(self, text: str) -> Found:
        return Found(self.words, text, *self.words.found(text))

    def _worth_trying(self, found: Found, context: tuple[Found, ...]) -> set[int]:
        """The goals of each of whose word lists a word may stand in a sentence, or in those that it may borrow from."""
        ready = set(self._met(self._keyed, found.numbers))
        if context:
            ready.update(self._met(self._wide, found.numbers.union(*(each.numbers for each in context))))
        return ready

    def _met(self, keyed: dict[int, tuple[int, ...]], numbers: set[int]) -> Iterator[int]:
        tried = {goal for number in keyed.keys() & numbers for goal in keyed[number]}
        rests = self._rest
        for goal in tried:
            for rest in rests[goal]:
                if rest.isdisjoint(numbers):
                    break
            else:
                yield goal


def _tells_deeds(sentence: Sentence, year: int | None) -> bool:
    """Whether every clause of a sentence tells what was done in the year reported on."""
    told = sentence.role in (Role.WORK, Role.PREAMBLE) and not hints_other_than_done(sentence.text)
    return told and (year is None or str(year + 1) not in sentence.text)


@dataclass(slots=True)
class Found:
    """What was found in one sentence: the words that may stand in it, by number, and the hits of those looked up so far.

    Those that are ``slipped`` may stand in it only with slips.
    """

    vocabulary: Vocabulary
    text: str
    numbers: set[int]
    slipped: frozenset[int]
    known: dict[int, list[Hit]] = field(default_factory=dict)
    titles: tuple[tuple[int, int], ...] | None = None

    def of_list(self, words: Words) -> list[Hit]:
        """The hits of any word of a list, in the order of the text.

        Hits inside the title of an instrument that is only cited are left out where the list is met outside it too.
        """
        found: list[Hit] = []
        for number in words & self.numbers:
            if (hits := self.known.get(number)) is None:
                look_up = self.vocabulary.slips if number in self.slipped else self.vocabulary.hits
                hits = self.known[number] = look_up(number, self.text)
            found += hits
        if len(found) < 2:
            return found
        found.sort(key=_in_order)
        if "《" in self.text:
            outside = [h for h in found if not any(s <= h.start and h.end <= e for s, e in self.cited)]
            return outside or found
        return found

    @property
    def cited(self) -> tuple[tuple[int, int], ...]:
        """Where the sentence only cites the titles of instruments."""
        if self.titles is None:
            self.titles = tuple((t.start, t.end) for t in titles(self.text) if not t.issued)
        return self.titles


@dataclass(frozen=True, slots=True)
class Index:
    """What one report says of the obligations; looked up by obligation, when first asked for.

    Bare mentions of an obligation's object in sentences that tell deeds prove nothing; they show what came nearest.
    """

    found: tuple[Found, ...]
    ready: dict[str, list[Chance]]
    bare: dict[str, list[Chance]]
    known: dict[str, list[Match]] = field(default_factory=dict)

    def matches(self, rule_id: str) -> list[Match]:
        """The places where the patterns of an obligation are met, in the order of the sentences."""
        if rule_id not in self.known:
            self.known[rule_id] = [m for chance in self.ready.get(rule_id, ()) for m in self._matches(chance)]
        return self.known[rule_id]

    def mentions(self, rule_id: str) -> Iterator[Match]:
        """Sentences that name the obligation's object and nothing done to it."""
        return (m for chance in self.bare.get(rule_id, ()) for m in self._matches(chance))

    def _matches(self, chance: Chance) -> Iterator[Match]:
        goal, at, context = chance
        return _matches(goal, at, self.found[at], context)

    def told_in(self, sentences: Container[int]) -> dict[int, set[str]]:
        """By sentence, of those asked for, the obligations a pattern or topic of which is met in it."""
        told: dict[int, set[str]] = {}
        for rule_id in self.ready:
            for match in self.matches(rule_id):
                if match.sentence in sentences:
                    told.setdefault(match.sentence, set()).add(rule_id)
        return told

    def cited(self, match: Match) -> bool:
        """Whether a word of the match stands only in the title of an instrument that its sentence cites."""
        spans = self.found[match.sentence].cited
        return bool(spans) and any(start <= h.start and h.end <= end for h in match.hits for start, end in spans)

    def refusal(self, refusals: Refusals, at: int, near: tuple[int, int]) -> str | None:
        """Why words in a sentence, or in its part ``near`` a match, make it another matter; None where none do."""
        found = self.found[at]
        if refusals.numbers.isdisjoint(found.numbers):
            return None
        for stops in refusals.stops:
            if self.stopped(stops, at, near if stops.within == "clause" else (0, len(found.text))):
                return stops.why
        return None

    def stopped(self, stops: Stops, at: int, part: tuple[int, int]) -> str:
        """The first word of ``stops`` in a part of a sentence; empty where there is none."""
        found = self.found[at]
        return "" if stops.numbers.isdisjoint(found.numbers) else stops.found(found.text[part[0] : part[1]])


def _matches(goal: Goal, at: int, found: Found, context: Sequence[Found]) -> Iterator[Match]:
    """The places in a sentence where a goal is met; a word list not met in it may borrow a word from the context."""
    lists: list[list[Hit]] = []
    borrowed: list[str] = []
    for words in goal.lists:
        if here := found.of_list(words):
            lists.append(here)
            continue
        beside = next((hits[0].word for each in context if (hits := each.of_list(words))), None)
        if beside is None:
            return
        borrowed.append(beside)
    if not lists:
        return
    within = goal.pattern.within if goal.pattern is not None else "clause"
    farthest = within if isinstance(within, int) else None
    pivot = min(lists, key=len)
    topic = goal.pattern is None
    seen: set[tuple[int, int, str]] = set()
    for centre in pivot[:_MOST_CENTRES]:
        _, start, end, _ = centre
        between = start - end
        chosen: list[Hit] = []
        for hits in lists:
            if hits is pivot:
                chosen.append(centre)
                continue
            hit = _nearest(hits, centre)
            chosen.append(hit)
            start = hit.start if hit.start < start else start
            end = hit.end if hit.end > end else end
            between -= hit.end - hit.start
        if farthest is not None and end - start + between > farthest:
            continue
        key = (start, end, centre.word if topic else "")
        if key not in seen:
            seen.add(key)
            yield Match(goal.rule, goal.source, goal.pattern, at, tuple(chosen), tuple(borrowed), start, end)


def _in_order(hit: Hit) -> tuple[int, int, str]:
    return hit.start, -hit.end, hit.word


def _nearest(hits: list[Hit], centre: Hit) -> Hit:
    """The first of the hits, which are in the order of the text, from which no other is nearer to the centre."""
    nearest, least = hits[0], -1
    for hit in hits:
        _, start, end, _ = hit
        distance = start - centre.end if start > centre.end else max(centre.start - end, 0)
        if least < 0 or distance < least:
            nearest, least = hit, distance
    return nearest
