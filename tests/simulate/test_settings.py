from __future__ import annotations

import pytest

from likvard.simulate import SIZES, Settings, sized
from likvard.terms import UsageError


def test_every_preset_is_a_size_of_the_same_country() -> None:
    assert {name: sized(name).municipalities for name in SIZES} == {"municipality": 1, "demo": 8, "country": 290}


def test_an_unknown_size_is_refused_with_those_that_exist() -> None:
    with pytest.raises(UsageError, match="municipality, demo, country"):
        sized("continent")


@pytest.mark.parametrize(
    "wrong",
    [
        {"municipalities": 0},
        {"municipalities": 291},
        {"years": 0},
        {"first_year": 2013},
        {"first_year": 2020, "years": 9},
        {"seed": -1},
    ],
)
def test_what_cannot_be_simulated_is_refused_with_a_remedy(wrong: dict[str, int]) -> None:
    with pytest.raises(UsageError) as caught:
        Settings(**wrong)
    assert caught.value.remedy


def test_school_years_run_from_the_first_to_the_last() -> None:
    assert list(Settings(first_year=2020, years=3).school_years) == [2020, 2021, 2022]
