"""The output formats: what an audit can be turned into, and how each is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from auditor.findings import Audit, ReportAudit, Unreadable
from auditor.formats import csv_, json_, jsonl, markdown, table, workbook
from auditor.words import Lang


@dataclass(frozen=True, slots=True)
class Stream:
    """A format written row by row while the batch runs: how it opens, the lines of a report, those of a failure."""

    opening: Callable[[Lang], str]
    lines: Callable[[ReportAudit, Lang], Iterator[str]]
    unreadable: Callable[[Unreadable, Lang], Iterator[str]]


# One text or file over all reports; the flag asks for every row, not only for what needs attention.
FORMATS: dict[str, Callable[[Audit, Lang, bool], str | bytes]] = {
    "table": table.render,
    "json": json_.render,
    "md": markdown.render,
    "xlsx": workbook.render,
}
STREAMED: dict[str, Stream] = {
    "csv": Stream(csv_.opening, csv_.lines, csv_.unreadable),
    "jsonl": Stream(jsonl.opening, jsonl.lines, jsonl.unreadable),
}
# A file a report: pages with an index over them, letters.
EACH = ("html", "docx")
NAMES = (*FORMATS, *STREAMED, *EACH)
