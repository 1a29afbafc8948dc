"""Who goes to which school, from a lake: pupils by background, unit and year, exact or as published."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt

from likvard.flow.register import Register
from likvard.models.segregation import Codes, Counts, Floats
from likvard.records.questions import segregation as question
from likvard.records.questions.columns import Columns
from likvard.terms import Missing, Words

FORMS = ("FSK", "FKLASS", "GR", "GY")
"""Forms whose pupils are told apart by background. Others have a few units in the country, or hardly any children of one."""

HIDDEN = (1.0, 9.0)
"""A share that a source hides stands for so many pupils: fewer than ten have the background, or at least one."""

ENOUGH = 0.8
"""A published year counts as whole when it has this share of the units of the year with the most."""

ALL, YEAR_9 = "all", "year_9"

GROUPS: Mapping[str, tuple[str, str]] = {
    "education": ("tertiary", "not_tertiary"),
    "foreign": ("foreign", "swedish"),
}
"""The two groups of each subject, by the names that publications use."""

WORDS: Mapping[str, Words] = {
    "education": Words("föräldrarnas utbildning", "parents' education"),
    "foreign": Words("utländsk bakgrund", "foreign background"),
}


@dataclass(frozen=True, eq=False)
class Mixed:
    """Pupils (U, 2) of the two groups of a subject, by unit, in one form and year, with where the units lie.

    `frame` says which units: all, or those with a merit value that year. `low` and `high` (U, 2) are the counts that make
    units as like the whole, and as unlike it, as what a source hides allows; the same as `pupils` where nothing is hidden.
    `public` tells that it is made of published shares alone.
    """

    subject: str
    form: str
    year: int
    frame: str
    unit: npt.NDArray[np.str_]
    municipality: npt.NDArray[np.str_]
    organiser: npt.NDArray[np.str_]
    pupils: Floats
    low: Floats
    high: Floats
    hidden: int
    public: bool = False

    @property
    def counts(self) -> Counts:
        """The counts with municipality and organiser as levels."""
        return self._counts(self.pupils)

    @property
    def bounds(self) -> tuple[Counts, Counts]:
        """The counts that are least and most segregated within what is known."""
        return self._counts(self.low), self._counts(self.high)

    def _counts(self, pupils: Floats) -> Counts:
        place = _codes(self.municipality)
        inside = np.unique(np.stack([place, _codes(self.organiser)]), axis=1, return_inverse=True)[1]
        places = np.stack([place, inside.ravel()], axis=1).astype(np.intp)
        groups = np.array(GROUPS[self.subject])
        return Counts(pupils, self.unit, groups, places, ("municipality", "organiser"))


def _codes(names: npt.NDArray[np.str_]) -> Codes:
    return np.unique(names, return_inverse=True)[1].astype(np.intp)


def mixed(con: duckdb.DuckDBPyConnection, known: Register) -> tuple[Mixed, ...]:
    """Every subject, form and year of which the lake tells who goes where: own records first, else published shares.

    Sorted by subject, form, frame and year. Units that the register does not know have no place: they are left out.
    """
    where = {row.code: (row.municipality_code, row.organiser) for row in known.units if row.municipality_code}
    own = tuple(_own(question.background(con), where))
    found = own or tuple(_stated(question.published_background(con), where))
    return tuple(sorted(found, key=lambda m: (m.subject, m.form, m.frame, m.year)))


def _own(rows: Columns, where: Mapping[str, tuple[str, str]]) -> Iterator[Mixed]:
    known = np.array([u in where for u in rows["unit"]], dtype=bool)
    for form in FORMS:
        of_form = known & (rows["form"] == form)
        for year in np.unique(rows["year"][of_form]).tolist():
            here = of_form & (rows["year"] == year)
            for subject in GROUPS:
                pupils = np.stack([rows[f"{subject}_in"][here], rows[f"{subject}_out"][here]], axis=1)
                some = pupils.sum(axis=1) > 0
                if _two_groups(pupils):
                    units = rows["unit"][here][some].astype(str)
                    yield made(subject, form, int(year), ALL, units, where, pupils[some])


def made(
    subject: str,
    form: str,
    year: int,
    frame: str,
    unit: npt.NDArray[np.str_],
    where: Mapping[str, tuple[str, str]],
    pupils: Floats,
    bounds: tuple[Floats, Floats] | None = None,
    hidden: int = 0,
    *,
    public: bool = False,
) -> Mixed:
    """Pupils of units with the municipality and organiser of each (`where`)."""
    places = np.array([where[u] for u in unit], dtype=str).reshape(-1, 2)
    low, high = bounds or (pupils, pupils)
    return Mixed(subject, form, year, frame, unit, places[:, 0], places[:, 1], pupils, low, high, hidden, public)


def _two_groups(pupils: Floats) -> bool:
    return len(pupils) > 0 and bool((pupils.sum(axis=0) > 0).all())


def _stated(rows: Columns, where: Mapping[str, tuple[str, str]]) -> Iterator[Mixed]:
    """Published shares times published pupils, of all units in years that have about all, and of those with merit values."""
    usable = np.array([u in where for u in rows["area_code"]], dtype=bool) & (rows["n"] > 0)
    usable &= np.isin(rows["status"].astype(str), ["", *HOW_HIDDEN])
    for subject, measure in question.SHARES.items():
        of_subject = usable & (rows["measure"] == measure)
        years, sizes = np.unique(rows["year"][of_subject], return_counts=True)
        for year, size in zip(years.tolist(), sizes.tolist(), strict=True):
            here = of_subject & (rows["year"] == year)
            frames = ((ALL, here),) if size >= ENOUGH * sizes.max() else ()
            for frame, chosen in (*frames, (YEAR_9, here & rows["merit"])):
                found = _year(
                    rows, chosen, lambda i: (rows["value"][i], rows["status"][i], rows["low"][i], rows["high"][i])
                )
                if found is not None:
                    units = rows["area_code"][chosen].astype(str)
                    yield made(subject, "GR", int(year), frame, units, where, *found, public=True)


HOW_HIDDEN = (Missing.FEW, Missing.NEAR_ALL, Missing.NEAR_NONE)
"""Ways of hiding a share that leave something known: how few, or a range."""

Told = tuple[float, str, float, float]
"""A share as told: its value, or why there is none, and the range that the symbol allows."""


def _year(
    rows: Columns, chosen: npt.NDArray[np.bool_], told: Callable[[int], Told]
) -> tuple[Floats, tuple[Floats, Floats], int] | None:
    at = np.flatnonzero(chosen).tolist()
    n = rows["n"][chosen]
    middle, low, high, hidden = as_told([told(i) for i in at], n, np.zeros(len(n), dtype=np.intp))
    if not all(_two_groups(table) for table in (middle, low, high)):
        return None
    return middle, (low, high), int(hidden.sum())


def as_told(told: Sequence[Told], sizes: Floats, place: Codes) -> tuple[Floats, Floats, Floats, npt.NDArray[np.bool_]]:
    """Pupils (U, 2) by what is told of each unit's share, the least and most segregated counts, and which are hidden.

    A hidden share is taken to be in the middle of what it may be; the others are as near the mix of the unit's own place
    (U,), and as far from it, as they may be.
    """
    n = np.round(sizes)
    ends = np.array([_ends(*t, size) for t, size in zip(told, n.tolist(), strict=True)]).reshape(-1, 2)
    middle = ends.mean(axis=1)
    share = np.bincount(place, middle) / np.maximum(np.bincount(place, n), 1)
    near = np.clip(share[place] * n, ends[:, 0], ends[:, 1])
    far = np.where(near - ends[:, 0] > ends[:, 1] - near, ends[:, 0], ends[:, 1])
    middle, near, far = (np.round(x) for x in (middle, near, far))
    return _table(middle, n), _table(near, n), _table(far, n), np.asarray(ends[:, 1] > ends[:, 0])


def _ends(value: float, status: str, low: float, high: float, n: float) -> tuple[float, float]:
    """How many pupils a share may stand for."""
    if not status and np.isfinite(value):
        return value * n, value * n
    if np.isfinite(low) and np.isfinite(high):
        return low * n, high * n
    return min(HIDDEN[0], n), min(HIDDEN[1], n)


def _table(members: Floats, n: Floats) -> Floats:
    return np.stack([members, n - members], axis=1)
