"""``auditor compare``: reports beside each other, year on year and across units."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditor.arguments import EncodingOption, LangOption
from auditor.errors import ExitCode, NoInput
from auditor.inputs import inputs_for, options_for, read_input
from auditor.terminal import complain
from auditor.words import Lang, say


def compare(
    ctx: typer.Context,
    paths: Annotated[list[str], typer.Argument(metavar="PATH...")],
    everything: Annotated[bool, typer.Option("--all")] = False,
    compare_formats: Annotated[list[str] | None, typer.Option("-f", "--format", metavar="FORMAT[=FILE]")] = None,
    rules_dir: Annotated[Path | None, typer.Option("--rules-dir", metavar="DIR")] = None,
    encoding: EncodingOption = None,
    lang: LangOption = None,
) -> ExitCode:
    from auditor.audit import audit_report
    from auditor.comparison import compare_reports
    from auditor.findings import Unreadable
    from auditor.formats.comparison import RENDERERS
    from auditor.outputs import deliver, named_outputs

    language: Lang = ctx.obj
    outputs = named_outputs(compare_formats or [], RENDERERS, language)
    options = options_for(language, rules_dir=rules_dir, encoding=encoding)
    read = [read_input(each, options) for each in inputs_for(paths, outputs, language)]
    unreadable = tuple(r for r in read if isinstance(r, Unreadable))
    for failed in unreadable:
        complain(f"{failed.file}: {failed.message}")
    reports = [r for r in read if not isinstance(r, Unreadable)]
    if len(reports) < 2:
        raise NoInput(say(language, "compare_two"))
    result = compare_reports(reports, lambda report: audit_report(report, options), unreadable)
    deliver(((o, RENDERERS[o.format](result, language, everything)) for o in outputs), language)
    return ExitCode.UNREADABLE if unreadable else ExitCode.OK
