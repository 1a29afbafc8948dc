"""Measures at a unit as its pages show them: who may know of them, and how they are marked in curves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from likvard.figures import formats
from likvard.figures.charts import MeasureTaken
from likvard.site.cases.models import Measure
from likvard.site.people import access
from likvard.site.people.access import Reader
from likvard.site.people.models import Unit
from likvard.site.people.roles import Content
from likvard.terms import Language, Words

_OUTCOMES = {
    Measure.Outcome.HELPED: Words("Utfall: gick som väntat.", "Outcome: went as expected."),
    Measure.Outcome.NOT: Words("Utfall: gick inte som väntat.", "Outcome: did not go as expected."),
    Measure.Outcome.UNCLEAR: Words("Utfall: går inte att säga.", "Outcome: cannot be told."),
}


def measures_at(user: Reader, unit: Unit, *, on: date) -> tuple[Measure, ...]:
    """The measures at a unit, for whoever reads its organiser's own figures; none for others."""
    if not access.may(user, Content.FIGURES, unit, on=on):
        return ()
    return tuple(Measure.objects.at(unit))


def marked(measures: Iterable[Measure]) -> tuple[MeasureTaken, ...]:
    """Measures as a chart marks them: numbered, each in the curves of its indicator."""
    return tuple(
        MeasureTaken(
            Words(one.name, one.name), one.started, None, expected_words(one), outcome_words(one), one.indicator
        )
        for one in measures
    )


def expected_words(measure: Measure) -> Words:
    """What was expected of a measure beforehand."""
    text = measure.expected.rstrip(". ")
    return Words(f"Väntat: {text}.", f"Expected: {text}.")


def outcome_words(measure: Measure) -> Words:
    """What came of a measure, or when somebody looks."""
    if measure.outcome:
        return _OUTCOMES[Measure.Outcome(measure.outcome)]
    sv, en = (formats.day(measure.look_on, language) for language in Language)
    return Words(f"Följs upp den {sv}.", f"To be looked at on {en}.")
