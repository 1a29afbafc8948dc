"""What identifies a published figure: eight texts, the same in every publication."""

from __future__ import annotations

from typing import NamedTuple

from likvard.disclosure.cells import Key
from likvard.terms import DisclosureError


class FigureKey(NamedTuple):
    """The key of a published figure; a part that does not apply is empty. Equal to the plain tuple of its parts.

    `measure` is the id of an indicator; `aspect` what of it is told (observed, expected, difference, change, gap …);
    `subject` a subject code; `group` the pupils (all, girls, `girls-boys` for a gap, `programme:NA`); `level` and
    `area` the place; `form` the school form's code; `year` the first calendar year of a school year, or a calendar
    year, as the indicator's period says.
    """

    measure: str
    aspect: str = "observed"
    subject: str = ""
    group: str = "all"
    level: str = "unit"
    area: str = ""
    form: str = "GR"
    year: str = ""


FIELDS = FigureKey._fields
"""The names of the parts, in their order."""


def figure_key(key: Key) -> FigureKey:
    """The key as a `FigureKey`. Raises `DisclosureError` if it is not of eight parts with a measure and an aspect."""
    if type(key) is FigureKey and key[0] and key[1]:
        return key
    if len(key) != len(FIELDS) or not (key[0] and key[1]):
        raise DisclosureError(
            f"{'/'.join(key)} is not the key of a published figure.", f"Give {', '.join(FIELDS)}, each a text."
        )
    return FigureKey(*key)
