"""The command line: arguments, exit codes, and the only place that prints and writes."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from auditor import (
    __version__,
    baseline_commands,
    cache_commands,
    check_commands,
    compare_commands,
    figure_commands,
    review_commands,
    rule_commands,
)
from auditor.arguments import (
    EncodingOption,
    FileArgument,
    FormatsOption,
    LangOption,
    LevelOption,
    ManifestOption,
    ObligationArgument,
    RulesDirOption,
    RuleSetsOption,
    TemplateOption,
    UnitOption,
    YearOption,
    light,
    telling,
)
from auditor.errors import AuditorError, ExitCode, Interrupted, NoInput
from auditor.help import screen, usage_error
from auditor.inputs import folders_exist, options_for
from auditor.stopping import heed
from auditor.terminal import complain, internal, prepare, show
from auditor.words import COMMANDS, PARAMETERS, Lang, batch_word, say, tell

if TYPE_CHECKING:
    from auditor.delivery import Manner
    from auditor.findings import ReportAudit, Unreadable
    from auditor.options import Options
    from auditor.outputs import Output
    from auditor.report import Extracted, Report

# What is heavy (the engine, pydantic, tables) is imported inside the commands: help must not wait for it.


MOST_TOLD = 100  # files that standard error names


class _Command(TyperCommand):
    def get_help_option(self, ctx: Any) -> Any:
        return light(super().get_help_option(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(screen(self, ctx, ctx.obj))


class _Later(Mapping[str, Any]):
    """Commands by name, each built when it is asked for: to build them all takes longer than any help screen."""

    def __init__(self, below: Mapping[str, Any], path: str, lang: Lang) -> None:
        """``below`` are functions, and for groups pairs of a function and what is below it; ``path`` leads to them."""
        self._below, self._path, self._lang = below, path, lang
        self._built: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._built:
            self._built[name] = _built(name, self._below[name], f"{self._path} {name}".strip(), self._lang)
        return self._built[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._below)

    def __len__(self) -> int:
        return len(self._below)


class _Group(TyperGroup):
    def get_help_option(self, ctx: Any) -> Any:
        return light(super().get_help_option(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(screen(self, ctx, ctx.obj))


# ---- auditing


def audit(
    ctx: typer.Context,
    audit_paths: Annotated[list[str] | None, typer.Argument(metavar="PATH...")] = None,
    everything: Annotated[bool, typer.Option("--all")] = False,
    formats: FormatsOption = None,
    template: TemplateOption = None,
    out: Annotated[str | None, typer.Option("--out", metavar="DIR")] = None,
    no_out: Annotated[bool, typer.Option("--no-out")] = False,
    manifest: ManifestOption = None,
    jobs: Annotated[int | None, typer.Option("-j", "--jobs", metavar="N")] = None,
    resume: Annotated[bool, typer.Option("--resume")] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache")] = False,
    engine: Annotated[str, typer.Option("--engine", metavar="local|dask")] = "local",
    scheduler: Annotated[str | None, typer.Option("--scheduler", metavar="ADDRESS")] = None,
    year: YearOption = None,
    level: LevelOption = None,
    unit: UnitOption = None,
    rule_sets: RuleSetsOption = None,
    rules_dir: RulesDirOption = None,
    encoding: EncodingOption = None,
    lang: LangOption = None,
) -> ExitCode:
    from auditor.runs import Asked, run

    asked = Asked(
        paths=tuple(audit_paths or ()),
        formats=tuple(formats or ()),
        out=out,
        no_out=no_out,
        manifest=manifest,
        told=telling(year, level, unit),
        jobs=jobs,
        resume=resume,
        no_cache=no_cache,
        engine=engine,
        scheduler=scheduler,
    )
    options = options_for(ctx.obj, year, level, unit, rule_sets, rules_dir, encoding)
    return _told(run(asked, options, lambda outputs: _manner(ctx.obj, everything, template, outputs)), ctx.obj)


def render(
    ctx: typer.Context,
    result: Annotated[Path, typer.Argument(metavar="RESULT.json")],
    everything: Annotated[bool, typer.Option("--all")] = False,
    render_formats: FormatsOption = None,
    template: TemplateOption = None,
    render_out: Annotated[Path | None, typer.Option("--out", metavar="DIR")] = None,
    lang: LangOption = None,
) -> ExitCode:
    from auditor.delivery import check_places, deliver_audits
    from auditor.formats.offered import NAMES
    from auditor.outputs import named_outputs
    from auditor.results import load

    language: Lang = ctx.obj
    folder = (render_out or result.parent).as_posix()
    outputs = named_outputs(render_formats or [], NAMES, language, folder)
    manner = _manner(language, everything, template, outputs)
    folders_exist(outputs, language, folder)
    audit = load(result, language)
    if any(output.path and output.path.exists() and output.path.samefile(result) for output in outputs):
        raise AuditorError(say(language, "overwrites_input", path=result.as_posix()))
    check_places(outputs, len(audit.reports), language)
    results: list[ReportAudit | Unreadable] = [*audit.reports, *audit.unreadable]
    return _told(deliver_audits(results, outputs, manner, lambda _: audit.pairs, len(audit.reports)), language)


def _manner(lang: Lang, everything: bool, template: Path | None, outputs: Sequence[Output]) -> Manner:
    """How to word results, the template read; an unusable template is an error now, not after the audit."""
    from auditor.delivery import Manner

    if template is None:
        return Manner(lang, everything)
    if all(output.format != "docx" for output in outputs):
        raise AuditorError(say(lang, "unused_template"))
    from auditor.formats import letter

    name = template.as_posix()
    try:
        data = template.read_bytes()
    except OSError as error:
        raise AuditorError(say(lang, "template_unreadable", path=name, why=error.strerror or str(error))) from error
    letter.check(data, name, lang)
    return Manner(lang, everything, data, name)


def _told(unreadable: Sequence[Unreadable], lang: Lang) -> ExitCode:
    """Name the files that could not be read; the exit code."""
    for failed in unreadable[:MOST_TOLD]:
        complain(f"{failed.file}: {failed.message}")
    if len(unreadable) > MOST_TOLD:
        complain(batch_word(lang, "more_unreadable", count=len(unreadable) - MOST_TOLD))
    return ExitCode.UNREADABLE if unreadable else ExitCode.OK


def save_template(
    ctx: typer.Context,
    template_file: Annotated[Path, typer.Argument(metavar="FILE")],
    lang: LangOption = None,
) -> ExitCode:
    from auditor.formats.letter import default_template
    from auditor.outputs import tell, write_file

    write_file(template_file, default_template(), ctx.obj)
    tell([template_file.as_posix()], ctx.obj)
    return ExitCode.OK


# ---- looking closer


def _read(file: str, options: Options, lang: Lang) -> Report:
    from auditor.audit import read_report, report_from_bytes
    from auditor.paths import STDIN, STDIN_NAME, printable

    if file == STDIN:
        return report_from_bytes(sys.stdin.buffer.read(), STDIN_NAME, options)
    if not Path(file).exists():
        raise NoInput(say(lang, "path_missing", path=file))
    return read_report(Path(file), printable(file), options)


def _extract(file: str, encoding: str | None, lang: Lang) -> tuple[Extracted, str, str]:
    """What a reader yields for a file or standard input, its name and its SHA-256."""
    from auditor.paths import STDIN, STDIN_NAME, printable
    from auditor.readers import read_bytes, read_file

    if file == STDIN:
        data = sys.stdin.buffer.read()
        return read_bytes(data, STDIN_NAME, encoding), STDIN_NAME, hashlib.sha256(data).hexdigest()
    if not Path(file).exists():
        raise NoInput(say(lang, "path_missing", path=file))
    extracted, sha256 = read_file(Path(file), printable(file), encoding)
    return extracted, printable(file), sha256


def read(
    ctx: typer.Context,
    file: FileArgument,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE")] = None,
    encoding: EncodingOption = None,
    lang: LangOption = None,
) -> ExitCode:
    from auditor.outputs import write_file

    extracted, name, _ = _extract(file, encoding, ctx.obj)
    for warning in extracted.warnings:
        complain(f"{name}: {warning.told(ctx.obj)}")
    if output is None:
        show(extracted.text)
        return ExitCode.OK
    if output.exists() and Path(file).exists() and output.samefile(file):
        raise AuditorError(say(ctx.obj, "overwrites_input", path=name))
    write_file(output, extracted.text, ctx.obj)
    complain(say(ctx.obj, "written", files=output.as_posix()))
    return ExitCode.OK


def outline(
    ctx: typer.Context,
    file: FileArgument,
    year: YearOption = None,
    level: LevelOption = None,
    unit: UnitOption = None,
    encoding: EncodingOption = None,
    lang: LangOption = None,
) -> ExitCode:
    from auditor.formats.outline import render
    from auditor.structure import structure

    options = options_for(ctx.obj, year, level, unit)
    extracted, name, sha256 = _extract(file, encoding, ctx.obj)
    report = structure(extracted, name, sha256, year=options.year, level=options.level, unit=options.unit, lang=ctx.obj)
    show(render(report, ctx.obj, extracted))
    return ExitCode.OK


def explain(
    ctx: typer.Context,
    obligation: ObligationArgument,
    file: FileArgument,
    year: YearOption = None,
    level: LevelOption = None,
    unit: UnitOption = None,
    rule_sets: RuleSetsOption = None,
    rules_dir: RulesDirOption = None,
    encoding: EncodingOption = None,
    lang: LangOption = None,
) -> ExitCode:
    from auditor import audit as engine
    from auditor.formats.explanation import render

    options = options_for(ctx.obj, year, level, unit, rule_sets, rules_dir, encoding)
    if Path(obligation).is_file() and not Path(file).exists():
        raise AuditorError(say(ctx.obj, "swapped", id=file, file=obligation))
    report = _read(file, options, ctx.obj)
    try:
        explanation = engine.explain(report, obligation.upper(), options)
    except KeyError:
        used, _ = engine.choose_rule_sets(report.source.year, options)
        raise rule_commands.unknown_obligation(obligation, rules_dir, ctx.obj, used) from None
    show(render(explanation, ctx.obj))
    return ExitCode.OK


def doctor(ctx: typer.Context, lang: LangOption = None) -> ExitCode:
    from auditor.formats.doctor import render
    from auditor.readers.support import memory_is_limited, support

    show(render(support(), memory_is_limited(), ctx.obj))
    return ExitCode.OK


# ---- measuring


def evaluate(
    ctx: typer.Context,
    gold: Annotated[Path, typer.Option("--gold", metavar="DIR")],
    texts: Annotated[list[Path] | None, typer.Option("--texts", metavar="DIR")] = None,
    eval_format: Annotated[str, typer.Option("--format", metavar="table|json|md")] = "table",
    no_plain: Annotated[bool, typer.Option("--no-plain")] = False,
    rules_dir: RulesDirOption = None,
    lang: LangOption = None,
) -> ExitCode:
    from auditor.assessment import assess
    from auditor.formats.accuracy import RENDERERS

    if eval_format not in RENDERERS:
        raise AuditorError(say(ctx.obj, "unknown_format", name=eval_format, names=" ".join(RENDERERS)))
    for folder in (gold, *(texts or ())):
        if not folder.is_dir():
            raise NoInput(say(ctx.obj, "path_missing", path=folder.as_posix()))
    result = assess(gold, texts or (), options_for(ctx.obj, None, None, None, rules_dir=rules_dir), plain=not no_plain)
    show(RENDERERS[eval_format](result, ctx.obj))
    return ExitCode.OK


# ---- putting it together


def _root(
    ctx: typer.Context,
    version: Annotated[bool, typer.Option("--version", is_eager=True)] = False,
    lang: LangOption = None,
) -> None:
    if version:
        show(f"auditor {__version__}")
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        show(ctx.get_help())
        raise typer.Exit(ExitCode.USAGE)


def _rules_root(lang: LangOption = None) -> None:
    pass


_COMMANDS: dict[str, Any] = {
    "audit": audit,
    "render": render,
    "template": save_template,
    "review": review_commands.review,
    "outline": outline,
    "read": read,
    "explain": explain,
    "figures": figure_commands.figures,
    "compare": compare_commands.compare,
    "check": check_commands.check,
    "doctor": doctor,
    "eval": evaluate,
    "rules": (
        _rules_root,
        {
            "list": rule_commands.list_rules,
            "show": rule_commands.show_rule,
            "lint": rule_commands.lint,
            "test": rule_commands.test,
            "coverage": rule_commands.coverage,
            "schema": rule_commands.schema,
        },
    ),
    "cache": (cache_commands.cache_root, {"info": cache_commands.info, "clean": cache_commands.clean}),
    "baseline": (
        baseline_commands.baseline_root,
        {
            "create": baseline_commands.create,
            "update": baseline_commands.update,
            "show": baseline_commands.show_baseline,
        },
    ),
    "gate": (check_commands.gate_root, {"init": check_commands.gate_init}),
}


def build(lang: Lang) -> Any:
    """The whole command, its help in ``lang``."""
    app = typer.Typer(name="auditor", cls=_Group, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.callback(cls=_Group, invoke_without_command=True)(_root)
    return _described(app, "", lang, _COMMANDS)


def _built(name: str, what: Any, path: str, lang: Lang) -> Any:
    """One command, or a group with what is below it."""
    app = typer.Typer(name=name, cls=_Group, rich_markup_mode=None, add_completion=False)
    if isinstance(what, tuple):
        root, below = what
        app.callback(cls=_Group, no_args_is_help=True)(root)
        return _described(app, path, lang, below)
    app.command(name, cls=_Command)(what)
    return _described(app, path, lang)


def _described(app: Any, path: str, lang: Lang, below: Mapping[str, Any] | None = None) -> Any:
    """The command of a typer app, it and its parameters with the words that shell completion shows."""
    command: Any = typer.main.get_command(app)
    command.help = command.short_help = COMMANDS[lang][path]
    for parameter in command.params:
        parameter.help = PARAMETERS[lang][parameter.name]
        light(parameter)
    if below is not None:
        command.commands = _Later(below, path, lang)
    return command


def language(arguments: Sequence[str]) -> Lang:
    """The language that ``--lang`` asks for; Chinese where it asks for none that there is."""
    asked = Lang.ZH.value
    for at, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == "--lang" and at + 1 < len(arguments):
            asked = arguments[at + 1]
        elif argument.startswith("--lang="):
            asked = argument.removeprefix("--lang=")
    return Lang.EN if asked == Lang.EN else Lang.ZH


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; every error is one clear line on standard error."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    lang = language(given)
    prepare()
    if given == ["--version"]:  # typer would load pydantic to read the option
        show(f"auditor {__version__}")
        return int(ExitCode.OK)
    try:
        code = build(lang).main(given, prog_name="auditor", standalone_mode=False, obj=lang)
        if code == ExitCode.INTERRUPTED:
            complain(say(lang, "interrupted"))
        return int(code or ExitCode.OK)
    except Interrupted as error:
        complain(error.told(lang))
        return int(ExitCode.INTERRUPTED)
    except AuditorError as error:
        complain(error.told(lang))
        return int(error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        complain(say(lang, "interrupted"))
        return int(ExitCode.INTERRUPTED)
    except Exception as error:
        if hasattr(error, "format_message"):
            code = _usage(error, lang)
            if given[:1] == ["check"]:  # the last line of a check is its verdict, or that there is none
                complain(
                    tell(lang, "conclusion", verdict=tell(lang, "undecided"), counts=tell(lang, "no_verdict_usage"))
                )
            return code
        if os.environ.get("AUDITOR_DEBUG"):
            raise
        complain(internal(error, lang))
        return int(ExitCode.INTERNAL)


def _usage(error: Any, lang: Lang) -> int:
    context: Any = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        complain(screen(context.command, context, lang))
    else:
        complain(say(lang, "usage_error") + usage_error(error.format_message(), lang))
        complain(say(lang, "see_help", command=context.command_path if context else "auditor"))
    return int(ExitCode.USAGE)


def run() -> None:
    """The ``auditor`` command."""
    heed()
    sys.exit(main())
