"""The budget for false alarms."""

from __future__ import annotations

import numpy as np
import pytest

from likvard.models.alarms import Control, alarm_budget, budget_of_p, q_values, two_sided_p
from likvard.terms import ModelError


def test_an_estimate_of_two_errors_has_a_p_of_about_a_twentieth():
    assert two_sided_p([1.959964, -1.959964], [1.0, 1.0]) == pytest.approx([0.05, 0.05], abs=1e-7)


def test_a_margin_makes_a_difference_harder_to_raise():
    plain, wide = (two_sided_p([8.0], [3.0], margin=margin)[0] for margin in (0.0, 5.0))
    assert plain < 0.01 < 0.1 < wide < 1


def test_an_effect_inside_the_margin_is_never_an_alarm():
    assert two_sided_p([4.0, 0.0], [0.1, 0.1], margin=5.0) == pytest.approx([1.0, 1.0])


def test_cells_without_a_value_are_no_tests():
    found = alarm_budget([[9.0, np.nan], [0.1, 0.2]], [[1.0, np.nan], [1.0, 1.0]])
    assert (found.tests, found.alarms) == (3, 1)
    assert found.survives.tolist() == [[True, False], [False, False]]
    assert np.isnan(found.q[0, 1])


def test_no_tests_at_all_give_no_alarms():
    found = alarm_budget([np.nan], [np.nan])
    assert (found.tests, found.alarms, found.expected_false, found.without_budget) == (0, 0, 0, 0)


def test_the_budget_states_how_many_alarms_may_be_false():
    found = budget_of_p([0.0001] * 10 + [0.5] * 190)
    assert (found.alarms, found.expected_false, found.without_budget) == (10, pytest.approx(0.5), pytest.approx(10))


def test_more_tests_need_stronger_evidence():
    assert budget_of_p([0.01, 0.8]).alarms == 1
    assert budget_of_p([0.01] + [0.8] * 99).alarms == 0


def test_any_dependence_costs_more_and_adapting_costs_less():
    p = np.r_[np.full(20, 0.001), np.linspace(0.01, 1, 60)]
    careful, usual, adaptive = (q_values(p, control) for control in (
        Control.BENJAMINI_YEKUTIELI, Control.BENJAMINI_HOCHBERG, Control.STOREY))  # fmt: skip
    assert (careful >= usual).all()
    assert (adaptive <= usual).all()
    assert adaptive[0] < usual[0] < careful[0]


@pytest.mark.parametrize("control", list(Control))
def test_of_the_alarms_at_most_the_stated_share_is_false(control):
    rng = np.random.default_rng(4)
    shares = []
    for _ in range(400):
        real = np.arange(200) < 30
        found = alarm_budget(3.5 * real + rng.normal(size=200), np.ones(200), control=control)
        shares.append((found.survives & ~real).sum() / max(found.alarms, 1))
    assert np.mean(shares) <= 0.06


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: two_sided_p([1.0], [0.0]), "above 0"),
        (lambda: two_sided_p([1.0], [1.0, 2.0]), "standard error"),
        (lambda: two_sided_p([1.0], [1.0], margin=-1.0), "below 0"),
        (lambda: q_values([1.2]), "between 0 and 1"),
        (lambda: budget_of_p([0.5], rate=5), "between 0 and 1"),
    ],
)
def test_tests_that_make_no_sense_are_refused(call, words):
    with pytest.raises(ModelError, match=words):
        call()
