"""Questions about who goes to which school: pupils per unit, form and year by background, from records or statistics."""

from __future__ import annotations

import duckdb
import numpy as np

from likvard.records.questions.columns import Columns, ask
from likvard.records.questions.published import statistics

SHARES = {"education": "share_parents_tertiary", "foreign": "share_foreign_background"}
"""The published share of each subject: pupils whose parents have post-secondary education, or of foreign background."""


def background(con: duckdb.DuckDBPyConnection) -> Columns:
    """Return how many pupils of each background every unit has, per form and year, from pupils' records.

    Columns: unit, form, year, and for each subject of `SHARES`: x_in (pupils of the group) and x_out (the others of whom
    it is known), whole numbers. A pupil with two enrolments in a unit and year is one. Sorted by form, year and unit.
    """
    return ask(
        con,
        """select e.unit_code as unit, e.school_form as form, e.school_year as "year",
               count(*) filter (where p.parents_education = 'tertiary')::double as education_in,
               count(*) filter (where p.parents_education <> 'tertiary')::double as education_out,
               count(*) filter (where p.foreign_background)::double as foreign_in,
               count(*) filter (where not p.foreign_background)::double as foreign_out
           from (select distinct pupil_id, unit_code, school_form, school_year from enrolment) e
           join pupil p using (pupil_id, school_year)
           group by all order by form, "year", unit""",
    )


def published_background(con: duckdb.DuckDBPyConnection) -> Columns:
    """Return published shares of pupils by background with the pupils they are shares of, per unit and year.

    Columns: measure, area_code (the unit), school_form, year, value (NaN where `status` says why), low and high (what
    the source's symbol allows), status, n (pupils in years 1-9; NaN where no source says), merit (1 where the unit has a
    merit value that year, else 0). Only compulsory school is published. Sorted by measure, unit and year.
    """
    rows = statistics(con, list(SHARES.values()), level="unit")
    sizes = statistics(con, ["pupils"], level="unit")
    pupils = {
        (unit, int(year)): n
        for unit, year, n, status in zip(
            sizes["area_code"], sizes["year"], sizes["value"], sizes["status"], strict=True
        )
        if status in ("", "approximate")
    }
    wanted = ("measure", "area_code", "school_form", "year", "value", "low", "high", "status")
    found = {name: rows[name] for name in wanted}
    found["n"] = rows["value"].astype(float)
    found["n"][:] = [
        pupils.get((u, int(y)), float("nan")) for u, y in zip(rows["area_code"], rows["year"], strict=True)
    ]
    merit = statistics(con, ["merit_value", "merit_value_16"], level="unit")
    graded = {(u, int(y)) for u, y, s in zip(merit["area_code"], merit["year"], merit["status"], strict=True) if not s}
    found["merit"] = np.array([(u, int(y)) in graded for u, y in zip(rows["area_code"], rows["year"], strict=True)])
    return found
