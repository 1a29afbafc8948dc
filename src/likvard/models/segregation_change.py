"""What a change in segregation between two years is made of: schools that come and go, who there is, how they are mixed.

After Elbers (2023, Sociological Methods & Research 52: 1): units that exist in one year only are set aside, and the
change among the others is shared by Shapley's rule between the sums of groups and units on one side and the structure
on the other (the odds ratios, which proportional fitting keeps), and then between the sums of groups and of units.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from likvard.models.segregation import Counts, Floats, mutual_information
from likvard.terms import ModelError

ALMOST_NONE = 1e-10
"""Pupils in an empty cell, so that proportional fitting can fill it where the sums ask for it; as in R `segregation`."""

PRECISION = 1e-12
"""How far a share may be from what it should be when fitting ends. R `segregation` ends at 0.001 by default, which for
2,000 schools is more than a school: its structural part of schools00 to schools05 is -0.0035, and +0.0032 when the
fitting has come to its end."""


@dataclass(frozen=True, slots=True)
class Change:
    """M before and after, in nats, and the five parts that the difference is the sum of.

    `additions` is what units bring that exist only after, `removals` what those took that existed only before.
    """

    before: float
    after: float
    additions: float
    removals: float
    group_marginal: float
    unit_marginal: float
    structural: float

    @property
    def difference(self) -> float:
        """M after minus M before."""
        return self.after - self.before


def change(before: Counts, after: Counts, *, precision: float = PRECISION) -> Change:
    """Share the change of M between two years among its five sources.

    Units are recognised by name, groups too; a group that only one year has is refused. Raises `ModelError` where fewer
    than two units exist in both years. `precision` is that of the fitting, in shares of all pupils.
    """
    if set(before.groups) != set(after.groups):
        raise ModelError("The years do not have the same groups.", "Take the groups that both years have.")
    units, first, second = np.intersect1d(before.units, after.units, return_indices=True)
    if len(units) < 2:
        raise ModelError("Fewer than two units exist in both years.", "Compare years that lie nearer each other.")
    old = before.pupils[np.ix_(first, np.argsort(before.groups))]
    new = after.pupils[np.ix_(second, np.argsort(after.groups))]
    here = (old.sum(axis=1) > 0) & (new.sum(axis=1) > 0)
    old, new = old[here], new[here]
    whole = mutual_information(before.pupils), mutual_information(after.pupils)
    common = mutual_information(old), mutual_information(new)
    parts = _shapley(_shares(old), _shares(new), precision)
    return Change(*whole, whole[1] - common[1], common[0] - whole[0], *parts)


def _shares(pupils: Floats) -> Floats:
    filled = np.where(pupils > 0, pupils, ALMOST_NONE)
    return np.asarray(filled / filled.sum())


def _shapley(old: Floats, new: Floats, precision: float) -> tuple[float, float, float]:
    """What the sums of groups, the sums of units and the structure each move M, over all orders of turning new.

    The two kinds of sums turn new one after the other, never with the structure between them.
    """
    years = (old, new)
    m = {
        (g, u, s): mutual_information(fitted(years[s], years[u].sum(axis=1), years[g].sum(axis=0), precision=precision))
        for g, u, s in product((0, 1), repeat=3)
    }
    group = sum(m[1, u, s] - m[0, u, s] for u, s in product((0, 1), repeat=2)) / 4
    unit = sum(m[g, 1, s] - m[g, 0, s] for g, s in product((0, 1), repeat=2)) / 4
    structural = (m[0, 0, 1] - m[0, 0, 0] + m[1, 1, 1] - m[1, 1, 0]) / 2
    return group, unit, structural


def fitted(structure: Floats, units: Floats, groups: Floats, *, precision: float = PRECISION) -> Floats:
    """The table (U, G) of shares with the odds ratios of `structure` and these shares of units (U,) and groups (G,).

    Iterative proportional fitting (Deming & Stephan 1940) until no share is off by more than `precision`. Raises
    `ModelError` where it does not get there: then there is no such table.
    """
    table = structure
    for _ in range(_ROUNDS):
        for at, target in ((0, groups), (1, units)):
            table = table * np.expand_dims(target / table.sum(axis=at), at)
            off = max(np.abs(table.sum(axis=0) - groups).max(), np.abs(table.sum(axis=1) - units).max())
            if off <= precision:
                return np.asarray(table)
    raise ModelError("The table cannot be given those sums.", "Leave out units and groups with few pupils.")


_ROUNDS = 20_000
