"""Words that every part of the house shares, as values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class LikvardError(Exception):
    """Something a person can mend. Printed without a traceback; says what was expected and what to do.

    `remedy` is one sentence in the imperative. `exit_code` is what the command line ends with.
    """

    exit_code = 1

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class UsageError(LikvardError):
    """The command or its arguments ask for something that is not there."""

    exit_code = 2


class InputError(LikvardError):
    """A file is not what it should be. Nothing was changed."""

    exit_code = 3


class ModelError(LikvardError):
    """A model that cannot be fitted, said in words."""

    exit_code = 4


class DisclosureError(LikvardError):
    """A figure that may not leave the gate."""

    exit_code = 5


class RuleError(LikvardError):
    """No rule, or more than one, is in force on the day asked for."""

    exit_code = 6


class Missing(StrEnum):
    """Why a number is not there, or is there only as a range. Stored in columns named `status`; `""` is exact."""

    FEW = "few"  # ".."   too few pupils, hidden by the source or by us
    PROTECTED = "protected"  # "×"    hidden because another cell could be worked out
    MAJORITY = "majority"  # "..."  PxWeb: hidden by the majority rule
    NEAR_ALL = "near_all"  # "~100" one to four pupils did not reach; low and high give the range
    NEAR_NONE = "near_none"  # "~0"   one to four pupils did
    RULE_NOT_MET = "rule_not_met"  # "-"    survey: the unit does not meet the rules for showing
    MASKED_UNDER_10 = "masked_under_10"  # "*"   survey option: 1-9 respondents
    MASKED_10_19 = "masked_10_19"  # "**"  10-19 respondents
    MASKED_OVER_19 = "masked_over_19"  # "***" 20 or more respondents
    EXCLUDED = "excluded"  # "*"    v4: teachers without required registration left out
    APPROXIMATE = "approximate"  # "cirka 450": a number, rounded by the source
    UNAVAILABLE = "unavailable"  # "."    the source says missing or not applicable, and does not say which
    NOT_APPLICABLE = "not_applicable"  # Kolada "Not applicable"; "–" in our tables
    NOT_REPORTED = "not_reported"  # Kolada "Missing"
    PRIVACY = "privacy"  # Kolada "Privacy": suppressed
    EMPTY = "empty"  # an empty cell where a value could stand
    NOT_COLLECTED = "not_collected"  # "?"    nobody asked
    NOT_YET = "not_yet"  # "…"    will come


class Audience(StrEnum):
    """Who a figure is released to. Papers of a public body's committee are public."""

    PUBLIC = "public"
    ORGANISER = "organiser"


class Language(StrEnum):
    """Languages of the interface; both are complete."""

    SV = "sv"
    EN = "en"


class SchoolForm(StrEnum):
    """Forms of schooling, by the codes of the national unit register. Names, old and new, are in the rulebook."""

    PRESCHOOL = "FSK"
    PRESCHOOL_CLASS = "FKLASS"
    LEISURE_TIME_CENTRE = "FTH"
    COMPULSORY = "GR"
    ADAPTED_COMPULSORY = "GRAN"
    SPECIAL = "SP"
    SAMI = "SAM"
    UPPER_SECONDARY = "GY"
    ADAPTED_UPPER_SECONDARY = "GYAN"
    ADULT = "VUX"
    SWEDISH_FOR_IMMIGRANTS = "SFI"


class OrganiserKind(StrEnum):
    """Kinds of school organiser (huvudman)."""

    MUNICIPAL = "municipal"
    INDEPENDENT = "independent"
    REGIONAL = "regional"
    STATE = "state"


class Level(StrEnum):
    """What a figure is about, from the smallest to the largest."""

    UNIT = "unit"
    ORGANISER = "organiser"
    MUNICIPALITY = "municipality"
    COUNTY = "county"
    NATION = "nation"


NATION = "00"


@dataclass(frozen=True, order=True, slots=True)
class SchoolYear:
    """A school year (läsår), known by the calendar year in which it begins: `SchoolYear(2023)` is 2023/24."""

    start: int

    def __post_init__(self) -> None:
        if not 1990 <= self.start <= 2098:
            raise InputError(
                f"The school year {self.start} is not between 1990 and 2098.", "Check the year in the file."
            )

    def __str__(self) -> str:
        return f"{self.start}/{(self.start + 1) % 100:02d}"

    @property
    def spring(self) -> int:
        """The calendar year of its spring term, in which final grades are set."""
        return self.start + 1

    @classmethod
    def of_spring(cls, year: int) -> SchoolYear:
        """The school year whose spring term falls in `year`."""
        return cls(year - 1)

    @classmethod
    def parse(cls, text: str) -> SchoolYear:
        """Read `2023/24` or `2023/2024`; anything else is refused."""
        match = re.fullmatch(r"\s*(\d{4})\s*[/–-]\s*(\d{2}|\d{4})\s*", text)
        if match is None or int(match[2][-2:]) != (int(match[1]) + 1) % 100:
            raise InputError(f"{text!r} is not a school year.", "Write it as 2023/24.")
        return cls(int(match[1]))


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages of the interface."""

    sv: str
    en: str

    def __getitem__(self, language: Language) -> str:
        return self.sv if language is Language.SV else self.en
