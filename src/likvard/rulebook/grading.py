"""Grades to points, points to merit value, merit value to eligibility, each by the rule of the day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from likvard.rulebook.kinds.grades import GradeScale, NoGrade, ScaleUse
from likvard.rulebook.kinds.merit import EligibilityRule, MeritMethod, MeritRule, Needs, ProgrammeKind
from likvard.rulebook.lookup import rule
from likvard.terms import InputError, RuleError, SchoolForm

Points = Mapping[str, float | None]
"""Points by subject code (`Ma`, `Sva` …); None where the subject has no grade."""

_DASHES = {"-": "–", "—": "–", "−": "–"}


def grade_scale(scale: str, on: date) -> GradeScale:
    """Return a grade scale (`AF`, `adapted`, `Gy25`, `1-10`) in force on a day. Raises `RuleError` if there is none."""
    found: GradeScale = rule(f"grade_scale:{scale}", on).value
    return found


def scale_in_use(form: SchoolForm, year: int, on: date) -> str | None:
    """Return the name of the scale that grades a year of study on a day, or None where no grades are set.

    Adult education counts no years: `year` is 0. Raises `RuleError` if the form has no rule on that day.
    """
    use: ScaleUse = rule(f"grade_scale_use:{form}", on).value
    return next((part.scale for part in use.years if part.first <= year <= part.last), None)


def points_by_grade(scale: str, on: date) -> dict[str, float]:
    """Return the points of every grade of a scale, for joins in SQL: `{'A': 20.0, …, 'F': 0.0}`."""
    return grade_scale(scale, on).points


def grade_points(scale: str, grade: str, on: date) -> float | None:
    """Return the points of a grade; None for a dash, which is no grade but counts nothing in a merit value.

    Raises `RuleError` if the scale is not in force or has no such grade: the adapted scale has no F.
    """
    steps = grade_scale(scale, on)
    written = _DASHES.get(grade.strip(), grade.strip().upper())
    if written in steps.no_grade:
        return None
    if written not in steps.points:
        raise RuleError(f"{grade!r} is not a grade of the scale {scale}.", f"Its grades are {', '.join(steps.points)}.")
    return steps.points[written]


def no_grade_codes(file: str, on: date) -> dict[str, NoGrade]:
    """Return what the codes of a pupil file (`scb_year_9`, `scb_year_6`) mean, by code, on a day."""
    return dict(rule(f"grade_codes:{file}", on).value.codes)


def merit_rule(on: date) -> MeritRule:
    """Return how merit values are counted for final grades set on a day."""
    found: MeritRule = rule("merit", on).value
    return found


def merit_value(points: Points, on: date) -> float:
    """Return the merit value (meritvärde) of final grades set on a day, in points; exact in binary.

    The best 16 grades are added. From 2014/15 the modern language chosen as språkval (`M1`) stands outside the 16
    and is added on top. A dash or a missing grade adds nothing. A pupil without any pass has a value, but counts in
    no national average: see `counts_in_average`.

    Raises `InputError` if there are grades in both Swedish and Swedish as a second language or points below zero,
    `RuleError` from autumn 2030, when merit is also made of tests in a way that is not known.
    """
    found = merit_rule(on)
    if found.method is not MeritMethod.BEST_GRADES:
        raise RuleError(
            f"How a merit value is counted on {on} is not known in full.", "Ask for a day before 2030-07-01."
        )
    graded = _graded(points, found.one_of)
    extra = graded.pop(found.extra, 0.0) if found.extra else 0.0
    return sum(sorted(graded.values(), reverse=True)[: found.best]) + extra


def _graded(points: Points, one_of: tuple[tuple[str, ...], ...]) -> dict[str, float]:
    graded = {subject: value for subject, value in points.items() if value is not None}
    if any(value < 0 for value in graded.values()):
        raise InputError("A grade has points below zero.", "Take the points from `grade_points`.")
    for group in one_of:
        both = [subject for subject in group if subject in graded]
        if len(both) > 1:
            raise InputError(f"The pupil has grades in both {' and '.join(both)}.", "Keep the one that is the pupil's.")
    return graded


def counts_in_average(points: Points, on: date) -> bool:
    """Whether a pupil counts in published averages of merit values: those with at least one pass do."""
    lowest = merit_rule(on).pass_points
    if lowest is None:
        raise RuleError(f"Who counts in the average on {on} is not known.", "Ask for a day before 2030-07-01.")
    return any(value is not None and value >= lowest for value in points.values())


def eligibility_rule(on: date) -> EligibilityRule:
    """Return who may be admitted to upper secondary school on a day."""
    found: EligibilityRule = rule("eligibility", on).value
    return found


def needs(kind: ProgrammeKind | str, on: date) -> Needs:
    """Return what a kind of programme (`vocational`, `arts`, `social`, `science`) asks for on the day of admission.

    Raises `InputError` for another kind, `RuleError` from July 2031, when passes no longer decide.
    """
    if kind not in set(ProgrammeKind):
        raise InputError(f"{kind!r} is not a kind of programme.", f"Ask for one of {', '.join(ProgrammeKind)}.")
    found = eligibility_rule(on)
    if found.needs is None:
        raise RuleError(
            f"On {on} a merit value of {found.least_merit:g} decides, not passes.", "Use `eligibility_rule`."
        )
    return found.needs[ProgrammeKind(kind)]


def eligible(kind: ProgrammeKind | str, points: Points, on: date, *, english_dispensed: bool = False) -> bool:
    """Whether passes make a pupil eligible for a kind of programme on the day of admission (16:30-31).

    `english_dispensed` leaves English out for who could not take part in it (16:32). Raises as `needs` and
    `merit_value` do.
    """
    asked = needs(kind, on)
    found = eligibility_rule(on)
    graded = _graded(points, (("Sv", "Sva"),))
    passed = {subject for subject, value in graded.items() if value >= (found.pass_points or 0)}
    spared = set(found.dispensable) if english_dispensed else set()
    core = all(passed & set(group) or spared & set(group) for group in asked.one_of)
    others = passed - {subject for group in asked.one_of for subject in group}
    return core and others >= set(asked.all_of) and len(others) >= asked.others
