"""Standard output and standard error, whatever they are connected to."""

from __future__ import annotations

import io
import os
import sys

from auditor.words import Lang, say


def prepare() -> None:
    """UTF-8 into files and pipes; a character that a terminal cannot show is written out, not an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


def show(text: str) -> None:
    """Print the result of a command."""
    try:
        print(text.removesuffix("\n"), flush=True)
    except BrokenPipeError:
        # the reader (head, less) has left; files are still to be written
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def internal(error: Exception, lang: Lang) -> str:
    """What to say of an error that is not the user's to mend."""
    return say(lang, "internal", error=f"{type(error).__name__}: {error}".splitlines()[0])


def complain(text: str) -> None:
    """Print what is not the result: errors and remarks."""
    print(text.removesuffix("\n"), file=sys.stderr, flush=True)
