"""Every state has a symbol and words in both languages."""

from __future__ import annotations

import pytest

from likvard.disclosure import LEGEND, symbol
from likvard.terms import Missing


@pytest.mark.parametrize("missing", list(Missing))
def test_every_state_has_a_symbol_and_words(missing: Missing) -> None:
    mark, words = LEGEND[missing]
    assert mark == symbol(missing) != ""
    assert min(len(words.sv), len(words.en)) > 3


def test_the_symbols_are_those_of_the_legend() -> None:
    legend = {Missing.FEW: "..", Missing.PROTECTED: "×", Missing.NOT_APPLICABLE: "–", Missing.NEAR_ALL: "~100"}
    assert {state: symbol(state) for state in legend} == legend


def test_no_symbol_could_be_read_as_a_number() -> None:
    assert not any(mark.strip("~").isdigit() for state, (mark, _) in LEGEND.items() if state not in _RANGES)


_RANGES = {Missing.NEAR_ALL, Missing.NEAR_NONE}
