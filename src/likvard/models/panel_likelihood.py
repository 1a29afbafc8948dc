"""The likelihood of scores of known precision around a latent covariance, unit by unit, and its derivatives.

With y = eta + error, error ~ N(0, 1/k) and eta ~ N(0, S): W = (S + 1/k)^-1 = k½ (I + k½ S k½)^-1 k½, which is zero in
every row where nothing is seen (k = 0). So holes need no care, and nothing larger than years x variables is inverted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dpotri, dtrtrs

from likvard.models.fay_herriot import Floats

CHUNK = 128
"""Units that are worked on at a time: 128 matrices of 70 x 70 are 5 MB, and stay in the cache."""


@dataclass(frozen=True, eq=False)
class Weighed:
    """Some units: `weight` W (n, D, D), `pulled` W y (n, D), and the log likelihood (n,) up to a constant."""

    rows: slice
    weight: Floats
    pulled: Floats
    log_likelihood: Floats


def weigh(latent: Floats, value: Floats, precision: Floats) -> Iterator[Weighed]:
    """Every unit's W and W y, chunk by chunk: latent (D, D), value and precision (N, D)."""
    for start in range(0, len(value), CHUNK):
        rows = slice(start, start + CHUNK)
        root, lower = _factored(latent, precision[rows])
        weight = _inverses(lower)
        weight *= root[:, :, None]
        weight *= root[:, None, :]
        pulled = np.einsum("nij,nj->ni", weight, value[rows])
        logs = 2 * np.log(np.diagonal(lower, axis1=1, axis2=2)).sum(axis=1)
        yield Weighed(rows, weight, pulled, -(logs + np.einsum("ni,ni->n", pulled, value[rows])) / 2)


def _factored(latent: Floats, precision: Floats) -> tuple[Floats, Floats]:
    """k½ (n, D) and the lower triangle of I + k½ S k½ (n, D, D)."""
    root = np.sqrt(precision)
    whole = root[:, :, None] * latent
    whole *= root[:, None, :]
    diagonal = np.arange(len(latent))
    whole[:, diagonal, diagonal] += 1
    return root, np.asarray(np.linalg.cholesky(whole), dtype=np.float64)


def _inverses(lower: Floats) -> Floats:
    """The inverses of L L', from every L (n, D, D): half the work of inverting L and multiplying."""
    found = np.empty_like(lower)
    for into, one in zip(found, lower, strict=True):
        into[:] = dpotri(one.T)[0]  # the transpose is in the order of LAPACK; what comes back is an upper triangle
    at = np.tril_indices(lower.shape[-1], -1)
    found[:, at[0], at[1]] = found[:, at[1], at[0]]
    return found


def log_likelihood(latent: Floats, value: Floats, precision: Floats) -> float:
    """The log likelihood of all units, up to what does not depend on `latent`."""
    total = 0.0
    for start in range(0, len(value), CHUNK):
        rows = slice(start, start + CHUNK)
        root, lower = _factored(latent, precision[rows])
        total -= float(np.log(np.diagonal(lower, axis1=1, axis2=2)).sum())
        for one, seen in zip(lower, root * value[rows], strict=True):
            half = dtrtrs(one.T, seen, trans=1)[0]  # the transpose is in the order of LAPACK
            total -= float(half @ half) / 2
    return total


def slopes(latent: Floats, value: Floats, precision: Floats) -> tuple[float, Floats]:
    """The log likelihood, and its derivative by every element of `latent` (D, D)."""
    total, found = 0.0, np.zeros_like(latent)
    for part in weigh(latent, value, precision):
        total += float(part.log_likelihood.sum())
        found += (part.pulled.T @ part.pulled - part.weight.sum(axis=0)) / 2
    return total, found


def information(latent: Floats, by: Floats, value: Floats, precision: Floats, rows: NDArray[np.intp]) -> Floats:
    """The expected information of the parameters that move `latent` by `by` (P, D, D), from some units for all."""
    many, size = len(by), len(latent)
    found, flat = np.zeros((many, many)), by.reshape(many * size, size)
    for part in weigh(latent, value[rows], precision[rows]):
        for weight in part.weight:
            moved = (flat @ weight).reshape(many, size, size)
            found += moved.reshape(many, -1) @ np.swapaxes(moved, 1, 2).reshape(many, -1).T
    return found * (len(value) / len(rows)) / 2


def levels(latent: Floats, value: Floats, precision: Floats) -> tuple[Floats, Floats]:
    """The mean and the variance (N, D) of every unit's eta given all that is seen of it."""
    mean, variance = np.empty_like(value), np.empty_like(value)
    for part in weigh(latent, value, precision):
        mean[part.rows] = part.pulled @ latent
        taken = np.einsum("dj,njk,kd->nd", latent, part.weight, latent, optimize=True)
        variance[part.rows] = np.maximum(np.diag(latent) - taken, 0)
    return mean, variance
