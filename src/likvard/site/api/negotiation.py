"""JSON or CSV: what the reader asked for."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """How an answer is written."""

    JSON = "json"
    CSV = "csv"


MEDIA = {Format.JSON: "application/json", Format.CSV: "text/csv; charset=utf-8; header=present"}
"""The content type of each format."""


def preferred(accept: str) -> Format:
    """The format that an `Accept` header likes better; JSON unless CSV is asked for by name or weight."""
    weights = _weights(accept)
    return Format.CSV if _weight(weights, "text", "csv") > _weight(weights, "application", "json") else Format.JSON


def _weights(accept: str) -> dict[str, float]:
    found = {}
    for part in accept.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if name:
            found[name] = _quality(parameters)
    return found


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                quality = float(value)
            except ValueError:
                return 0.0
            return quality if 0 <= quality <= 1 else 0.0
    return 1.0


def _weight(weights: dict[str, float], kind: str, name: str) -> float:
    """The weight of the most exact range that fits, as RFC 9110 section 12.5.1 has it."""
    return next((weights[r] for r in (f"{kind}/{name}", f"{kind}/*", "*/*") if r in weights), 0.0)
