"""What is measured, worded: the tables, the machine and the versions, put between the marks of docs/performance.md."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import peers
from measuring import machine
from rows import Line
from tabulate import tabulate

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
# A load average at the start, and one at any time, above which other work disturbed the run: it makes two processes itself.
IDLE, BUSY = 1.0, 3.5
_LIBRARIES = ("fazhi-auditor", "rapidfuzz", "ahocorasick-rs", "jieba")
_MET = {True: "达到", False: "**未达到**", None: ""}
_HEADS = ("", "实测", "目标", "")


def table(lines: Iterable[Line], style: str) -> str:
    """The lines as a table; ``style`` is one of tabulate's."""
    rows = [(line.what, line.measured, line.target, _met(line, style)) for line in lines]
    return tabulate(rows, _HEADS, tablefmt=style, disable_numparse=True)


def _met(line: Line, style: str) -> str:
    return _MET[line.met] if style == "pipe" else _MET[line.met].strip("*")


def surroundings(found: peers.Peers | None, loads: Sequence[float]) -> list[str]:
    """The machine, the versions, the load before the run and the highest during it, and what is absent."""
    versions = {"Python": platform.python_version()} | {name: version(name) for name in _LIBRARIES}
    if found:
        versions |= peers.versions(found)
    told = [
        f"机器：{machine()}；平均负载开始时 {loads[0]:.1f}，最高 {max(loads):.1f}",
        "版本：" + "、".join(f"{name} {number}" for name, number in versions.items()),
    ]
    if loads[0] > IDLE or max(loads) > BUSY:
        told.append("**测的时候机器还在做别的事：按时钟计的秒数和倍数不可信，处理器时间也偏长。**")
    if found and found.absent():
        told.append(f"没有装、因此没有比的：{'、'.join(found.absent())}（加 --install-peers 安装）")
    return told


def block(command: str, lines: Sequence[Line], about: Sequence[str]) -> str:
    """A measured part of the page."""
    return "\n\n".join([f"命令：`{command}`", table(lines, "pipe"), *about])


def write(parts: Mapping[str, str], page: Path = PAGE) -> None:
    """Put each part between its marks ``<!-- NAME -->`` and ``<!-- /NAME -->``; the rest of the page stays."""
    text = page.read_text(encoding="utf-8")
    for name, part in parts.items():
        opening, closing = f"<!-- {name} -->\n", f"\n<!-- /{name} -->"
        before, found, rest = text.partition(opening)
        _, ended, after = rest.partition(closing)
        if not (found and ended):
            raise SystemExit(f"{page}: no {opening.strip()} … {closing.strip()}")
        text = f"{before}{opening}\n{part}\n{closing}{after}"
    page.write_text(text, encoding="utf-8")
