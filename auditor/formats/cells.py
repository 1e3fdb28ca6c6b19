"""Text made fit to print: nothing unseen in it, folded and cut by the columns it takes on a screen."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence

from wcwidth import wcswidth, wcwidth

GAP = 2
NARROWEST = 80
NOT_A_TERMINAL = 120

# Controls can rewrite a terminal, bidirectional marks reorder what is read, lone surrogates cannot be encoded.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_SPACES = re.compile(r"\s+")
_WORD_END = re.compile(r"[A-Za-z0-9.%#_/-]+\Z")
_NEVER_LAST = frozenset("「『《〈（〔“‘([")
_NEVER_FIRST = frozenset("，。；：、？！）》〉」』〕”’％,.;:?!)]}%")


def visible(text: str) -> str:
    """One line of ``text``: white space runs as one space, what cannot be seen as U+FFFD."""
    return _UNSEEN.sub("\ufffd", _SPACES.sub(" ", text)).strip()


def width_of(text: str) -> int:
    """Columns that one visible line takes."""
    return max(0, wcswidth(text))


def clip(text: str, limit: int) -> str:
    """At most ``limit`` columns of one line, with … where it was cut."""
    if width_of(text) <= limit:
        return text
    kept, used = 0, 1
    for char in text:
        used += max(0, wcwidth(char))
        if used > limit:
            break
        kept += 1
    return text[:kept].rstrip() + "…"


def clip_path(path: str, limit: int) -> str:
    """At most ``limit`` columns of a path, cut in front so that the file's name stays: ``…/folder/name.txt``."""
    if width_of(path) <= limit:
        return path
    parts = path.split("/")
    for at in range(1, len(parts)):
        shown = "…/" + "/".join(parts[at:])
        if width_of(shown) <= limit:
            return shown
    at, used = len(path), 1
    while at > 0 and used + max(0, wcwidth(path[at - 1])) <= limit:
        at -= 1
        used += max(0, wcwidth(path[at]))
    return "…" + path[at:]


def fold(text: str, width: int) -> list[str]:
    """``text`` in lines of at most ``width`` columns.

    No line opens with closing punctuation; a word or number in Latin characters stays whole where it fits.
    """
    lines: list[str] = []
    line, used = "", 0
    for char in text:
        wide = max(0, wcwidth(char))
        if used + wide > width and line:
            kept, carried = _cut(line, char, width)
            lines.append(kept.rstrip())
            line, used = carried, width_of(carried)
            if char == " " and not line:
                continue
        line, used = line + char, used + wide
    return [*lines, line] if line or not lines else lines


def _cut(line: str, following: str, width: int) -> tuple[str, str]:
    """Where to break before ``following``: what stays on the line, what is carried to the next."""
    at = len(line)
    if following in _NEVER_FIRST:
        at -= 1
    if (word := _WORD_END.search(line, 0, at)) and (following.isascii() and not following.isspace()):
        at = word.start()
    while at > 0 and line[at - 1] in _NEVER_LAST:
        at -= 1
    return (line[:at], line[at:]) if at > 0 and width_of(line[at:]) <= width // 2 else (line, "")


def screen_width() -> int:
    """Columns to fill: COLUMNS or the terminal's width; a fixed width where the output is no terminal."""
    return max(NARROWEST, shutil.get_terminal_size((NOT_A_TERMINAL, 24)).columns)


def columns(headings: Sequence[str], body: Sequence[Sequence[str]], width: int, right: int | None = None) -> list[str]:
    """Lines of a table under its headings and a rule; a row of one cell is a line of its own across the table.

    Cells may hold line breaks; columns from ``right`` on are aligned to the right.
    """
    from tabulate import tabulate  # slow to load

    # tabulate has no cells that span columns: a mark stands in the first column and is written over afterwards
    marked = [row if len(row) > 1 else [f"\0{at}"] + [""] * (len(headings) - 1) for at, row in enumerate(body)]
    align = ["left" if right is None or at < right else "right" for at in range(len(headings))]
    lines = tabulate([headings, *marked], tablefmt="plain", disable_numparse=True, colalign=align).splitlines()
    lines.insert(1, "─" * width)
    return [clip(body[int(line[1:])][0], width) if line.startswith("\0") else line.rstrip() for line in lines]
