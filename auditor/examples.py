"""The rule tests: every example of the rule files through the production path, and what no example needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from auditor.audit import audit_report
from auditor.findings import Finding
from auditor.judging import Judge
from auditor.matching import Matcher
from auditor.obligations import Example, Rule, RuleSet, RuleSetHead
from auditor.options import Options
from auditor.readers import read_bytes
from auditor.report import Role
from auditor.rules import load_ruleset, parse_rule_file, rules_root, shipped_sets
from auditor.structure import structure
from auditor.words import Lang

_HEADINGS = {
    Role.WORK: "一、主要举措和成效",
    Role.PROBLEM: "二、存在的不足和原因",
    Role.PLAN: "三、下一年度工作安排",
}
_WHOLE = ("gy21", "bg")
_DEFAULT_YEAR = {"gy21": 2022, "gy15": 2018, "bg": 2022}


@dataclass(frozen=True, slots=True)
class Failure:
    """An example whose rule answers otherwise; ``where`` is file:line."""

    rule_id: str
    index: int
    text: str
    expected: str
    got: str
    reason: str
    where: str


@dataclass(frozen=True, slots=True)
class TestRun:
    """How many examples ran and which failed."""

    __test__ = False
    total: int
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Survivor:
    """A pattern or refusal that can be taken away without any example noticing."""

    rule_id: str
    what: str
    name: str


def example_text(example: Example) -> str:
    """The tiny report that an example stands for."""
    if "\n" in example.text.strip():
        return example.text
    if example.role is Role.PREAMBLE:
        return f"{example.text}\n一、主要举措和成效\n(一)其他工作\n按要求推进。\n"
    return f"{_HEADINGS[example.role]}\n{example.text}\n"


def run_example(example: Example, rule: Rule, head: RuleSetHead, matcher: Matcher, lang: Lang = Lang.ZH) -> Finding:
    """The finding that one example gets; a rule with a ``check`` is run on the whole tiny report."""
    extracted = read_bytes(example_text(example).encode(), "example.txt")
    if rule.check is not None:
        report = structure(extracted, "example.txt", "", level=example.level)
        audit = audit_report(report, Options(rule_sets=_WHOLE, lang=lang))
        return next(f for f in audit.findings if f.id == rule.id)
    year = example.year or _DEFAULT_YEAR.get(head.id, 2022)
    report = structure(extracted, "example.txt", "", year=year, level=example.level)
    return Judge(report, matcher, lang).finding(rule, head)


def _failed(finding: Finding, example: Example) -> bool:
    return finding.status is not example.status or (
        example.flags is not None and set(example.flags) != set(finding.flags)
    )


def _describe(status: object, flags: object) -> str:
    names = ",".join(str(f) for f in flags) if flags else ""  # type: ignore[attr-defined]
    return f"{status} [{names}]" if names else str(status)


def _sets(ids: tuple[str, ...] | None, root: Path | None) -> list[RuleSet]:
    return [load_ruleset(s, root) for s in (ids or shipped_sets(root))]


def _related(rule: Rule, all_sets: list[RuleSet]) -> list[RuleSet]:
    """Sets cut down to the rule and the rules that it is ``like``."""
    wanted = {rule.id, *rule.like}
    return [replace(s, rules=tuple(r for r in s.rules if r.id in wanted)) for s in all_sets]


def _lines(set_id: str, root: Path) -> dict[tuple[str, int], str]:
    """Where each example stands, by rule id and index."""
    where: dict[tuple[str, int], str] = {}
    for path in sorted((root / set_id).glob("*.yaml")):
        if path.name == "ruleset.yaml":
            continue
        name = f"{set_id}/{path.name}"
        parsed, lines = parse_rule_file(path, name)
        for i, rule in enumerate(parsed.rules):
            for j in range(len(rule.examples)):
                where[rule.id, j] = f"{name}:{lines[('rules', i, 'examples', j)]}"
    return where


def _chosen(sets: list[RuleSet], ids: tuple[str, ...], file: Path | None) -> Iterator[tuple[RuleSet, Rule]]:
    only: set[str] | None = None
    if file is not None:
        only = {r.id for r in parse_rule_file(file, file.name)[0].rules}
    for rule_set in sets:
        for rule in rule_set.rules:
            if (not ids or rule.id in ids) and (only is None or rule.id in only):
                yield rule_set, rule


def run_examples(
    sets: tuple[str, ...] | None = None,
    file: Path | None = None,
    ids: tuple[str, ...] = (),
    root: Path | None = None,
    lang: Lang = Lang.ZH,
) -> TestRun:
    """Run the examples of the chosen rules. Raises RuleError for invalid rule files."""
    loaded = _sets(sets, root)
    everything = loaded if sets is None else _sets(None, root)
    where: dict[tuple[str, int], str] = {}
    for rule_set in loaded:
        where |= _lines(rule_set.head.id, root or rules_root())
    total = 0
    failures: list[Failure] = []
    edges = None
    for rule_set, rule in _chosen(loaded, ids, file):
        matcher = Matcher(_related(rule, everything))
        edges = matcher.share_edges(edges)
        for index, example in enumerate(rule.examples):
            total += 1
            finding = run_example(example, rule, rule_set.head, matcher, lang)
            if _failed(finding, example):
                failures.append(
                    Failure(
                        rule.id,
                        index,
                        example.text,
                        _describe(example.status, example.flags),
                        _describe(finding.status, finding.flags),
                        finding.reason + "".join(f" | {n.quote[:40]}: {n.why}" for n in finding.near_misses),
                        where.get((rule.id, index), ""),
                    )
                )
    return TestRun(total, tuple(failures))


def _mutants(rule: Rule) -> Iterator[tuple[str, str, Rule]]:
    for i, pattern in enumerate(rule.patterns):
        rest = rule.patterns[:i] + rule.patterns[i + 1 :]
        yield "pattern", pattern.name, replace(rule, patterns=rest)
    for i, refusal in enumerate(rule.refuse):
        rest_refusals = rule.refuse[:i] + rule.refuse[i + 1 :]
        yield "refusal", refusal.why, replace(rule, refuse=rest_refusals)


def mutate(
    sets: tuple[str, ...] | None = None, file: Path | None = None, ids: tuple[str, ...] = (), root: Path | None = None
) -> tuple[Survivor, ...]:
    """Take away each pattern and each refusal in turn; those whose loss changes no example's result survive."""
    loaded = _sets(sets, root)
    everything = loaded if sets is None else _sets(None, root)
    survivors: list[Survivor] = []
    edges = None
    for rule_set, rule in _chosen(loaded, ids, file):
        if rule.check is not None:
            continue
        for what, name, mutant in _mutants(rule):
            related = [
                replace(s, rules=tuple(mutant if r.id == rule.id else r for r in s.rules))
                for s in _related(rule, everything)
            ]
            matcher = Matcher(related)
            edges = matcher.share_edges(edges)
            if not any(_failed(run_example(e, mutant, rule_set.head, matcher), e) for e in rule.examples):
                survivors.append(Survivor(rule.id, what, name))
    return tuple(survivors)
