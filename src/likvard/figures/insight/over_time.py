"""Figures over time: a measure year by year, a gap with its own trend, every school's line, the spread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from likvard.disclosure.cells import Released
from likvard.disclosure.publication import Publication
from likvard.figures.chapters.deviations import METHOD_EXPECTED, METHOD_MULTIPLES
from likvard.figures.chapters.groups import METHOD_GAP
from likvard.figures.chapters.spread import METHOD_SPREAD
from likvard.figures.charts import Edges, GapTrend, Line, MeasureTaken, Panel, SmallMultiples, Trend
from likvard.figures.facts import Fact
from likvard.figures.figure import Figure
from likvard.figures.insight import measured as m
from likvard.figures.insight.measured import Measured
from likvard.figures.insight.needs import why_not_compared
from likvard.figures.insight.reach import reach
from likvard.figures.insight.reading import Found, cell, pooled, source
from likvard.figures.insight.scope import Scope, UnitInfo
from likvard.figures.measures import Scale
from likvard.figures.twins import figure
from likvard.terms import NATION, Missing, Words

SEVERAL = 2
"""Years that a trend needs: one point is no development."""


def years_of(cells: Iterable[tuple[int, Released | None]]) -> list[int]:
    """The years in which something was published, from the first with a value; not those in which nobody asked."""
    asked = [(year, c) for year, c in cells if c is not None and c.missing is not Missing.NOT_COLLECTED]
    known = [year for year, c in asked if c is not None and c.value is not None]
    return [year for year, _ in asked if known and known[0] <= year]


def gap(
    pub: Publication,
    found: Found,
    what: Measured,
    split: str,
    area: str,
    level: str,
    *,
    id: str,
    question: Words,
    place: str,
    until: int = 9999,
    measures: Sequence[MeasureTaken] = (),
) -> Figure | None:
    """Two groups over time and the gap by itself below them, up to a year. None where fewer than two have all three."""
    one, other = split.split("-")

    def at(aspect: str, group: str, year: int) -> Released | None:
        return cell(found.of(what.id, aspect, area, year, subject=what.subject, group=group, level=level))

    rows = [
        (year, at("observed", one, year), at("observed", other, year), at("gap", split, year))
        for year in found.years(measure=what.id, aspect="gap")
        if year <= until
    ]
    whole = [(y, a, b, g) for y, a, b, g in rows if a is not None and b is not None and g is not None]
    first = next((i for i, row in enumerate(whole) if row[3].value is not None), len(whole))
    whole = whole[first:]
    if len(whole) < SEVERAL:
        return None
    periods = tuple(what.period(year) for year, *_ in whole)
    facts: dict[str, Fact] = {"what": what.name}
    if (change := at("gap_change", split, whole[-1][0])) is not None:
        facts["change"] = change
    return figure(
        id=id,
        question=question,
        subtitle=Words(f"{what.name.sv}, {place}", f"{what.name.en}, {place}"),
        chart=GapTrend(
            what.scale,
            what.gap,
            periods,
            (
                Line(m.GROUPS[one], tuple(a for _, a, _, _ in whole)),
                Line(m.GROUPS[other], tuple(b for _, _, b, _ in whole)),
            ),
            Line(Words("gapet", "the gap"), tuple(g for _, _, _, g in whole)),
            breaks=what.breaks(periods),
            measures=_of(measures, what.id),
        ),
        sources=source(pub, what.id),
        method=(METHOD_GAP, *what.method),
        indicator=what.indicator.id,
        facts=facts,
    )


def _of(measures: Sequence[MeasureTaken], *indicators: str) -> tuple[MeasureTaken, ...]:
    """The measures that were expected to be seen in one of the indicators, and those of which nothing was said."""
    return tuple(taken for taken in measures if not taken.indicator or taken.indicator in indicators)


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a trend: what it is called, which measure, in which cells, and whose."""

    label: Words
    what: Measured
    found: Found
    area: str
    level: str = "unit"

    def at(self, year: int) -> Released | None:
        """The observed cell of a year."""
        return cell(
            self.found.of(self.what.id, "observed", self.area, year, subject=self.what.subject, level=self.level)
        )

    @property
    def years(self) -> list[int]:
        """The years in which it was published, from the first with a value."""
        return years_of((year, self.at(year)) for year in self.found.years(measure=self.what.id))


def trend(
    pub: Publication,
    told: Sequence[Told],
    *,
    id: str,
    question: Words,
    subtitle: Words,
    scale: Scale | None = None,
    comparison: tuple[Words, Found, str] | None = None,
    banded: bool = False,
    measures: Sequence[MeasureTaken] = (),
) -> Figure | None:
    """One to three measures year by year, in the years that all of them have. None where there are fewer than two.

    `comparison` is a label, cells and an aspect of the country's, beside the first. `banded` draws where the first is
    expected to lie.
    """
    lines = [line for line in told if line.years]
    years = sorted(set.intersection(*(set(line.years) for line in lines))) if lines else []
    if len(years) < SEVERAL:
        return None
    first = lines[0]
    what, periods = first.what, tuple(first.what.period(y) for y in years)
    drawn = tuple(Line(k.label, tuple(c for y in years if (c := k.at(y)) is not None)) for k in lines)
    method = tuple(dict.fromkeys(e for line in lines for e in line.what.method))
    return figure(
        id=id,
        question=question,
        subtitle=subtitle,
        chart=Trend(
            scale or what.scale,
            periods,
            drawn,
            comparisons=_compared(comparison, what, years),
            breaks=what.breaks(periods),
            measures=_of(measures, *(line.what.id for line in lines)),
            edges=edges(first.found, what, first.area, years) if banded else (),
        ),
        sources=source(pub, *(line.what.id for line in lines)),
        method=(*method, *METHOD_EXPECTED[:1]) if banded else method,
        indicator=what.indicator.id,
        facts=_moved(first, years),
    )


def _compared(comparison: tuple[Words, Found, str] | None, what: Measured, years: Sequence[int]) -> tuple[Line, ...]:
    """The country's line, where it has every year."""
    if comparison is None:
        return ()
    label, nation, aspect = comparison
    points = (cell(nation.of(what.id, aspect, NATION, y, subject=what.subject, level="nation")) for y in years)
    known = tuple(p for p in points if p is not None)
    return (Line(label, known),) if len(known) == len(years) else ()


def _moved(told: Told, years: Sequence[int]) -> dict[str, Fact]:
    """The change since the year before, where that is the last but one shown: said only within the alarm budget."""
    what = told.what
    moved = told.found.of(what.id, "change", told.area, years[-1], subject=what.subject, level=told.level)
    if moved is None or years[-2] != years[-1] - 1:
        return {}
    return {"recent_change" if moved.kept else "recent_unclear": moved.cell, "since": what.period(years[-2])}


def edges(found: Found, what: Measured, area: str, years: Sequence[int]) -> Edges:
    """The two edges of the band in which a unit's result is expected to lie, year by year; empty if none is known."""
    pairs = (
        (cell(found.of(what.id, "expected_low", area, y)), cell(found.of(what.id, "expected_high", area, y)))
        for y in years
    )
    known = tuple((low, high) if low is not None and high is not None else None for low, high in pairs)
    return known if any(known) else ()


def school_by_school(pub: Publication, scope: Scope, found: Found, units: Sequence[UnitInfo]) -> Figure | None:
    """Each school's own line against its expected band, all on the same axes. None where no school has any year."""
    what = m.measured(m.MERIT)
    years = found.years(measure=what.id)
    with_any = {place.area for place, _ in found.places() if place.measure == what.id and place.aspect == "observed"}
    if len(years) < SEVERAL or not with_any:
        return None
    panels = tuple(_panel(pub, found, unit, years) for unit in units if unit.code in with_any or unit.instead)
    periods = tuple(what.period(y) for y in years)
    return figure(
        id="school-by-school",
        question=Words("Hur har det gått för varje skola?", "How has each school fared?"),
        subtitle=Words(
            f"Meritvärde i årskurs 9, {m.years_text(years)}, mot det väntade",
            f"Merit value in year 9, {m.years_text(years)}, against the expected",
        ),
        chart=SmallMultiples(what.scale, periods, panels, breaks=what.breaks(periods)),
        sources=source(pub, what.id),
        method=(*METHOD_MULTIPLES, *METHOD_EXPECTED[:1]),
        indicator=what.id,
    )


def _panel(pub: Publication, found: Found, unit: UnitInfo, years: Sequence[int]) -> Panel:
    own = tuple(cell(found.of(m.MERIT, "observed", unit.code, y)) for y in years)
    if all(c is None for c in own):
        return Panel(replace(unit.school, instead=why_not_compared(unit)), ())
    difference = cell(found.of(m.MERIT, "difference", unit.code, max(pooled(pub), default=0)))
    return Panel(unit.school, own, difference=difference, edges=edges(found, m.measured(m.MERIT), unit.code, years))


def spread(pub: Publication, scope: Scope, found: Found, nation: Found, what: Measured) -> Figure | None:
    """The standard deviation between schools, chance taken away: the organiser's and the country's."""
    if scope.organiser is None:
        return None
    rows = [
        (
            y,
            cell(found.of(what.id, "sd", scope.organiser, y, subject=what.subject, level="organiser")),
            cell(nation.of(what.id, "sd", NATION, y, subject=what.subject, level="nation")),
        )
        for y in nation.years(measure=what.id, aspect="sd")
    ]
    whole = [(y, a, b) for y, a, b in rows if a is not None and b is not None]
    if len(whole) < SEVERAL or all(a.value is None for _, a, _ in whole):
        return None
    periods = tuple(what.period(y) for y, _, _ in whole)
    scale = Scale(METHOD_SPREAD[0].term, what.difference.unit, decimals=1, low=0)
    return figure(
        id="spread-over-time",
        question=Words("Växer skillnaderna mellan skolorna?", "Are the differences between schools growing?"),
        subtitle=Words(
            f"{what.name.sv}: skillnad mellan skolor, slumpen borträknad",
            f"{what.name.en}: difference between schools, corrected for chance",
        ),
        chart=Trend(
            scale,
            periods,
            lines=(
                Line(Words(scope.name, scope.name), tuple(a for _, a, _ in whole)),
                Line(reach(pub).name, tuple(b for _, _, b in whole)),
            ),
            breaks=what.breaks(periods),
        ),
        sources=source(pub, what.id),
        method=METHOD_SPREAD,
        indicator=what.indicator.id,
        facts={"nation_last": whole[-1][2], "place": scope.name, "within": reach(pub).within},
    )
