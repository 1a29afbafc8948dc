"""The outcome of a round as data that a database can hold, and back: any frozen dataclass of numbers, texts, tuples and mappings.

A number that is not there (nan) is null: neither JSON nor PostgreSQL knows it. What is read back equals what was written.
"""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from math import isfinite, nan
from typing import Any, Union, get_args, get_origin, get_type_hints

from likvard.flow.national import National

SCHEMA = 1


def as_data(outcome: National) -> dict[str, Any]:
    """The outcome as plain data."""
    return {"schema": SCHEMA, "national": _plain(outcome)}


def from_data(data: Mapping[str, Any]) -> National:
    """The outcome that was written as this data. Raises `ValueError` for another schema."""
    if data.get("schema") != SCHEMA:
        raise ValueError(f"The outcome has schema {data.get('schema')!r}, not {SCHEMA}.")
    found: National = _made(National, data["national"])
    return found


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return float(value) if isfinite(value) else None
    return value


def _made(kind: Any, data: Any) -> Any:
    """A value of a type from plain data."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return None if data is None else _made(next(one for one in inner if one is not type(None)), data)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        return kind(**{one.name: _made(hints[one.name], data[one.name]) for one in fields(kind) if one.name in data})
    if origin is tuple:
        return tuple(_made(inner[0], one) for one in data)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {key: _made(inner[1], one) for key, one in data.items()}
    if kind is float:
        return nan if data is None else float(data)
    return data
