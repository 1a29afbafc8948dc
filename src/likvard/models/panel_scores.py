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

_OPTIONS = {"maxiter": 200, "ftol": 1e-8}
"""The criterion is a mean over observations: with a hundred thousand the log likelihood is settled to a thousandth."""

_LOADING, _NOISE, _HABIT, _KEPT, _MEMORY = 0.5, 0.4, 0.1, 0.4, 0.4
"""Where the search begins."""


@dataclass(frozen=True, eq=False)
class _Seen:
    """The proxies of one variable in their own standard deviations: value 0 and error 1 where not seen."""

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


def _measured(proxies: tuple[Proxy, ...]) -> tuple[_One, float]:
    seen = _Seen.of(proxies)
    many = len(proxies)
    habits = many if many > 1 else 0  # of a single proxy nobody can tell habit and variable apart
    start = np.concatenate(
        [
            np.full(many, _LOADING),
            np.full(many, np.log(_NOISE)),
            np.full(habits, np.log(_HABIT)),
            [logit(_KEPT), np.arctanh(_MEMORY)],
        ]
    )
    bounds = [(-2.0, 2.0)] * many + [(-7.0, 1.5)] * (many + habits) + [(-4.0, 4.0), (0.0, 2.0)]
    found = minimize(_criterion, start, (seen,), method="L-BFGS-B", jac=True, bounds=bounds, options=_OPTIONS)
    loading, noise = found.x[:many], np.exp(found.x[many : 2 * many])
    habit = np.exp(found.x[2 * many : 2 * many + habits]) if habits else np.zeros(many)
    if loading.sum() < 0:
        loading = -loading
    precision, value = _together(seen, loading, noise)
    loadings = tuple(
        Loading(p.name, p.of, float(a), float(b), float(c), float(a**2 / (a**2 + b + c + seen.error[i][p.seen].mean())))
        for i, (p, a, b, c) in enumerate(zip(proxies, loading, noise, habit, strict=True))
    )
    return _One(value, precision, loadings), 1.0


def _together(seen: _Seen, loading: Floats, noise: Floats) -> tuple[Floats, Floats]:
    """The precision and the precision-weighted mean of all proxies, units by years."""
    each = seen.seen * loading[:, None, None] / (seen.error + noise[:, None, None])
    precision = (each * loading[:, None, None]).sum(axis=0)
    value = np.divide((each * seen.value).sum(axis=0), precision, out=np.zeros_like(precision), where=precision > 0)
    return precision, value


def _latent(kept: float, memory: float, years: int) -> tuple[Floats, Floats, Floats]:
    """The covariance of one variable over the years with variance 1, and its derivatives by the two parameters."""
    share, phi = expit(kept), np.tanh(memory)
    gap = np.abs(np.subtract.outer(np.arange(years), np.arange(years)))
    moving = phi**gap
    by_phi = np.where(gap > 0, gap * phi ** np.maximum(gap - 1, 0), 0)
    return (
        share + (1 - share) * moving,
        share * (1 - share) * (1 - moving),
        (1 - share) * (1 - phi**2) * by_phi,
    )


def _criterion(at: Floats, seen: _Seen) -> tuple[float, Floats]:
    """Minus the log likelihood of all proxies in all years, each observation's mean, and its derivatives."""
    many, units, years = seen.value.shape
    loading, noise = at[:many], np.exp(at[many : 2 * many])
    habit = np.exp(at[2 * many : -2]) if len(at) > 2 * many + 2 else np.zeros(many)
    variable, by_kept, by_memory = _latent(at[-2], at[-1], years)
    shared, own = np.kron(np.outer(loading, loading), variable), np.kron(np.diag(habit), np.ones((years, years)))
    latent = np.asarray(shared + own, dtype=np.float64)
    known = seen.error + noise[:, None, None]
    value = np.moveaxis(seen.value, 0, 1).reshape(units, -1)
    precision = np.asarray(np.moveaxis(seen.seen / known, 0, 1).reshape(units, -1), dtype=np.float64)
    total = float((seen.seen * -np.log(known)).sum()) / 2
    slope, by_noise = np.zeros_like(latent), np.zeros(many)
    for part in weigh(latent, value, precision):
        total += float(part.log_likelihood.sum())
        slope += (part.pulled.T @ part.pulled - part.weight.sum(axis=0)) / 2
        own = part.pulled**2 - np.diagonal(part.weight, axis1=1, axis2=2)
        by_noise += own.reshape(-1, many, years).sum(axis=(0, 2)) / 2
    blocks = slope.reshape(many, years, many, years)
    by_loading = 2 * np.einsum("ptqs,ts,q->p", blocks, variable, loading)
    by_variable = np.einsum("ptqs,p,q->ts", blocks, loading, loading)
    by_habit = np.einsum("ptps->p", blocks)[: len(at) - 2 * many - 2] * habit[: len(at) - 2 * many - 2]
    by_latent = [float((by_variable * by).sum()) for by in (by_kept, by_memory)]
    n = float(seen.seen.sum())
    return -total / n, -np.concatenate([by_loading, by_noise * noise, by_habit, by_latent]) / n
