"""Rule sets made ready for auditing, kept in the user's cache directory under the hash of the files they come from."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from auditor.cached import digest, kept_under
from auditor.matching import Matcher
from auditor.obligations import Rule, RuleSet, RuleSetHead
from auditor.rules import load_head, load_ruleset, rules_root, shipped_sets

_CODE = (
    "atoms",
    "compiled",
    "findings",
    "matching",
    "obligations",
    "report",
    "rules",
    "slips",
    "text",
    "vocabulary",
    "wording",
)

Compiled = tuple[tuple[RuleSet, ...], Matcher]


@lru_cache(maxsize=16)
def compiled(set_ids: tuple[str, ...], root: Path | None) -> Compiled:
    """The sets, without their words and examples, and their matcher. Raises RuleError.

    The shipped rules (``root`` None) are kept in the cache; a copy is used only where every rule file and the code that
    made it are the same.
    """
    if root is not None:
        return _compile(set_ids, root)
    result: Compiled = kept_under(f"rules-{'+'.join(set_ids)}", tuple, _version(), lambda: _compile(set_ids, None))
    # The rules live as long as the process: a collector that walks them over and over would cost more than the audits.
    gc.freeze()
    return result


@lru_cache(maxsize=4)
def heads(root: Path | None) -> dict[str, RuleSetHead]:
    """The heads of the sets under ``root`` (the shipped ones by default) by id. Raises RuleError."""
    if root is not None:
        return _heads(root)
    return kept_under("heads", dict, _version(), lambda: _heads(None))


def _heads(root: Path | None) -> dict[str, RuleSetHead]:
    return {set_id: load_head(set_id, root) for set_id in shipped_sets(root)}


@lru_cache(maxsize=1)
def obligation_ids(root: Path | None) -> frozenset[str]:
    """The ids of every obligation of every set under ``root`` (the shipped ones by default). Raises RuleError."""
    if root is not None:
        return _obligation_ids(root)
    return kept_under("obligations", frozenset, _version(), lambda: _obligation_ids(None))


def _obligation_ids(root: Path | None) -> frozenset[str]:
    return frozenset(rule.id for set_id in shipped_sets(root) for rule in load_ruleset(set_id, root).rules)


@lru_cache(maxsize=1)
def _version() -> str:
    return digest(_sources())


def _sources() -> Iterator[Path]:
    """The code that compiles and the files of the shipped rules."""
    root = rules_root()
    yield from (Path(__file__).with_name(f"{name}.py") for name in _CODE)
    yield from (root / "words.yaml", *sorted(root.glob("*/*.yaml")))


def _compile(set_ids: tuple[str, ...], root: Path | None) -> Compiled:
    sets = tuple(load_ruleset(s, root) for s in set_ids)
    own = {r.id for s in sets for r in s.rules}
    borrowed = {other for s in sets for r in s.rules for other in r.like} - own
    others = [load_ruleset(s, root) for s in shipped_sets(root) if s not in set_ids] if borrowed else []
    matcher = Matcher(sets, others)
    return tuple(replace(s, rules=tuple(map(_bare, s.rules)), words={}) for s in sets), matcher


def _bare(rule: Rule) -> Rule:
    """A rule without what the matcher knows of it."""
    return replace(rule, topic=(), problem=(), plan=(), patterns=(), refuse=(), examples=())
