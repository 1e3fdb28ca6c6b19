"""Standard output and standard error, whatever they are connected to."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress

from auditor.errors import AuditorError
from auditor.formats.cells import Painted
from auditor.words import Lang, Message, say

_CLEAR = "\x1b[2J\x1b[H"


def prepare() -> None:
    """UTF-8 into files and pipes; a character that a terminal cannot show is written out, not an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


def in_colour() -> bool:
    """Whether standard output shows colours: a terminal that is not dumb, and the user has not set NO_COLOR."""
    return _controllable() and not os.environ.get("NO_COLOR")


def _controllable() -> bool:
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def clear() -> None:
    """Empty the screen, where there is one."""
    if _controllable():
        print(_CLEAR, end="", flush=True)


def show(text: str) -> None:
    """Print the result of a command; what is painted is coloured where standard output shows colours."""
    shown = text.coloured if isinstance(text, Painted) and in_colour() else str(text)
    try:
        print(shown.removesuffix("\n"), flush=True)
    except BrokenPipeError:
        # the reader (head, less) has left; files are still to be written
        _let_go()
    except OSError as error:
        _let_go()
        raise AuditorError(Message("screen_refused", {"why": error.strerror or str(error)})) from error


def _let_go() -> None:
    """Have what is still to be printed go nowhere, also at the end of the process."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def internal(error: Exception, lang: Lang) -> str:
    """What to say of an error that is not the user's to mend."""
    return say(lang, "internal", error=f"{type(error).__name__}: {error}".splitlines()[0])


def complain(text: str) -> None:
    """Print what is not the result: errors and remarks."""
    with suppress(OSError):  # the terminal may be closed while the run ends its outputs
        print(text.removesuffix("\n"), file=sys.stderr, flush=True)
