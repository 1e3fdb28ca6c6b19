"""The output formats, a module each; which of them a result can be turned into says ``offered``."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any


def later(module: str, function: str) -> Callable[..., Any]:
    """The function of a module of this package, which is imported with the first call: few formats are used at once."""

    def call(*values: Any) -> Any:
        return getattr(import_module(f"auditor.formats.{module}"), function)(*values)

    return call
