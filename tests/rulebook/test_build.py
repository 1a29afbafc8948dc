"""Reading reviewed YAML into frozen values: strict, with errors that say where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from likvard.rulebook.build import build, read_yaml
from likvard.terms import RuleError, Words


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Thing:
    name: Words
    number: int
    share: float = 0.0
    day: date | None = None
    colours: tuple[Colour, ...] = ()
    by_name: Mapping[str, bool] | None = None

    def __post_init__(self) -> None:
        if self.number < 0:
            raise ValueError("a number is not negative")


GOOD = {"name": {"sv": "ett", "en": "one"}, "number": 1}


def test_a_good_text_becomes_a_frozen_value() -> None:
    more = {"share": 1, "day": date(2026, 8, 1), "colours": ["red"], "by_name": {"a": True}}
    made = build(Thing, GOOD | more, "here")
    assert made == Thing(Words("ett", "one"), 1, 1.0, date(2026, 8, 1), (Colour.RED,), {"a": True})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"number": True}, "here, number: expected"),
        ({"number": 1.0}, "here, number: expected"),
        ({"number": -1}, "here: a number is not negative"),
        ({"numbr": 1}, "expected number, got 'numbr'"),
        ({"name": {"sv": "ett"}}, "here, name: the field 'en' is missing"),
        ({"name": {"sv": "ett", "en": " "}}, "here, name, en: expected a text"),
        ({"name": "ett"}, "here, name: expected a mapping"),
        ({"day": "2026-08-01"}, "here, day: expected a day"),
        ({"colours": ["blue"]}, "here, colours, item 1: expected one of red, got 'blue'"),
        ({"colours": "red"}, "here, colours: expected a list"),
        ({"by_name": ["a"]}, "here, by_name: expected a mapping"),
        ({"by_name": {"a": "yes"}}, "here, by_name, a: expected"),
        ({"by_name": {1: True}}, "here, by_name, key: expected a text"),
    ],
)
def test_a_wrong_text_is_refused_with_its_place(change: dict[str, object], said: str) -> None:
    with pytest.raises(RuleError, match=said):
        build(Thing, GOOD | change, "here")


def test_a_mapping_cannot_be_changed_afterwards() -> None:
    made = build(Thing, GOOD | {"by_name": {"a": True}}, "here")
    with pytest.raises(TypeError):
        made.by_name["a"] = False  # type: ignore[index]


_anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*Thing.__annotations__, "x"]), inner),
    max_leaves=10,
)


@given(_anything)
def test_whatever_stands_there_it_is_a_value_or_an_error_that_says_where(data: object) -> None:
    try:
        made: object = build(Thing, data, "here")
    except RuleError as error:
        made = error
    assert isinstance(made, Thing) or str(made).startswith("here")


@pytest.mark.parametrize("text", ["a: 1\na: 2", "a: {b: 1, b: 2}", "a: [", "a: {b: x?, c"])
def test_a_key_written_twice_and_what_is_no_yaml_are_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "rule.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RuleError):
        read_yaml(file)


def test_a_merged_mapping_may_be_overridden(tmp_path: Path) -> None:
    file = tmp_path / "rule.yaml"
    file.write_text("a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}", encoding="utf-8")
    assert read_yaml(file) == {"a": {"x": 1, "y": 2}, "b": {"x": 1, "y": 3}}
