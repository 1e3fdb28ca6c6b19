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
from auditor.words import Message, Value

if TYPE_CHECKING:
    import subprocess

_CHILD = os.path.join(os.path.dirname(__file__), "child.py")
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "AUDITOR_LIMITS", "AUDITOR_DEBUG")
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
        error, message = answer["error"]
        raise UnreadableFile(name, error, _unpacked(message))
    return from_json(answer)


def to_json(extracted: Extracted) -> dict[str, Any]:
    """What a child sends: blocks as bounds in the text, so that their text cannot differ from it."""
    rows = [[b.start, b.end, b.heading_level, b.page, b.table, b.confidence] for b in extracted.blocks]
    return {
        "text": extracted.text,
        "blocks": rows,
        "format": extracted.format,
        "encoding": extracted.encoding,
        "warnings": [_packed(warning) for warning in extracted.warnings],
        "declared": dict(extracted.declared),
        "unread": extracted.unread,
    }


def refusal_to_json(error: UnreadableFile) -> dict[str, Any]:
    """What a child sends of a file that it cannot read."""
    return {"error": [error.code, _packed(error.message)]}


def _packed(value: Value) -> Any:
    if isinstance(value, Message):
        return {"key": value.key, "values": {name: _packed(each) for name, each in value.values.items()}}
    return value if isinstance(value, (str, int, float)) else [_packed(each) for each in value]


def _unpacked(value: Any) -> Any:
    if isinstance(value, dict):
        return Message(value["key"], {name: _unpacked(each) for name, each in value["values"].items()})
    return [_unpacked(each) for each in value] if isinstance(value, list) else value


def memory_exceeded(name: str, megabytes: int) -> UnreadableFile:
    """A file whose parsing needed more memory than allowed."""
    return UnreadableFile(name, "too_large", Message("memory", {"megabytes": megabytes}))


def broken(name: str, reason: Message | str) -> UnreadableFile:
    """A file that its parser could not cope with."""
    return UnreadableFile(name, "crash", Message("broken", {"reason": reason}))


def from_json(answer: dict[str, Any]) -> Extracted:
    """What ``to_json`` made, as it was."""
    text = answer["text"]
    blocks = tuple(Block(text[start:end], start, end, *rest) for start, end, *rest in answer["blocks"])
    return Extracted(
        text,
        blocks,
        answer["format"],
        answer["encoding"],
        tuple(_unpacked(warning) for warning in answer["warnings"]),
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
        raise UnreadableFile(name, "timeout", Message("wall_time", {"seconds": wall})) from None
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
        return UnreadableFile(name, "timeout", Message("cpu_time", {"seconds": allowance.cpu}))
    if code < 0:
        return broken(name, Message("ended_by_signal", {"number": -code}))
    return broken(name, Message("ended_with_code", {"number": code}))
