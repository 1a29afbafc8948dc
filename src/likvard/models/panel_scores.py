"""What all proxies of a variable say of it together: measured first, each variable alone, before any link is fitted.

Structure after measurement (Rosseel & Loh 2024, Psychol. Methods 29: 561). Each variable has its own small model: what
a unit keeps, what moves with one memory, and proxies, each with a loading, an error of its own and something that the
unit keeps in this proxy alone (a habit of reporting, say). Without that last part a proxy that hardly changes would pass
for the variable. The precision-weighted mean of the proxies then holds what they say of the variable together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit

from likvard.models.fay_herriot import Floats
from likvard.models.panel import Loading, Panel, Proxy, Scores
from likvard.models.panel_likelihood import weigh
from likvard.terms import ModelError

EXACT = 1e-3
"""Error variance, in variances of the variable, of what is seen without error: it keeps the algebra regular."""

_OPTIONS = {"maxiter": 200, "gtol": 1e-2, "ftol": 1e-13}
FAR = 1e12
"""What is told of a measurement that cannot be."""

SCORING, NEAR = 15, 0.2
"""Most steps of Fisher scoring, and the move of all parameters together, in standard errors, under which they end."""

ROUNDS, FLAT = 4, 0.05
"""Most times that the search begins anew with a new metric, and how flat it ends: derivatives in standard errors."""

COARSE, FOR_METRIC = 500, 60
"""Units that the search begins with where there are many more, and that its metric is taken from."""

_LOADING, _NOISE, _HABIT, _KEPT, _MEMORY = 0.5, 0.4, 0.1, 0.4, 0.4
"""Where the search begins."""

BEND = 0.2
"""Standard deviation of the prior for the spread of the memories that a variable's own course is mixed of."""


@dataclass(frozen=True, eq=False)
class _Seen:
    """The proxies of one variable in their own standard deviations (P, N, T): value 0 and error 1 where not seen."""

    value: Floats
    error: Floats
    seen: Floats

    @classmethod
    def of(cls, proxies: tuple[Proxy, ...]) -> _Seen:
        scale = [float(np.nanstd(p.value)) for p in proxies]
        if not min(scale) > 0:
            name = proxies[int(np.argmin(scale))].name
            raise ModelError(f"The proxy {name!r} is the same everywhere.", "Leave it out.")
        value = np.array([np.where(p.seen, p.value / s, 0) for p, s in zip(proxies, scale, strict=True)])
        error = np.array([np.where(p.seen, p.error / s**2, 1) for p, s in zip(proxies, scale, strict=True)])
        return cls(value, error, np.array([p.seen for p in proxies], dtype=np.float64))

    @property
    def shape(self) -> tuple[int, int, int]:
        """How many proxies, units and years."""
        proxies, units, years = self.value.shape
        return proxies, units, years

    def some(self, units: int) -> _Seen:
        """About so many units, evenly from all."""
        step = max(1, self.shape[1] // units)
        return _Seen(self.value[:, ::step], self.error[:, ::step], self.seen[:, ::step])

    def by_unit(self, part: Floats) -> Floats:
        """Proxies by units by years as one row a unit."""
        return np.ascontiguousarray(np.moveaxis(part, 0, 1)).reshape(self.shape[1], -1)


def scores(panel: Panel) -> Scores:
    """Measure every variable of the panel. Raises `ModelError` where a proxy never varies."""
    found = [
        _exact(panel.of(name)[0]) if panel.of(name)[0].exact else _measured(panel.of(name)) for name in panel.variables
    ]
    return Scores(
        np.stack([one.value for one, _ in found], axis=-1),
        np.stack([one.precision for one, _ in found], axis=-1),
        np.array([scale for _, scale in found]),
        tuple(loading for one, _ in found for loading in one.loadings),
    )


@dataclass(frozen=True, eq=False)
class _One:
    value: Floats
    precision: Floats
    loadings: tuple[Loading, ...]


def varies(proxy: Proxy) -> bool:
    """Whether a proxy that is the variable itself varies beyond its known error; others may always be tried."""
    return not proxy.exact or _beyond(proxy) > 0.05 * float(np.nanvar(proxy.value))


def _beyond(proxy: Proxy) -> float:
    return float(np.nanvar(proxy.value)) - float(proxy.error[proxy.seen].mean())


def _exact(proxy: Proxy) -> tuple[_One, float]:
    """A variable that is seen as it is: in standard deviations, of which chance is no part."""
    total, own = float(np.nanvar(proxy.value)), _beyond(proxy)
    if not varies(proxy):
        raise ModelError(f"{proxy.name!r} varies no more than chance.", "Leave it out.")
    scale = own**0.5
    value = np.where(proxy.seen, proxy.value / scale, 0)
    precision = np.where(proxy.seen, 1 / (proxy.error / own + EXACT), 0)
    return _One(value, precision, (Loading(proxy.name, proxy.of, 1.0, 0.0, 0.0, own / total),)), scale


@dataclass(frozen=True, eq=False)
class _At:
    """The parameters of one variable's measurement, from the row of numbers that the search moves."""

    row: Floats
    many: int

    @classmethod
    def begun(cls, seen: _Seen) -> _At:
        many = seen.shape[0]
        habits = many if many > 1 else 0  # of a single proxy nobody can tell habit and variable apart
        logs = np.concatenate([np.full(many, np.log(_NOISE)), np.full(habits, np.log(_HABIT))])
        shape = [logit(_KEPT), np.arctanh(_MEMORY), *([0.0] if habits else [])]
        return cls(np.concatenate([np.full(many, _LOADING), logs, shape]), many)

    def moved(self, step: Floats) -> _At:
        """Moved by a step."""
        return _At(self.row + step, self.many)

    @property
    def habits(self) -> int:
        """How many habits there are: none where there is one proxy."""
        return self.many if self.many > 1 else 0

    @property
    def loading(self) -> Floats:
        """Each proxy's loading."""
        return self.row[: self.many]

    @property
    def noise(self) -> Floats:
        """Each proxy's unknown error variance."""
        return np.asarray(np.exp(np.clip(self.row[self.many : 2 * self.many], -30, 5)), dtype=np.float64)

    @property
    def habit(self) -> Floats:
        """The variance of what the unit keeps in each proxy alone."""
        logs = self.row[2 * self.many : 2 * self.many + self.habits]
        return np.asarray(np.exp(np.clip(logs, -30, 5)), dtype=np.float64) if self.habits else np.zeros(self.many)

    @property
    def shape(self) -> Floats:
        """How the variable goes on over the years: the numbers that `_latent` takes."""
        return self.row[2 * self.many + self.habits :]

    def held(self) -> tuple[float, Floats]:
        """A weak prior that goes to nothing with more units, and its slope: standard deviations are held off zero."""
        value, slope = float(np.log(np.abs(self.loading) + 1e-300).sum()), np.zeros_like(self.row)
        slope[: self.many] = 1 / self.loading
        logs = slice(self.many, 2 * self.many + self.habits)
        value += float(self.row[logs].sum()) / 2
        slope[logs] = 0.5
        at = len(self.row) - len(self.shape)
        share = float(expit(self.shape[0]))
        value += (np.log(share) + np.log1p(-share)) / 2
        slope[at] = 0.5 - share
        if len(self.shape) > 2:
            value -= (self.shape[2] / BEND) ** 2 / 2
            slope[at + 2] = -self.shape[2] / BEND**2
        return float(value), slope


def _measured(proxies: tuple[Proxy, ...]) -> tuple[_One, float]:
    seen = _Seen.of(proxies)
    at = _At.begun(seen)
    if seen.shape[1] > 2 * COARSE:  # most of the way on some of the units
        at = _climbed(at, seen.some(COARSE))
    at = _climbed(at, seen)
    if at.loading.sum() < 0:
        at = _At(np.concatenate([-at.loading, at.row[at.many :]]), at.many)
    precision, value = _together(seen, at)
    loadings = tuple(
        Loading(p.name, p.of, float(a), float(b), float(c), float(a**2 / (a**2 + b + c + seen.error[i][p.seen].mean())))
        for i, (p, a, b, c) in enumerate(zip(proxies, at.loading, at.noise, at.habit, strict=True))
    )
    return _One(value, precision, loadings), 1.0


def _climbed(at: _At, seen: _Seen) -> _At:
    """The most likely measurement: Fisher scoring, then quasi-Newton steps in coordinates in which the information is one."""
    at = _scored(at, seen)
    for _ in range(ROUNDS):
        even = np.asarray(np.linalg.inv(np.linalg.cholesky(_information(at, seen))).T, dtype=np.float64)
        start = np.zeros(len(at.row))
        done = minimize(_minus, start, (at, even, seen), method="L-BFGS-B", jac=True, options=_OPTIONS)
        at = at.moved(np.asarray(even @ done.x, dtype=np.float64))
        if float(np.abs(done.jac).max()) < FLAT:
            break
    return at


def _minus(z: Floats, centre: _At, even: Floats, seen: _Seen) -> tuple[float, Floats]:
    """Minus the criterion and its slope, in coordinates in which the information at `centre` is one."""
    found, slope = _criterion(centre.moved(np.asarray(even @ z, dtype=np.float64)), seen)
    return (FAR, z) if found == -FAR else (-found, np.asarray(-even.T @ slope, dtype=np.float64))


def _scored(at: _At, seen: _Seen) -> _At:
    """Steps of Fisher scoring for as long as they lead up and would move anything by `NEAR` standard errors."""
    best, slope = _criterion(at, seen)
    for _ in range(SCORING):
        step = np.asarray(np.linalg.solve(_information(at, seen), slope), dtype=np.float64)
        if float(step @ slope) < NEAR**2:
            break
        step = step / max(1.0, float(np.abs(step).max()))
        for half in range(8):
            tried = at.moved(step / 2**half)
            found, ahead = _criterion(tried, seen)
            if found > best:
                at, best, slope = tried, found, ahead
                break
        else:
            break
    return at


def _together(seen: _Seen, at: _At) -> tuple[Floats, Floats]:
    """The precision and the precision-weighted mean of all proxies, units by years."""
    each = seen.seen * at.loading[:, None, None] / (seen.error + at.noise[:, None, None])
    precision = (each * at.loading[:, None, None]).sum(axis=0)
    value = np.divide((each * seen.value).sum(axis=0), precision, out=np.zeros_like(precision), where=precision > 0)
    return precision, value


def _latent(shape: Floats, years: int) -> tuple[Floats, Floats]:
    """The covariance of one variable over the years with variance 1, and its derivatives by the numbers of `shape`.

    A share is kept, the rest has the memory phi^k (1 + bend k (k - 1) / 2) after k years: among others it takes part of
    what they remember, so its own course is a mixture of memories, and to say that it is a plain one would leave its
    error variance wrong.
    """
    share, phi = float(expit(shape[0])), float(np.tanh(shape[1]))
    bend = float(shape[2]) if len(shape) > 2 else 0.0
    gap = np.abs(np.subtract.outer(np.arange(years), np.arange(years))).astype(np.float64)
    plain = phi**gap
    spread = gap * (gap - 1) / 2
    moving = plain * (1 + bend * spread)
    by_phi = gap * phi ** np.maximum(gap - 1, 0) * (1 + bend * spread)
    by = [
        share * (1 - share) * (1 - moving),
        (1 - share) * (1 - phi**2) * by_phi,
        (1 - share) * plain * spread,
    ]
    return share + (1 - share) * moving, np.array(by[: len(shape)])


def _covariance(at: _At, years: int) -> tuple[Floats, Floats]:
    """The covariance of all proxies in all years without errors (D, D), and its derivatives (P, D, D); the errors' are
    zero here."""
    variable, by_shape = _latent(at.shape, years)
    many, ones, unit = at.many, np.ones((years, years)), np.eye(at.many)
    squared = np.outer(at.loading, at.loading)
    latent = np.kron(squared, variable) + np.kron(np.diag(at.habit), ones)
    by = np.zeros((len(at.row), *latent.shape))
    for p in range(many):
        by[p] = np.kron(np.outer(unit[p], at.loading) + np.outer(at.loading, unit[p]), variable)
        if at.habits:
            by[2 * many + p] = np.kron(np.diag(unit[p] * at.habit), ones)
    for q, one in enumerate(by_shape):
        by[2 * many + at.habits + q] = np.kron(squared, one)
    return latent, by


def _criterion(at: _At, seen: _Seen) -> tuple[float, Floats]:
    """The log likelihood of all proxies in all years with the prior, and its derivatives."""
    total, each = _by_unit(at, seen)
    held, slope = at.held()
    return (total + held, each.sum(axis=0) + slope) if total > -FAR else (-FAR, slope)


def _by_unit(at: _At, seen: _Seen) -> tuple[float, Floats]:
    """The log likelihood up to a constant, and every unit's derivatives by the parameters (N, p)."""
    many, units, years = seen.shape
    found = np.zeros((units, len(at.row)))
    latent, by = _covariance(at, years)
    if np.linalg.eigvalsh(latent)[0] < -1e-6 or not np.isfinite(latent).all():
        return -FAR, found
    errors = seen.error + at.noise[:, None, None]
    value, precision = seen.by_unit(seen.value), seen.by_unit(seen.seen / errors)
    total = -float((seen.seen * np.log(errors)).sum()) / 2
    for part in weigh(latent, value, precision):
        total += float(part.log_likelihood.sum())
        apart = (part.pulled[:, :, None] * part.pulled[:, None, :] - part.weight) / 2
        found[part.rows] = apart.reshape(len(apart), -1) @ by.reshape(len(by), -1).T
        own = np.diagonal(apart, axis1=1, axis2=2).reshape(-1, many, years)  # 0 where not seen
        found[part.rows, many : 2 * many] = own.sum(axis=2) * at.noise
    return total, found


def _information(at: _At, seen: _Seen) -> Floats:
    """The expected information of the parameters, from some units for all, with the prior's share."""
    some = seen.some(FOR_METRIC)
    many, units, years = some.shape
    latent, by = _covariance(at, years)
    for p in range(many):
        by[many + p] = np.diag(np.repeat(at.noise[p] * np.eye(many)[p], years))
    errors = some.error + at.noise[:, None, None]
    found = np.zeros((len(by), len(by)))
    for part in weigh(latent, some.by_unit(some.value), some.by_unit(some.seen / errors)):
        for weight in part.weight:
            turned = by @ weight
            found += turned.reshape(len(by), -1) @ np.swapaxes(turned, 1, 2).reshape(len(by), -1).T / 2
    found *= seen.shape[1] / units
    held = np.full(len(by), 0.5)
    held[:many] = at.loading**-2
    return found + np.diag(1e-6 * np.diag(found) + held)
