"""The tables that an organiser may fill in, read from `template_tables.yaml`: columns, their forms and meanings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from likvard.rulebook.build import build, read_yaml
from likvard.terms import Language, Words


class Form(StrEnum):
    """What a cell must look like."""

    UNIT = "unit"  # school unit code, eight digits
    ORGANISER = "organiser"  # organisation number, ten digits, hyphen allowed
    MUNICIPALITY = "municipality"  # municipality code, four digits
    SCHOOL_YEAR = "school_year"  # 2025/26
    YEAR = "year"  # 2025
    SCHOOL_FORM = "school_form"  # a code or name that the rulebook knows
    PUPIL = "pupil"  # personal number, or the organiser's own lasting id
    STAFF = "staff"  # an employment number or the like
    DAY = "day"  # 2025-08-18
    MONTH = "month"  # 2025-09
    WHOLE = "whole"  # a count
    COUNT = "count"  # a count, or a symbol that says why there is none
    CROWNS = "crowns"  # whole crowns, also negative
    FLAG = "flag"  # yes or no
    CHOICE = "choice"  # one of the words in `choices`
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a template. `choices` maps each stored value to the words that mean it, the first one Swedish."""

    key: str
    name: Words
    form: Form
    about: Words
    example: str = ""
    required: bool = True
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def words(self, language: Language) -> str:
        """The words that may be written in the column, or nothing if any text may."""
        at = 0 if language is Language.SV else -1
        return ", ".join(words[at] for words in self.choices.values())


@dataclass(frozen=True, slots=True)
class Template:
    """One table to fill in: its key, which makes the file's name, its title and its columns."""

    key: str
    title: Words
    about: Words
    fields: tuple[Field, ...]

    def __getitem__(self, key: str) -> Field:
        return next(f for f in self.fields if f.key == key)


@dataclass(frozen=True, slots=True)
class _File:
    about: str
    templates: tuple[Template, ...]


REMARK = Words("Anmärkning", "Remark")
EXAMPLE = Words("EXEMPEL: raden läses inte", "EXAMPLE: this row is not read")


@cache
def templates() -> tuple[Template, ...]:
    """All templates, in the order in which an organiser would fill them in."""
    return build(
        _File, read_yaml(files("likvard.records").joinpath("template_tables.yaml")), "template_tables.yaml"
    ).templates
