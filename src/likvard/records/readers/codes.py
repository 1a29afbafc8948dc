"""Codes of schools, organisers and municipalities: text of a fixed number of digits."""

from __future__ import annotations

from likvard.records.readers import sayings
from likvard.records.reading import Finding


def is_code(text: str, digits: int) -> bool:
    """Whether a text is so many digits 0–9 and nothing else."""
    return len(text) == digits and text.isascii() and text.isdigit()


def bad_code(code: str, digits: int, row: int | None, column: str = "code") -> Finding:
    """The finding about a code of the wrong form: a lost zero is told apart from anything else."""
    if is_code(code, digits - 1):
        return sayings.LOST_ZERO.at(row, column, code=code, got=digits - 1, digits=digits)
    return sayings.BAD_CODE.at(row, column, code=code[:20], digits=digits)
