"""Fit a model in lme4's formula language to a file."""

from __future__ import annotations

from pathlib import Path

from likvard.models import formula_plan, multilevel, multilevel_effects, profile
from likvard.models.formula import read_formula
from likvard.moments import tables
from likvard.moments.gather import gather


def fit(path: Path, formula: str, *, reml: bool = True) -> multilevel.Fit:
    """Fit a model in lme4's formula language to a CSV or Parquet file, from moments alone.

    Rows with a missing value in a used column are left out and counted in the fit's `dropped`. Raises `UsageError`
    for a formula or column that cannot be used, `InputError` for the file, `ModelError` for the model.
    """
    read = read_formula(formula)
    with tables.open_table(path, read.variables) as table:
        needs = formula_plan.needs(read, table.kinds)
        facts = tables.facts(table, needs.numbers, needs.factors, needs.groups)
        shifts = {x.name: tables.reference(facts.centre[x.name], facts.spread[x.name]) for x in needs.numbers}
        plan = formula_plan.make_plan(read, needs, facts.levels, shifts, facts.binary, reml=reml)
        moments = gather(table.con, table.relation, plan.groups, plan.columns, rows=plan.rows)
    return multilevel.fit(moments, plan.model, dropped=table.rows - facts.complete)


def effects(fit: multilevel.Fit) -> tuple[multilevel_effects.GroupEffects, ...]:
    """Every group's effect with its conditional standard deviation."""
    return multilevel_effects.effects(fit)


def sd_intervals(fit: multilevel.Fit) -> tuple[profile.Interval, ...]:
    """Profile intervals of the standard deviations; none for crossed groups so large that they would take long."""
    return profile.intervals(fit) if fit.problem.structure.is_quick else ()


def variance_shares(fit: multilevel.Fit) -> tuple[profile.Interval, ...]:
    """Shares of the variance between groups, where they are constants and quick to profile."""
    if not fit.problem.structure.is_quick or not fit.problem.model.has_only_intercepts:
        return ()
    return profile.shares(fit)
