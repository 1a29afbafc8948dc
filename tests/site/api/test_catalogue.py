"""Indicators, symbols and the publication by the API; and questions that cannot be understood."""

from __future__ import annotations

import csv
import io

import pytest

from likvard.indicators import indicators
from likvard.terms import Missing


def test_every_indicator_is_listed_with_who_checked_it(anybody, db):
    listed = {one["id"]: one for one in anybody.get("indicators")["indicators"]}
    assert {one.id for one in indicators()} <= set(listed)
    merit = listed["merit_value"]
    assert merit["why"]["sv"]
    assert merit["checked"]["role"]["en"]
    assert merit["next_review"] > merit["checked"]["day"]


def test_an_indicator_stands_alone_too(anybody, db):
    listed = anybody.get("indicators")["indicators"]
    assert anybody.get("indicators/merit_value") in listed


def test_an_indicator_of_an_open_family_gives_the_familys_definition(anybody, db):
    family = next(one for one in anybody.get("indicators")["indicators"] if one["id"].endswith("*"))
    assert anybody.get(f"indicators/{family['id'][:-1]}made_up")["definition"] == family["definition"]


def test_an_indicator_that_there_is_not_is_not_found(anybody, db):
    assert anybody.ask("indicators/no_such").status_code == 404


def test_indicators_as_csv_have_both_languages(anybody, db):
    rows = list(csv.DictReader(io.StringIO(anybody.ask("indicators?format=csv").content.decode())))
    assert rows[0]["name_sv"] != rows[0]["name_en"]


def test_every_reason_for_a_missing_number_has_its_symbol(anybody, db):
    assert {one["code"] for one in anybody.get("symbols")["symbols"]} == {missing.value for missing in Missing}


def test_the_publication_tells_what_it_was_made_of(anybody, publication):
    (one,) = anybody.get("publications")["publications"]
    assert (one["id"], one["on"], one["lake"]) == (publication.id, "2025-09-01", "lake-1")
    assert one["measures"] == ["merit_value", "share_all_subjects_year_9"]
    assert one["sources"]["merit_value"]["vintage"] == "2024"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("messure=merit_value", "messure"),
        ("level=school", "level"),
        ("form=XX", "form"),
        ("year=abc", "year"),
        ("year=1066", "year"),
        ("limit=0", "limit"),
        ("limit=5001", "limit"),
        ("audience=everybody", "audience"),
        ("format=xml", "format"),
        ("organiser=12", "organiser"),
        ("subject=" + "x" * 81, "subject"),
        ("&".join(f"area={n}" for n in range(101)), "area"),
    ],
)
def test_a_parameter_that_is_wrong_is_named(anybody, publication, query, name):
    answer = anybody.ask(f"figures?{query}")
    problem = answer.json()
    assert (answer.status_code, problem["status"]) == (422, 422)
    assert name in {error["name"] for error in problem["errors"]}
    assert problem["words"]["sv"]


@pytest.mark.parametrize("cursor", ["x", "AAAA", "W10", "bnVsbA", "ö", "WyJhIl0", "W" * 900])
def test_a_cursor_of_ones_own_making_is_refused(anybody, publication, cursor):
    answer = anybody.ask(f"figures?cursor={cursor}")
    assert (answer.status_code, answer.json()["type"].rpartition("#")[2]) == (400, "problem-bad-cursor")


def test_the_choice_of_language_of_the_site_is_no_wrong_parameter(anybody, publication):
    assert anybody.ask("figures?sprak=en&limit=1").status_code == 200


def test_an_address_that_there_is_not_tells_so_as_a_problem(anybody, db):
    answer = anybody.ask("no/such/address")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer["Cache-Control"] == "no-store"
