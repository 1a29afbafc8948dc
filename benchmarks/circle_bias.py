"""What each feature of the simulated country does to the links, with chance taken out.

A panel is made whose moments are exactly those that the planted circle and the proxies have: as many rows as there are numbers
seen of a unit, and one more, turned so that their covariance is the one that is wanted. What the estimator finds in it is
where it would end with units without number. Proxies that bend enter by their Hermite coefficients up to the third, so that
the covariance of two of them at correlation r is the sum of products of coefficients times r, r squared and r cubed (Mehler 1866).
Results are in standard errors of a country of `NATION` units.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from benchmarks.circle import NATION, PLANTED, VARIABLES, YEARS, Floats, planted_links
from scipy.special import ndtr
from scipy.stats import binom, nbinom, poisson

from likvard.flow.domains import RESULTS, TURNOVER
from likvard.models.panel import Panel, Proxy
from likvard.models.panel_covariance import powers, spread_out, stationary
from likvard.models.panel_fit import fit

SIZES = (90, 170, 310, 560)
"""Pupils of the units."""
LIKE = 230
"""Pupils of every unit where size is left out."""

_AT, _WEIGHT = np.polynomial.hermite_e.hermegauss(60)
_WEIGHT = _WEIGHT / _WEIGHT.sum()


@dataclass(frozen=True, slots=True)
class Seen:
    """A proxy in units of one size: Hermite coefficients by the variable in its own standard deviations, the variance of its
    error, and what that is stated to be."""

    of: str
    bends: tuple[float, float, float]
    noise: float
    stated: float


def moments() -> tuple[Floats, Floats]:
    """The covariance of all variables in all years (T V, T V), and their standard deviations."""
    links, news, kept = np.zeros((7, 7)), np.zeros(7), np.zeros((7, 7))
    links[:6], on = planted_links()[:6], planted_links()[6, :5]
    links[6, :5] = on
    rate = 0.83 * PLANTED.turnover_municipal + 0.17 * PLANTED.turnover_independent
    news[:] = [PLANTED.innovation**2] * 5 + [rate, 9.0]
    share = PLANTED.trait_correlation
    trait = PLANTED.trait**2 * ((1 - share) * np.eye(5) + share)
    kept[:5, :5], kept[6, :5], kept[:5, 6], kept[6, 6] = trait, trait @ on, trait @ on, on @ trait @ on + 100
    at_rest = stationary(links, np.diag(news))
    return spread_out(powers(links, YEARS - 1) @ at_rest, kept), np.sqrt(np.diag(at_rest + kept))


def proxies(size: int, sd: Mapping[str, float]) -> dict[str, Seen]:
    """What is seen of units of one size."""
    teachers, answers, plans = size / 12, max(size / 9 * 0.8, 5), max(round(0.062 * size), 1)
    k, few, calm = np.arange(600), np.arange(7), sd["calm"] * _AT
    found = {}
    for name, of, mean, slope in (("waiting", "health", 0.015, -0.45), ("disciplinary", "calm", 0.02, -0.5)):
        chance = poisson.pmf(k, (mean * size * np.exp(slope * sd[of] * _AT))[:, None])
        found[name] = _counted(of, k, chance, size)
    reports = 1.8 / (1.8 + 0.105 * size * np.exp(-0.35 * calm))
    found["abuse"] = _counted("calm", k, nbinom.pmf(k, 1.8, reports[:, None]), size)
    overdue = ndtr(-0.9 - 0.5 * sd["support"] * _AT)
    found["overdue"] = _shared("support", binom.pmf(np.arange(plans + 1), plans, overdue[:, None]))
    steps = ndtr(-1.0 - 0.6 * sd["steering"] * _AT)
    found["steps"] = _shared("steering", binom.pmf(few, 6, steps[:, None]))
    lessons = 1 / (4 * size)
    found["unreported"] = Seen("steering", (0.5 * sd["steering"], 0, 0), lessons, lessons)
    known = 0.21 / teachers
    found["teachers"] = Seen("teaching", (0.06 * sd["teaching"], 0, 0), 0.07**2 + known, known)
    for of, slope, areas in (("teaching", 0.22, 2), ("calm", 0.2, 3), ("support", 0.22, 1), ("health", 0.22, 1)):
        known = 0.5 / answers / areas
        found[f"survey_{of}"] = Seen(of, (slope * sd[of], 0, 0), 0.08**2 / areas + known, known)
    found["principals"] = Seen(TURNOVER, (sd[TURNOVER], 0, 0), 0.0, 0.0)
    chance_of_merit = 64**2 / max(size / 4, 15)
    found["merit"] = Seen(RESULTS, (sd[RESULTS], 0, 0), chance_of_merit, chance_of_merit)
    return found


def _counted(of: str, k: Floats, chance: Floats, size: int) -> Seen:
    return _bent(of, -np.sqrt((k + 0.375) / size), chance, 1 / (4 * size))


def _shared(of: str, chance: Floats) -> Seen:
    n = chance.shape[1] - 1
    return _bent(of, -np.arcsin(np.sqrt((np.arange(n + 1) + 0.375) / (n + 0.75))), chance, 1 / (4 * n + 2))


def _bent(of: str, value: Floats, chance: Floats, stated: float) -> Seen:
    mean = chance @ value
    noise = float(_WEIGHT @ (chance @ value**2 - mean**2))
    basis = (_AT, (_AT**2 - 1) / np.sqrt(2), (_AT**3 - 3 * _AT) / np.sqrt(6))
    first, second, third = (float(_WEIGHT @ (mean * one)) for one in basis)
    return Seen(of, (first, second, third), noise, stated)


def panel(*, stated: bool, bent: bool, sized: bool) -> Panel:
    """A panel with exact moments, with or without the features; surveys every second year, results at half the units."""
    whole, deviations = moments()
    sd = dict(zip(VARIABLES, deviations.tolist(), strict=True))
    years = np.tile(deviations, YEARS)
    together = (whole / np.outer(years, years)).reshape(YEARS, 7, YEARS, 7)
    like = proxies(LIKE, sd)
    rows: dict[str, list[Floats]] = {name: [] for name in like}
    errors: dict[str, list[Floats]] = {name: [] for name in like}
    for size in SIZES:
        here = proxies(size, sd)
        seen = {n: replace(here[n], bends=here[n].bends if sized else like[n].bends) for n in here}
        drawn = _exact([_bends(one, bent) for one in seen.values()], [*seen.values()], together)
        for way in range(4):
            for p, (name, one) in enumerate(seen.items()):
                value = drawn[:, p].copy()
                if name.startswith("survey"):
                    value[:, way % 2 :: 2] = np.nan
                if name == "merit" and way < 2:
                    value[:] = np.nan
                rows[name].append(value)
                errors[name].append(np.full(value.shape, one.stated if stated else one.noise))
    made = tuple(
        Proxy(name, like[name].of, np.concatenate(rows[name]), np.concatenate(errors[name]), name in ("principals", "merit"))
        for name in like
    )  # fmt: skip
    units = len(made[0].value)
    return Panel(tuple(map(str, range(units))), tuple(range(2015, 2015 + YEARS)), VARIABLES, made)


def _bends(one: Seen, bent: bool) -> Floats:
    return np.array(one.bends if bent else (one.bends[0], 0.0, 0.0))


def _exact(bends: list[Floats], seen: list[Seen], together: Floats) -> Floats:
    """Rows with exactly the covariance of these proxies in all years: rows by proxies by years."""
    many, places = len(seen), [VARIABLES.index(one.of) for one in seen]
    whole = np.zeros((many, YEARS, many, YEARS))
    for i in range(many):
        for j in range(many):
            r = together[:, places[i], :, places[j]]
            whole[i, :, j, :] = sum(bends[i][h] * bends[j][h] * r ** (h + 1) for h in range(3))
        whole[i, :, i, :] += seen[i].noise * np.eye(YEARS)
    size = many * YEARS
    root = np.linalg.cholesky(whole.reshape(size, size) + 1e-10 * np.eye(size))
    random = np.random.default_rng(0).normal(size=(size + 1, size))
    turned, _ = np.linalg.qr(np.column_stack([np.ones(size + 1), random]))
    return np.asarray((np.sqrt(size + 1) * turned[:, 1:] @ root.T).reshape(size + 1, many, YEARS), dtype=np.float64)


FEATURES: Mapping[str, Mapping[str, bool]] = {
    "the model itself": {"stated": False, "bent": False, "sized": False},
    "and errors as they are stated": {"stated": True, "bent": False, "sized": False},
    "and proxies that bend": {"stated": True, "bent": True, "sized": False},
    "and small units that follow less": {"stated": True, "bent": True, "sized": True},
}


def run() -> None:
    """Print what is left of bias, in links and in standard errors of a country, feature by feature."""
    true = planted_links()
    _, sd = moments()
    true = true * sd[None, :] / sd[:, None]
    own = np.eye(7, dtype=bool)[:, :6]
    print(f"\nbias without chance, in standard errors of {NATION} units: root mean square and largest")
    print(f"{'':36}{'links':>8}{'largest':>9}{'own memory':>12}{'largest':>9}")
    for name, features in FEATURES.items():
        made = panel(**features)
        found = fit(made, ends=[RESULTS])
        off = (found.links - true)[:, :6] / (found.se[:, :6] * np.sqrt(len(made.units) / NATION))
        told = [f"{float(np.sqrt(np.mean(part**2))):.2f} {np.abs(part).max():8.2f}" for part in (off[~own], off[own])]
        print(f"{name:36}{told[0]:>17}{told[1]:>21}", flush=True)


if __name__ == "__main__":
    run()
