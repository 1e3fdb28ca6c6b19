"""``baseline.json``: a baseline as a file."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from pydantic import Field

from auditor.baseline import GAPS, NEVER_HELD, Baseline, Entry
from auditor.errors import RuleError
from auditor.findings import RuleSetRef
from auditor.problems import Kind
from auditor.strict import Strict, load_as
from auditor.words import Lang, tell

FORMAT = 1


class _RuleSet(Strict):
    id: str
    version: str
    sha256: str


class _Entry(Strict):
    unit: str = Field(min_length=1)
    year: int = Field(ge=1000, le=9999)
    obligation: str = Field(min_length=1)
    status: str = Field(min_length=1)


class BaselineFile(Strict):
    """The file, JSON, one entry a line."""

    format: Literal[1]
    rule_sets: tuple[_RuleSet, ...]
    entries: tuple[_Entry, ...]


def load_baseline(path: Path, name: str, lang: Lang, known: Collection[str] | None = None) -> Baseline:
    """Read a baseline whose obligations are among ``known`` (None: whatever they are called).

    Raises RuleError with one line a problem: an obligation or status that there is not, one that no baseline holds, an
    entry that stands twice.
    """
    held, lines = load_as(BaselineFile, path, name)
    entries = [Entry(**each.model_dump()) for each in held.entries]
    seen: set[Entry] = set()
    problems = []
    for at, entry in enumerate(entries):
        for field, text in _faults(entry, known, lang):
            problems.append(f"{name}:{lines[('entries', at, field)]}: entries[{at}].{field}: {text}")
        if entry in seen:
            problems.append(f"{name}:{lines[('entries', at)]}: entries[{at}]: {tell(lang, 'entry_twice')}")
        seen.add(entry)
    if problems:
        raise RuleError(tuple(problems))
    return Baseline(frozenset(entries), tuple(RuleSetRef(**each.model_dump()) for each in held.rule_sets))


def _faults(entry: Entry, known: Collection[str] | None, lang: Lang) -> Iterator[tuple[str, str]]:
    if entry.obligation in NEVER_HELD:
        yield "obligation", tell(lang, "never_held")
    elif entry.obligation == Kind.FIGURE_ERROR:
        return
    elif known is not None and entry.obligation not in known:
        near = get_close_matches(entry.obligation, known, n=1)
        text = tell(lang, "unknown_id_near" if near else "unknown_id", id=entry.obligation, near="".join(near))
        yield "obligation", text
    elif entry.status not in (*GAPS, Kind.BELOW_THRESHOLD):
        statuses = tell(lang, "mark").join((*GAPS, Kind.BELOW_THRESHOLD))
        yield "status", tell(lang, "bad_status", value=entry.status, known=statuses)


def dumped(baseline: Baseline) -> str:
    """The file: sorted, an entry a line, so that a version control system shows what changed."""
    sets = [json.dumps(asdict(ref), ensure_ascii=False) for ref in baseline.rule_sets]
    entries = [json.dumps(asdict(entry), ensure_ascii=False) for entry in sorted(baseline.entries)]
    parts = [f'"format": {FORMAT}', f'"rule_sets": {_listed(sets)}', f'"entries": {_listed(entries)}']
    return "{" + ",\n ".join(parts) + "}\n"


def _listed(items: Sequence[str]) -> str:
    return "[\n  " + ",\n  ".join(items) + "\n ]" if items else "[]"
