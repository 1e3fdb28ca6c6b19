"""The HTML pages: how large they are, and how soon an overview over many reports opens in a headless Chromium.

The reports are the seeds under other names, their statuses turned. Open time is that of the browser's own clock, from the
start of the navigation to the first frame after the page has loaded; then the time until a filter has been drawn.

    python benchmarks/pages.py [--reports 300] [--rounds 5]
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from auditor.audit import Options, audit_file
from auditor.findings import Audit, ReportAudit
from auditor.formats import overview, page
from auditor.words import Lang

ROOT = Path(__file__).parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
OPENED = """() => new Promise(done => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))"""
FILTERED = """() => new Promise(done => {
    const search = document.querySelector('#search'), start = performance.now();
    search.value = '17';
    search.dispatchEvent(new Event('input'));
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
})"""


def varied(seeds: list[ReportAudit], count: int) -> list[ReportAudit]:
    reports = []
    for at in range(count):
        held = seeds[at % len(seeds)]
        statuses = [f.status for f in held.findings]
        cut = at % len(statuses)
        turned = statuses[cut:] + statuses[:cut]
        findings = tuple(replace(f, status=s) for f, s in zip(held.findings, turned, strict=True))
        source = replace(held.report.source, unit=f"第{at}乡镇人民政府", file=f"{at:03}/报告.txt")
        reports.append(replace(held, report=replace(held.report, source=source), findings=findings))
    return reports


def times(file: Path, rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds to open a page and to filter it, round by round, each in a new context."""
    from playwright.sync_api import sync_playwright

    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        sys.exit(f"no browser on this machine: install one of {', '.join(BROWSERS)}")
    opened, filtered = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        for _ in range(rounds + 1):
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            held = context.new_page()
            held.goto(file.as_uri())
            opened.append(held.evaluate(OPENED))
            filtered.append(held.evaluate(FILTERED))
            context.close()
        browser.close()
    return opened[1:], filtered[1:]


def line(name: str, size: int, made: float, opened: list[float], filtered: list[float]) -> str:
    shown = [f"{statistics.median(each):>10.0f}{max(each):>8.0f}" for each in (opened, filtered)]
    return f"{name:<28}{size / 1000:>9.0f}{made * 1000:>9.0f}{''.join(shown)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    paths = sorted((ROOT / "seeds").glob("*.txt"))
    found = [audit_file(path, path.name, Options()) for path in paths]
    seeds = [each for each in found if isinstance(each, ReportAudit)]
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for audited in seeds:
            start = time.perf_counter()
            text = page.render(audited, Lang.ZH, "index.html")
            files.append((audited.report.source.file, text, time.perf_counter() - start))
        reports = varied(seeds, asked.reports)
        start = time.perf_counter()
        text = overview.render(Audit(tuple(reports)), Lang.ZH, [f"{at}.html" for at in range(len(reports))])
        files.append((f"overview of {len(reports)}", text, time.perf_counter() - start))
        print(f"median and slowest of {asked.rounds} rounds, ms; size in kB; one Chromium, a new context a round")
        print(f"{'page':<28}{'size':>9}{'made in':>9}{'opened in':>10}{'slowest':>8}{'filtered':>10}{'slowest':>8}")
        for at, (name, text, made) in enumerate(files):
            file = Path(folder) / f"{at}.html"
            file.write_text(text, encoding="utf-8")
            print(line(name, len(text.encode()), made, *times(file, asked.rounds)))


if __name__ == "__main__":
    main()
