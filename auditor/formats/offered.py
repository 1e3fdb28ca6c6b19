"""What an audit can be turned into, and how each format is written; the module of a format is loaded when it is used."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from auditor.findings import Audit
from auditor.formats.streaming import Document, Stream
from auditor.words import Lang


def _of(module: str, function: str) -> Callable[..., Any]:
    """The function of a module of this package, imported with its first call."""

    def call(*values: Any) -> Any:
        return getattr(import_module(f"auditor.formats.{module}"), function)(*values)

    return call


# One text or file over all audits at once; the flag asks for every row, not only for what needs attention.
FORMATS: dict[str, Callable[[Audit, Lang, bool], str | bytes]] = {
    "table": _of("table", "render"),
    "json": _of("json_", "render"),
    "md": _of("markdown", "render"),
    "xlsx": _of("workbook", "render"),
}
# Of these, written part by part while the batch runs and framed at its end.
DOCUMENTS: dict[str, Document] = {
    "json": Document(_of("json_", "piece"), _of("json_", "frame"), "", ","),
    "md": Document(_of("markdown", "piece"), _of("markdown", "frame"), "\n\n", "\n\n"),
}
STREAMED: dict[str, Stream] = {
    name: Stream(_of(module, "opening"), _of(module, "lines"), _of(module, "unreadable"))
    for name, module in {"csv": "csv_", "jsonl": "jsonl"}.items()
}
# A file a report: pages with an index over them, letters.
EACH = ("html", "docx")
# Tables for queries: a folder of files, a database.
STORED = ("parquet", "duckdb")
NAMES = (*FORMATS, *STREAMED, *EACH, *STORED)
