"""Pupils: all who were born in a year and live in a municipality, with background and choice of schools.

What is decided here stays with the pupil from preschool to year 9, so that years can be joined on the pseudonym.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from likvard.simulate.places import education_limits, neighbours
from likvard.simulate.seats import Role
from likvard.simulate.settings import Population, Settings
from likvard.simulate.streams import Flags, Floats, Keys, Topic, Whole, scrambled, stream
from likvard.simulate.units import Plan
from likvard.terms import SchoolForm

Small = npt.NDArray[np.int8]
CLASS_SIZE = 26
EDUCATION = ("compulsory", "upper_secondary", "tertiary")
TERTIARY = 2
_OLDEST_ARRIVAL = 17
_MOST_SPECIAL = 0.05  # of the pupils of an age in a municipality, however small


@dataclass(frozen=True, slots=True)
class Cohort:
    """Those born in one year, one row a pupil, in the order of the pseudonyms' numbers.

    `arrival` is the age at immigration, 0 if born in Sweden. `early` and `late` are seats, `switch` the year of study
    in which the late one begins. `ability` and `tendency` (to be absent) are standard normal. `coin` is uniform.
    `special` marks pupils of another form than compulsory school: 0 none, 1 adapted, 2 special school, 3 Sami school.
    """

    birth_year: int
    key: Keys
    girl: Flags
    month: Small
    education: Small
    foreign: Flags
    arrival: Small
    protected: Flags
    home: Whole
    special: Small
    preschool: Whole
    early: Whole
    late: Whole
    switch: Small
    early_class: Small
    late_class: Small
    ability: Floats
    tendency: Floats
    coin: Floats


def cohort(settings: Settings, plan: Plan, birth_year: int) -> Cohort:
    """Return the pupils of a birth year in a municipality."""
    population = settings.population
    rng = stream(settings.seed, Topic.PEOPLE, plan.place.index, birth_year)
    size = int(rng.poisson(plan.place.cohort * (1 + 0.004 * (birth_year - 2004))))
    area = rng.choice(len(plan.areas.share), size, p=plan.areas.share)
    moved = plan.areas.moved(birth_year)
    foreign = rng.random(size) < ndtr((plan.areas.foreign - moved)[area])
    status = (plan.areas.status + moved)[area] + population.foreign_status * foreign + rng.normal(size=size)
    abroad = foreign & (rng.random(size) < population.born_abroad)
    early, late, switch = _schools(rng, plan, population, area, status)
    coin = rng.random(size, dtype=np.float32)
    ability = rng.normal(size=size)
    link = settings.results.absence
    numbers = (plan.place.index << 40) + (birth_year << 24) + np.arange(size)
    return Cohort(
        birth_year=birth_year,
        key=scrambled(settings.seed, numbers),
        girl=rng.random(size) < 0.486,
        month=rng.integers(1, 13, size, dtype=np.int8),
        education=np.searchsorted(education_limits(population), status).astype(np.int8),
        foreign=foreign,
        arrival=np.where(abroad, rng.integers(1, _OLDEST_ARRIVAL + 1, size), 0).astype(np.int8),
        protected=rng.random(size) < population.protected,
        home=_homes(rng, plan, population, size),
        special=_special(rng, plan, population, size),
        preschool=_nearest(plan, (Role.PRESCHOOL,), area, rng.random(size)).astype(np.int32),
        early=early.astype(np.int32),
        late=late.astype(np.int32),
        switch=switch,
        early_class=_classes(early, coin),
        late_class=_classes(late, coin),
        ability=ability.astype(np.float32),
        tendency=(link * ability + np.sqrt(1 - link**2) * rng.normal(size=size)).astype(np.float32),
        coin=coin,
    )


def _schools(
    rng: np.random.Generator, plan: Plan, population: Population, area: Whole, status: Floats
) -> tuple[Whole, Whole, Small]:
    """Seats before and after the switch, and the year of study of the switch."""
    size = len(area)
    early = _nearest(plan, (Role.LOWER, Role.FEEDER), area, rng.random(size), first_only_from=0)
    chosen = _chosen(rng, plan, population, status, plan.roles(Role.CHOICE) & (plan.low == 0))
    early = np.where(chosen >= 0, chosen, early)
    lower = np.flatnonzero(plan.roles(Role.LOWER))
    late = np.where(plan.high[early] == 9, early, lower[area])
    other = lower[rng.choice(len(lower), size, p=plan.areas.share)]
    moves = (rng.random(size) < population.public_choice) & (plan.high[early] >= 6) & (chosen < 0)
    late = np.where(moves, other, late)
    switch = np.minimum(plan.high[early] + 1, 7)
    later = _chosen(rng, plan, population, status, plan.roles(Role.CHOICE) & (plan.low > 0))
    suits = (later >= 0) & (plan.low[later] <= plan.high[early] + 1) & (chosen < 0)
    switch = np.where(suits, plan.low[later], switch)
    return early, np.where(suits, later, late), switch.astype(np.int8)


def _nearest(
    plan: Plan, roles: tuple[Role, ...], area: Whole, draw: Floats, first_only_from: int | None = None
) -> Whole:
    """A seat of the roles in each pupil's own area, drawn by weight; with `first_only_from`, only those that begin
    with that year of study."""
    wanted = plan.roles(*roles)
    if first_only_from is not None:
        wanted &= plan.low == first_only_from
    index = np.flatnonzero(wanted)
    index = index[np.argsort([plan.seats[i].area for i in index], kind="stable")]
    areas = np.array([plan.seats[i].area for i in index])
    weight = np.array([1.8 if plan.seats[i].role is Role.LOWER else plan.seats[i].weight for i in index])
    total = np.bincount(areas, weights=weight)
    upto = np.cumsum(weight / total[areas])
    seat: Whole = index[np.minimum(np.searchsorted(upto, area + draw, side="right"), len(index) - 1)]
    return seat


def _chosen(rng: np.random.Generator, plan: Plan, population: Population, status: Floats, offered: Flags) -> Whole:
    """An independent seat for those who choose one, else -1. The higher the status, the likelier."""
    index = np.flatnonzero(offered)
    draw, which = rng.random((2, len(status)))
    if not len(index):
        return np.full(len(status), -1)
    weight = np.array([plan.seats[i].weight for i in index])
    share = min(0.5, weight.sum() / plan.place.cohort)
    slope = population.independent_choice
    likely = ndtr(ndtri(share) * np.sqrt(1 + slope**2 * 1.2) + slope * (status + 0.1))
    upto = np.cumsum(weight) / weight.sum()
    seat: Whole = index[np.minimum(np.searchsorted(upto, which, side="right"), len(index) - 1)]
    return np.where(draw < likely, seat, -1)


def _homes(rng: np.random.Generator, plan: Plan, population: Population, size: int) -> Whole:
    """Index of the municipality of residence: for a few another than the school's."""
    around = np.array(neighbours(plan.place.index))
    other = around[rng.integers(0, 2, size)]
    return np.where(rng.random(size) < population.elsewhere, other, plan.place.index).astype(np.int16)


def _special(rng: np.random.Generator, plan: Plan, population: Population, size: int) -> Small:
    draw = rng.random(size)
    found = (draw < population.adapted).astype(np.int8)
    for code, role in ((2, Role.SPECIAL), (3, Role.SAMI)):
        seats = [seat for seat in plan.seats if seat.role is role]
        if seats:
            taken = rng.random(size) < min(_MOST_SPECIAL, seats[0].weight / plan.place.cohort)
            found = np.where(taken & (found == 0), code, found)
    return found.astype(np.int8)


def _classes(seat: Whole, coin: Floats) -> Small:
    """A class number within each seat: as many classes as its pupils need, filled at random."""
    order = np.lexsort((coin, seat))
    counts = np.bincount(seat)
    starts = np.cumsum(counts) - counts
    rank = np.empty(len(seat), np.int64)
    rank[order] = np.arange(len(seat)) - starts[seat[order]]
    classes = -(-counts // CLASS_SIZE)
    number: Small = (rank % np.maximum(classes, 1)[seat]).astype(np.int8)
    return number


FORM_OF_SPECIAL = (SchoolForm.COMPULSORY, SchoolForm.ADAPTED_COMPULSORY, SchoolForm.SPECIAL, SchoolForm.SAMI)
