"""Which units differ from what one would expect, and how sure is that? Expected, funnel, small multiples, subjects."""

from __future__ import annotations

import math

from likvard.disclosure.cells import Cell, CellKind, Key, Relation, Release
from likvard.figures.chapters import scales
from likvard.figures.chapters.evidence import Deviations, Funnels, SubjectDeviations, UnitYears
from likvard.figures.chapters.frame import Draft, Frame, area_key, joined, schools, unit_key
from likvard.figures.chapters.spread import MERIT_CEILING, SEVENTEEN_SUBJECTS, unit_cell, whole_cell, years_text
from likvard.figures.charts import (
    Expected,
    ExpectedRow,
    Funnel,
    FunnelLimit,
    Heat,
    HeatRow,
    Panel,
    School,
    SmallMultiples,
    Subject,
)
from likvard.figures.figure import Explanation, Figure, Source
from likvard.figures.measures import Scale
from likvard.figures.twins import figure
from likvard.terms import Level, Missing, SchoolYear, Words

METHOD_EXPECTED = (
    Explanation(
        Words("Det väntade", "The expected"),
        Words(
            "Vad landets skolor med samma elevsammansättning brukar nå. Det är ingen gräns för vad en skola kan eller "
            "ska nå, och det säger inget om varför en skola skiljer sig.",
            "What the country's schools with the same intake usually reach. It is no limit to what a school can or "
            "should reach, and it says nothing about why a school differs.",
        ),
    ),
    Explanation(
        Words("Osäkerhet", "Uncertainty"),
        Words(
            "Linjen visar 95 procents osäkerhet. Flera läsår räknas samman, eftersom ett enda år mest är slump. "
            "En skola med få elever dras mot det väntade, så att slumpen inte får tala. Osäkerheten gäller varje skola "
            "för sig: av tjugo skolor som egentligen är som väntat hamnar ungefär en utanför.",
            "The line shows 95 per cent uncertainty. Several school years are taken together, because a single year "
            "is mostly chance. A school with few pupils is drawn towards the expected, so that chance does not speak. "
            "The uncertainty is for each school by itself: of twenty schools that really are as expected, about one "
            "falls outside.",
        ),
    ),
    Explanation(
        Words("Därför finns ingen topplista", "Why there is no league table"),
        Words(
            "Skolorna står i bokstavsordning. Osäkerheten är för stor för att ordna dem efter resultat, och "
            "ordningen skulle mest visa vilka elever skolorna har.",
            "The schools stand in alphabetical order. The uncertainty is too large to order them by result, and the "
            "order would mostly show which pupils the schools have.",
        ),
    ),
)


def expected(frame: Frame, found: Deviations, sources: tuple[Source, ...]) -> Draft:
    """Each school's distance from the expected result with its interval."""
    rows = {str(u): i for i, u in enumerate(found.unit) if u in frame.schools}
    cells: list[Cell] = []
    for unit, i in rows.items():
        n = found.n[i]
        cells += [
            frame.cell(
                ("merit_value", "difference", unit),
                CellKind.ESTIMATE,
                found.difference[i],
                n=n,
                low=found.low[i],
                high=found.high[i],
            ),
            frame.cell(("merit_value", "result", unit), CellKind.MEAN, found.result[i], n=n, ceiling=MERIT_CEILING),
            frame.cell(("merit_value", "expected", unit), CellKind.ESTIMATE, found.expected[i], n=n),
        ]
    explained = ("merit_value", "explained")
    cells.append(
        frame.cell(
            explained,
            CellKind.ESTIMATE,
            found.explained,
            low=found.explained_low,
            high=found.explained_high,
            n=float(found.n.sum()),
            level=Level.NATION,
        )
    )

    def lay(out: Release) -> Figure:
        span = years_text(found.years)
        return figure(
            id="result-against-expected",
            question=Words(
                "Vilka skolor skiljer sig från det väntade?", "Which schools differ from what was expected?"
            ),
            subtitle=Words(
                f"Meritvärde i årskurs 9, {span}, med hänsyn till {joined(found.intake).sv}",
                f"Merit value in year 9, {span}, allowing for {joined(found.intake).en}",
            ),
            chart=Expected(
                tuple(_expected_row(school, code, rows, out) for code, school in frame.schools.items()),
                scales.MERIT_DIFFERENCE,
                scales.MERIT,
            ),
            sources=sources,
            method=(*METHOD_EXPECTED, _explained(found)),
            indicator="merit_value",
            facts={"explained": out[explained]},
            notes=left_out(found),
        )

    ties = tuple(
        Relation(("merit_value", "result", unit), tuple(unit_key(unit, year) for year in years))
        for unit, years in found.parts.items()
        if unit in rows and len(years) > 1
    )
    return Draft(tuple(cells), lay, ties)


def _expected_row(school: School, code: str, rows: dict[str, int], out: Release) -> ExpectedRow:
    if code not in rows:
        without = School(school.name, school.area, school.code, school.instead or NOT_COMPARED)
        return ExpectedRow(without, None)
    return ExpectedRow(
        school,
        out["merit_value", "difference", code],
        out["merit_value", "result", code],
        out["merit_value", "expected", code],
    )


NOT_COMPARED = Words(
    "Jämförs inte: för få elever i årskurs 9 eller okänd sammansättning",
    "Not compared: too few in year 9, or intake unknown",
)


def _explained(found: Deviations) -> Explanation:
    share, low, high = (round(100 * x) for x in (found.explained, found.explained_low, found.explained_high))
    return Explanation(
        Words("Hur mycket förklarar elevernas bakgrund?", "How much does intake explain?"),
        Words(
            f"Av skillnaderna mellan landets skolor hänger {share} procent samman med {joined(found.intake).sv} "
            f"(osäkerhet {low}–{high} procent). Resten är annat: undervisning, ledning, det som inte mäts.",
            f"Of the differences between the country's schools, {share} per cent go together with "
            f"{joined(found.intake).en} (uncertainty {low}–{high} per cent). The rest is something else: teaching, "
            "leadership, what is not measured.",
        ),
    )


def left_out(found: Deviations) -> tuple[Words, ...]:
    """How many schools could not be compared, by reason."""
    return tuple(
        Words(
            f"{schools(count).sv} i landet är inte med: {why.sv}.",
            f"Left out in the country, {schools(count).en}: {why.en}.",
        )
        for why, count in found.left_out.items()
        if count
    )


METHOD_FUNNEL = (
    Explanation(
        Words("Tratten", "The funnel"),
        Words(
            "Små skolors medelvärden svänger mer av ren slump. Mellan de streckade linjerna ligger skolor som inte "
            "säkert skiljer sig från mitten. Här är ingen hänsyn tagen till vilka elever skolan har.",
            "Small schools' means swing more by pure chance. Between the dashed lines lie schools that do not surely "
            "differ from the middle. Nothing is taken into account here about which pupils the school has.",
        ),
    ),
)


def funnel(frame: Frame, found: Funnels, sources: tuple[Source, ...]) -> Draft:
    """The newest year's results against size, with limits for chance."""
    keys: dict[str, Key] = {str(u): unit_key(u, found.year) for u in found.unit}
    cells = [
        frame.cell(keys[str(u)], CellKind.MEAN, found.value[i], n=found.n[i], ceiling=MERIT_CEILING, year=found.year)
        for i, u in enumerate(found.unit)
    ]
    centre = area_key(found.year)
    if frame.own_records:
        cells.append(whole_cell(frame, found.year, found.centre, found.centre_n, shown=True))
    else:  # of what sources publish; what they hide is no part of it
        level = frame.place.level
        cells.append(frame.cell(centre, CellKind.ESTIMATE, found.centre, n=found.centre_n, level=level))

    def lay(out: Release) -> Figure:
        points = tuple((frame.schools[u], out[key]) for u, key in keys.items())
        visible = frozenset(u for u in found.outside if out[keys[u]].value is not None)
        limits = tuple(
            FunnelLimit(c, tuple(found.size), tuple(found.limit_low[i]), tuple(found.limit_high[i]))
            for i, c in enumerate(found.coverage)
        )
        return figure(
            id="more-than-chance",
            question=Words("Är skillnaderna mer än slump?", "Are the differences more than chance?"),
            subtitle=Words(
                f"Meritvärde i årskurs 9, {SchoolYear(found.year)}, skolorna i {frame.place.name}",
                f"Merit value in year 9, {SchoolYear(found.year)}, schools in {frame.place.name}",
            ),
            chart=Funnel(
                scales.MERIT,
                Words("elever i årskurs 9", "pupils in year 9"),
                points,
                out[centre],
                Words(frame.place.name, frame.place.name),
                limits,
                outside=visible,
                by_chance=found.by_chance,
            ),
            sources=sources,
            method=METHOD_FUNNEL,
            indicator="merit_value",
        )

    return Draft(tuple(cells), lay)


METHOD_MULTIPLES = (
    Explanation(
        Words("Bandet", "The band"),
        Words(
            "Där skolans resultat väntas ligga ett enskilt år, med den elevsammansättning den hade då. "
            "Strecket vid sista året visar osäkerheten.",
            "Where the school's result is expected to lie in a single year, with the intake it had then. "
            "The bar at the last year shows the uncertainty.",
        ),
    ),
)


def small_multiples(frame: Frame, results: UnitYears, sources: tuple[Source, ...]) -> Draft:
    """Each school's own line against its expected band, all on the same axes."""
    own = results.of(frame.units)
    years = sorted({int(y) for y in own.year})
    at = {(str(u), int(y)): i for i, (u, y) in enumerate(zip(own.unit, own.year, strict=True))}
    cells = [
        cell
        for code in frame.schools
        for year in years
        for cell in _panel_cells(frame, own, at.get((code, year)), code, year)
    ]

    def lay(out: Release) -> Figure:
        panels = tuple(_panel(school, code, years, out) for code, school in frame.schools.items())
        return figure(
            id="school-by-school",
            question=Words("Hur har det gått för varje skola?", "How has each school fared?"),
            subtitle=Words(
                f"Meritvärde i årskurs 9, {years_text(tuple(years))}, mot det väntade",
                f"Merit value in year 9, {years_text(tuple(years))}, against the expected",
            ),
            chart=SmallMultiples(
                scales.MERIT,
                tuple(SchoolYear(y) for y in years),
                panels,
                breaks=tuple(b for b in (SEVENTEEN_SUBJECTS,) if years[0] < 2014 <= years[-1]),
            ),
            sources=sources,
            method=(*METHOD_MULTIPLES, *METHOD_EXPECTED[:1]),
            indicator="merit_value",
        )

    return Draft(tuple(cells), lay)


def _panel_cells(frame: Frame, own: UnitYears, row: int | None, code: str, year: int) -> list[Cell]:
    result, band = unit_key(code, year), ("merit_value", "band", code, str(year))
    if row is None:
        return [
            Cell(key, CellKind.ESTIMATE, None, missing=Missing.NOT_COLLECTED, source=frame.rules)
            for key in (result, band)
        ]
    low, high = own.expected_low[row], own.expected_high[row]
    middle = (low + high) / 2 if own.status[row] == "" else math.nan
    return [
        unit_cell(frame, own, row),
        frame.cell(band, CellKind.ESTIMATE, middle, n=own.n[row], low=low, high=high),
    ]


def _panel(school: School, code: str, years: list[int], out: Release) -> Panel:
    own = tuple(out[unit_key(code, year)] for year in years)
    band = tuple(out["merit_value", "band", code, str(year)] for year in years)
    return Panel(school, own, band)


METHOD_SUBJECTS = (
    Explanation(
        Words("Färgade rutor", "Tinted cells"),
        Words(
            "När många rutor prövas blir några falska larm av ren slump. Rutor färgas så att väntat högst en av tjugo "
            "färgade är ett falskt larm, räknat över alla prövade rutor i landet (Benjamini och Hochberg).",
            "When many cells are tested, some become false alarms by pure chance. Cells are tinted so that at most one "
            "in twenty tinted is expected to be a false alarm, over all cells tested in the country (Benjamini and "
            "Hochberg).",
        ),
    ),
    Explanation(
        Words("Det väntade i varje ämne", "The expected in each subject"),
        Words(
            "Räknas för varje ämne för sig, på samma sätt som för meritvärdet.",
            "Worked out for each subject by itself, in the same way as for the merit value.",
        ),
    ),
)


def subjects(
    frame: Frame, found: SubjectDeviations, scale: Scale, sources: tuple[Source, ...], what: Words, indicator: str
) -> Draft:
    """Unit by subject: difference from the expected in every cell, tinted only within the false-alarm budget."""
    rows = {str(u): i for i, u in enumerate(found.unit) if u in frame.schools}

    def key(code: str, s: int) -> Key:
        return ("subject_difference", found.subjects[s][0], code)

    cells = [
        frame.cell(
            key(code, s),
            CellKind.ESTIMATE,
            found.difference[i, s],
            n=found.n[i, s],
            low=found.low[i, s],
            high=found.high[i, s],
            status=found.status[i, s],
        )
        for code, i in rows.items()
        for s in range(len(found.subjects))
    ]

    def lay(out: Release) -> Figure:
        heat = []
        for code, school in frame.schools.items():
            if code not in rows:
                heat.append(HeatRow(School(school.name, school.area, school.code, school.instead or NO_SUBJECTS), ()))
                continue
            row = tuple(out[key(code, s)] for s in range(len(found.subjects)))
            kept = frozenset(s for s, cell in enumerate(row) if found.kept[rows[code], s] and cell.value is not None)
            heat.append(HeatRow(school, row, kept))
        span = years_text(found.years)
        return figure(
            id="subjects",
            question=Words("Alla ämnen, alla skolor", "All subjects, all schools"),
            subtitle=Words(f"{what.sv}, {span}", f"{what.en}, {span}"),
            chart=Heat(
                scale,
                tuple(Subject(name, short) for _, name, short in found.subjects),
                tuple(heat),
                tests=found.tests,
                rate=found.rate,
            ),
            sources=sources,
            method=METHOD_SUBJECTS,
            indicator=indicator,
        )

    return Draft(tuple(cells), lay)


NO_SUBJECTS = Words("Inga ämnesresultat", "No subject results")
