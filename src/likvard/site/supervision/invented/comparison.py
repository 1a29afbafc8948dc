"""An invented authority's decisions, for a demonstration of the comparison: its own inspections are too few to compare.

Five departments of five inspectors, three years. One department finds more in the same cases, one takes longer to close; one
small department is there to show how it is withheld. The same day gives the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random

from likvard.flow.uniformity import Decided, Followed

SEED = 20261122
DEPARTMENTS = {
    "d-goteborg": "Avdelning Göteborg",
    "d-linkoping": "Avdelning Linköping",
    "d-lund": "Avdelning Lund",
    "d-stockholm": "Avdelning Stockholm",
    "d-umea": "Avdelning Umeå",
    "d-utveckling": "Utvecklingsenheten",
}
MORE, SLOWER, SMALL = "d-stockholm", "d-lund", "d-utveckling"
YEARS = 3
AREAS = ("unit.support", "unit.safety", "unit.teaching", "unit.grading")


def rows(on: date) -> tuple[tuple[Decided, ...], tuple[Followed, ...]]:
    """Decisions and their findings up to a day."""
    luck = Random(SEED)  # noqa: S311 - invented, and the same each time
    decided = tuple(
        _decided(luck, department, inspector, number, on)
        for department in DEPARTMENTS
        for inspector in _inspectors(department)
        for number in range(luck.randint(4, 6) if department == SMALL else luck.randint(9, 24))
    )
    return decided, tuple(finding for row in decided for finding in _followed(luck, row, on))


def names() -> Mapping[str, str]:
    """What the departments and their invented inspectors are called."""
    people = {who: f"Inspektör {who.rpartition('-')[2]}" for place in DEPARTMENTS for who in _inspectors(place)}
    return DEPARTMENTS | people


def _inspectors(department: str) -> Iterator[str]:
    first = 10 * (1 + list(DEPARTMENTS).index(department))
    yield from (f"p-{first + n}" for n in range(1, 3 if department == SMALL else 6))


def _decided(luck: Random, department: str, inspector: str, number: int, on: date) -> Decided:
    level = "organiser" if luck.random() < 0.25 else "unit"
    type_ = "targeted" if luck.random() < 0.3 else "planned"
    own = (int(inspector.rpartition("-")[2]) % 3 - 1) * 0.2
    mean = 1.6 + 0.8 * (level == "organiser") + 0.5 * (type_ == "targeted") + 1.1 * (department == MORE) + own
    day = on - timedelta(days=luck.randint(10, YEARS * 365))
    findings = sum(luck.random() < mean / 8 for _ in range(8))
    kind = "municipal" if luck.random() < 0.7 else "independent"
    pupils = luck.randint(60, 900)
    return Decided(f"{inspector}-{number}", department, inspector, type_, level, kind, day, findings, ("GR",), pupils)


def _followed(luck: Random, row: Decided, on: date) -> Iterator[Followed]:
    for _ in range(row.findings):
        area, instrument = luck.choice(AREAS), luck.choice(("injunction", "remark"))
        mean = 150 + 40 * (area == "unit.safety") + 30 * (instrument == "injunction") + 70 * (row.department == SLOWER)
        closed = row.decided + timedelta(days=round(luck.gammavariate(4, mean / 4)))
        yield Followed(row.case, area, instrument, row.decided, closed if closed <= on else None)
