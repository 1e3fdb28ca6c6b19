"""The arguments and options that several commands share; what they mean to a user stands in ``help.py``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

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


def light(parameter: Any) -> Any:
    """The parameter, made to load what checks values only for a value to be checked."""
    if parameter is not None:
        parameter._runtime_param = _PlainText()
    return parameter


class _PlainText:
    """How a parameter's text becomes its value: plain text as it is, everything else as typer does it.

    Typer loads pydantic for any value at all, which takes longer than reading a report.
    """

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value that the command gets. Raises typer's usage error for one that does not fit."""
        several = param.multiple or param.nargs == -1
        if value is None:
            return () if several else None
        wanted = param.type_descriptor.annotation
        if wanted in (str, bool) and isinstance(value, wanted):
            return value
        if wanted == list[str] and several and not isinstance(value, str):
            return list(value)
        from typer._coercion import build_runtime_param

        return build_runtime_param(param.type_descriptor).coerce(value, param=param, ctx=ctx)


def telling(year: int | None, level: Level | None, unit: str | None) -> tuple[str, ...]:
    """The options among these that were given: they tell of a report what a list of submissions tells too."""
    given = {"--year": year, "--level": level, "--unit": unit}
    return tuple(name for name, value in given.items() if value is not None)
