"""The API for people: its own description (OpenAPI) in the page's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from likvard.site.api.problems import PROBLEMS, Explained, Kind
from likvard.site.api.words import MEMBERS, OPERATIONS, PARAMETERS, Said
from likvard.site.ui.components import Cell, Column, Row, Table
from likvard.terms import Words

_TYPES = {
    "string": Words("text", "text"),
    "integer": Words("heltal", "whole number"),
    "array": Words("flera", "several"),
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: where it is, what it gives, what may be asked."""

    id: str
    path: str
    said: Said
    parameters: Table | None
    statuses: str


def operations(description: Mapping[str, Any]) -> list[Operation]:
    """Every operation of the description, in its order."""
    return [_operation(path, found["get"]) for path, found in description["paths"].items()]


def _operation(path: str, found: Mapping[str, Any]) -> Operation:
    parameters = found["parameters"]
    return Operation(
        id=found["operationId"],
        path=path,
        said=OPERATIONS[found["operationId"]],
        parameters=_parameters(parameters) if parameters else None,
        statuses=", ".join(sorted(found["responses"])),
    )


def _parameters(found: list[Mapping[str, Any]]) -> Table:
    return Table(
        Words("Parametrar", "Parameters"),
        (
            Column(Words("Namn", "Name")),
            Column(Words("Slag", "Kind")),
            Column(Words("Betydelse", "Meaning")),
        ),
        tuple(Row(Cell(one["name"]), (Cell(kind(one["schema"])), Cell(PARAMETERS[one["name"]]))) for one in found),
    )


def kind(schema: Mapping[str, Any]) -> Words:
    """What may be given, in words: a kind of value, its bounds, or the values there are."""
    if schema.get("type") == "array":
        inner = kind(schema["items"])
        return Words(f"{inner.sv}, en eller flera", f"{inner.en}, one or several")
    if "enum" in schema:
        listed = ", ".join(str(value) for value in schema["enum"])
        return Words(listed, listed)
    plain = _TYPES[schema["type"]]
    if "minimum" in schema and "maximum" in schema:
        bounds = f"{schema['minimum']}–{schema['maximum']}"
        return Words(f"{plain.sv}, {bounds}", f"{plain.en}, {bounds}")
    return plain


def members() -> Table:
    """Every member of a figure and of its answer."""
    return Table(
        Words("En siffra, och svaret runt om", "A figure, and the answer around it"),
        (Column(Words("Namn", "Name")), Column(Words("Betydelse", "Meaning"))),
        tuple(Row(Cell(name), (Cell(text),)) for name, text in MEMBERS.items()),
    )


def problems() -> list[tuple[Kind, Explained]]:
    """Every problem in the order of its status."""
    return sorted(PROBLEMS.items(), key=lambda item: (item[1].status, item[0]))
