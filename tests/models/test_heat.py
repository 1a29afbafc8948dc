"""Units by subjects in one budget."""

from __future__ import annotations

import numpy as np
import pytest

from likvard.models.expected import expected_over_years
from likvard.models.heat import subject_deviations
from likvard.models.published import PublishedMeans
from likvard.terms import ModelError

WITHIN = {"mathematics": 5.0, "english": 4.0}


def results(seed, units, low=()):
    years = 3
    rng = np.random.default_rng(seed)
    pupils = rng.integers(15, 120, (len(units), years)).astype(float)
    truth = rng.normal(size=(len(units), 1)) - 6.0 * np.isin(units, low)[:, None]
    result = 12 + truth + 5 / np.sqrt(pupils) * rng.normal(size=pupils.shape)
    codes, when = np.repeat(np.array(units), years), np.tile(np.arange(2021, 2021 + years), len(units))
    return PublishedMeans(codes, when, result.ravel(), pupils.ravel(), np.zeros((len(codes), 0)), ())


@pytest.fixture(scope="module")
def subjects():
    units = [f"u{i:03d}" for i in range(120)]
    return {"mathematics": results(1, units, low=["u005"]), "english": results(2, units[10:])}


def test_a_unit_far_below_in_one_subject_survives_there_and_nowhere_else(subjects):
    found = subject_deviations(subjects, WITHIN)
    assert (found.units[5], found.subjects) == ("u005", ("mathematics", "english"))
    assert found.budget.survives[5].tolist() == [True, False]
    assert found.high[5, 0] < 0


def test_a_subject_that_a_unit_does_not_have_is_no_test(subjects):
    found = subject_deviations(subjects, WITHIN)
    assert np.isnan(found.value[:10, 1]).all()
    assert found.years[0].tolist() == [3, 0]
    assert found.budget.tests == 230


def test_each_cell_is_the_persistent_deviation_of_its_subject(subjects):
    found = subject_deviations(subjects, WITHIN)
    alone = expected_over_years(subjects["english"], WITHIN["english"]).persistent
    assert found.value[10:, 1] == pytest.approx(alone.value)
    assert found.low[10:, 1] == pytest.approx(alone.low)


def test_the_budget_covers_the_units_that_are_shown(subjects):
    all_units = subject_deviations(subjects, WITHIN)
    found = subject_deviations(subjects, WITHIN, shown=np.array(["u005", "u020"]))
    assert (found.units, found.budget.tests) == (("u005", "u020"), 3)
    assert found.value[0, 0] == pytest.approx(all_units.value[5, 0])


def test_one_year_is_enough(subjects):
    found = subject_deviations({name: means.of_year(2021) for name, means in subjects.items()}, WITHIN)
    assert set(found.years.ravel().tolist()) == {0, 1}
    assert found.value[5, 0] == np.nanmin(found.value)


def test_no_subjects_at_all_are_refused():
    with pytest.raises(ModelError, match="no subjects"):
        subject_deviations({}, {})
