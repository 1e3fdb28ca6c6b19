"""The arguments and options that several commands share; what they mean to a user stands in ``help.py``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditor.places import level_named
from auditor.report import Level
from auditor.words import LEVEL, Lang


def _level(value: str) -> Level:
    level = level_named(value)
    if level is None:
        names = ", ".join(f"{level.value} {LEVEL[Lang.ZH][level]}" for level in Level)
        raise typer.BadParameter(f"'{value}' is not one of {names}.")
    return level


def _level_names(incomplete: str) -> list[str]:
    return [level.value for level in Level if level.value.startswith(incomplete)]


# The language is read from the command line before the commands are built; every command accepts the option.
LangOption = Annotated[Lang | None, typer.Option("--lang", metavar="zh|en")]
YearOption = Annotated[int | None, typer.Option("--year", metavar="YYYY")]
LevelOption = Annotated[
    Level | None, typer.Option("--level", metavar="LEVEL", parser=_level, autocompletion=_level_names)
]
UnitOption = Annotated[str | None, typer.Option("--unit", metavar="NAME")]
RuleSetsOption = Annotated[list[str] | None, typer.Option("--rules", metavar="SET")]
RulesDirOption = Annotated[Path | None, typer.Option("--rules-dir", metavar="DIR")]
EncodingOption = Annotated[str | None, typer.Option("--encoding", metavar="NAME")]
FormatsOption = Annotated[list[str] | None, typer.Option("-f", "--format", metavar="FORMAT[=FILE]")]
TemplateOption = Annotated[Path | None, typer.Option("--template", metavar="FILE")]
ManifestOption = Annotated[Path | None, typer.Option("--manifest", metavar="units.csv")]
WaiversOption = Annotated[Path | None, typer.Option("--waivers", metavar="FILE")]
AsOfOption = Annotated[str | None, typer.Option("--as-of", metavar="YYYY-MM-DD")]
NoWaiversOption = Annotated[bool, typer.Option("--no-waivers")]
FileArgument = Annotated[str, typer.Argument(metavar="FILE")]
ObligationArgument = Annotated[str, typer.Argument(metavar="OBLIGATION")]


def telling(year: int | None, level: Level | None, unit: str | None) -> tuple[str, ...]:
    """The options among these that were given: they tell of a report what a list of submissions tells too."""
    given = {"--year": year, "--level": level, "--unit": unit}
    return tuple(name for name, value in given.items() if value is not None)
