"""Checking what a rule file holds against the dataclasses that describe it, and what is said of a value that does not fit."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from difflib import get_close_matches
from functools import reduce
from operator import or_
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model, model_validator

from auditor.errors import RuleError, field_name

_Checked = TypeVar("_Checked")
Lines = Mapping[tuple[str | int, ...], int]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def validated(kind: type[_Checked], value: Any, name: str = "", lines: Lines | None = None) -> _Checked:
    """The plain value as the dataclass ``kind``.

    A field's metadata may give its ``alias`` in the file and bounds (``min_length``, ``pattern``); a method ``flaw`` of a
    dataclass tells what is wrong between its fields. Raises RuleError naming the file, the line of each field, the problem.
    """
    model = model_of(kind)
    try:
        return cast(_Checked, _plain(model.model_validate(value)))
    except ValidationError as error:
        raise _explain(error, model, name, lines or {}) from error


_MODELS: dict[type[Any], type[BaseModel]] = {}
_KINDS: dict[type[BaseModel], type[Any]] = {}


def model_of(kind: type[Any]) -> type[BaseModel]:
    """The pydantic model of a dataclass and of those that it is made of."""
    if kind not in _MODELS:
        _MODELS[kind] = _model(kind)
        _KINDS[_MODELS[kind]] = kind
    return _MODELS[kind]


def _model(kind: type[Any]) -> type[BaseModel]:
    hints = get_type_hints(kind)
    told = {each.name: (_typed(hints[each.name]), _field(each)) for each in fields(kind)}
    checks: dict[str, Any] = {"flaw": model_validator(mode="after")(_flawless)} if hasattr(kind, "flaw") else {}
    return create_model(
        kind.__name__, __base__=_Strict, __doc__=kind.__doc__, __validators__=checks, **cast(dict[str, Any], told)
    )


def _field(each: Any) -> Any:
    if each.default_factory is not MISSING:
        return Field(default=each.default_factory(), **each.metadata)
    return Field(**each.metadata) if each.default is MISSING else Field(default=each.default, **each.metadata)


def _typed(hint: Any) -> Any:
    """A type with the dataclasses in it turned into their models."""
    if is_dataclass(hint):
        return model_of(cast(type[Any], hint))
    origin, inner = get_origin(hint), tuple(map(_typed, get_args(hint)))
    if origin in (types.UnionType, Union):
        return reduce(or_, inner)
    return origin[inner] if origin in (tuple, dict) else hint


def _flawless(model: BaseModel) -> BaseModel:
    if flaw := _plain(model).flaw():
        raise ValueError(flaw)
    return model


def _plain(value: Any) -> Any:
    """A checked value made of dataclasses again."""
    if isinstance(value, BaseModel):
        return _KINDS[type(value)](**{name: _plain(getattr(value, name)) for name in type(value).model_fields})
    return tuple(map(_plain, value)) if isinstance(value, tuple) else value


def _line_of(loc: tuple[str | int, ...], lines: Lines) -> int:
    while loc not in lines and loc:
        loc = loc[:-1]
    return lines.get(loc, 1)


# What a field should hold, by pydantic's error type or what it begins with, in Chinese and English.
_SHOULD_BE = {
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
            f"{name}:{_line_of(loc, lines)}: {field_name(loc) or '-'}: {message}"
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
