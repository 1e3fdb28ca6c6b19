"""Whether every obligation of the catalogues has its rule, and every rule its obligation and its examples."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from auditor.errors import RuleError, problem
from auditor.findings import Status
from auditor.obligations import Rule, RuleSet
from auditor.rules import load_ruleset, rules_root, shipped_sets
from auditor.strict import load_yaml
from auditor.words import Message

COVERED_EXAMPLES = 2
LOOKALIKE_EXAMPLES = 3
_SAME = ("title", "importance", "part", "clause", "gist", "wording", "cues", "data", "confusions")


@dataclass(frozen=True, slots=True)
class ObligationCoverage:
    """One obligation: its rule's wording mark and how many examples it has of each kind."""

    id: str
    title: str
    wording: str
    covered: int
    refused: int
    patterns: int

    @property
    def tested(self) -> bool:
        return self.covered >= COVERED_EXAMPLES and self.refused >= LOOKALIKE_EXAMPLES


@dataclass(frozen=True, slots=True)
class ItemCoverage:
    """One item of the instrument, such as (九), with its obligations."""

    set: str
    item: str
    obligations: tuple[ObligationCoverage, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """All items in order, and what is wrong, one line a problem."""

    items: tuple[ItemCoverage, ...]
    problems: tuple[Message, ...]


def load_catalogue(set_id: str, root: Path | None = None) -> tuple[dict[str, Any], ...]:
    """The catalogue entries of a set, as they stand in ``rules/catalogue``. Raises RuleError."""
    name = f"catalogue/{set_id}.yaml"
    value, _ = load_yaml((root or rules_root()) / "catalogue" / f"{set_id}.yaml", name)
    obligations = value.get("obligations") if isinstance(value, dict) else None
    if not isinstance(obligations, list):
        raise RuleError((problem(f"{name}:1: obligations", Message("required")),))
    return tuple(obligations)


def coverage(sets: tuple[str, ...] | None = None, root: Path | None = None) -> Coverage:
    """Compare rule sets with their catalogues. Raises RuleError where a file is invalid."""
    items: list[ItemCoverage] = []
    problems: list[Message] = []
    for set_id in sets or shipped_sets(root):
        loaded = load_ruleset(set_id, root)
        entries = {e["id"]: e for e in load_catalogue(set_id, root)}
        problems.extend(_differences(loaded, entries))
        grouped: dict[str, list[ObligationCoverage]] = {}
        for rule in loaded.rules:
            row = _row(rule)
            grouped.setdefault(rule.clause or rule.part, []).append(row)
            if not row.tested:
                wanted = {"covered": COVERED_EXAMPLES, "refused": LOOKALIKE_EXAMPLES}
                problems.append(problem(rule.id, Message("few_examples", wanted)))
        items.extend(ItemCoverage(set_id, item, tuple(rows)) for item, rows in grouped.items())
    return Coverage(tuple(items), tuple(problems))


def _row(rule: Rule) -> ObligationCoverage:
    covered = sum(e.status.covered for e in rule.examples)
    # A check of the whole report grades: 部分符合 is both something shown and something refused.
    refused = (
        sum(e.status is not Status.EVIDENCED for e in rule.examples) if rule.check else len(rule.examples) - covered
    )
    patterns = len(rule.patterns) + len(rule.like) + (rule.check is not None)
    return ObligationCoverage(rule.id, rule.title, rule.wording, covered, refused, patterns)


def _differences(loaded: RuleSet, entries: dict[str, dict[str, Any]]) -> list[Message]:
    problems = [problem(key, Message("no_rule")) for key in entries if loaded.rule(key) is None]
    for rule in loaded.rules:
        entry = entries.get(rule.id)
        if entry is None:
            problems.append(problem(rule.id, Message("no_obligation")))
            continue
        held = asdict(rule)
        for field in _SAME:
            if (held.get(field) or None) != (entry.get(field) or None):
                problems.append(problem(rule.id, Message("strays", {"field": field})))
        for field in ("levels", "levels_by_reference"):
            if list(held[field]) != list(entry.get(field) or []):
                problems.append(problem(rule.id, Message("strays", {"field": field})))
        if [(e["text"], e["strong"]) for e in held["elements"]] != [
            (e["text"], e["strong"]) for e in entry["elements"]
        ]:
            problems.append(problem(rule.id, Message("strays", {"field": "elements"})))
    return problems
