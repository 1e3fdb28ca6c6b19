"""Rule sets made ready for auditing, kept in the user's cache directory under the hash of the files they come from."""

from __future__ import annotations

import gc
import hashlib
import pickle
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from auditor import __version__
from auditor.cached import cache_dir, forget, write_cached
from auditor.matching import Matcher
from auditor.obligations import RuleSet
from auditor.rules import load_ruleset, rules_root, shipped_sets

_CODE = ("compiled", "findings", "matching", "obligations", "report", "rules", "slips", "text", "vocabulary", "wording")


@lru_cache(maxsize=16)
def compiled(set_ids: tuple[str, ...], root: Path | None) -> tuple[tuple[RuleSet, ...], Matcher]:
    """The sets, without their examples, and their matcher. Raises RuleError.

    The shipped rules (``root`` None) are kept in the cache; a copy is used only where every rule file and the code that
    made it are the same, and a damaged one is made anew.
    """
    if root is not None:
        return _compile(set_ids, root)
    kept = f"rules-{'+'.join(set_ids)}-"
    path = cache_dir() / f"{kept}{_digest(rules_root())}.pickle"
    result = _cached(path)
    if result is None:
        result = _compile(set_ids, None)
        if write_cached(path, pickle.dumps(result, protocol=5)):
            forget(kept, path)
    # The rules live as long as the process: a collector that walks them over and over would cost more than the audits.
    gc.freeze()
    return result


def _cached(path: Path) -> tuple[tuple[RuleSet, ...], Matcher] | None:
    try:
        with path.open("rb") as file:
            sets, matcher = pickle.load(file)
    except (OSError, pickle.PickleError, AttributeError, EOFError, ImportError, IndexError, TypeError, ValueError):
        return None
    return (sets, matcher) if isinstance(matcher, Matcher) else None


def _digest(root: Path) -> str:
    digest = hashlib.sha256(__version__.encode())
    code = (Path(__file__).with_name(f"{name}.py") for name in _CODE)
    for path in (*code, root / "words.yaml", *sorted(root.glob("*/*.yaml"))):
        if path.is_file():
            digest.update(f"{path.parent.name}/{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:24]


def _compile(set_ids: tuple[str, ...], root: Path | None) -> tuple[tuple[RuleSet, ...], Matcher]:
    sets = tuple(load_ruleset(s, root) for s in set_ids)
    own = {r.id for s in sets for r in s.rules}
    borrowed = {other for s in sets for r in s.rules for other in r.like} - own
    others = [load_ruleset(s, root) for s in shipped_sets(root) if s not in set_ids] if borrowed else []
    matcher = Matcher(sets, others)
    bare = tuple(replace(s, rules=tuple(replace(r, examples=()) for r in s.rules), words={}) for s in sets)
    return bare, matcher
