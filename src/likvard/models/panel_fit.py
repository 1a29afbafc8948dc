"""Maximum likelihood of the panel model by Fisher scoring, with the links' errors and their placebo."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from likvard.models.fay_herriot import Floats
from likvard.models.panel import Panel, PanelFit, Scores
from likvard.models.panel_covariance import Dynamics, backward, covariance, derivatives
from likvard.models.panel_likelihood import information, levels, log_likelihood, slopes
from likvard.models.panel_scores import scores
from likvard.terms import ModelError

SCORING = 6
"""Steps of Fisher scoring before the quasi-Newton search."""

COARSE = 500
"""Units that the search begins with where there are many more."""

NEAR = 0.5
"""Steps of scoring end where all parameters together would move less than this, in standard errors."""

ON_THE_WAY, AT_THE_END, EACH = 24, 120, 40
"""Units that the information is taken from while stepping (more where there are many: one in `EACH`), and at the end:
units differ only in how well they are seen."""

_OPTIONS = {"maxiter": 200, "gtol": 1e-2, "ftol": 1e-12, "maxcor": 30}
FLAT = 0.1
"""The search has ended when no derivative is above this many standard errors; `_OPTIONS` asks for a tenth of it."""

FAR = 1e12
"""What is told of a panel that would not be at rest."""

CALM = 0.98
"""The largest eigenvalue of the links that is looked at: above it the panel would not be at rest."""


def fit(panel: Panel, *, ends: Collection[str] = ()) -> PanelFit:
    """Measure the panel and fit its links. Raises `ModelError` where the search does not end.

    `ends` are variables that the others are not moved by: only their own memory is free among the links from them.
    """
    return fit_scores(panel.variables, scores(panel), ends=ends)


def fit_scores(variables: tuple[str, ...], seen: Scores, *, ends: Collection[str] = ()) -> PanelFit:
    """Fit the links of what has been measured."""
    years = seen.value.shape[1]
    free = np.array([[i == j or name not in ends for j, name in enumerate(variables)] for i in range(len(variables))])
    units = len(seen.value)
    data = _Data(seen.value.reshape(units, -1), seen.precision.reshape(units, -1), years, free)
    search = _search(_begun(data), data)
    model, latent = search.model, covariance(search.model, years)
    pairs = np.argwhere(free & ~np.eye(model.size, dtype=bool))
    by = np.concatenate([data.slopes_of(model), backward(model, years, pairs)])
    value, precision = data.value, data.precision
    info = data.information(model, by, _some(len(value), AT_THE_END))
    own = info[: -len(pairs), : -len(pairs)]
    inverse = _inverse(own)
    slope = np.einsum("pij,ij->p", by, slopes(latent, value, precision)[1])
    placebo, placebo_se = _placebo(info, inverse, slope, pairs, model.size)
    mean, variance = levels(latent, value, precision)
    at_rest = covariance(Dynamics(model.links, model.news, np.zeros_like(model.kept)), 1)
    return PanelFit(
        variables,
        model.links,
        _links_covariance(inverse, free),
        placebo,
        placebo_se,
        model.kept @ model.kept.T,
        at_rest,
        model.news @ model.news.T,
        mean.reshape(seen.value.shape),
        np.sqrt(variance).reshape(seen.value.shape),
        seen,
        search.log_likelihood,
        search.gradient,
        search.steps,
    )


@dataclass(frozen=True, eq=False)
class _Data:
    """Scores and precisions (N, T V), and which links are free."""

    value: Floats
    precision: Floats
    years: int
    free: NDArray[np.bool_]

    @property
    def open(self) -> NDArray[np.intp]:
        """Places of the free parameters among all in `Dynamics.vector`."""
        size = len(self.free)
        return np.flatnonzero(np.concatenate([self.free.ravel(), np.ones(size * (size + 1), dtype=bool)]))

    def slopes_of(self, model: Dynamics) -> Floats:
        """The derivatives of the latent covariance by the free parameters."""
        return np.asarray(derivatives(model, self.years)[self.open], dtype=np.float64)

    def moved(self, model: Dynamics, step: Floats) -> Dynamics:
        """The model with its free parameters moved by a step."""
        vector = model.vector()
        vector[self.open] += step
        return Dynamics.of(vector, model.size)

    def slope(self, model: Dynamics) -> tuple[Floats, float, Floats]:
        """The covariance's derivatives, the criterion, and its derivatives by the free parameters."""
        by = self.slopes_of(model)
        best, slope = slopes(covariance(model, self.years), self.value, self.precision)
        found = np.einsum("pij,ij->p", by, slope)
        found[self.corners] += 1 / self._corner(model)
        return by, best + self._held(model), found

    def criterion(self, model: Dynamics) -> float:
        """The log likelihood of all units, held off the edge."""
        return log_likelihood(covariance(model, self.years), self.value, self.precision) + self._held(model)

    def information(self, model: Dynamics, by: Floats, units: NDArray[np.intp]) -> Floats:
        """The information of the free parameters (and of others that `by` goes on with) from some units for all."""
        found = information(covariance(model, self.years), by, self.value, self.precision, units)
        found[self.corners, self.corners] += self._corner(model) ** -2
        return found

    @property
    def corners(self) -> NDArray[np.intp]:
        """Places among the free parameters of the two triangles' diagonals."""
        size = len(self.free)
        rows, columns = np.tril_indices(size)
        on = np.flatnonzero(rows == columns) + int(self.free.sum())
        return np.concatenate([on, on + len(rows)])

    def _corner(self, model: Dynamics) -> Floats:
        return np.concatenate([np.diag(model.news), np.diag(model.kept)])

    def _held(self, model: Dynamics) -> float:
        """What keeps variances off zero, where the search would stick: a weak prior that goes to nothing with more units.

        The logarithm of each conditional standard deviation, as Chung, Gelman, Rabe-Hesketh, Liu & Dorie 2015
        (J. Educ. Behav. Stat. 40: 136) do for covariance matrices: it moves none by more than about a standard error.
        """
        return float(np.log(np.abs(self._corner(model)) + 1e-300).sum())


@dataclass(frozen=True, eq=False)
class _Found:
    model: Dynamics
    log_likelihood: float
    gradient: float
    steps: int


def _begun(data: _Data) -> Dynamics:
    """Where the search begins: where there are many units, most of the way is gone with some of them."""
    size = len(data.free)
    model = Dynamics(0.4 * np.eye(size), 0.7 * np.eye(size), 0.5 * np.eye(size))
    if len(data.value) <= 2 * COARSE:
        return model
    at = _some(len(data.value), COARSE)
    return _scored(model, replace(data, value=data.value[at], precision=data.precision[at]))[0]


def _some(units: int, wanted: int) -> NDArray[np.intp]:
    """Up to `wanted` units, evenly from all."""
    return np.unique(np.linspace(0, units - 1, min(units, wanted)).round().astype(np.intp))


def _inverse(info: Floats) -> Floats:
    """The inverse of an information matrix, of what is known: directions without information are left out."""
    scale = 1 / np.sqrt(np.maximum(np.diag(info), 1e-12))
    return np.asarray(np.linalg.pinv(info * np.outer(scale, scale), 1e-8, hermitian=True) * np.outer(scale, scale))


def _links_covariance(inverse: Floats, free: NDArray[np.bool_]) -> Floats:
    """The covariance of all links, zero for those that are not free."""
    at = np.flatnonzero(free.ravel())
    found = np.zeros((free.size, free.size))
    found[np.ix_(at, at)] = inverse[: len(at), : len(at)]
    return found


def _search(model: Dynamics, data: _Data) -> _Found:
    """A few steps of Fisher scoring, then quasi-Newton steps in coordinates in which the information is one."""
    centre, metric, steps = _scored(model, data)
    lower = np.linalg.cholesky(metric)

    def minus(z: Floats) -> tuple[float, Floats]:
        tried = data.moved(centre, np.linalg.solve(lower.T, z))
        if tried.radius >= CALM:
            return FAR, z
        _, found, score = data.slope(tried)
        return -found, -np.linalg.solve(lower, score)

    found = minimize(minus, np.zeros(len(data.open)), method="L-BFGS-B", jac=True, options=_OPTIONS)
    gradient = float(np.abs(found.jac).max())
    if gradient > FLAT:
        raise ModelError("The search for the links did not end.", "Give more units or years, or fewer variables.")
    done = data.moved(centre, np.linalg.solve(lower.T, found.x))
    return _Found(done, -float(found.fun), gradient, steps + int(found.nit))


def _scored(model: Dynamics, data: _Data) -> tuple[Dynamics, Floats, int]:
    """Steps of Fisher scoring, until one would move nothing by `NEAR` standard errors: model, information, steps."""
    units = len(data.value)
    some = _some(units, min(max(ON_THE_WAY, units // EACH), AT_THE_END))
    metric = np.eye(len(data.open))
    for taken in range(SCORING):
        by, best, score = data.slope(model)
        metric = data.information(model, by, some)
        metric += np.diag(1e-6 * np.diag(metric) + 1e-9)
        step = np.asarray(np.linalg.solve(metric, score), dtype=np.float64)
        if float(step @ score) < NEAR**2:
            return model, metric, taken
        ahead = _ahead(model, step, best, data)
        if ahead is None:
            return model, metric, taken
        model = ahead
    return model, metric, SCORING


def _ahead(model: Dynamics, step: Floats, before: float, data: _Data) -> Dynamics | None:
    """The model after the longest of a step and its halves that makes the likelihood larger; None where none does."""
    step = step / max(1.0, float(np.abs(step).max()) / 0.5)
    for _ in range(12):
        tried = data.moved(model, step)
        if tried.radius < CALM and data.criterion(tried) > before:
            return tried
        step = step / 2
    return None


def _placebo(info: Floats, inverse: Floats, score: Floats, pairs: NDArray[np.intp], size: int) -> tuple[Floats, Floats]:
    """One scoring step for each link turned round in time, everything else free: its value and standard error.

    At the optimum nothing else has a slope but what holds variances off zero.
    """
    many = len(pairs)
    across = info[-many:, :-many]
    left = np.diag(info)[-many:] - np.einsum("ca,ab,cb->c", across, inverse, across)
    left = np.maximum(left, 1e-9)
    step = score[-many:] / left
    value, error = np.zeros((size, size)), np.full((size, size), np.nan)
    value[pairs[:, 0], pairs[:, 1]] = step
    error[pairs[:, 0], pairs[:, 1]] = 1 / np.sqrt(left)
    return value, error
