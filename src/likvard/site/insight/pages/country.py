"""The country in short, for the public start: what is typical, and how far schools lie apart."""

from __future__ import annotations

from datetime import date

from likvard.disclosure.publication import Publication, Published
from likvard.figures import formats
from likvard.figures.figure import Figure
from likvard.figures.insight import measured
from likvard.figures.insight.between_units import variance
from likvard.figures.insight.reading import read_nation
from likvard.figures.insight.scope import Scope
from likvard.site.ui.components import Fact
from likvard.terms import NATION, Audience, Language, Words

SHOWN = (measured.MERIT, measured.ALL_SUBJECTS)
VARIANCE = ("variance_organiser", "variance_unit", "variance_class", "variance_pupil")
ASPECTS = ("mean", "lower", "upper")


def country(publication: Publication, language: Language) -> tuple[Fact, ...]:
    """A fact per measure: the newest mean of the country, and where most schools lie. Nothing where nothing is out."""
    facts = (_fact(publication, measure, language) for measure in SHOWN)
    return tuple(fact for fact in facts if fact is not None)


def country_figures(publication: Publication, on: date) -> tuple[Figure, ...]:
    """Where the differences lie, in the whole country; nothing where that has not been worked out."""
    scope = Scope(None, "", {}, Audience.PUBLIC, on)
    found = read_nation(publication, scope, measure=measured.MERIT, aspect=VARIANCE)
    drawn = variance(publication, found, measured.measured(measured.MERIT))
    return (drawn,) if drawn is not None else ()


def _fact(publication: Publication, measure: str, language: Language) -> Fact | None:
    found = publication.cells(
        Audience.PUBLIC, measure=measure, aspect=ASPECTS, subject="", group="all", level="nation", areas=(NATION,)
    )
    newest = max((key.year for key in found), default="")
    by_aspect = {key.aspect: published for key, published in found.items() if key.year == newest}
    if "mean" not in by_aspect:
        return None
    what = measured.measured(measure)
    value = formats.cell(by_aspect["mean"].cell, what.scale, language)
    return Fact(what.name, value, _apart(by_aspect, what, newest), f"/matt/{measure}/")


def _apart(by_aspect: dict[str, Published], what: measured.Measured, year: str) -> Words:
    when = str(what.period(int(year)))
    low, high = (by_aspect[aspect].cell.value if aspect in by_aspect else None for aspect in ("lower", "upper"))
    if low is None or high is None:
        return Words(when, when)
    sv, en = (formats.interval(low, high, what.scale, language) for language in (Language.SV, Language.EN))
    return Words(f"{when}, åtta av tio skolor {sv}", f"{when}, eight schools in ten {en}")
