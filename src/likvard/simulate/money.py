"""Money to units: base, socio-economic share, structural and additional amounts, and what was used."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from scipy.special import ndtr

from likvard.simulate import organisers
from likvard.simulate.people import TERTIARY
from likvard.simulate.results import newcomer
from likvard.simulate.rolls import Roll
from likvard.simulate.settings import Settings
from likvard.simulate.streams import Floats, Topic, Whole, shares, stream
from likvard.simulate.tables import declared, empty
from likvard.simulate.years import Year
from likvard.terms import OrganiserKind, SchoolForm

_SMALL = 120  # pupils; a municipal unit below has the structural amount
_ADDITIONAL_SHARE = 0.006
_CENTRAL = 0.12  # of the frame, kept by the municipality
_BASES = (
    (SchoolForm.COMPULSORY, "base"),
    (SchoolForm.PRESCHOOL_CLASS, "base_preschool_class"),
    (SchoolForm.UPPER_SECONDARY, "base_upper_secondary"),
)


@dataclass(frozen=True, slots=True)
class Lines:
    """Rows of one form and kind: indexes of units and crowns."""

    form: SchoolForm
    kind: str
    unit: Whole
    crowns: Whole


def stale(settings: Settings, index: int) -> bool:
    """Whether a municipality never renewed the index behind its socio-economic share after the first year."""
    return bool(stream(settings.seed, Topic.MONEY, index).random() < settings.money.stale)


def need(roll: Roll) -> Floats:
    """Risk of not being eligible for upper secondary school, by background: what a socio-economic index rests on."""
    found: Floats = ndtr(
        -1.55
        + 0.55 * (roll.education < TERTIARY)
        + 0.45 * (roll.education == 0)
        + 0.85 * newcomer(roll)
        + 0.15 * roll.foreign
        - 0.18 * roll.girl
    )
    return found


def indexes(year: Year) -> Floats:
    """Socio-economic index of every seat's compulsory school in a year, 1 for the municipality; NaN without pupils."""
    roll = year.roll.of(SchoolForm.COMPULSORY)
    risk = need(roll)
    found: Floats = shares(roll.seat, risk, len(year.plan.seats)) / (risk.mean() if len(risk) else 1.0)
    return found


def whole(amounts: Floats) -> Whole:
    """Round to whole crowns so that the sum is the rounded sum: the largest remainders go up."""
    floor = np.floor(amounts).astype(np.int64)
    missing = round(float(amounts.sum())) - int(floor.sum())
    order = np.argsort(-(amounts - floor), kind="stable")
    floor[order[:missing]] += 1
    return floor


def money(settings: Settings, year: Year, first: Floats) -> pa.Table:
    """Return the crowns of the calendar year in which a school year ends.

    `first` is the index of the first year, which a stale municipality still uses. Independent units have money on
    the same grounds as municipal ones.
    """
    rng = stream(settings.seed, Topic.MONEY, year.plan.place.index, year.year)
    index = first if stale(settings, year.plan.place.index) else indexes(year)
    lines: list[Lines] = []
    for form, name in _BASES:
        roll = year.roll.of(form)
        if len(roll):
            lines += _of_form(settings, year, rng, roll, form, getattr(settings.money, name), index)
    return _table(year, lines) if lines else empty("money")


def _of_form(
    settings: Settings,
    year: Year,
    rng: np.random.Generator,
    roll: Roll,
    form: SchoolForm,
    base: int,
    index: Floats,
) -> list[Lines]:
    unit, pupils = np.unique(roll.unit, return_counts=True)
    each = base * (1 + settings.money.rise) ** (year.year - settings.first_year)
    kinds: dict[str, Floats] = {"base": each * pupils.astype(np.float64)}
    if form is SchoolForm.COMPULSORY:
        share = settings.money.socioeconomic
        seat = year.plan.seat_of[unit]
        weight = pupils * np.nan_to_num(index[seat], nan=1.0)
        kinds["socioeconomic"] = share * kinds["base"].sum() * weight / weight.sum()
        kinds["base"] = (1 - share) * kinds["base"]
        municipal = np.array([year.plan.units[int(u)].organiser.kind is OrganiserKind.MUNICIPAL for u in unit])
        kinds["structural"] = (municipal & (pupils < _SMALL)).astype(np.float64) * settings.money.structural
        needing: Floats = rng.binomial(pupils, _ADDITIONAL_SHARE).astype(np.float64)
        kinds["additional"] = needing * settings.money.additional
    total = np.array(list(kinds.values()), dtype=np.float64).sum(axis=0)
    spent: Floats = np.exp(rng.normal(0, 0.05, len(unit)))
    kinds["cost"] = total * spent
    lines = [Lines(form, kind, unit, whole(amount)) for kind, amount in kinds.items()]
    kept = Lines(form, "central", np.array([-1]), np.array([round(_CENTRAL * float(total.sum()))]))
    return [Lines(x.form, x.kind, x.unit[x.crowns > 0], x.crowns[x.crowns > 0]) for x in [*lines, kept]]


def _table(year: Year, lines: list[Lines]) -> pa.Table:
    own = organisers.municipal(year.plan.place).number
    unit = np.concatenate([x.unit for x in lines])
    sizes = [len(x.unit) for x in lines]
    found = [year.plan.units[int(u)] if u >= 0 else None for u in unit]
    return declared(
        "money",
        {
            "organiser_number": pa.array([u.organiser.number if u else own for u in found]),
            "unit_code": pa.array([u.code if u else None for u in found], pa.string()),
            "year": pa.array(np.full(len(unit), year.year + 1, np.int16)),
            "school_form": pa.array(np.repeat([str(x.form) for x in lines], sizes).tolist()),
            "kind": pa.array(np.repeat([x.kind for x in lines], sizes).tolist()),
            "crowns": pa.array(np.concatenate([x.crowns for x in lines])),
        },
    )
