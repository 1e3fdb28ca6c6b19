"""Rule sets: the strict loader of the rule YAML."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from auditor.errors import RuleError, field_name
from auditor.obligations import Rule, RuleFile, RuleSet, RuleSetHead, Words

if TYPE_CHECKING:
    import yaml

# What reads YAML and checks it is slow to load, and seldom needed: the compiled rules are kept.

_Checked = TypeVar("_Checked")

# ---------------------------------------------------------------- strict YAML


_INT = re.compile(r"-?(0|[1-9][0-9]*)$")
_FLOAT = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]*[1-9]$")
_LOOKS_TYPED = re.compile(
    r"(yes|no|on|off|y|n|~|null|true|false|[-+]?[0-9][0-9_]*(\.[0-9]*)?|0[xob][0-9a-f]+|\.inf|\.nan|[0-9]+:[0-9:]+"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?)$",
    re.IGNORECASE,
)
_PLAIN = {"true": True, "false": False, "null": None}

Lines = dict[tuple[str | int, ...], int]


class _Problems:
    """Collects ``file:line: field: problem`` lines."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: list[str] = []

    def add(self, line: int, field: str, problem: str) -> None:
        self.lines.append(f"{self.file}:{line}: {field or '-'}: {problem}")


def _plain_value(node: yaml.ScalarNode, path: tuple[str | int, ...], problems: _Problems) -> Any:
    text: str = node.value
    if node.style in ("'", '"', "|", ">"):
        return text
    if text in _PLAIN:
        return _PLAIN[text]
    if _INT.match(text):
        return int(text)
    if _FLOAT.match(text):
        return float(text)
    if text == "":
        return None
    if _LOOKS_TYPED.match(text):
        problems.add(
            node.start_mark.line + 1,
            field_name(path),
            f"值 {text} 有歧义，请加引号或写明 / ambiguous value {text!r}: put it in quotes or write it plainly",
        )
    return text


def _construct(node: yaml.Node, path: tuple[str | int, ...], lines: Lines, problems: _Problems) -> Any:
    import yaml

    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return _plain_value(node, path, problems)
    if isinstance(node, yaml.SequenceNode):
        return [_construct(child, (*path, i), lines, problems) for i, child in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        raise TypeError(type(node).__name__)
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            problems.add(line, field_name(path), "字段名应为文字 / a key must be plain text")
            continue
        key = str(key_node.value)
        if key in result:
            problems.add(line, field_name((*path, key)), "字段重复 / this key stands twice")
        result[key] = _construct(value_node, (*path, key), lines, problems)
        lines[(*path, key)] = line
    return result


def load_yaml(path: Path, name: str) -> tuple[Any, Lines]:
    """Parse a YAML file strictly.

    Duplicate keys, aliases and values that YAML would silently retype (``no``, ``012``, ``1.10``) are errors.
    Returns the plain value and the line of every field. Raises RuleError.
    """
    import yaml

    problems = _Problems(name)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise RuleError((f"{name}:1: -: 无法读取 / cannot be read: {error.strerror}",)) from error
    except UnicodeDecodeError as error:
        raise RuleError((f"{name}:1: -: 第 {error.start} 字节不是 UTF-8 / not UTF-8 at byte {error.start}",)) from error
    try:
        node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RuleError((f"{name}:{line}: -: 不是有效的 YAML / not valid YAML: {error.problem}",)) from error
    except yaml.YAMLError as error:
        raise RuleError((f"{name}:1: -: 不是有效的 YAML / not valid YAML: {error}",)) from error
    if node is None:
        raise RuleError((f"{name}:1: -: 文件是空的 / the file is empty",))
    lines: Lines = {}
    value = _construct(node, (), lines, problems)
    if problems.lines:
        raise RuleError(tuple(problems.lines))
    return value, lines


def parse_rule_file(path: Path, name: str) -> tuple[RuleFile, Lines]:
    """Read one rule file; raises RuleError naming file, line and field."""
    from auditor.validation import validated

    value, lines = load_yaml(path, name)
    return validated(RuleFile, value, name, lines), lines


def parse_as(kind: type[_Checked], path: Path, name: str) -> _Checked:
    """Read a YAML file strictly as the dataclass ``kind``; raises RuleError naming file, line and field."""
    from auditor.validation import validated

    value, lines = load_yaml(path, name)
    return validated(kind, value, name, lines)


# ---------------------------------------------------------------- loading a set


_GROUP = re.compile(r"<([^<>]+)>")


def rules_root() -> Path:
    """Where the shipped rules are: inside an installed wheel, or beside the package in a checkout."""
    inside = Path(__file__).parent / "_rules"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "rules"


def shipped_sets(root: Path | None = None) -> tuple[str, ...]:
    """Ids of the rule sets under ``root`` (the shipped ones by default), in order of name."""
    return tuple(sorted(p.parent.name for p in (root or rules_root()).glob("*/ruleset.yaml")))


def _rule_words(rule: Rule) -> Iterator[tuple[str, str]]:
    for field in ("topic", "problem", "plan"):
        for word in getattr(rule, field):
            yield field, word
    for pattern in rule.patterns:
        for group in pattern.all:
            for word in group:
                yield f"patterns.{pattern.name}.all", word
        for word in pattern.not_:
            yield f"patterns.{pattern.name}.not", word
    for refusal in rule.refuse:
        for word in refusal.words:
            yield "refuse", word


def _check_groups(rule: Rule, groups: dict[str, tuple[str, ...]], where: str) -> list[str]:
    return [
        f"{where}: {field}: 没有词组 <{name}> / no word group <{name}>"
        for field, word in _rule_words(rule)
        for name in _GROUP.findall(word)
        if name not in groups
    ]


def load_head(set_id: str, root: Path | None = None) -> RuleSetHead:
    """The head of a rule set alone: id, version, years, scoring, packages. Raises RuleError."""
    folder = (root or rules_root()) / set_id
    if not (folder / "ruleset.yaml").is_file():
        raise RuleError(
            (f"{set_id}: -: 没有这个规则集；有 / no such rule set; there are: {', '.join(shipped_sets(root))}",)
        )
    return parse_as(RuleSetHead, folder / "ruleset.yaml", f"{set_id}/ruleset.yaml")


def load_ruleset(set_id: str, root: Path | None = None) -> RuleSet:
    """Load and check the rule set ``set_id`` under ``root`` (the shipped rules by default).

    Raises RuleError with one line a problem.
    """
    base = root or rules_root()
    folder = base / set_id
    head = load_head(set_id, root)
    digest = hashlib.sha256()
    shared_path = base / "words.yaml"
    digest.update(shared_path.read_bytes() if shared_path.is_file() else b"")
    shared = parse_as(Words, shared_path, "words.yaml")
    digest.update((folder / "ruleset.yaml").read_bytes())
    rules: list[Rule] = []
    words: dict[str, dict[str, tuple[str, ...]]] = {}
    problems: list[str] = []
    seen: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name == "ruleset.yaml":
            continue
        name = f"{set_id}/{path.name}"
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
        try:
            parsed, lines = parse_rule_file(path, name)
        except RuleError as error:
            problems.extend(error.problems)
            continue
        groups = {**shared.groups, **parsed.words}
        for i, rule in enumerate(parsed.rules):
            where = f"{name}:{lines[('rules', i)]}"
            if rule.id in seen:
                problems.append(
                    f"{where}: id: {seen[rule.id]} 里已有 {rule.id} / {rule.id} stands in {seen[rule.id]} too"
                )
            seen[rule.id] = name
            problems.extend(_check_groups(rule, groups, where))
            rules.append(rule)
            words[rule.id] = groups
    if problems:
        raise RuleError(tuple(problems))
    rules.sort(key=lambda r: r.id)
    return RuleSet(head=head, rules=tuple(rules), words=words, shared=shared, sha256=digest.hexdigest())
