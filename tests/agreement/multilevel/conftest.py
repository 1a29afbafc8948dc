"""A second implementation of the linear mixed model: dense, slow, and obviously right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from likvard.models.multilevel import Effect, Fit, Model, fit
from likvard.moments.columns import ONE, Column, number
from likvard.moments.gather import gather


@dataclass(frozen=True, eq=False)
class Rows:
    """A small random table: outcome y, numbers x and z, and the keys of four groupings."""

    y: np.ndarray
    x: np.ndarray
    z: np.ndarray
    a: np.ndarray
    b: np.ndarray
    c: np.ndarray
    d: np.ndarray

    def table(self) -> pa.Table:
        return pa.table({name: getattr(self, name) for name in ("y", "x", "z", "a", "b", "c", "d")})


@pytest.fixture
def rows() -> Callable[..., Rows]:
    """Make a table: `b` nests in `a` and `a` in `d`, `c` crosses them; `shift` is added to y and x."""

    def make(seed: int, *, size: int = 160, shift: float = 0.0) -> Rows:
        random = np.random.default_rng(seed)
        b = random.integers(0, 18, size)
        a, c = b // 4, random.integers(0, 6, size)
        x, z = random.normal(size=size), random.normal(size=size)
        slopes = random.normal(size=18) * 0.6
        y = 1 + 0.5 * x + random.normal(size=5)[a] + random.normal(size=18)[b] + slopes[b] * x
        y = y + 0.8 * random.normal(size=6)[c] + random.normal(size=size)
        return Rows(y + shift, x + shift, z, a, b, c, a // 2)

    return make


@pytest.fixture
def from_moments() -> Callable[..., Fit]:
    """Fit through DuckDB and moments. `terms` are pairs of group columns and effect columns, 1, x or z."""

    def run(
        rows: Rows, terms: Sequence[tuple[str, str]], *, reml: bool, shift: float = 0.0, intercept: bool = True
    ) -> Fit:
        columns = {"1": ONE, "x": number("x", shift), "z": number("z"), "y": number("y", shift)}
        effects = [Effect(f"{g}{i}", tuple(g), tuple(columns[k] for k in cols)) for i, (g, cols) in enumerate(terms)]
        used = tuple(dict.fromkeys(c for e in effects for c in e.columns))
        groups = tuple(sorted({g for names, _ in terms for g in names}))
        con = duckdb.connect()
        con.register("rows", rows.table())
        fixed: tuple[Column, ...] = (*((ONE,) if intercept else ()), columns["x"], columns["z"])
        moments = gather(con, "rows", groups, (*fixed, columns["y"]), rows=used)
        return fit(moments, Model(columns["y"], fixed, tuple(effects), reml))

    return run


@dataclass(frozen=True, eq=False)
class Dense:
    """The model with its whole covariance matrix."""

    X: np.ndarray
    y: np.ndarray
    Z: list[np.ndarray]
    sizes: list[int]
    reml: bool

    def covariance(self, sigma2: float, covariances: Sequence[np.ndarray]) -> np.ndarray:
        V = sigma2 * np.eye(len(self.y))
        for Z, size, S in zip(self.Z, self.sizes, covariances, strict=True):
            V = V + Z @ np.kron(np.eye(size), S) @ Z.T
        return V

    def criterion(self, sigma2: float, covariances: Sequence[np.ndarray]) -> float:
        """-2 log (restricted) likelihood, with beta estimated."""
        V = self.covariance(sigma2, covariances)
        Vi = np.linalg.inv(V)
        A = self.X.T @ Vi @ self.X
        beta = np.linalg.solve(A, self.X.T @ Vi @ self.y)
        e = self.y - self.X @ beta
        n, p = self.X.shape
        value = np.linalg.slogdet(V)[1] + e @ Vi @ e + (n - p if self.reml else n) * np.log(2 * np.pi)
        return float(value + (np.linalg.slogdet(A)[1] if self.reml else 0.0))

    def estimates(self, sigma2: float, covariances: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        Vi = np.linalg.inv(self.covariance(sigma2, covariances))
        vcov = np.linalg.inv(self.X.T @ Vi @ self.X)
        return vcov @ self.X.T @ Vi @ self.y, vcov

    def effects(
        self, term: int, sigma2: float, covariances: Sequence[np.ndarray]
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Predictions of one term, and their covariance with beta known and with beta estimated."""
        Vi = np.linalg.inv(self.covariance(sigma2, covariances))
        beta, vcov = self.estimates(sigma2, covariances)
        G = np.kron(np.eye(self.sizes[term]), covariances[term])
        K = G @ self.Z[term].T @ Vi
        known = G - K @ self.Z[term] @ G
        return K @ (self.y - self.X @ beta), known, known + K @ self.X @ vcov @ self.X.T @ K.T


@pytest.fixture
def dense() -> Callable[..., Dense]:
    def make(rows: Rows, terms: Sequence[tuple[str, str]], *, reml: bool, intercept: bool = True) -> Dense:
        columns = {"1": np.ones(len(rows.y)), "x": rows.x, "z": rows.z}
        Z, sizes = [], []
        for names, effect in terms:
            keys = list(zip(*(getattr(rows, g).tolist() for g in names), strict=True))
            levels = sorted(set(keys))
            mark = np.array([[key == level for level in levels] for key in keys], dtype=float)
            Z.append(np.stack([mark * columns[k][:, None] for k in effect], axis=2).reshape(len(rows.y), -1))
            sizes.append(len(levels))
        X = np.column_stack([*([columns["1"]] if intercept else []), rows.x, rows.z])
        return Dense(X, rows.y, Z, sizes, reml)

    return make
