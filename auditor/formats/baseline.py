"""A baseline as a table: how many known problems each unit and year has, then each of them."""

from __future__ import annotations

from auditor.baseline import Baseline
from auditor.formats.cells import columns, screen_width, visible
from auditor.formats.verdict import status_of
from auditor.words import Lang, say, tell


def render(baseline: Baseline, lang: Lang = Lang.ZH) -> str:
    """The entries in order, and the rule sets that found them."""
    headings = [say(lang, key) for key in ("unit", "year", "id", "status")]
    body = [[visible(e.unit), str(e.year), e.obligation, visible(status_of(e, lang))] for e in sorted(baseline.entries)]
    lines = columns(headings, body, screen_width()) if body else []
    units = len({(e.unit, e.year) for e in baseline.entries})
    sets = say(lang, "list_mark").join(f"{ref.id} {ref.version}" for ref in baseline.rule_sets)
    return "\n".join([*lines, tell(lang, "baseline_holds", entries=len(body), reports=units, sets=sets)]) + "\n"
