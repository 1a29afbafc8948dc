"""What is not of a single year: which unit follows which, principals, outlines for maps, and what measures mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import cos, pi, sin

import numpy as np
import pyarrow as pa

from likvard.simulate.climate import Climate, climate
from likvard.simulate.places import COUNTIES
from likvard.simulate.settings import Settings
from likvard.simulate.streams import Topic, scrambled, stream
from likvard.simulate.survey import AREAS, MAIN, ROUNDS, ending
from likvard.simulate.tables import declared, pseudonyms, same
from likvard.simulate.units import EVER, Plan, Unit, plan

_PRINCIPALS = 1 << 61  # numbers set apart from the pupils'
_ONE_DAY = timedelta(days=1)
_WEST, _NORTH, _WIDE, _HIGH = -28.0, 61.0, 0.8, 0.35
"""The invented country lies in the open Atlantic, where no map of the real one can be meant."""

TITLES = {
    "merit_value": "Genomsnittligt meritvärde (17 ämnen)",
    "pupils": "Antal elever",
    "pupils_preschool_class": "Elever, förskoleklass",
    **{f"pupils_year_{study}": f"Elever, årskurs {study}" for study in range(1, 10)},
    "share_girls": "Andel flickor",
    "share_foreign_background": "Andel elever med utländsk bakgrund",
    "share_parents_tertiary": "Andel elever med föräldrar med eftergymnasial utbildning",
    "share_all_subjects_year_9": "Andel elever med godkänt i alla ämnen, årskurs 9",
    "share_all_subjects_year_6": "Andel elever med godkänt i alla ämnen, årskurs 6",
    "share_eligible_vocational": "Andel elever behöriga till yrkesprogram",
    "share_eligible_arts": "Andel elever behöriga till estetiska programmet",
    "share_eligible_social": "Andel elever behöriga till ekonomi-, humanistiska och samhällsvetenskapsprogrammen",
    "share_eligible_science": "Andel elever behöriga till naturvetenskaps- och teknikprogrammen",
    **{
        f"test_mean_{code}_year_{study}": f"Genomsnittlig provbetygspoäng, {subject}, årskurs {study}"
        for code, subject in (("sve", "svenska"), ("sva", "svenska som andraspråk"), ("eng", "engelska"), ("ma", "matematik"))
        for study in (6, 9)
    },
    "share_certified_teachers": "Andel lärare med legitimation och behörighet",
    "pupils_per_teacher": "Elever per lärare",
    "share_diploma": "Andel med gymnasieexamen inom tre år",
    "grade_points_mean": "Genomsnittlig betygspoäng, elever med examen",
    "kolada:N15428": "Elever i åk 9 som är behöriga till yrkesprogram, andel (%)",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spell:
    """A principal's time at a unit; `number` is the person's among all invented principals."""

    code: str
    number: int
    start: date
    end: date | None


def lineage(settings: Settings) -> pa.Table:
    """Return which units continue others, from the second simulated year on."""
    links = [
        link
        for index in range(settings.municipalities)
        for link in plan(settings, index).links
        if settings.first_year < link.year <= settings.last_year
    ]
    size = len(links)
    return declared(
        "unit_lineage",
        {
            "predecessor": pa.array([link.predecessor for link in links], pa.string()),
            "successor": pa.array([link.successor for link in links], pa.string()),
            "kind": pa.array([link.kind for link in links], pa.string()),
            "on": pa.array([date(link.year, 8, 1) for link in links], pa.date32()),
            "confirmed": same(True, size, pa.bool_()),
            "source": same("simulated", size),
        },
    )


def principals(settings: Settings) -> pa.Table:
    """Return every principal's spell that touches the simulated years. The last of each unit has no end yet."""
    spells = [spell for index in range(settings.municipalities) for spell in _spells(settings, index)]
    return declared(
        "principal_spell",
        {
            "unit_code": pa.array([spell.code for spell in spells]),
            "principal_id": pseudonyms(scrambled(settings.seed, np.array([spell.number for spell in spells]))),
            "start": pa.array([spell.start for spell in spells], pa.date32()),
            "end": pa.array([spell.end for spell in spells], pa.date32()),
        },
    )


def _spells(settings: Settings, index: int) -> Iterator[Spell]:
    schools, around = plan(settings, index), climate(settings, index)
    rng = stream(settings.seed, Topic.PRINCIPALS, index)
    changes = [_changes(rng, around, seat) for seat in range(len(schools.seats))]
    for unit in schools.units:
        yield from _of_unit(settings, schools, unit, changes[unit.seat])


def _changes(rng: np.random.Generator, around: Climate, seat: int) -> list[date]:
    """The days on which a new principal began: most on 1 August, the others on any day of the school year."""
    first = date(around.start, 8, 1) - timedelta(days=int(rng.integers(0, 2000)))
    found = {first}
    for t, count in enumerate(around.turnover[seat]):
        autumn = date(around.start + t, 8, 1)
        days = np.where(rng.random(count) < 0.5, 0, rng.integers(1, 364, count))
        days[1:] += days[1:] == days[:1]  # two in one year cannot begin on the same day
        found |= {autumn + timedelta(days=int(day)) for day in days}
    return sorted(found)


def _of_unit(settings: Settings, schools: Plan, unit: Unit, changes: list[date]) -> Iterator[Spell]:
    """The unit's share of its seat's principals: they stay when only the code changes."""
    opened = date.min if unit.first == EVER else date(unit.first, 8, 1)
    closed = date.max if unit.last is None else date(unit.last + 1, 7, 31)
    begins, ends = date(settings.first_year, 8, 1), date(settings.last_year + 1, 7, 31)
    for number, start in enumerate(changes):
        last = changes[number + 1] - _ONE_DAY if number + 1 < len(changes) else date.max
        start, last = max(start, opened), min(last, closed)
        if start <= last and last >= begins and start <= ends:
            person = _PRINCIPALS + (schools.place.index << 40) + (unit.seat << 16) + number
            yield Spell(unit.code, person, start, None if last > ends else last)


def outlines(settings: Settings) -> pa.Table:
    """Return a hexagon for each municipality: counties side by side, nine wide, in the Atlantic."""
    places = [plan(settings, index).place for index in range(settings.municipalities)]
    centres = [_centre(place.index) for place in places]
    return declared(
        "area_shape",
        {
            "municipality_code": pa.array([place.code for place in places]),
            "name": pa.array([place.name for place in places]),
            "longitude": pa.array([x for x, _ in centres]),
            "latitude": pa.array([y for _, y in centres]),
            "rings": pa.array([[_hexagon(x, y)] for x, y in centres], pa.list_(pa.list_(pa.float64()))),
        },
    )


def _centre(index: int) -> tuple[float, float]:
    column, row = index % COUNTIES, index // COUNTIES
    return round(_WEST + _WIDE * (column + 0.5 * (row % 2)), 4), round(_NORTH - _HIGH * row, 4)


def _hexagon(x: float, y: float) -> list[float]:
    corners = [pi / 6 + i * pi / 3 for i in range(7)]
    return [
        round(value, 4)
        for corner in corners
        for value in (x + _WIDE / 3**0.5 * cos(corner), y + _HIGH * 2 / 3 * sin(corner))
    ]


def measures() -> pa.Table:
    """Return the title of every measure that is published of the synthetic country."""
    titles = dict(TITLES)
    for respondents, *_ in ROUNDS:
        who = "" if respondents == MAIN else f" ({respondents})"
        titles |= {area.measure + ending(respondents): f"Index {area.name}, 0–10{who}" for area in AREAS}
        for stem, title in (
            ("group_size", "Antal i gruppen"),
            ("answers", "Antal svar"),
            ("response_rate", "Svarsfrekvens"),
        ):
            titles[f"survey_{stem}{ending(respondents)}"] = title + who
    names = sorted(titles)
    return declared(
        "measure",
        {
            "measure": pa.array(names),
            "title": pa.array([titles[name] for name in names]),
            "about": same("Simulerade uppgifter. Inga verkliga elever eller skolor.", len(names)),
            "sex_split": pa.array([name.startswith(("survey_index", "merit", "kolada")) for name in names]),
            "unit_level": pa.array([not name.startswith("kolada") for name in names]),
        },
    )  # fmt: skip
