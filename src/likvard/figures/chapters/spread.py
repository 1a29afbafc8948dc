"""How are the schools doing, and how far apart are they? Distribution over time, spread over time, variance shares."""

from __future__ import annotations

import numpy as np

from likvard.disclosure.cells import Cell, CellKind, Key, Relation, Release
from likvard.figures.chapters import scales
from likvard.figures.chapters.evidence import Shares, UnitYears, YearSeries
from likvard.figures.chapters.frame import Draft, Frame, area_key, unit_key
from likvard.figures.charts import Break, Distribution, Line, SharesBar, Spread, Trend, VarianceShares
from likvard.figures.figure import Explanation, Figure, Source
from likvard.figures.twins import figure
from likvard.terms import Level, SchoolYear, Words

MERIT_CEILING = 340.0

FIRST_WITH_SEVENTEEN = SchoolYear(2014)
SEVENTEEN_SUBJECTS = Break(
    FIRST_WITH_SEVENTEEN,
    Words(
        "Från våren 2015 räknas 17 ämnen mot 16 före.", "From spring 2015, 17 subjects count; before, there were 16."
    ),
)

_METHOD_DISTRIBUTION = (
    Explanation(
        Words("Meritvärde", "Merit value"),
        Words(
            "Summan av elevens 16 bästa betyg och betyget i moderna språk. Mest möjliga är 340. "
            "Skolans värde är medelvärdet för elever med minst ett godkänt betyg.",
            "The sum of a pupil's 16 best grades and the grade in a modern language. The most possible is 340. "
            "A school's value is the mean over pupils with at least one pass.",
        ),
    ),
    Explanation(
        Words("Bandet", "The band"),
        Words(
            "Åtta av tio elever i landet går i skolor inom bandet. Linjen är landets medelvärde. "
            "Varje skola väger så mycket som den har elever i årskurs 9.",
            "Eight in ten pupils in the country go to schools within the band. The line is the country's mean. "
            "Each school weighs as much as it has pupils in year 9.",
        ),
    ),
)


def distribution(
    frame: Frame,
    results: UnitYears,
    nation: YearSeries,
    lower: YearSeries,
    upper: YearSeries,
    sources: tuple[Source, ...],
) -> Draft:
    """All the area's schools year by year against the country's mean and the band of eight pupils in ten."""
    own = results.of(frame.units)
    cells = [unit_cell(frame, own, row) for row in range(len(own.unit))]
    for name, series in (("mean", nation), ("lower", lower), ("upper", upper)):
        cells += _series_cells(frame, ("merit_value", "nation", name), series, Level.NATION)
    wholes, ties = _wholes(frame, own) if frame.own_records else ((), ())
    asked = frozenset(cell.key for cell in cells)  # other figures ask for years in which a unit had no year 9

    def lay(out: Release) -> Figure:
        years = sorted({int(y) for y in (*own.year, *nation.year)})
        spreads = tuple(
            Spread(
                SchoolYear(year),
                own=tuple(
                    (frame.schools[unit], out[unit_key(unit, year)])
                    for unit in sorted(frame.schools)
                    if unit_key(unit, year) in asked
                ),
                mean=out.cells.get(("merit_value", "nation", "mean", str(year))),
                lower=out.cells.get(("merit_value", "nation", "lower", str(year))),
                upper=out.cells.get(("merit_value", "nation", "upper", str(year))),
            )
            for year in years
        )
        breaks = tuple(b for b in (SEVENTEEN_SUBJECTS,) if years[0] < 2014 <= years[-1])
        return figure(
            id="schools-over-time",
            question=Words("Hur ligger skolorna till, år för år?", "How are the schools doing, year by year?"),
            subtitle=Words(
                f"Meritvärde i årskurs 9, skolorna i {frame.place.name} mot landets skolor",
                f"Merit value in year 9, schools in {frame.place.name} against the country's schools",
            ),
            chart=Distribution(
                scales.MERIT,
                spreads,
                own=Words(f"skola i {frame.place.name}", f"school in {frame.place.name}"),
                rest=Words("annan skola", "other school"),
                mean=Words("landets medelvärde", "the country's mean"),
                band=Words("åtta av tio elever i landet", "eight in ten pupils in the country"),
                breaks=breaks,
            ),
            sources=sources,
            method=_METHOD_DISTRIBUTION,
            indicator="merit_value",
        )

    return Draft((*cells, *wholes), lay, ties)


def _wholes(frame: Frame, own: UnitYears) -> tuple[tuple[Cell, ...], tuple[Relation, ...]]:
    """The area's mean of each year, which no figure need show but which others add up to, and what ties it to units."""
    cells, ties = [], []
    for year in np.unique(own.year):
        at = np.flatnonzero(own.year == year)
        n = own.n[at]
        mean = float((own.value[at] * n).sum() / n.sum())
        cells.append(whole_cell(frame, int(year), mean, float(n.sum()), shown=False))
        ties.append(Relation(area_key(year), tuple(unit_key(u, year) for u in own.unit[at])))
    return tuple(cells), tuple(ties)


def whole_cell(frame: Frame, year: int, mean: float, n: float, *, shown: bool) -> Cell:
    """The area's merit value in a school year."""
    level = frame.place.level
    return frame.cell(
        area_key(year), CellKind.MEAN, mean, n=n, level=level, ceiling=MERIT_CEILING, year=year, shown=shown
    )


def unit_cell(frame: Frame, results: UnitYears, row: int) -> Cell:
    """A unit's published or computed merit value in a school year."""
    return frame.cell(
        unit_key(results.unit[row], results.year[row]),
        CellKind.MEAN,
        results.value[row],
        n=results.n[row],
        low=results.low[row],
        high=results.high[row],
        status=results.status[row],
        ceiling=MERIT_CEILING,
        year=results.year[row],
    )


def _series_cells(
    frame: Frame,
    key: Key,
    series: YearSeries,
    level: Level,
    source: str | None = None,
    kind: CellKind = CellKind.ESTIMATE,
) -> list[Cell]:
    status = np.full(len(series.year), "", dtype=object) if series.status is None else series.status
    return [
        frame.cell(
            (*key, str(int(year))),
            kind,
            series.value[i],
            n=series.n[i],
            low=series.low[i],
            high=series.high[i],
            status=status[i],
            level=level,
            source=source,
            ceiling=MERIT_CEILING if kind is CellKind.MEAN else None,
        )
        for i, year in enumerate(series.year)
    ]


def series_line(
    frame: Frame,
    key: Key,
    series: YearSeries,
    level: Level,
    source: str | None = None,
    kind: CellKind = CellKind.ESTIMATE,
) -> tuple[list[Cell], list[Key]]:
    """The cells of one line over time, and their keys in order."""
    cells = _series_cells(frame, key, series, level, source, kind)
    return cells, [cell.key for cell in cells]


METHOD_SPREAD = (
    Explanation(
        Words("Skillnad mellan skolor", "Difference between schools"),
        Words(
            "Standardavvikelsen mellan skolors resultat, sedan den del räknats bort som beror på att få elever ger "
            "slumpvis svängande medelvärden. Ungefär två tredjedelar av skolorna ligger inom en standardavvikelse "
            "från mitten.",
            "The standard deviation between schools' results, after taking away the part that comes from few pupils "
            "giving means that swing by chance. About two thirds of the schools lie within one standard deviation "
            "of the middle.",
        ),
    ),
    Explanation(
        Words("Osäkerhet", "Uncertainty"),
        Words(
            "Bandet visar 95 procents osäkerhet. Med få skolor är den stor.",
            "The ribbon shows 95 per cent uncertainty. With few schools it is wide.",
        ),
    ),
)


def spread_over_time(frame: Frame, area: YearSeries, nation: YearSeries, sources: tuple[Source, ...]) -> Draft:
    """The standard deviation between schools, chance taken away, for the area and the country."""
    years = tuple(SchoolYear(int(y)) for y in nation.year)
    own, own_keys = series_line(frame, ("spread", "area"), area, frame.place.level)
    all_, all_keys = series_line(frame, ("spread", "nation"), nation, Level.NATION)
    moved = ("spread", "change")
    value, low, high = _moved(area)
    pupils = float(area.n[-1])
    change = frame.cell(moved, CellKind.ESTIMATE, value, low=low, high=high, n=pupils, level=frame.place.level)

    def lay(out: Release) -> Figure:
        return figure(
            id="spread-over-time",
            question=Words("Växer skillnaderna mellan skolorna?", "Are the differences between schools growing?"),
            subtitle=Words(
                "Skillnad i meritvärde mellan skolor, slumpen borträknad",
                "Difference in merit value between schools, chance taken away",
            ),
            chart=Trend(
                scales.MERIT_SPREAD,
                years,
                lines=(
                    Line(Words(frame.place.name, frame.place.name), tuple(out[k] for k in own_keys)),
                    Line(Words("landet", "the country"), tuple(out[k] for k in all_keys)),
                ),
                breaks=tuple(b for b in (SEVENTEEN_SUBJECTS,) if nation.year.min() < 2014 <= nation.year.max()),
            ),
            sources=sources,
            method=METHOD_SPREAD,
            indicator="merit_value",
            facts={"nation_last": out[all_keys[-1]], "change": out[moved]},
        )

    return Draft(
        (
            *own,
            *all_,
            change,
        ),
        lay,
    )


def _moved(series: YearSeries) -> tuple[float, float, float]:
    """What a series moved from its first year after the break to its last, with its interval; years are independent."""
    known = np.flatnonzero(~np.isnan(series.value) & (series.year >= FIRST_WITH_SEVENTEEN.start))
    if len(known) < 2:
        return np.nan, np.nan, np.nan
    first, last = known[0], known[-1]
    value = float(series.value[last] - series.value[first])
    half = float(np.hypot(*(series.high[[first, last]] - series.low[[first, last]]))) / 2
    return value, value - half, value + half


METHOD_SHARES = (
    Explanation(
        Words("Hur stor del är skolan?", "How much is the school?"),
        Words(
            "All variation mellan elever delas upp: mellan huvudmän, mellan skolor hos samma huvudman och mellan "
            "elever i samma skola. Den undre stapeln visar samma sak sedan vi räknat med vilka elever skolan har. "
            "Det som då försvinner hänger samman med elevernas bakgrund.",
            "All variation between pupils is divided: between organisers, between schools of the same organiser and "
            "between pupils in the same school. The lower bar shows the same after taking into account which pupils "
            "the school has. What then disappears goes together with the pupils' background.",
        ),
    ),
)


ASSUMED_WITHIN = Explanation(
    Words("Elever i samma skola", "Pupils in the same school"),
    Words(
        "Varje elevs meritvärde publiceras inte. Spridningen mellan elever i samma skola sätts till 64 meritpoäng, som i "
        "tidigare studier av enskilda elever (62–68).",
        "Each pupil's merit value is not published. The spread between pupils in the same school is set to 64 merit "
        "points, as in earlier studies of single pupils (62–68).",
    ),
)


def variance_shares(
    frame: Frame, shares: Shares, sources: tuple[Source, ...], intake: Words, method: tuple[Explanation, ...] = ()
) -> Draft:
    """How much of all differences lies between organisers, schools and pupils, before and after intake."""
    keys: dict[tuple[int, int], Key] = {
        (b, level): ("variance_share", shares.bars[b].en, shares.levels[level].en)
        for b in range(len(shares.bars))
        for level in range(len(shares.levels))
    }
    cells = [
        frame.cell(
            key,
            CellKind.ESTIMATE,
            shares.value[at],
            n=shares.n,
            low=shares.low[at],
            high=shares.high[at],
            level=Level.NATION,
        )
        for at, key in keys.items()
    ]

    def lay(out: Release) -> Figure:
        bars = tuple(
            SharesBar(label, tuple(out[keys[b, level]] for level in range(len(shares.levels))))
            for b, label in enumerate(shares.bars)
        )
        span = years_text(shares.years)
        return figure(
            id="variance-shares",
            question=Words(
                "Hur stor del av skillnaderna ligger mellan skolor?",
                "How much of the differences lies between schools?",
            ),
            subtitle=Words(
                f"Meritvärde i hela landet, {span}, före och efter hänsyn till {intake.sv}",
                f"Merit value in the whole country, {span}, before and after allowing for {intake.en}",
            ),
            chart=VarianceShares(shares.levels, bars, focus=1),
            sources=sources,
            method=(*METHOD_SHARES, *method),
            indicator="merit_value",
        )

    return Draft(tuple(cells), lay)


def years_text(years: tuple[int, ...]) -> str:
    """`2019/20–2023/24`, or one school year."""
    first, last = SchoolYear(min(years)), SchoolYear(max(years))
    return str(first) if first == last else f"{first}–{last}"
