"""School forms and subjects: their names and codes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from likvard.terms import Words


@dataclass(frozen=True, slots=True)
class SchoolFormNames:
    """One school form (skolform) as it was called and coded at a time.

    `aliases` are the codes and spellings that standards, registers and files use for it. `years` is the first and
    the last year of study (årskurs), empty where years are not counted. `chapter` is its chapter of the Education
    Act; `is_form` is false for what belongs to the school system without being a form of schooling (1:1).
    """

    name: Words
    aliases: tuple[str, ...]
    chapter: int
    compulsory: bool
    is_form: bool = True
    years: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if len(self.years) not in (0, 2) or list(self.years) != sorted(self.years):
            raise ValueError(f"years must hold the first and the last year, got {list(self.years)}")


class Standing(StrEnum):
    """What place a subject has in the timetable of compulsory school."""

    COMPULSORY = "compulsory"  # everyone has it
    ONE_OF = "one_of"  # everyone has one of several: Swedish or Swedish as a second language
    CHOICE = "choice"  # languages, sign language
    BLOCK = "block"  # several subjects taught, and sometimes graded, as one


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject of compulsory school by its code in the pupil files of SCB.

    `together` is the block with which it may be taught and graded as one up to year 6. `excludes` is the subject
    whose grade it replaces. `language` says that a grade also names a language.
    """

    name: Words
    standing: Standing
    aliases: tuple[str, ...] = ()
    together: str | None = None
    excludes: str | None = None
    language: bool = False
