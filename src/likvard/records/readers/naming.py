"""Names as sources write them, turned into the house's own: slugs, kinds of organiser, school forms, years."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from likvard.rulebook import municipalities, school_form
from likvard.terms import InputError, OrganiserKind, SchoolForm, SchoolYear

# Nothing is planned so far ahead that a later year is anything but a slip of the pen.
EARLIEST_YEAR, LATEST_YEAR = 1990, 2060

_KINDS: dict[str, str] = {
    "kommunal": OrganiserKind.MUNICIPAL,
    "kommun": OrganiserKind.MUNICIPAL,
    "kommunalförbund": OrganiserKind.MUNICIPAL,
    "enskild": OrganiserKind.INDEPENDENT,
    "fristående": OrganiserKind.INDEPENDENT,
    "region": OrganiserKind.REGIONAL,
    "regional": OrganiserKind.REGIONAL,
    "landsting": OrganiserKind.REGIONAL,
    "statlig": OrganiserKind.STATE,
    "stat": OrganiserKind.STATE,
    **{kind.value: kind for kind in OrganiserKind},
}
_GROUPS: dict[str, str] = {"samtliga": "all", "internationella skolor": "international", "": "all"}


def slug(text: str, joint: str = "_") -> str:
    """The text in a-z, 0-9 and `joint`: `"Bemötande – lärare"` is `bemotande_larare`."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return re.sub(r"[^a-z0-9]+", joint, letters).strip(joint) or "unnamed"


def organiser_kind(text: str) -> str | None:
    """The kind of organiser that a source's word means, or None. Enskild and Fristående are the same."""
    return _KINDS.get(text.strip().lower())


def organiser_group(text: str) -> str:
    """The group of figures that a "Typ av huvudman" stands for: all, municipal, independent, international …"""
    lowered = text.strip().lower()
    return _GROUPS.get(lowered) or _KINDS.get(lowered) or slug(text)


def plausible_year(year: int) -> int:
    """The year, if it lies between 1990 and 2060; `InputError` otherwise."""
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise InputError(
            f"The year {year} is not between {EARLIEST_YEAR} and {LATEST_YEAR}.", "Check the year in the file."
        )
    return year


def school_year(text: str) -> SchoolYear:
    """The school year that `2023/24` means; `InputError` if it is none or implausible."""
    year = SchoolYear.parse(text)
    plausible_year(year.start)
    return year


def vintage_of(name: str) -> str:
    """A date that a file name begins with, as `2024-12-12`; empty if there is none."""
    match = re.match(r"(20\d\d-[01]\d-[0-3]\d)", name)
    return match[1] if match else ""


def school_form_of_title(title: str) -> SchoolForm:
    """The school form that a report's title begins with, as in "Grundskola - Slutbetyg"; else compulsory school."""
    return school_form(re.split(r"\s[-–]\s", title)[0]) or SchoolForm.COMPULSORY


@cache
def municipality_codes() -> dict[str, str]:
    """The codes of the municipalities by their names in lower case. Habo and Håbo are two, so å stays å."""
    return {_lowered(name): code for code, name in municipalities().items()}


def _lowered(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.casefold().split()))


def municipality_code(name: str) -> str | None:
    """The code of a municipality by its name, however it is cased; None if there is none of that name."""
    return municipality_codes().get(_lowered(name))


def organiser_number(name: str) -> str:
    """An organisation number in a file's name, as ten digits; empty if there is none.

    Its third digit is at least 2, which tells it from a personal number.
    """
    match = re.search(r"(?<!\d)(\d\d[2-9]\d{3})-?(\d{4})(?!\d)", name)
    return match[1] + match[2] if match else ""
