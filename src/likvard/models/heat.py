"""Units by subjects: how far each unit truly lies from what is expected in each subject, within one alarm budget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from likvard.models.alarms import RATE, AlarmBudget, Control, alarm_budget
from likvard.models.expected import Deviations, expected_over_years, expected_results
from likvard.models.fay_herriot import Floats
from likvard.models.published import PublishedMeans
from likvard.terms import ModelError


@dataclass(frozen=True, eq=False)
class Heat:
    """Deviations of `units` (U,) in `subjects` (S,): `value`, `se`, `low`, `high` (U, S), NaN where a unit has none.

    `years` (U, S) counts the years behind each cell. `budget` says which cells survive over all of them together.
    """

    units: tuple[str, ...]
    subjects: tuple[str, ...]
    value: Floats
    se: Floats
    low: Floats
    high: Floats
    years: NDArray[np.int64]
    budget: AlarmBudget


def subject_deviations(
    subjects: Mapping[str, PublishedMeans],
    within: Mapping[str, float],
    *,
    rate: float = RATE,
    margin: float = 0.0,
    control: Control = Control.BENJAMINI_HOCHBERG,
    shown: NDArray[np.str_] | None = None,
) -> Heat:
    """Shrunken deviations per subject, each subject by its own model, tested in one budget.

    Each subject's means are compared with their expectation from the intake they carry; without intake columns with the
    mean of the year. With several years the persistent deviation, with one that year's. The models see every unit; the
    budget covers the units `shown` (all where None), since only those are shown. `within` holds each subject's standard
    deviation between pupils.
    """
    if not subjects:
        raise ModelError("There are no subjects to compare.", "Give at least one.")
    found = {subject: _deviations(means, within[subject]) for subject, means in subjects.items()}
    units = np.unique(np.concatenate([part.unit for part in found.values()]))
    if shown is not None:
        units = units[np.isin(units, shown)]
    grids = [_placed(units, part) for part in found.values()]
    value, se, low, high, years = (np.column_stack(column) for column in zip(*grids, strict=True))
    return Heat(
        units=tuple(units.tolist()), subjects=tuple(subjects), value=value, se=se, low=low, high=high,
        years=np.nan_to_num(years).astype(np.int64),
        budget=alarm_budget(value, se, rate=rate, margin=margin, control=control),
    )  # fmt: skip


def _deviations(means: PublishedMeans, within: float) -> Deviations:
    several = len(np.unique(means.unit)) < len(means.unit)
    if not several and len(np.unique(means.year)) == 1:
        return expected_results(means, within).deviation
    return expected_over_years(means, within).persistent


def _placed(units: NDArray[np.str_], part: Deviations) -> tuple[Floats, ...]:
    order = np.argsort(part.unit)
    known = part.unit[order]
    at = np.minimum(np.searchsorted(known, units), len(known) - 1)
    here = known[at] == units
    columns = (part.value, part.se, part.low, part.high, part.years.astype(np.float64))
    return tuple(np.where(here, column[order][at], np.nan) for column in columns)
