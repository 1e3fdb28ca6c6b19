"""The output formats: each turns an audit into text, in a language, with every row or only what needs attention."""

from __future__ import annotations

from collections.abc import Callable

from auditor.findings import Audit
from auditor.formats import json_, markdown, table
from auditor.words import Lang

FORMATS: dict[str, Callable[[Audit, Lang, bool], str]] = {
    "table": table.render,
    "json": json_.render,
    "md": markdown.render,
}
