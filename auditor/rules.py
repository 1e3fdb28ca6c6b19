"""Rule sets: how the rule YAML is loaded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from auditor.errors import RuleError, problem
from auditor.expressions import expression
from auditor.obligations import Rule, RuleFile, RuleSet, RuleSetHead, Words
from auditor.words import Message

_Checked = TypeVar("_Checked")


def parse_rule_file(path: Path, name: str) -> tuple[RuleFile, dict[tuple[str | int, ...], int]]:
    """Read one rule file; raises RuleError naming file, line and field."""
    from auditor.validation import load_checked  # slow to load, and seldom needed: the compiled rules are kept

    return load_checked(RuleFile, path, name)


def parse_checked(kind: type[_Checked], path: Path, name: str) -> _Checked:
    """Read a YAML file strictly as the dataclass ``kind``; raises RuleError naming file, line and field."""
    from auditor.validation import load_checked

    return load_checked(kind, path, name)[0]


# ---------------------------------------------------------------- loading a set


_GROUP = expression(r"<([^<>]+)>")


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
    return parse_checked(RuleSetHead, folder / "ruleset.yaml", f"{set_id}/ruleset.yaml")


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
    shared = parse_checked(Words, shared_path, "words.yaml")
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
