"""A short run of the mutation harness; the long one is ``python tests/fuzz/mutate.py --count 100000``."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from auditor.errors import UnreadableFile
from auditor.readers import FORMATS, read_bytes


@pytest.fixture(scope="module")
def mutate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("mutate", Path(__file__).with_name("mutate.py"))
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_undamaged_files_are_read(mutate: ModuleType) -> None:
    for name, data in mutate.seeds().items():
        if any(Path(name).suffix in each.suffixes for each in FORMATS.values()):
            try:
                assert "法治政府建设年度报告" in read_bytes(data, name).text, name
            except UnreadableFile as error:
                assert name == "a.zip" and error.code == "unsupported"


def test_damaged_files_have_typed_outcomes(mutate: ModuleType) -> None:
    outcomes, failures = mutate.run(mutate.seeds(), 400, seed=1)
    assert failures == []
    assert sum(outcomes.values()) == 400
    assert outcomes["read"] > 40
