"""``auditor check`` and ``auditor gate init``: whether submitted reports pass, as an exit code and a last line."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.arguments import (
    AsOfOption,
    EncodingOption,
    LangOption,
    LevelOption,
    ManifestOption,
    NoWaiversOption,
    RulesDirOption,
    RuleSetsOption,
    UnitOption,
    WaiversOption,
    YearOption,
    telling,
)
from auditor.errors import AuditorError, ExitCode, NoSuchPath
from auditor.terminal import complain, internal, show
from auditor.words import Lang, say, tell

if TYPE_CHECKING:
    from auditor.checking import Checked
    from auditor.outputs import Output

SUMMARY_FILE = "GITHUB_STEP_SUMMARY"


def check(
    ctx: typer.Context,
    check_paths: Annotated[list[str] | None, typer.Argument(metavar="PATH...")] = None,
    fail_on: Annotated[list[str] | None, typer.Option("--fail-on", metavar="TERM[,TERM]")] = None,
    gate_file: Annotated[Path | None, typer.Option("--gate", metavar="FILE")] = None,
    changed_since: Annotated[str | None, typer.Option("--changed-since", metavar="REF")] = None,
    manifest: ManifestOption = None,
    baseline_file: Annotated[Path | None, typer.Option("--baseline", metavar="FILE")] = None,
    waivers: WaiversOption = None,
    no_waivers: NoWaiversOption = False,
    as_of: AsOfOption = None,
    check_formats: Annotated[list[str] | None, typer.Option("-f", "--format", metavar="FORMAT[=FILE]")] = None,
    texts_dir: Annotated[Path | None, typer.Option("--texts", metavar="DIR")] = None,
    everything: Annotated[bool, typer.Option("--all")] = False,
    allow_empty: Annotated[bool, typer.Option("--allow-empty")] = False,
    allow_unreadable: Annotated[bool, typer.Option("--allow-unreadable")] = False,
    year: YearOption = None,
    level: LevelOption = None,
    unit: UnitOption = None,
    rule_sets: RuleSetsOption = None,
    rules_dir: RulesDirOption = None,
    encoding: EncodingOption = None,
    lang: LangOption = None,
) -> ExitCode:
    language: Lang = ctx.obj

    def run() -> ExitCode:
        from auditor import check_inputs
        from auditor.formats.checks import CHECK_FORMATS, WITH_LINES
        from auditor.inputs import audit_input, folders_exist, options_for
        from auditor.outputs import named_outputs

        outputs = named_outputs(check_formats or [], CHECK_FORMATS, language)
        folders_exist(outputs, language)
        asked = check_inputs.Asked(
            paths=tuple(check_paths or ()),
            fail_on=tuple(fail_on or ()),
            gate=gate_file,
            changed_since=changed_since,
            manifest=manifest,
            baseline=baseline_file,
            waivers=waivers,
            no_waivers=no_waivers,
            as_of=as_of,
            texts=texts_dir,
            everything=everything,
            allow_empty=allow_empty,
            allow_unreadable=allow_unreadable,
            told=telling(year, level, unit),
        )
        options = options_for(language, year, level, unit, rule_sets, rules_dir, encoding)
        written = [output.path for output in outputs if output.path]
        names = [output.format for output in outputs]
        texts = texts_dir or _beside(outputs)
        checked = check_inputs.checked(asked, names, written, texts, options, audit_input)
        if WITH_LINES.intersection(names):
            checked = check_inputs.with_lines(checked, texts, options)
        _deliver(checked, outputs, language, everything)
        return checked.verdict.exit_code

    return _concluded(run, language)


def _beside(outputs: Sequence[Output]) -> Path | None:
    """The folder for extracted texts beside the SARIF log; None where there is no such file."""
    log = next((output.path for output in outputs if output.format == "sarif"), None)
    return log.with_name(f"{log.stem}-texts") if log else None


def _concluded(run: Callable[[], ExitCode], lang: Lang) -> ExitCode:
    """Run a check; where it fails on the way, the last line still says that there is no verdict."""
    from auditor.formats.verdict import undecided

    no_path = False
    try:
        return run()
    except AuditorError as error:
        complain(str(error))
        code, no_path = error.exit_code, isinstance(error, NoSuchPath)
    except Exception as error:
        if os.environ.get("AUDITOR_DEBUG"):
            raise
        complain(internal(error, lang))
        code = ExitCode.INTERNAL
    complain(undecided(code, lang, no_path))
    return code


def _deliver(checked: Checked, outputs: Sequence[Output], lang: Lang, everything: bool) -> None:
    """Write the files first and the screen last, so that the conclusion stands at the end."""
    from auditor.formats import summary, verdict
    from auditor.formats.checks import CHECK_FORMATS, CONCLUDED
    from auditor.outputs import deliver

    files = [output for output in outputs if output.path]
    screen = next((output for output in outputs if output.path is None), None)
    deliver(((o, CHECK_FORMATS[o.format](checked, lang, everything)) for o in files), lang)
    names = [output.format for output in outputs]
    if "github" in names and "summary" not in names and (path := os.environ.get(SUMMARY_FILE)):
        _append(Path(path), summary.render(checked, lang), lang)
    told = [
        line for heading, said in verdict.lines(checked, lang) for line in (f"▌{heading}", *(f"  {s}" for s in said))
    ]
    last = verdict.conclusion(checked, lang)
    if screen is None:
        show("\n".join([*told, last]))
        return
    show(CHECK_FORMATS[screen.format](checked, lang, everything))
    if screen.format not in CONCLUDED:
        complain("\n".join([*told, last]))


def _append(path: Path, text: str, lang: Lang) -> None:
    try:
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        why = error.strerror or str(error)
        raise AuditorError(say(lang, "unwritable", path=path.as_posix(), why=why)) from error


def gate_init(
    ctx: typer.Context,
    result_file: Annotated[Path, typer.Argument(metavar="RESULT.json")],
    gate_output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE")] = Path("gate.yaml"),
    force: Annotated[bool, typer.Option("--force")] = False,
    lang: LangOption = None,
) -> ExitCode:
    from auditor.gate_file import dumped, gate_from
    from auditor.outputs import write_file

    gate = gate_from(result_file, ctx.obj)
    if gate_output.exists() and not force:
        raise AuditorError(tell(ctx.obj, "already_there", file=gate_output.as_posix()))
    write_file(gate_output, dumped(gate, ctx.obj), ctx.obj)
    complain(say(ctx.obj, "written", files=gate_output.as_posix()))
    return ExitCode.OK


def gate_root(lang: LangOption = None) -> None:
    pass
