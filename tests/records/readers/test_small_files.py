"""What each reader makes of a small file with invented values."""

from __future__ import annotations

import json

import pytest

from likvard.records.readers import READERS
from likvard.records.schema import LINE, TABLES
from likvard.terms import InputError


@pytest.fixture
def made(read, small):
    return lambda name: read(name, small[name])


def rows(reading, *columns: str, table: str = "statistic") -> list[tuple]:
    return [tuple(row[c] for c in columns) for row in reading.tables[table].to_pylist()]


def test_every_reader_has_a_small_file(small, tmp_path):
    used = set()
    for name, content in small.items():
        (tmp_path / name).write_bytes(content)
        used |= {reader.name for reader in READERS if reader.recognises(tmp_path / name, content)}
    assert used == {reader.name for reader in READERS}


def test_small_files_are_read_without_errors_into_declared_types(small, read):
    for name, content in small.items():
        reading = read(name, content)
        assert not reading.errors, name
        for table, found in reading.tables.items():
            declared = found.drop_columns([LINE]) if LINE in found.column_names else found
            assert declared.schema == TABLES[table].arrow


def test_pupils_per_year_with_thousands_and_near_all(made):
    found = made("Grundskolan - Antal elever per årskurs 2023 Skolenhet.csv")
    known = {(r["measure"], r["area_code"]): r for r in found.tables["statistic"].to_pylist()}
    assert known["pupils", "10000001"]["value"] == 1090
    near = known["share_girls", "10000001"]
    assert (near["low"], near["high"], near["status"], near["n"]) == (1086 / 1090, 1089 / 1090, "near_all", 1090)
    assert known["share_girls", "20000002"]["status"] == "few"
    assert found.scope == "2023/24 1440"


def test_the_merit_series_parts_the_terms_and_keeps_symbols(made):
    found = made("merit_per_school_2014_2025.csv")
    assert rows(found, "measure", "year", "value", "status")[:2] == [
        ("merit_value_16", 2013, 248.5, ""),
        ("merit_value", 2014, 259.1, ""),
    ]
    known = {(r["measure"], r["year"]): r for r in found.tables["statistic"].to_pylist()}
    assert (known["share_parents_tertiary", 2013]["low"], known["share_parents_tertiary", 2013]["high"]) == (
        336 / 340,
        339 / 340,
    )
    assert known["pupils_year_9", 2014]["status"] == "unavailable"
    assert known["share_girls", 2014]["status"] == "empty"
    assert rows(found, "organiser_kind", table="unit") == [("independent",), ("independent",)]


def test_the_open_api_in_long_form_is_read_by_raw_value_and_type(made):
    assert rows(made("v4_gr_statistics_long.csv"), "measure", "period_kind", "year", "value", "high", "status") == [
        ("merit_value", "school_year", 2023, 205.1, None, ""),
        ("share_eligible_vocational", "school_year", 2023, None, 1.0, "near_all"),
        ("pupils_total", "school_year", 2024, 130.0, None, "approximate"),
        ("share_certified_teachers", "school_year", 2023, None, None, "excluded"),
        ("share_all_subjects_year_6", "undated", 0, None, None, "empty"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('"205,1",EXISTS', "..,EXISTS", "cell.value_type"),
        ("~100,ROUNDED", "100,ROUNDED", "cell.value_type"),
        ("EXISTS,205.1", "PERHAPS,205.1", "cell.unknown_type"),
        ('"205,1"', '"205;1"', "cell.unreadable"),
        ("10000001,Norra", "1000001,Norra", "code.lost_zero"),
        ("2023/24,~", "2099/00,~", "row.year"),
        ("2023/24,~", "2023/24,7,~", "row.width"),
    ],
)
def test_a_row_of_the_open_api_that_contradicts_itself_is_an_error(old, new, rule, read, small):
    content = small["v4_gr_statistics_long.csv"].decode().replace(old, new, 1)
    assert [f.rule for f in read("v4_gr_statistics_long.csv", content).errors] == [rule]


def test_an_unknown_metric_is_named_and_kept(read, small):
    content = small["v4_gr_statistics_long.csv"].decode().replace("totalNumberOfPupils", "newThing")
    found = read("v4_gr_statistics_long.csv", content)
    assert ("v4:newthing", 130.0) in rows(found, "measure", "value")
    assert [f.column for f in found.findings if f.rule == "metric.unknown"] == ["newThing"]


def test_an_answer_of_the_open_api_is_taken_out_of_its_envelope(made):
    found = made("v4.json")
    assert (found.scope, found.vintage) == ("10000001 GR", "2026-04-21")
    assert rows(found, "measure", "year", "value", "status") == [
        ("merit_value", 2024, 205.1, ""),
        ("merit_value", 2023, None, "few"),
        ("pupils_total", 2025, 450.0, "approximate"),
    ]


def test_salsa_of_all_schools_is_read(read):
    value = {"value": "231", "valueType": "EXISTS"}
    schools = [None, {"schoolUnitCode": "10000001", "salsaAverageCalculated": value}, {"schoolUnitCode": "20000002"}]
    body = {"timePeriod": "2024/25", "compulsorySchoolUnitSalsaMetricList": schools}
    found = read("salsa.json", json.dumps({"status": "OK", "body": body}))
    assert rows(found, "measure", "year", "value") == [("salsa_merit_value_expected", 2024, 231.0)]


def test_a_survey_of_the_open_api_gives_means_and_shares(made):
    found = made("survey.json")
    assert found.scope == "survey 10000001 2026 pupils-GR-8"
    assert rows(found, "measure", "value") == [
        ("survey_group_size", 40.0),
        ("survey_answers", 36.0),
        ("survey_response_rate", 0.9),
        ("survey_mean_kanner_du_dig_trygg_i_skolan", 7.6),
    ]
    assert rows(found, "option", "share", "n", "status", table="survey_answer") == [
        ("Fully", 0.44, None, ""),
        ("Partly", None, None, "rule_not_met"),
        ("NotAtAll", None, None, "empty"),
    ]


def test_other_respondents_than_pupils_of_year_8_are_named_in_the_measure(read, small):
    found = read("survey.json", small["survey.json"].replace(b'"ak8"', b'"ar2"'))
    assert rows(found, "measure", "school_form")[0] == ("survey_group_size_pupils_gy_2", "GY")


def test_an_error_answer_of_the_open_api_is_refused(read):
    with pytest.raises(InputError, match="Not found"):
        read("a.json", '{"status": "ERROR", "message": "Not found", "body": null, "x": "planned-educations/v4"}')


def test_kolada_answers_keep_their_statuses_and_units(made):
    found = made("kolada.json")
    assert rows(found, "measure", "level", "area_code", "group", "value", "status") == [
        ("kolada:N15428", "municipality", "0127", "all", 84.02, ""),
        ("kolada:N15428", "municipality", "0127", "girls", None, "privacy"),
        ("kolada:N15428", "municipality", "0127", "boys", None, "not_reported"),
        ("kolada:N15428", "nation", "00", "all", 84.02, ""),
    ]
    assert found.scope == "N15428 0000–0127 (2) 2023"


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('"0127"', '"127"', "code.lost_zero"),
        ('"N15428"', '"15428"', "row.kpi"),
        ("2023", "2099", "row.year"),
        ('"Privacy"', '"Secret"', "row.status"),
        ('"Privacy"', '""', "row.value_with_status"),
        ('"gender": "K"', '"gender": "X"', "row.group"),
    ],
)
def test_a_kolada_answer_that_cannot_be_is_an_error(old, new, rule, read, small):
    found = read("kolada.json", small["kolada.json"].decode().replace(old, new, 1))
    assert [f.rule for f in found.errors] == [rule]


def test_pages_are_read_together_and_a_missing_one_is_told(read, small):
    page = json.loads(small["kolada.json"])
    found = read("kolada.json", json.dumps([page, page | {"next_page": "https://api.kolada.se/v3/…page=3"}]))
    assert len(rows(found, "measure")) == 8
    assert [f.rule for f in found.findings] == ["file.more_pages"]


def test_kolada_units_are_told_and_not_taken_for_schools(read, small):
    found = read(
        "kolada.json", small["kolada.json"].decode().replace('"municipality": "0127"', '"ou": "V15E012700101"')
    )
    assert [f.rule for f in found.findings] == ["row.kolada_unit"]
    assert rows(found, "level") == [("nation",)]


def test_kolada_measures_are_read(read):
    kpi = {"id": "N15428", "title": "Behöriga", "description": "Om", "is_divided_by_gender": 1, "has_ou_data": None}
    found = read("kpi.json", json.dumps({"values": [kpi], "count": 1}))
    assert rows(found, "measure", "sex_split", "unit_level", table="measure") == [("kolada:N15428", True, None)]


def test_kolada_parquet_has_no_value_with_a_status(read, small):
    assert rows(read("KOLADA_values.parquet", small["KOLADA_values.parquet"]), "value", "status", "raw") == [
        (84.02, "", "84.02"),
        (None, "privacy", "Privacy"),
    ]


def test_outlines_keep_outer_rings_and_turn_the_point(made):
    found = made("kommuner.geojson").tables["area_shape"].to_pylist()[0]
    assert (found["longitude"], found["latitude"], len(found["rings"])) == (17.8, 59.2, 2)
    assert found["rings"][0] == [17.0, 59.0, 18.0, 59.0, 18.0, 60.0, 17.0, 59.0]


@pytest.mark.parametrize(
    ("old", "new"), [("[17.0, 59.0]", "[59.0, 17.0]"), ("[59.2, 17.8]", "[17.8, 59.2]"), ('"0127"', '"127"')]
)
def test_an_outline_with_swapped_axes_or_a_cut_code_is_an_error(old, new, read, small):
    assert read("kommuner.geojson", small["kommuner.geojson"].decode().replace(old, new)).errors


def test_skolenkaten_by_its_header_texts(made):
    found = made("excelrapport-elever-grundskola-ak-8-2022.xlsx")
    assert found.scope == "2022 pupils-GR-8"
    known = {
        (r["measure"], r["level"], r["group"]): (r["value"], r["status"]) for r in found.tables["statistic"].to_pylist()
    }
    assert known["survey_index_trygghet", "nation", "all"] == (8.2, "")
    assert known["survey_index_trygghet", "nation", "girls"] == (8.0, "")
    assert known["survey_index_trygghet", "unit", "all"] == (None, "rule_not_met")
    assert known["survey_mean_kanner_du_dig_trygg", "organiser", "all"] == (7.7, "")
    assert rows(found, "unit_code", "school_year", "municipality_code", "organiser_number", table="unit") == [
        ("01000001", 2021, "1440", "2120001439")
    ]


def test_skolenkaten_options_keep_their_masks_and_dont_know_apart(made):
    found = made("excelrapport-elever-grundskola-ak-8-2022.xlsx")
    answers = [r for r in found.tables["survey_answer"].to_pylist() if r["level"] == "unit"]
    assert [(r["option"], r["option_order"], r["n"], r["share"], r["status"], r["area"]) for r in answers] == [
        ("Alltid", 1, None, None, "masked_over_19", "Trygghet"),
        ("Vet inte", 0, None, None, "masked_under_10", "Trygghet"),
    ]
    assert "Minst 5" in found.tables["measure"]["about"][0].as_py()
