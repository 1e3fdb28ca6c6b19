"""Writes anew what is committed of the tool's own output: reports_out/, the README's excerpt, the accuracy baseline and page,
the answers of docs/analysis.md.

python tests/refresh.py
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import tempfile
from pathlib import Path

from test_accuracy import GOLD, now
from test_repository import example_commands, excerpt
from test_store import PAGE, answered, make_stores, opened

from auditor.assessment import assess
from auditor.cli import main
from auditor.formats.accuracy import markdown
from auditor.words import Lang

ROOT = Path(__file__).parent.parent
FIGURES = "<!-- figures: auditor eval --gold tests/gold --format md -->\n"


def printed(*arguments: str) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()):
        main(arguments)
    return out.getvalue()


def readme() -> None:
    path = ROOT / "README.md"
    text = path.read_text(encoding="utf-8")
    found = re.search(r"<!-- excerpt: auditor (.+?) -->\n```\n(.*?)```", text, re.DOTALL)
    assert found
    shown = excerpt(printed(*found[1].split(), "--no-out"))
    path.write_text(text[: found.start(2)] + shown + text[found.end(2) :], encoding="utf-8")


def accuracy() -> None:
    result = assess(GOLD)
    (GOLD / "baseline.json").write_text(json.dumps(now(result), indent=1) + "\n", encoding="utf-8")
    page = ROOT / "docs" / "accuracy.md"
    head, _, _ = page.read_text(encoding="utf-8").partition(FIGURES)
    page.write_text(
        head + FIGURES + "\n" + markdown(result, Lang.EN).replace("\n## ", "\n### ") + "\n", encoding="utf-8"
    )


def analysis() -> None:
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stderr(io.StringIO()):
        make_stores(Path(folder))
        with opened(Path(folder) / "audit.duckdb") as database:
            page = answered(PAGE.read_text(encoding="utf-8"), database)
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    os.chdir(ROOT)
    os.environ["COLUMNS"] = "120"
    shutil.rmtree(ROOT / "reports_out")
    for arguments in example_commands("reports_out"):
        printed(*arguments)
    readme()
    accuracy()
    analysis()
