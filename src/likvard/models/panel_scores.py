"""What all proxies of a variable say of it together: measured first, each variable alone, before any link is fitted.

Structure after measurement (Rosseel & Loh 2024, Psychol. Methods 29: 561). Each variable has its own small model: what
a unit keeps, what moves with one memory, and proxies with loadings and unknown errors. Given these, the precision-
weighted mean of the proxies holds all that they say of the variable, and its error is known. The derivatives by
loadings and errors follow from Fisher's identity.
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

_LOADING, _NOISE, _KEPT, _MEMORY = 0.5, 0.4, 0.4, 0.4
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


def _exact(proxy: Proxy) -> tuple[_One, float]:
    """A variable that is seen as it is: in standard deviations, of which chance is no part."""
    total = float(np.nanvar(proxy.value))
    own = total - float(proxy.error[proxy.seen].mean())
    if not own > 0.05 * total:
        raise ModelError(f"{proxy.name!r} varies no more than chance.", "Leave it out.")
    scale = own**0.5
    value = np.where(proxy.seen, proxy.value / scale, 0)
    precision = np.where(proxy.seen, 1 / (proxy.error / own + EXACT), 0)
    return _One(value, precision, (Loading(proxy.name, proxy.of, 1.0, 0.0, own / total),)), scale


def _measured(proxies: tuple[Proxy, ...]) -> tuple[_One, float]:
    seen = _Seen.of(proxies)
    many = len(proxies)
    start = np.concatenate(
        [np.full(many, _LOADING), np.full(many, np.log(_NOISE)), [logit(_KEPT), np.arctanh(_MEMORY)]]
    )
    bounds = [(-2.0, 2.0)] * many + [(-9.0, 1.5)] * many + [(-6.0, 4.0), (-1.0, 2.0)]
    found = minimize(_criterion, start, (seen,), method="L-BFGS-B", jac=True, bounds=bounds, options={"maxiter": 200})
    loading, noise = found.x[:many], np.exp(found.x[many : 2 * many])
    if loading.sum() < 0:
        loading = -loading
    precision, value = _together(seen, loading, noise)
    loadings = tuple(
        Loading(p.name, p.of, float(a), float(b), float(a**2 / (a**2 + b + seen.error[i][p.seen].mean())))
        for i, (p, a, b) in enumerate(zip(proxies, loading, noise, strict=True))
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
    """Minus the log likelihood of all proxies, and its derivatives."""
    many, years = len(seen.value), seen.value.shape[2]
    loading, noise = at[:many], np.exp(at[many : 2 * many])
    latent, by_kept, by_memory = _latent(at[-2], at[-1], years)
    precision, value = _together(seen, loading, noise)
    total, slope = 0.0, np.zeros_like(latent)
    mean, second = np.empty_like(value), np.empty_like(value)
    for part in weigh(latent, value, precision):
        total += float(part.log_likelihood.sum())
        slope += (part.pulled.T @ part.pulled - part.weight.sum(axis=0)) / 2
        mean[part.rows] = part.pulled @ latent
        taken = np.einsum("dj,njk,kd->nd", latent, part.weight, latent, optimize=True)
        second[part.rows] = mean[part.rows] ** 2 + np.diag(latent) - taken
    error = seen.error + noise[:, None, None]
    apart = (seen.value - loading[:, None, None] * value) ** 2 / error  # what is lost in the weighted mean
    total -= float((seen.seen * (apart + np.log(error))).sum()) / 2
    by_loading = (seen.seen * (seen.value * mean - loading[:, None, None] * second) / error).sum(axis=(1, 2))
    around = seen.value**2 - 2 * loading[:, None, None] * seen.value * mean + loading[:, None, None] ** 2 * second
    by_noise = (seen.seen * (around / error - 1) / error).sum(axis=(1, 2)) / 2 * noise
    by_latent = [float((slope * by).sum()) for by in (by_kept, by_memory)]
    n = float(seen.seen.sum())
    return -total / n, -np.concatenate([by_loading, by_noise, by_latent]) / n
