"""The country's figures: made from what the public is shown of units and organisers, so that they tell nothing more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from likvard.disclosure.cells import Cell, Release
from likvard.disclosure.publication import FigureKey
from likvard.flow import publish_circle, publish_need, publish_segregation, pupils
from likvard.flow.publish_derived import LEAST_UNITS
from likvard.flow.publish_results import MERIT, Results
from likvard.flow.publish_sheet import estimate
from likvard.models import spread
from likvard.terms import NATION, Level

Series = tuple[str, str, str, str, str]
"""Measure, subject, group, form and year."""

EDGES = (("lower", 10), ("upper", 90))
"""Between these percentiles eight pupils in ten go to school."""

PARTS = ("variance_organiser", "variance_unit", "variance_class", "variance_pupil")


@dataclass
class Told:
    """What the public is shown, as it comes: values with their pupils, by series."""

    units: dict[Series, list[tuple[float, int]]] = field(default_factory=lambda: defaultdict(list))
    organisers: dict[Series, list[tuple[float, int]]] = field(default_factory=lambda: defaultdict(list))
    needs: publish_need.Seen = field(default_factory=dict)
    mixed: publish_segregation.Seen = field(default_factory=dict)

    def take(self, shown: Release) -> None:
        """Take in one organiser's release to the public."""
        publish_need.take(self.needs, shown)
        publish_segregation.take(self.mixed, shown)
        for key, cell in shown.cells.items():
            name = FigureKey(*key)
            if name.measure in publish_segregation.MEASURES:
                continue  # of places as wholes: their mean says nothing
            if name.measure in publish_circle.PROFILE:
                continue  # distances from the expected, and a count of domains that is no score: never averaged
            where = {Level.UNIT.value: self.units, Level.ORGANISER.value: self.organisers}.get(name.level)
            if where is not None and name.aspect == "observed" and cell.value is not None and cell.n:
                where[name.measure, name.subject, name.group, name.form, name.year].append((cell.value, cell.n))


def nation(told: Told, within: dict[tuple[str, str, str], float]) -> Iterator[Cell]:
    """The country's mean in every group, and for all pupils the edges and the spread between units, year by year.

    `within` is the standard deviation between pupils of a unit by measure, subject and form, where a spread is told.
    """
    for series, rows in sorted(told.organisers.items()):
        value, n = np.array(rows, dtype=float).T
        yield estimate(_key(series, "mean"), float((value * n).sum() / n.sum()), n=float(n.sum()))
    for series, rows in sorted(told.units.items()):
        measure, subject, group, form, _ = series
        if group != "all" or len(rows) < LEAST_UNITS:
            continue
        value, n = np.array(rows, dtype=float).T
        edges = spread.distribution(value, n, [percent for _, percent in EDGES])
        for (aspect, _), edge in zip(EDGES, edges.values, strict=True):
            yield estimate(_key(series, aspect), float(edge), n=float(n.sum()))
        if series not in told.organisers:
            yield estimate(_key(series, "mean"), edges.mean, n=float(n.sum()))
        if (measure, subject, form) in within:
            sd = spread.between_sd(value, n, within[measure, subject, form])
            yield estimate(_key(series, "sd"), sd.true, n=float(n.sum()), low=sd.low, high=sd.high)


def _key(series: Series, aspect: str) -> FigureKey:
    measure, subject, group, form, year = series
    return FigureKey(measure, aspect, subject, group, Level.NATION.value, NATION, form, year)


def modelled(found: Results) -> Iterator[Cell]:
    """What the model of merit says of the country: how much goes with intake, and where the differences lie."""
    if not found.pooled:
        return
    year, pupils_behind = str(found.pooled[-1]), float(found.records.moments.nobs)
    all_pupils = _key((MERIT, "", "all", "GR", year), "explained")
    interval = pupils.explained(found.records)
    yield estimate(all_pupils, interval.value, n=pupils_behind, low=interval.low, high=interval.high)
    shares = pupils.shares(found.records)
    for bar, group in enumerate(("before", "after")):
        yield from _bar(
            year, group, shares.n, *(part[bar].tolist() for part in (shares.value, shares.low, shares.high))
        )


def _bar(
    year: str, group: str, n: float, value: Sequence[float], low: Sequence[float], high: Sequence[float]
) -> Iterator[Cell]:
    for part, *ends in zip(PARTS, value, low, high, strict=True):
        yield estimate(_key((MERIT, "", group, "GR", year), part), ends[0], n=n, low=ends[1], high=ends[2])
