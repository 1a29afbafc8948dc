"""The cells of the organiser's own files, each read by the form that its column asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeAlias

from likvard.records.readers.codes import is_code
from likvard.records.readers.naming import EARLIEST_YEAR, LATEST_YEAR, school_year
from likvard.records.readers.symbols import OWN, number, parse_one
from likvard.records.template_tables import Field, Form
from likvard.rulebook import municipalities, school_form
from likvard.terms import InputError

Parser: TypeAlias = Callable[[str], Any]

LONGEST = 500  # letters of a text; the longest real survey question has 130
MOST = 2_000_000_000

_YES, _NO = {"ja", "yes", "j", "y", "1", "true", "sant"}, {"nej", "no", "n", "0", "false", "falskt"}

EXPECTED: Mapping[Form, tuple[str, str]] = {
    Form.UNIT: ("en skolenhetskod med åtta siffror", "a school unit code of eight digits"),
    Form.ORGANISER: ("ett organisationsnummer med tio siffror", "an organisation number of ten digits"),
    Form.MUNICIPALITY: ("en kommunkod med fyra siffror", "a municipality code of four digits"),
    Form.SCHOOL_YEAR: ("ett läsår som 2025/26", "a school year such as 2025/26"),
    Form.YEAR: ("ett år som 2025", "a year such as 2025"),
    Form.SCHOOL_FORM: ("en skolform som GR eller Gymnasieskola", "a school form such as GR or Gymnasieskola"),
    Form.PUPIL: ("ett personnummer med tolv siffror eller en egen beteckning", "a personal number of twelve digits or an id of your own"),
    Form.STAFF: ("en beteckning, inte ett personnummer", "an id, not a personal number"),
    Form.DAY: ("en dag som 2025-08-18", "a day such as 2025-08-18"),
    Form.MONTH: ("en månad som 2025-09", "a month such as 2025-09"),
    Form.WHOLE: ("ett heltal från 0", "a whole number from 0"),
    Form.COUNT: ("ett heltal från 0, eller en symbol som ..", "a whole number from 0, or a symbol such as .."),
    Form.CROWNS: ("hela kronor", "whole crowns"),
    Form.FLAG: ("ja eller nej", "yes or no"),
    Form.CHOICE: ("ett av orden i mallens förklaring", "one of the words in the template's explanation"),
    Form.TEXT: ("en text", "a text"),
}  # fmt: skip


def parser(field: Field) -> Parser:
    """The function that reads a cell of a column: the value, or `ValueError` if it is none."""
    if field.form is Form.CHOICE:
        words = {word.lower(): value for value, spelled in field.choices.items() for word in (value, *spelled)}
        return lambda text: _choice(text, words)
    return _PARSERS.get(field.form, _text)


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would calculate the cell: it begins with =, + or @, or with - before anything but a number."""
    if text[:1] in ("=", "@") or text[:2] == "'=":
        return True
    return text[:1] in ("+", "-") and len(text) > 1 and number(text) is None


def _choice(text: str, words: Mapping[str, str]) -> str:
    found = words.get(text.lower())
    if found is None:
        raise ValueError(text)
    return found


def _code(digits: int) -> Parser:
    def parse(text: str) -> str:
        plain = text.replace("-", "") if digits == 10 else text
        if not is_code(plain, digits):
            raise ValueError(text)
        return plain

    return parse


def _municipality(text: str) -> str:
    if text not in municipalities():
        raise ValueError(text)
    return text


def _school_year(text: str) -> int:
    try:
        return school_year(text).start
    except InputError:
        raise ValueError(text) from None


def _year(text: str) -> int:
    if not is_code(text, 4) or not EARLIEST_YEAR <= int(text) <= LATEST_YEAR:
        raise ValueError(text)
    return int(text)


def _form(text: str) -> str:
    found = school_form(text)
    if found is None:
        raise ValueError(text)
    return found.value


def _day(text: str) -> date:
    found = date.fromisoformat(text[:10])
    if len(text) not in (10, 19) or not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
        raise ValueError(text)
    return found


def _month(text: str) -> date:
    match = re.fullmatch(r"(\d{4})-(\d{2})(-\d{2})?", text)
    if match is None:
        raise ValueError(text)
    return _day(f"{match[1]}-{match[2]}-01")


def _whole(text: str) -> int:
    found = _crowns(text)
    if not 0 <= found <= MOST:
        raise ValueError(text)
    return found


def _crowns(text: str) -> int:
    found = number(text)
    if found is None or not found.is_integer():
        raise ValueError(text)
    return int(found)


def _count(text: str) -> tuple[int | None, str]:
    found = parse_one(text, OWN)
    if found is None or (found[0] is not None and not (found[0].is_integer() and 0 <= found[0] <= MOST)):
        raise ValueError(text)
    return (None if found[0] is None else int(found[0])), found[1]


def _flag(text: str) -> bool:
    if text.lower() in _YES | _NO:
        return text.lower() in _YES
    raise ValueError(text)


def _text(text: str) -> str:
    if len(text) > LONGEST:
        raise ValueError("a longer text than any")
    return text


_PARSERS: Mapping[Form, Parser] = {
    Form.UNIT: _code(8),
    Form.ORGANISER: _code(10),
    Form.MUNICIPALITY: _municipality,
    Form.SCHOOL_YEAR: _school_year,
    Form.YEAR: _year,
    Form.SCHOOL_FORM: _form,
    Form.DAY: _day,
    Form.MONTH: _month,
    Form.WHOLE: _whole,
    Form.COUNT: _count,
    Form.CROWNS: _crowns,
    Form.FLAG: _flag,
}
