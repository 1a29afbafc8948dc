"""Published means: which can be used, and how large the chance in them is."""

from __future__ import annotations

import numpy as np
import pytest

from likvard.models.published import LeftOut, PublishedMeans, usable, within_sd
from likvard.terms import ModelError

NAN = np.nan


def table(**changes):
    columns = {
        "unit": np.array(["a", "b"]), "year": np.array([2020, 2020]), "result": np.array([200.0, 220.0]),
        "pupils": np.array([30.0, 40.0]), "intake": np.array([[50.0], [60.0]]), "names": ("parents",),
    }  # fmt: skip
    return PublishedMeans(**{**columns, **changes})


def test_each_row_left_out_is_counted_under_the_first_reason_that_holds():
    found = usable(
        unit=["a", "b", "c", "d", "e", "f"], year=[2024] * 6, result=[210, NAN, 220, 230, 240, NAN],
        pupils=[40, 40, NAN, 14, 60, NAN], intake=[[50], [50], [50], [50], [NAN], [NAN]], names=("parents",),
    )  # fmt: skip
    assert found.left_out == {
        LeftOut.NO_RESULT: 2, LeftOut.PUPILS_UNKNOWN: 1, LeftOut.FEW_PUPILS: 1, LeftOut.NO_COMPOSITION: 1,
    }  # fmt: skip
    assert found.means.unit.tolist() == ["a"]
    assert found.kept.tolist() == [True, False, False, False, False, False]


def test_fifteen_pupils_are_enough_and_fourteen_are_not():
    found = usable(["a", "b"], [2024, 2024], [210, 210], [15, 14], [[1], [2]], ("parents",))
    assert found.means.unit.tolist() == ["a"]


def test_years_can_be_taken_out_of_the_means():
    means = table(unit=np.array(["a", "a"]), year=np.array([2020, 2022]))
    assert means.of_year(2022).year.tolist() == [2022]
    assert means.between(2019, 2021).year.tolist() == [2020]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"result": np.array([200.0, NAN])}, "missing"),
        ({"pupils": np.array([30.0])}, "other lengths"),
        ({"names": ("parents", "girls")}, "other lengths"),
        ({"pupils": np.array([30.0, 0.0])}, "without pupils"),
        ({"unit": np.array(["a", "a"])}, "two results in one year"),
    ],
)
def test_means_that_are_not_whole_are_refused(changes, words):
    with pytest.raises(ModelError, match=words):
        table(**changes)


def moving(seed, units=900, years=5, yearly=4.0, within=64.0):
    rng = np.random.default_rng(seed)
    pupils = rng.integers(15, 160, (units, years)).astype(float)
    noise = rng.normal(size=pupils.shape) * np.sqrt(yearly**2 + within**2 / pupils)
    result = 225 + 15 * rng.normal(size=(units, 1)) + np.arange(years) + noise
    codes, when = np.repeat(np.arange(units).astype(str), years), np.tile(np.arange(2020, 2020 + years), units)
    return PublishedMeans(codes, when, result.ravel(), pupils.ravel(), np.zeros((units * years, 0)), ())


def test_the_spread_of_pupils_is_found_from_how_much_means_move():
    found = within_sd(moving(1))
    assert found.estimated
    assert found.low < 64 < found.high
    assert found.high - found.low < 12
    assert found.yearly_sd == pytest.approx(4, abs=2)
    assert found.changes == 3600


def test_its_interval_covers_the_truth():
    found = [within_sd(moving(seed, units=600)) for seed in range(150)]
    assert 0.92 <= np.mean([f.low <= 64 <= f.high for f in found]) <= 0.98


def test_a_change_of_intake_is_no_noise():
    means = moving(2)
    parents = np.random.default_rng(3).normal(60, 10, len(means.unit))
    shifted = means.result + 1.2 * parents
    told = PublishedMeans(means.unit, means.year, shifted, means.pupils, parents.reshape(-1, 1), ("parents",))
    untold = PublishedMeans(means.unit, means.year, shifted, means.pupils, means.intake, ())
    assert within_sd(told).value == pytest.approx(within_sd(means).value, rel=0.02)
    assert within_sd(untold).yearly_sd > 10


def test_with_few_changes_the_stated_default_stands_and_says_so():
    found = within_sd(moving(1, units=20))
    assert (found.value, found.low, found.high, found.estimated) == (64.0, 62.0, 68.0, False)
    assert found.changes == 80


def test_an_estimate_that_is_known_too_loosely_gives_way_to_the_default():
    means = moving(1, units=60)
    sizes = 80.0 + np.arange(300) % 7
    nearly = PublishedMeans(means.unit, means.year, means.result, sizes, means.intake, ())
    assert within_sd(nearly).changes == 240
    assert not within_sd(nearly).estimated


def test_without_neighbouring_years_there_are_no_changes():
    means = moving(1, units=400)
    assert within_sd(means.where(means.year % 2 == 0)).changes == 0


def test_no_change_is_taken_over_a_break():
    assert within_sd(moving(1), breaks=(2022,)).changes == 2700


def test_means_that_do_not_move_with_size_give_the_default():
    rng = np.random.default_rng(5)
    means = moving(5)
    flat = PublishedMeans(
        means.unit, means.year, 225 + rng.normal(size=len(means.unit)) * np.sqrt(means.pupils), means.pupils,
        means.intake, (),
    )  # fmt: skip
    assert not within_sd(flat).estimated
