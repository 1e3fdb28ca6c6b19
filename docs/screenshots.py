"""Makes the pictures of the README anew from the seeds: the page of a report, the index over all, the terminal.

python docs/screenshots.py        (wants the [dev] extra and chromium; writes docs/images/*.png)
"""

from __future__ import annotations

import html
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
SEED = "seeds/000_suibin_2024.txt"
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
# Chinese fonts draw lines and blocks two columns wide; a terminal gives them one.
LOOK = """
@font-face { font-family: lines; src: local("DejaVu Sans Mono"); unicode-range: U+2018-201D, U+2026, U+2500-259F; size-adjust: 83.05%; }
body { margin: 0; display: inline-block; text-spacing-trim: space-all }
pre { margin: 0; padding: 18px 22px; background: #0d1117; color: #e6edf3; font: 15px/1.5 lines, "Noto Sans Mono CJK SC", monospace }
"""
COLOURS = {"31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "34": "#79c0ff", "36": "#76e3ea", "90": "#8b949e"}


def typed(command: str, columns: int, lines: int) -> str:
    """What a terminal of so many columns shows after a command, its escapes as they came; the first lines of it."""
    master, slave = pty.openpty()
    environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": str(columns)}
    environment.pop("NO_COLOR", None)
    arguments = [sys.executable, "-m", *command.split()]
    done = subprocess.Popen(arguments, cwd=ROOT, stdout=slave, stderr=subprocess.DEVNULL, env=environment)
    os.close(slave)
    printed = b""
    try:
        while chunk := os.read(master, 65536):
            printed += chunk
    except OSError:  # Linux ends a pseudo-terminal with an error
        pass
    os.close(master)
    done.wait()
    shown = printed.decode("utf-8").replace("\r", "").splitlines()
    return "\n".join([f"$ {command}", *shown[:lines]])


def as_html(printed: str) -> str:
    """A terminal's text with its colours, in a window."""
    pieces = re.split(r"\x1b\[([\d;]*)m", printed)
    body, opened = html.escape(pieces[0]), False
    for codes, text in zip(pieces[1::2], pieces[2::2], strict=True):
        body += "</span>" if opened else ""
        colour = next((COLOURS[code] for code in codes.split(";") if code in COLOURS), None)
        opened = colour is not None
        body += f'<span style="color:{colour}">' if opened else ""
        body += html.escape(text)
    body += "</span>" if opened else ""
    return f'<!doctype html><meta charset="utf-8"><style>{LOOK}</style><pre>{body}</pre>'


def terminal(page: Page, name: str, command: str, columns: int, lines: int) -> None:
    page.set_viewport_size({"width": columns * 8 + 60, "height": 400})
    page.set_content(as_html(typed(command, columns, lines)))
    page.locator("pre").screenshot(path=IMAGES / name)


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        command = [sys.executable, "-m", "auditor", "audit", "seeds/", "-f", f"html={folder}/all"]
        subprocess.run(command, cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1360, "height": 850})
        page.goto(f"file://{folder}/all/index.html")
        page.screenshot(path=IMAGES / "index.png")
        page.goto(f"file://{folder}/all/pages/{Path(SEED).stem}.html#GY21-15-01")
        page.wait_for_timeout(600)
        page.screenshot(path=IMAGES / "page.png")
        page = browser.new_page()  # not one that still holds a page's Content-Security-Policy
        terminal(page, "terminal.png", f"auditor audit {SEED} --no-out", 110, 34)
        terminal(page, "review.png", f"auditor review {SEED} --as-of 2025-02-18", 90, 34)
        browser.close()


if __name__ == "__main__":
    main()
