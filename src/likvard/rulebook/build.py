"""From reviewed YAML to frozen values: strict, by the type hints of the dataclass that a text describes."""

from __future__ import annotations

import difflib
import types
from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from importlib.resources.abc import Traversable
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import yaml

from likvard.terms import RuleError

T = TypeVar("T")


_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same parser in C, eight times as fast


class _Constructor(yaml.constructor.SafeConstructor):
    """A safe constructor that refuses a key written twice, which YAML itself lets pass."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        written = (key for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge")
        keys = [self.construct_object(key, deep=True) for key in written]
        for key in keys:
            if keys.count(key) > 1:
                raise RuleError(f"The key {key!r} is written twice at {node.start_mark}.", "Keep one of them.")
        return super().construct_mapping(node, deep)


def read_yaml(file: Traversable) -> object:
    """Return the plain data of one YAML file. Raises `RuleError` if it is no YAML or holds a key twice."""
    try:
        node = yaml.compose(file.read_text(encoding="utf-8"), Loader=_PARSER)
        return None if node is None else _Constructor().construct_document(node)
    except yaml.YAMLError as error:
        raise RuleError(f"{file.name} is not YAML: {error}", "Mend the file.") from error


def build(kind: type[T], data: object, where: str) -> T:
    """Make one value of the dataclass `kind` from plain data.

    Every field must be there unless it has a default, no other may be, and each must have the type that the
    dataclass declares. `where` leads every error: `merit.yaml, entry 2`. Raises `RuleError`, also when the
    dataclass itself refuses the value.
    """
    return cast(T, _value(kind, data, where))


def _value(hint: object, data: object, where: str) -> object:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return None if data is None else _value(next(a for a in inner if a is not type(None)), data, where)
    if origin is tuple:
        return _tuple(inner[0], data, where)
    if origin is Mapping:
        return _pairs(inner[0], inner[1], data, where)
    if not isinstance(hint, type):
        raise RuleError(f"{where}: a field of type {hint} cannot be read from a file.", "Mend the dataclass.")
    if is_dataclass(hint):
        return _dataclass(hint, data, where)
    return _member(hint, data, where) if issubclass(hint, Enum) else _plain(hint, data, where)


def _refuse(where: str, expected: str, got: object) -> RuleError:
    return RuleError(f"{where}: expected {expected}, got {got!r}.", "Mend the file.")


def _tuple(inner: object, data: object, where: str) -> tuple[object, ...]:
    if not isinstance(data, list):
        raise _refuse(where, "a list", data)
    return tuple(_value(inner, item, f"{where}, item {number}") for number, item in enumerate(data, start=1))


def _pairs(key: object, inner: object, data: object, where: str) -> Mapping[object, object]:
    if not isinstance(data, dict):
        raise _refuse(where, "a mapping", data)
    return types.MappingProxyType(
        {_value(key, k, f"{where}, key"): _value(inner, v, f"{where}, {k}") for k, v in data.items()}
    )


def _member(kind: type[Enum], data: object, where: str) -> Enum:
    try:
        return kind(data)
    except ValueError:
        raise _refuse(where, f"one of {', '.join(str(m.value) for m in kind)}", data) from None


def _plain(kind: type, data: object, where: str) -> object:
    if kind is float and type(data) is int:
        return float(data)
    if type(data) is not kind:
        raise _refuse(
            where, {str: "a text", date: "a day such as 2026-08-01"}.get(kind, f"a value of type {kind}"), data
        )
    if isinstance(data, str) and (not data.strip() or data != data.strip()):
        raise _refuse(where, "a text without blanks around it", data)
    return data


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _dataclass(kind: type, data: object, where: str) -> object:
    if not isinstance(data, dict):
        raise _refuse(where, "a mapping", data)
    known = {field.name: field for field in fields(kind)}
    for key in data.keys() - known.keys():
        near = difflib.get_close_matches(str(key), known, n=1)
        raise _refuse(where, f"no field but {', '.join(known)}", key) if not near else _refuse(where, near[0], key)
    for name, field in known.items():
        if name not in data and _required(field):
            raise RuleError(f"{where}: the field {name!r} is missing.", "Add it to the file.")
    values = {name: _value(_hints(kind)[name], item, f"{where}, {name}") for name, item in data.items()}
    return _make(kind, values, where)


def _make(kind: Callable[..., object], values: Mapping[str, object], where: str) -> object:
    try:
        return kind(**values)
    except ValueError as error:
        raise RuleError(f"{where}: {error}", "Mend the file.") from error
