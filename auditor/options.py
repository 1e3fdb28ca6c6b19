"""What the caller of the engine tells of a report and of the rules, light enough to be had without the engine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from auditor.report import Level
from auditor.words import Lang


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller overrides; None means: read it from the report (or choose by its year).

    ``submitted`` is the day on which the report was handed in (YYYY-MM-DD), ``url`` where it is published; ``told_by``
    says where the year, level, unit and those two come from.
    """

    year: int | None = None
    level: Level | None = None
    unit: str | None = None
    rule_sets: tuple[str, ...] | None = None
    rules_dir: Path | None = None
    encoding: str | None = None
    lang: Lang = Lang.ZH
    submitted: str | None = None
    url: str | None = None
    told_by: Literal["option", "manifest"] = "option"
