"""Every place at once gives what each place gives by itself."""

from __future__ import annotations

import numpy as np
import pytest

from likvard.models import segregation_chance as chance
from likvard.models import segregation_doubt as doubt
from likvard.models.segregation import Counts, exposure, indices, parts
from likvard.models.segregation_places import Places, exposures, places, unevenness
from likvard.terms import ModelError

RANDOM = np.random.default_rng(6)
PLACE = np.repeat([2, 0, 1, 0], [4, 3, 5, 2])
ORGANISER = np.array([0, 0, 1, 1, 2, 2, 3, 4, 4, 4, 5, 5, 2, 3])
PUPILS = RANDOM.integers(0, 60, size=(14, 2)).astype(float)


def alone(place: int) -> Counts:
    at = place == PLACE
    inner = np.unique(ORGANISER[at], return_inverse=True)[1][:, None].astype(np.intp)
    return Counts(PUPILS[at], np.arange(at.sum()).astype(str), np.array(["in", "out"]), inner, ("organiser",))


@pytest.fixture(scope="module")
def found() -> Places:
    return places(PUPILS, PLACE, ORGANISER, replicates=400, seed=3)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_each_place_has_its_own_m_h_and_d(found: Places, place: int) -> None:
    own = alone(place)
    for ask, of in ((indices, "plain"), (chance.expected, "expected"), (chance.corrected, "corrected")):
        told = ask(own)
        for name in ("m", "h", "d"):
            assert getattr(getattr(found, name), of)[place] == pytest.approx(getattr(told, name), abs=1e-12)
    assert found.units[place] == len(own.units)
    assert found.pupils[place] == own.total


@pytest.mark.parametrize("place", [0, 1, 2])
def test_organisers_and_schools_inside_them_add_up_to_the_place(found: Places, place: int) -> None:
    split = parts(alone(place))
    assert found.between.plain[place] == pytest.approx(split[0].h, abs=1e-12)
    for of in ("plain", "expected", "corrected"):
        both = getattr(found.between, of)[place] + getattr(found.within, of)[place]
        assert both == pytest.approx(getattr(found.h, of)[place], abs=1e-12)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_errors_are_those_of_each_places_own_replicates(found: Places, place: int) -> None:
    draws = chance.bootstrap(alone(place), replicates=400, seed=9)
    for name in ("m", "h", "d"):
        assert getattr(found, name).error[place] == pytest.approx(draws.error(name), rel=0.15)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_intervals_are_as_wide_as_those_of_each_place_by_itself(found: Places, place: int) -> None:
    own = alone(place)
    known, mix = doubt.of_counts(own, chance.corrected(own)), chance.entropies(own.pupils.sum(axis=0)[None])[0]
    assert [getattr(found, name).half[place] for name in ("m", "h")] == pytest.approx([known.m, known.h])
    assert found.d.half[place] == pytest.approx(max(known.d, 1.96 * found.d.error[place]), rel=1e-4)
    assert [found.between.half[place], found.within.half[place]] == pytest.approx([part / mix for part in known.parts])


def test_the_interval_of_d_begins_at_nought_where_nothing_lies_beyond_chance() -> None:
    drawn = np.random.default_rng(5).multinomial(60, [0.3, 0.7], size=30).astype(float)
    d = places(drawn, np.repeat([0, 1], 15), np.arange(30), replicates=100, seed=1).d
    assert d.low.tolist() == [0, 0]
    assert (d.high > d.corrected).all()


def test_nothing_lies_between_the_organisers_of_a_place_that_has_one() -> None:
    """However few of a group there are: the correction of small cells once left something between."""
    few = np.array([[2.0, 60], [0, 70], [3, 80], [1, 90]])
    found = places(few, np.zeros(4, dtype=np.intp), np.zeros(4, dtype=np.intp), replicates=100, seed=1)
    assert (found.between.corrected[0], found.between.half[0]) == (0, 0)
    assert (found.within.corrected[0], found.within.half[0]) == (found.h.corrected[0], found.h.half[0])


def test_where_no_school_has_two_groups_the_interval_is_not_known() -> None:
    found = places(np.array([[40.0, 0], [0, 50], [30, 0]]), np.zeros(3, dtype=np.intp), np.arange(3), replicates=50)
    assert found.h.corrected[0] == pytest.approx(1, abs=1e-3)
    assert np.isnan([found.h.low[0], found.h.high[0], found.d.low[0], found.d.high[0]]).all()


def test_unevenness_and_exposure_are_those_of_each_place() -> None:
    for place in range(3):
        assert unevenness(PUPILS, PLACE)[place] == pytest.approx(indices(alone(place)).h)
        assert exposures(PUPILS, PLACE)[place] == pytest.approx(exposure(alone(place))[:, 0])


def test_a_place_with_one_group_has_no_index_and_disturbs_no_other() -> None:
    one = np.concatenate([PUPILS, [[0, 40], [0, 30]]])
    with_it = places(one, np.append(PLACE, [3, 3]), np.append(ORGANISER, [9, 9]), replicates=20, seed=3)
    for name in ("m", "h", "d"):
        numbers = getattr(with_it, name)
        assert np.isnan([numbers.plain[3], numbers.expected[3], numbers.corrected[3], numbers.error[3]]).all()
        assert np.isfinite(numbers.corrected[:3]).all()


def test_places_are_numbered_without_gaps_and_replicates_are_several() -> None:
    with pytest.raises(ModelError, match="place"):
        places(PUPILS, np.where(PLACE == 1, 5, PLACE), ORGANISER)
    with pytest.raises(ModelError, match="replicates"):
        places(PUPILS, PLACE, ORGANISER, replicates=1)
