"""The rules for a terminal: the sets, the obligations of one, one obligation whole, and how the rule tests went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from auditor.findings import Status
from auditor.formats.cells import columns, fold, hanging, screen_width, visible
from auditor.words import IMPORTANCE, LEVEL, ROLE, STATUS, Lang, say

if TYPE_CHECKING:
    from auditor.coverage import Coverage
    from auditor.examples import Survivor, TestRun
    from auditor.obligations import Example, Pattern, Rule, RuleSet, RuleSetHead


def rule_sets(sets: Sequence[RuleSet], lang: Lang) -> str:
    """One row a rule set."""
    headings = [say(lang, key) for key in ("id", "version", "years", "rule_count", "name")]
    body = [[s.head.id, s.head.version, years(s.head, lang), str(len(s.rules)), visible(s.head.title)] for s in sets]
    return "\n".join(columns(headings, body, screen_width()))


def years(head: RuleSetHead, lang: Lang) -> str:
    """The report years that a set binds."""
    start, end = head.years.from_, head.years.to
    return say(lang, "years_open", start=start) if end is None else f"{start}–{end}"


def obligations(rule_set: RuleSet, lang: Lang) -> str:
    """One row an obligation of the set."""
    headings = [say(lang, key) for key in ("id", "importance", "levels", "obligation", "clause")]
    body = [
        [
            rule.id,
            IMPORTANCE[lang][rule.importance],
            _levels(rule.levels, lang),
            visible(rule.title),
            visible(rule.clause),
        ]
        for rule in rule_set.rules
    ]
    return "\n".join(columns(headings, body, screen_width()))


def _levels(levels: Sequence[object], lang: Lang) -> str:
    return say(lang, "list_mark").join(word for level, word in LEVEL[lang].items() if level in levels)


def one(rule: Rule, lang: Lang) -> str:
    """Everything that a rule holds, in the order in which one asks."""
    strength = {True: say(lang, "strong"), False: say(lang, "weak")}
    gist = "gist" if rule.wording == "verbatim" else "gist_recalled"
    blocks: list[tuple[str, list[str]]] = [
        ("importance", [IMPORTANCE[lang][rule.importance]]),
        ("levels", [_levels(rule.levels, lang)]),
        ("by_reference", [_levels(rule.levels_by_reference, lang)]),
        ("clause", [f"{rule.part} {rule.clause}"]),
        (gist, [rule.gist]),
        ("elements", [f"{n}. [{strength[e.strong]}] {e.text}" for n, e in enumerate(rule.elements, 1)]),
        ("confusions", [rule.confusions or ""]),
        ("topic", [" ".join(rule.topic)]),
        ("patterns", [_pattern(pattern) for pattern in rule.patterns]),
        ("refusals", [f"{' '.join(refusal.words)} → {refusal.why}" for refusal in rule.refuse]),
        ("thresholds", [f"{t.name} ≥ {t.at_least:g} {'/'.join(t.unit)}" for t in rule.thresholds]),
        ("advice", [rule.advice]),
        ("examples", [_example(example, lang) for example in rule.examples]),
    ]
    lines = hanging(f"{rule.id} {visible(rule.title)}", screen_width())
    for key, entries in blocks:
        if filled := [visible(entry) for entry in entries if entry]:
            lines += ["", say(lang, key)]
            lines += [f"  {line}" for entry in filled for line in fold(entry, screen_width() - 2)]
    return "\n".join(lines)


def _pattern(pattern: Pattern) -> str:
    words = " + ".join("(" + " | ".join(group) + ")" for group in pattern.all)
    without = f" − ({' | '.join(pattern.not_)})" if pattern.not_ else ""
    return f"{pattern.name}: {words}{without} [{pattern.within}; {pattern.fact}]"


def _example(example: Example, lang: Lang) -> str:
    role = ROLE[lang][example.role]
    why = f" — {example.why}" if example.why else ""
    return f"[{STATUS[lang][example.status]}] ({role}) {example.text}{why}"


def items(coverage: Coverage, lang: Lang) -> str:
    """One row an obligation under its item: where its wording comes from, its patterns and examples, whether tested."""
    keys = ("id", "obligation", "wording", "patterns", "covered_examples", "refused_examples", "tested")
    body: list[list[str]] = []
    for item in coverage.items:
        body.append([f"▌{visible(item.item)}"])
        for row in item.obligations:
            counts = [str(row.patterns), str(row.covered), str(row.refused)]
            body.append([row.id, visible(row.title), row.wording, *counts, "✓" if row.tested else "✗"])
    return "\n".join(columns([say(lang, key) for key in keys], body, screen_width()))


def test_run(run: TestRun, lang: Lang) -> str:
    """One line a failed example with what it got, then the total."""
    lines = []
    for failed in run.failures:
        lines.append(
            say(
                lang,
                "example_failed",
                where=failed.where,
                rule=failed.rule_id,
                index=failed.index + 1,
                expected=_status(failed.expected, lang),
                got=_status(failed.got, lang),
                reason=visible(failed.reason),
            )
        )
        lines.append(f"    {visible(failed.text)}")
    key = "tests_failed" if run.failures else "tests_ok"
    return "\n".join([*lines, say(lang, key, total=run.total, failed=len(run.failures))])


def _status(described: str, lang: Lang) -> str:
    """``missing [flag]`` with the status in the user's language."""
    status, space, flags = described.partition(" ")
    return STATUS[lang][Status(status)] + space + flags if status in set(Status) else described


def survivors(left: Sequence[Survivor], lang: Lang) -> str:
    """One line for each pattern or refusal that no example needs."""
    if not left:
        return say(lang, "mutate_ok")
    return "\n".join(say(lang, "survivor", rule=s.rule_id, what=s.what, name=visible(s.name)) for s in left)
