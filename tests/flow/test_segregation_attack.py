"""Somebody who has everything that is published tries to come at what a unit hides, from the segregation of places.

What is hidden is how many of a group a unit has, and how many pupils (`docs/disclosure.md`): it must stay four numbers wide at
least. Every number is compared to the last digit, and two publications as well: one that is the same for both tells nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from likvard.flow import publish_segregation as made
from likvard.flow import segregation_lake as asked
from likvard.models.segregation import dissimilarity, entropy, mutual_information

SHARE = "share_foreign_background"
NAN = float("nan")
PERSONS = 3
"""A hidden number of pupils keeps an interval as wide as this."""

Published = Mapping[tuple[str, ...], tuple[float | None, ...]]


def table_of(pupils: np.ndarray, places: list[tuple[str, str]], form: str = "GR") -> asked.Mixed:
    where = {f"u{i:02d}": place for i, place in enumerate(places)}
    return asked.made("foreign", form, 2024, "all", np.array(sorted(where)), where, pupils.astype(float))


def shown(pupils: np.ndarray, form: str = "GR") -> made.Seen:
    """What the public is told of each unit: nothing of few pupils, not the share of few of the group."""
    told = {}
    for i, (members, others) in enumerate(pupils.tolist()):
        n = int(members + others)
        if n < 10 or 0 < members < 10:
            told[f"u{i:02d}"] = (NAN, "few", NAN, NAN), None
        else:
            told[f"u{i:02d}"] = (round(members / n, 3), "", NAN, NAN), n
    return {(SHARE, form, "2024"): told}


def published(table: asked.Mixed, told: made.Seen) -> Published:
    """Every number of every place, as it goes out."""
    found = made.Segregated((table,))
    cells = [*found.country(told, 0.0), *(cell for _, own in found.organisers(told) for cell in own)]
    return {cell.key: (cell.value, cell.low, cell.high, cell.n) for cell in cells}


SHOWN_UNIT = st.tuples(st.integers(12, 60), st.integers(20, 90))


@st.composite
def municipalities(draw: st.DrawFn) -> tuple[np.ndarray, list[int]]:
    """Units of one municipality, one or two of which hide how many of the group they have, and how large they are."""
    units = [*draw(st.lists(SHOWN_UNIT, min_size=2, max_size=4))]
    for _ in range(draw(st.integers(1, 2))):
        members = draw(st.integers(1, 9))
        units.append((members, draw(st.integers(1, 60))))
    pupils = np.array(units)
    return pupils, [i for i, (members, _) in enumerate(units) if members < 10]


@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(municipalities())
def test_every_number_that_a_hidden_unit_may_hold_gives_the_same_figures(case: tuple[np.ndarray, list[int]]) -> None:
    """Also with all others known and only one unit hidden, and from one publication to the next."""
    pupils, hidden = case
    places = [("0127", str(i % 2)) for i in range(len(pupils))]
    out, told = published(table_of(pupils, places), shown(pupils)), shown(pupils)
    assert len(out) > 8
    unit = hidden[0]
    n = int(pupils[unit].sum())
    tens = max(10, 10 * round(n / 10))
    sizes = [1 if tens == 10 else tens - 4, tens + 4]
    assert sizes[1] - sizes[0] >= PERSONS
    for size in sizes:
        for members in {1, min(9, size)}:
            other = pupils.copy()
            other[unit] = members, size - members
            assert published(table_of(other, places), told) == out


def test_a_unit_of_which_nothing_at_all_is_told_moves_nothing() -> None:
    pupils = np.array([[20, 30], [40, 20], [15, 70], [9, 50]])
    told = shown(pupils)
    del told[SHARE, "GR", "2024"]["u03"]
    places = [("0127", "1")] * 4
    other = pupils.copy()
    other[3] = 100, 3
    assert published(table_of(pupils, places), told) == published(table_of(other, places), told)


def test_a_country_however_large_is_made_of_what_is_shown() -> None:
    """A hundred thousand pupils, and twelve units that hide: once they were counted, in three decimals."""
    pupils = np.array([[5, 2500] if i % 4 == 0 else [900, 1500] for i in range(48)])
    places = [(f"{i % 9:04d}", str(i % 12)) for i in range(48)]
    told = shown(pupils)
    other = pupils.copy()
    other[0::4, 0] = 9
    other[0::4, 1] = 2496
    assert published(table_of(other, places), told) == published(table_of(pupils, places), told)


# --- a form of which nothing is told of any unit -----------------------------------------------------------


def a_form(seed: int) -> asked.Mixed:
    """Hardly more than the least that is measured on everybody: in 20-24 units of 7 municipalities."""
    random = np.random.default_rng(seed)
    units = int(random.integers(made.UNTOLD_UNITS, made.UNTOLD_UNITS + 5))
    size = random.integers(40, 180, units)
    size = np.ceil(size * made.UNTOLD_PUPILS / size.sum()).astype(int) + 1
    mixed = random.choice([2.0, 8.0, 40.0])
    members = random.binomial(size, random.beta(0.25 * mixed, 0.75 * mixed, units))
    while members.sum() < made.UNTOLD_OF_A_GROUP:
        members = np.minimum(size, members + 2)
    places = [(f"{random.integers(0, 7):04d}", str(i % 9)) for i in range(units)]
    return table_of(np.stack([members, size - members], axis=1), places, "GY")


def another(table: asked.Mixed, unit: int) -> bool:
    """Whether the same figures come from another table, where the unit has `PERSONS` more or fewer of the group.

    One or two other units make up for it, those first with which the plain indices are nearest to what they were.
    """
    out, aim = published(table, {}), plain(table.pupils)
    for step in (PERSONS, -PERSONS):
        moved = table.pupils.copy()
        moved[unit] += step, -step
        others = [moved, *made_up_for(moved, unit)]
        nearest = sorted(others, key=lambda one: float(np.abs(plain(one) - aim).max()))
        for one in [moved, *nearest[:60]]:
            if (one >= 0).all() and published(replace(table, pupils=one, low=one, high=one), {}) == out:
                return True
    return False


def made_up_for(pupils: np.ndarray, but: int) -> list[np.ndarray]:
    """Tables in which one or two others have up to three pupils more or fewer of the group."""
    others = [i for i in range(len(pupils)) if i != but]
    steps = [(i, step) for i in others for step in (-3, -2, -1, 1, 2, 3)]
    found = []
    for i, step in steps:
        one = pupils.copy()
        one[i] += step, -step
        found.append(one)
        for j, other in steps:
            if j > i and abs(other) < 3:
                two = one.copy()
                two[j] += other, -other
                found.append(two)
    return [one for one in found if (one >= 0).all()]


def plain(pupils: np.ndarray) -> np.ndarray:
    total = pupils.sum(axis=0)
    m = mutual_information(pupils)
    return np.array([m, m / entropy(total), dissimilarity(pupils)])


@pytest.mark.parametrize("seed", range(3))
def test_no_unit_of_a_form_that_is_told_of_as_a_whole_is_narrowed(seed: int) -> None:
    """For the smallest unit, the most one-sided one and one more there is another table with the very same figures."""
    table = a_form(seed)
    size = table.pupils.sum(axis=1)
    share = table.pupils[:, 0] / size
    assert published(table, {})
    for unit in {int(size.argmin()), int(share.argmax()), seed}:
        assert another(table, unit), (unit, table.pupils[unit])


@pytest.mark.parametrize("least", ["units", "pupils", "group"])
def test_a_form_of_which_nothing_is_told_and_that_is_smaller_has_no_figures(least: str) -> None:
    pupils = np.tile([[80, 180]], (20, 1))
    assert made.told_of(table_of(pupils, [("0127", "1")] * 20), {}) is not None
    small = {"units": pupils[:19] * 2, "pupils": pupils * 0 + [60, 180], "group": pupils * 0 + [24, 240]}[least]
    assert published(table_of(small, [("0127", "1")] * len(small)), {}) == {}
