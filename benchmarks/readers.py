"""Every format against its truth: how exactly text, paragraphs and headings come out, how fast, and what the audit says.

    python benchmarks/readers.py [FOLDER]      (default ../shared/samples)

The folder holds files in any subfolder, and ``truth/<stem>.json``: a list of {"role", "text"}. The truth of a file is
the longest stem that its name contains (``lo_000_rich.pdf`` → ``000_rich``, else ``000``). Printed for each file:

CER     edits / characters, white space removed and punctuation of both widths taken as one
para    share of the truth's paragraphs and rows that are exactly one block
head    the same of headings
s       seconds of reading it, child process and all
status  obligations whose status differs from the audit of the truth as plain text
"""

from __future__ import annotations

import json
import re
import sys
import time
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from auditor.audit import Options, audit_report
from auditor.errors import UnreadableFile
from auditor.readers import read_bytes
from auditor.readers.assembly import Paragraph, assemble
from auditor.report import Extracted
from auditor.structure import structure

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT.parent / "shared" / "samples"
SKIPPED = {"truth", "hostile"}


@dataclass(frozen=True)
class Measured:
    name: str
    cer: float
    para: float
    head: float
    seconds: float
    changed: tuple[str, ...]
    extra: str


def plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def truth_of(path: Path, truths: dict[str, list[dict[str, str]]]) -> list[dict[str, str]] | None:
    fitting = [stem for stem in truths if re.search(rf"(?<!\d){re.escape(stem)}(?![a-z])", path.stem)]
    return truths[max(fitting, key=len)] if fitting else None


def statuses(extracted: Extracted) -> dict[str, str]:
    result = audit_report(structure(extracted, "report.txt", "0"), Options())
    return {finding.id: str(finding.status) for finding in result.findings}


def as_text(truth: list[dict[str, str]]) -> Extracted:
    return assemble((Paragraph(row["text"], table=row["role"] == "table") for row in truth), "txt")


def share(wanted: list[str], found: Counter[str]) -> float:
    left = found.copy()
    hits = 0
    for text in wanted:
        if left[text]:
            left[text] -= 1
            hits += 1
    return hits / len(wanted) if wanted else 1.0


def measure(path: Path, truth: list[dict[str, str]], expected: dict[str, str]) -> Measured:
    start = time.perf_counter()
    extracted = read_bytes(path.read_bytes(), path.name)
    seconds = time.perf_counter() - start
    read = plain(extracted.text)
    wanted = plain("".join(row["text"] for row in truth))
    blocks = Counter(plain(block.text) for block in extracted.blocks)
    heads = [plain(row["text"]) for row in truth if row["role"] in ("title", "h1", "h2", "h3")]
    paras = [plain(row["text"]) for row in truth if row["role"] not in ("title", "h1", "h2", "h3")]
    got = statuses(extracted)
    changed = tuple(f"{key}: {expected[key]}→{got.get(key)}" for key in expected if expected[key] != got.get(key))
    return Measured(
        path.name,
        Levenshtein.distance(read, wanted) / max(1, len(wanted)),
        share(paras, blocks),
        share(heads, blocks),
        seconds,
        changed,
        "; ".join(map(str, extracted.warnings)),
    )


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES
    only = sys.argv[2] if len(sys.argv) > 2 else ""
    truths = {p.stem: json.loads(p.read_text(encoding="utf-8")) for p in sorted((folder / "truth").glob("*.json"))}
    expected = {stem: statuses(as_text(truth)) for stem, truth in truths.items()}
    print(f"{'file':<32}{'CER':>8}{'para':>7}{'head':>7}{'s':>7}  status")
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if path.parent.name in SKIPPED or only not in str(path.relative_to(folder)):
            continue
        truth = truth_of(path, truths)
        if truth is None:
            continue
        stem = next(key for key, each in truths.items() if each is truth)
        try:
            row = measure(path, truth, expected[stem])
        except UnreadableFile as error:
            print(f"{path.name:<32}{error.code:>8}  {error.message}")
            continue
        same = "=" if not row.changed else f"{len(row.changed)} differ: {', '.join(row.changed[:4])}"
        print(f"{row.name:<32}{row.cer:>8.4f}{row.para:>7.2f}{row.head:>7.2f}{row.seconds:>7.2f}  {same}  {row.extra}")


if __name__ == "__main__":
    main()
