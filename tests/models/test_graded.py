"""The graded model with markers who err: slopes, what is recovered, and that the classes' arithmetic is the rubric's."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from likvard.models.classes import latent_classes, likeliest
from likvard.models.graded import (
    FREE,
    NODES,
    NORMAL,
    Parameters,
    Readings,
    _differences,
    _scored,
    classes,
    confusion,
    fit,
    level_probabilities,
    of,
    refit,
)
from likvard.terms import ModelError

TRUE = Parameters(np.full(6, 1.9), np.array([[1.5, -1.4]] * 6), np.full(6, 0.15), 0.1)


def planted(n: int, seed: int, markers: int = 2, *, camps: bool = False) -> tuple[Readings, np.ndarray]:
    """Readings by markers who err, and the true levels; quality is normal, or lies in two camps with the same mean and spread."""
    random = np.random.default_rng(seed)
    quality = random.normal(size=n)
    if camps:
        quality = np.where(random.random(n) < 0.5, -0.9, 0.9) + 0.45 * quality
    height = TRUE.slope[:, None] * quality[:, None, None] + TRUE.steps
    levels = (random.random((n, 6))[:, :, None] < 1 / (1 + np.exp(-height))).sum(axis=2)
    reads = confusion(TRUE, 3)[0].cumsum(axis=1)[levels]
    counts = np.zeros((n, 6, 3))
    for _ in range(markers):
        said = (random.random((n, 6))[:, :, None] > reads).sum(axis=2)
        counts[np.arange(n)[:, None], np.arange(6), said] += 1
    return Readings(counts, np.ones((n, 6), dtype=bool)), levels


@pytest.fixture(scope="module")
def found():
    return fit(planted(600, 1)[0])


def test_slopes_are_those_of_the_likelihood(found):
    small = Readings(found.readings.counts[:40], found.readings.applies[:40])
    at = found.vector + np.random.default_rng(2).normal(0, 0.2, len(found.vector))
    by_steps = _differences(lambda v: _scored(v, small, FREE)[0], at)
    assert np.abs(by_steps.T - _scored(at, small, FREE)[1]).max() < 1e-5


def test_planted_parameters_are_found(found):
    made = found.parameters
    assert made.slope.mean() == pytest.approx(1.9, abs=0.25)
    assert made.steps.mean(axis=0) == pytest.approx([1.5, -1.4], abs=0.25)
    assert made.error.mean() == pytest.approx(0.15, abs=0.02)
    assert found.gradient < 1e-6


def test_a_level_that_both_markers_give_is_surer_than_one_they_differ_on(found):
    level = of(found).level
    agree = found.readings.counts.max(axis=2) == 2
    assert level.max(axis=2)[agree].mean() > level.max(axis=2)[~agree].mean() + 0.2


def test_probabilities_of_levels_are_what_they_say(found):
    readings, truth = planted(600, 1)
    said = of(found).level
    right = truth[:, :, None] == np.arange(3)
    assert np.polyfit(said.ravel(), right.ravel().astype(float), 1)[0] == pytest.approx(1.0, abs=0.05)
    assert (readings.counts == found.readings.counts).all()


def test_two_camps_of_quality_leave_a_hollow_between_them_that_a_normal_one_cannot(found):
    camps, _ = planted(600, 1, camps=True)
    tilted, normal = fit(camps), fit(camps, form=NORMAL)
    between = np.abs(NODES) < 0.5
    assert tilted.criterion < normal.criterion - 10
    assert tilted.parameters.mass[between].sum() < 0.6 * normal.parameters.mass[between].sum()
    assert tilted.parameters.mass[between].sum() < 0.6 * found.parameters.mass[between].sum()
    assert found.parameters.mass.sum() == pytest.approx(1)


def test_without_tilts_the_search_begins_and_ends_at_the_normal_model(found):
    again = fit(found.readings, form=NORMAL, start=found.untilted)
    assert again.vector == pytest.approx(fit(found.readings, form=NORMAL).vector, abs=1e-5)


def test_equal_weights_change_nothing_and_a_doubled_organiser_counts_twice():
    readings, _ = planted(60, 3)
    twice = Readings(
        np.vstack([readings.counts, readings.counts[:5]]), np.vstack([readings.applies, readings.applies[:5]])
    )
    weights = np.where(np.arange(60) < 5, 2.0, 1.0)
    by_weight, by_rows = fit(readings, weights, form=NORMAL, prior=False), fit(twice, form=NORMAL, prior=False)
    scaled = by_rows.loglik * 60 / 65
    assert by_weight.loglik == pytest.approx(scaled, rel=1e-6)


def test_other_weights_from_a_fit_are_the_same_as_a_new_fit(found):
    weights = np.random.default_rng(5).gamma(2.0, 1.0, 600)
    again, new = refit(found, weights), fit(found.readings, weights)
    assert again.vector == pytest.approx(new.vector, abs=1e-5)
    assert again.loglik == pytest.approx(new.loglik, abs=1e-6)


def test_the_chance_of_each_class_is_the_sum_over_all_patterns_of_levels(found):
    """The slow and obvious way: 729 patterns at every quality."""
    few = Readings(found.readings.counts[:4], found.readings.applies[:4].copy())
    few.counts[1, 5] = 0
    few.applies[1, 5] = False
    there = of(replace(found, readings=few))
    table = np.random.default_rng(6).integers(0, 3, (7, 7, 7))
    slow = np.zeros((4, 3))
    for i in range(4):
        asked = np.flatnonzero(few.applies[i])
        for pattern in product(range(3), repeat=len(asked)):
            chance = np.prod([there.levels[i, k, :, z] for k, z in zip(asked, pattern, strict=True)], axis=0)
            slow[i, table[len(asked), pattern.count(0), pattern.count(2)]] += there.quality[i] @ chance
    assert classes(there, few.applies, table, 3) == pytest.approx(slow, abs=1e-12)


def test_levels_and_marks_are_probabilities():
    assert level_probabilities(TRUE).sum(axis=2) == pytest.approx(np.ones((6, len(NODES))))
    assert confusion(TRUE, 3).sum(axis=2) == pytest.approx(np.ones((6, 3)))
    assert confusion(TRUE, 3)[0, 0] == pytest.approx([0.85, 0.15 / 1.1, 0.015 / 1.1])
    assert (confusion(replace(TRUE, error=np.zeros(6)), 3) == np.eye(3)).all()


def test_too_few_and_contradicting_readings_are_refused():
    readings, _ = planted(9, 1)
    with pytest.raises(ModelError, match="too few"):
        fit(readings)
    with pytest.raises(ModelError, match="does not apply"):
        Readings(readings.counts, np.zeros((9, 6), dtype=bool))
    with pytest.raises(ModelError, match="weight above 0"):
        fit(planted(20, 1)[0], np.zeros(20))


def test_along_one_scale_latent_classes_form_a_ladder_and_two_kinds_do_not():
    readings, _ = planted(400, 7)
    assert latent_classes(readings, 3, said=confusion(TRUE, 3), starts=4).ordered
    random = np.random.default_rng(8)
    kind = random.random(400) < 0.5
    marks = np.where(kind[:, None] ^ (np.arange(6) < 3), 2, 0)
    counts = np.eye(3)[np.where(random.random((400, 6)) < 0.2, 1, marks)]
    crossed = latent_classes(Readings(counts, np.ones((400, 6), dtype=bool)), 2, starts=4)
    assert not crossed.ordered
    assert crossed.bic < latent_classes(Readings(counts, np.ones((400, 6), dtype=bool)), 1, starts=1).bic


def test_two_readings_that_differ_say_how_markers_err():
    readings, _ = planted(60, 7)
    with pytest.raises(ModelError, match="Say how they err"):
        latent_classes(readings, 2)


def test_as_many_latent_classes_are_tried_as_there_are_organisers_for():
    readings, _ = planted(25, 7)
    said, even = confusion(TRUE, 3), np.ones(25)
    found = likeliest(readings, (2, 3, 4), said=said, weights=even)
    assert len(found.share) == 2
    chance = found.posterior
    assert chance.levels.sum(axis=3) == pytest.approx(np.ones((25, 6, 2)))
    assert chance.quality.sum(axis=1) == pytest.approx(np.ones(25))


def test_latent_classes_need_ten_organisers_each():
    with pytest.raises(ModelError, match="too few for 3"):
        latent_classes(planted(25, 1)[0], 3)
