"""What a school does to results: the truth that models are to find, in merit points."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from likvard.simulate.climate import DOMAINS, climate, organiser_draw
from likvard.simulate.people import Small
from likvard.simulate.settings import MOST_MUNICIPALITIES, Settings
from likvard.simulate.streams import Flags, Floats, Topic, Whole, stream
from likvard.simulate.units import plan

CLASSES = 26
SUBJECT_COLUMNS = 18
_SHOCK_YEARS = 2
_SHOCK_SPAN = 7  # shocks begin in the third to the ninth year


@dataclass(frozen=True, slots=True)
class Effects:
    """Effects of every seat of a municipality. Those of a year have seats as rows and years as columns from `start`.

    `stable` is what a seat keeps, `circle` what last year's domains add, `yearly` chance of a year, `shock` planted.
    `slope` is added for pupils with tertiary-educated parents, `subject` (latent units) in a subject, `group` in a
    class. `shocked` is the first year of a shock, 0 for none.
    """

    start: int
    stable: Floats
    circle: Floats
    yearly: Floats
    shock: Floats
    slope: Floats
    subject: Floats
    group: Floats
    shocked: Whole
    organiser: Floats

    def total(self, year: int) -> Floats:
        """What each seat adds in a school year, for a pupil without tertiary-educated parents."""
        t = year - self.start
        found: Floats = self.stable + self.organiser[:, t] + self.circle[:, t] + self.yearly[:, t] + self.shock[:, t]
        return found

    def of_pupils(self, year: int, seat: Whole, tertiary: Flags, group: Small) -> Floats:
        """What the school adds to each pupil."""
        found: Floats = self.total(year)[seat] + self.slope[seat] * tertiary + self.group[seat, group % CLASSES]
        return found


@lru_cache(maxsize=2 * MOST_MUNICIPALITIES)
def effects(settings: Settings, index: int) -> Effects:
    """Return the true effects of municipality `index`, from three years before the first."""
    results, schools, around = settings.results, plan(settings, index), climate(settings, index)
    rng = stream(settings.seed, Topic.EFFECTS, index)
    seats, years = len(schools.seats), settings.years + 3
    start = settings.first_year - 3
    own, leaning = rng.normal(size=(2, seats))
    link = results.slope_correlation
    before = around.domains[:, start - 1 - around.start : start - 1 - around.start + years]
    weights = np.zeros(len(DOMAINS))
    for domain, points in settings.circle.result_links:
        weights[DOMAINS.index(domain)] = points
    shocked = _shocked(rng, settings, seats)
    return Effects(
        start=start,
        stable=results.unit * own,
        circle=before @ weights,
        yearly=results.unit_year * _yearly(settings, index, seats, years),
        shock=_shock(settings, shocked, start, years),
        slope=results.slope * (link * own + np.sqrt(1 - link**2) * leaning),
        subject=results.subject * rng.normal(size=(seats, SUBJECT_COLUMNS)),
        group=results.group * rng.normal(size=(seats, CLASSES)),
        shocked=shocked,
        organiser=_organisers(settings, index, start, years),
    )


def _yearly(settings: Settings, index: int, seats: int, years: int) -> Floats:
    """Chance of each seat and year, drawn year by year, so that more years change none of those before."""
    return stream(settings.seed, Topic.EFFECTS, index, 1).normal(size=(years, seats)).T


def _shocked(rng: np.random.Generator, settings: Settings, seats: int) -> Whole:
    """First school year of the planted shock of each seat, 0 for none. Never in the first two years."""
    hit = rng.random(seats) < settings.results.shock_share
    year = settings.first_year + 2 + rng.integers(0, _SHOCK_SPAN, seats)
    return np.where(hit, year, 0)


def _shock(settings: Settings, shocked: Whole, start: int, years: int) -> Floats:
    year = start + np.arange(years)
    within = (year >= shocked[:, None]) & (year < shocked[:, None] + _SHOCK_YEARS) & (shocked[:, None] > 0)
    return np.where(within, settings.results.shock, 0.0)


def _organisers(settings: Settings, index: int, start: int, years: int) -> Floats:
    """Effect of the organiser that each seat has in each year."""
    schools = plan(settings, index)
    effect = {u.organiser.number: organiser_draw(settings.seed, u.organiser, 1)[0] for u in schools.units}
    by_unit = np.array([effect[u.organiser.number] for u in schools.units] + [0.0])
    return settings.results.organiser * np.stack([by_unit[schools.filled(start + t)] for t in range(years)], axis=1)
