"""Where a report speaks of an obligation: compiled rules (one ``Matcher`` a process) and their hits in one report."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

import ahocorasick_rs
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from auditor.edges import Edges
from auditor.errors import RuleError, problem
from auditor.facts import titles
from auditor.polarity import hints_other_than_done
from auditor.report import Role, Sentence
from auditor.rules import Pattern, Rule, RuleSet
from auditor.text import normalise
from auditor.words import Message

_PART = re.compile(r"(…|#|<[^<>]+>)")
_ANY_NUMBER = re.compile(r"[\d零一二两三四五六七八九十百千万]")
_MARKS = re.compile(r"[,;:。、!?()]")
# 。 ends a sentence, so a gap inside one need not name it; a set of ASCII marks compiles many times faster.
_GAP = r"[^,;:!?\n]{0,12}?"
_NUMBER = r"(?:\d[\d,]*(?:\.\d+)?|[零一二两三四五六七八九十百千万]+)(?:余|多|几)?(?:万|亿|千|百)?(?:余|多)?"


class Word(NamedTuple):
    """A compiled word: a ``literal``, or an ``expression`` tried only where one of ``atoms`` and all of ``needs`` occur."""

    source: str
    atoms: tuple[str, ...]
    literal: str | None
    expression: str = ""
    needs: tuple[str, ...] = ()
    counts: bool = False

    @property
    def regex(self) -> re.Pattern[str]:
        """The compiled ``expression``; compiled when first needed, since most never are."""
        return _regex(self.expression)

    @property
    def edits(self) -> int:
        """How many slips the word tolerates."""
        if self.literal is None or len(self.literal) < 5 or any(c.isdigit() for c in self.literal):
            return 0
        return 1 if len(self.literal) < 9 else 2


class Hit(NamedTuple):
    """A word found at ``start:end`` of a sentence; ``similarity`` is 1.0 for an exact hit."""

    word: str
    start: int
    end: int
    similarity: float = 1.0


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern found in a sentence: one hit of each of its word lists.

    ``hits`` are those in the sentence itself; ``borrowed`` the words found in the sentence or heading before it.
    ``pattern`` is None for a topic word. ``source`` is the rule whose words these are: ``rule`` itself, or one that it is ``like``.
    """

    rule: str
    source: str
    pattern: Pattern | None
    sentence: int
    hits: tuple[Hit, ...]
    borrowed: tuple[str, ...] = ()

    @property
    def start(self) -> int:
        return min(h.start for h in self.hits)

    @property
    def end(self) -> int:
        return max(h.end for h in self.hits)

    @property
    def similarity(self) -> float:
        return min(h.similarity for h in self.hits)


# ---------------------------------------------------------------- words


def _literal(text: str) -> str:
    return normalise(text).text


def _group_words(name: str, groups: dict[str, tuple[str, ...]], seen: tuple[str, ...] = ()) -> Iterator[str]:
    for word in groups[name]:
        if word.startswith("<") and word.endswith(">") and word[1:-1] in groups and word[1:-1] not in seen:
            yield from _group_words(word[1:-1], groups, (*seen, name))
        else:
            yield word


def _source(word: str, groups: dict[str, tuple[str, ...]]) -> tuple[str, tuple[str, ...]]:
    """The regular expression of a word and the atoms of which one must occur."""
    pieces: list[str] = []
    best: tuple[str, ...] = ()
    for part in _PART.split(word):
        if part == "":
            continue
        if part == "…":
            pieces.append(_GAP)
        elif part == "#":
            pieces.append(_NUMBER)
        elif part.startswith("<"):
            options = [_source(w, groups) for w in _group_words(part[1:-1], groups)]
            pieces.append("(?:" + "|".join(o[0] for o in sorted(options, key=lambda o: -len(o[0]))) + ")")
            atoms = tuple(a for o in options for a in o[1])
            if all(o[1] for o in options) and _rarer(atoms, best):
                best = atoms
        else:
            text = _literal(part)
            pieces.append(re.escape(text))
            if text and _rarer((text,), best):
                best = (text,)
    return "".join(pieces), best


def _rarer(atoms: tuple[str, ...], than: tuple[str, ...]) -> bool:
    return not than or (min(map(len, atoms)), -len(atoms)) > (min(map(len, than)), -len(than))


@cache
def _regex(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


def compile_words(words: Iterable[str], groups: dict[str, tuple[str, ...]]) -> list[Word]:
    """Compile the words of one list; a bare ``<group>`` becomes the words of the group."""
    compiled: list[Word] = []
    for word in words:
        if re.fullmatch(r"<[^<>]+>", word):
            compiled.extend(compile_words(_group_words(word[1:-1], groups), groups))
        elif _PART.search(word):
            expression, atoms = _source(word, groups)
            if atoms:
                needs = tuple(text for part in _PART.split(word) if part[:1] not in "…#<" and (text := _literal(part)))
                compiled.append(Word(word, atoms, None, expression, needs, "#" in word))
        elif literal := _literal(word):
            compiled.append(Word(word, (literal,), literal))
    return compiled


# ---------------------------------------------------------------- compiled rules


@dataclass(frozen=True, slots=True)
class _Goal:
    """A pattern or a topic of a rule as the matcher sees it: its word lists by word number."""

    rule: str
    source: str
    pattern: Pattern | None
    groups: tuple[frozenset[int], ...]
    full: int


class Matcher:
    """Rules compiled for searching; build one per process and set of rules."""

    def __init__(self, sets: Iterable[RuleSet], sources: Iterable[RuleSet] = ()) -> None:
        """``sources`` are sets whose rules are only there for others to be ``like``. Raises RuleError where one is not found."""
        self._words: list[Word] = []
        self._numbers: dict[tuple[str, str], int] = {}
        self._goals: list[_Goal] = []
        self._member: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self.refusals: dict[str, list[tuple[list[Word], str, str]]] = {}
        self.cues: dict[str, tuple[str, ...]] = {}
        self.excluded: dict[tuple[str, str], list[Word]] = {}
        self.topic_words: dict[str, dict[str, frozenset[int]]] = {}
        lexicon: list[str] = []
        distinct: list[tuple[str, str]] = []
        loaded = tuple(sets)
        all_rules = {r.id: (r, s.words[r.id]) for s in (*loaded, *sources) for r in s.rules}
        for rule_set in loaded:
            lexicon.extend(rule_set.shared.lexicon)
            distinct.extend(rule_set.shared.distinct)
            for rule in rule_set.rules:
                unknown = [other for other in rule.like if other not in all_rules]
                if unknown:
                    missing = Message("no_like", {"rules": unknown})
                    raise RuleError((problem(f"{rule_set.head.id}: {rule.id}.like", missing),))
                self._add(rule, [all_rules[rule.id], *(all_rules[o] for o in rule.like)])
        self._distinct = tuple({pair for a, b in distinct for pair in ((a, b), (b, a))})
        self._lexicon = tuple(dict.fromkeys(lexicon))
        self._build()
        self._start()

    def _number(self, word: Word) -> int:
        key = (word.literal or "", word.expression)
        if key not in self._numbers:
            self._numbers[key] = len(self._words)
            self._words.append(word)
        return self._numbers[key]

    def _add(self, rule: Rule, sources: list[tuple[Rule, dict[str, tuple[str, ...]]]]) -> None:
        self.cues[rule.id] = tuple(w for w in (_literal(c) for c in rule.cue_words) if len(w) >= 3)
        for source, groups in sources:
            for pattern in source.patterns:
                if source is not rule:
                    pattern = pattern.model_copy(update={"half": None, "shows": ()})
                lists = [frozenset(self._number(w) for w in compile_words(g, groups)) for g in pattern.all]
                self._add_goal(_Goal(rule.id, source.id, pattern, tuple(lists), (1 << len(lists)) - 1))
                if pattern.not_:
                    self.excluded[source.id, pattern.name] = compile_words(pattern.not_, groups)
            topics = {
                kind: frozenset(self._number(w) for w in compile_words(getattr(source, kind), groups))
                for kind in ("topic", "problem", "plan")
            }
            self.topic_words[source.id] = topics
            if every := frozenset().union(*topics.values()):
                self._add_goal(_Goal(rule.id, source.id, None, (every,), 1))
            self.refusals[source.id] = [(compile_words(r.words, groups), r.why, r.within) for r in source.refuse]

    def _add_goal(self, goal: _Goal) -> None:
        number = len(self._goals)
        self._goals.append(goal)
        for at, group in enumerate(goal.groups):
            for word in group:
                self._member[word].append((number, 1 << at))

    def _build(self) -> None:
        atoms: dict[str, list[int]] = defaultdict(list)
        self._grams: dict[str, list[int]] = defaultdict(list)
        counts: dict[str, int] = defaultdict(int)
        for word in self._words:
            if word.edits and word.literal:
                for i in range(len(word.literal) - 1):
                    counts[word.literal[i : i + 2]] += 1
        for number, word in enumerate(self._words):
            for atom in word.atoms:
                atoms[atom].append(number)
            if word.edits and word.literal:
                for gram in _rare_grams(word.literal, word.edits, counts):
                    self._grams[gram].append(number)
        self._atoms = list(atoms)
        words = [(n, self._words[n]) for n in range(len(self._words))]
        self._literals = [
            [(n, words[n][1].source) for n in atoms[a] if words[n][1].literal is not None] for a in self._atoms
        ]
        self._expressions = [[n for n in atoms[a] if words[n][1].literal is None] for a in self._atoms]
        self._members = [tuple(self._member.get(n, ())) for n in range(len(self._words))]
        self._full = [g.full for g in self._goals]
        self._wide = frozenset(
            n for n, g in enumerate(self._goals) if g.pattern is not None and g.pattern.within == "paragraph"
        )
        self._edits = [w.edits for w in self._words]
        self._pairs = {
            n: (pairs := frozenset(w.literal[i : i + 2] for i in range(len(w.literal) - 1)), len(pairs) - 2 * w.edits)
            for n, w in enumerate(self._words)
            if w.literal and self._edits[n]
        }
        self._short = frozenset(n for n, w in enumerate(self._words) if w.literal is not None and len(w.literal) == 2)

    def __getstate__(self) -> dict[str, object]:
        """All but the automaton and the tokenizer, which are made anew, and what only the building needs."""
        return {k: v for k, v in self.__dict__.items() if k not in ("_automaton", "edges", "_member", "_numbers")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._start()

    def _start(self) -> None:
        self._automaton = ahocorasick_rs.AhoCorasick(self._atoms) if self._atoms else None
        self.edges = Edges(self._lexicon)

    def share_edges(self, edges: Edges | None) -> Edges:
        """Use a tokenizer that is already loaded, if there is one; returns the one in use."""
        if edges is not None:
            self.edges = edges
        return self.edges

    # ---- searching

    def _search(self, texts: list[str]) -> _Page:
        """The literal words of each text, exact and with slips, and which expressions are worth trying in it."""
        found: list[dict[int, list[Hit]]] = [{} for _ in texts]
        if self._automaton is None:
            return _Page(self, texts, found, [set() for _ in texts])
        pending: list[set[int]] = [set() for _ in texts]
        sentence, base, limit = 0, 0, len(texts[0]) if texts else 0
        for atom, start, end in self._automaton.find_matches_as_indexes("\n".join(texts), overlapping=True):
            while end > limit:
                sentence += 1
                base = limit + 1
                limit = base + len(texts[sentence])
            here = found[sentence]
            for number, source in self._literals[atom]:
                hit = Hit(source, start - base, end - base)
                if number in here:
                    here[number].append(hit)
                else:
                    here[number] = [hit]
            if self._expressions[atom]:
                pending[sentence].update(self._expressions[atom])
        pending = [self._possible(numbers, text) for numbers, text in zip(pending, texts, strict=True)]
        for sentence, text in enumerate(texts):
            for number, hit in self._fuzzy(text, found[sentence]):
                found[sentence].setdefault(number, []).append(hit)
        return _Page(self, texts, found, pending)

    def _possible(self, numbers: set[int], text: str) -> set[int]:
        """The expressions of which every fixed part stands in the text, and a number where they ask for one."""
        numbered = _ANY_NUMBER.search(text) is not None
        kept = set()
        for number in numbers:
            word = self._words[number]
            if word.counts and not numbered:
                continue
            for part in word.needs:
                if part not in text:
                    break
            else:
                kept.add(number)
        return kept

    def _fuzzy(self, text: str, exact: dict[int, list[Hit]]) -> Iterator[tuple[int, Hit]]:
        pairs = {text[i : i + 2] for i in range(len(text) - 1)}
        candidates: set[int] = set()
        for pair in pairs:
            if pair in self._grams:
                candidates.update(self._grams[pair])
        for number in candidates:
            if number in exact:
                continue
            # A slip spoils two character pairs at most, so the others must all be there.
            own, needed = self._pairs[number]
            if len(own & pairs) < needed:
                continue
            word, edits = self._words[number], self._edits[number]
            literal = word.literal or ""
            found = fuzz.partial_ratio_alignment(literal, text, score_cutoff=100 * (1 - (edits + 0.6) / len(literal)))
            if found is None:
                continue
            start, end = _tighten(literal, text, found.dest_start, found.dest_end)
            distance = Levenshtein.distance(literal, text[start:end], score_cutoff=edits)
            if distance > edits or self._other_term(literal, text[start:end]):
                continue
            yield number, Hit(word.source, start, end, 1 - distance / len(literal))

    def _other_term(self, literal: str, found: str) -> bool:
        """Whether the slip makes another term of the word: cut short, negated, or a term of art of its own."""
        if not found or found[0] != literal[0] or found[-1] != literal[-1]:
            return True
        if any((c in found) != (c in literal) for c in "不未无非零率") or (
            _MARKS.search(found) and not _MARKS.search(literal)
        ):
            return True
        return any(a in literal and b in found and a not in found for a, b in self._distinct)

    def verify(self, text: str, number: int, literal: list[Hit] | None) -> list[Hit]:
        """The hits of a word that hold: an expression's own, or the literal ones that do not cut into other words."""
        if literal is None:
            word = self._words[number]
            return [Hit(word.source, m.start(), m.end()) for m in word.regex.finditer(text)]
        if number in self._short:
            return [h for h in literal if not self.edges.cut(text, h.start)]
        return literal

    def source_of(self, number: int) -> str:
        """The word with this number as the rule writes it."""
        return self._words[number].source

    def match(self, sentences: tuple[Sentence, ...], year: int | None = None) -> Index:
        """All that a report says of any obligation; ``year`` is the year reported on."""
        page = self._search([s.text for s in sentences])
        found: dict[str, list[Match]] = defaultdict(list)
        mentions: dict[str, list[tuple[_Goal, int]]] = defaultdict(list)
        heading = -1
        for i, sentence in enumerate(sentences):
            previous = i - 1 if i and sentences[i - 1].paragraph == sentence.paragraph else -1
            context = [j for j in (previous, heading) if j >= 0 and sentences[j].role is sentence.role]
            told = sentence.role in (Role.WORK, Role.PREAMBLE) and not hints_other_than_done(sentence.text)
            if told and year is not None:
                told = str(year + 1) not in sentence.text
            for number in self._worth_trying(page, i):
                goal = self._goals[number]
                if goal.pattern is None and told:
                    mentions[goal.rule].append((goal, i))
                    continue
                wide = number in self._wide and not sentence.heading
                found[goal.rule].extend(_matches(goal, page, i, context if wide else []))
            if sentence.heading:
                heading = i
        return Index({rule: matches for rule, matches in found.items() if matches}, page, mentions)

    def _worth_trying(self, page: _Page, at: int) -> list[int]:
        """The goals all of whose word lists may be met in a sentence, and those that may borrow from the one before."""
        masks: dict[int, int] = {}
        full, wide, members = self._full, self._wide, self._members
        ready: set[int] = set()
        for numbers in (page.literal[at], page.pending[at]):
            for number in numbers:
                for goal, bit in members[number]:
                    mask = masks.get(goal, 0) | bit
                    masks[goal] = mask
                    if mask == full[goal] or goal in wide:
                        ready.add(goal)
        return sorted(ready)


@dataclass(frozen=True, slots=True)
class _Page:
    """The words found in one report: ``literal`` hits, and ``pending`` expressions that are tried when first asked for."""

    matcher: Matcher
    texts: list[str]
    literal: list[dict[int, list[Hit]]]
    pending: list[set[int]]
    known: dict[tuple[int, int], list[Hit]] = field(default_factory=dict)
    titles: dict[int, tuple[tuple[int, int], ...]] = field(default_factory=dict)

    def hits(self, at: int, number: int) -> list[Hit]:
        """The hits of a word in a sentence, short ones at word edges only."""
        key = (at, number)
        if key not in self.known:
            self.known[key] = self.matcher.verify(self.texts[at], number, self.literal[at].get(number))
        return self.known[key]

    def of_list(self, at: int, words: frozenset[int]) -> list[Hit]:
        """The hits of any word of a list in a sentence, in the order of the text.

        Hits inside the title of an instrument that is only cited are left out where the list is met outside it too.
        """
        there = words.intersection(self.literal[at]) | (self.pending[at] & words)
        found = [h for n in there for h in self.hits(at, n)]
        if len(found) < 2:
            return found
        found.sort(key=_in_order)
        if "《" in self.texts[at]:
            outside = [h for h in found if not any(s <= h.start and h.end <= e for s, e in self.cited(at))]
            return outside or found
        return found

    def cited(self, at: int) -> tuple[tuple[int, int], ...]:
        """Where a sentence only cites the titles of instruments."""
        if at not in self.titles:
            self.titles[at] = tuple((t.start, t.end) for t in titles(self.texts[at]) if not t.issued)
        return self.titles[at]


@dataclass(frozen=True, slots=True)
class Index:
    """What one report says of the obligations: ``matches`` by rule id, in the order of the sentences.

    Bare mentions of an obligation's object in sentences that tell deeds prove nothing; they are looked up only when
    asked for (``mentions``), to show what came nearest.
    """

    matches: dict[str, list[Match]]
    page: _Page
    unread: dict[str, list[tuple[_Goal, int]]]

    def cited(self, match: Match) -> bool:
        """Whether a word of the match stands only in the title of an instrument that its sentence cites."""
        spans = self.page.cited(match.sentence)
        return any(start <= h.start and h.end <= end for h in match.hits for start, end in spans)

    def mentions(self, rule_id: str) -> list[Match]:
        """Sentences that name the obligation's object and nothing done to it."""
        return [m for goal, at in self.unread.get(rule_id, ()) for m in _matches(goal, self.page, at, [])]


def _in_order(hit: Hit) -> tuple[int, int, str]:
    return hit.start, -hit.end, hit.word


def _matches(goal: _Goal, page: _Page, at: int, context: list[int]) -> Iterator[Match]:
    """The places in a sentence where a goal is met; a word list not met in it may borrow a word from ``context``."""
    lists: list[list[Hit]] = []
    borrowed: list[str] = []
    for words in goal.groups:
        here = page.of_list(at, words)
        if here:
            lists.append(here)
            continue
        beside = next((hits[0].word for j in context if (hits := page.of_list(j, words))), None)
        if beside is None:
            return
        borrowed.append(beside)
    if not lists:
        return
    within = goal.pattern.within if goal.pattern is not None else "clause"
    pivot = min(lists, key=len)
    seen: set[tuple[int, int, str]] = set()
    for centre in pivot[:12]:
        chosen = tuple(centre if hits is pivot else _nearest(hits, centre) for hits in lists)
        start, end = min(h.start for h in chosen), max(h.end for h in chosen)
        if isinstance(within, int) and end - start - sum(h.end - h.start for h in chosen) > within:
            continue
        key = (start, end, "" if goal.pattern is not None else centre.word)
        if key not in seen:
            seen.add(key)
            yield Match(goal.rule, goal.source, goal.pattern, at, chosen, tuple(borrowed))


def _nearest(hits: list[Hit], centre: Hit) -> Hit:
    if len(hits) == 1:
        return hits[0]
    return min(hits, key=lambda h: (_distance(h, centre), h.start))


def _distance(hit: Hit, centre: Hit) -> int:
    return max(hit.start - centre.end, centre.start - hit.end, 0)


def _rare_grams(literal: str, edits: int, counts: dict[str, int]) -> list[str]:
    """Bigrams of which ``edits`` slips must leave one: ``edits + 1`` that do not touch, the rarest found greedily."""
    order = sorted(range(len(literal) - 1), key=lambda i: (counts[literal[i : i + 2]], i))
    chosen: list[int] = []
    for at in order:
        if all(abs(at - other) >= 2 for other in chosen):
            chosen.append(at)
        if len(chosen) == edits + 1:
            break
    return [literal[i : i + 2] for i in chosen]


def _tighten(literal: str, text: str, start: int, end: int) -> tuple[int, int]:
    """The bounds near ``start:end`` at which the text is closest to the literal."""
    options = [
        (Levenshtein.distance(literal, text[s:e]), abs(e - s - len(literal)), s, e)
        for s in range(max(0, start - 1), min(start + 2, len(text)))
        for e in range(max(s + 1, end - 1), min(end + 2, len(text)) + 1)
        if e <= len(text)
    ]
    _, _, best_start, best_end = min(options)
    return best_start, best_end
