"""Files that users write in YAML, read strictly: no silent retyping, and every fault with its file, line and field."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from auditor.errors import RuleError

_Model = TypeVar("_Model", bound=BaseModel)


class Strict(BaseModel):
    """A part of a file: frozen, and no field in it that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


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


def _field_name(path: tuple[str | int, ...]) -> str:
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".")


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
            _field_name(path),
            f"值 {text} 有歧义，请加引号或写明 / ambiguous value {text!r}: put it in quotes or write it plainly",
        )
    return text


def _construct(node: yaml.Node, path: tuple[str | int, ...], lines: Lines, problems: _Problems) -> Any:
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
            problems.add(line, _field_name(path), "字段名应为文字 / a key must be plain text")
            continue
        key = str(key_node.value)
        if key in result:
            problems.add(line, _field_name((*path, key)), "字段重复 / this key stands twice")
        result[key] = _construct(value_node, (*path, key), lines, problems)
        lines[(*path, key)] = line
    return result


def load_yaml(path: Path, name: str) -> tuple[Any, Lines]:
    """Parse a YAML file strictly.

    Duplicate keys, aliases and values that YAML would silently retype (``no``, ``012``, ``1.10``) are errors.
    Returns the plain value and the line of every field. Raises RuleError.
    """
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


def _line_of(loc: tuple[str | int, ...], lines: Lines) -> int:
    while loc not in lines and loc:
        loc = loc[:-1]
    return lines.get(loc, 1)


# What a field should hold, by pydantic's error type or what it begins with, in Chinese and English.
_SHOULD_BE = {
    "string_too_short": ("不是空白的文字", "text that is not blank"),
    "greater_than_equal": ("不小于 {ge} 的数", "at least {ge}"),
    "less_than_equal": ("不大于 {le} 的数", "at most {le}"),
    "string": ("文字（数字和日期要加引号）", "text (numbers and dates in quotes)"),
    "int_from": ("整数", "a whole number"),
    "int": ("数字", "a number"),
    "float": ("数字", "a number"),
    "bool": ("true 或 false", "true or false"),
    "tuple": ("列表", "a list"),
    "list": ("列表", "a list"),
    "dict": ("“字段: 值”", "'key: value' lines"),
    "model": ("“字段: 值”", "'key: value' lines"),
    "too_short": ("不少于 {min_length} 项", "at least {min_length} items"),
    "too_long": ("不多于 {max_length} 项", "at most {max_length} items"),
}
_CHOICE = re.compile(r"'([^']*)'")


def explain(error: ValidationError, model: type[BaseModel], name: str, lines: Lines) -> RuleError:
    by_field: dict[tuple[str | int, ...], list[Any]] = {}
    for item in error.errors(include_url=False):
        loc = tuple(p for p in item["loc"] if not (isinstance(p, str) and p.startswith("function-")))
        # of a field that may hold this or that, pydantic complains once for each, naming the kind after the field
        while loc not in lines and loc[:-1] in lines and item["type"] not in ("missing", "extra_forbidden") and loc:
            loc = loc[:-1]
        by_field.setdefault(loc, []).append(item)
    return RuleError(
        tuple(
            f"{name}:{_line_of(loc, lines)}: {_field_name(loc) or '-'}: {message}"
            for loc, items in by_field.items()
            for message in _messages(items, _fields(model, loc[:-1]))
        )
    )


def _messages(items: list[Any], fields: list[str]) -> list[str]:
    """What is wrong with one field, in Chinese and English; ``fields`` could stand in its place."""
    kinds = [_should_be(item) for item in items]
    if all(kinds):
        chinese, english = zip(*(kind for kind in kinds if kind), strict=True)
        return [f"应为{'或'.join(chinese)} / should be {' or '.join(english)}"]
    found = []
    for item in items:
        if item["type"] == "missing":
            found.append("缺少必填字段 / required key is missing")
        elif item["type"] == "extra_forbidden":
            near = get_close_matches(str(item["loc"][-1]), fields, n=1)
            found.append(
                f"没有这个字段，是不是 {near[0]}？ / unknown key, did you mean {near[0]}?"
                if near
                else "没有这个字段 / unknown key"
            )
        else:
            found.append(item["msg"].removeprefix("Value error, "))
    return found


def _should_be(item: Any) -> tuple[str, str] | None:
    if item["type"] in ("enum", "literal_error"):
        choices = "/".join(_CHOICE.findall(item["msg"]))
        return f" {choices}", choices
    for kind, words in _SHOULD_BE.items():
        if item["type"].startswith(kind):
            chinese, english = (word.format(**item.get("ctx", {})) for word in words)
            return chinese, english
    return None


def _fields(model: Any, loc: tuple[str | int, ...]) -> list[str]:
    """The fields that the model at ``loc`` below ``model`` takes, as a file names them."""
    for step in loc:
        if isinstance(model, type) and issubclass(model, BaseModel):
            field = next((f for n, f in model.model_fields.items() if step in (n, f.alias)), None)
            model = field.annotation if field else None
        else:
            inner = [each for each in get_args(model) if each is not Ellipsis]
            model = inner[-1] if inner else None
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return []
    return [field.alias or name for name, field in model.model_fields.items()]


def parse_as(model: type[_Model], path: Path, name: str) -> _Model:
    """Read a YAML file strictly as ``model``; raises RuleError naming file, line and field."""
    return load_as(model, path, name)[0]


def load_as(model: type[_Model], path: Path, name: str) -> tuple[_Model, Lines]:
    """As ``parse_as``, with the line of every field."""
    value, lines = load_yaml(path, name)
    try:
        return model.model_validate(value), lines
    except ValidationError as error:
        raise explain(error, model, name, lines) from error
