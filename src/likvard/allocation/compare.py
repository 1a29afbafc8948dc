"""Does the money follow the need? Last year against the proposal, at all units, not only where need is plain.

The slope is crowns a pupil for each index point, by least squares weighted by pupils; the rank correlation is Spearman's, with
mean ranks for ties. Both are told for the year before, for the proposal and for need with no limits. They describe this frame's
schools, all of them, so they carry no interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from likvard.allocation import saying
from likvard.allocation.round import Unit
from likvard.allocation.saying import EN, SV
from likvard.allocation.share import Outcome, Row
from likvard.terms import Words

Floats = NDArray[np.float64]

MEAN = 100.0
"""Where the index has its mean over the frame's pupils."""

MUCH_UNSEEN = 0.2
"""From this share of pupils that the index does not see, the need is little known."""


LEAST_BELOW = 0.05
"""How far below what need gives a school must be held to be told of: five per cent of its crowns without limits."""


def held_below(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Rows of schools that a limit holds at least five per cent below what they would get without limits, in the order given."""
    return tuple(row for row in rows if row.limit and row.full and (row.full - row.crowns) / row.full >= LEAST_BELOW)


@dataclass(frozen=True, slots=True)
class Point:
    """A unit in the picture of money against need: crowns a pupil the year before, as proposed, and by need with no limits."""

    unit: Unit
    need: float
    now: float | None
    proposed: float
    full: float


@dataclass(frozen=True, slots=True)
class Follows:
    """How money follows need over some units: crowns a pupil per index point, and the rank correlation; None if undefined."""

    slope: float | None
    rank: float | None
    units: int


@dataclass(frozen=True, slots=True)
class Compared:
    """A proposal against the year before and against need.

    `moved` is the crowns that change school against the year before beyond what the frame grows or shrinks (half the sum of the
    changes about their mean share); `more`, `less` and `same` count the units that were there the year before.
    """

    points: tuple[Point, ...]
    now: Follows
    proposed: Follows
    full: Follows
    moved: int | None
    more: int
    less: int
    same: int
    frame_last: int | None


@dataclass(frozen=True, slots=True)
class UnseenNeed:
    """A unit in need that gets nothing extra: its index (100 is the mean), crowns a pupil, the frame's mean, and why.

    The crowns of the proposal are without what is set apart, which is no compensation for need; last year's are all there were.
    """

    unit: Unit
    need: float
    per_pupil: float
    mean: float
    why: Words


@dataclass(frozen=True, slots=True)
class LittleKnown:
    """A unit whose need is not known or only in part: the share of pupils that the index does not see, None if all."""

    unit: Unit
    unseen: float | None
    why: Words


def points(rows: Sequence[Row]) -> tuple[Point, ...]:
    """The units whose need is known, in order of code."""
    known = sorted((row for row in rows if row.need is not None), key=lambda row: row.unit.code)
    return tuple(
        Point(row.unit, row.need or 0.0, row.unit.last_per_pupil, row.per_pupil, row.full / row.unit.pupils)
        for row in known
    )


def compare(outcome: Outcome) -> Compared:
    """Hold the outcome against the year before and against need."""
    found = points(outcome.rows)
    was = [row for row in outcome.rows if row.unit.last is not None]
    changes = [row.change or 0 for row in was]
    last = sum(row.unit.last or 0 for row in was)
    return Compared(
        points=found,
        now=_follows([(p.need, p.now, p.unit.last_pupils or 0.0) for p in found if p.now is not None]),
        proposed=_follows([(p.need, p.proposed, p.unit.pupils) for p in found]),
        full=_follows([(p.need, p.full, p.unit.pupils) for p in found]),
        moved=_moved(was) if was else None,
        more=sum(1 for change in changes if change > 0),
        less=sum(1 for change in changes if change < 0),
        same=sum(1 for change in changes if change == 0),
        frame_last=last if was else None,
    )


def _moved(was: Sequence[Row]) -> int:
    """Crowns that change hands when the year before's shares are carried over to this year's sum."""
    last, now = sum(row.unit.last or 0 for row in was), sum(row.crowns for row in was)
    if not last:
        return now
    return round(sum(abs(row.crowns - (row.unit.last or 0) * now / last) for row in was) / 2)


def _follows(triples: Sequence[tuple[float, float, float]]) -> Follows:
    """From need, crowns a pupil and pupils of each unit."""
    if len(triples) < 3:
        return Follows(None, None, len(triples))
    need, money, pupils = np.array(triples, dtype=np.float64).T
    about = need - np.average(need, weights=pupils)
    spread = float(pupils @ about**2)
    slope = float((pupils * about) @ money) / spread if spread > 0 else None
    return Follows(slope, _correlation(_ranks(need), _ranks(money)), len(triples))


def _correlation(x: Floats, y: Floats) -> float | None:
    x, y = x - x.mean(), y - y.mean()
    spread = float((x @ x) * (y @ y))
    return float(x @ y) / sqrt(spread) if spread > 0 else None


def _ranks(values: Floats) -> Floats:
    """Ranks from 1, ties sharing their mean."""
    _, place, times = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(times)
    mean: Floats = last - (times - 1) / 2
    return mean[place]


def unseen_need(rows: Sequence[Row], *, last: bool = False) -> tuple[UnseenNeed, ...]:
    """Units in need that get nothing extra, in the proposal or, with `last`, the year before; in order of code.

    In need: the index lies above the frame's mean, with its whole interval where there is one; whether it is the index that
    the rule uses or the other one. Nothing extra: no more crowns a pupil than the frame's mean, what is set apart left out of both:
    a small school's structural grant must not hide that its need gives nothing.
    """
    told = [(row, money) for row in rows if (money := _money(row, last)) is not None]
    pupils = sum(_weight(row, last) for row, _ in told)
    mean = sum(money * _weight(row, last) for row, money in told) / pupils if pupils else 0.0
    scales = {source: _scale(rows, source) for source in ("need", "stated")}
    found = []
    for row, money in sorted(told, key=lambda pair: pair[0].unit.code):
        need = _in_need(row, scales)
        if need is not None and money <= mean:
            found.append(UnseenNeed(row.unit, need, money, mean, _why(row, last)))
    return tuple(found)


def _money(row: Row, last: bool) -> float | None:
    return row.unit.last_per_pupil if last else (row.crowns - row.set_apart) / row.unit.pupils


def _weight(row: Row, last: bool) -> float:
    return row.unit.last_pupils or 0.0 if last else row.unit.pupils


def _scale(rows: Sequence[Row], source: str) -> float:
    """What the index is multiplied by to have its mean over the frame's pupils at 100; 0 where it is not known."""
    known = [(row.unit.pupils, value) for row in rows if (value := getattr(row.unit, source)) is not None]
    weighted = sum(pupils * value for pupils, value in known)
    return MEAN * sum(pupils for pupils, _ in known) / weighted if weighted else 0.0


def _in_need(row: Row, scales: dict[str, float]) -> float | None:
    """The higher of the unit's indices, if one of them is clearly above the mean."""
    unit = row.unit
    low = unit.need_low if unit.need_low is not None else unit.need
    sure = ((unit.need, low, scales["need"]), (unit.stated, unit.stated, scales["stated"]))
    above = [need * scale for need, end, scale in sure if need is not None and end is not None and end * scale > MEAN]
    return max(above, default=None)


def _why(row: Row, last: bool) -> Words:
    if last:
        return Words("fick inte mer än snittet året före", "did not get more than the mean the year before")
    limits = {
        "cap_up": Words(
            "den högsta ändringen per år håller nere ökningen", "the highest yearly change holds the rise down"
        ),
        "ceiling": Words("taket per elev håller nere beloppet", "the ceiling holds the amount down"),
    }
    if row.limit in limits:
        return limits[row.limit]
    if row.need is None or row.need <= MEAN:
        return Words("regeln räknar med ett annat index", "the rule uses another index")
    if not row.by_need:
        return Words("inget fördelas efter behov", "nothing is shared by need")
    return Words("gränser för andra skolor tar mer än behovet ger", "limits of other schools take more than need gives")


def little_known(rows: Sequence[Row], limit: float = MUCH_UNSEEN) -> tuple[LittleKnown, ...]:
    """Units without an index, or whose index does not see `limit` of the pupils or more; in order of code."""
    found = []
    for row in sorted(rows, key=lambda row: row.unit.code):
        unseen = row.unit.unseen
        if row.need is None:
            why = Words("har inget index och räknas som snittet", "has no index and counts as the mean")
            found.append(LittleKnown(row.unit, unseen, why))
        elif unseen is not None and unseen >= limit:
            why = Words(
                f"{saying.share(unseen, SV)} av eleverna syns inte i indexet",
                f"{saying.share(unseen, EN)} of the pupils are not seen by the index",
            )
            found.append(LittleKnown(row.unit, unseen, why))
    return tuple(found)
