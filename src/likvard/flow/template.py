"""The files that an organiser fills with its own records."""

from __future__ import annotations

from pathlib import Path

from likvard.records import template as templates
from likvard.terms import Language


def template(folder: Path, kind: str, *, language: Language) -> tuple[Path, ...]:
    """Write the template as csv or xlsx into an empty folder and return the files. Raises `UsageError` otherwise."""
    return templates.write(folder, kind, language=language)
