"""The arguments and options that several commands share; what they mean to a user stands in ``help.py``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditor.formats.labels import Lang
from auditor.report import Level

# The language is read from the command line before the commands are built; every command accepts the option.
LangOption = Annotated[Lang | None, typer.Option("--lang", metavar="zh|en")]
YearOption = Annotated[int | None, typer.Option("--year", metavar="YYYY")]
LevelOption = Annotated[Level | None, typer.Option("--level", metavar="LEVEL")]
UnitOption = Annotated[str | None, typer.Option("--unit", metavar="NAME")]
RuleSetsOption = Annotated[list[str] | None, typer.Option("--rules", metavar="SET")]
RulesDirOption = Annotated[Path | None, typer.Option("--rules-dir", metavar="DIR")]
EncodingOption = Annotated[str | None, typer.Option("--encoding", metavar="NAME")]
FileArgument = Annotated[str, typer.Argument(metavar="FILE")]
ObligationArgument = Annotated[str, typer.Argument(metavar="OBLIGATION")]
