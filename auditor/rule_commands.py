"""``auditor rules``: the commands that show the rules and check them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from auditor.arguments import LangOption, ObligationArgument, RulesDirOption, RuleSetsOption
from auditor.errors import AuditorError, ExitCode, RuleError
from auditor.terminal import show
from auditor.words import Lang, Message, say, told


def list_rules(
    ctx: typer.Context,
    rule_set: Annotated[str | None, typer.Argument(metavar="SET")] = None,
    rules_dir: RulesDirOption = None,
    lang: LangOption = None,
) -> ExitCode:
    from auditor.formats.rulebook import obligations, rule_sets
    from auditor.rules import load_ruleset

    if rule_set is None:
        show(rule_sets([load_ruleset(each, rules_dir) for each in set_ids(rules_dir, ctx.obj)], ctx.obj))
    else:
        show(obligations(load_ruleset(rule_set, rules_dir), ctx.obj))
    return ExitCode.OK


def show_rule(
    ctx: typer.Context,
    obligation: ObligationArgument,
    rules_dir: RulesDirOption = None,
    lang: LangOption = None,
) -> ExitCode:
    from auditor.formats.rulebook import one
    from auditor.rules import load_ruleset

    for each in set_ids(rules_dir, ctx.obj):
        if rule := load_ruleset(each, rules_dir).rule(obligation.upper()):
            show(one(rule, ctx.obj))
            return ExitCode.OK
    raise unknown_obligation(obligation, rules_dir, ctx.obj)


def unknown_obligation(asked: str, rules_dir: Path | None, lang: Lang, used: Sequence[str] = ()) -> AuditorError:
    """Why there is no obligation ``asked`` among the sets ``used``: it stands in another set, or near ids are meant."""
    from difflib import get_close_matches

    from auditor.formats.rulebook import years
    from auditor.rules import load_ruleset

    wanted, ids = asked.upper(), []
    for each in set_ids(rules_dir, lang):
        loaded = load_ruleset(each, rules_dir)
        if loaded.rule(wanted):
            names = say(lang, "list_mark").join(used)
            return AuditorError(say(lang, "other_set", id=wanted, set=each, years=years(loaded.head, lang), used=names))
        ids += [rule.id for rule in loaded.rules]
    if near := get_close_matches(wanted, ids, cutoff=0.75):
        return AuditorError(say(lang, "near_obligations", id=asked, near=say(lang, "list_mark").join(near)))
    return AuditorError(say(lang, "unknown_obligation", id=asked))


def lint(ctx: typer.Context, rules_dir: RulesDirOption = None, lang: LangOption = None) -> ExitCode:
    from auditor.indicators import load_indicators
    from auditor.rules import load_ruleset

    problems: list[Message | str] = []
    count, sets = 0, set_ids(rules_dir, ctx.obj)
    for each in sets:
        try:
            count += len(load_ruleset(each, rules_dir).rules)
        except RuleError as error:
            problems += error.problems
    try:
        load_indicators(rules_dir)
    except RuleError as error:
        problems += error.problems
    if problems:
        raise RuleError(tuple(dict.fromkeys(told(each, ctx.obj) for each in problems)))
    show(say(ctx.obj, "lint_ok", sets=say(ctx.obj, "list_mark").join(sets), rules=count))
    return ExitCode.OK


def coverage(
    ctx: typer.Context,
    rule_sets: RuleSetsOption = None,
    rules_dir: RulesDirOption = None,
    lang: LangOption = None,
) -> ExitCode:
    from auditor.coverage import coverage as covered
    from auditor.formats.rulebook import items

    found = covered(tuple(rule_sets or set_ids(rules_dir, ctx.obj)), rules_dir)
    show(items(found, ctx.obj))
    if found.problems:
        raise RuleError(found.problems)
    return ExitCode.OK


def test(
    ctx: typer.Context,
    obligations: Annotated[list[str] | None, typer.Argument(metavar="OBLIGATION...")] = None,
    rule_sets: RuleSetsOption = None,
    rule_file: Annotated[Path | None, typer.Option("--file", metavar="FILE")] = None,
    rules_dir: RulesDirOption = None,
    mutate: Annotated[bool, typer.Option("--mutate")] = False,
    lang: LangOption = None,
) -> ExitCode:
    from auditor import examples
    from auditor.formats.rulebook import survivors, test_run

    sets = tuple(rule_sets) if rule_sets else None
    ids = tuple(each.upper() for each in obligations or ())
    if mutate:
        left = examples.mutate(sets, rule_file, ids, rules_dir)
        show(survivors(left, ctx.obj))
        return ExitCode.USAGE if left else ExitCode.OK
    run = examples.run_examples(sets, rule_file, ids, rules_dir, ctx.obj)
    show(test_run(run, ctx.obj))
    return ExitCode.USAGE if run.failures else ExitCode.OK


def schema(lang: LangOption = None) -> ExitCode:
    import json

    from auditor.obligations import RuleFile
    from auditor.validation import model_of

    show(json.dumps(model_of(RuleFile).model_json_schema(by_alias=True), ensure_ascii=False, indent=1))
    return ExitCode.OK


def set_ids(rules_dir: Path | None, lang: Lang) -> tuple[str, ...]:
    """The rule sets in a folder, the shipped ones where none is named. Raises RuleError where there is none."""
    from auditor.rules import shipped_sets

    found = shipped_sets(rules_dir)
    if not found:
        raise RuleError((say(lang, "no_rule_sets", path=(rules_dir or Path()).as_posix()),))
    return found
