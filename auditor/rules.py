"""Rule sets: the models of the rule YAML, the strict loader, and what it says of a bad file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import reduce
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from auditor.errors import RuleError, problem
from auditor.findings import Flag, RuleSetRef, Status
from auditor.report import Level, Role
from auditor.words import Message

_CUES = re.compile(r"[、,;:。()/\uff0c\uff1b\uff1a\uff08\uff09“”\"]")
_Model = TypeVar("_Model", bound=BaseModel)

Importance = Literal["core", "common", "extended"]
Wording = Literal["verbatim", "mirrored", "mirrored_in_part", "recalled", "own"]
FactKind = Literal["count", "rate", "document", "meeting", "date", "body", "campaign", "nil"]
Accept = Literal["superior", "earlier_year", "title", "preamble", "norm", "purpose", "negated"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Element(_Strict):
    """What a report says when the duty was done; ``strong`` ones prove it alone."""

    text: str
    strong: bool


class Pattern(_Strict):
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


class Refusal(_Strict):
    """Words that make a look-alike of another object, and why it does not count."""

    words: tuple[str, ...] = Field(min_length=1)
    why: str
    within: Literal["clause", "sentence"] = "clause"


class Threshold(_Strict):
    """A figure that the duty demands: the number before ``unit`` near one of ``words`` must reach ``at_least``."""

    name: str
    unit: tuple[str, ...] = Field(min_length=1)
    at_least: float
    words: tuple[str, ...] = ()


class ImportanceFrom(_Strict):
    """Importance from a report year on."""

    from_: int = Field(alias="from")
    importance: Importance


class Example(_Strict):
    """A sentence or tiny report, and the status it must get."""

    text: str
    status: Status
    role: Role = Role.WORK
    level: Level = Level.COUNTY
    year: int | None = None
    flags: tuple[Flag, ...] | None = None
    why: str | None = None


class Rule(_Strict):
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


class Package(_Strict):
    """Obligations that users know as one thing, such as 行政执法三项制度."""

    id: str
    title: str
    members: tuple[str, ...] = Field(min_length=1)


class Years(_Strict):
    """The report years that a rule set binds, both included; ``to`` None has no end."""

    from_: int = Field(alias="from")
    to: int | None = None


class Scoring(_Strict):
    """Base scores by status, what flags take off, weights by importance (judgement guide, Score)."""

    base: dict[Status, int]
    off: dict[Flag, int]
    weights: dict[Importance, int]


class RuleSetHead(_Strict):
    """The head of a rule set: ``ruleset.yaml``."""

    id: str
    version: str
    title: str
    issuer: str
    years: Years
    scoring: Scoring
    packages: tuple[Package, ...] = ()


class RuleFile(_Strict):
    """One file of rules."""

    rule_set: str
    words: dict[str, tuple[str, ...]] = {}
    rules: tuple[Rule, ...]


class Words(_Strict):
    """Word groups shared by all rules, term pairs that a slip must not join, and words for the tokenizer."""

    groups: dict[str, tuple[str, ...]]
    distinct: tuple[tuple[str, str], ...] = ()
    lexicon: tuple[str, ...] = ()


class RuleSet(_Strict):
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


# ---------------------------------------------------------------- strict YAML


_INT = re.compile(r"-?(0|[1-9][0-9]*)$")
_FLOAT = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]*[1-9]$")
_LOOKS_TYPED = re.compile(
    r"(yes|no|on|off|y|n|~|null|true|false|[-+]?[0-9][0-9_]*(\.[0-9]*)?|0[xob][0-9a-f]+|\.inf|\.nan|[0-9]+:[0-9:]+"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?)$",
    re.IGNORECASE,
)
_PLAIN = {"true": True, "false": False, "null": None}

Lines = dict[tuple[str | int, ...], int]


class _Problems:
    """Collects what is wrong in one file, line by line."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Message] = []

    def add(self, line: int, field: str, what: Message | str) -> None:
        self.found.append(problem(f"{self.file}:{line}: {field or '-'}", what))


def _field_name(path: tuple[str | int, ...]) -> str:
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".")


def _plain_value(node: yaml.ScalarNode, path: tuple[str | int, ...], problems: _Problems) -> Any:
    text: str = node.value
    if node.style in ("'", '"', "|", ">"):
        return text
    if text in _PLAIN:
        return _PLAIN[text]
    if _INT.match(text):
        return int(text)
    if _FLOAT.match(text):
        return float(text)
    if text == "":
        return None
    if _LOOKS_TYPED.match(text):
        problems.add(node.start_mark.line + 1, _field_name(path), Message("ambiguous", {"text": text}))
    return text


def _construct(node: yaml.Node, path: tuple[str | int, ...], lines: Lines, problems: _Problems) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return _plain_value(node, path, problems)
    if isinstance(node, yaml.SequenceNode):
        return [_construct(child, (*path, i), lines, problems) for i, child in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        raise TypeError(type(node).__name__)
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            problems.add(line, _field_name(path), Message("no_plain_key"))
            continue
        key = str(key_node.value)
        if key in result:
            problems.add(line, _field_name((*path, key)), Message("same_key"))
        result[key] = _construct(value_node, (*path, key), lines, problems)
        lines[(*path, key)] = line
    return result


def load_yaml(path: Path, name: str) -> tuple[Any, Lines]:
    """Parse a YAML file strictly.

    Duplicate keys, aliases and values that YAML would silently retype (``no``, ``012``, ``1.10``) are errors.
    Returns the plain value and the line of every field. Raises RuleError.
    """
    problems = _Problems(name)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise _unusable(name, 1, Message("unreadable", {"error": error.strerror or str(error)})) from error
    except UnicodeDecodeError as error:
        raise _unusable(name, 1, Message("not_utf8", {"place": error.start})) from error
    try:
        node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _unusable(name, line, Message("no_yaml", {"error": error.problem or str(error)})) from error
    except yaml.YAMLError as error:
        raise _unusable(name, 1, Message("no_yaml", {"error": " ".join(str(error).split())})) from error
    if node is None:
        raise _unusable(name, 1, Message("empty"))
    lines: Lines = {}
    value = _construct(node, (), lines, problems)
    if problems.found:
        raise RuleError(tuple(problems.found))
    return value, lines


def _unusable(name: str, line: int, why: Message) -> RuleError:
    return RuleError((problem(f"{name}:{line}: -", why),))


def _line_of(loc: tuple[str | int, ...], lines: Lines) -> int:
    while loc not in lines and loc:
        loc = loc[:-1]
    return lines.get(loc, 1)


# What a field should hold: pydantic's error type or what it begins with, and the key of the message.
_SHOULD_BE = {
    "string": "kind_text",
    "int_from": "kind_whole",
    "int": "kind_number",
    "float": "kind_number",
    "bool": "kind_bool",
    "tuple": "kind_list",
    "list": "kind_list",
    "dict": "kind_mapping",
    "model": "kind_mapping",
}
_LENGTHS = {"too_short": ("kind_at_least", "min_length"), "too_long": ("kind_at_most", "max_length")}
_CHOICE = re.compile(r"'([^']*)'")


def _explain(error: ValidationError, model: type[BaseModel], name: str, lines: Lines) -> RuleError:
    by_field: dict[tuple[str | int, ...], list[Any]] = {}
    for item in error.errors(include_url=False):
        loc = tuple(p for p in item["loc"] if not (isinstance(p, str) and p.startswith("function-")))
        # of a field that may hold this or that, pydantic complains once for each, naming the kind after the field
        while loc not in lines and loc[:-1] in lines and item["type"] not in ("missing", "extra_forbidden") and loc:
            loc = loc[:-1]
        by_field.setdefault(loc, []).append(item)
    return RuleError(
        tuple(
            problem(f"{name}:{_line_of(loc, lines)}: {_field_name(loc) or '-'}", what)
            for loc, items in by_field.items()
            for what in _messages(items, _fields(model, loc[:-1]))
        )
    )


def _messages(items: list[Any], fields: list[str]) -> list[Message | str]:
    """What is wrong with one field; ``fields`` could stand in its place."""
    kinds = [kind for item in items if (kind := _should_be(item))]
    if len(kinds) == len(items):
        return [Message("should_be", {"kinds": reduce(_either, kinds)})]
    return [_message(item, fields) for item in items]


def _either(one: Message, other: Message) -> Message:
    return Message("either", {"one": one, "other": other})


def _message(item: Any, fields: list[str]) -> Message | str:
    if item["type"] == "missing":
        return Message("required")
    if item["type"] == "extra_forbidden":
        near = get_close_matches(str(item["loc"][-1]), fields, n=1)
        return Message("near_key", {"near": near[0]}) if near else Message("unknown_key")
    own = getattr(item.get("ctx", {}).get("error"), "args", ())
    return own[0] if own and isinstance(own[0], Message) else str(item["msg"])


def _should_be(item: Any) -> Message | None:
    if item["type"] in ("enum", "literal_error"):
        return Message("kind_choice", {"choices": "/".join(_CHOICE.findall(item["msg"]))})
    if item["type"] in _LENGTHS:
        key, length = _LENGTHS[item["type"]]
        return Message(key, {"count": item["ctx"][length]})
    return next((Message(key) for kind, key in _SHOULD_BE.items() if item["type"].startswith(kind)), None)


def _fields(model: Any, loc: tuple[str | int, ...]) -> list[str]:
    """The fields that the model at ``loc`` below ``model`` takes, as a file names them."""
    for step in loc:
        if isinstance(model, type) and issubclass(model, BaseModel):
            field = next((f for n, f in model.model_fields.items() if step in (n, f.alias)), None)
            model = field.annotation if field else None
        else:
            inner = [each for each in get_args(model) if each is not Ellipsis]
            model = inner[-1] if inner else None
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return []
    return [field.alias or name for name, field in model.model_fields.items()]


def parse_rule_file(path: Path, name: str) -> tuple[RuleFile, Lines]:
    """Read one rule file; raises RuleError naming file, line and field."""
    value, lines = load_yaml(path, name)
    try:
        return RuleFile.model_validate(value), lines
    except ValidationError as error:
        raise _explain(error, RuleFile, name, lines) from error


def parse_as(model: type[_Model], path: Path, name: str) -> _Model:
    """Read a YAML file strictly as ``model``; raises RuleError naming file, line and field."""
    value, lines = load_yaml(path, name)
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise _explain(error, model, name, lines) from error


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
