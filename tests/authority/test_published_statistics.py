"""Published values: the open data's reference table, SALSA, funnel limits, false discoveries, trends, inequality."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from likvard.models.alarms import Control, budget_of_p
from likvard.models.expected import expected_results, residual_sd, share_explained
from likvard.models.funnel_counts import count_limits_chi_square
from likvard.models.published import usable, within_sd
from likvard.models.spread import correlation, distribution, gini
from likvard.models.trend import cochran_armitage, mann_kendall

# Benjamini & Hochberg 1995, section 4: thrombolysis, 15 p-values
BENJAMINI_HOCHBERG = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
]  # fmt: skip


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return np.nan  # ".", "..", "~100" and empty: a typed missing value, never a number


@pytest.fixture(scope="module")
def merit(shared):
    """Columns of the merit file as arrays, by name; everything published that is not a number is NaN."""
    with (shared / "merit_per_school_2014_2025.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    numbers = ("meritvarde", "elever_ak9", "andel_flickor_1_9", "andel_foraldrar_eftergymn_1_9")
    columns = {name: np.array([_number(row[name]) for row in rows]) for name in numbers}
    columns["spring"] = np.array([int(row["varterminsar"]) for row in rows])
    columns["unit"] = np.array([row["skolenhetskod"] for row in rows])
    return columns


@pytest.fixture(scope="module")
def published(merit):
    intake = np.column_stack([merit["andel_foraldrar_eftergymn_1_9"], merit["andel_flickor_1_9"]])
    names = ("share_parents_tertiary", "share_girls")
    return usable(merit["unit"], merit["spring"], merit["meritvarde"], merit["elever_ak9"], intake, names)


@pytest.mark.parametrize(
    ("spring", "schools", "mean", "sd", "r"),
    [
        (2014, 1260, 215.9, 22.5, 0.780),
        (2015, 1268, 226.2, 25.3, 0.775),
        (2018, 1409, 229.7, 26.9, 0.794),
        (2020, 1459, 231.9, 26.8, 0.788),
        (2022, 1544, 229.3, 25.9, 0.785),
        (2024, 1470, 228.6, 25.4, 0.766),
    ],
)
def test_the_reference_table_of_the_open_data_comes_out(merit, spring, schools, mean, sd, r):
    y, n, x = (merit[name] for name in ("meritvarde", "elever_ak9", "andel_foraldrar_eftergymn_1_9"))
    rows = (merit["spring"] == spring) & np.isfinite(n) & np.isfinite(x)
    found = distribution(y[rows], n[rows])
    assert (found.units, round(found.mean, 1), round(found.sd, 1)) == (schools, mean, sd)
    # 2014 is 0.7805253 by every computation, printed 0.780 as if rounded twice; the others agree to the last digit
    assert correlation(x[rows], y[rows], n[rows]).value == pytest.approx(r, abs=0.00053 if spring == 2014 else 0.0005)


def test_an_ordinary_regression_of_2024_looks_like_salsa(published):
    # SALSA 2015/16: R2 0.585 and standard error 17.34 with three intake measures, one of which is not published here
    means = published.means.of_year(2024)
    X = np.column_stack([np.ones(len(means.unit)), means.intake])
    residual = means.result - X @ np.linalg.lstsq(X, means.result, rcond=None)[0]
    assert 1 - residual.var() / means.result.var() == pytest.approx(0.585, abs=0.08)
    assert np.sqrt(residual @ residual / (len(X) - 3)) == pytest.approx(17.3, abs=1.5)
    assert np.corrcoef(means.intake[:, 0], means.result)[0, 1] == pytest.approx(0.77, abs=0.08)


def test_once_chance_is_out_schools_differ_by_thirteen_to_fifteen_points(published):
    # domain.md 10.2: residual standard deviation 17.3 as observed, 13-15 in truth
    sd = residual_sd(expected_results(published.means.of_year(2024), 64.0))
    assert 13 < sd.low < sd.value < sd.high < 16


def test_intake_explains_more_of_the_true_differences_than_of_the_printed_ones(published):
    share = share_explained(published.means.of_year(2024), 64.0, np.random.default_rng(2024), replicates=200)
    assert 0.585 < share.value < 0.77
    assert share.low < share.value < share.high
    assert share.high - share.low < 0.12


def test_pupils_differ_within_schools_by_about_what_is_stated(published):
    # 62-68 for pupils (domain.md 10.2); the luck of a class comes on top in year-to-year movement
    found = within_sd(published.means.between(2015, 2024))
    assert found.estimated
    assert found.low > 62
    assert found.high < 80


def test_rows_left_out_of_the_merit_file_are_counted_by_reason(merit, published):
    assert sum(published.left_out.values()) + len(published.means.unit) == len(merit["unit"])
    assert {str(reason): count for reason, count in published.left_out.items()} == {
        "no_result": 0,
        "pupils_unknown": 2651,
        "few_pupils": 593,
        "no_composition": 130,
    }


def test_funnel_limits_for_counts_are_those_of_funnel_plot_r():
    inner, outer = (count_limits_chi_square([15, 20, 30], level=level) for level in (0.95, 0.998))
    assert inner.low == pytest.approx([0.5596924, 0.6108260, 0.6746958], abs=5e-8)
    assert inner.high == pytest.approx([1.649348, 1.544419, 1.427562], abs=5e-7)
    assert outer.low == pytest.approx([0.3862650, 0.4479107, 0.5289724], abs=5e-8)
    assert outer.high == pytest.approx([2.082907, 1.902094, 1.702771], abs=5e-7)


def test_four_of_the_fifteen_hypotheses_of_benjamini_and_hochberg_survive():
    budget = budget_of_p(BENJAMINI_HOCHBERG)
    assert (budget.tests, budget.alarms) == (15, 4)
    assert budget.survives[:4].all()
    assert budget.expected_false == pytest.approx(0.2)


def test_the_q_values_of_the_same_example_come_out_by_hand():
    # p_i 15 / i, then the smallest of all from there on: 15 x 0.0298 / 7 = 0.0638571 stands at i = 6 and 7
    q = budget_of_p(BENJAMINI_HOCHBERG).q
    assert q[:9] == pytest.approx(
        [0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.0638571, 0.0638571, 0.0645, 0.0765], abs=1e-6
    )


def test_the_dependent_version_lets_three_of_them_survive():
    # the threshold shrinks by 1 + 1/2 + ... + 1/15 = 3.3182
    assert budget_of_p(BENJAMINI_HOCHBERG, control=Control.BENJAMINI_YEKUTIELI).alarms == 3


@pytest.fixture(scope="module")
def reference(shared):
    return json.loads((shared / "statistics" / "other_reference.json").read_text(encoding="utf-8"))["trend"]


def test_the_nile_falls_as_r_says(reference):
    found = mann_kendall(reference["nile"])
    assert found.s == -1387
    assert found.z == pytest.approx(reference["kendall_z"], rel=1e-12)
    assert found.tau == pytest.approx(reference["kendall_tau"], rel=1e-12)
    assert found.p == pytest.approx(reference["kendall_p"], rel=1e-9)


def test_with_the_continuity_correction_the_nile_has_the_z_of_pymannkendall(reference):
    assert mann_kendall(reference["nile"], continuity=True).z == pytest.approx(-4.1281, abs=5e-5)


def test_the_smokers_have_the_trend_that_r_gives(reference):
    data = reference["cochran_armitage"]
    found = cochran_armitage(data["x"], data["n"])
    assert found.chi_square == pytest.approx(data["chisq"], rel=1e-9)
    assert found.p == pytest.approx(data["p"], rel=1e-9)
    assert found.z < 0


def test_the_gini_of_the_manual_page_of_ineq_comes_out():
    incomes = [541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261]
    assert gini(incomes) == pytest.approx(0.4620911, abs=5e-8)


def test_one_to_five_crowns_have_a_gini_of_four_fifteenths():
    assert gini([1, 2, 3, 4, 5]) == pytest.approx(4 / 15)
