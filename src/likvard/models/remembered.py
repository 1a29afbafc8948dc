"""A structure that knows only what it has been told: sweeps at some thetas, made elsewhere and added up.

A search over it stops with `Unanswered` at the first theta that nobody has answered; started again with the answer, it
takes the same steps and goes on. So a fit can be spread over rounds of files, with the search itself unchanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from likvard.models.multilevel_covariance import Directions
from likvard.models.multilevel_criterion import Swept
from likvard.models.nested import LevelEffects
from likvard.terms import ModelError

Floats = NDArray[np.float64]

SAME = 1e-10
"""Thetas this near, relatively, are one: a variance is then known to ten digits, and a search need ask no further."""


class Unanswered(Exception):  # noqa: N818 - a question, no error
    """The search needs the answer at `at`."""

    def __init__(self, at: Floats) -> None:
        super().__init__(f"nobody has answered at {at}")
        self.at = at


def is_same(a: Floats, b: Floats) -> bool:
    """Whether two points are one to the search."""
    return bool(np.abs(a - b).max(initial=0.0) <= SAME * (1 + np.abs(a).max(initial=0.0)))


@dataclass(frozen=True, eq=False)
class Remembered:
    """Sweeps of nested random intercepts at the thetas that have been answered, in working columns."""

    rounds: tuple[tuple[Floats, Swept], ...]
    kind: ClassVar[str] = "nested"
    is_quick: ClassVar[bool] = False

    def sweep(self, directions: Sequence[Directions], k: int, *, derivatives: bool = True) -> Swept:
        """What was answered at the directions' theta. Raises `Unanswered` where nothing was."""
        theta = np.array([float(d.root[0, 0]) for d in directions])
        found = next((swept for at, swept in self.rounds if is_same(theta, at)), None)
        if found is None:
            raise Unanswered(theta)
        probed = [i for i, d in enumerate(directions) if d.own and not d.second.any()]
        return _by_variance(found, probed[0], float(theta[probed[0]])) if probed else found

    def effects(self, directions: Sequence[Directions], beta: Floats) -> tuple[LevelEffects, ...]:
        """Refuse: the groups' sums never came here."""
        raise ModelError(
            "The groups' effects are not known here: their sums stayed with their organisers.",
            "Let each organiser compute its own units' effects from the fit.",
        )


def _by_variance(swept: Swept, i: int, theta: float) -> Swept:
    """The first derivative in the variance psi = theta^2 of one level: by the second in theta where theta is 0."""
    if theta == 0:
        Q1, slope = swept.Q2[i, i] / 2, swept.d2logdet[i, i] / 2
    else:
        Q1, slope = swept.Q1[i] / (2 * theta), swept.dlogdet[i] / (2 * theta)
    still = np.zeros((1, 1, *swept.Q.shape))
    return Swept(swept.Q, Q1[None], still, swept.logdet, np.array([slope]), np.zeros((1, 1)))
