"""Agreement, item response and latent classes against published values."""

from __future__ import annotations

import numpy as np
import pytest

from likvard.models.agreement import MISSING, Metric, cohen, fleiss, krippendorff
from likvard.models.classes import latent_classes
from likvard.models.graded import Form, Readings, fit

N = MISSING
KRIPPENDORFF_2011 = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
        [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
    ]
)
"""Four observers, twelve units, five values (Computing Krippendorff's alpha-reliability, example C)."""


@pytest.mark.parametrize(
    ("metric", "alpha"),
    [(Metric.NOMINAL, 0.743), (Metric.ORDINAL, 0.815), (Metric.INTERVAL, 0.849), (Metric.RATIO, 0.797)],
)
def test_krippendorffs_own_example_by_every_metric(metric, alpha):
    marks = np.where(KRIPPENDORFF_2011 > 0, KRIPPENDORFF_2011 - 1, N).T
    found = krippendorff(marks, 5, metric=metric, values=[1, 2, 3, 4, 5], rounds=50)
    assert found.value == pytest.approx(alpha, abs=5e-4)


def test_cohens_example_of_1968_plain_and_weighted():
    table = 200 * np.array([[0.44, 0.05, 0.01], [0.07, 0.20, 0.03], [0.09, 0.05, 0.06]])
    apart = np.array([[0, 1, 3], [1, 0, 6], [3, 6, 0]])
    assert cohen(table).value == pytest.approx(0.492, abs=5e-4)
    assert cohen(table, 1 - apart / 6).value == pytest.approx(0.348, abs=5e-4)


def test_the_error_of_kappa_is_that_of_fleiss_cohen_and_everitt():
    """Their worked example (1969, table 1): three diagnoses, 200 patients, kappa 0.429, variance 0.002885."""
    found = cohen(200 * np.array([[0.53, 0.05, 0.02], [0.11, 0.14, 0.05], [0.01, 0.06, 0.03]]))
    assert found.value == pytest.approx(0.429, abs=5e-4)
    assert found.se**2 == pytest.approx(0.002885, abs=5e-6)


def test_fleiss_kappa_of_fourteen_raters():
    counts = [
        [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ]  # fmt: skip
    assert fleiss(counts).value == pytest.approx(0.210, abs=5e-4)


LSAT6 = (
    3,
    6,
    2,
    11,
    1,
    1,
    3,
    4,
    1,
    8,
    0,
    16,
    0,
    3,
    2,
    15,
    10,
    29,
    14,
    81,
    3,
    28,
    15,
    80,
    16,
    56,
    21,
    173,
    11,
    61,
    28,
    298,
)
"""Bock & Lieberman 1970: 1,000 answers to five items, by pattern from 00000 to 11111."""
STOUFFER_TOBY = (42, 23, 6, 25, 6, 24, 7, 38, 1, 4, 1, 6, 2, 9, 2, 20)
"""Stouffer & Toby 1951: 216 answers to four items, by pattern from ++++ to ----."""


def patterns(counts, items):
    answers = np.array([[(i >> (items - 1 - j)) & 1 for j in range(items)] for i in range(len(counts))])
    laid = np.repeat(answers, counts, axis=0)
    return Readings(np.stack([laid == 0, laid == 1], axis=2).astype(float), np.ones(laid.shape, dtype=bool))


def test_two_levels_without_error_are_the_two_parameter_model_of_the_law_school_test():
    """R ltm: log likelihood -2466.653, slopes 0.825 0.723 0.890 0.689 0.657."""
    found = fit(patterns(LSAT6, 5), form=Form(errs=False, tilted=False), prior=False)
    assert found.loglik == pytest.approx(-2466.653, abs=1e-3)
    assert found.parameters.slope == pytest.approx([0.825, 0.723, 0.890, 0.689, 0.657], abs=2e-3)


def test_two_latent_classes_of_stouffer_and_toby():
    """R poLCA: log likelihood -504.4677, shares 0.721 and 0.279."""
    found = latent_classes(patterns(STOUFFER_TOBY, 4), 2, starts=5)
    assert found.loglik == pytest.approx(-504.46767, abs=1e-5)
    assert sorted(found.share) == pytest.approx([0.279, 0.721], abs=1e-3)
