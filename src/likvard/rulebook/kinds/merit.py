"""Merit value and eligibility for upper secondary school."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from likvard.terms import Words


class MeritMethod(StrEnum):
    """How a merit value comes about."""

    BEST_GRADES = "best_grades"  # sum of the best grades
    GRADES_AND_TESTS = "grades_and_tests"  # weighted: grades and final tests, from the scale 1-10 on


@dataclass(frozen=True, slots=True)
class MeritRule:
    """How the merit value (meritvärde) is counted.

    The `best` highest grades are added; `extra`, if any, is the subject that is added on top for whoever takes it.
    Only one subject of each group in `one_of` counts. `maximum` is the highest possible value. `pass_points` is the
    lowest pass: averages count only pupils with at least one pass. `year` is the year of study of the final grade.
    The weights are those of grades and of final tests.
    """

    method: MeritMethod
    year: int
    scale: str
    maximum: float
    one_of: tuple[tuple[str, ...], ...] = ()
    best: int = 0
    extra: str | None = None
    pass_points: float | None = None
    grade_weight: float = 1.0
    test_weight: float = 0.0

    def __post_init__(self) -> None:
        if abs(self.grade_weight + self.test_weight - 1) > 1e-12:
            raise ValueError("the weights of grades and tests must add up to one")
        if (self.method is MeritMethod.BEST_GRADES) != (self.best > 0 and self.pass_points is not None):
            raise ValueError("a sum of best grades needs their number and the lowest pass, and nothing else does")


class ProgrammeKind(StrEnum):
    """Kinds of upper secondary programme with rules of eligibility of their own."""

    VOCATIONAL = "vocational"  # yrkesprogram
    ARTS = "arts"  # ES
    SOCIAL = "social"  # EK, HU, SA
    SCIENCE = "science"  # NA, TE


@dataclass(frozen=True, slots=True)
class Needs:
    """What a kind of programme asks for.

    A pass in one subject of each group in `one_of`, in every subject of `all_of`, and in `others` more subjects
    besides those of `one_of`: the ones of `all_of` are among these others.
    """

    name: Words
    programmes: tuple[str, ...]
    one_of: tuple[tuple[str, ...], ...]
    others: int
    all_of: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many passes are needed in all."""
        return len(self.one_of) + self.others


@dataclass(frozen=True, slots=True)
class EligibilityRule:
    """Who may be admitted to a national programme of upper secondary school.

    Either passes in subjects (`needs`, by kind of programme, with `pass_points` as the lowest pass) or, from the
    reform on, a least merit value.
    """

    pass_points: float | None = None
    needs: Mapping[ProgrammeKind, Needs] | None = None
    least_merit: float | None = None
    dispensable: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        by_passes = self.needs is not None and self.pass_points is not None
        if by_passes == (self.least_merit is not None):
            raise ValueError("eligibility rests either on passes or on a least merit value")
        if self.needs is not None and set(self.needs) != set(ProgrammeKind):
            raise ValueError("every kind of programme must have its needs")
