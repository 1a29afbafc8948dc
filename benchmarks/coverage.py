"""Do the intervals of the models for published statistics cover what they promise, and what does a fit cost?

The heavier version of the coverage tests: whole countries are drawn from the model with a known truth. Every figure
is the share of 95 % intervals that hold the truth, with its Monte Carlo error; the aim is 93 to 97 %.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from likvard.models.expected import expected_over_years, expected_results, residual_sd, share_explained
from likvard.models.published import PublishedMeans, within_sd
from likvard.models.spread import between_sd, between_sd_of_population, correlation, organiser_shares

WITHIN, PERSISTENT, YEARLY, SLOPE = 64.0, 13.0, 4.0, 1.2
AIM = (0.93, 0.97)
Note = Callable[[str, float, float, float], None]  # name of the figure, low, truth, high


@dataclass(frozen=True, eq=False)
class Country:
    """Published means of one drawn country, and its truth: persistent (units,) and yearly (units, years) deviations."""

    means: PublishedMeans
    persistent: np.ndarray
    yearly: np.ndarray


def country(seed: int, units: int, years: int, heavy_tails: bool = False) -> Country:
    """Draw one; with `heavy_tails` deviations are t with five degrees of freedom, as real ones nearly are."""
    rng = np.random.default_rng(seed)

    def deviations(*shape: int) -> np.ndarray:
        return rng.standard_t(5, shape) / np.sqrt(5 / 3) if heavy_tails else rng.normal(size=shape)

    u, v = PERSISTENT * deviations(units), YEARLY * deviations(units, years)
    pupils = np.maximum(15, rng.gamma(3, 27, (units, years)).round())
    parents = np.clip(rng.normal(60, 18, (units, 1)) + rng.normal(0, 2, (units, years)), 5, 100)
    noise = WITHIN / np.sqrt(pupils) * rng.normal(size=pupils.shape)
    result = 155 + SLOPE * parents + u[:, None] + v + noise
    codes, when = np.repeat(np.arange(units).astype(str), years), np.tile(np.arange(2020, 2020 + years), units)
    means = PublishedMeans(codes, when, result.ravel(), pupils.ravel(), parents.reshape(-1, 1), ("parents",))
    return Country(means, u, v)


def deviations_covered(replicates: int, *, units: int, years: int, heavy_tails: bool = False) -> Mapping[str, float]:
    """Coverage of persistent and yearly deviations, of the expectation and of the band, over drawn countries."""
    hits: dict[str, list[float]] = {}
    for seed in range(replicates):
        drawn = country(seed, units, years, heavy_tails)
        found = expected_over_years(drawn.means, WITHIN, leave_one_out=seed % 2 == 1)
        kept, rows = found.persistent, found.rows
        order = np.argsort(np.argsort(np.arange(units).astype(str)))
        u = drawn.persistent[np.argsort(order)]
        whole = (drawn.persistent[:, None] + drawn.yearly).ravel()
        line = 155 + SLOPE * drawn.means.intake[:, 0]
        pairs = {
            "persistent deviation": (kept.low, u, kept.high),
            "deviation of one year": (rows.deviation.low, whole, rows.deviation.high),
            "expected value": (rows.expected_low, line, rows.expected_high),
            "band of results": (rows.band_low, drawn.means.result, rows.band_high),
        }
        for name, (low, truth, high) in pairs.items():
            hits.setdefault(name, []).append(float(np.mean((low <= truth) & (truth <= high))))
    return {name: float(np.mean(values)) for name, values in hits.items()}


def figures_covered(replicates: int, *, units: int) -> Mapping[str, float]:
    """Coverage of the figures that a report states once per year or country."""
    hits: dict[str, list[bool]] = {}

    def note(name: str, low: float, truth: float, high: float) -> None:
        hits.setdefault(name, []).append(low <= truth <= high)

    parents = np.clip(np.random.default_rng(0).normal(60, 18, 400_000), 5, 100)
    put_in, left = SLOPE**2 * parents.var(), PERSISTENT**2 + YEARLY**2
    for seed in range(replicates):
        drawn = country(seed, units, 4)
        year, rng = drawn.means.of_year(2020), np.random.default_rng(seed)
        sd = residual_sd(expected_results(year, WITHIN))
        note("true SD given intake", sd.low, np.sqrt(left), sd.high)
        share = share_explained(year, WITHIN, rng, replicates=300)
        note("share explained by intake", share.low, put_in / (put_in + left), share.high)
        pupils = within_sd(drawn.means, least_changes=100)
        note("SD between pupils", pupils.low, WITHIN, pupils.high)
        truth = 155 + SLOPE * year.intake[:, 0] + drawn.persistent + drawn.yearly[:, 0]
        target = np.sqrt(np.average((truth - np.average(truth, weights=year.pupils)) ** 2, weights=year.pupils))
        these = between_sd(year.result, year.pupils, WITHIN)
        note("true SD of these schools", these.low, float(target), these.high)
        such = between_sd_of_population(year.result, year.pupils, WITHIN, rng, replicates=400)
        note("true SD of schools such as these", such.low, float(np.sqrt(put_in + left)), such.high)
        r = correlation(year.intake[:, 0], year.result, year.pupils)
        note("weighted correlation", r.low, _population_correlation(put_in, left), r.high)
        _note_organisers(note, rng, units)
    return {name: float(np.mean(values)) for name, values in hits.items()}


def _population_correlation(put_in: float, left: float) -> float:
    """With pupils as weights the chance in a mean is WITHIN^2 / E(n), n at least 15 of a gamma."""
    sizes = np.maximum(15, np.random.default_rng(1).gamma(3, 27, 400_000).round())
    return float(np.sqrt(put_in / (put_in + left + WITHIN**2 / sizes.mean())))


def _note_organisers(note: Note, rng: np.random.Generator, units: int) -> None:
    organiser = np.repeat(np.arange(units // 4), 4)
    pupils = np.maximum(15, rng.gamma(3, 27, len(organiser)).round())
    truth = 10 * rng.normal(size=units // 4)[organiser] + 20 * rng.normal(size=len(organiser))
    result = 225 + truth + WITHIN / np.sqrt(pupils) * rng.normal(size=len(organiser))
    found = organiser_shares(result, pupils, organiser, WITHIN)
    note("share between organisers", found.share.low, 0.2, found.share.high)
    note("SD between organisers", found.between_sd.low, 10.0, found.between_sd.high)


def cost() -> Mapping[str, float]:
    """Seconds (best of five) for the country: about 1,500 schools over five years."""
    means = country(1, 1500, 5).means
    year = means.of_year(2024)
    calls = {
        "expected, one year": lambda: expected_results(year, WITHIN),
        "expected, five years": lambda: expected_over_years(means, WITHIN),
        "expected, five years, each left out": lambda: expected_over_years(means, WITHIN, leave_one_out=True),
        "share explained, 400 draws": lambda: share_explained(year, WITHIN, np.random.default_rng(1)),
        "SD between pupils": lambda: within_sd(means),
    }
    seconds = {}
    for name, call in calls.items():
        times = []
        for _ in range(5):
            begin = perf_counter()
            call()
            times.append(perf_counter() - begin)
        seconds[name] = min(times)
    return seconds


def _show(title: str, found: Mapping[str, float]) -> None:
    print(title)
    for name, value in found.items():
        outside = "" if AIM[0] <= value <= AIM[1] else "   outside 93-97 %"
        print(f"  {name:<36} {100 * value:5.1f} %{outside}")


def run(replicates: int = 200) -> Mapping[str, Mapping[str, float]]:
    """Print and return coverage and cost; `replicates` countries per design."""
    designs = {
        "300 schools, 4 years": {"units": 300, "years": 4},
        "60 schools, 3 years": {"units": 60, "years": 3},
        "300 schools, 4 years, heavy tails": {"units": 300, "years": 4, "heavy_tails": True},
    }
    found = {title: deviations_covered(replicates, **design) for title, design in designs.items()}
    found["figures, 300 schools"] = figures_covered(replicates, units=300)
    for title, coverage in found.items():
        _show(title, coverage)
    seconds = cost()
    print("cost, 1,500 schools")
    for name, value in seconds.items():
        print(f"  {name:<36} {1000 * value:7.1f} ms")
    return {**found, "cost": seconds}


if __name__ == "__main__":
    run()
