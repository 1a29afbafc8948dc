"""Classes and shares as the pages say them: per cent with their uncertainty, never an order between organisers."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from django.utils.translation import gettext as _

from likvard.figures import formats
from likvard.flow.national import Estimate, National
from likvard.rulebook.kinds.rubric import Rubric
from likvard.site.ui.language import current

UNSURE = 0.7
"""A class that is less probable than this is said to be unsure."""


@dataclass(frozen=True, slots=True)
class Probability:
    """A class of one organiser and how probable it is."""

    key: str
    name: str
    share: str
    per_cent: int
    likeliest: bool


@dataclass(frozen=True, slots=True)
class Classified:
    """The classes of one organiser: the likeliest by name, all with their probabilities, and whether it is sure."""

    name: str
    sure: bool
    classes: tuple[Probability, ...]
    readings: int


def per_cent(value: float) -> str:
    """A share as per cent: `24 %`, in English `24%`. A dash where there is none."""
    if not isfinite(value):
        return "–"
    return f"{formats.number(value * 100, 0, current())}{formats.percent_sign(current())}"


def probability(value: float) -> str:
    """A probability as per cent. Nothing is quite certain: what would round to all or nothing says over 99 or under 1."""
    if value > 0.995:
        return _("over %(share)s") % {"share": per_cent(0.99)}
    return _("under %(share)s") % {"share": per_cent(0.01)} if value < 0.005 else per_cent(value)


def between(found: Estimate) -> str:
    """The interval of a share in per cent: `17–32 %`."""
    if not (isfinite(found.low) and isfinite(found.high)):
        return "–"
    low, high = (formats.number(value * 100, 0, current()) for value in (found.low, found.high))
    return f"{low}–{high}{formats.percent_sign(current())}"


def coefficient(value: float) -> str:
    """A coefficient of agreement with two decimals."""
    return formats.number(value, 2, current()) if isfinite(value) else "–"


def class_names(rubric: Rubric) -> dict[str, str]:
    """What each class is called, the strongest first."""
    return {one.key: one.name[current()] for one in rubric.classes}


def classed(outcome: National, organiser: str, rubric: Rubric) -> Classified | None:
    """The classes of an organiser with their probabilities; None where too few criteria could be judged."""
    found = next((one for one in outcome.organisers if one.organiser == organiser), None)
    if found is None:
        return None
    names = class_names(rubric)
    rows = tuple(
        Probability(key, names[key], probability(value), round(value * 100), key == found.likeliest)
        for key, value in found.probability.items()
    )
    sure = found.probability[found.likeliest] >= UNSURE
    return Classified(names[found.likeliest], sure, rows, found.readings)
