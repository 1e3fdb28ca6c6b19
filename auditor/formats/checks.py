"""The formats of a check: those of an audit, and those that CI systems take."""

from __future__ import annotations

from collections.abc import Callable

from auditor.checking import Checked
from auditor.findings import Audit
from auditor.formats import FORMATS, github, gitlab, junit, sarif, summary, verdict
from auditor.words import Lang


def _of_audit(render: Callable[[Audit, Lang, bool], str]) -> Callable[[Checked, Lang, bool], str]:
    """A format of audits alone: its findings carry what is waived, known and new."""
    return lambda checked, lang, everything: render(checked.audit, lang, everything)


CHECK_FORMATS: dict[str, Callable[[Checked, Lang, bool], str]] = {
    **{name: _of_audit(render) for name, render in FORMATS.items()},
    "table": verdict.render_table,
    "json": verdict.render_json,
    "md": verdict.render_markdown,
    "sarif": sarif.render,
    "junit": junit.render,
    "gitlab": gitlab.render,
    "github": github.render,
    "summary": summary.render,
}
# These end with the conclusion; after the others it goes to standard error.
CONCLUDED = frozenset(("table", "md", "summary"))
# These show every obligation where the user asks for all.
WITH_ALL = frozenset(FORMATS) - {"json"}
# These name lines of a report's text.
WITH_LINES = frozenset(("sarif", "gitlab", "github"))
