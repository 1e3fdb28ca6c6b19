"""What every test has: a cache of results of its own, and Ctrl-C that reaches the programs it starts."""

from __future__ import annotations

import gc
import signal
import threading
from pathlib import Path

import pytest


def pytest_configure() -> None:
    """Heed Ctrl-C also where the tests run in the background of a script, which has it ignored by all that it starts."""
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_unconfigure() -> None:
    """What the engine has hidden from the collector would be called leaked by DuckDB at the end of the process."""
    gc.unfreeze()


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of this test's cache; it is made when something is kept."""
    folder = tmp_path_factory.mktemp("cache") / "results"
    monkeypatch.setenv("AUDITOR_CACHE", str(folder))
    return folder
