"""Figures by the API: what is asked for, page by page, and nothing that the gate has not let through."""

from __future__ import annotations

import csv
import io

from likvard.disclosure import LEGEND
from likvard.disclosure.publication import FIELDS
from likvard.site.api.rows import defined_by, period
from likvard.terms import Audience


def test_a_figure_carries_interval_pupils_source_and_period(anybody, publication):
    answer = anybody.get("figures?measure=merit_value&area=90000001&group=all&year=2023")
    (figure,) = answer["figures"]
    assert (figure["value"], figure["low"], figure["high"], figure["n"]) == (222.0, 213.0, 231.0, 50)
    assert (figure["period"], figure["missing"], figure["reason"]) == ("2023/24", None, None)
    assert answer["sources"]["merit_value"]["deliveries"] == ["1-betyg"]
    assert answer["synthetic"] is True
    assert answer["publication"] == {"id": publication.id, "on": "2025-09-01"}


def test_a_figure_of_a_subject_names_the_indicator_that_defines_it():
    assert defined_by("grade_points", "Ma") == "grade_points_ma"
    assert defined_by("no_such_measure", "") is None
    assert period(defined_by("grade_points", "Ma"), "2023") == "2023/24"
    assert period(defined_by("crowns_per_pupil", ""), "2023") == "2023"
    assert period(None, "") == ""


def test_a_hidden_figure_is_null_with_its_kind_and_words(anybody, publication):
    answer = anybody.get("figures?area=90000002&group=girls&year=2023")
    (figure,) = answer["figures"]
    assert (figure["value"], figure["low"], figure["high"], figure["n"]) == (None, None, None, None)
    assert figure["missing"] in {missing.value for missing in LEGEND}
    assert figure["reason"]["sv"]
    assert figure["reason"]["en"]


def test_filters_choose_and_may_be_repeated(anybody, publication):
    answer = anybody.get("figures?measure=merit_value&group=all&level=unit&year=2021&year=2023&area=90000005")
    assert [(f["year"], f["area"]) for f in answer["figures"]] == [(2021, "90000005"), (2023, "90000005")]


def test_an_organiser_brings_its_units(anybody, publication):
    answer = anybody.get("figures?organiser=2120009991&group=all&year=2023&measure=merit_value")
    assert [(f["level"], f["area"]) for f in answer["figures"]] == [
        ("organiser", "2120009991"),
        ("unit", "90000001"),
        ("unit", "90000002"),
    ]


def test_pages_follow_one_another_without_gap_or_overlap(anybody, publication):
    whole = anybody.get("figures")["figures"]
    found, path = [], "figures?limit=4"
    while path:
        page = anybody.get(path)
        found += page["figures"]
        path = page["next"] and page["next"].partition("/api/v1/")[2]
    assert found == whole
    assert len(whole) == len(publication.cells(Audience.PUBLIC))


def test_the_last_page_has_no_next(anybody, publication):
    answer = anybody.ask("figures?limit=5000")
    assert answer.json()["next"] is None
    assert "Link" not in answer


def test_a_page_that_is_just_full_is_the_last_one(anybody, publication):
    count = len(anybody.get("figures")["figures"])
    assert anybody.get(f"figures?limit={count}")["next"] is None


def test_next_stands_in_the_header_link_too(anybody, publication):
    answer = anybody.ask("figures?limit=1")
    assert answer["Link"] == f'<{answer.json()["next"]}>; rel="next"'


def test_figures_as_csv_say_first_that_they_are_invented(anybody, publication):
    answer = anybody.ask("figures?format=csv&area=90000002&year=2023&measure=merit_value")
    assert answer["Content-Type"] == "text/csv; charset=utf-8; header=present"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert next(iter(rows[0].items())) == ("synthetic", "true")
    assert [(row["group"], row["value"]) for row in rows] == [("all", "223.0"), ("girls", "")]
    assert {row["publication"] for row in rows} == {publication.id}


def test_csv_and_json_hold_the_same_figures(anybody, publication):
    listed = anybody.get("figures")["figures"]
    rows = list(csv.DictReader(io.StringIO(anybody.ask("figures", Accept="text/csv").content.decode())))
    assert [[row[name] for name in FIELDS] for row in rows] == [[str(f[name]) for name in FIELDS] for f in listed]
    assert [row["missing"] for row in rows] == [f["missing"] or "" for f in listed]


def test_what_there_is_none_of_is_an_empty_list(anybody, publication):
    assert anybody.get("figures?measure=no_such_measure")["figures"] == []


def test_before_the_first_publication_there_is_nothing_to_read(anybody, monkeypatch):
    monkeypatch.setattr("likvard.site.published.current", lambda: None)
    answer = anybody.ask("figures")
    assert answer.status_code == 404
    assert answer.json()["type"].endswith("#problem-nothing-published")
    assert anybody.get("publications")["publications"] == []
