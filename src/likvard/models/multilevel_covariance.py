"""Relative covariances of random effects by their Cholesky factors: the parameters theta that a fit searches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Directions:
    """The relative covariance psi (q x q) of one grouping's effects, and how it moves with its parameters.

    `own` are the positions of its k parameters in theta, `first` (k x q x q) and `second` (k x k x q x q) the
    derivatives of psi, `root` (q x q) a root: psi = root root'.
    """

    psi: Floats
    root: Floats
    own: tuple[int, ...]
    first: Floats
    second: Floats


@dataclass(frozen=True)
class Layout:
    """Which effects share a grouping: `sizes[f][e]` is the number of columns of effect e of grouping f.

    Effects of one grouping are independent of one another; the columns within an effect may be correlated.
    theta runs over groupings, effects, then down the columns of each lower triangle, as in lme4.
    """

    sizes: tuple[tuple[int, ...], ...]

    @cached_property
    def blocks(self) -> tuple[tuple[int, int, int, int], ...]:
        """For every effect in order: its grouping, its first column there, its size, its first place in theta."""
        found, place = [], 0
        for f, sizes in enumerate(self.sizes):
            for e, q in enumerate(sizes):
                found.append((f, sum(sizes[:e]), q, place))
                place += q * (q + 1) // 2
        return tuple(found)

    @property
    def size(self) -> int:
        """Length of theta."""
        return sum(q * (q + 1) // 2 for sizes in self.sizes for q in sizes)

    @cached_property
    def diagonal(self) -> NDArray[np.bool_]:
        """Which elements of theta are diagonal."""
        return np.array([i == j for _, _, q, _ in self.blocks for i, j in _triangle(q)], dtype=bool)

    def start(self, scale: float) -> Floats:
        """Theta of uncorrelated effects with relative standard deviation `scale`."""
        return np.where(self.diagonal, scale, 0.0)

    def roots(self, theta: Floats) -> tuple[Floats, ...]:
        """The lower triangular factor of every effect."""
        return tuple(_fill(theta[place:], q) for _, _, q, place in self.blocks)

    def theta(self, roots: Sequence[Floats]) -> Floats:
        """The theta of the effects' lower triangular factors."""
        parts = [[root[i, j] for i, j in _triangle(len(root))] for root in roots]
        return np.array([value for part in parts for value in part])

    def directions(self, theta: Floats, maps: Mapping[int, Floats] | None = None) -> tuple[Directions, ...]:
        """The covariance of every grouping at theta with its derivatives.

        `maps` gives for some effects a matrix T by which theta's root L means psi = T L L' T' instead of L L'.
        """
        return tuple(self._of_grouping(f, theta, maps or {}) for f in range(len(self.sizes)))

    def _of_grouping(self, grouping: int, theta: Floats, maps: Mapping[int, Floats]) -> Directions:
        q = sum(self.sizes[grouping])
        own: list[int] = []
        units: list[Floats] = []
        root, T = np.zeros((q, q)), np.eye(q)
        for e, (f, begin, size, place) in enumerate(self.blocks):
            if f == grouping:
                T[begin : begin + size, begin : begin + size] = maps.get(e, np.eye(size))
                for a, (i, j) in enumerate(_triangle(size)):
                    unit = np.zeros((q, q))
                    unit[begin + i, begin + j] = 1.0
                    units.append(unit)
                    own.append(place + a)
                    root[begin + i, begin + j] = theta[place + a]
        E, root = T @ np.array(units), T @ root
        EL = E @ root.T
        EE = np.einsum("aij,bkj->abik", E, E)
        return Directions(root @ root.T, root, tuple(own), EL + EL.transpose(0, 2, 1), EE + EE.transpose(0, 1, 3, 2))

    def probe(self, theta: Floats, effect: int) -> tuple[Directions, ...]:
        """As `directions`, but with the elements of one effect's psi as the only parameters, row by row."""
        f, begin, size, _ = self.blocks[effect]
        found = [replace(d, own=(), first=d.first[:0], second=d.second[:0, :0]) for d in self.directions(theta)]
        q = len(found[f].psi)
        units = np.zeros((size * size, q, q))
        for a, (i, j) in enumerate((i, j) for i in range(size) for j in range(size)):
            units[a, begin + i, begin + j] += 0.5
            units[a, begin + j, begin + i] += 0.5
        still = np.zeros((size * size, size * size, q, q))
        found[f] = replace(found[f], own=tuple(range(size * size)), first=units, second=still)
        return tuple(found)


def _triangle(q: int) -> list[tuple[int, int]]:
    return [(i, j) for j in range(q) for i in range(j, q)]


def _fill(values: Floats, q: int) -> Floats:
    root = np.zeros((q, q))
    for value, (i, j) in zip(values, _triangle(q), strict=False):
        root[i, j] = value
    return root


def factor(psi: Floats) -> Floats:
    """A lower triangular root of a positive semidefinite matrix with nonnegative diagonal; exact when singular."""
    values, vectors = np.linalg.eigh((psi + psi.T) / 2)
    half = vectors * np.sqrt(np.maximum(values, 0.0))
    triangle: Floats = np.linalg.qr(half.T, mode="r")  # type: ignore[assignment]  # with mode "r" an array
    root: Floats = triangle.T * np.where(np.diag(triangle) < 0, -1.0, 1.0)
    return root
