"""``auditor baseline``: make, renew and show the file of known gaps."""

from __future__ import annotations

from dataclasses import replace
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
from auditor.errors import AuditorError, ExitCode
from auditor.terminal import complain, show
from auditor.words import Lang, say, tell

if TYPE_CHECKING:
    from auditor.check_inputs import Asked
    from auditor.checking import Found
    from auditor.options import Options

DEFAULT = Path("baseline.json")


def baseline_root(lang: LangOption = None) -> None:
    pass


def create(
    ctx: typer.Context,
    check_paths: Annotated[list[str] | None, typer.Argument(metavar="PATH...")] = None,
    baseline_output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE")] = DEFAULT,
    force: Annotated[bool, typer.Option("--force")] = False,
    manifest: ManifestOption = None,
    waivers: WaiversOption = None,
    no_waivers: NoWaiversOption = False,
    as_of: AsOfOption = None,
    year: YearOption = None,
    level: LevelOption = None,
    unit: UnitOption = None,
    rule_sets: RuleSetsOption = None,
    rules_dir: RulesDirOption = None,
    encoding: EncodingOption = None,
    lang: LangOption = None,
) -> ExitCode:
    from auditor.baseline import baseline_of
    from auditor.baseline_file import dumped
    from auditor.check_inputs import Asked
    from auditor.inputs import options_for
    from auditor.outputs import write_file

    language: Lang = ctx.obj
    if baseline_output.exists() and not force:
        raise AuditorError(tell(language, "baseline_there", file=baseline_output.as_posix()))
    asked = Asked(
        paths=tuple(check_paths or ()),
        manifest=manifest,
        waivers=waivers,
        no_waivers=no_waivers,
        as_of=as_of,
        told=telling(year, level, unit),
    )
    options = options_for(language, year, level, unit, rule_sets, rules_dir, encoding)
    found = _found(asked, baseline_output, options)
    made = baseline_of(found.audit, found.problems)
    write_file(baseline_output, dumped(made), language)
    complain(say(language, "written", files=baseline_output.as_posix()))
    show(tell(language, "baseline_made", entries=len(made.entries), reports=len(found.audit.reports)))
    return _end(found, language)


def update(
    ctx: typer.Context,
    check_paths: Annotated[list[str] | None, typer.Argument(metavar="PATH...")] = None,
    baseline_update: Annotated[Path, typer.Option("--baseline", metavar="FILE")] = DEFAULT,
    add_new: Annotated[bool, typer.Option("--add-new")] = False,
    manifest: ManifestOption = None,
    waivers: WaiversOption = None,
    no_waivers: NoWaiversOption = False,
    as_of: AsOfOption = None,
    year: YearOption = None,
    level: LevelOption = None,
    unit: UnitOption = None,
    rule_sets: RuleSetsOption = None,
    rules_dir: RulesDirOption = None,
    encoding: EncodingOption = None,
    lang: LangOption = None,
) -> ExitCode:
    from auditor.baseline import compare, entry_of, updated
    from auditor.baseline_file import dumped
    from auditor.check_inputs import Asked, baseline_in, obligations
    from auditor.formats.verdict import entry_lines
    from auditor.inputs import options_for
    from auditor.outputs import write_file

    language: Lang = ctx.obj
    options = options_for(language, year, level, unit, rule_sets, rules_dir, encoding)
    before = baseline_in(baseline_update, language, obligations(options))
    asked = Asked(
        paths=tuple(check_paths or ()),
        manifest=manifest,
        waivers=waivers,
        no_waivers=no_waivers,
        as_of=as_of,
        told=telling(year, level, unit),
    )
    found = _found(asked, baseline_update, options)
    compared = compare(found.audit, found.problems, before)
    after = updated(before, compared, found.audit, add_new)
    write_file(baseline_update, dumped(after), language)
    complain(say(language, "written", files=baseline_update.as_posix()))
    for line in entry_lines(compared.resolved, language):
        show(f"- {line}")
    for line in entry_lines(sorted(after.entries - before.entries), language):
        show(f"+ {line}")
    # what a baseline cannot hold is told by name at the end, not counted as entered
    new = len({entry for p in compared.problems if p.known is False and (entry := entry_of(p))})
    left = len(compared.unchecked)
    key = "baseline_added" if add_new else "baseline_renewed"
    show(tell(language, key, entries=len(after.entries), resolved=len(compared.resolved), new=new, left=left))
    return _end(found, language)


def show_baseline(
    ctx: typer.Context,
    baseline_shown: Annotated[Path, typer.Argument(metavar="FILE")] = DEFAULT,
    lang: LangOption = None,
) -> ExitCode:
    from auditor.check_inputs import baseline_in
    from auditor.formats.baseline import render

    show(render(baseline_in(baseline_shown, ctx.obj), ctx.obj))
    return ExitCode.OK


def _found(asked: Asked, output: Path, options: Options) -> Found:
    """The problems of the reports that are to enter a baseline."""
    from auditor import check_inputs
    from auditor.checking import Settings
    from auditor.inputs import audit_input
    from auditor.selection import select

    lang = options.lang
    check_inputs.fit(asked, ("table",), lang)
    listed = check_inputs.waivers_of(asked.waiver_file, options)
    manifest = check_inputs.manifest_of(asked.manifest, lang)
    own = [path for path in (asked.waiver_file, asked.manifest) if path]
    check_inputs.spare(asked.paths, manifest, [output], own, None, lang)
    skip = [path.resolve() for path in (*own, output)]
    selection = select(asked.paths, manifest, None, lang, skip=skip)
    settings = Settings(waivers=listed, as_of=check_inputs.day(asked.as_of, lang))
    found = check_inputs.found_in(selection, manifest, options, audit_input, settings)
    return replace(found, notes=(*selection.notes, *found.notes))


def _end(found: Found, lang: Lang) -> ExitCode:
    """Say what the baseline does not hold: an unreadable file, a report without unit or year."""
    from auditor.baseline import keyless

    for note in (*found.notes, *(tell(lang, "keyless", file=file) for file in keyless(found.problems))):
        complain(note)
    for failed in found.audit.unreadable:
        complain(f"{failed.file}: {failed.message}")
    return ExitCode.UNREADABLE if found.audit.unreadable else ExitCode.OK
