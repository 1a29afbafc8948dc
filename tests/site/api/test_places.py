"""Organisers and units by the API, with what became of them."""

from __future__ import annotations

import csv
import io

import pytest

EKVIK, BJÖRK, GAMMAL = "2120009991", "90000001", "90000004"


def test_organisers_come_by_number(anybody, places, publication):
    answer = anybody.get("organisers")
    assert [one["name"] for one in answer["organisers"]] == ["Ekviks kommun", "Lärkan AB"]
    assert (answer["synthetic"], answer["next"]) == (True, None)


def test_an_organiser_has_its_units(anybody, places, publication):
    answer = anybody.get(f"organisers/{EKVIK}")
    assert answer["kind"] == "municipal"
    assert [unit["code"] for unit in answer["units"]] == [BJÖRK, "90000002", "90000003", GAMMAL]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 5),
        (f"?organiser={EKVIK}", 4),
        ("?form=GRAN", 1),
        ("?status=closed", 1),
        ("?municipality=9999&form=GR", 4),
        ("?municipality=0180", 0),
    ],
)
def test_units_are_chosen_by_filters(anybody, places, publication, query, count):
    assert len(anybody.get(f"units{query}")["units"]) == count


def test_a_unit_tells_what_it_continues(anybody, places, publication):
    (tie,) = anybody.get(f"units/{BJÖRK}")["continues"]
    assert (tie["unit"], tie["kind"], tie["day"]) == (GAMMAL, "recoded", "2021-07-01")
    (tie,) = anybody.get(f"units/{GAMMAL}")["continued_by"]
    assert tie["unit"] == BJÖRK


def test_a_unit_tells_its_names(anybody, places, publication):
    places.björk.names.create(name="Björkens skola", start="2012-07-01", end="2020-06-30")
    assert anybody.get(f"units/{BJÖRK}")["names"] == [
        {"name": "Björkens skola", "from": "2012-07-01", "to": "2020-06-30"}
    ]


def test_units_come_in_pages(anybody, places, publication):
    found, path = [], "units?limit=2"
    while path:
        page = anybody.get(path)
        found += [unit["code"] for unit in page["units"]]
        path = page["next"] and page["next"].partition("/api/v1/")[2]
    assert found == sorted(found)
    assert len(found) == 5


def test_units_as_csv_keep_their_codes_and_forms(anybody, places, publication):
    rows = list(csv.DictReader(io.StringIO(anybody.ask("units?format=csv").content.decode())))
    assert (rows[0]["code"], rows[0]["forms"], rows[0]["synthetic"]) == (BJÖRK, "GR", "true")


def test_a_name_that_looks_like_a_formula_is_no_formula(anybody, places, publication):
    type(places.ekvik).objects.filter(pk=EKVIK).update(name="=1+1")
    rows = list(csv.DictReader(io.StringIO(anybody.ask("organisers?format=csv").content.decode())))
    assert rows[0]["name"] == "'=1+1"


@pytest.mark.parametrize("path", ["organisers/9999999999", "units/99999999"])
def test_a_place_that_there_is_not_is_not_found(anybody, places, path):
    assert anybody.ask(path).status_code == 404


@pytest.mark.parametrize("path", ["organisers/1", "units/x", "units/%00", "units/900000010", "organisers/../users"])
def test_what_is_no_code_is_a_wrong_question_or_nothing(anybody, places, path):
    assert anybody.ask(path).status_code in (404, 422)


def test_no_person_is_in_any_answer(anybody, cast, publication):
    for path in ("organisers", f"organisers/{EKVIK}", "units", f"units/{BJÖRK}"):
        assert "@" not in anybody.ask(path).content.decode()
