"""Obligations and the rules by which they are recognised, as plain values: what the rule files say, once it is checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from auditor.expressions import expression
from auditor.findings import Flag, RuleSetRef, Status
from auditor.report import Level, Role
from auditor.words import Message

_CUES = expression(r"[、,;:。()/\uff0c\uff1b\uff1a\uff08\uff09“”\"]")

Importance = Literal["core", "common", "extended"]
Wording = Literal["verbatim", "mirrored", "mirrored_in_part", "recalled", "own"]
FactKind = Literal["count", "rate", "document", "meeting", "date", "body", "campaign", "nil"]
Accept = Literal["superior", "earlier_year", "title", "preamble", "norm", "purpose", "negated"]


@dataclass(frozen=True)
class Element:
    """What a report says when the duty was done; ``strong`` ones prove it alone."""

    text: str
    strong: bool


@dataclass(frozen=True)
class Pattern:
    """One way of telling that the duty was done; see ``docs/rules.md``."""

    name: str
    all: tuple[tuple[str, ...], ...] = field(metadata={"min_length": 1})
    within: int | Literal["clause", "sentence", "paragraph"] = 40
    not_: tuple[str, ...] = field(default=(), metadata={"alias": "not"})
    fact: Literal["optional", "self", "needed", "none"] = "optional"
    units: tuple[str, ...] = ()
    kinds: tuple[FactKind, ...] = ()
    reach: Literal["clause", "near", "sentence", "next"] = "near"
    accept: tuple[Accept, ...] = ()
    shows: tuple[int, ...] = ()
    half: str | None = None


@dataclass(frozen=True)
class Refusal:
    """Words that make a look-alike of another object, and why it does not count."""

    words: tuple[str, ...] = field(metadata={"min_length": 1})
    why: str
    within: Literal["clause", "sentence"] = "clause"


@dataclass(frozen=True)
class Threshold:
    """A figure that the duty demands: the number before ``unit`` near one of ``words`` must reach ``at_least``."""

    name: str
    unit: tuple[str, ...] = field(metadata={"min_length": 1})
    at_least: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImportanceFrom:
    """Importance from a report year on."""

    from_: int = field(metadata={"alias": "from"})
    importance: Importance


@dataclass(frozen=True)
class Example:
    """A sentence or tiny report, and the status it must get."""

    text: str
    status: Status
    role: Role = Role.WORK
    level: Level = Level.COUNTY
    year: int | None = None
    flags: tuple[Flag, ...] | None = None
    why: str | None = None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One obligation and how it is recognised."""

    id: str
    title: str
    importance: Importance
    levels: tuple[Level, ...]
    levels_by_reference: tuple[Level, ...] = ()
    part: str
    clause: str = ""
    gist: str
    wording: Wording
    elements: tuple[Element, ...]
    cues: str | None = None
    data: str | None = None
    confusions: str | None = None
    importance_by_year: tuple[ImportanceFrom, ...] = ()
    halves: tuple[str, ...] = ()
    like: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    problem: tuple[str, ...] = ()
    plan: tuple[str, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    refuse: tuple[Refusal, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    check: str | None = None
    advice: str
    examples: tuple[Example, ...] = ()

    def flaw(self) -> Message | None:
        """What is wrong with the rule that no field tells alone; None where nothing is."""
        names = [p.name for p in self.patterns]
        if len(set(names)) != len(names):
            return Message("same_name")
        for p in self.patterns:
            if p.half is not None and p.half not in self.halves:
                return Message("no_half", {"pattern": p.name, "half": p.half})
            if any(not 1 <= s <= len(self.elements) for s in p.shows):
                return Message("no_element", {"pattern": p.name})
        if not self.patterns and not self.like and self.check is None:
            return Message("no_pattern")
        return None

    @property
    def cue_words(self) -> tuple[str, ...]:
        """The catalogue's cues, one by one."""
        return tuple(w for w in _CUES.split(self.cues or "") if len(w) >= 2)

    def importance_in(self, year: int | None) -> Importance:
        """The importance that holds in a report year."""
        held = self.importance
        for step in sorted(self.importance_by_year, key=lambda s: s.from_):
            if year is not None and year >= step.from_:
                held = step.importance
        return held


@dataclass(frozen=True)
class Package:
    """Obligations that users know as one thing, such as 行政执法三项制度."""

    id: str
    title: str
    members: tuple[str, ...] = field(metadata={"min_length": 1})


@dataclass(frozen=True)
class Years:
    """The report years that a rule set binds, both included; ``to`` None has no end."""

    from_: int = field(metadata={"alias": "from"})
    to: int | None = None


@dataclass(frozen=True)
class Scoring:
    """Base scores by status, what flags take off, weights by importance (judgement guide, Score)."""

    base: dict[Status, int]
    off: dict[Flag, int]
    weights: dict[Importance, int]


@dataclass(frozen=True)
class RuleSetHead:
    """The head of a rule set: ``ruleset.yaml``."""

    id: str
    version: str
    title: str
    issuer: str
    years: Years
    scoring: Scoring
    packages: tuple[Package, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RuleFile:
    """One file of rules."""

    rule_set: str
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Words:
    """Word groups shared by all rules, term pairs that a slip must not join, and words for the tokenizer."""

    groups: dict[str, tuple[str, ...]]
    distinct: tuple[tuple[str, str], ...] = ()
    lexicon: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuleSet:
    """A loaded rule set. ``words`` maps each rule id to the word groups its words may name."""

    head: RuleSetHead
    rules: tuple[Rule, ...]
    words: dict[str, dict[str, tuple[str, ...]]]
    shared: Words
    sha256: str

    @property
    def ref(self) -> RuleSetRef:
        return RuleSetRef(self.head.id, self.head.version, self.sha256)

    def rule(self, rule_id: str) -> Rule | None:
        return next((r for r in self.rules if r.id == rule_id), None)
