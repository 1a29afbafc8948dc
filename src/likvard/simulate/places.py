"""Invented municipalities, and the areas of each: who lives where."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

import numpy as np
from scipy.special import ndtri

from likvard.simulate import names
from likvard.simulate.settings import MOST_MUNICIPALITIES, Population, Settings
from likvard.simulate.streams import Floats, Topic, stream

COUNTIES = 9
FIRST_COUNTY = 91  # real counties have 01-25
_GOLDEN = 0.6180339887498949
_FIRST_QUANTILE = 0.85  # Ekvik is rather large
_EKVIK = (-0.10, 0.45)  # lower status and more families with foreign background than the nation


@dataclass(frozen=True, slots=True)
class Municipality:
    """One of the 290. `cohort` is how many pupils of one age live there; `status` and `foreign` shift its areas."""

    index: int
    cohort: float
    status: float
    foreign: float

    @property
    def code(self) -> str:
        """Four digits: an invented county 91-99 and a number within it."""
        return municipality_code(self.index)

    @property
    def name(self) -> str:
        """Its invented name."""
        return names.town(self.index)


@dataclass(frozen=True, slots=True)
class Areas:
    """The areas of a municipality: share of its pupils, mean status, and foreign background on a normal scale.

    Both are those of pupils born in 2005; `drift` is what status gains, and the other loses, in ten years.
    """

    share: Floats
    status: Floats
    foreign: Floats
    drift: Floats

    def moved(self, birth_year: int) -> Floats:
        """How far the areas have moved for those born in a year."""
        found: Floats = self.drift * (birth_year - 2005) / 10
        return found


def municipality_code(index: int) -> str:
    """Code of municipality 0-289: 9101, 9201, …, 9901, 9102 …"""
    return f"{FIRST_COUNTY + index % COUNTIES}{1 + index // COUNTIES:02d}"


def municipality(settings: Settings, index: int) -> Municipality:
    """Return municipality `index`, the same at every size of the country.

    Sizes are quantiles of a log-normal distribution, taken in the order of the golden-ratio sequence, so that the
    first few are already spread from small to large.
    """
    population = settings.population
    quantile = (_FIRST_QUANTILE + index * _GOLDEN) % 1
    cohort = population.cohort_median * exp(population.cohort_spread * ndtri(min(max(quantile, 0.01), 0.993)))
    rng = stream(settings.seed, Topic.PLACE, index)
    status, foreign = rng.normal(0, population.municipality_spread, 2)
    if index == 0:
        status, foreign = _EKVIK
    return Municipality(index, cohort, float(status), float(foreign))


def neighbours(index: int) -> tuple[int, int]:
    """Two municipalities of the same county, also where they are not simulated."""
    before, after = index - COUNTIES, index + COUNTIES
    return before if before >= 0 else after, after if after < MOST_MUNICIPALITIES else before


def areas(settings: Settings, place: Municipality) -> Areas:
    """Return the areas of a municipality. The larger it is, the more they differ (residential segregation)."""
    population = settings.population
    count = max(1, round(0.85 * place.cohort / population.area_pupils))
    rng = stream(settings.seed, Topic.PLACE, place.index, 1)
    share = np.exp(rng.normal(0, 0.35, count))
    growth = min(1.25, 0.55 + 0.22 * np.log1p(count))
    tail = rng.exponential(1.0, count) - 1.0
    own = rng.normal(size=count)
    status = place.status + growth * population.area_spread * (own - 0.35 * tail) / np.sqrt(1 + 0.35**2)
    likewise = -0.5 * own + np.sqrt(0.75) * rng.normal(size=count)
    foreign = place.foreign + growth * (population.foreign_spread * likewise + population.foreign_tail * tail)
    drift = population.drift * (rng.normal(size=count) if count > 1 else np.zeros(1))
    return Areas(share / share.sum(), status, _foreign_centre(population) + foreign, drift)


def _foreign_centre(population: Population) -> float:
    """Where the normal scale must lie for the nation to have its share: E Φ(c + N(0, v)) = Φ(c / √(1 + v))."""
    spread = population.foreign_spread**2 + population.foreign_tail**2 + population.municipality_spread**2
    return float(ndtri(population.foreign) * np.sqrt(1 + spread))


def education_limits(population: Population) -> tuple[float, float]:
    """Status below which parents have compulsory education only, and above which they have tertiary education."""
    centre = population.foreign_status * population.foreign
    spread = np.sqrt(1 + population.area_spread**2 + population.municipality_spread**2 + 0.03)
    return (
        centre + spread * float(ndtri(population.compulsory)),
        centre - spread * float(ndtri(population.tertiary)),
    )
