"""JSON files: read within limits, and asked for what should be in them without trusting that it is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from likvard.records.readers.text import digest, read_bytes
from likvard.terms import InputError

MAX_BYTES = 300_000_000  # all of Sweden's SALSA values in one answer are 1 million bytes


@dataclass(frozen=True, slots=True)
class Json:
    """The parsed content of a file, taken out of the envelope of a cache if it had one, and the file's hash."""

    content: Any
    url: str
    fetched: str
    sha256: str


def read_json(path: Path) -> Json:
    """Parse a JSON file; an envelope `{generatedAt, url, json}` of a cache is opened.

    Raises `InputError` if it is no JSON, too large or too deep.
    """
    raw = read_bytes(path)
    if len(raw) > MAX_BYTES:
        raise InputError(f"{path.name} is {len(raw):,} bytes; at most {MAX_BYTES:,} are read.", "Fetch it in parts.")
    try:
        content = json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise InputError(f"{path.name} is not JSON, or is cut.", "Fetch it again.") from None
    if isinstance(content, dict) and {"url", "json"} <= content.keys():
        return Json(content["json"], text(content["url"]), text(content.get("generatedAt")), digest(raw))
    return Json(content, "", "", digest(raw))


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON number")


def text(value: object) -> str:
    """A JSON text or number as text; empty for anything else."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""


def number(value: object) -> float | None:
    """A JSON number as a float; None for anything else, and for what a float cannot hold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if abs(found) < 1e15 else None


def objects(value: object) -> list[dict[str, Any]]:
    """The objects in a JSON list; what is no object, and what is no list, is left out."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
