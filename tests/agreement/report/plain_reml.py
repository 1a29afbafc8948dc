"""Area-level models by the whole covariance matrix of every group, and slopes by a step along the imaginary axis.

    y = X b + u_group + v_row + e,    V_group = s_u J + diag(s_v + d)

No formula for the derivative of anything: the criterion is analytic, so Im f(x + ih) / h is its slope to the last digit.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from scipy import optimize

STEP = 1e-30
Z = 1.959963984540054  # the normal quantile of 0.975


def slopes(of, at):
    """The derivative of `of` (a number or an array) along each of `at`."""
    moves = STEP * 1j * np.eye(len(at))
    return np.array([np.imag(of(np.asarray(at) + move)) / STEP for move in moves])


def log_det(V):
    sign, size = np.linalg.slogdet(V)
    return np.sum(np.log(sign)) + np.sum(size)


def lone_variance(y, X, d):
    """The variance between rows that each stand alone, V = diag(s_v + d), at which the criterion is lowest."""
    rest = y - X @ np.linalg.lstsq(X, y, rcond=None)[0]

    def slope(s_v):
        w = 1 / (s_v + STEP * 1j + d)
        wX = w[:, None] * X
        precision, pull = wX.T @ X, wX.T @ rest
        square = w @ rest**2 - pull @ np.linalg.solve(precision, pull)
        return float(np.imag(-np.sum(np.log(w)) + log_det(precision) + square)) / STEP

    return 0.0 if slope(0.0) >= 0 else optimize.brentq(slope, 0.0, 4 * np.mean(rest**2), xtol=1e-10, rtol=1e-12)


class Dense:
    """One model: rows gathered by group, groups of one size stacked so that numpy loops over their matrices."""

    def __init__(self, y, X, d, group=None):
        self.y, self.X, self.d = (np.asarray(part, dtype=float) for part in (y, X, d))
        labels = list(range(len(self.y))) if group is None else list(group)
        self.alone = group is None
        rows = defaultdict(list)
        for row, label in enumerate(labels):
            rows[label].append(row)
        self.groups = sorted(rows)
        self.rows = rows
        by_size = defaultdict(list)
        for label in self.groups:
            by_size[len(rows[label])].append(rows[label])
        self.stacks = [np.array(group_rows) for group_rows in by_size.values()]
        ordinary = np.linalg.lstsq(self.X, self.y, rcond=None)[0]
        self.rest = self.y - self.X @ ordinary  # the criterion does not see X b; small numbers keep their digits
        self.ordinary = ordinary

    def V(self, theta, rows):
        """Covariance of the rows of each group of a stack."""
        size = rows.shape[1]
        return theta[0] * np.ones((size, size)) + (theta[1] + self.d[rows])[:, :, None] * np.eye(size)

    def sums(self, theta):
        """log det V, X'V^-1 X, X'V^-1 r and r'V^-1 r over all groups."""
        p = self.X.shape[1]
        found = [0.0, np.zeros((p, p)), np.zeros(p), 0.0]
        for rows in self.stacks:
            V, X, r = self.V(theta, rows), self.X[rows], self.rest[rows]
            VX, Vr = np.linalg.solve(V, X), np.linalg.solve(V, r[:, :, None])[:, :, 0]
            parts = (
                log_det(V),
                np.einsum("gip,giq->pq", X, VX, optimize=True),
                np.einsum("gip,gi->p", X, Vr),
                np.sum(r * Vr),
            )
            found = [old + part for old, part in zip(found, parts, strict=True)]
        return found

    def criterion(self, theta):
        """Minus twice the restricted log-likelihood, without its constant."""
        log_V, precision, pull, square = self.sums(theta)
        return log_V + log_det(precision) + square - pull @ np.linalg.solve(precision, pull)

    def fit(self):
        """The variances at which the criterion is lowest: a search, then the root of its slope."""
        if self.alone:
            self.theta = np.array([0.0, lone_variance(self.y, self.X, self.d)])
            return self.finish()
        spare = float(np.mean(self.rest**2))
        found = optimize.minimize(
            lambda t: float(self.criterion(t)),
            [spare / 4, spare / 4],
            jac=lambda t: slopes(self.criterion, t),
            method="L-BFGS-B",
            bounds=[(0, None)] * 2,
        )
        free = found.x > 1e-4 * spare
        self.theta = np.where(free, found.x, 0.0)
        if (slopes(self.criterion, self.theta)[~free] < 0).any():
            raise ValueError("the search stopped at a border though the criterion falls away from it")
        polished = optimize.root(
            lambda t: slopes(self.criterion, self.with_free(free, t))[free], found.x[free], tol=1e-13
        )
        self.theta = self.with_free(free, polished.x)
        return self.finish()

    def with_free(self, free, values):
        theta = np.zeros(2)
        theta[free] = values
        return theta

    def finish(self):
        _, precision, pull, _ = self.sums(self.theta)
        self.Q = np.linalg.inv(precision)
        self.beta = self.ordinary + self.Q @ pull
        self.covariance = self.covariance_of_variances()
        return self

    def covariance_of_variances(self):
        """Twice the inverse of tr(P V_k P V_l), written out by blocks: P = V^-1 - V^-1 X Q X'V^-1."""
        p = self.X.shape[1]
        first, middle = np.zeros((2, 2)), np.zeros((2, 2, p, p))
        last = np.zeros((2, p, p))
        for rows in self.stacks:
            inverse = np.linalg.inv(self.V(self.theta, rows))
            size = rows.shape[1]
            moves = (np.ones((size, size)), np.eye(size))
            VX = inverse @ self.X[rows]
            for k in (0, 1):
                kX = moves[k] @ VX
                last[k] += np.einsum("gip,giq->pq", VX, kX, optimize=True)
                for m in (0, 1):
                    first[k, m] += np.einsum("gij,gji->", inverse @ moves[k], inverse @ moves[m])
                    middle[k, m] += np.einsum("gip,giq->pq", kX, inverse @ moves[m] @ VX, optimize=True)
        information = np.array(
            [
                [
                    first[k, m] - 2 * np.sum(self.Q * middle[k, m]) + np.trace(self.Q @ last[k] @ self.Q @ last[m])
                    for m in (0, 1)
                ]
                for k in (0, 1)
            ]
        )
        if self.alone:
            return np.diag([0.0, 2 / information[1, 1]])
        return 2 * np.linalg.inv(information)

    def kept(self):
        """By group: the shrunken effect u and its standard error of prediction (Prasad and Rao)."""
        return {label: self.effect(np.array([self.rows[label]])) for label in self.groups}

    def effect(self, rows):
        ones, X = np.ones(rows.shape[1]), self.X[rows[0]]

        def weights(theta):
            return theta[0] * np.linalg.solve(self.V(theta, rows)[0], ones)

        m, V = weights(self.theta), self.V(self.theta, rows)[0]
        value = m @ (self.y[rows[0]] - X @ self.beta)
        turn = slopes(weights, self.theta)
        g1 = self.theta[0] - m @ V @ m
        g2 = (m @ X) @ self.Q @ (m @ X)
        g3 = np.sum(self.covariance * (turn @ V @ turn.T))
        return float(value), float(np.sqrt(g1 + g2 + 2 * g3))
