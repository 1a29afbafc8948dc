"""The simulated marking round: what is planted is what is in the tables, and organisers are chosen by risk."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from likvard.simulate import ratings
from likvard.simulate.settings import Settings

COUNTRY = Settings(seed=3, municipalities=60, first_year=2021, years=3)


@pytest.fixture(scope="module")
def everybody() -> tuple[ratings.Planted, ...]:
    return ratings.planted(COUNTRY)


def test_about_a_quarter_of_organisers_are_planted_at_each_end(everybody):
    share = {key: n / len(everybody) for key, n in Counter(one.cls for one in everybody).items()}
    assert share["low"] == pytest.approx(0.25, abs=0.1)
    assert share["high"] == pytest.approx(0.20, abs=0.1)


def test_the_class_is_the_rubrics_for_the_planted_levels(everybody):
    asked = ratings.rubric(COUNTRY)
    assert all(one.cls == asked.of_levels([z for z in one.levels if z >= 0]) for one in everybody)
    assert all((one.levels[3] == -1) == (one.units == 1) for one in everybody)


def test_those_drawn_are_weaker_than_the_nation_and_probabilities_are_what_was_drawn(everybody):
    probability, chosen = ratings.drawn(everybody)
    marked = [one.quality for one in everybody if one.organiser.number in chosen]
    assert np.mean(marked) < np.mean([one.quality for one in everybody]) - 0.1
    for stratum, p in probability.items():
        inside = [one for one in everybody if one.stratum == stratum]
        assert p == pytest.approx(sum(one.organiser.number in chosen for one in inside) / len(inside))
    assert probability["high"] > probability["middle"] > probability["low"]


def test_markers_err_as_often_as_is_said_and_hardly_ever_by_two_levels():
    random = np.random.default_rng(1)
    levels = random.integers(-1, 3, (20000, 6))
    said = ratings.read(random, levels)
    here = levels >= 0
    assert (said[here] != levels[here]).mean() == pytest.approx(ratings.ERROR, abs=0.01)
    assert (abs(said - levels)[here] == 2).mean() < 0.02
    assert (said[~here] == -1).all()


def test_the_tables_hold_the_frame_of_all_and_two_blind_markers_of_those_drawn(country):
    frame = country.ask("select count(*), min(probability) > 0, max(probability) <= 1 from organiser_frame")
    assert frame == [(len(ratings.planted(country.settings)), True, True)]
    blind = country.ask("select distinct count(*) from organiser_mark where blind group by organiser_number, criterion")
    assert blind == [(2,)]
    settled = country.ask(
        """select count(*) from (select min(level) <> max(level) as differ, any_value(organiser_number) as o, criterion
           from organiser_mark where blind group by organiser_number, criterion) where differ"""
    )
    assert settled == country.ask("select count(*) from organiser_mark where marker = 'settled'")


def test_an_organiser_is_the_same_in_a_larger_country(everybody):
    smaller = {
        one.organiser.number: one
        for one in ratings.planted(Settings(seed=3, municipalities=5, first_year=2021, years=3))
    }
    same = [
        one for one in everybody if one.organiser.number in smaller and one.units == smaller[one.organiser.number].units
    ]
    assert len(same) > 5
    assert all(one == smaller[one.organiser.number] for one in same)
