"""The child process of ``isolation``: limits itself, reads one file from standard input, answers in JSON."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
from typing import Any

_DESCRIPTORS = 64
_HELPER_DESCRIPTORS = 1024
_HELPER_FILE = 512


def main() -> None:
    """Do the task on standard input; the exit code is 0 whenever there is an answer."""
    answer_to = os.dup(1)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    task: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    package = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    sys.path[:] = [package, *task["path"]]
    _limit(task)
    if not task["helpers"]:
        sys.addaudithook(_refuse)
    answer = json.dumps(_answer(task, data)).encode()
    with open(answer_to, "wb") as pipe:
        pipe.write(answer)
    # Destroying a huge tree can take longer than reading it did.
    os._exit(0)


def _answer(task: dict[str, Any], data: bytes) -> dict[str, Any]:
    from auditor.errors import UnreadableFile
    from auditor.readers import isolation

    name = task["name"]
    try:
        try:
            read = getattr(importlib.import_module(f"auditor.readers.{task['module']}"), task["function"])
            return isolation.to_json(read(data, name, task["encoding"], **task["extra"]))
        except UnreadableFile:
            raise
        except MemoryError:
            raise isolation.memory_exceeded(name, task["memory"]) from None
        except Exception as error:
            if os.environ.get("AUDITOR_DEBUG"):
                import traceback

                traceback.print_exc()
            raise isolation.broken(name, type(error).__name__) from None
    except UnreadableFile as error:
        return isolation.refusal_to_json(error)


def _limit(task: dict[str, Any]) -> None:
    try:
        import resource
    except ImportError:  # Windows has none of these limits
        return
    megabyte = 1024 * 1024
    helpers = task["helpers"]
    wanted = {
        "RLIMIT_AS": task["memory"] * megabyte,
        "RLIMIT_DATA": task["memory"] * megabyte,
        "RLIMIT_CPU": task["cpu"],
        "RLIMIT_FSIZE": _HELPER_FILE * megabyte if helpers else 0,
        "RLIMIT_NOFILE": _HELPER_DESCRIPTORS if helpers else _DESCRIPTORS,
        "RLIMIT_CORE": 0,
    }
    for name, amount in wanted.items():
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        hard = resource.getrlimit(kind)[1]
        lowered = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        # Some platforms know a limit and refuse to set it.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (lowered, lowered))


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """A parser has no business with the network or with other programs."""
    if event in _REFUSED:
        raise PermissionError(f"{event} is not allowed while reading a file")


_REFUSED = frozenset(
    {
        "socket.connect",
        "socket.bind",
        "socket.getaddrinfo",
        "socket.sendto",
        "subprocess.Popen",
        "os.system",
        "os.exec",
        "os.fork",
        "os.posix_spawn",
        "os.remove",
        "os.rename",
        "os.mkdir",
        "os.rmdir",
        "os.symlink",
        "os.link",
        "os.truncate",
        "shutil.rmtree",
    }
)

if __name__ == "__main__":
    main()
