"""The municipalities and counties, against the open data."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from likvard.rulebook import counties, county, municipalities, municipality
from likvard.terms import InputError


def test_there_are_290_municipalities_in_21_counties() -> None:
    assert len(municipalities()) == 290
    assert len(counties()) == 21
    assert {code[:2] for code in municipalities()} == set(counties())


def test_the_municipalities_are_those_of_kolada(shared: Path) -> None:
    rows = pq.read_table(shared / "kolada" / "2023-03-28_KOLADA_Municipality_list.parquet").to_pylist()
    assert {row["id"]: row["title"] for row in rows if row["type"] == "K"} == municipalities()


def test_the_municipalities_and_counties_are_those_of_the_map(shared: Path) -> None:
    features = json.loads((shared / "kommuner.geojson").read_text(encoding="utf-8"))["features"]
    drawn = [feature["properties"] for feature in features]
    assert {p["id"]: p["kom_namn"] for p in drawn} == municipalities()
    assert Counter(p["lan_code"] for p in drawn) == Counter(code[:2] for code in municipalities())


def test_codes_are_in_order() -> None:
    assert list(municipalities()) == sorted(municipalities())
    assert list(counties()) == sorted(counties())


def test_a_place_is_named_by_its_code() -> None:
    assert municipality("0127") == "Botkyrka"
    assert county("01").sv == county("0127").sv == "Stockholms län"
    assert county("1480").en == "Västra Götaland County"


@pytest.mark.parametrize("code", ["127", "0999", "", "00"])
def test_an_unknown_code_is_refused_with_the_way_to_write_it(code: str) -> None:
    with pytest.raises(InputError, match="0127"):
        municipality(code)
    with pytest.raises(InputError, match="0127"):
        county(code)
