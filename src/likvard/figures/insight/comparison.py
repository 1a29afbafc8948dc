"""Who a unit is compared with: similar units by stated criteria, or a group that the reader made."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import pstdev

from likvard.disclosure.cells import Released
from likvard.disclosure.publication import Publication
from likvard.figures.charts import Distribution, Spread
from likvard.figures.facts import Fact
from likvard.figures.figure import Explanation, Figure
from likvard.figures.insight import measured as m
from likvard.figures.insight.measured import Measured
from likvard.figures.insight.reading import Found, cell, newest, source
from likvard.figures.insight.scope import Compare, Scope, UnitInfo
from likvard.figures.measures import Scale
from likvard.figures.table import Column, Kind, Row, Table
from likvard.figures.twins import same
from likvard.terms import Audience, Words

CRITERIA = (m.TERTIARY, m.FOREIGN, m.PUPILS)
"""What similar is judged by: two shares of the intake, and size (its logarithm)."""

MOST = 30
"""At most so many similar schools."""

NEAR = 1.0
"""How far apart similar schools may lie: the root of the mean square distance, in standard deviations of all schools."""

FEWEST = 3
"""Fewer similar schools than this are no comparison."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One characteristic: the unit's own value, and the range of those it is compared with."""

    name: Words
    scale: Scale
    own: Released | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The open list of who is compared. `how` says by which rule they were found; `left_out` what is not in it.

    `unit` is the one they are compared with, None where the group is the reader's own and no unit was chosen.
    `figure` shows the compared units' results beside the unit's own, None where there is nothing to show.
    """

    unit: UnitInfo | None
    units: tuple[UnitInfo, ...]
    criteria: tuple[Criterion, ...]
    how: Words
    left_out: Words
    figure: Figure | None
    own_group: bool = False


LEFT_OUT = Words(
    "Ingår inte: betyg från tidigare år, bostadsområde, klassernas storlek.",
    "Not taken into account: grades from earlier years, neighbourhood, the size of classes.",
)
_OWN_GROUP = Words("Gruppen har du gjort själv.", "You made the group yourself.")
_NOBODY = Words(
    "Inga andra skolor är tillräckligt lika, eller så är skolans egna uppgifter inte offentliga.",
    "No other schools are similar enough, or the school's own figures are not public.",
)
_METHOD = Explanation(
    Words("Vilka jämförs", "Who is compared"),
    Words(
        "De andra skolornas siffror visas som alla får se dem. Jämförelsen är ingen ordning: den visar hur långt isär "
        "skolor med liknande elever ligger.",
        "The other schools' figures are shown as everybody may see them. The comparison is no order: it shows how far "
        "apart schools with similar pupils lie.",
    ),
)


def comparison(pub: Publication, scope: Scope, what: Measured, own: Found, compare: Compare) -> Comparison | None:
    """The comparison that the reader asked for; None where none was asked for.

    A unit that the reader may not see, or that does not exist, is left out silently: it is as if not asked for.
    """
    unit = scope.units.get(compare.like)
    known = {**compare.others, **scope.units}
    if compare.codes:
        units = [known[code] for code in dict.fromkeys(compare.codes) if code in known and code != compare.like]
        how = _OWN_GROUP
    elif unit is not None:
        units = similar(pub, unit, compare.others)
        how = _how(len(units)) if units else _NOBODY
    else:
        return None
    units.sort(key=lambda u: u.school.order)
    return Comparison(
        unit,
        tuple(units),
        _criteria(pub, own, unit, units) if units else (),
        how,
        LEFT_OUT,
        _figure(pub, scope, what, own, unit, units) if units else None,
        bool(compare.codes),
    )


def _how(count: int) -> Words:
    return Words(
        f"De {count} skolor som liknar skolan mest: samma skolform och samma slags huvudman, närmast i föräldrars "
        f"utbildning, utländsk bakgrund och storlek.",
        f"The {count} schools that are most like it: same form of school and kind of organiser, nearest in parents' "
        f"education, foreign background and size.",
    )


def similar(pub: Publication, unit: UnitInfo, others: Mapping[str, UnitInfo]) -> list[UnitInfo]:
    """At most thirty units of the same form and kind, near the unit in intake and size, the nearest first.

    Distance is the root of the mean square over the criteria that are public for both, each divided by its standard
    deviation among all units: at least two criteria, and at most one standard deviation. Fewer than three: none.
    """
    intakes = _intakes(pub)
    mine = intakes.get(unit.code)
    if mine is None:
        return []
    near = []
    for code, other in others.items():
        if code == unit.code or other.kind != unit.kind or not set(other.forms[:1]) & set(unit.forms):
            continue
        apart = _apart(mine, intakes.get(code))
        if apart is not None and apart <= NEAR:
            near.append((apart, code))
    found = [others[code] for _, code in sorted(near)[:MOST]]
    return found if len(found) >= FEWEST else []


Intake = tuple[float | None, ...]


def _apart(one: Intake, other: Intake | None) -> float | None:
    total, known = 0.0, 0
    for a, b in zip(one, other or (), strict=False):
        if a is not None and b is not None:
            total, known = total + (a - b) ** 2, known + 1
    return math.sqrt(total / known) if known >= 2 else None


@lru_cache(maxsize=4)
def _intakes(pub: Publication) -> Mapping[str, Intake]:
    """Every unit's public intake and size in standard deviations."""
    columns = [_standard(_public(pub, id), size=id == m.PUPILS) for id in CRITERIA]
    codes = {code for column in columns for code in column}
    return {code: tuple(column.get(code) for column in columns) for code in codes}


@lru_cache(maxsize=4 * len(CRITERIA))
def _public(pub: Publication, id: str) -> Mapping[str, float]:
    """Every unit's newest public value of a criterion. A publication never changes, so this is kept."""
    year = newest(pub, id)
    if year is None:
        return {}
    cells = pub.cells(
        Audience.PUBLIC, measure=id, aspect="observed", subject="", group="all", level="unit", years=(year,)
    )
    return {key.area: p.cell.value for key, p in cells.items() if p.cell.value is not None}


def _standard(values: Mapping[str, float], *, size: bool) -> dict[str, float]:
    plain = {code: math.log(v) if size else v for code, v in values.items() if v > 0 or not size}
    sd = pstdev(plain.values()) if len(plain) > 1 else 0.0
    return {code: v / sd for code, v in plain.items()} if sd > 0 else {}


def _criteria(pub: Publication, own: Found, unit: UnitInfo | None, units: Sequence[UnitInfo]) -> tuple[Criterion, ...]:
    made = []
    for id in CRITERIA:
        year, what = newest(pub, id), m.measured(id)
        if year is None:
            continue
        values = _public(pub, id)
        theirs = [values[u.code] for u in units if u.code in values]
        mine = cell(own.of(id, "observed", unit.code, year)) if unit is not None else None
        low, high = (min(theirs), max(theirs)) if theirs else (None, None)
        made.append(Criterion(what.short, what.scale, mine, low, high))
    return tuple(made)


def _figure(
    pub: Publication, scope: Scope, what: Measured, own: Found, unit: UnitInfo | None, units: Sequence[UnitInfo]
) -> Figure | None:
    """The compared units year by year, with the unit's own marked. None where nothing of them is public."""
    cells = pub.cells(
        Audience.PUBLIC,
        measure=what.id,
        aspect="observed",
        subject=what.subject,
        group="all",
        level="unit",
        areas=[u.code for u in units],
    )
    theirs = {(key.area, int(key.year)): p.cell for key, p in cells.items()}
    years = sorted({year for (_, year), cell_ in theirs.items() if cell_.value is not None})
    if not years:
        return None
    mine = {y: _own(own, what, unit, y) for y in years}
    spreads = tuple(_spread(what, unit, y, mine[y], [theirs.get((u.code, y)) for u in units]) for y in years)
    name = unit.name if unit is not None else scope.name
    subtitle = Words(f"{what.name.sv}, år för år", f"{what.name.en}, year by year")
    chart = Distribution(
        what.scale,
        spreads,
        own=same(name),
        rest=Words("skolor att jämföra med", "schools to compare with"),
        mean=Words("medelvärde", "mean"),
        band=Words("band", "band"),
        breaks=what.breaks(tuple(s.period for s in spreads)),
    )
    rows = [Row(same(u.name), tuple(theirs.get((u.code, y)) for y in years), _COMPARED, u.code) for u in units]
    if unit is not None:
        rows.insert(0, Row(same(unit.name), tuple(mine.values()), None, unit.code))
    columns = tuple(Column(same(str(s.period)), Kind.NUMBER, what.scale) for s in spreads)
    return Figure(
        id="compared",
        question=Words("Hur ligger skolor med liknande elever?", "Where do schools with similar pupils lie?"),
        subtitle=subtitle,
        chart=chart,
        table=Table(subtitle, Words("Skola", "School"), columns, tuple(rows)),
        kind="compared",
        facts=_facts(what, name, spreads[-1], mine[years[-1]]),
        sources=source(pub, what.id),
        method=(_METHOD, *what.method),
        indicator=what.indicator.id,
    )


_COMPARED = Words("Att jämföra med", "To compare with")


def _own(own: Found, what: Measured, unit: UnitInfo | None, year: int) -> Released | None:
    return None if unit is None else cell(own.of(what.id, "observed", unit.code, year, subject=what.subject))


def _spread(
    what: Measured, unit: UnitInfo | None, year: int, mine: Released | None, theirs: Iterable[Released | None]
) -> Spread:
    pairs = ((unit.school, mine),) if unit is not None and mine is not None else ()
    return Spread(what.period(year), own=pairs, rest=tuple(c for c in theirs if c is not None and c.value is not None))


def _facts(what: Measured, name: str, last: Spread, mine: Released | None) -> dict[str, Fact]:
    """The newest year: the own value, how many others, and the ends of their range."""
    ordered = sorted(last.rest, key=lambda c: c.value or 0.0)
    facts: dict[str, Fact] = {"scale": what.scale, "name": name, "period": last.period, "others": len(ordered)}
    if mine is not None:
        facts["own"] = mine
    return facts | {"lowest": ordered[0], "highest": ordered[-1]} if ordered else facts
