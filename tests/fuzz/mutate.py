"""Mutated files through every reader: each must give text or a typed outcome, in bounded time and memory.

    python tests/fuzz/mutate.py [--count 100000] [--seed 0] [--samples FOLDER] [--keep FOLDER]

Small files of every format, written here, and those of ``--samples`` are damaged at random: bytes changed, cut, repeated
and moved, and inside zip packages the parts before they are packed again. Batches run in a child under the limits of an
audit; when a child dies, its last input is read once more as an audit reads it, which must name what happened. Fails
are inputs for which that raises anything but ``UnreadableFile``; ``--keep`` stores them.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import json
import os
import random
import subprocess
import sys
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from word_files import abstract, docx, level, num, numbered, p, row, table, zipped  # noqa: E402

from auditor.errors import UnreadableFile  # noqa: E402
from auditor.readers import FORMATS, isolation, read_bytes  # noqa: E402

BATCH = 200
LARGEST_SEED = 200_000
SLOW = 60.0
REPORT = [
    "某县2024年法治政府建设年度报告",
    "一、主要做法",
    "全年审查规范性文件12件\uff0c废止3件\uff0c开展学法6次。" * 4,
    "二、存在问题",
]


# ---- seeds


def seeds() -> dict[str, bytes]:
    """A small file of each format."""
    body = "".join(map(p, REPORT)) + numbered("学法") + table(row("事项", "件数"), row("清理", "12"))
    page = "<html><head><meta charset=utf-8><title>报告</title></head><body>" + "".join(f"<p>{t}</p>" for t in REPORT)
    mhtml = (
        "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html\n\n{}\n--x--\n"
    )
    found = {
        "a.txt": "\n".join(REPORT).encode(),
        "a.docx": docx(body, numbering=abstract(level(0, "japaneseCounting", "%1、")) + num()),
        "a.html": page.encode(),
        "a.mhtml": mhtml.format(page).encode(),
        "a.ofd": ofd(),
        "a.odt": odt(),
        "a.rtf": rtf(),
        "a.xlsx": xlsx(),
        "a.pdf": pdf(),
    }
    return found | {"a.zip": zipped({"报告.docx": found["a.docx"], "b/报告.txt": found["a.txt"]})}


def ofd() -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    objects = "".join(
        f'<ofd:TextObject ID="{10 + at}" Boundary="20 {20 + at * 10} 170 10" Font="1" Size="5">'
        f'<ofd:TextCode X="0" Y="5" DeltaX="g {len(text) - 1} 5">{text}</ofd:TextCode></ofd:TextObject>'
        for at, text in enumerate(each[:30] for each in REPORT)
    )
    return zipped(
        {
            "OFD.xml": f"{head}<ofd:OFD {space}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
            "Doc_0/Document.xml": f"{head}<ofd:Document {space}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297"
            "</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages><ofd:Page ID='1' BaseLoc='Pages/Page_0/Content.xml'/>"
            "</ofd:Pages></ofd:Document>",
            "Doc_0/Pages/Page_0/Content.xml": f"{head}<ofd:Page {space}><ofd:Content><ofd:Layer ID='2'>{objects}"
            "</ofd:Layer></ofd:Content></ofd:Page>",
        }
    )


def odt() -> bytes:
    names = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    inside = "".join(f"<text:p>{text}</text:p>" for text in REPORT)
    body = f"<office:body><office:text>{inside}</office:text></office:body>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", f"<office:document-content {names}>{body}</office:document-content>")
    return buffer.getvalue()


def rtf() -> bytes:
    text = "".join("".join(f"\\u{ord(c)}?" for c in line) + "\\par\n" for line in REPORT)
    return b"{\\rtf1\\ansi\\ansicpg936 " + text.encode() + b"}"


def xlsx() -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{text}</t></is></c></row>' for n, text in enumerate(REPORT, 1)
    )
    return zipped(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{types}.worksheet+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{kind}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{kind}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{kind}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
        }
    )


def pdf() -> bytes:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    canvas.setFont("STSong-Light", 16)
    for at, text in enumerate(REPORT):
        canvas.drawString(72, 760 - 30 * at, text[:25])
    canvas.save()
    return buffer.getvalue()


# ---- damage


def mutations(files: dict[str, bytes], count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Damaged files, the formats in turn."""
    chance = random.Random(seed)
    names = sorted(files)
    for at in range(count):
        name = names[at % len(names)]
        yield name, damaged(files[name], chance)


def damaged(data: bytes, chance: random.Random) -> bytes:
    if data.startswith(b"PK") and chance.random() < 0.8:
        with contextlib.suppress(
            zipfile.BadZipFile, zlib.error, ValueError, OSError, NotImplementedError, RuntimeError
        ):
            return _repacked(data, chance)
    return _bytes(data, chance)


def _repacked(data: bytes, chance: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(info.file_size for info in archive.infolist()) > LARGEST_SEED * 10:
            return _bytes(data, chance)
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    for _ in range(chance.choice((1, 1, 2, 4))):
        name = chance.choice(sorted(parts))
        change = chance.random()
        if change < 0.05 and len(parts) > 1:
            del parts[name]
        elif change < 0.1:
            parts[chance.choice(sorted(parts))] = parts[name]
        else:
            parts[name] = _bytes(parts[name], chance)
    return zipped(dict(parts))


_TOKENS = (b"", b"\0", b"<", b">", b"&", b'"', b"%1", b"-1", b"99999999999", b"NaN", b"../", b"\xff\xfe", b"{", b"}", b"\\", b"1e308",
           b"<w:p>", b"</w:p>", b"stream", b"endobj", b"/Kids", b"\\bin9", b"\\u-1?", b"<!DOCTYPE a>", b"&#0;", b"\xf0\x9f")  # fmt: skip


def _bytes(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 3, 8, 30))):
        at = chance.randrange(len(changed) + 1)
        until = min(len(changed), at + chance.choice((1, 2, 4, 16, 64, 500)))
        kind = chance.randrange(6)
        if kind == 0:
            del changed[at:until]
        elif kind == 1:
            changed[at:at] = changed[at:until] * chance.choice((1, 2, 20))
        elif kind == 2:
            changed[at:until] = chance.choice(_TOKENS)
        elif kind == 3 and at < len(changed):
            changed[at] ^= 1 << chance.randrange(8)
        elif kind == 4:
            other = chance.randrange(len(changed) + 1)
            changed[at:at] = changed[other : other + (until - at)]
        elif chance.random() < 0.2:
            del changed[at:]
    return bytes(changed)


# ---- reading


def run(files: dict[str, bytes], count: int, seed: int, keep: Path | None = None) -> tuple[Counter[str], list[str]]:
    """Outcomes by name, and what failed."""
    outcomes: Counter[str] = Counter()
    failures: list[str] = []
    batch: list[tuple[str, bytes]] = []
    for each in mutations(files, count, seed):
        batch.append(each)
        if len(batch) == BATCH:
            _run_batch(batch, outcomes, failures, keep)
            batch = []
    _run_batch(batch, outcomes, failures, keep)
    return outcomes, failures


def _run_batch(batch: list[tuple[str, bytes]], outcomes: Counter[str], failures: list[str], keep: Path | None) -> None:
    waiting = list(batch)
    while waiting:
        done = _in_child(waiting)
        outcomes.update(done)
        waiting = waiting[len(done) :]
        if waiting:  # the child died of the first of them
            name, data = waiting.pop(0)
            outcome, wrong = _as_an_audit(name, data)
            outcomes[outcome] += 1
            if wrong:
                failures.append(wrong)
                if keep:
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / f"{hashlib.sha256(data).hexdigest()[:12]}{Path(name).suffix}").write_bytes(data)


def _in_child(batch: list[tuple[str, bytes]]) -> list[str]:
    """The outcomes of the inputs that a child survived, in order."""
    header = json.dumps([[name, len(data)] for name, data in batch]).encode() + b"\n"
    child = subprocess.Popen(
        [sys.executable, __file__, "--child"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        output, _ = child.communicate(header + b"".join(data for _, data in batch), timeout=SLOW)
    except subprocess.TimeoutExpired:
        child.kill()
        output, _ = child.communicate()
    lines = output.decode().split("\n")[:-1]
    return lines[: len(batch)]


def _as_an_audit(name: str, data: bytes) -> tuple[str, str | None]:
    start = time.monotonic()
    try:
        read_bytes(data, name)
        outcome, wrong = "read", None
    except UnreadableFile as error:
        outcome, wrong = error.code, None
    except Exception as error:
        outcome, wrong = "failed", f"{name}: {type(error).__name__}: {error}"
    if time.monotonic() - start > SLOW * 2:
        wrong = f"{name}: slow"
    return outcome, wrong


def _child() -> None:
    """Read a batch in this process, one line for each outcome; memory is limited, and a minute for each input."""
    import signal

    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    isolation.read_isolated = _here  # type: ignore[assignment]
    # Starting LibreOffice for every input would take days; the reader that does without it is the one at risk.
    if "doc" in FORMATS:
        from auditor.readers import office

        office.soffice = lambda: None
    sizes = json.loads(sys.stdin.buffer.readline())
    for name, size in sizes:
        data = sys.stdin.buffer.read(size)
        if hasattr(signal, "alarm"):
            signal.alarm(10)
        try:
            read_bytes(data, name)
            answers.write("read\n")
        except UnreadableFile as error:
            answers.write(f"{error.code}\n")
        except Exception as error:
            # In an audit the child process of the parser would answer for it.
            answers.write(f"crash:{type(error).__name__}\n")
    os._exit(0)


def _here(
    module: str, function: str, data: bytes, name: str, encoding: str | None, *_: object, **extra: object
) -> object:
    import importlib

    return getattr(importlib.import_module(f"auditor.readers.{module}"), function)(data, name, encoding, **extra)


def sample_files(folder: Path) -> dict[str, bytes]:
    """Files that any reader takes, small ones only."""
    suffixes = {suffix for each in FORMATS.values() for suffix in each.suffixes}
    return {
        path.name: path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in suffixes and path.is_file() and path.stat().st_size <= LARGEST_SEED
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--samples", type=Path)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        _child()
    files = seeds() | (sample_files(given.samples) if given.samples else {})
    start = time.monotonic()
    outcomes, failures = run(files, given.count, given.seed, given.keep)
    print(f"{given.count} inputs from {len(files)} files in {time.monotonic() - start:.0f} s")
    for outcome, times in outcomes.most_common():
        print(f"{times:>8}  {outcome}")
    for failure in failures:
        print(f"failed: {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
