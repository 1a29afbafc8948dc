"""The vicious circle: five domains of every seat and its principals, moved by one another from year to year."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from likvard.simulate.organisers import Organiser
from likvard.simulate.settings import MOST_MUNICIPALITIES, Circle, Settings
from likvard.simulate.streams import Floats, Topic, Whole, stream
from likvard.simulate.units import Plan, plan
from likvard.terms import OrganiserKind

DOMAINS = ("steering", "teaching", "calm", "support", "health")
STEERING, TEACHING, CALM, SUPPORT, HEALTH = range(5)
BURN_IN = 8
"""Years before the first that are run so that the circle has forgotten where it began."""


@dataclass(frozen=True, slots=True)
class Climate:
    """Domains by seat, year and domain (about standard normal; high is good), and new principals by seat and year.

    Year `start` is index 0.
    """

    start: int
    domains: Floats
    turnover: Whole

    def at(self, year: int) -> Floats:
        """Domains of every seat in a school year: seats by domains."""
        found: Floats = self.domains[:, year - self.start]
        return found


def matrix(circle: Circle) -> tuple[Floats, Floats]:
    """Return what each domain (row) takes from every domain (column) a year before, and what it takes from turnover."""
    links = np.zeros((len(DOMAINS), len(DOMAINS)))
    turnover = np.zeros(len(DOMAINS))
    for source, target, coefficient in circle.links:
        if source == "turnover":
            turnover[DOMAINS.index(target)] = coefficient
        else:
            links[DOMAINS.index(target), DOMAINS.index(source)] = coefficient
    return links, turnover


def rates(circle: Circle, units: Plan) -> Floats:
    """Return the expected number of new principals a year at every seat, by kind of organiser."""
    independent = np.array([seat.kind is OrganiserKind.INDEPENDENT for seat in units.seats])
    return np.where(independent, circle.turnover_independent, circle.turnover_municipal)


def organiser_draw(seed: int, organiser: Organiser, draws: int) -> Floats:
    """Return an organiser's own standard normal draws, the same in every municipality where it works."""
    return stream(seed, Topic.ORGANISER, int(organiser.number)).normal(size=draws)


@lru_cache(maxsize=2 * MOST_MUNICIPALITIES)
def climate(settings: Settings, index: int) -> Climate:
    """Return the circle of municipality `index` through all years and the `BURN_IN` before them.

    Of a seat's deviation from what it keeps, w: w[t] = A w[t-1] + b (turnover[t-1] - rate) + innovation;
    turnover[t] is Poisson with log rate linear in w[t-1]. The domains are trait + w.
    """
    circle, units = settings.circle, plan(settings, index)
    rng = stream(settings.seed, Topic.CLIMATE, index)
    seats, years = len(units.seats), BURN_IN + settings.years
    links, from_turnover = matrix(circle)
    rate = rates(circle, units)
    pull = np.zeros(len(DOMAINS))
    for domain, coefficient in circle.turnover_links:
        pull[DOMAINS.index(domain)] = coefficient
    trait = _traits(rng, circle, seats)
    domains, turnover = np.empty((seats, years, len(DOMAINS))), np.empty((seats, years), np.int64)
    moved = np.zeros((seats, len(DOMAINS)))
    centred = np.zeros(seats)
    for t in range(years):
        before = moved
        moved = before @ links.T + np.outer(centred, from_turnover) + circle.innovation * rng.normal(size=moved.shape)
        turnover[:, t] = rng.poisson(rate * np.exp(np.clip(before @ pull, -2, 2)) / _lift(circle))
        centred = turnover[:, t] - rate
        domains[:, t] = trait + moved
    return Climate(settings.first_year - BURN_IN, domains, turnover)


def _traits(rng: np.random.Generator, circle: Circle, seats: int) -> Floats:
    """What a seat keeps: equally correlated domains."""
    common, own = rng.normal(size=(seats, 1)), rng.normal(size=(seats, len(DOMAINS)))
    share = circle.trait_correlation
    traits: Floats = circle.trait * (np.sqrt(share) * common + np.sqrt(1 - share) * own)
    return traits


def _lift(circle: Circle) -> float:
    """Mean of exp(pull · w), so that the mean rate stays what it is said to be; w has about 1.3 innovations as SD."""
    variance = sum(c**2 for _, c in circle.turnover_links) * (1.3 * circle.innovation) ** 2
    return float(np.exp(variance / 2))
