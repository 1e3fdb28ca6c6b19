"""Files that users write in YAML, read strictly: no silent retyping, and every fault with its file, line and field."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import reduce
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from auditor.errors import RuleError, problem
from auditor.expressions import expression
from auditor.words import Message

_Model = TypeVar("_Model", bound=BaseModel)


class Strict(BaseModel):
    """A part of a file: frozen, and no field in it that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


_INT = expression(r"-?(0|[1-9][0-9]*)$")
_FLOAT = expression(r"-?(0|[1-9][0-9]*)\.[0-9]*[1-9]$")
_LOOKS_TYPED = expression(
    r"(yes|no|on|off|y|n|~|null|true|false|[-+]?[0-9][0-9_]*(\.[0-9]*)?|0[xob][0-9a-f]+|\.inf|\.nan|[0-9]+:[0-9:]+"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?)$",
    re.IGNORECASE,
)
_PLAIN = {"true": True, "false": False, "null": None}

Lines = dict[tuple[str | int, ...], int]


class _Problems:
    """Collects what is wrong in one file, line by line."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Message] = []

    def add(self, line: int, field: str, what: Message | str) -> None:
        self.found.append(problem(f"{self.file}:{line}: {field or '-'}", what))


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
        problems.add(node.start_mark.line + 1, _field_name(path), Message("ambiguous", {"text": text}))
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
            problems.add(line, _field_name(path), Message("no_plain_key"))
            continue
        key = str(key_node.value)
        if key in result:
            problems.add(line, _field_name((*path, key)), Message("same_key"))
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
        raise _unusable(name, 1, Message("unreadable", {"error": error.strerror or str(error)})) from error
    except UnicodeDecodeError as error:
        raise _unusable(name, 1, Message("not_utf8", {"place": error.start})) from error
    try:
        node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _unusable(name, line, Message("no_yaml", {"error": error.problem or str(error)})) from error
    except yaml.YAMLError as error:
        raise _unusable(name, 1, Message("no_yaml", {"error": " ".join(str(error).split())})) from error
    if node is None:
        raise _unusable(name, 1, Message("empty"))
    lines: Lines = {}
    value = _construct(node, (), lines, problems)
    if problems.found:
        raise RuleError(tuple(problems.found))
    return value, lines


def _unusable(name: str, line: int, why: Message) -> RuleError:
    return RuleError((problem(f"{name}:{line}: -", why),))


def _line_of(loc: tuple[str | int, ...], lines: Lines) -> int:
    while loc not in lines and loc:
        loc = loc[:-1]
    return lines.get(loc, 1)


# What a field should hold: pydantic's error type or what it begins with, and the key of the message.
_SHOULD_BE = {
    "string_too_short": "kind_not_blank",
    "string": "kind_text",
    "int_from": "kind_whole",
    "int": "kind_number",
    "float": "kind_number",
    "bool": "kind_bool",
    "tuple": "kind_list",
    "list": "kind_list",
    "dict": "kind_mapping",
    "model": "kind_mapping",
}
_BOUNDS = {
    "too_short": ("kind_at_least", "min_length"),
    "too_long": ("kind_at_most", "max_length"),
    "greater_than_equal": ("kind_least", "ge"),
    "less_than_equal": ("kind_most", "le"),
}
_CHOICE = expression(r"'([^']*)'")


def _explain(error: ValidationError, model: type[BaseModel], name: str, lines: Lines) -> RuleError:
    by_field: dict[tuple[str | int, ...], list[Any]] = {}
    for item in error.errors(include_url=False):
        loc = tuple(p for p in item["loc"] if not (isinstance(p, str) and p.startswith("function-")))
        # of a field that may hold this or that, pydantic complains once for each, naming the kind after the field
        while loc not in lines and loc[:-1] in lines and item["type"] not in ("missing", "extra_forbidden") and loc:
            loc = loc[:-1]
        by_field.setdefault(loc, []).append(item)
    return RuleError(
        tuple(
            problem(f"{name}:{_line_of(loc, lines)}: {_field_name(loc) or '-'}", what)
            for loc, items in by_field.items()
            for what in _messages(items, _fields(model, loc[:-1]))
        )
    )


def _messages(items: list[Any], fields: list[str]) -> list[Message | str]:
    """What is wrong with one field; ``fields`` could stand in its place."""
    kinds = [kind for item in items if (kind := _should_be(item))]
    if len(kinds) == len(items):
        return [Message("should_be", {"kinds": reduce(_either, kinds)})]
    return [_message(item, fields) for item in items]


def _either(one: Message, other: Message) -> Message:
    return Message("either", {"one": one, "other": other})


def _message(item: Any, fields: list[str]) -> Message | str:
    if item["type"] == "missing":
        return Message("required")
    if item["type"] == "extra_forbidden":
        near = get_close_matches(str(item["loc"][-1]), fields, n=1)
        return Message("near_key", {"near": near[0]}) if near else Message("unknown_key")
    own = getattr(item.get("ctx", {}).get("error"), "args", ())
    return own[0] if own and isinstance(own[0], Message) else str(item["msg"])


def _should_be(item: Any) -> Message | None:
    if item["type"] in ("enum", "literal_error"):
        expected = item["ctx"]["expected"]
        return Message("kind_choice", {"choices": "/".join(_CHOICE.findall(expected)) or expected})
    if item["type"] in _BOUNDS:
        key, bound = _BOUNDS[item["type"]]
        return Message(key, {"count": item["ctx"][bound]})
    return next((Message(key) for kind, key in _SHOULD_BE.items() if item["type"].startswith(kind)), None)


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
        raise _explain(error, model, name, lines) from error
