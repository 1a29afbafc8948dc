"""Trends and changes with the verdict that their interval carries."""

from __future__ import annotations

import numpy as np
import pytest

from likvard.models.trend import (
    Doubt,
    Series,
    Verdict,
    change,
    cochran_armitage,
    gap,
    mann_kendall,
    series,
    theil_sen,
    trends,
    verdict_of,
)
from likvard.terms import ModelError

YEARS = list(range(2015, 2025))


@pytest.mark.parametrize(
    ("low", "high", "margin", "verdict", "doubt"),
    [
        (0.1, 2.0, None, Verdict.INCREASED, Doubt.NONE),
        (-2.0, -0.1, 1.0, Verdict.DECREASED, Doubt.NONE),
        (-1.0, 1.0, None, Verdict.NO_CHANGE_SHOWN, Doubt.NONE),
        (-1.0, 1.0, 1.5, Verdict.NO_CHANGE_SHOWN, Doubt.NONE),
        (-1.0, 9.0, 1.5, Verdict.CANNOT_TELL, Doubt.TOO_UNCERTAIN),
        (0.0, 1.0, None, Verdict.NO_CHANGE_SHOWN, Doubt.NONE),
        (np.nan, np.nan, None, Verdict.CANNOT_TELL, Doubt.NOT_MEASURED),
    ],
)
def test_a_verdict_says_no_more_than_its_interval(low, high, margin, verdict, doubt):
    assert verdict_of(low, high, margin) == (verdict, doubt)


def test_a_change_has_the_error_of_both_its_ends():
    found = change(series([2015, 2024], [220, 230], [3, 4]), 2015, 2024)
    assert (found.value, found.high - found.value) == pytest.approx((10, 1.959964 * 5))
    assert found.verdict is Verdict.INCREASED


def test_what_both_ends_share_makes_a_change_surer():
    of = series([2015, 2024], [220, 228], [3, 4])
    assert change(of, 2015, 2024).verdict is Verdict.NO_CHANGE_SHOWN
    assert change(of, 2015, 2024, covariance=10.0).verdict is Verdict.INCREASED


def test_no_change_is_told_across_a_break():
    found = change(series([2014, 2015], [215.9, 226.2], [0.2, 0.2], breaks=[2015]), 2014, 2015)
    assert (found.verdict, found.doubt) == (Verdict.CANNOT_TELL, Doubt.BREAK_BETWEEN)
    assert np.isnan(found.value)


@pytest.mark.parametrize("last", [2023, 2030])
def test_no_change_is_told_from_a_value_that_is_not_there(last):
    found = change(series([2022, 2023], [220, np.nan], [3, np.nan]), 2022, last)
    assert (found.verdict, found.doubt) == (Verdict.CANNOT_TELL, Doubt.NOT_MEASURED)


def test_a_steady_rise_is_told():
    (line,) = trends(series(YEARS, [220 + 2 * i for i in range(10)], [1.0] * 10))
    assert (line.slope, line.first, line.last, line.points) == (pytest.approx(2), 2015, 2024, 10)
    assert line.verdict is Verdict.INCREASED


def test_each_stretch_between_breaks_has_its_own_line():
    values = [220, 221, 222, 223, 224, 300, 299, 298, 297, 296]
    first, second = trends(series(YEARS, values, [0.1] * 10, breaks=[2020]))
    assert (first.last, second.first) == (2019, 2020)
    assert (first.verdict, second.verdict) == (Verdict.INCREASED, Verdict.DECREASED)


def test_three_points_are_no_trend():
    (line,) = trends(series([2022, 2023, 2024], [200, 220, 240], [1, 1, 1]))
    assert (line.verdict, line.doubt) == (Verdict.CANNOT_TELL, Doubt.TOO_FEW_POINTS)


def test_missing_years_are_passed_over():
    values = [220.0, np.nan, 224.0, 226.0, 228.0]
    (line,) = trends(series(range(2020, 2025), values, [0.5, np.nan, 0.5, 0.5, 0.5]))
    assert (line.points, line.slope) == (4, pytest.approx(2))


def test_years_that_jump_about_make_the_slope_less_sure():
    calm = trends(series(YEARS, [220 + i for i in range(10)], [1.0] * 10))[0]
    jumpy = trends(series(YEARS, [220 + i + 8 * (-1) ** i for i in range(10)], [1.0] * 10))[0]
    assert jumpy.extra_sd > 5 > calm.extra_sd
    assert jumpy.se > 3 * calm.se


@pytest.mark.parametrize("values", [[220.0] * 6, [220.0 + i for i in range(6)]])
def test_a_series_without_error_is_an_exact_line(values):
    (line,) = trends(series(range(6), values, [0.0] * 6))
    assert line.slope == pytest.approx(values[1] - values[0], abs=1e-6)


def test_the_interval_of_a_slope_covers_it():
    rng = np.random.default_rng(1)
    found = []
    for _ in range(300):
        values = 220 + 0.5 * np.arange(8) + 2 * rng.normal(size=8) + 1.5 * rng.normal(size=8)
        found.append(trends(series(range(8), values, [1.5] * 8))[0])
    assert 0.92 <= np.mean([f.low <= 0.5 <= f.high for f in found]) <= 0.99


def test_a_gap_has_its_own_error_and_the_breaks_of_both():
    girls = series([2022, 2023, 2024], [245, 244, 243], [3, 3, 3], breaks=[2023])
    boys = series([2023, 2024, 2025], [220, 221, 222], [4, 4, 4], breaks=[2024])
    found = gap(girls, boys)
    assert found.t.tolist() == [2023, 2024]
    assert found.value.tolist() == [24, 22]
    assert found.se == pytest.approx([5, 5])
    assert found.breaks == (2023, 2024)


def test_a_series_is_sorted_by_time():
    assert series([2024, 2022], [2.0, 1.0], [0.2, 0.1]).value.tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: series([1, 1], [1.0, 2.0], [1.0, 1.0]), "rise"),
        (lambda: series([1, 2], [1.0, np.nan], [1.0, 1.0]), "standard error"),
        (lambda: series([1, 2], [1.0, 2.0], [1.0, -1.0]), "standard error"),
        (lambda: series([1, 2], [1.0], [1.0, 1.0]), "shapes"),
        (lambda: Series(np.ones(2), np.ones(3), np.ones(3), ()), "shapes"),
        (lambda: mann_kendall([1.0, 2.0, 3.0]), "at least 4"),
        (lambda: mann_kendall([5.0, 5.0, 5.0, 5.0]), "never changes"),
        (lambda: theil_sen([1, 1, 2, 3], [1.0, 2.0, 3.0, 4.0]), "rise"),
        (lambda: cochran_armitage([5, 9], [4, 10]), "Check the counts"),
        (lambda: cochran_armitage([0, 0], [4, 10]), "no trend to test"),
    ],
)
def test_a_series_that_cannot_be_tested_is_refused_in_words(call, words):
    with pytest.raises(ModelError, match=words):
        call()


def test_scores_of_ones_own_choice_turn_the_sign():
    up = cochran_armitage([10, 20, 30], [50, 50, 50])
    down = cochran_armitage([10, 20, 30], [50, 50, 50], scores=[3, 2, 1])
    assert up.z == pytest.approx(-down.z)
    assert up.z > 0
