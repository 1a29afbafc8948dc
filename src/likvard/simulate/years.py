"""A school year of a municipality: everybody on the roll, and the results of those who are graded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from likvard.simulate.adults import adult_roll
from likvard.simulate.climate import Climate, climate
from likvard.simulate.effects import Effects, effects
from likvard.simulate.people import Cohort, cohort
from likvard.simulate.results import Marks, marks
from likvard.simulate.rolls import Roll, compulsory_roll, in_order, leisure_roll, preschool_roll, together
from likvard.simulate.settings import Settings
from likvard.simulate.streams import Whole
from likvard.simulate.units import Plan, plan
from likvard.simulate.upper import YEARS, Career, adapted_roll, careers, upper_roll
from likvard.terms import SchoolForm

FINAL_STUDY = 9
_OLDEST, _LAST_SCHOOL_AGE = 19, 15
_SPECIAL_FINAL = 10  # special school has ten years


@dataclass(frozen=True, slots=True)
class Year:
    """One municipality in one school year. `roll` has everybody once; `leisure` the second enrolment of some.

    `final`, `earlier` and `special` are the results of years 9 and 6 of compulsory school and of special school's
    last year; `leaving` the careers of those who left one, two and three years ago, `uppers` those of them still there.
    """

    year: int
    plan: Plan
    effects: Effects
    climate: Climate
    roll: Roll
    leisure: Roll
    final: Marks
    earlier: Marks
    special: Marks
    leaving: tuple[Career, ...]
    uppers: tuple[Roll, ...]


def final_roll(plan: Plan, leavers: Cohort, year: int) -> Roll:
    """The pupils in year 9 of compulsory school, by unit and pseudonym."""
    return in_order(compulsory_roll(plan, leavers, year).of(SchoolForm.COMPULSORY))


def years(settings: Settings) -> Iterator[list[Year]]:
    """Yield, for each school year, every municipality. The last three years before are run for upper secondary."""
    cohorts: dict[int, dict[int, Cohort]] = {index: {} for index in range(settings.municipalities)}
    leaving: dict[tuple[int, int], Career] = {}
    for year in range(settings.first_year - YEARS, settings.last_year + 1):
        counted = year in settings.school_years
        found = []
        for index in range(settings.municipalities):
            schools = plan(settings, index)
            ages = range(1, _OLDEST + 1) if counted else (_LAST_SCHOOL_AGE,)
            known = cohorts[index]
            for birth_year in (year - age for age in ages):
                if birth_year not in known:
                    known[birth_year] = cohort(settings, schools, birth_year)
            here = {year - birth_year: people for birth_year, people in known.items()}
            if counted:
                past = tuple(leaving[index, year - ago] for ago in range(1, YEARS + 1))
                found.append(_year(settings, schools, here, past, year))
            final = found[-1].final if counted else _final(settings, schools, here[_LAST_SCHOOL_AGE], year)
            leaving[index, year] = careers(settings, schools, effects(settings, index), final, year)
        for known in cohorts.values():
            known.pop(year - _OLDEST, None)
        leaving = {(i, y): c for (i, y), c in leaving.items() if y > year - YEARS}
        if counted:
            yield found


def _final(settings: Settings, schools: Plan, leavers: Cohort, year: int) -> Marks:
    return marks(settings, schools, effects(settings, schools.place.index), final_roll(schools, leavers, year), year)


def _year(settings: Settings, schools: Plan, by_age: dict[int, Cohort], leaving: tuple[Career, ...], year: int) -> Year:
    index = schools.place.index
    school = effects(settings, index)
    compulsory = [compulsory_roll(schools, by_age[age], year) for age in range(6, 16)]
    tenth = compulsory_roll(schools, by_age[16], year).of(SchoolForm.SPECIAL)
    rolls = [preschool_roll(schools, settings.population, by_age[age], year) for age in range(1, 6)]
    rolls += [*compulsory, tenth]
    uppers = tuple(upper_roll(schools, by_age[15 + ago], career, year) for ago, career in enumerate(leaving, start=1))
    rolls += uppers
    rolls += [adapted_roll(schools, by_age[age], year) for age in range(16, 20)]
    rolls.append(adult_roll(settings, schools, year))
    sixth = in_order(compulsory[6].of(SchoolForm.COMPULSORY, SchoolForm.SAMI))
    return Year(
        year=year,
        plan=schools,
        effects=school,
        climate=climate(settings, index),
        roll=in_order(together(rolls)),
        leisure=in_order(leisure_roll(schools, together(compulsory))),
        final=marks(settings, schools, school, in_order(compulsory[9].of(SchoolForm.COMPULSORY)), year),
        earlier=marks(settings, schools, school, sixth, year),
        special=marks(settings, schools, school, in_order(tenth), year),
        leaving=leaving,
        uppers=uppers,
    )


def open_units(year: Year) -> Whole:
    """The units that are open in the year, as ascending indexes of the plan's units."""
    filled = year.plan.filled(year.year)
    return np.unique(filled[filled >= 0])


def codes(year: Year) -> list[str]:
    """Code of each of the plan's units."""
    return [unit.code for unit in year.plan.units]
