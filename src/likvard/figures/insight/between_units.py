"""Figures between units: distance from the expected, more than chance, all subjects, where the differences lie."""

from __future__ import annotations

import math
from collections.abc import Sequence

from likvard.disclosure.cells import Released
from likvard.disclosure.publication import Publication
from likvard.figures.chapters.deviations import METHOD_EXPECTED, METHOD_FUNNEL, METHOD_SUBJECTS
from likvard.figures.chapters.spread import METHOD_SHARES
from likvard.figures.charts import (
    Expected,
    ExpectedRow,
    Funnel,
    FunnelLimit,
    Heat,
    HeatRow,
    School,
    SharesBar,
    Subject,
    VarianceShares,
)
from likvard.figures.facts import Fact
from likvard.figures.figure import Figure
from likvard.figures.insight import measured as m
from likvard.figures.insight.measured import Measured
from likvard.figures.insight.needs import why_not_compared
from likvard.figures.insight.reach import reach
from likvard.figures.insight.reading import Found, alarms, cell, intake, left_out, pooled, source
from likvard.figures.insight.scope import Scope, UnitInfo
from likvard.figures.measures import Unit
from likvard.figures.twins import figure
from likvard.terms import NATION, SchoolYear, Words

INNER, OUTER = 0.95, 0.998
_Z = {INNER: 1.959964, OUTER: 3.090232}
"""Normal quantiles: limits within which 95 and 99.8 per cent lie by chance (Spiegelhalter 2005)."""

LEAST_SCHOOLS = 3
"""Fewer points than this make no funnel."""


def concerned(scope: Scope, found: Found, measure: str) -> tuple[tuple[UnitInfo, ...], tuple[Words, ...]]:
    """The units that a measure is about, and a note on how many are not: no cell in any year, no words in its place."""
    asked = {place.area for place, _ in found.places() if place.measure == measure and place.level == "unit"}
    units = tuple(u for u in scope.units.values() if u.code in asked or u.instead is not None)
    rest = len(scope.units) - len(units)
    note = m.units(
        rest,
        Words("inte med: måttet gäller inte där.", "left out: the measure does not apply there."),
    )
    return units, (note,) if rest else ()


def expected(pub: Publication, scope: Scope, found: Found, nation: Found, what: Measured) -> Figure | None:
    """Each school's distance from the expected result with its interval; None where no school has one."""
    last = max(pooled(pub), default=0)
    units, notes = concerned(scope, found, what.id)
    rows = tuple(_expected_row(found, what, unit, last) for unit in units)
    if all(row.difference is None for row in rows):
        return None
    facts: dict[str, Fact] = {}
    if (share := cell(nation.of(what.id, "explained", NATION, last, subject=what.subject, level="nation"))) is not None:
        facts["explained"] = share
    span = m.years_text(pooled(pub))
    return figure(
        id="result-against-expected",
        question=Words("Vilka skolor skiljer sig från det väntade?", "Which schools differ from what was expected?"),
        subtitle=Words(
            f"{what.name.sv}, {span}, med hänsyn till {intake(pub).sv}",
            f"{what.name.en}, {span}, allowing for {intake(pub).en}",
        ),
        chart=Expected(rows, what.difference, what.scale),
        sources=source(pub, what.id),
        method=(*METHOD_EXPECTED, *what.method),
        indicator=what.indicator.id,
        facts=facts,
        notes=(*notes, *left_out(pub)),
    )


def _expected_row(found: Found, what: Measured, unit: UnitInfo, last: int) -> ExpectedRow:
    def at(aspect: str) -> Released | None:
        return cell(found.of(what.id, aspect, unit.code, last, subject=what.subject))

    difference = at("difference")
    if difference is None:
        return ExpectedRow(School(unit.name, unit.area, unit.code, why_not_compared(unit)), None)
    return ExpectedRow(unit.school, difference, at("result"), at("expected"))


def funnel(pub: Publication, scope: Scope, found: Found, what: Measured, year: int) -> Figure | None:
    """One year's results against size, with limits for chance around the organiser's released value.

    Where the organiser has no value, or it is hidden, the middle is the country's mean. None where that is not known
    either, or where fewer than three schools show a result with the number of pupils.
    """
    centre, middle = _centre(pub, scope, found, what, year)
    points = [
        (unit.school, shown)
        for unit in scope.units.values()
        if (shown := cell(found.of(what.id, "observed", unit.code, year, subject=what.subject))) is not None
    ]
    sized = [(s, c) for s, c in points if c.value is not None and c.n]
    sd = _sd(pub, what)
    if centre is None or centre.value is None or len(sized) < LEAST_SCHOOLS or (sd is None and not _share(what)):
        return None
    sizes = [c.n or 1 for _, c in sized]
    limits = tuple(_limits(centre.value, sd, sizes, coverage) for coverage in (INNER, OUTER))
    outside = frozenset(s.code for s, c in sized if _outside(centre.value, sd, c))
    period = what.period(year)
    return figure(
        id="more-than-chance",
        question=Words("Är skillnaderna mer än slump?", "Are the differences more than chance?"),
        subtitle=Words(
            f"{what.name.sv}, {period}, skolorna i {scope.name}", f"{what.name.en}, {period}, schools of {scope.name}"
        ),
        chart=Funnel(
            what.scale,
            Words("elever bakom resultatet", "pupils behind the result"),
            tuple(points),
            centre,
            middle,
            limits,
            outside=outside,
            by_chance=len(sized) * (1 - OUTER),
        ),
        sources=source(pub, what.id),
        method=(*METHOD_FUNNEL, *what.method),
        indicator=what.indicator.id,
    )


def _centre(pub: Publication, scope: Scope, found: Found, what: Measured, year: int) -> tuple[Released | None, Words]:
    """The value that the units lie around, and whose it is."""
    if scope.organiser is not None:
        own = cell(found.of(what.id, "observed", scope.organiser, year, subject=what.subject, level="organiser"))
        if own is not None and own.value is not None:
            return own, Words(scope.name, scope.name)
    mean = cell(found.of(what.id, "mean", NATION, year, subject=what.subject, level="nation"))
    return mean, reach(pub).mean


def _share(what: Measured) -> bool:
    return what.scale.unit is Unit.SHARE


def _sd(pub: Publication, what: Measured) -> float | None:
    """The standard deviation between pupils of a unit, as published; None where it is not, or for shares."""
    name = f"{what.id}/{what.subject}" if what.subject else what.id
    found = pub.facts.get("sd", {}).get(name)
    return None if found is None else float(found)


def _error(centre: float, sd: float | None, n: float) -> float:
    """The standard error of a mean with a known standard deviation, or of a share by the binomial."""
    return (sd if sd is not None else math.sqrt(centre * (1 - centre))) / math.sqrt(n)


def _limits(centre: float, sd: float | None, sizes: Sequence[int], coverage: float) -> FunnelLimit:
    first, last = max(min(sizes) * 0.8, 5.0), max(sizes) * 1.1
    size = tuple(first + (last - first) * i / 59 for i in range(60))
    half = [_Z[coverage] * _error(centre, sd, n) for n in size]
    top = 1.0 if sd is None else math.inf
    return FunnelLimit(
        coverage, size, tuple(max(centre - h, 0.0) for h in half), tuple(min(centre + h, top) for h in half)
    )


def _outside(centre: float, sd: float | None, cell: Released) -> bool:
    return abs((cell.value or 0.0) - centre) > _Z[OUTER] * _error(centre, sd, cell.n or 1)


ALL_OF_THEM = Words("Alla ämnen, alla skolor", "All subjects, all schools")


def heat(pub: Publication, scope: Scope, found: Found, measure: str, *, question: Words = ALL_OF_THEM) -> Figure | None:
    """Unit by subject: difference from the expected in every cell, tinted only within the false-alarm budget.

    None where no unit has a difference in any subject.
    """
    last = max(pooled(pub), default=0)
    units, notes = concerned(scope, found, measure)
    subjects = [s for s in m.SUBJECTS if any(_difference(found, measure, u, last, s) for u in scope.units)]
    if not subjects:
        return None
    tests, rate = alarms(pub, "differences")
    what = m.measured(measure, subjects[0])
    span = m.years_text(pooled(pub))
    short = what.short
    return figure(
        id="subjects",
        question=question,
        subtitle=Words(
            f"{short.sv}, skillnad från det väntade, {span}", f"{short.en}, difference from the expected, {span}"
        ),
        chart=Heat(
            what.difference,
            tuple(Subject(m.capital(m.subject_name(s)), m.subject_short(s)) for s in subjects),
            tuple(_heat_row(found, measure, unit, last, subjects) for unit in units),
            tests,
            rate,
        ),
        sources=source(pub, measure),
        method=METHOD_SUBJECTS,
        indicator=what.indicator.id,
        notes=notes,
    )


def _difference(found: Found, measure: str, code: str, year: int, subject: str) -> Released | None:
    return cell(found.of(measure, "difference", code, year, subject=subject))


def _heat_row(found: Found, measure: str, unit: UnitInfo, year: int, subjects: Sequence[str]) -> HeatRow:
    published = [found.of(measure, "difference", unit.code, year, subject=s) for s in subjects]
    cells = tuple(p.cell for p in published if p is not None)
    if len(cells) < len(subjects):
        return HeatRow(School(unit.name, unit.area, unit.code, why_not_compared(unit)), ())
    kept = frozenset(i for i, p in enumerate(published) if p is not None and p.kept and p.cell.value is not None)
    return HeatRow(unit.school, cells, kept)


_LEVELS = (
    ("variance_organiser", Words("huvudmän", "organisers")),
    ("variance_unit", Words("skolor hos samma huvudman", "schools of the same organiser")),
    ("variance_class", Words("klasser i samma skola", "classes in the same school")),
    ("variance_pupil", Words("elever i samma skola", "pupils in the same school")),
)
_BARS = (
    ("before", Words("före hänsyn till elevernas bakgrund", "before taking intake into account")),
    ("after", Words("efter hänsyn till elevernas bakgrund", "after taking intake into account")),
)


def variance(pub: Publication, nation: Found, what: Measured) -> Figure | None:
    """How much of all differences lies between organisers, schools, classes and pupils; None where it is not known."""
    years = sorted({p.year for p, _ in nation.places() if p.aspect == "variance_unit" and p.subject == what.subject})
    if not years:
        return None

    def at(aspect: str, bar: str) -> Released | None:
        return cell(nation.of(what.id, aspect, NATION, years[-1], subject=what.subject, group=bar, level="nation"))

    levels = [(aspect, words) for aspect, words in _LEVELS if at(aspect, "before") is not None]
    bars = [
        SharesBar(words, tuple(c for aspect, _ in levels if (c := at(aspect, bar)) is not None)) for bar, words in _BARS
    ]
    bars = [bar for bar in bars if len(bar.shares) == len(levels)]
    if len(levels) < 2 or not bars:
        return None
    focus = next(i for i, (aspect, _) in enumerate(levels) if aspect == "variance_unit")
    within = reach(pub).within
    return figure(
        id="variance-shares",
        question=Words(
            "Hur stor del av skillnaderna ligger mellan skolor?", "How much of the differences lies between schools?"
        ),
        subtitle=Words(
            f"{what.name.sv} {within.sv}, till och med {SchoolYear(years[-1])}, före och efter hänsyn till "
            f"{intake(pub).sv}",
            f"{what.name.en} {within.en}, up to {SchoolYear(years[-1])}, before and after allowing for "
            f"{intake(pub).en}",
        ),
        chart=VarianceShares(tuple(words for _, words in levels), tuple(bars), focus=focus),
        sources=source(pub, what.id),
        method=METHOD_SHARES,
        indicator=what.indicator.id,
    )
