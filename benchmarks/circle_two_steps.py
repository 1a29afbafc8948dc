"""What the links' errors leave out: that loadings and noise are estimated before them, from the same panel.

With b the links and other parameters of the second step, a the measurement's, and s the slope of the second step's likelihood, b is
off by I^-1 (s + C da), where C is the derivative of s by a. So to I^-1 come I^-1 C V C' I^-1, with V the variance of a (Rosseel &
Loh 2024), and twice I^-1 D C' I^-1, with D the covariance of s and a (Murphy & Topel 1985, J. Bus. Econ. Stat. 3: 370). D is not
zero: loadings are measured in standard deviations of the variable, and follow how large that is in the panel. All of it is worked
out at the end of a fit, and D held against what every unit's own slopes say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from benchmarks.circle import VARIABLES, YEARS, Floats, panel, planted_links

from likvard.flow.domains import RESULTS
from likvard.models import panel_fit, panel_scores
from likvard.models.panel import Panel, Proxy, Scores
from likvard.models.panel_covariance import covariance
from likvard.models.panel_likelihood import weigh

UNITS = 3000
"""So many that D is known well enough from the units' own slopes to be recognised."""


@dataclass(frozen=True, eq=False)
class Number:
    """An estimated number of a variable's measurement: what the variable's score and precision change with it (N, T), what it
    changes with the variable's variance, and every unit's part in its error (N,)."""

    of: int
    value: Floats
    precision: Floats
    follows: float
    part: Floats


def numbers(made: Panel, seen: Scores) -> Iterator[Number]:
    """Every number of the measurement that the scores rest on."""
    for v, name in enumerate(made.variables):
        proxies = made.of(name)
        if proxies[0].exact:
            yield _scale(v, proxies[0], seen)
        else:
            yield from _loadings(v, proxies)


def _scale(v: int, proxy: Proxy, seen: Scores) -> Number:
    """The logarithm of the variance of a variable that is seen as it is."""
    own = float(seen.scale[v]) ** 2
    error, squared = proxy.error / own, np.nan_to_num(proxy.value) ** 2 / own
    precision = np.where(proxy.seen, seen.precision[..., v] ** 2 * error, 0)
    part = np.where(proxy.seen, squared - error - 1, 0).sum(axis=1) / proxy.seen.sum()
    return Number(v, -seen.value[..., v] / 2, precision, 1.0, part)


def _loadings(v: int, proxies: tuple[Proxy, ...]) -> Iterator[Number]:
    """Loadings and the logarithms of unknown errors."""
    seen = panel_scores._Seen.of(proxies)
    at = panel_scores._climbed(panel_scores._At.begun(seen), seen)
    each = panel_scores._by_unit(at, seen)[1] @ np.linalg.inv(panel_scores._information(at, seen))
    precision, value = panel_scores._together(seen, at)
    for p, (loading, noise) in enumerate(zip(at.loading, at.noise, strict=True)):
        weight = seen.seen[p] / (seen.error[p] + noise)
        less = -(weight**2) * noise
        for follows, part, by, total in (
            (loading / 2, each[:, p], 2 * loading * weight, weight * seen.value[p]),
            (0.0, each[:, at.many + p], loading**2 * less, loading * less * seen.value[p]),
        ):
            moved = np.divide(total - value * by, precision, out=np.zeros_like(value), where=precision > 0)
            yield Number(v, moved, by, float(follows), part)


def crossed(latent: Floats, seen: Scores, every: list[Number]) -> Floats:
    """How the slope of the likelihood by `latent` changes with every number of the measurement (K, D, D)."""
    units, size = len(seen.value), len(latent)
    value, precision = seen.value.reshape(units, -1), seen.precision.reshape(units, -1)
    found = np.zeros((len(every), size, size))
    for part in weigh(latent, value, precision):
        for k, one in enumerate(every):
            at = np.arange(YEARS) * len(VARIABLES) + one.of
            own = precision[part.rows][:, at]
            error = -np.divide(one.precision[part.rows], own**2, out=np.zeros_like(own), where=own > 0)
            beside = part.weight[:, :, at]
            turned = np.einsum("ndt,nt->nd", beside, one.value[part.rows] - error * part.pulled[:, at])
            both, rows = turned.T @ part.pulled, np.moveaxis(beside, 1, 0)
            found[k] += both + both.T + (rows * error).reshape(size, -1) @ rows.reshape(size, -1).T
    return found / 2


def run(units: int = UNITS) -> None:
    """Print what the links' standard errors would grow by."""
    made = panel(np.random.default_rng([7, units, 0]), units, YEARS)
    seen = panel_scores.scores(made)
    every, size = list(numbers(made, seen)), len(VARIABLES)
    free = np.array([[i == j or VARIABLES[j] != RESULTS for j in range(size)] for i in range(size)])
    data = panel_fit._Data(seen.value.reshape(units, -1), seen.precision.reshape(units, -1), YEARS, free)
    model = panel_fit._search(panel_fit._begun(data), data).model
    latent, by = covariance(model, YEARS), data.slopes_of(model)
    inverse = panel_fit._inverse(data.information(model, by, panel_fit._some(units, panel_fit.AT_THE_END)))
    flat, parts = by.reshape(len(by), -1), np.array([one.part for one in every])
    reach = inverse @ flat @ crossed(latent, seen, every).reshape(len(every), -1).T
    follows = np.array([by[:, one.of, one.of] * one.follows for one in every]).T
    slopes = [
        (p.pulled[:, :, None] * p.pulled[:, None, :] - p.weight).reshape(len(p.pulled), -1) @ flat.T / 2
        for p in weigh(latent, data.value, data.precision)
    ]
    alone = np.diag(reach @ parts @ parts.T @ reach.T)
    shared = np.diag(inverse @ follows @ reach.T)
    own_slopes = np.diag(inverse @ np.concatenate(slopes).T @ parts.T @ reach.T)
    pairs = np.argwhere(free)
    grown = 100 * (np.sqrt(1 + (alone + 2 * shared) / np.diag(inverse))[: len(pairs)] - 1)
    print(f"\nwhat standard errors would grow by, were it counted that the measurement is estimated ({units} units)")
    own = pairs[:, 0] == pairs[:, 1]
    planted = planted_links()[pairs[:, 0], pairs[:, 1]] != 0
    for name, which in (
        ("planted links", planted & ~own),
        ("pairs without a link", ~planted & ~own),
        ("own memories", own),
    ):
        to, source = pairs[which][int(grown[which].argmax())]
        most = f"{grown[which].max():.1f} % at most ({VARIABLES[source]} > {VARIABLES[to]})"
        print(f"  {name}: {grown[which].mean():.1f} % in the mean, {most}")
    alike = float(np.corrcoef(shared[: len(pairs)], own_slopes[: len(pairs)])[0, 1])
    print(f"  what the steps share, beside the units' own slopes: correlation {alike:.2f}")


if __name__ == "__main__":
    run()
