"""``waivers.yaml``: waivers as a file."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from auditor.errors import RuleError
from auditor.findings import Waiver
from auditor.strict import Lines, Strict, load_as
from auditor.waivers import Listed, day_of
from auditor.words import Lang, tell

MAXIMUM_DAYS = 366

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Entry(Strict):
    obligation: _Text
    unit: _Text
    year: int = Field(ge=1000, le=9999)
    reason: _Text
    approved_by: _Text
    approval_no: _Text
    expires: _Text


class WaiverFile(Strict):
    """The file: its format, the most days that a waiver may run after its report year, the waivers."""

    format: Literal[1]
    maximum_days: int = Field(default=MAXIMUM_DAYS, ge=1, le=1100)
    waivers: tuple[_Entry, ...]


def load_waivers(path: Path, name: str, known: Collection[str], lang: Lang) -> tuple[Listed, ...]:
    """The waivers of a file, each for one of the obligations ``known``.

    Raises RuleError with one line a problem: a field missing or blank, an id that no rule set has, a date that is none,
    one that lies further after the report year than the file allows, two waivers for the same thing.
    """
    held, lines = load_as(WaiverFile, path, name)
    problems: list[str] = []
    seen: dict[tuple[str, str, int], int] = {}
    listed: list[Listed] = []
    for at, entry in enumerate(held.waivers):
        key = (entry.obligation, entry.unit, entry.year)
        if key in seen:
            problems.append(_problem(name, lines, at, "obligation", tell(lang, "waiver_twice", line=seen[key])))
        seen.setdefault(key, lines[("waivers", at)])
        for field, text in _faults(entry, held.maximum_days, known, lang):
            problems.append(_problem(name, lines, at, field, text))
        listed.append(Listed(Waiver(**entry.model_dump()), f"{name}:{lines[('waivers', at)]}"))
    if problems:
        raise RuleError(tuple(problems))
    return tuple(listed)


def _problem(name: str, lines: Lines, at: int, field: str, text: str) -> str:
    return f"{name}:{lines[('waivers', at, field)]}: waivers[{at}].{field}: {text}"


def _faults(entry: _Entry, most: int, known: Collection[str], lang: Lang) -> list[tuple[str, str]]:
    faults = []
    if entry.obligation not in known:
        near = get_close_matches(entry.obligation, known, n=1)
        key = "unknown_id_near" if near else "unknown_id"
        faults.append(("obligation", tell(lang, key, id=entry.obligation, near="".join(near))))
    day = day_of(entry.expires)
    if day is None:
        faults.append(("expires", tell(lang, "bad_date", value=entry.expires)))
    elif day > (last := date(entry.year, 12, 31) + timedelta(days=most)):
        faults.append(("expires", tell(lang, "too_long", year=entry.year, days=most, last=last.isoformat())))
    return faults
