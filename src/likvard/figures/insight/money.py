"""Money against need: crowns a pupil and need at every school, not only where need is obvious. No claim of cause."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from likvard.disclosure.cells import Cell, CellKind, Released
from likvard.disclosure.gate import release
from likvard.disclosure.publication import Publication
from likvard.figures import twins
from likvard.figures.charts import TODAY, MeasureTaken, MoneyAgainstNeed, MoneyPoint, School
from likvard.figures.figure import Explanation, Figure, Source
from likvard.figures.insight import measured, over_time
from likvard.figures.insight.needs_of_all import need_scale
from likvard.figures.insight.over_time import Told
from likvard.figures.insight.reach import reach
from likvard.figures.insight.reading import newest, read, source
from likvard.figures.insight.scope import Scope
from likvard.figures.measures import Scale, Unit
from likvard.terms import Audience, Missing, Words

NEED, CROWNS = "need_index", "crowns_per_pupil"
MONEY_SCALE = Scale(Words("Kronor per elev", "Crowns a pupil"), Unit.CROWNS)
ROUND_SCALE = Scale(Words("Behov, 100 = skolornas snitt", "Need, 100 = the schools' mean"), Unit.COUNT)
QUESTION = Words("Följer pengarna behoven?", "Does money follow need?")


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyRow:
    """A school of a round, as its version holds it: need with its interval, crowns a pupil now and by the proposal."""

    code: str
    name: str
    pupils: float
    area: str = ""
    need: float | None = None
    low: float | None = None
    high: float | None = None
    now: float | None = None
    proposed: float | None = None


_METHOD = (
    Explanation(
        Words("Behov", "Need"),
        Words(
            "Behovet är risken att inte nå målen, uträknad från elevernas bakgrund. 200 är dubbelt så stor risk som 100. Det säger vad "
            "som är att vänta, inte vad en enskild elev behöver.",
            "Need is the risk of not reaching the goals, worked out from pupils' background. 200 is twice the risk of 100. It "
            "says what is to be expected, not what any one pupil needs.",
        ),
    ),
    Explanation(
        Words("Kronor per elev", "Crowns a pupil"),
        Words(
            "Pengarna till skolan under kalenderåret, delade med elever. Särskilt stöd som söks för en elev är inte med.",
            "The money that the school gets in the calendar year, divided by pupils. Support applied for one pupil is not in it.",
        ),
    ),
    Explanation(
        Words("Streckad linje", "Dashed line"),
        Words(
            "Vad regeln ger efter behov utan golv, tak, högsta ändring per år och det som är avsatt för enskilda skolor.",
            "What the rule gives by need, without floor, ceiling, highest change a year and what is set apart for single schools.",
        ),
    ),
    Explanation(
        Words("Vad det inte säger", "What it does not say"),
        Words(
            "Samband är inte samma sak som effekt. Bilden visar hur pengarna ligger, inte vad de leder till.",
            "A link is not an effect. The picture shows where the money lies, not what it leads to.",
        ),
    ),
)


def now(pub: Publication, scope: Scope, *, form: str) -> Figure | None:
    """Need and crowns a pupil at every unit of the scope in a form, as published; None where no unit has both."""
    need, money = newest(pub, NEED), newest(pub, CROWNS)
    if need is None or money is None:
        return None
    cells = pub.cells(
        scope.audience, measure=(NEED, CROWNS), aspect="observed", subject="", group="all", level="unit",
        areas=list(scope.units), form=form, years=(need, money),
    )  # fmt: skip
    found = {(key.measure, key.area, int(key.year)): published.cell for key, published in cells.items()}
    points = tuple(
        MoneyPoint(unit.school, asked, found.get((CROWNS, code, money)))
        for code, unit in scope.units.items()
        if (asked := found.get((NEED, code, need))) is not None
    )
    if not any(point.need.value is not None and point.now is not None for point in points):
        return None
    rings = Words(f"år {money}", f"in {money}")
    chart = MoneyAgainstNeed(MONEY_SCALE, need_scale(reach(pub)), points, before=rings)
    subtitle = Words(
        f"Kronor per elev {money} mot behov, {measured.schools(len(points)).sv}",
        f"Crowns a pupil in {money} against need, {measured.schools(len(points)).en}",
    )
    return _figure("money-now", chart, subtitle, source(pub, NEED, CROWNS))


def overlooked(points: Sequence[MoneyPoint]) -> tuple[MoneyPoint, ...]:
    """The schools whose need is surely above the mean and that get no more a pupil than the mean; of what is shown, by area and name.

    Surely: the whole interval lies above. Both means are over pupils.
    """
    known = [
        (p, p.need.value, p.now.value, float(p.need.n or 1))
        for p in points
        if p.need.value is not None and p.now is not None and p.now.value is not None
    ]
    pupils = sum(n for _, _, _, n in known) or 1.0
    need = sum(value * n for _, value, _, n in known) / pupils
    money = sum(paid * n for _, _, paid, n in known) / pupils
    found = [
        p for p, value, paid, _ in known if (p.need.low if p.need.low is not None else value) > need and paid <= money
    ]
    return tuple(sorted(found, key=lambda point: point.school.order))


def followed(
    pub: Publication, scope: Scope, code: str, indicator: str, measures: Sequence[MeasureTaken]
) -> Figure | None:
    """An indicator at one of the scope's units, year by year, with the measures that money pays for marked where they begin.

    None where fewer than two years are shown.
    """
    unit, what = scope.units[code], measured.measured(indicator)
    own = replace(scope, organiser=None, units={code: unit})
    found = read(pub, own, measure=(indicator,), aspect=("observed", "change"), group=None, level="unit")
    return over_time.trend(
        pub,
        [Told(Words(unit.name, unit.name), what, found, code)],
        id=f"use-{code}-{indicator.replace('_', '-')}",
        question=Words(f"Vad har hänt i {unit.name}?", f"What has happened at {unit.name}?"),
        subtitle=what.name,
        measures=measures,
    )


def of_round(
    rows: Sequence[MoneyRow], *, on: date, subtitle: Words, sources: tuple[Source, ...],
    full: tuple[float, float] | None = None, named: Collection[str] = (), notes: tuple[Words, ...] = (), decided: bool = False,
    before: int | None = None, tried: bool = False,
) -> Figure:  # fmt: skip
    """A round's money against need: by the proposal, the decision (`decided`) or an attempt (`tried`), and in the year `before`.

    `full` is need alone, as crowns a pupil at 0 and per index point.

    What the version holds passes the gate once more, as for the public: small schools have no need in the picture either.
    """
    cells = _released(rows, on)
    points = tuple(_of_row(row, cells) for row in rows)
    rings = TODAY if before is None else Words(f"år {before}", f"in {before}")
    chart = MoneyAgainstNeed(MONEY_SCALE, ROUND_SCALE, points, full, frozenset(named), decided, rings, tried)
    return _figure("money-round", chart, subtitle, sources, notes)


def _released(rows: Sequence[MoneyRow], on: date) -> Mapping[tuple[str, ...], Released]:
    cells = []
    for row in rows:
        n = round(row.pupils)
        unknown = row.need is None
        need = Cell(
            (NEED, row.code), CellKind.ESTIMATE, row.need, n=n, low=row.low, high=row.high,
            missing=Missing.NOT_COLLECTED if unknown else None,
        )  # fmt: skip
        cells.append(need)
        for aspect, value in (("now", row.now), ("proposed", row.proposed)):
            if value is not None:
                cells.append(Cell((CROWNS, row.code, aspect), CellKind.ESTIMATE, value, n=n))
    out = release(cells, audience=Audience.PUBLIC, on=on)
    return {one.key: out[one.key] for one in cells}


def _of_row(row: MoneyRow, cells: Mapping[tuple[str, ...], Released]) -> MoneyPoint:
    return MoneyPoint(
        School(row.name, row.area, row.code),
        cells[NEED, row.code],
        cells.get((CROWNS, row.code, "now")),
        cells.get((CROWNS, row.code, "proposed")),
    )


def _figure(
    id: str, chart: MoneyAgainstNeed, subtitle: Words, sources: tuple[Source, ...], notes: tuple[Words, ...] = ()
) -> Figure:
    return twins.figure(
        id=id, question=QUESTION, subtitle=subtitle, chart=chart, sources=sources, method=_METHOD, indicator=NEED,
        caption=Words("Behov och kronor per elev, skola för skola", "Need and crowns a pupil, school by school"), notes=notes,
    )  # fmt: skip
