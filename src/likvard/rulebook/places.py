"""Municipalities and counties by code."""

from __future__ import annotations

from datetime import date

from likvard.rulebook.kinds.places import Places
from likvard.rulebook.lookup import rule, rules
from likvard.terms import InputError, Words


def places(on: date | None = None) -> Places:
    """Return the division into counties and municipalities on a day; without a day, the latest that is known."""
    found: Places = (rules("municipalities")[-1] if on is None else rule("municipalities", on)).value
    return found


def municipalities(on: date | None = None) -> dict[str, str]:
    """Return the names of the municipalities by four-digit code, in order of code: `{'0114': 'Upplands Väsby', …}`."""
    return dict(places(on).municipalities)


def counties(on: date | None = None) -> dict[str, Words]:
    """Return the names of the counties by two-digit code: `{'01': Words('Stockholms län', 'Stockholm County'), …}`."""
    return dict(places(on).counties)


def municipality(code: str, on: date | None = None) -> str:
    """Return the name of a municipality. Raises `InputError` if no municipality has the code."""
    found = places(on).municipalities.get(code)
    if found is None:
        raise InputError(
            f"{code!r} is not the code of a municipality.", "Write four digits with the leading zero, as in 0127."
        )
    return found


def county(code: str, on: date | None = None) -> Words:
    """Return the name of a county, by its code or by that of a municipality in it. Raises `InputError` if unknown."""
    known = places(on)
    if code[:2] not in known.counties or (len(code) != 2 and code not in known.municipalities):
        raise InputError(f"{code!r} is not the code of a county or municipality.", "Write 01 or 0127.")
    return known.counties[code[:2]]
