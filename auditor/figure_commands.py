"""``auditor figures``: the checks of a report's arithmetic, and the indicators as a table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditor.arguments import EncodingOption, LangOption, LevelOption, UnitOption, YearOption
from auditor.errors import ExitCode
from auditor.inputs import inputs_for, options_for, read_input
from auditor.terminal import complain
from auditor.words import Lang


def figures(
    ctx: typer.Context,
    paths: Annotated[list[str], typer.Argument(metavar="PATH...")],
    indicators: Annotated[bool, typer.Option("--indicators")] = False,
    figure_formats: Annotated[list[str] | None, typer.Option("-f", "--format", metavar="FORMAT[=FILE]")] = None,
    year: YearOption = None,
    level: LevelOption = None,
    unit: UnitOption = None,
    rules_dir: Annotated[Path | None, typer.Option("--rules-dir", metavar="DIR")] = None,
    encoding: EncodingOption = None,
    lang: LangOption = None,
) -> ExitCode:
    from auditor.audit import figures_of
    from auditor.findings import FigureRun, ReportFigures, Unreadable
    from auditor.formats.figures import RENDERERS
    from auditor.indicators import load_indicators
    from auditor.outputs import deliver, named_outputs

    language: Lang = ctx.obj
    outputs = named_outputs(figure_formats or [], RENDERERS, language)
    options = options_for(language, year, level, unit, rules_dir=rules_dir, encoding=encoding)
    known = load_indicators(rules_dir)
    read = [read_input(each, options) for each in inputs_for(paths, outputs, language)]
    unreadable = tuple(r for r in read if isinstance(r, Unreadable))
    reports = (r for r in read if not isinstance(r, Unreadable))
    run = FigureRun(tuple(ReportFigures(r.source, figures_of(r, options)) for r in reports), unreadable)
    deliver(((o, RENDERERS[o.format](run, known, language, indicators)) for o in outputs), language)
    for failed in unreadable:
        complain(f"{failed.file}: {failed.message}")
    return ExitCode.UNREADABLE if unreadable else ExitCode.OK
