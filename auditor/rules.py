"""Rule sets: the models of the rule YAML and how a set is loaded."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from auditor.errors import RuleError, problem
from auditor.findings import Flag, RuleSetRef, Status
from auditor.report import Level, Role
from auditor.strict import Lines, Strict, load_as, parse_as
from auditor.words import Message

_CUES = re.compile(r"[、,;:。()/\uff0c\uff1b\uff1a\uff08\uff09“”\"]")

Importance = Literal["core", "common", "extended"]
Wording = Literal["verbatim", "mirrored", "mirrored_in_part", "recalled", "own"]
FactKind = Literal["count", "rate", "document", "meeting", "date", "body", "campaign", "nil"]
Accept = Literal["superior", "earlier_year", "title", "preamble", "norm", "purpose", "negated"]


class Element(Strict):
    """What a report says when the duty was done; ``strong`` ones prove it alone."""

    text: str
    strong: bool


class Pattern(Strict):
    """One way of telling that the duty was done; see ``docs/rules.md``."""

    name: str
    all: tuple[tuple[str, ...], ...] = Field(min_length=1)
    within: int | Literal["clause", "sentence", "paragraph"] = 40
    not_: tuple[str, ...] = Field(default=(), alias="not")
    fact: Literal["optional", "self", "needed", "none"] = "optional"
    units: tuple[str, ...] = ()
    kinds: tuple[FactKind, ...] = ()
    reach: Literal["clause", "near", "sentence", "next"] = "near"
    accept: tuple[Accept, ...] = ()
    shows: tuple[int, ...] = ()
    half: str | None = None


class Refusal(Strict):
    """Words that make a look-alike of another object, and why it does not count."""

    words: tuple[str, ...] = Field(min_length=1)
    why: str
    within: Literal["clause", "sentence"] = "clause"


class Threshold(Strict):
    """A figure that the duty demands: the number before ``unit`` near one of ``words`` must reach ``at_least``."""

    name: str
    unit: tuple[str, ...] = Field(min_length=1)
    at_least: float
    words: tuple[str, ...] = ()


class ImportanceFrom(Strict):
    """Importance from a report year on."""

    from_: int = Field(alias="from")
    importance: Importance


class Example(Strict):
    """A sentence or tiny report, and the status it must get."""

    text: str
    status: Status
    role: Role = Role.WORK
    level: Level = Level.COUNTY
    year: int | None = None
    flags: tuple[Flag, ...] | None = None
    why: str | None = None


class Rule(Strict):
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

    @model_validator(mode="after")
    def _consistent(self) -> Rule:
        names = [p.name for p in self.patterns]
        if len(set(names)) != len(names):
            raise ValueError(Message("same_name"))
        for p in self.patterns:
            if p.half is not None and p.half not in self.halves:
                raise ValueError(Message("no_half", {"pattern": p.name, "half": p.half}))
            if any(not 1 <= s <= len(self.elements) for s in p.shows):
                raise ValueError(Message("no_element", {"pattern": p.name}))
        if not self.patterns and not self.like and self.check is None:
            raise ValueError(Message("no_pattern"))
        return self

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


class Package(Strict):
    """Obligations that users know as one thing, such as 行政执法三项制度."""

    id: str
    title: str
    members: tuple[str, ...] = Field(min_length=1)


class Years(Strict):
    """The report years that a rule set binds, both included; ``to`` None has no end."""

    from_: int = Field(alias="from")
    to: int | None = None


class Scoring(Strict):
    """Base scores by status, what flags take off, weights by importance (judgement guide, Score)."""

    base: dict[Status, int]
    off: dict[Flag, int]
    weights: dict[Importance, int]


class RuleSetHead(Strict):
    """The head of a rule set: ``ruleset.yaml``."""

    id: str
    version: str
    title: str
    issuer: str
    years: Years
    scoring: Scoring
    packages: tuple[Package, ...] = ()


class RuleFile(Strict):
    """One file of rules."""

    rule_set: str
    words: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    rules: tuple[Rule, ...]


class Words(Strict):
    """Word groups shared by all rules, term pairs that a slip must not join, and words for the tokenizer."""

    groups: dict[str, tuple[str, ...]]
    distinct: tuple[tuple[str, str], ...] = ()
    lexicon: tuple[str, ...] = ()


class RuleSet(Strict):
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


def parse_rule_file(path: Path, name: str) -> tuple[RuleFile, Lines]:
    """Read one rule file; raises RuleError naming file, line and field."""
    return load_as(RuleFile, path, name)


# ---------------------------------------------------------------- loading a set


_GROUP = re.compile(r"<([^<>]+)>")


def rules_root() -> Path:
    """Where the shipped rules are: inside an installed wheel, or beside the package in a checkout."""
    inside = Path(__file__).parent / "_rules"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "rules"


def shipped_sets(root: Path | None = None) -> tuple[str, ...]:
    """Ids of the rule sets under ``root`` (the shipped ones by default), in order of name."""
    return tuple(sorted(p.parent.name for p in (root or rules_root()).glob("*/ruleset.yaml")))


def _rule_words(rule: Rule) -> Iterator[tuple[str, str]]:
    for field in ("topic", "problem", "plan"):
        for word in getattr(rule, field):
            yield field, word
    for pattern in rule.patterns:
        for group in pattern.all:
            for word in group:
                yield f"patterns.{pattern.name}.all", word
        for word in pattern.not_:
            yield f"patterns.{pattern.name}.not", word
    for refusal in rule.refuse:
        for word in refusal.words:
            yield "refuse", word


def _check_groups(rule: Rule, groups: dict[str, tuple[str, ...]], where: str) -> list[Message]:
    return [
        problem(f"{where}: {field}", Message("no_group", {"group": name}))
        for field, word in _rule_words(rule)
        for name in _GROUP.findall(word)
        if name not in groups
    ]


def load_head(set_id: str, root: Path | None = None) -> RuleSetHead:
    """The head of a rule set alone: id, version, years, scoring, packages. Raises RuleError."""
    folder = (root or rules_root()) / set_id
    if not (folder / "ruleset.yaml").is_file():
        raise RuleError((problem(f"{set_id}: -", Message("unknown_set", {"sets": shipped_sets(root)})),))
    return parse_as(RuleSetHead, folder / "ruleset.yaml", f"{set_id}/ruleset.yaml")


def load_ruleset(set_id: str, root: Path | None = None) -> RuleSet:
    """Load and check the rule set ``set_id`` under ``root`` (the shipped rules by default).

    Raises RuleError with one line a problem.
    """
    base = root or rules_root()
    folder = base / set_id
    head = load_head(set_id, root)
    digest = hashlib.sha256()
    shared_path = base / "words.yaml"
    digest.update(shared_path.read_bytes() if shared_path.is_file() else b"")
    shared = parse_as(Words, shared_path, "words.yaml")
    digest.update((folder / "ruleset.yaml").read_bytes())
    rules: list[Rule] = []
    words: dict[str, dict[str, tuple[str, ...]]] = {}
    problems: list[Message | str] = []
    seen: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name == "ruleset.yaml":
            continue
        name = f"{set_id}/{path.name}"
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
        try:
            parsed, lines = parse_rule_file(path, name)
        except RuleError as error:
            problems.extend(error.problems)
            continue
        groups = {**shared.groups, **parsed.words}
        for i, rule in enumerate(parsed.rules):
            where = f"{name}:{lines[('rules', i)]}"
            if rule.id in seen:
                problems.append(problem(f"{where}: id", Message("same_id", {"file": seen[rule.id], "id": rule.id})))
            seen[rule.id] = name
            problems.extend(_check_groups(rule, groups, where))
            rules.append(rule)
            words[rule.id] = groups
    if problems:
        raise RuleError(tuple(problems))
    rules.sort(key=lambda r: r.id)
    return RuleSet(head=head, rules=tuple(rules), words=words, shared=shared, sha256=digest.hexdigest())
