"""Everything a reader may ask about a measure before using it: from its definition, never from its values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from likvard import indicators
from likvard.figures import formats
from likvard.figures.insight.measured import capital, form_name, indicator_id
from likvard.figures.insight.pages import MeasurePage
from likvard.indicators import Direction, Domain, Indicator, PeriodKind
from likvard.rulebook import rule, rules
from likvard.terms import Language, Level, SchoolYear, Words

DOMAINS = {
    Domain.RESULTS: Words("Resultat", "Results"),
    Domain.TEACHING: Words("Undervisning", "Teaching"),
    Domain.CALM: Words("Trygghet och studiero", "Safety and calm"),
    Domain.SUPPORT: Words("Stöd", "Support"),
    Domain.PUPIL_HEALTH: Words("Elevhälsa och frånvaro", "Pupil health and absence"),
    Domain.STEERING: Words("Styrning", "Steering"),
    Domain.INTAKE: Words("Vilka elever", "Which pupils"),
    Domain.CONTEXT: Words("Sammanhang", "Context"),
}
"""The parts of the picture, in the order of the list of measures."""

_DIRECTIONS = {
    Direction.HIGHER: Words("Högre är bättre för eleverna.", "Higher is better for the pupils."),
    Direction.LOWER: Words("Lägre är bättre för eleverna.", "Lower is better for the pupils."),
    Direction.NEITHER: Words("Varken högt eller lågt är bra i sig.", "Neither high nor low is good in itself."),
}
_PERIODS = {
    PeriodKind.SCHOOL_YEAR: Words("läsår", "school year"),
    PeriodKind.CALENDAR_YEAR: Words("kalenderår", "calendar year"),
}
_LEVELS = {
    Level.UNIT: Words("skola", "school"),
    Level.ORGANISER: Words("huvudman", "organiser"),
    Level.MUNICIPALITY: Words("kommun", "municipality"),
    Level.COUNTY: Words("län", "county"),
    Level.NATION: Words("landet", "the country"),
}


def measure(id: str, *, on: date) -> MeasurePage:
    """The page of a measure, as it stands on a day. Raises `UsageError` if no indicator has the id."""
    found = indicators.load(indicator_id(id))
    hiding = rule(f"disclosure:{found.disclosure}", on).value
    return MeasurePage(
        id=found.id,
        name=found.name,
        unit=found.unit,
        why=found.why,
        definition=found.definition,
        care=found.care,
        direction=_DIRECTIONS[found.direction],
        source=found.source,
        hidden=hiding.about,
        period=_PERIODS[found.period],
        forms=tuple(form_name(form, on) for form in found.forms),
        levels=tuple(capital(_LEVELS[level]) for level in found.levels),
        law=tuple(_provision(key) for key in found.law),
        breaks=tuple((_year(found, b.first), b.about) for b in found.breaks),
        checked=_checked(found),
        next_review=_day(found.next_review),
        overdue=found.next_review < on,
    )


def _provision(key: str) -> Words:
    """Chapter and section of the newest wording: `7 kap. 19 a § skollagen`."""
    place = rules(f"provisions:{key}")[-1].value
    statute = rules(f"statutes:{place.statute}")[-1].value
    return Words(f"{place.place} {statute.short}", f"{place.place} of {statute.name.en}")


def _year(found: Indicator, first: int) -> str:
    return str(first) if found.period is PeriodKind.CALENDAR_YEAR else str(SchoolYear(first))


def _day(day: date) -> Words:
    return Words(formats.day(day, Language.SV), formats.day(day, Language.EN))


def _checked(found: Indicator) -> Words:
    role, day = found.checked_by.role, _day(found.checked_by.day)
    return Words(f"{day.sv}, av {role.sv}", f"{day.en}, by {role.en}")


def listed() -> Iterator[tuple[Words, tuple[Indicator, ...]]]:
    """The measures with an id of their own, by the part of the picture they belong to; empty parts left out."""
    every = indicators.indicators()
    for domain, name in DOMAINS.items():
        found = tuple(i for i in every if i.domain is domain)
        if found:
            yield name, found
