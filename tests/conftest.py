"""What every test has: a cache of results of its own, so that no test knows what another audited."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of this test's cache; it is made when something is kept."""
    folder = tmp_path_factory.mktemp("cache") / "results"
    monkeypatch.setenv("AUDITOR_CACHE", str(folder))
    return folder
