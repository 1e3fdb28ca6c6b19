"""Parsing in a child process: a hostile or broken file costs a typed outcome, never the audit.

Memory, CPU, file size and descriptors are limited where the platform can (Linux all; macOS not memory; Windows none),
wall time everywhere. What comes back is JSON over a pipe of its own, so that a library that prints cannot spoil it.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from auditor.errors import UnreadableFile
from auditor.report import Block, Extracted

if TYPE_CHECKING:
    import subprocess

_CHILD = os.path.join(os.path.dirname(__file__), "child.py")
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "AUDITOR_LIMITS", "AUDITOR_DEBUG")
_DAMAGED = "请用原软件打开确认能正常显示,另存为新文件(docx 或文字版 pdf)再审"
_TIME_SIGNALS = {getattr(signal, name) for name in ("SIGXCPU", "SIGKILL") if hasattr(signal, name)}


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one parse may use: memory in MB, times in seconds; ``helpers`` lets it start programs and write files."""

    memory: int
    cpu: int
    wall: int
    helpers: bool = False


def read_isolated(
    module: str, function: str, data: bytes, name: str, encoding: str | None, allowance: Allowance, **extra: Any
) -> Extracted:
    """What ``auditor.readers.<module>.<function>(data, name, encoding, **extra)`` yields, read in a child process.

    ``extra`` must be JSON values. Raises ``UnreadableFile`` with the reader's own code, or ``timeout``,
    ``too_large`` (memory) or ``crash``.
    """
    task = {
        "module": module,
        "function": function,
        "name": name,
        "encoding": encoding,
        "extra": extra,
        "path": [place for place in sys.path if os.path.isabs(place)],
        **asdict(allowance),
    }
    code, output = _run(json.dumps(task).encode() + b"\n" + data, allowance.wall, name)
    try:
        answer = json.loads(output) if code == 0 else None
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise _died(name, code, allowance)
    if "error" in answer:
        raise UnreadableFile(name, *answer["error"])
    return _extracted(answer)


def to_json(extracted: Extracted) -> dict[str, Any]:
    """What a child sends: blocks as bounds in the text, so that their text cannot differ from it."""
    rows = [[b.start, b.end, b.heading_level, b.page, b.table, b.confidence] for b in extracted.blocks]
    return {
        "text": extracted.text,
        "blocks": rows,
        "format": extracted.format,
        "encoding": extracted.encoding,
        "warnings": extracted.warnings,
        "declared": dict(extracted.declared),
        "unread": extracted.unread,
    }


def memory_exceeded(name: str, megabytes: int) -> UnreadableFile:
    """A file whose parsing needed more memory than allowed."""
    message = f"解析时超过{megabytes} MB 的内存上限,文件过大或被做过手脚;{_DAMAGED}"
    return UnreadableFile(name, "too_large", message)


def broken(name: str, reason: str) -> UnreadableFile:
    """A file that its parser could not cope with."""
    return UnreadableFile(name, "crash", f"文件损坏或结构异常,无法解析({reason});{_DAMAGED}")


def _extracted(answer: dict[str, Any]) -> Extracted:
    text = answer["text"]
    blocks = tuple(Block(text[start:end], start, end, *rest) for start, end, *rest in answer["blocks"])
    return Extracted(
        text,
        blocks,
        answer["format"],
        answer["encoding"],
        tuple(answer["warnings"]),
        answer["declared"],
        tuple(answer["unread"]),
    )


def _run(task: bytes, wall: int, name: str) -> tuple[int, bytes]:
    """Exit code and output of the child; the whole group that it started is ended, whatever happens."""
    import subprocess  # the child imports this module too and starts nothing

    # Without site (-S), which would look for packages where the parent has already found them.
    command = [sys.executable, "-I", "-S", "-X", "utf8", _CHILD]
    noise = None if os.environ.get("AUDITOR_DEBUG") else subprocess.DEVNULL
    environment = {key: os.environ[key] for key in _KEPT if key in os.environ}
    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=noise,
        env=environment | {"MALLOC_ARENA_MAX": "2"},
        start_new_session=os.name == "posix",
    )
    try:
        output, _ = child.communicate(task, timeout=wall)
    except subprocess.TimeoutExpired:
        raise UnreadableFile(name, "timeout", f"解析超过{wall}秒仍未完成,已停止;{_DAMAGED}") from None
    finally:
        _end(child)
    return child.returncode, output


def _end(child: subprocess.Popen[bytes]) -> None:
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    elif child.poll() is None:
        child.kill()
    for stream in (child.stdin, child.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
    child.wait()


def _died(name: str, code: int, allowance: Allowance) -> UnreadableFile:
    if code < 0 and -code in _TIME_SIGNALS:
        return UnreadableFile(name, "timeout", f"解析用时超过{allowance.cpu}秒的上限,已停止;{_DAMAGED}")
    if code < 0:
        return broken(name, f"解析程序中止,信号{-code}")
    return broken(name, f"解析程序中止,退出码{code}")
