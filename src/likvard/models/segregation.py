"""How unevenly groups of pupils go to different schools: measures of segregation on grouped counts.

All measures take a `Counts`: pupils by unit and group. Sources: Theil & Finizza (1971) and Mora & Ruiz-Castillo (2011,
Sociological Methodology 41: 159) for M and H, Reardon & Firebaugh (2002, Sociological Methodology 32: 33) for the
dissimilarity of several groups. Reference implementation: R `segregation` (Elbers 2023).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import xlogy

from likvard.terms import ModelError

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.str_]
Codes = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Counts:
    """Pupils (U, G) by unit and group, with the places that units lie in.

    `places` (U, L) are codes of what each unit lies in, the largest first; a unit's own place is the row itself. Every
    place of a level must lie in one place of the level above: give codes that are unique over the whole. Units without
    pupils and groups without pupils are allowed and count for nothing. Raises `ModelError` for what is no count.
    """

    pupils: Floats
    units: Labels
    groups: Labels
    places: Codes
    levels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        u, g = self.pupils.shape
        if (u, g) != (len(self.units), len(self.groups)) or self.places.shape != (u, len(self.levels)):
            raise ModelError("The counts do not fit their units, groups and levels.", "Give one row for each unit.")
        if not np.isfinite(self.pupils).all() or (self.pupils < 0).any():
            raise ModelError("A number of pupils is negative or missing.", "Leave such rows out or correct them.")
        if (self.pupils.sum(axis=0) > 0).sum() < 2:
            raise ModelError(
                "There are not two groups with pupils.", "Segregation is between groups: give two or more."
            )

    @classmethod
    def of(
        cls,
        unit: Sequence[str] | npt.NDArray[np.object_],
        group: Sequence[str] | npt.NDArray[np.object_],
        count: npt.ArrayLike,
        within: Sequence[tuple[str, npt.NDArray[np.object_] | Sequence[str]]] = (),
    ) -> Counts:
        """Counts from rows in long form; equal rows are added. `within` names the levels, the largest first.

        A unit is known by its name and the places it lies in, so schools of the same name in two districts are two.
        """
        rows = [_codes(names) for _, names in within] + [_codes(unit)]
        place = [rows[0]]
        for column in rows[1:]:
            place.append(_pair(place[-1], column))
        names, member = np.unique(np.asarray(group, dtype=str), return_inverse=True)
        _, first, row = np.unique(place[-1], return_index=True, return_inverse=True)
        pupils = np.zeros((len(first), len(names)))
        np.add.at(pupils, (row, member), np.asarray(count, dtype=float))
        places = (
            np.stack([p[first] for p in place[:-1]], axis=1) if within else np.zeros((len(first), 0), dtype=np.intp)
        )
        return cls(pupils, np.asarray(unit, dtype=str)[first], names, places, tuple(name for name, _ in within))

    @property
    def total(self) -> float:
        """All pupils."""
        return float(self.pupils.sum())

    def at(self, level: int) -> Floats:
        """Pupils by place of a level and group: level 0 is the largest, `len(levels)` the units themselves."""
        if level == len(self.levels):
            return self.pupils
        _, row = np.unique(self.places[:, level], return_inverse=True)
        out = np.zeros((int(row.max()) + 1, self.pupils.shape[1]))
        np.add.at(out, row, self.pupils)
        return out

    def where(self, chosen: npt.NDArray[np.bool_]) -> Counts:
        """The counts of some units (U,) only."""
        return Counts(self.pupils[chosen], self.units[chosen], self.groups, self.places[chosen], self.levels)


def _codes(names: Sequence[str] | npt.NDArray[np.object_]) -> Codes:
    return np.asarray(np.unique(np.asarray(names, dtype=str), return_inverse=True)[1], dtype=np.intp)


def _pair(first: Codes, second: Codes) -> Codes:
    both = first * (int(second.max(initial=0)) + 1) + second
    return np.asarray(np.unique(both, return_inverse=True)[1], dtype=np.intp)


@dataclass(frozen=True, slots=True)
class Indices:
    """M in nats, H = M / entropy of the groups (0 to 1), and D, the share who would have to change school (0 to 1)."""

    m: float
    h: float
    d: float


@dataclass(frozen=True, slots=True)
class Part:
    """How much of the segregation lies between the places of one level inside those of the level above."""

    level: str
    within: str
    m: float
    h: float


def entropy(pupils: npt.ArrayLike) -> float:
    """The entropy in nats of a distribution given by counts: how mixed the whole is."""
    n = np.asarray(pupils, dtype=float)
    total = float(n.sum())
    return float(np.log(total) - xlogy(n, n).sum() / total) if total > 0 else 0.0


def mutual_information(pupils: Floats) -> float:
    """M of counts (U, G), in nats: what knowing the school tells of the group (Theil & Finizza 1971)."""
    total = pupils.sum()
    unit, group = pupils.sum(axis=1, keepdims=True), pupils.sum(axis=0, keepdims=True)
    here = pupils > 0
    ratio = np.divide(pupils * total, unit * group, out=np.ones_like(pupils), where=here)
    return float((pupils * np.log(ratio)).sum() / total)


def dissimilarity(pupils: Floats) -> float:
    """D of counts (U, G): the share of pupils who would have to change school, of those who would if none were mixed.

    For two groups the index of Duncan & Duncan (1955), for more that of Reardon & Firebaugh (2002).
    """
    total, unit = pupils.sum(), pupils.sum(axis=1, keepdims=True)
    share = pupils.sum(axis=0, keepdims=True) / total
    return float(np.abs(pupils - unit * share).sum() / (2 * total * (share * (1 - share)).sum()))


def indices(counts: Counts) -> Indices:
    """M, H and D between units, as they are: not corrected for what chance gives in small units."""
    m = mutual_information(counts.pupils)
    return Indices(m, m / entropy(counts.pupils.sum(axis=0)), dissimilarity(counts.pupils))


def pairwise(counts: Counts, first: str, second: str) -> float:
    """D of two groups only, all others left out (Duncan & Duncan 1955). Raises `ModelError` for an unknown group."""
    for name in (first, second):
        if name not in counts.groups:
            raise ModelError(f"There is no group {name!r}.", f"There are: {', '.join(counts.groups)}.")
    a, b = (counts.pupils[:, counts.groups == name][:, 0] for name in (first, second))
    return float(np.abs(a / a.sum() - b / b.sum()).sum() / 2)


def exposure(counts: Counts) -> Floats:
    """Exposure (G, G): the mean share of group `j` in the schools of pupils of group `i`; the diagonal is isolation.

    Lieberson (1981); rows of groups without pupils are NaN.
    """
    unit = counts.pupils.sum(axis=1, keepdims=True)
    share = np.divide(counts.pupils, unit, out=np.zeros_like(counts.pupils), where=unit > 0)
    with np.errstate(invalid="ignore"):
        return np.asarray(counts.pupils.T @ share / counts.pupils.sum(axis=0)[:, None])


def local(counts: Counts) -> tuple[Floats, Floats]:
    """What each group (G,) and each unit (U,) is cut off: local segregation in nats; means weighted by pupils are M.

    Mora & Ruiz-Castillo (2011). Groups and units without pupils are NaN.
    """
    n = counts.pupils
    unit, group = n.sum(axis=1, keepdims=True), n.sum(axis=0, keepdims=True)
    ratio = np.divide(n * n.sum(), unit * group, out=np.ones_like(n), where=n > 0)
    told = n * np.log(ratio)
    with np.errstate(invalid="ignore"):
        return told.sum(axis=0) / group[0], told.sum(axis=1) / unit[:, 0]


def parts(counts: Counts) -> tuple[Part, ...]:
    """M and H split by level, from between the largest places to between units inside the smallest; they add up.

    H of every part is by the entropy of the whole, so that the parts add up to H of the whole.
    """
    names = (*counts.levels, "unit")
    chain = [0.0, *(mutual_information(counts.at(i)) for i in range(len(names)))]
    whole = entropy(counts.pupils.sum(axis=0))
    return tuple(
        Part(name, ", ".join(names[:i]), m, m / whole)
        for i, (name, m) in enumerate(zip(names, np.diff(chain).tolist(), strict=True))
    )
