"""The formats of a check: those of an audit, and those that CI systems take."""

from __future__ import annotations

from collections.abc import Callable

from auditor.checking import Checked
from auditor.formats import later
from auditor.words import Lang

CHECK_FORMATS: dict[str, Callable[[Checked, Lang, bool], str]] = {
    "table": later("verdict", "render_table"),
    "json": later("verdict", "render_json"),
    "md": later("verdict", "render_markdown"),
    "sarif": later("sarif", "render"),
    "junit": later("junit", "render"),
    "gitlab": later("gitlab", "render"),
    "github": later("github", "render"),
    "summary": later("summary", "render"),
}
# These end with the conclusion; after the others it goes to standard error.
CONCLUDED = frozenset(("table", "md", "summary"))
# These show every obligation where the user asks for all.
WITH_ALL = frozenset(("table", "md"))
# These name lines of a report's text.
WITH_LINES = frozenset(("sarif", "gitlab", "github"))
