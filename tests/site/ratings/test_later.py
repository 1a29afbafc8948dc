"""Results that are published after a round is closed: which years count, and what is said before they are there."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from benchmarks.national_report import RUBRIC, world
from benchmarks.national_report import Setting as Nation

from likvard.flow.national import estimate, follow_up
from likvard.site.ratings import later
from likvard.site.ratings.models import Round


class Key(NamedTuple):
    """Which figure a value is."""

    area: str
    year: str


class Published:
    """A publication that holds organisers' merit values and nothing else."""

    def __init__(self, values):
        self.values = values

    def cells(self, _audience, **asked):
        assert (asked["measure"], asked["level"]) == ("merit_value", "organiser")
        return {
            Key(organiser, str(year)): SimpleNamespace(cell=SimpleNamespace(value=value))
            for (organiser, year), value in self.values.items()
        }


@pytest.fixture(scope="module")
def nation():
    made = world(Nation("small", organisers=150), 3)
    return made, estimate(made.marks, made.frame, RUBRIC, seed=1)


def published(nation, *years):
    """Values of the year before, of three years before, and of the years given."""
    values = {}
    for one in nation[0].later:
        values[one.organiser, 2025], values[one.organiser, 2023] = one.before, one.earlier
        values.update({(one.organiser, year): one.after + year for year in years})
    return Published(values)


@pytest.mark.parametrize(("years", "after"), [((2026,), 2026), ((2026, 2027), 2027), ((2027, 2028), 2027)])
def test_the_comparison_is_of_the_year_after_the_round_or_else_of_its_own(nation, monkeypatch, years, after):
    made, national = nation
    monkeypatch.setattr(later, "frame_of", lambda _round: made.frame)
    found = later.prediction(Round(rubric_on=date(2026, 11, 1)), national, published(nation, *years))
    assert (found.after, found.compared) == (after, False)
    same = follow_up(national, made.frame, made.later)
    assert found.differences["low"].value == pytest.approx(same.differences["low"].value)


def test_without_results_after_the_round_nothing_is_said(nation, monkeypatch):
    monkeypatch.setattr(later, "frame_of", lambda _round: nation[0].frame)
    made = Round(rubric_on=date(2026, 11, 1))
    assert later.prediction(made, nation[1], published(nation)) is None
    assert later.prediction(made, nation[1], None) is None


@pytest.mark.parametrize(("day", "year"), [(date(2026, 3, 1), 2025), (date(2026, 8, 1), 2026)])
def test_a_round_in_spring_is_of_the_school_year_that_ends(day, year):
    assert later.awaited(Round(rubric_on=day)).start == year
