"""Where is it, and what do we know of each school? Map, and a table with one row per school."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from likvard.disclosure.cells import Cell, CellKind, Release
from likvard.figures.chapters.evidence import Names, Numbers
from likvard.figures.chapters.frame import Draft, Frame, unit_key
from likvard.figures.charts_map import MunicipalityMap, Outline
from likvard.figures.figure import Explanation, Figure, Source
from likvard.figures.measures import Period, Scale
from likvard.figures.table import Column, Entry, Kind, Row, Table
from likvard.figures.twins import figure, same
from likvard.terms import Missing, SchoolYear, Words


@dataclass(frozen=True, eq=False)
class Measured:
    """One column of a table of schools: a measure in one period, U rows; `status` says why a value is NaN.

    `low` and `high` are the range that the source's symbol allows (~100), NaN otherwise.
    """

    measure: str
    heading: Words
    short: Words
    scale: Scale
    kind: CellKind
    period: Period
    unit: Names
    value: Numbers
    n: Numbers
    low: Numbers
    high: Numbers
    status: Names
    source: str


_METHOD_TABLE = (
    Explanation(
        Words("Tomma rutor", "Empty cells"),
        Words(
            "Där en siffra saknas står ett tecken som säger varför. Ingen dold siffra har räknats fram ur andra.",
            "Where a number is missing, a symbol says why. No hidden number has been worked out from others.",
        ),
    ),
)


def schools_table(frame: Frame, columns: Sequence[Measured], sources: tuple[Source, ...]) -> Draft:
    """Every school of the area with its newest published figures: a table without a chart."""
    return _table(
        frame,
        columns,
        sources,
        id="schools-table",
        question=Words("Vilka är skolorna, och vad vet vi om dem?", "Which are the schools, and what do we know?"),
        subtitle=Words(
            f"Senast publicerade uppgifter för varje skola i {frame.place.name}",
            f"The newest published figures for each school in {frame.place.name}",
        ),
        indicator="merit_value",
    )


def attendance_table(frame: Frame, columns: Sequence[Measured], sources: tuple[Source, ...]) -> Draft:
    """How many pupils miss much of their schooling, unit by unit, every form of school."""
    return _table(
        frame,
        columns,
        sources,
        id="attendance-table",
        question=Words("Hur många elever missar mycket?", "How many pupils miss much?"),
        subtitle=Words(
            f"Elever med mer än 15 procents frånvaro, giltig eller ogiltig, i {frame.place.name}",
            f"Pupils absent more than 15 per cent, authorised or not, in {frame.place.name}",
        ),
        indicator="share_absent",
        method=(
            Explanation(
                Words("Frånvaro", "Absence"),
                Words(
                    "Missade minuter av schemalagda, giltig och ogiltig frånvaro tillsammans, över hela läsåret.",
                    "Minutes missed of those scheduled, authorised and not, over the whole school year.",
                ),
            ),
        ),
    )


SKOLENKATEN = Words("Skolenkäten, elever i årskurs 8", "The school survey (Skolenkäten), pupils in year 8")
OWN_SURVEY = Words("Enkät till elever", "Survey of pupils")

EVERY_OTHER_YEAR = Words(
    "Hälften av huvudmännen deltar varje år. Frågorna byttes 2018 och 2022. Jämför inte med tiden före.",
    "Half of the organisers take part each year. The questions changed in 2018 and 2022. Do not compare with earlier "
    "years.",
)


def survey_table(
    frame: Frame,
    columns: Sequence[Measured],
    sources: tuple[Source, ...],
    survey: Words = OWN_SURVEY,
    notes: tuple[Words, ...] = (),
) -> Draft:
    """What pupils answered on safety and calm, school by school."""
    return _table(
        frame,
        columns,
        sources,
        id="safety-table",
        question=Words("Är eleverna trygga, och har de studiero?", "Are pupils safe, and is it calm?"),
        subtitle=Words(f"{survey.sv}, skolorna i {frame.place.name}", f"{survey.en}, schools in {frame.place.name}"),
        indicator="survey_index_trygghet",
        method=(_METHOD_SURVEY,),
        notes=notes,
    )


_METHOD_SURVEY = Explanation(
    Words("Index 0–10", "Index 0–10"),
    Words(
        "Medelvärdet av svaren på områdets frågor, där 10 är det mest positiva svaret. Minst fem svar krävs.",
        "The mean of the answers to the area's questions, where 10 is the most positive answer. At least five answers "
        "are needed.",
    ),
)


def _table(
    frame: Frame,
    columns: Sequence[Measured],
    sources: tuple[Source, ...],
    *,
    id: str,
    question: Words,
    subtitle: Words,
    indicator: str,
    method: tuple[Explanation, ...] = (),
    notes: tuple[Words, ...] = (),
) -> Draft:
    cells: list[Cell] = []
    for column in columns:
        at = {str(u): i for i, u in enumerate(column.unit)}
        cells += [_measured(frame, column, at.get(code), code) for code in frame.schools]

    def lay(out: Release) -> Figure:
        rows = []
        for code, school in sorted(frame.schools.items(), key=lambda item: item[1].order):
            entries: tuple[Entry, ...] = tuple(out[_key(column, code)] for column in columns)
            rows.append(Row(same(school.name), entries, same(school.area) if school.area else None, code))
        headings = tuple(
            Column(Words(f"{c.heading.sv}, {c.period}", f"{c.heading.en}, {c.period}"), Kind.NUMBER, c.scale, c.short)
            for c in columns
        )
        return Figure(
            id=id,
            question=question,
            subtitle=subtitle,
            chart=None,
            kind="table",
            table=Table(subtitle, Words("Skola", "School"), headings, tuple(rows)),
            sources=sources,
            method=(*method, *_METHOD_TABLE),
            indicator=indicator,
            facts={"schools": len(rows), "hidden": _hidden(rows)},
            notes=notes,
        )

    return Draft(tuple(cells), lay)


def _hidden(rows: Sequence[Row]) -> int:
    return sum(getattr(entry, "value", 0) is None for row in rows for entry in row.entries)


def _key(column: Measured, code: str) -> tuple[str, ...]:
    if column.measure == "merit_value" and isinstance(column.period, SchoolYear):
        return unit_key(code, column.period.start)
    return (column.measure, "unit", code, str(column.period))


def _measured(frame: Frame, column: Measured, row: int | None, code: str) -> Cell:
    key = _key(column, code)
    if row is None:
        return Cell(key, column.kind, None, missing=Missing.NOT_COLLECTED, source=column.source)
    return frame.cell(
        key,
        column.kind,
        column.value[row],
        n=column.n[row],
        low=column.low[row],
        high=column.high[row],
        status=str(column.status[row]),
        source=column.source,
        year=column.period.start if isinstance(column.period, SchoolYear) else column.period - 1,
    )


_METHOD_MAP = (
    Explanation(
        Words("Kartan", "The map"),
        Words(
            "Visar bara var kommunen ligger. Inget område färgas efter resultat. Gränserna är förenklade.",
            "Shows only where the municipality lies. No area is coloured by result. The borders are simplified.",
        ),
    ),
)


def municipality_map(
    frame: Frame,
    outlines: Mapping[str, tuple[str, Sequence[Numbers]]],
    sources: tuple[Source, ...],
    compared: frozenset[str],
    county: Words,
) -> Draft:
    """Where the municipality lies in its county; `outlines` are rings x1 y1 x2 y2 … by municipality code."""
    drawn = tuple(
        Outline(code, name, tuple(tuple((x, y) for x, y in np.reshape(ring, (-1, 2)).tolist()) for ring in rings))
        for code, (name, rings) in sorted(outlines.items())
    )
    made = figure(
        id="map",
        question=Words(f"Var ligger {frame.place.name}?", f"Where is {frame.place.name}?"),
        subtitle=Words(f"Kommunerna i {county.sv}", f"The municipalities of {county.en}"),
        chart=MunicipalityMap(drawn, frame.place.code, compared),
        sources=sources,
        method=_METHOD_MAP,
        indicator="",
    )
    return Draft((), lambda _: made)


TABLES: Mapping[str, Callable[[Frame, Sequence[Measured], tuple[Source, ...]], Draft]] = {
    "schools": schools_table,
    "safety": survey_table,
    "attendance": attendance_table,
}
"""The tables of schools by the question they answer."""
