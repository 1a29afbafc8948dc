"""The covariance of a random-intercept cross-lagged panel over its years, and its derivatives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from likvard.models.fay_herriot import Floats

LONGEST = 60
"""Years back that a shock is followed in the placebo's derivatives: 0.8 to the power of 60 is a millionth."""


@dataclass(frozen=True, eq=False)
class Dynamics:
    """Links A, and the lower triangles whose squares are the covariances of the news (Q) and of what is kept (T)."""

    links: Floats
    news: Floats
    kept: Floats

    @property
    def size(self) -> int:
        """How many variables."""
        return len(self.links)

    @property
    def radius(self) -> float:
        """The largest absolute eigenvalue of the links; below 1 the panel is at rest."""
        return float(np.abs(np.linalg.eigvals(self.links)).max())

    def vector(self) -> Floats:
        """All parameters in a row: links row by row, then the two lower triangles."""
        at = np.tril_indices(self.size)
        return np.concatenate([self.links.ravel(), self.news[at], self.kept[at]])

    @classmethod
    def of(cls, vector: Floats, size: int) -> Dynamics:
        """The reverse of `vector`."""
        at, many = np.tril_indices(size), size * (size + 1) // 2
        news, kept = np.zeros((size, size)), np.zeros((size, size))
        news[at], kept[at] = vector[size**2 : size**2 + many], vector[size**2 + many :]
        return cls(vector[: size**2].reshape(size, size), news, kept)


def stationary(links: Floats, news: Floats) -> Floats:
    """The covariance G of what moves when it is at rest: G = A G A' + Q, for one Q or a stack of them."""
    size = len(links)
    inverse = np.linalg.inv(np.eye(size**2) - np.kron(links, links))
    found = (news.reshape(-1, size**2) @ inverse.T).reshape(news.shape)
    return np.asarray(found + np.swapaxes(found, -1, -2), dtype=np.float64) / 2


def powers(links: Floats, most: int) -> Floats:
    """A to the power of 0 to `most` (most + 1, V, V)."""
    found = [np.eye(len(links))]
    for _ in range(most):
        found.append(found[-1] @ links)
    return np.array(found)


def spread_out(lagged: Floats, kept: Floats) -> Floats:
    """Lay covariances by lag (…, T, V, V; lag k is of year t + k with year t) out as (…, T V, T V), with what is kept."""
    years, size = lagged.shape[-3], lagged.shape[-1]
    t, s = np.indices((years, years))
    gap = t - s
    both = lagged[..., np.abs(gap), :, :]
    blocks = np.where((gap >= 0)[..., None, None], both, np.swapaxes(both, -1, -2)) + kept[..., None, None, :, :]
    found = np.moveaxis(blocks, -2, -3)
    return np.ascontiguousarray(found).reshape(*lagged.shape[:-3], years * size, years * size)


def covariance(model: Dynamics, years: int) -> Floats:
    """The covariance of all variables in all years (T V, T V), year by year."""
    at_rest = stationary(model.links, model.news @ model.news.T)
    return spread_out(powers(model.links, years - 1) @ at_rest, model.kept @ model.kept.T)


def derivatives(model: Dynamics, years: int) -> Floats:
    """Its derivatives by every parameter in the order of `Dynamics.vector` (P, T V, T V)."""
    size, a = model.size, model.links
    news = model.news @ model.news.T
    at_rest = stationary(a, news)
    raised = powers(a, years - 1)
    unit = np.eye(size**2).reshape(size**2, size, size)
    low = np.array([unit[i * size + j] for i, j in zip(*np.tril_indices(size), strict=True)])
    by_news = low @ model.news.T
    by_news += np.swapaxes(by_news, 1, 2)
    moved = unit @ at_rest @ a.T
    of_links = stationary(a, moved + np.swapaxes(moved, 1, 2))
    of_news = stationary(a, by_news)
    lagged_links = np.empty((size**2, years, size, size))
    raised_by = np.zeros((size**2, size, size))
    for k in range(years):
        lagged_links[:, k] = raised[k] @ of_links + raised_by @ at_rest
        raised_by = unit @ raised[k] + a @ raised_by
    lagged_news = raised[None] @ of_news[:, None]
    by_kept = low @ model.kept.T
    by_kept += np.swapaxes(by_kept, 1, 2)
    nothing, still = np.zeros((size, size)), np.zeros((len(low), years, size, size))
    return np.concatenate(
        [
            spread_out(lagged_links, np.broadcast_to(nothing, (size**2, size, size))),
            spread_out(lagged_news, np.broadcast_to(nothing, (len(low), size, size))),
            spread_out(still, by_kept),
        ]
    )


def backward(model: Dynamics, years: int, pairs: NDArray[np.intp]) -> Floats:
    """The derivative by a link from next year's news of one variable to another this year: pairs are (to, from).

    Were w[t] to take c times the news of `from` in year t + 1, what follows is sum_j A^j E e[t+1-j], with E one at (to,
    from): its covariance with w is summed over j. Returns (P, T V, T V) at c = 0.
    """
    size, q = model.size, model.news @ model.news.T
    raised = powers(model.links, LONGEST + years)
    lagged = np.zeros((len(pairs), years, size, size))
    for p, (to, source) in enumerate(pairs):
        shock = np.zeros((size, size))
        shock[to] = q[source]  # E Q
        for k in range(years):
            ahead = raised[k + 1 : k + 1 + LONGEST] @ shock @ np.swapaxes(raised[:LONGEST], 1, 2)
            first = max(0, 1 - k)
            behind = raised[k - 1 + first : k - 1 + LONGEST] @ shock.T @ np.swapaxes(raised[first:LONGEST], 1, 2)
            lagged[p, k] = ahead.sum(axis=0) + behind.sum(axis=0)
    return spread_out(lagged, np.zeros((len(pairs), size, size)))
