"""Ctrl-C, and being told to end (SIGTERM, a terminal that was closed): heeded where no output is half written."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType

# What asks a program to end. Windows has no SIGHUP.
_ASKING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


def heed() -> None:
    """From now on being told to end is what Ctrl-C is, a KeyboardInterrupt, so that nothing half written stays behind.

    A signal that this process was started to ignore (``nohup``) stays ignored.
    """
    for number in _ASKING:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)


class Stopping:
    """While entered, the signals to end are KeyboardInterrupt, but wait for the end of what is ``held`` or ``deaf``."""

    def __init__(self) -> None:
        self._waits = False
        self._asked = False
        self._before: dict[signal.Signals, object] = {}

    def __enter__(self) -> Stopping:
        if threading.current_thread() is threading.main_thread():
            for number in _ASKING:
                before = signal.getsignal(number)
                if before is signal.default_int_handler:
                    self._before[number] = before
                    signal.signal(number, self._heard)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)  # type: ignore[arg-type]

    def _heard(self, number: int, frame: FrameType | None) -> None:
        if not self._waits:
            raise KeyboardInterrupt
        self._asked = True

    @contextmanager
    def held(self) -> Iterator[None]:
        """A block that is done as a whole; KeyboardInterrupt after it, where that was asked for meanwhile."""
        self._waits = True
        try:
            yield
        finally:
            self._waits = False
        if self._asked:
            self._asked = False
            raise KeyboardInterrupt

    @contextmanager
    def deaf(self) -> Iterator[None]:
        """A block that is done as a whole, after which the run ends anyway."""
        self._waits = True
        try:
            yield
        finally:
            self._waits = self._asked = False


@contextmanager
def sheltered() -> Iterator[None]:
    """A block in which the signals to end wait; what is started in it never sees them: it ends with this process."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ASKING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
