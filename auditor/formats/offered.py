"""What an audit can be turned into, and how each format is written; the module of a format is loaded when it is used."""

from __future__ import annotations

from collections.abc import Callable

from auditor.findings import Audit
from auditor.formats import later
from auditor.formats.streaming import Document, Stream
from auditor.words import Lang

# One text or file over all audits at once; the flag asks for every row, not only for what needs attention.
FORMATS: dict[str, Callable[[Audit, Lang, bool], str | bytes]] = {
    "table": later("table", "render"),
    "json": later("json_", "render"),
    "md": later("markdown", "render"),
    "xlsx": later("workbook", "render"),
}
# Of these, written part by part while the batch runs and framed at its end.
DOCUMENTS: dict[str, Document] = {
    "json": Document(later("json_", "piece"), later("json_", "frame"), "", ","),
    "md": Document(later("markdown", "piece"), later("markdown", "frame"), "\n\n", "\n\n", later("markdown", "listed")),
}
STREAMED: dict[str, Stream] = {
    name: Stream(later(module, "opening"), later(module, "lines"), later(module, "unreadable"))
    for name, module in {"csv": "csv_", "jsonl": "jsonl"}.items()
}
# A file a report: pages with an index over them, letters.
EACH = ("html", "docx")
# Tables for queries: a folder of files, a database.
STORED = ("parquet", "duckdb")
NAMES = (*FORMATS, *STREAMED, *EACH, *STORED)
