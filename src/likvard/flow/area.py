"""Which area a report is about: its name, its schools, and the sources that its figures rest on."""

from __future__ import annotations

from datetime import date

import duckdb
import numpy as np
import numpy.typing as npt

from likvard.figures.chapters.frame import Draft, Frame, Place
from likvard.figures.chapters.overview import municipality_map
from likvard.figures.charts import School
from likvard.figures.figure import Source
from likvard.records.questions import published as question
from likvard.records.questions.columns import Columns
from likvard.rulebook import counties, municipalities
from likvard.terms import Audience, Level, UsageError, Words

RULES = "siris_grades"
"""Whose rules of disclosure published results follow."""

SOURCES: dict[str, Words] = {
    "skolverket-siris": Words(
        "Skolverket, statistik ur Siris", "Swedish National Agency for Education (Skolverket), Siris"
    ),
    "skolverket-merit-series": Words(
        "Skolverket, meritvärden per skola 2014–2025, sammanställda ur öppna källor",
        "Skolverket, merit values per school 2014–2025, put together from open sources",
    ),
    "skolverket-v4": Words(
        "Skolverket, öppna data om skolor (Planned Educations v4)",
        "Skolverket, open data on schools (Planned Educations v4)",
    ),
    "skolinspektionen-skolenkaten": Words(
        "Skolinspektionen, Skolenkäten", "Swedish Schools Inspectorate, the school survey (Skolenkäten)"
    ),
    "kolada": Words("Kolada (RKA)", "Kolada (RKA)"),
    "municipality-shapes": Words(
        "Kommungränser, förenklade, ur öppna data", "Municipal borders, simplified, from open data"
    ),
    "socioeconomic-index": Words(
        "Statistikmyndigheten (SCB), socioekonomiskt index", "Statistics Sweden (SCB), socio-economic index"
    ),
    "scb": Words("Huvudmannens betygsfiler till SCB", "The organiser's grade files to Statistics Sweden"),
    "organiser": Words("Huvudmannens egna uppgifter", "The organiser's own records"),
    "synthetic": Words("Påhittade uppgifter", "Invented data"),
}


def frame(con: duckdb.DuckDBPyConnection, code: str, *, audience: Audience, on: date) -> Frame:
    """The frame of a report on a municipality or an organiser. Raises `UsageError` if the lake knows no school there."""
    units = question.units(con)
    column = {4: "municipality_code", 10: "organiser_number"}.get(len(code)) if code.isdigit() else None
    if column is None:
        raise UsageError(
            f"{code!r} is neither a municipality nor an organiser.",
            "Write four digits for a municipality (0127) or ten for an organiser (2120002882).",
        )
    here = np.flatnonzero(units[column] == code)
    if not len(here):
        raise UsageError(f"The lake has no school in {code}.", "See what it holds with `likvard deliveries`.")
    schools = {str(units["unit_code"][i]): School(str(units["name"][i]), code=str(units["unit_code"][i])) for i in here}
    return Frame(_place(con, units, code, here), audience, on, schools, _sources(con), RULES)


def _place(con: duckdb.DuckDBPyConnection, units: Columns, code: str, here: npt.NDArray[np.intp]) -> Place:
    """The area by name: a municipality by the rulebook, or, if it is invented, by its outline."""
    if len(code) == 10:
        name = next((str(units["organiser_name"][i]) for i in here if units["organiser_name"][i]), code)
        return Place(code, name, Level.ORGANISER)
    known = municipalities() | dict(question.place_names(con))
    return Place(code, known.get(code, code), Level.MUNICIPALITY)


def _sources(con: duckdb.DuckDBPyConnection) -> dict[str, Source]:
    """One source per kind of delivery, with its vintages and the deliveries behind it."""
    rows = question.deliveries(con)
    found: dict[str, list[int]] = {}
    for i, name in enumerate(rows["source"]):
        found.setdefault(next((known for known in SOURCES if name.startswith(known)), name), []).append(i)
    return {
        name: Source(
            SOURCES.get(name, Words(name, name)),
            ", ".join(dict.fromkeys(str(rows["vintage"][i]) for i in at if rows["vintage"][i])),
            tuple(str(rows["id"][i]) for i in at),
        )
        for name, at in found.items()
    }


def synthetic(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether anything in the lake is invented."""
    return bool(question.deliveries(con)["synthetic"].any())


def place_on_map(con: duckdb.DuckDBPyConnection, frame: Frame) -> list[Draft]:
    """The municipality in its county; none for an organiser, and none where the lake has no outlines."""
    rows = question.shapes(con)
    code = frame.place.code
    if frame.place.level is not Level.MUNICIPALITY or code not in rows["municipality_code"].tolist():
        return []
    outlines = {
        str(c): (str(name), [np.asarray(ring, dtype=float) for ring in rings])
        for c, name, rings in zip(rows["municipality_code"], rows["name"], rows["rings"], strict=True)
        if str(c)[:2] == code[:2]
    }
    county = counties().get(code[:2], Words("länet", "the county"))
    return [municipality_map(frame, outlines, frame.source("municipality-shapes", "synthetic"), frozenset(), county)]
