"""Fit a model in lme4's formula language to a file."""

from __future__ import annotations

from pathlib import Path

from likvard.models import formula_plan, multilevel
from likvard.models.formula import read_formula
from likvard.moments import tables
from likvard.moments.gather import gather


def fit(path: Path, formula: str, *, reml: bool = True) -> multilevel.Fit:
    """Fit a model in lme4's formula language to a CSV or Parquet file, from moments alone.

    Rows with a missing value in a used column are left out and counted in the fit's `dropped`. Raises `UsageError`
    for a formula or column that cannot be used, `InputError` for the file, `ModelError` for the model.
    """
    read = read_formula(formula)
    table = tables.open_table(path, read.variables)
    try:
        needs = formula_plan.needs(read, table.kinds)
        facts = tables.facts(table, needs.numbers, needs.factors, needs.groups)
        shifts = {x.name: tables.reference(facts.centre[x.name], facts.spread[x.name]) for x in needs.numbers}
        plan = formula_plan.make_plan(read, needs, facts.levels, shifts, facts.binary, reml=reml)
        moments = gather(table.con, table.relation, plan.groups, plan.columns, rows=plan.rows)
    finally:
        table.con.close()
    return multilevel.fit(moments, plan.model, dropped=table.rows - facts.complete)
