"""Grade scales, where they are used, and the codes of files for what is no grade."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from likvard.terms import Words


class NoGrade(StrEnum):
    """Why a subject has no grade. The values are those of the column `status` of the table `grade`."""

    NO_BASIS = "no_basis"  # "–": absence left nothing to assess (10:18); never an F
    NOT_TAKEN = "not_taken"  # taken out of the pupil's studies (anpassad studiegång)
    NOT_GRADED = "not_graded"  # a subject that is no duty, without a grade
    NO_KNOWLEDGE_GRADES = "no_knowledge_grades"  # the school sets no such grades (Waldorf, international)
    NOT_TAUGHT_YET = "not_taught_yet"  # not taught in this year of study


class GradedUnit(StrEnum):
    """What one grade is a grade of."""

    SUBJECT = "subject"
    COURSE = "course"
    SUBJECT_LEVEL = "subject_level"  # Gy25: a level of a subject


@dataclass(frozen=True, slots=True)
class Step:
    """A grade of a scale: how it is written, its points, and whether it is a pass; None where no limit is drawn."""

    grade: str
    points: float
    passes: bool | None


@dataclass(frozen=True, slots=True)
class GradeScale:
    """A grade scale, best grade first. `no_grade` maps what is written instead of a grade to its reason."""

    name: Words
    steps: tuple[Step, ...]
    graded: tuple[GradedUnit, ...]
    no_grade: Mapping[str, NoGrade]

    def __post_init__(self) -> None:
        points = [step.points for step in self.steps]
        if not points or points != sorted(set(points), reverse=True):
            raise ValueError("the steps must go from the best grade down, each with its own points")
        written = [step.grade for step in self.steps] + list(self.no_grade)
        if len(written) != len(set(written)):
            raise ValueError("a grade is written twice")

    @property
    def points(self) -> dict[str, float]:
        """Points by grade, for joins: `{'A': 20.0, …}`."""
        return {step.grade: step.points for step in self.steps}

    @property
    def passing(self) -> tuple[str, ...]:
        """The grades that are a pass; empty for a scale without a pass limit."""
        return tuple(step.grade for step in self.steps if step.passes)


@dataclass(frozen=True, slots=True)
class ScaleInYears:
    """Years of study, both included, that are graded on one scale. Zeros where years are not counted."""

    first: int
    last: int
    scale: str


@dataclass(frozen=True, slots=True)
class ScaleUse:
    """Which scale grades which years of study of a school form; a year that is not named has no grades."""

    years: tuple[ScaleInYears, ...]

    def __post_init__(self) -> None:
        taken = [year for part in self.years for year in range(part.first, part.last + 1)]
        if len(taken) != len(set(taken)):
            raise ValueError("a year of study has two scales")


@dataclass(frozen=True, slots=True)
class GradeCodes:
    """The codes that stand for a missing grade in one kind of pupil file."""

    codes: Mapping[str, NoGrade]
