from __future__ import annotations

import numpy as np
import pytest

from likvard.models.newton import Point, minimise


def two_wells(x: np.ndarray) -> Point:
    """(x^2 - 1)^2 + (y - 2)^2: two minima, and a saddle between them."""
    a, b = x
    value = (a * a - 1) ** 2 + (b - 2) ** 2
    gradient = np.array([4 * a * (a * a - 1), 2 * (b - 2)])
    return Point(x, float(value), gradient, np.array([[12 * a * a - 4, 0.0], [0.0, 2.0]]))


def even(x: np.ndarray) -> Point:
    """A function of |x| that bends the wrong way where the search starts: steps across zero must not cycle."""
    a = float(x[0])
    u = a * a
    value = np.log1p(10 * u) - np.exp(-20 * (u - 0.3) ** 2)
    h = 1e-4

    def f(v: float) -> float:
        return float(np.log1p(10 * v * v) - np.exp(-20 * (v * v - 0.3) ** 2))

    slope, bend = (f(a + h) - f(a - h)) / (2 * h), (f(a + h) - 2 * f(a) + f(a - h)) / h**2
    return Point(x, float(value), np.array([slope]), np.array([[bend]]))


@pytest.mark.parametrize("start", [[0.1, 0.0], [-0.1, 5.0], [3.0, 2.0], [-30.0, 40.0]])
def test_a_minimum_is_found_from_either_side_of_a_saddle(start):
    found = minimise(two_wells, np.array(start))
    assert found.converged
    assert np.abs(found.point.x) == pytest.approx([1.0, 2.0], abs=1e-12)
    assert found.point.x[0] * start[0] > 0


def test_a_step_that_only_changes_the_sign_is_not_taken():
    found = minimise(even, np.array([1.0]))
    assert found.evaluations < 60
    assert found.point.value < even(np.array([1.0])).value - 1


def test_a_function_without_parameters_is_at_its_minimum():
    found = minimise(lambda x: Point(x, 3.0, np.zeros(0), np.zeros((0, 0))), np.zeros(0))
    assert (found.converged, found.point.value) == (True, 3.0)


def test_points_without_a_value_are_stepped_back_from():
    def wall(x: np.ndarray) -> Point:
        point = Point(
            x,
            float(x[0] ** 2 - np.log(max(x[0], 1e-300))),
            np.array([2 * x[0] - 1 / x[0]]),
            np.array([[2 + x[0] ** -2]]),
        )
        return point if x[0] > 0 else Point(x, float("inf"), np.zeros(1), np.eye(1))

    assert minimise(wall, np.array([5.0])).point.x[0] == pytest.approx(np.sqrt(0.5), abs=1e-12)
