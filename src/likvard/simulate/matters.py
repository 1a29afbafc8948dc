"""Counts of matters per unit: what the organiser could know of the domains, each with its own noise."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from scipy.special import ndtr, ndtri

from likvard.simulate.climate import CALM, HEALTH, STEERING, SUPPORT
from likvard.simulate.money import need
from likvard.simulate.rolls import Roll
from likvard.simulate.settings import Settings
from likvard.simulate.streams import Floats, Topic, Whole, shares, stream
from likvard.simulate.tables import declared, joined, same
from likvard.simulate.years import Year, codes
from likvard.terms import SchoolForm

_ABUSE = {SchoolForm.COMPULSORY: 0.105, SchoolForm.UPPER_SECONDARY: 0.030, SchoolForm.PRESCHOOL: 0.006}
"""Reports of abusive treatment for each pupil and year."""
_SHAPE = 1.8  # of the negative binomial distribution of reports
_COMPLAINTS = 0.0025
_PLANS = 0.062
_RECORDING = 0.35  # SD between units of the habit of recording support plans, on a normal scale
STEPS = 6  # of the yearly quality work that are to be documented


def matters(settings: Settings, year: Year) -> pa.Table:
    """Return the counts of a school year: compulsory school, upper secondary school and preschool."""
    return joined("matter_count", [part for form in _ABUSE for part in _of_form(settings, year, form)])


def _of_form(settings: Settings, year: Year, form: SchoolForm) -> Iterator[pa.Table]:
    roll = year.roll.of(form)
    if not len(roll):
        return
    unit, place = np.unique(roll.unit, return_inverse=True)
    seat = year.plan.seat_of[unit]
    domains = year.climate.at(year.year)[seat]
    forms = list(_ABUSE)
    rng = stream(settings.seed, Topic.MATTERS, year.plan.place.index, year.year, forms.index(form))
    pupils = np.bincount(place)
    counts = _counts(rng, form, pupils, domains, _habit(settings, year)[seat], _needs(roll, place))
    for kind, n in counts.items():
        yield _table(year, form, unit, kind, n)


def _habit(settings: Settings, year: Year) -> Floats:
    """How readily each seat records support plans, the same every year."""
    return stream(settings.seed, Topic.MATTERS, year.plan.place.index).normal(size=len(year.plan.seats))


def _needs(roll: Roll, place: Whole) -> Floats:
    """The unit's intake against the nation's, as a risk."""
    found: Floats = shares(place, need(roll), int(place.max()) + 1) - 0.13
    return found


def _counts(
    rng: np.random.Generator, form: SchoolForm, pupils: Whole, domains: Floats, habit: Floats, needs: Floats
) -> dict[str, Whole]:
    calm, steering, support, health = (domains[:, d] for d in (CALM, STEERING, SUPPORT, HEALTH))
    expected = _ABUSE[form] * pupils * np.exp(-0.35 * calm - 0.35**2 / 2)
    found = {
        "abuse_report": rng.negative_binomial(_SHAPE, _SHAPE / (_SHAPE + expected)),
        "complaint": rng.poisson(_COMPLAINTS * pupils * np.exp(-0.25 * steering)),
        "quality_step_missing": rng.binomial(STEPS, ndtr(-1.0 - 0.6 * steering)),
    }
    if form is SchoolForm.PRESCHOOL:
        return found
    likely = ndtr(ndtri(_PLANS) * np.sqrt(1 + _RECORDING**2) + _RECORDING * habit + 1.5 * needs)
    plans = rng.binomial(pupils, likely)
    return found | {
        "support_plan": plans,
        "support_plan_overdue": rng.binomial(plans, ndtr(-0.9 - 0.5 * support)),
        "absence_inquiry": rng.poisson(0.05 * pupils * np.exp(0.15 * health - 0.2 * calm)),
        "pupil_health_waiting": rng.poisson(0.015 * pupils * np.exp(-0.45 * health)),
        "disciplinary_measure": rng.poisson(0.02 * pupils * np.exp(-0.5 * calm)),
    }


def _table(year: Year, form: SchoolForm, unit: Whole, kind: str, n: Whole) -> pa.Table:
    known = codes(year)
    size = len(unit)
    return declared(
        "matter_count",
        {
            "unit_code": pa.array([known[int(u)] for u in unit]),
            "school_form": same(str(form), size),
            "school_year": same(year.year, size, pa.int16()),
            "kind": same(kind, size),
            "n": pa.array(n.astype(np.int32)),
            "status": same("", size),
        },
    )
