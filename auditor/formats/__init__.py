"""The output formats: what an audit can be turned into, and how each is written."""

from __future__ import annotations

from collections.abc import Callable

from auditor.findings import Audit
from auditor.formats import csv_, json_, jsonl, markdown, table, workbook
from auditor.formats.streaming import Document, Stream
from auditor.words import Lang

# One text or file over all audits at once; the flag asks for every row, not only for what needs attention.
FORMATS: dict[str, Callable[[Audit, Lang, bool], str | bytes]] = {
    "table": table.render,
    "json": json_.render,
    "md": markdown.render,
    "xlsx": workbook.render,
}
# Of these, written part by part while the batch runs and framed at its end.
DOCUMENTS: dict[str, Document] = {
    "json": Document(json_.piece, json_.frame, "", ","),
    "md": Document(markdown.piece, markdown.frame, "\n\n", "\n\n", markdown.listed),
}
STREAMED: dict[str, Stream] = {
    "csv": Stream(csv_.opening, csv_.lines, csv_.unreadable),
    "jsonl": Stream(jsonl.opening, jsonl.lines, jsonl.unreadable),
}
# A file a report: pages with an index over them, letters.
EACH = ("html", "docx")
# Tables for queries: a folder of files, a database.
STORED = ("parquet", "duckdb")
NAMES = (*FORMATS, *STREAMED, *EACH, *STORED)
