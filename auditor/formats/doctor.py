"""What this installation reads, one row a format."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.formats.cells import columns, fold, screen_width, visible
from auditor.readers.support import Support
from auditor.words import DOCTOR, Lang

_NARROW = 36
_PROGRAM = "LibreOffice"


def render(formats: Iterable[Support], memory_is_limited: bool, lang: Lang) -> str:
    """The table of formats, and what protects the reader."""
    words = DOCTOR[lang]
    width = screen_width()
    headings = [words[key] for key in ("format", "suffixes", "state", "by", "missing")]
    rows = [_row(each, words) for each in formats]
    lines = columns(headings, rows, width, whole=len(headings) - 1)
    lines += ["", *fold(words["limited" if memory_is_limited else "unlimited"], width)]
    return "\n".join(lines)


def _row(each: Support, words: dict[str, str]) -> list[str]:
    told = [_install(name, words) for name in each.missing]
    joint = "" if each.kind == "scan" else words["or"]
    lines = [f"{joint}{line}" if at else line for at, line in enumerate(told)]
    cells = [
        words[each.kind],
        " ".join(each.suffixes),
        words[each.state],
        "\n".join(each.by) or (words["built_in"] if each.state == "full" else "—"),
        "\n".join([*lines, *(fold(words[each.loses], _NARROW) if each.loses else ())]),
    ]
    return ["\n".join(visible(line) for line in cell.splitlines()) for cell in cells]


def _install(name: str, words: dict[str, str]) -> str:
    """What to do about something missing: a command to copy, for what comes from the package index."""
    return words["install"].format(name=name) if name == _PROGRAM else f"pip install {name}"
