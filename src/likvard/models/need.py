"""An index of need: how likely pupils with a background like theirs are to miss the goal, beside the whole country's pupils.

The chance is a logistic model of pupils' background (Patterns: sex, guardians' education, background, years since arrival)
and of their surroundings (the share of pupils at the unit whose guardians have post-secondary education), fitted to cohorts
of whom it is known. The index of a unit is the mean chance of its pupils through the mean of all pupils, times 100: 200 is
twice the expected share of pupils who miss the goal. The statistics office's socio-economic index is made this way.

The interval holds two kinds of doubt and says so: how well the coefficients are known, pupils of a unit being alike in what
the model does not see (Liang & Zeger 1986), and which pupils happened to come this year, the unit's pupils being a draw from
those who could have. It does not hold what the unit itself does: that is not need, and the spread of it is told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, stdtrit

from likvard.models.calibration import REACH, Calibration, calibrate
from likvard.models.logistic import Patterns, clustered, fit
from likvard.models.logistic_unit import averaged, fit_unit
from likvard.terms import ModelError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

LEAST = 5
"""Fewest pupils who missed, and who reached, for a level of background to have a coefficient of its own."""

SURROUNDINGS = "surroundings"
INTERCEPT = "(Intercept)"

Levels = Sequence[tuple[str, Sequence[str]]]
"""The parts of a background and their levels; the first level is what the others are compared with."""


@dataclass(frozen=True, eq=False)
class Pupils:
    """Rows of equal pupils: codes of their levels (P, variables), -1 throughout where nothing is known; `around` (P,) the
    share at their unit with highly educated guardians (nan where nobody knows); how many; and a number for their unit."""

    levels: Ints
    around: Floats
    n: Floats
    unit: Ints


@dataclass(frozen=True, eq=False)
class NeedModel:
    """The fitted chance of missing the goal. `vcov` (k, k) lets units be alike; `sd` between units is 0 unless asked for.

    With `sd` the coefficients are those within a unit, and chances are averaged over units drawn at random; its row and
    column are then the last of `vcov`.
    """

    variables: Levels
    names: tuple[str, ...]
    beta: Floats
    vcov: Floats
    sd: float
    loglik: float
    pupils: float
    missed: float
    units: int
    with_sd: bool = False

    @property
    def se(self) -> Floats:
        """Standard errors of the coefficients, without that of `sd`."""
        return np.sqrt(np.diag(self.vcov)[: len(self.beta)])

    def sees(self, pupils: Pupils) -> Flags:
        """Which rows have a chance: all of their levels are in the model, and the surroundings are known."""
        seen: Flags = np.asarray((pupils.levels >= 0).all(axis=1), dtype=np.bool_)
        for v, (name, levels) in enumerate(self.variables):
            kept = np.array([i == 0 or f"{name}={level}" in self.names for i, level in enumerate(levels)])
            seen &= kept[np.maximum(pupils.levels[:, v], 0)]
        if SURROUNDINGS in self.names:
            seen &= np.isfinite(pupils.around)
        return seen

    def chance(self, pupils: Pupils) -> Floats:
        """The chance of missing the goal of each row; nan where the model does not see them."""
        return self._chance(pupils)[0]

    def _chance(self, pupils: Pupils) -> tuple[Floats, Floats]:
        """The chances, and their derivatives by the parameters (P, k)."""
        x, seen = design(self.variables, pupils, self.names), self.sees(pupils)
        eta = np.where(seen, x @ self.beta, np.nan)
        if not self.with_sd:
            p = expit(eta)
            return p, x * (p * (1 - p))[:, None]
        p, by_eta, by_sd = averaged(eta, self.sd)
        return p, np.column_stack([x * by_eta[:, None], by_sd])


def names_of(variables: Levels) -> tuple[str, ...]:
    """Every column that a design may have, in order."""
    own = tuple(f"{name}={level}" for name, levels in variables for level in levels[1:])
    return (INTERCEPT, *own, SURROUNDINGS)


def design(variables: Levels, pupils: Pupils, names: Sequence[str]) -> Floats:
    """The columns `names` of each row, (P, k); surroundings that nobody knows are 0 there."""
    columns = {INTERCEPT: np.ones(len(pupils.n)), SURROUNDINGS: np.nan_to_num(pupils.around)}
    for v, (name, levels) in enumerate(variables):
        for code, level in enumerate(levels[1:], start=1):
            if f"{name}={level}" in names:
                columns[f"{name}={level}"] = (pupils.levels[:, v] == code).astype(np.float64)
    return np.stack([columns[name] for name in names], axis=1)


def fit_need(
    variables: Levels, pupils: Pupils, missed: Floats, *, surroundings: bool = True, unit_effect: bool = False
) -> NeedModel:
    """Fit the chance of missing the goal to cohorts of whom it is known how many `missed` (P,).

    Levels that fewer than `LEAST` missed or reached, and columns that others make up, are left out: pupils with such a
    level are not seen. Raises `ModelError` where nothing can be told.
    """
    known = (pupils.levels >= 0).all(axis=1) & (np.isfinite(pupils.around) | (not surroundings)) & (pupils.n > 0)
    names = [n for n in names_of(variables) if n != SURROUNDINGS or surroundings]
    kept, here = _enough(variables, _rows(pupils, known), missed[known], names)
    rows = _rows(pupils, np.flatnonzero(known)[here])
    if not rows.n.sum():
        raise ModelError("There are no pupils whose background and results are known.", "Take more years or units.")
    patterns = Patterns(design(variables, rows, kept), rows.n, missed[known][here], tuple(kept))
    _, unit = np.unique(rows.unit, return_inverse=True)
    whole = float(rows.n.sum()), float(patterns.reached.sum()), int(unit.max()) + 1
    if unit_effect:
        with_unit = fit_unit(patterns, unit)
        return NeedModel(
            variables, with_unit.names, with_unit.beta, with_unit.vcov, with_unit.sd, with_unit.loglik, *whole, True
        )
    plain = fit(patterns)
    vcov = clustered(patterns, plain, unit)
    return NeedModel(variables, plain.names, plain.beta, vcov, 0.0, plain.loglik, *whole)


def between_units(model: NeedModel, pupils: Pupils, missed: Floats, points: int = 9) -> float:
    """The standard deviation between units, on the scale of the logits, of what the model does not see."""
    seen = model.sees(pupils) & (pupils.n > 0)
    rows = _rows(pupils, seen)
    patterns = Patterns(design(model.variables, rows, model.names), rows.n, missed[seen], model.names)
    return fit_unit(patterns, np.unique(rows.unit, return_inverse=True)[1], points=points).sd


def _rows(pupils: Pupils, chosen: Flags | NDArray[np.intp]) -> Pupils:
    return Pupils(pupils.levels[chosen], pupils.around[chosen], pupils.n[chosen], pupils.unit[chosen])


def _enough(
    variables: Levels, pupils: Pupils, missed: Floats, names: Sequence[str]
) -> tuple[list[str], NDArray[np.intp]]:
    """The columns whose pupils missed and reached often enough, and the rows that have no other level."""
    kept, here = list(names), np.ones(len(pupils.n), dtype=bool)
    for v, (name, levels) in enumerate(variables):
        for code, level in enumerate(levels[1:], start=1):
            at = pupils.levels[:, v] == code
            came = float(missed[at].sum())
            if min(came, float(pupils.n[at].sum()) - came) < LEAST:
                kept.remove(f"{name}={level}")
                here &= ~at
    return kept, np.flatnonzero(here)


@dataclass(frozen=True, eq=False)
class Sums:
    """What an index is made of, for J places: pupils seen, pupils not or not wholly seen, the sum of the chances, of their
    squares, and of their derivatives (J, k). Additive: places taken together are the sums of their rows."""

    n: Floats
    unseen: Floats
    chance: Floats
    squares: Floats
    gradient: Floats

    def together(self, chosen: Flags | NDArray[np.intp] | slice = slice(None)) -> Sums:
        """The chosen places as one."""
        parts = (self.n, self.unseen, self.chance, self.squares, self.gradient)
        return Sums(*(part[chosen].sum(axis=0, keepdims=True) for part in parts))

    def rows(self, chosen: Flags | NDArray[np.intp]) -> Sums:
        """The chosen places."""
        parts = (self.n, self.unseen, self.chance, self.squares, self.gradient)
        return Sums(*(part[chosen] for part in parts))


def sums(model: NeedModel, pupils: Pupils, places: int, unknown: Sequence[int]) -> Sums:
    """Add the pupils of each place, whose numbers are `pupils.unit`, up. `unknown` has each variable's code for not known
    (-1 where there is none): pupils with one of them have a chance from what is known, and are counted as unseen."""
    p, gradient = model._chance(pupils)
    seen = np.isfinite(p)
    partly = (pupils.levels == np.asarray(unknown)).any(axis=1) | ~seen
    place, n = pupils.unit, np.where(seen, pupils.n, 0.0)
    p, gradient = np.where(seen, p, 0.0), np.where(seen[:, None], gradient, 0.0)
    return Sums(
        n=_added(place, n, places),
        unseen=_added(place, np.where(partly, pupils.n, 0.0), places),
        chance=_added(place, n * p, places),
        squares=_added(place, n * p**2, places),
        gradient=np.stack([_added(place, n * column, places) for column in gradient.T], axis=1),
    )


def pupils_behind(found: Sums, pupils: Pupils) -> Floats:
    """All pupils of each place, seen or not."""
    return _added(pupils.unit, pupils.n, len(found.n))


def _added(place: Ints, values: Floats, places: int) -> Floats:
    """The sum of the values at each place."""
    return np.asarray(np.bincount(place, values, places), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Index:
    """The index of J places, 100 for the whole, with its 95 % interval and the two parts of its standard error; the mean
    chance of missing the goal; pupils seen. nan where a place has no pupil that the model sees."""

    value: Floats
    low: Floats
    high: Floats
    se_model: Floats
    se_pupils: Floats
    probability: Floats
    n: Floats


def index(found: Sums, whole: Sums, vcov: Floats) -> Index:
    """The index of places beside the `whole` (one row). The interval is even on the scale of logarithms, so that it never
    reaches 0; one pupil alone has none."""
    n = np.where(found.n > 0, found.n, np.nan)
    mean = found.chance / n
    base = float(whole.chance[0] / whole.n[0])
    value = 100 * mean / base
    slope = found.gradient / np.where(found.chance > 0, found.chance, np.nan)[:, None] - whole.gradient / whole.chance
    by_model = np.sqrt(np.maximum(np.einsum("jk,kl,jl->j", slope, vcov, slope), 0.0))
    spread = np.maximum(found.squares / n - mean**2, 0.0) * n / np.where(n > 1, n - 1, np.nan)
    by_pupils = np.sqrt(spread / n) / mean
    few = np.where(n > 1, stdtrit(np.maximum(n - 1, 1.0), 0.975), np.nan)  # the spread itself comes from as few pupils
    reach = np.hypot(REACH * by_model, few * by_pupils)
    return Index(
        value, value * np.exp(-reach), value * np.exp(reach), value * by_model, value * by_pupils, mean, found.n
    )


def check(model: NeedModel, pupils: Pupils, missed: Floats) -> Calibration:
    """How the model's chances came true in a cohort that it was not fitted to. Raises `ModelError` where none is seen."""
    p = model.chance(pupils)
    seen = np.isfinite(p) & (pupils.n > 0)
    if not seen.any():
        raise ModelError("The model sees none of these pupils.", "Check another cohort.")
    _, unit = np.unique(pupils.unit[seen], return_inverse=True)
    return calibrate(p[seen], pupils.n[seen], missed[seen], unit if len(np.unique(unit)) > 1 else None)
