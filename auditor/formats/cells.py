"""Text made fit to print: nothing unseen in it, folded and cut by the columns it takes on a screen."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from functools import lru_cache

from auditor.expressions import expression

GAP = 2
NARROWEST = 40
NOT_A_TERMINAL = 120
SHORT = 10  # a column no wider than this (an id, a number, a status) is never folded
LEAST_TEXT = 12  # where a folded column would be narrower than this, the table becomes a list

# Colours of words that say the same: they help the eye and carry no meaning of their own.
COLOURS = {
    "missing": "31",
    "planned": "33",
    "acknowledged": "33",
    "asserted": "36",
    "evidenced": "32",
    "not_applicable": "2",
    "warning": "33",
    "strong": "1",
}
_SGR = expression("\x1b\\[[0-9;]*m")

# Controls can rewrite a terminal, bidirectional marks reorder what is read, lone surrogates cannot be
# encoded, and U+FFFE and U+FFFF are no characters, which XML refuses.
_UNSEEN = expression(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_SPACES = expression(r"\s+")
_WORD_END = expression(r"[A-Za-z0-9.%#_/-]+\Z")
_NEVER_LAST = frozenset("「『《〈（〔“‘([")
_NEVER_FIRST = frozenset("，。；：、？！）》〉」』〕”’％,.;:?!)]}%")


def visible(text: str) -> str:
    """One line of ``text``: white space runs as one space, what cannot be seen as U+FFFD."""
    return _UNSEEN.sub("\ufffd", _SPACES.sub(" ", text)).strip()


class Painted(str):
    """Text for a screen: the string itself is without colours, ``coloured`` is the same text with them.

    Whatever writes it into a file or a pipe writes it plain; only a terminal is given ``coloured``.
    """

    __slots__ = ("coloured",)
    coloured: str

    def __new__(cls, coloured: str) -> Painted:
        text = super().__new__(cls, _SGR.sub("", coloured))
        text.coloured = coloured
        return text


def paint(text: str, colour: str) -> str:
    """``text`` in the colour of a name in COLOURS; only for text that ends up in a ``Painted``."""
    return f"\x1b[{COLOURS[colour]}m{text}\x1b[0m"


def width_of(text: str) -> int:
    """Columns that one visible line takes; colours take none."""
    from wcwidth import wcswidth  # slow to load

    return max(0, wcswidth(_SGR.sub("", text) if "\x1b" in text else text))


@lru_cache(maxsize=8192)
def _columns_of(char: str) -> int:
    """Columns that one character takes where it stands alone."""
    from wcwidth import wcwidth

    return max(0, wcwidth(char))


def clip(text: str, limit: int) -> str:
    """At most ``limit`` columns of one line, with … where it was cut."""
    if width_of(text) <= limit:
        return text
    kept, used = 0, 1
    for char in text:
        used += _columns_of(char)
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
    while at > 0 and used + _columns_of(path[at - 1]) <= limit:
        at -= 1
        used += _columns_of(path[at])
    return "…" + path[at:]


def fold(text: str, width: int) -> list[str]:
    """``text`` in lines of at most ``width`` columns.

    No line opens with closing punctuation; a word or number in Latin characters stays whole where it fits.
    """
    lines: list[str] = []
    line, used = "", 0
    for char in text:
        wide = _columns_of(char)
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


def hanging(text: str, width: int, indent: int = 2) -> list[str]:
    """``text`` folded to ``width``, the lines after the first set in by ``indent`` columns."""
    lines = fold(text, width)
    if len(lines) == 1:
        return lines
    rest = text[len(lines[0]) :].lstrip()
    return [lines[0], *(" " * indent + line for line in fold(rest, width - indent))]


def screen_width() -> int:
    """Columns to fill: COLUMNS or the terminal's width; a fixed width where the output is no terminal."""
    return max(NARROWEST, shutil.get_terminal_size((NOT_A_TERMINAL, 24)).columns)


def columns(
    headings: Sequence[str],
    body: Sequence[Sequence[str]],
    width: int,
    right: int | None = None,
    whole: int | None = None,
) -> list[str]:
    """Lines of a table under its headings and a rule; a row of one cell is a line of its own across the table.

    Cells may hold line breaks; columns from ``right`` on are aligned to the right. What does not fit into ``width`` is
    folded, save in the column ``whole``, where it is to be copied; where folding leaves too little room, every row is a block of ``heading: value`` lines.
    """
    from tabulate import tabulate  # slow to load

    natural = [max(_cell_width(row[at]) for row in (headings, *body) if len(row) > 1) for at in range(len(headings))]
    least = [min(w, max(SHORT, width_of(heading))) for w, heading in zip(natural, headings, strict=True)]
    if whole is not None:
        least[whole] = natural[whole]
    widths = _fitted(natural, least, width)
    if widths is None:
        return _stacked(headings, body, width)
    # tabulate has no cells that span columns: a mark stands in the first column and is written over afterwards
    marked = [
        [_folded(cell, w) for cell, w in zip(row, widths, strict=True)]
        if len(row) > 1
        else [f"\0{at}"] + [""] * (len(headings) - 1)
        for at, row in enumerate(body)
    ]
    align = ["left" if right is None or at < right else "right" for at in range(len(headings))]
    lines = tabulate([headings, *marked], tablefmt="plain", disable_numparse=True, colalign=align).splitlines()
    lines.insert(1, "─" * width)
    shown: list[str] = []
    for line in lines:
        shown += hanging(body[int(line[1:])][0], width) if line.startswith("\0") else [line.rstrip()]
    return shown


def _cell_width(cell: str) -> int:
    return max(map(width_of, cell.split("\n")))


def _fitted(natural: Sequence[int], least: Sequence[int], width: int) -> list[int] | None:
    """Widths of columns that together fill no more than ``width``: the widest give way; None where none can."""
    room = width - GAP * (len(natural) - 1)
    if sum(natural) <= room:
        return list(natural)
    for most in range(max(natural) - 1, LEAST_TEXT - 1, -1):
        widths = [max(low, min(w, most)) for low, w in zip(least, natural, strict=True)]
        if sum(widths) <= room:
            return widths
    return None


def _folded(cell: str, width: int) -> str:
    lines = [[line] if width_of(line) <= width else fold(line, width) for line in cell.split("\n")]
    return "\n".join(line for each in lines for line in each)


def _stacked(headings: Sequence[str], body: Sequence[Sequence[str]], width: int) -> list[str]:
    """Every row as a block of its own, a rule between them: ``heading: value``, what is empty left out."""
    lines: list[str] = []
    for row in body:
        lines += ["─" * width] if len(row) > 1 and lines else []
        pairs = zip(headings, row, strict=True) if len(row) > 1 else [("", row[0])]
        for heading, cell in pairs:
            value = " ".join(cell.split("\n"))
            line = f"{heading}: {value}" if heading else value
            if value:
                lines += [line] if width_of(line) <= width else hanging(line, width)
    return lines
