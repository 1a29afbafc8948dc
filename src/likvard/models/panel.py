"""Panels of units seen every year through proxies: what the model is given, and what it gives back.

The model is the random-intercept cross-lagged panel model (Hamaker, Kuiper & Grasman 2015, Psychol. Methods 20: 102)
with measurement: of unit i in year t the variables are what the unit keeps and what moves,

    eta[i,t] = u[i] + w[i,t],   w[i,t] = A w[i,t-1] + e[i,t],   u ~ N(0, T),  e ~ N(0, Q),

and they are seen through proxies x = loading * eta + error, whose error has a known part (how many pupils or matters a
number rests on) and an unknown one. Because the unit's own level is a part of the covariance and no difference is
taken, there is no bias of the kind that Nickell (1981, Econometrica 49: 1417) found; because errors are a part of the
model, links are not drawn toward zero. Variables have mean zero: whoever makes the panel takes out year and intake.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from likvard.models.fay_herriot import Floats
from likvard.terms import ModelError

LEAST_UNITS, LEAST_YEARS = 30, 5
"""Fewest units and years that a circle is worked out from: with less, unit effects and links cannot be told apart."""


@dataclass(frozen=True, eq=False)
class Proxy:
    """Something seen of a variable: `value` (N, T), NaN where not seen, and its known `error` variance (N, T).

    `exact`: it is the variable itself, in its own unit, with no error but the known one (loading 1).
    """

    name: str
    of: str
    value: Floats
    error: Floats
    exact: bool = False

    def __post_init__(self) -> None:
        if self.value.ndim != 2 or self.value.shape != self.error.shape:
            raise ModelError(
                f"The proxy {self.name!r} has values {self.value.shape} and errors {self.error.shape}.",
                "Give both as units by years.",
            )
        seen = self.seen
        if not seen.any():
            raise ModelError(f"The proxy {self.name!r} is never seen.", "Leave it out.")
        if not (np.isfinite(self.error[seen]).all() and (self.error[seen] >= 0).all()):
            raise ModelError(f"The proxy {self.name!r} has an error that is no variance.", "Give numbers from 0.")

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Where it is seen."""
        return np.asarray(np.isfinite(self.value), dtype=np.bool_)


@dataclass(frozen=True, eq=False)
class Panel:
    """Units by years, the variables that move one another, and what is seen of each. Valid from birth."""

    units: tuple[str, ...]
    years: tuple[int, ...]
    variables: tuple[str, ...]
    proxies: tuple[Proxy, ...]

    def __post_init__(self) -> None:
        if len(self.units) < LEAST_UNITS or len(self.years) < LEAST_YEARS:
            raise ModelError(
                f"{len(self.units)} units in {len(self.years)} years are too few for links over time.",
                f"Give at least {LEAST_UNITS} units and {LEAST_YEARS} years.",
            )
        if any(b != a + 1 for a, b in zip(self.years, self.years[1:], strict=False)):
            raise ModelError("The years of a panel have holes.", "Give every year; what is not seen is NaN.")
        for proxy in self.proxies:
            if proxy.value.shape != (len(self.units), len(self.years)):
                raise ModelError(f"The proxy {proxy.name!r} is not units by years.", "Give one row a unit.")
        without = set(self.variables) ^ {proxy.of for proxy in self.proxies}
        if without:
            raise ModelError(f"Nothing is seen of, or nothing known of, {sorted(without)}.", "Match them.")

    def of(self, variable: str) -> tuple[Proxy, ...]:
        """The proxies of a variable."""
        return tuple(proxy for proxy in self.proxies if proxy.of == variable)

    def only(self, rows: Sequence[int] | NDArray[np.intp]) -> Panel:
        """The panel of some of its units, any of them more than once: for bootstraps."""
        at = np.asarray(rows, dtype=np.intp)
        proxies = tuple(Proxy(p.name, p.of, p.value[at], p.error[at], p.exact) for p in self.proxies)
        return Panel(tuple(self.units[i] for i in at), self.years, self.variables, proxies)


@dataclass(frozen=True, eq=False)
class Loading:
    """How a proxy follows its variable: of a standard deviation of each (`value`), the variance of its unknown error
    (`noise`) and of what the unit keeps in it alone (`habit`).

    `reliability` is the share of the proxy's variance, in the mean over where it is seen, that is the variable's.
    """

    proxy: str
    of: str
    value: float
    noise: float
    habit: float
    reliability: float


@dataclass(frozen=True, eq=False)
class Scores:
    """What all proxies together say of each variable: `value` and `precision`, units by years by variables.

    Precision 0: nothing seen. `scale` is what one standard deviation of each variable is in its own unit (1 for
    those that have none).
    """

    value: Floats
    precision: Floats
    scale: Floats
    loadings: tuple[Loading, ...]


@dataclass(frozen=True, eq=False)
class PanelFit:
    """The fitted model, every variable in its own standard deviations.

    `links` (V, V): what a variable (row) takes from every variable (column) a year before; `covariance` (V², V²) of
    their errors, row by row. `placebo` (V, V) and `placebo_se`: the same links turned round in time, what the coming
    year's news of the column would tell of the row this year, beyond what the past tells: zero if the order in time is
    right. `kept` (V, V) is the covariance of what units keep, `moving` that of what moves, `news` that of the news.
    `level`, `sd` (N, T, V): every unit's variables as far as they can be known, and the error's standard deviation.
    `gradient` is the largest of the criterion's derivatives in standard errors.
    """

    variables: tuple[str, ...]
    links: Floats
    covariance: Floats
    placebo: Floats
    placebo_se: Floats
    kept: Floats
    moving: Floats
    news: Floats
    level: Floats
    sd: Floats
    scores: Scores
    log_likelihood: float
    gradient: float
    steps: int

    @property
    def se(self) -> Floats:
        """Standard errors of the links (V, V)."""
        size = len(self.variables)
        return np.asarray(np.sqrt(np.maximum(np.diag(self.covariance), 0)).reshape(size, size), dtype=np.float64)
