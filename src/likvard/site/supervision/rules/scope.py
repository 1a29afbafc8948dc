"""What kinds of inspection there are, of what, and which areas they examine, on a day. Pure: the rulebook's answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from likvard.rulebook import rule
from likvard.rulebook.kinds.supervision import AreaLevel, AssessmentArea
from likvard.rulebook.kinds.supervision import Inspection as Sort
from likvard.rulebook.legality import AUDIT
from likvard.rulebook.naming import school_form_names
from likvard.terms import Language, OrganiserKind, SchoolForm

OF_ORGANISERS = frozenset({"organiser", "oversight"})
"""Levels at which there is no unit: the organiser as a whole, and a municipality's own supervision."""

INDIVIDUAL = "individual"
ONLY_INDEPENDENT = frozenset({"first_year", "establishment"})
"""Types for newly approved independent schools (26 kap. 9 a § skollagen)."""

_LEVEL_OF_FORM: Mapping[str, str] = {
    SchoolForm.PRESCHOOL: "preschool",
    SchoolForm.LEISURE_TIME_CENTRE: "leisure",
    SchoolForm.ADAPTED_COMPULSORY: "adapted",
    SchoolForm.ADAPTED_UPPER_SECONDARY: "adapted",
    SchoolForm.SPECIAL: "special",
    SchoolForm.SAMI: "sami",
    SchoolForm.ADULT: "adult",
    SchoolForm.SWEDISH_FOR_IMMIGRANTS: "adult",
}


def types(on: date) -> Mapping[str, Sort]:
    """The types of inspection on the day, by key."""
    found: Mapping[str, Sort] = rule("inspections", on).value
    return found


def level_of(forms: tuple[str, ...]) -> str:
    """The level of an inspection of a unit with these school forms: its own only if it has no other."""
    levels = {_LEVEL_OF_FORM.get(form, "unit") for form in forms}
    return levels.pop() if len(levels) == 1 else "unit"


def form_names(codes: Iterable[str], on: date, language: Language) -> list[str]:
    """What school forms are called on a day, in running text; codes that are none are left out."""
    names = [school_form_names(SchoolForm(code), on).name[language] for code in codes if code in set(SchoolForm)]
    return [name[:1].lower() + name[1:] for name in names]


def areas(type: str, *, of_unit: bool, organiser_kind: OrganiserKind, on: date) -> Mapping[str, AssessmentArea]:
    """The areas that an inspection may examine, in the rulebook's order, under the headings of the day."""
    if type == AUDIT:
        level = AreaLevel.UNIT_AUDIT if of_unit else AreaLevel.ORGANISER_AUDIT
    else:
        level = AreaLevel.UNIT_SUPERVISION if of_unit else AreaLevel.ORGANISER_SUPERVISION
    known: Mapping[str, AssessmentArea] = rule("assessment_areas", on).value
    return {
        key: area
        for key, area in known.items()
        if area.level is level and (not area.independent_only or organiser_kind is OrganiserKind.INDEPENDENT)
    }
