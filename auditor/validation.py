"""Checking what a rule file holds against the plain dataclasses that describe it."""

from __future__ import annotations

import types
from dataclasses import MISSING, fields, is_dataclass
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from pydantic import BaseModel, Field, create_model, model_validator

from auditor.strict import Lines, Strict, load_as

_Checked = TypeVar("_Checked")


def load_checked(kind: type[_Checked], path: Path, name: str) -> tuple[_Checked, Lines]:
    """A YAML file, read strictly as the dataclass ``kind``, and the line of every field.

    A field's metadata may give its ``alias`` in the file and bounds (``min_length``, ``pattern``); a method ``flaw`` of a
    dataclass tells what is wrong between its fields. Raises RuleError naming the file, the line of each field, the problem.
    """
    model, lines = load_as(model_of(kind), path, name)
    return cast(_Checked, _plain(model)), lines


def validated(kind: type[_Checked], value: Any) -> _Checked:
    """A plain value as the dataclass ``kind``. Raises pydantic's ValidationError."""
    return cast(_Checked, _plain(model_of(kind).model_validate(value)))


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
        kind.__name__, __base__=Strict, __doc__=kind.__doc__, __validators__=checks, **cast(dict[str, Any], told)
    )


def _field(each: Any) -> Any:
    if each.default_factory is not MISSING:
        return Field(default_factory=each.default_factory, **each.metadata)
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
