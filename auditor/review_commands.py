"""``auditor review``: what the author of a report has to mend, once or after every save."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.arguments import (
    EncodingOption,
    FileArgument,
    LangOption,
    LevelOption,
    RulesDirOption,
    RuleSetsOption,
    UnitOption,
    YearOption,
)
from auditor.errors import AuditorError, ExitCode
from auditor.inputs import audit_input, inputs_for, options_for
from auditor.terminal import clear, complain, show
from auditor.words import Lang, review_word

if TYPE_CHECKING:
    from auditor.findings import Unreadable
    from auditor.outputs import Output
    from auditor.paths import Input
    from auditor.review import Checklist


def review(
    ctx: typer.Context,
    file: FileArgument,
    whole_list: Annotated[bool, typer.Option("--all")] = False,
    watch: Annotated[bool, typer.Option("--watch")] = False,
    today: Annotated[str | None, typer.Option("--as-of", metavar="YYYY-MM-DD")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE")] = None,
    year: YearOption = None,
    level: LevelOption = None,
    unit: UnitOption = None,
    rule_sets: RuleSetsOption = None,
    rules_dir: RulesDirOption = None,
    encoding: EncodingOption = None,
    lang: LangOption = None,
) -> ExitCode:
    from auditor.findings import Unreadable
    from auditor.formats.checklist import PAGE_WIDTH, render
    from auditor.outputs import Output, tell, write_file
    from auditor.review import Checklist, checklist

    language: Lang = ctx.obj
    day = _day(today, language)
    options = options_for(language, year, level, unit, rule_sets, rules_dir, encoding)
    one = _one(file, [Output("table", output)] if output else [], language)

    def look() -> Checklist | Unreadable:
        result = audit_input(one, options)
        return result if isinstance(result, Unreadable) else checklist(result, day or date.today())

    def deliver(made: Checklist) -> None:
        if output is None:
            show(render(made, language, whole_list))
        else:
            write_file(output, render(made, language, whole_list, PAGE_WIDTH), language)
            tell([output.as_posix()], language)

    if watch:
        _watch(one, look, deliver, language)
        return ExitCode.OK
    made = look()
    if isinstance(made, Checklist):
        deliver(made)
        return ExitCode.OK
    complain(f"{made.file}: {made.message}")
    return ExitCode.UNREADABLE


def _day(given: str | None, lang: Lang) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise AuditorError(review_word(lang, "bad_day", value=given)) from None


def _one(file: str, outputs: Sequence[Output], lang: Lang) -> Input:
    """The only report meant by ``file``. Raises NoInput, or AuditorError where several are meant."""
    found = inputs_for([file], outputs, lang)
    if len(found) != 1:
        raise AuditorError(review_word(lang, "one_report", path=file, count=len(found)))
    return found[0]


def _watch(
    one: Input, look: Callable[[], Checklist | Unreadable], deliver: Callable[[Checklist], None], lang: Lang
) -> None:
    """Look at the report now and after every save, until the user interrupts.

    A file that is gone or cannot be read just now is waited for; what changed is told against the last good look.
    """
    from auditor.findings import Unreadable
    from auditor.formats.checklist import changed
    from auditor.review import changes
    from auditor.watching import saves

    if one.path is None or one.load is not None:
        raise AuditorError(review_word(lang, "watch_file", path=one.name))
    last: Checklist | None = None
    try:
        for _ in saves(one.path):
            made = look() if one.path.exists() else None
            if made is None:
                complain(review_word(lang, "gone", path=one.name))
                continue
            if isinstance(made, Unreadable):
                complain(review_word(lang, "not_now", path=one.name, why=made.message))
                continue
            clear()
            deliver(made)
            if last is not None:
                show(changed(changes(last, made), last.audited.score, made.audited.score, lang))
            last = made
            complain(review_word(lang, "waiting", path=one.name))
    except KeyboardInterrupt:
        complain(review_word(lang, "stopped"))
