"""Seats: the places that school units fill over the years. A unit may change name, code or organiser; its seat stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from likvard.simulate.places import COUNTIES, Areas, Municipality
from likvard.simulate.programmes import NATIONAL, PREPARATORY, VOCATIONAL
from likvard.terms import OrganiserKind, SchoolForm

Forms = tuple[SchoolForm, ...]
_F, _M, _I = SchoolForm, OrganiserKind.MUNICIPAL, OrganiserKind.INDEPENDENT
_ELEMENTARY: Forms = (_F.PRESCHOOL_CLASS, _F.LEISURE_TIME_CENTRE, _F.COMPULSORY)


class Role(StrEnum):
    """What a seat is in its municipality."""

    LOWER = "lower"  # public, to year 9; each area has one
    FEEDER = "feeder"  # public, the years before
    CHOICE = "choice"  # independent
    PRESCHOOL = "preschool"
    UPPER = "upper"
    ADULT = "adult"
    SPECIAL = "special"
    SAMI = "sami"


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat. `low` and `high` are its first and last year of study (0 is preschool class); `area` is -1 if none.

    `weight` is how many pupils of one age it draws, against others of its role.
    """

    role: Role
    kind: OrganiserKind
    forms: Forms
    low: int
    high: int
    weight: float
    area: int = -1
    programmes: tuple[str, ...] = ()
    waldorf: bool = False


_PUBLIC_SPANS = ((0, 0.42), (7, 0.41), (4, 0.12), (6, 0.05))
"""First year of the area's school with year 9, and how often (municipal units of 2022: 471 have 1-9, 465 7-9 …)."""
_CHOICE_SPANS = ((0, 9, 0.40), (0, 6, 0.26), (4, 9, 0.11), (6, 9, 0.08), (7, 9, 0.15))
_CHOICES = 0.0067  # independent compulsory schools for each pupil of one age: 822 in the country
_PRESCHOOLS = 0.0786
_UPPER_PUBLIC, _UPPER_CHOICE = 0.0066, 0.0037
_SPECIAL_EVERY, _SAMI_EVERY = 60, 58  # one municipality in so many has such a state school


def seats(rng: np.random.Generator, place: Municipality, areas: Areas) -> tuple[Seat, ...]:
    """Return every seat of a municipality. The first of a role and area is its largest and never closes."""
    found = [seat for area in range(len(areas.share)) for seat in _area(rng, place, areas, area)]
    found += [_choice(rng) for _ in range(rng.poisson(_CHOICES * place.cohort))]
    found += _preschools(rng, place, areas)
    found += _upper(rng, place)
    found.append(Seat(Role.ADULT, _M, (_F.ADULT, _F.SWEDISH_FOR_IMMIGRANTS), 0, 0, 1.0))
    found += _state(place)
    return _with_adapted(tuple(found), place)


def _area(rng: np.random.Generator, place: Municipality, areas: Areas, area: int) -> Iterator[Seat]:
    pupils = 0.85 * place.cohort * float(areas.share[area])
    low = int(rng.choice([s[0] for s in _PUBLIC_SPANS], p=[s[1] for s in _PUBLIC_SPANS]))
    forms = _ELEMENTARY if low == 0 else (_F.COMPULSORY,)
    yield Seat(Role.LOWER, _M, forms, low, 9, pupils, area)
    feeders = int(rng.poisson(0.9 if low == 0 else 2.2) + (low > 0))
    for weight in sorted(np.exp(rng.normal(0, 0.5, feeders)), reverse=True):
        yield Seat(Role.FEEDER, _M, _ELEMENTARY, 0, 6 if low == 0 else low - 1, float(weight), area)


def _choice(rng: np.random.Generator) -> Seat:
    low, high, _ = _CHOICE_SPANS[int(rng.choice(len(_CHOICE_SPANS), p=[s[2] for s in _CHOICE_SPANS]))]
    pupils = float(np.exp(rng.normal(np.log(21 if low == 0 else 52), 0.65)))
    forms = _ELEMENTARY if low == 0 else (_F.COMPULSORY,)
    return Seat(Role.CHOICE, _I, forms, low, high, pupils, waldorf=bool(rng.random() < 0.04))


def _preschools(rng: np.random.Generator, place: Municipality, areas: Areas) -> Iterator[Seat]:
    for area, share in enumerate(areas.share):
        for weight in np.exp(rng.normal(0, 0.4, max(1, round(_PRESCHOOLS * place.cohort * float(share))))):
            kind = _I if rng.random() < 0.28 else _M
            yield Seat(Role.PRESCHOOL, kind, (_F.PRESCHOOL,), 0, 0, float(weight), area)


def _upper(rng: np.random.Generator, place: Municipality) -> Iterator[Seat]:
    most = [p.code for p in NATIONAL if rng.random() < min(1.0, 0.35 + place.cohort / 900)]
    offered = tuple(dict.fromkeys([*most, "SA", "NA", "EK", "BF", "EE", "VO", "IM"]))
    yield Seat(Role.UPPER, _M, (_F.UPPER_SECONDARY, _F.ADAPTED_UPPER_SECONDARY), 1, 3, 3.0, programmes=offered)
    for _ in range(round(_UPPER_PUBLIC * place.cohort) - 1):
        yield Seat(Role.UPPER, _M, (_F.UPPER_SECONDARY,), 1, 3, 1.5, programmes=_some(rng, 5))
    for _ in range(rng.poisson(_UPPER_CHOICE * place.cohort)):
        yield Seat(Role.UPPER, _I, (_F.UPPER_SECONDARY,), 1, 3, 1.0, programmes=_some(rng, 3))
    if place.index == 0 or place.index // COUNTIES == 1:
        yield Seat(
            Role.UPPER, OrganiserKind.REGIONAL, (_F.UPPER_SECONDARY,), 1, 3, 1.0, programmes=("NB", "IM")
        )  # the agricultural school of the county


def _some(rng: np.random.Generator, mean: float) -> tuple[str, ...]:
    pool = PREPARATORY if rng.random() < 0.6 else (*PREPARATORY, *VOCATIONAL)
    shares = np.array([p.share for p in pool])
    count = int(min(len(pool), 1 + rng.poisson(mean - 1)))
    return tuple(pool[int(i)].code for i in rng.choice(len(pool), count, replace=False, p=shares / shares.sum()))


def _state(place: Municipality) -> Iterator[Seat]:
    kind = OrganiserKind.STATE
    if place.index % _SPECIAL_EVERY == 0:
        yield Seat(Role.SPECIAL, kind, (_F.SPECIAL,), 1, 9, 8.0)
    if place.index % _SAMI_EVERY == 1:
        yield Seat(Role.SAMI, kind, (_F.SAMI,), 1, 6, 5.0)


def _with_adapted(found: tuple[Seat, ...], place: Municipality) -> tuple[Seat, ...]:
    """Adapted compulsory school lies at ordinary units: one for every 350 pupils of an age, at least one."""
    hosts = [i for i, seat in enumerate(found) if seat.role is Role.LOWER][: max(1, round(place.cohort / 350))]
    return tuple(
        Seat(s.role, s.kind, (*s.forms, _F.ADAPTED_COMPULSORY), s.low, s.high, s.weight, s.area) if i in hosts else s
        for i, s in enumerate(found)
    )
