"""Whether a class known only with a probability foretells results: the planted link, and the placebo."""

from __future__ import annotations

import numpy as np
import pytest

from likvard.models.design_weights import design
from likvard.models.later_results import Foretold, foretold
from likvard.terms import ModelError


def planted(seed: int, link: float, n: int = 400) -> Foretold:
    """Two classes told apart by probability; results that go with the class all along, and move after it by the link."""
    random = np.random.default_rng(seed)
    p = random.beta(0.6, 0.6, n)
    weak = random.random(n) < p
    level = -3.0 * weak + 5.0 * random.normal(size=n)
    results = [
        (level[i] + e, level[i] + b, level[i] + a + link * weak[i])
        for i, (e, b, a) in enumerate(random.normal(size=(n, 3)))
    ]
    return foretold(design(random.uniform(1, 5, n)), np.ones(n, dtype=bool), p[:, None], results)


def test_a_planted_link_is_recovered_although_the_class_is_not_known():
    found = planted(1, -4.0)
    assert found.after[0].low < -4.0 < found.after[0].high
    assert found.p < 1e-6
    assert found.placebo[0].low < 0 < found.placebo[0].high


def test_without_a_link_alarms_come_about_as_often_as_they_should():
    alarms = sum(planted(seed, 0.0, n=150).p < 0.05 for seed in range(60))
    assert alarms <= 8


def test_without_earlier_results_there_is_no_placebo_and_too_few_are_refused():
    random = np.random.default_rng(2)
    results = [(None, *row) for row in random.normal(size=(30, 2))]
    drawn, here = design(np.ones(30)), np.ones(30, dtype=bool)
    assert foretold(drawn, here, random.random((30, 1)), results).placebo == ()
    with pytest.raises(ModelError, match="It takes 20"):
        foretold(drawn, np.arange(30) < 5, random.random((30, 1)), results[:5])
