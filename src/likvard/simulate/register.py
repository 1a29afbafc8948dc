"""The school register of a year: organisers and units."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from likvard.simulate.tables import declared, same
from likvard.simulate.units import Unit
from likvard.simulate.years import Year, open_units


def organisers(years: Sequence[Year]) -> pa.Table:
    """Return every organiser with a unit in the year, once."""
    found = {unit.organiser.number: unit.organiser for year in years for unit in _open(year)}
    rows = [found[number] for number in sorted(found)]
    return declared(
        "organiser",
        {
            "organiser_number": pa.array([o.number for o in rows]),
            "school_year": same(years[0].year, len(rows), pa.int16()),
            "name": pa.array([o.name for o in rows]),
            "kind": pa.array([str(o.kind) for o in rows]),
            "municipality_code": pa.array([o.municipality_code for o in rows], pa.string()),
        },
    )


def units(years: Sequence[Year]) -> pa.Table:
    """Return every unit and form of the year; those closed since the year before stand once more, as closed."""
    rows = [(year, unit, "active") for year in years for unit in _open(year)]
    rows += [(year, unit, "closed") for year in years for unit in year.plan.closing(year.year)]
    spread = [(year, unit, status, form) for year, unit, status in rows for form in year.plan.seats[unit.seat].forms]
    return declared(
        "unit",
        {
            "unit_code": pa.array([unit.code for _, unit, _, _ in spread]),
            "school_year": same(years[0].year, len(spread), pa.int16()),
            "name": pa.array([unit.name for _, unit, _, _ in spread]),
            "school_form": pa.array([str(form) for *_, form in spread]),
            "municipality_code": pa.array([year.plan.place.code for year, *_ in spread]),
            "organiser_number": pa.array([unit.organiser.number for _, unit, _, _ in spread]),
            "organiser_name": pa.array([unit.organiser.name for _, unit, _, _ in spread]),
            "organiser_kind": pa.array([str(unit.organiser.kind) for _, unit, _, _ in spread]),
            "status": pa.array([status for _, _, status, _ in spread]),
        },
    )


def _open(year: Year) -> list[Unit]:
    return [year.plan.units[int(index)] for index in np.sort(open_units(year))]
