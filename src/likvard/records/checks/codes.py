"""Codes of units, organisers and places: their form, and what is probably wrong with one that breaks it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from likvard.records.checks.rule import Verdict
from likvard.terms import NATION, Level, Words


@dataclass(frozen=True, slots=True)
class Code:
    """A code of a fixed number of digits, kept as text."""

    name: Words
    digits: int

    @property
    def expected(self) -> Words:
        """Its form in words."""
        return Words(f"{self.name.sv}: {self.digits} siffror.", f"{self.name.en}: {self.digits} digits.")


UNIT = Code(Words("Skolenhetskod", "School unit code"), 8)
ORGANISER = Code(Words("Organisationsnummer", "Organisation number"), 10)
MUNICIPALITY = Code(Words("Kommunkod", "Municipality code"), 4)
COUNTY = Code(Words("Länskod", "County code"), 2)
BY_PATTERN: Mapping[str, Code] = MappingProxyType(
    {r"\d{8}": UNIT, r"\d{10}": ORGANISER, r"\d{4}": MUNICIPALITY, r"\d{2}": COUNTY}
)
BY_LEVEL: Mapping[str, Code] = MappingProxyType(
    {Level.UNIT: UNIT, Level.ORGANISER: ORGANISER, Level.MUNICIPALITY: MUNICIPALITY, Level.COUNTY: COUNTY}
)

_NUMBER = Words(
    "Koden är sparad som ett tal. Spara kolumnen som text.", "The code is stored as a number. Store the column as text."
)
_ZERO = Words(
    "En inledande nolla har nog tappats. Spara kolumnen som text och lägg tillbaka nollan.",
    "A leading zero has probably been lost. Store the column as text and put the zero back.",
)
_SPACES = Words("Ta bort mellanslag och bindestreck.", "Remove spaces and hyphens.")
_OTHER = Words(
    "Kontrollera att kolumnerna inte har bytt plats, och rätta koden.",
    "Check that columns have not changed places, and mend the code.",
)


def wrong_form(code: Code, value: str) -> Verdict:
    """Whether the form of a code is wrong, and what is probably the matter."""
    if re.fullmatch(rf"[0-9]{{{code.digits}}}", value):
        return False
    if re.fullmatch(r"[0-9]+[.,]0+", value):
        return code.expected, _NUMBER
    if re.fullmatch(rf"[0-9]{{{code.digits - 1}}}", value):
        return code.expected, _ZERO
    if re.fullmatch(rf"[0-9]{{{code.digits}}}", re.sub(r"[\s\u00a0–-]", "", value)):
        return code.expected, _SPACES
    return code.expected, _OTHER


def wrong_area(level: str, value: str) -> Verdict:
    """Whether the code of an area does not have the form of its level. Nothing is said of a level that is not known."""
    if level == Level.NATION:
        expected = Words(f"Riket: {NATION}.", f"The nation: {NATION}.")
        remedy = Words(f"Skriv {NATION} på nivån nation.", f"Write {NATION} at the level nation.")
        return False if value == NATION else (expected, remedy)
    return wrong_form(BY_LEVEL[level], value) if level in BY_LEVEL else False
