"""The real open data in shared/data: every file is read, and the reference values of its README come out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.compute as pc
import pytest

from likvard.records.readers import READERS, recognise, why_left
from likvard.records.reading import ReadContext, Reading, Severity
from likvard.records.schema import LINE, TABLES

SIRIS = {
    2019: (4828, 3991, 837, 1_085_996, 121_158, 115_294, 33, 9_835, 873),
    2020: (4797, 3963, 834, 1_096_995, 121_586, 116_464, 34, 10_149, 865),
    2021: (4743, 3903, 840, 1_106_068, 121_121, 120_445, 34, 10_362, 858),
    2022: (4719, 3874, 845, 1_111_568, 123_017, 121_684, 34, 10_438, 850),
    2023: (4665, 3836, 829, 1_110_028, 118_070, 123_312, 29, 10_425, 834),
}


@pytest.fixture(scope="module")
def reading(shared: Path) -> Callable[[str], Reading]:
    """Read a file of the shared data once, by the beginning of its path."""
    known: dict[str, Reading] = {}

    def read(start: str) -> Reading:
        if start not in known:
            path = next(
                p for p in sorted(shared.rglob("*")) if p.is_file() and str(p.relative_to(shared)).startswith(start)
            )
            reader = recognise(path)
            assert reader is not None
            known[start] = reader.read(path, ReadContext(bytes(32)))
        return known[start]

    return read


def ask(reading: Reading, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as con:
        for name, table in reading.tables.items():
            con.register(name, table)
        return con.sql(query).fetchall()


def siris(year: int) -> str:
    return f"siris/Grundskolan - Antal elever per årskurs {year}"


def test_every_file_is_for_one_reader_or_left_with_a_reason(shared):
    left, read = [], []
    for path in sorted(p for p in shared.rglob("*") if p.is_file()):
        head = path.read_bytes()[:65_536]
        readers = [r.name for r in READERS if r.recognises(path, head)]
        assert len(readers) <= 1, f"{path.name} is for {readers}"
        (read if readers else left).append(path)
    assert len(read) == 13
    assert all(
        "specif" in why_left(p).en or "Data for teach" in why_left(p).en or "Text" in why_left(p).en for p in left
    )


@pytest.mark.parametrize(
    "start",
    [*map(siris, SIRIS), "merit", "v4", "skolenkaten", "kolada/2024", "kolada/2023-03-28_KOLADA_KPI", "kommuner"],
)
def test_a_real_file_has_no_errors_and_the_declared_types(start, reading):
    found = reading(start)
    assert not [f for f in found.findings if f.severity is Severity.ERROR]
    for name, table in found.tables.items():
        declared = table.drop_columns([LINE]) if LINE in table.column_names else table
        assert declared.schema == TABLES[name].arrow
        assert all(table[c.name].null_count == 0 for c in TABLES[name].columns if not c.nullable)


@pytest.mark.parametrize("year", SIRIS)
def test_the_sums_of_the_pupil_files_come_out(year, reading):
    found = reading(siris(year))
    kinds = dict(ask(found, "select organiser_kind, count(*) from unit group by 1"))
    sums = dict(ask(found, "select measure, sum(value) from statistic where measure like 'pupils%' group by 1"))
    botkyrka = ask(
        found,
        "select count(*), sum(value) from statistic join unit on unit_code = area_code "
        "where municipality_code = '0127' and measure = 'pupils'",
    )[0]
    assert (
        *(found.tables["unit"].num_rows, kinds["municipal"], kinds["independent"]),
        *(sums["pupils"], sums["pupils_preschool_class"], sums["pupils_year_9"]),
        *botkyrka,
        found.tables["organiser"].num_rows,
    ) == SIRIS[year]
    assert ask(found, "select count(distinct municipality_code) from unit") == [(290,)]


def test_fittja_of_2023_is_as_published_with_shares_between_0_and_1(reading):
    values = ask(reading(siris(2023)), "select measure, value from statistic where area_code = '40631085'")
    known = dict(values)
    assert (known["pupils"], known["pupils_year_9"]) == (515, 98)
    assert [known[m] for m in ("share_girls", "share_foreign_background", "share_parents_tertiary")] == [
        0.522,
        0.872,
        0.324,
    ]


def test_weighted_means_of_published_shares_come_out(reading):
    query = "select sum(value * n) / sum(n), sum(n) from statistic where measure = '{}' and status = ''"
    mean, pupils = ask(reading(siris(2023)), query.format("share_foreign_background"))[0]
    assert (round(mean * 100, 1), pupils) == (28.7, 1_031_052)
    mean, pupils = ask(reading(siris(2023)), query.format("share_parents_tertiary"))[0]
    assert (round(mean * 100, 1), pupils) == (63.8, 1_108_206)


def test_near_all_is_a_range_below_1_and_no_number(reading):
    found = ask(reading(siris(2023)), "select value, low, high, n, raw from statistic where status = 'near_all'")
    assert len(found) == 14
    assert all(value is None and low == max(n - 4, 0) / n and high == (n - 1) / n for value, low, high, n, _ in found)
    assert {raw for *_, raw in found} == {"~100"}


def test_the_report_description_is_kept_with_every_measure(reading):
    found = reading(siris(2023)).tables["measure"]
    assert all("färre än \n10 elever" in about or "dubbelprickas" in about for about in found["about"].to_pylist())


MERIT_ROWS = (1511, 1505, 1520, 1525, 1537, 1529, 1539, 1560, 1552, 1424, 1477, 1582)
MERIT = {
    2014: (1260, 215.9, 22.5, 0.780),
    2015: (1268, 226.2, 25.3, 0.775),
    2018: (1409, 229.7, 26.9, 0.794),
    2020: (1459, 231.9, 26.8, 0.788),
    2022: (1544, 229.3, 25.9, 0.785),
    2024: (1470, 228.6, 25.4, 0.766),
}


def test_the_merit_series_has_its_rows_per_spring_with_2014_apart(reading):
    found = ask(
        reading("merit"),
        "select measure, year, count(*) from statistic where measure like 'merit%' group by all order by year",
    )
    assert [(m, y) for m, y, _ in found] == [("merit_value_16", 2013)] + [("merit_value", y) for y in range(2014, 2025)]
    assert tuple(n for *_, n in found) == MERIT_ROWS


@pytest.mark.parametrize("spring", MERIT)
def test_weighted_mean_spread_and_correlation_come_out(spring, reading):
    query = f"""
        with wide as (
            select area_code,
                max(value) filter (measure like 'merit%') as merit,
                max(value) filter (measure = 'pupils_year_9') as w,
                max(value) filter (measure = 'share_parents_tertiary') as share
            from statistic where year = {spring - 1} group by 1
        ), m as (
            select *, sum(w * merit) over () / sum(w) over () as mm, sum(w * share) over () / sum(w) over () as ms
            from wide where w is not null and share is not null
        )
        select count(*), any_value(mm), sqrt(sum(w * (merit - mm) ** 2) / sum(w)),
            sum(w * (merit - mm) * (share - ms))
                / sqrt(sum(w * (merit - mm) ** 2) * sum(w * (share - ms) ** 2))
        from m"""
    n, mean, spread, r = ask(reading("merit"), query)[0]
    assert (n, round(mean, 1), round(spread, 1)) == MERIT[spring][:3]
    assert abs(r - MERIT[spring][3]) < 0.001


def test_enskild_and_fristaende_are_both_independent(reading):
    kinds = dict(ask(reading("merit"), "select organiser_kind, count(*) from unit group by 1"))
    assert kinds == {"municipal": 12_813, "independent": 3_475 + 1_604, None: 369}


def test_where_each_merit_value_comes_from_is_told(reading):
    told = [f.found.en for f in reading("merit").findings if f.rule == "value.provenance"]
    assert len(told) == 4
    assert "11069 merit values come from DrBaumgardt m17_xx" in told


V4 = {
    2020: (674, 637, 237.03, 31.40),
    2021: (702, 657, 234.42, 30.88),
    2022: (722, 673, 233.30, 29.16),
    2023: (744, 692, 231.67, 30.43),
    2024: (781, 723, 233.17, 30.36),
}


@pytest.mark.parametrize("year", V4)
def test_the_open_api_gives_its_merit_values(year, reading):
    query = (
        "select count(*), count(value), round(avg(value), 2), round(stddev_samp(value), 2) from statistic "
        f"where measure = 'merit_value' and year = {year}"
    )
    assert ask(reading("v4"), query) == [V4[year]]


def test_the_open_api_keeps_its_states_apart_and_never_says_100_for_near_all(reading):
    found = reading("v4")
    assert found.tables["statistic"].num_rows == 87_386
    assert dict(ask(found, "select status, count(*) from statistic group by 1")) == {
        "": 65_704 - 1_670,
        "approximate": 1_670,
        "few": 9_530,
        "unavailable": 7_663 - 482,
        "empty": 482,
        "near_all": 3_366,
        "excluded": 1_123,
    }
    assert ask(
        found, "select count(*) from statistic where status = 'near_all' and (value is not null or high <> 1)"
    ) == [(0,)]


def test_eligibility_of_2024_has_its_states(reading):
    query = (
        "select status, count(*) from statistic where measure = 'share_eligible_vocational' and year = 2024 group by 1"
    )
    assert dict(ask(reading("v4"), query)) == {"": 515, "near_all": 192, "few": 53, "unavailable": 21}


def test_rows_without_a_year_are_undated_and_warned_of(reading):
    found = reading("v4")
    assert ask(
        found, "select period_kind, year, count(*) from statistic where period_kind = 'undated' group by all"
    ) == [("undated", 0, 482)]
    assert [f.times for f in found.findings if f.rule == "row.undated"] == [482]


def test_fittja_in_the_open_api(reading):
    query = "select value from statistic where area_code = '40631085' and measure = 'merit_value' order by year"
    assert ask(reading("v4"), query) == [(194.5,), (199.8,), (191.9,), (198.7,), (205.1,)]


def test_maths_tests_of_the_open_api_come_out(reading):
    query = (
        "select count(value), round(avg(value), 3) from statistic "
        "where measure = 'test_mean_ma_year_{}' and year = 2024"
    )
    assert ask(reading("v4"), query.format(9)) == [(711, 11.663)]
    assert ask(reading("v4"), query.format(6)) == [(1059, 11.549)]


def test_skolenkaten_gives_its_national_numbers(reading):
    found = reading("skolenkaten")
    nation = dict(ask(found, "select measure, value from statistic where level = 'nation' and \"group\" = 'all'"))
    assert [nation[m] for m in ("survey_group_size", "survey_answers", "survey_response_rate")] == [
        57_710,
        45_843,
        0.794,
    ]
    indexes = [value for measure, value in nation.items() if measure.startswith("survey_index") and value is not None]
    assert indexes == [5.8, 5.1, 5.9, 5.6, 6.9, 6.8, 4.7, 5.7, 8.2, 5.5, 6.0]


def test_skolenkaten_schools_add_up_to_the_nation(reading):
    query = "select sum(value), count(*) from statistic where level = 'unit' and measure = '{}'"
    assert ask(reading("skolenkaten"), query.format("survey_group_size")) == [(57_710, 839)]
    assert ask(reading("skolenkaten"), query.format("survey_answers")) == [(45_843, 839)]


def test_all_national_means_are_made_by_the_counts_of_the_options(reading):
    """First option 10, last 0, equal steps; reversed where the question is marked (-); don't know left out."""
    query = """
        select question, option_order, n from survey_answer
        where level = 'nation' and "group" = 'all' and option_order > 0 order by question, option_order"""
    counts: dict[str, list[int]] = {}
    for question, _, n in ask(reading("skolenkaten"), query):
        counts.setdefault(question, []).append(n)
    printed = dict(
        ask(
            reading("skolenkaten"),
            "select replace(title, ' Medelvärde 0–10', ''), value from statistic join measure using (measure) "
            "where level = 'nation' and \"group\" = 'all' and measure like 'survey_mean%'",
        )
    )
    assert len(counts) == 30
    for question, n in counts.items():
        weights = [10 * (1 - at / (len(n) - 1)) for at in range(len(n))]
        weights = weights[::-1] if question.endswith("(-)") else weights
        mean = sum(w * k for w, k in zip(weights, n, strict=True)) / sum(n)
        assert abs(mean - printed[question]) <= 0.0501, question


def test_skolenkaten_of_the_schools_comes_out(reading):
    query = (
        "select count(value), round(avg(value), 2), round(stddev_samp(value), 2) from statistic "
        "where level = 'unit' and \"group\" = 'all' and measure = '{}'"
    )
    assert ask(reading("skolenkaten"), query.format("survey_index_trygghet")) == [(784, 8.22, 0.53)]
    assert ask(reading("skolenkaten"), query.format("survey_index_studiero")) == [(784, 5.69, 0.77)]


def test_skolenkaten_masks_stay_apart(reading):
    found = dict(ask(reading("skolenkaten"), "select status, count(*) from survey_answer group by 1"))
    assert (found["masked_under_10"], found["masked_10_19"], found["masked_over_19"]) == (46_183, 1_426, 98)


def test_kvarnsjon_in_skolenkaten(reading):
    query = "select measure, value from statistic where area_code = '80731562' and \"group\" = 'all'"
    known = dict(ask(reading("skolenkaten"), query))
    assert (known["survey_group_size"], known["survey_answers"]) == (53, 36)
    assert (known["survey_index_trygghet"], known["survey_index_studiero"]) == (8.7, 6.3)


def test_kolada_values_come_out(reading):
    found = reading("kolada/2024")
    assert dict(ask(found, "select status, count(*) from statistic group by 1")) == {
        "": 134_700,
        "not_reported": 2_188,
        "privacy": 1_090,
        "not_applicable": 932,
    }
    query = (
        "select \"group\", round(value, 2) from statistic where measure = 'kolada:{}' and area_code = '0127' "
        "and year = 2023"
    )
    assert dict(ask(found, query.format("N15428"))) == {"all": 84.02, "girls": 86.18, "boys": 82.03}
    for kpi, value in (("N15813", 65.8), ("N15816", 54.9), ("N17461", 66.6)):
        assert round(dict(ask(found, query.format(kpi)))["all"], 1) == value
    mean = "select round(avg(value), 2), count(*) from statistic where measure = 'kolada:N15428' and \"group\" = 'all' and year = 2023"
    assert ask(found, mean) == [(84.09, 290)]


def test_kolada_survey_finds_every_municipality_and_keeps_what_is_missing(reading):
    found = reading("kolada/2023-05")
    assert dict(ask(found, "select status, count(*) from statistic group by 1")) == {"": 2_109, "unavailable": 3_111}
    assert ask(found, "select count(distinct area_code) from statistic") == [(290,)]
    assert ask(found, "select count(value) from statistic where area_code = '0127' and year = 2022") == [(0,)]


def test_kolada_lists_its_measures_and_agrees_with_the_rulebook(reading):
    kpis = reading("kolada/2023-03-28_KOLADA_KPI").tables["measure"]
    assert kpis.num_rows == 5_872
    assert kpis["unit_level"].null_count == 466
    places = reading("kolada/2023-03-28_KOLADA_Muni")
    assert [f.rule for f in places.findings] == ["area.agrees"]


def test_the_outlines_are_whole(reading):
    found = reading("kommuner").tables["area_shape"]
    rings = [ring for rings in found["rings"].to_pylist() for ring in rings]
    assert (found.num_rows, len(rings)) == (290, 304)
    assert all(ring[:2] == ring[-2:] and len(ring) >= 8 for ring in rings)
    x = [value for ring in rings for value in ring[0::2]]
    y = [value for ring in rings for value in ring[1::2]]
    assert [round(v, 2) for v in (min(x), max(x), min(y), max(y))] == [10.95, 24.18, 55.33, 69.06]
    botkyrka = found.filter(pc.equal(found["municipality_code"], "0127")).to_pylist()[0]
    assert [round(botkyrka[axis], 2) for axis in ("latitude", "longitude")] == [59.16, 17.82]


def test_merit_values_agree_between_the_series_and_the_open_api(reading):
    with duckdb.connect() as con:
        con.register("a", reading("merit").tables["statistic"])
        con.register("b", reading("v4").tables["statistic"])
        query = (
            "select count(*), count(*) filter (a.value = b.value) from a join b using (measure, area_code, year) "
            "where measure = 'merit_value' and b.value is not null"
        )
        shared, equal = con.sql(query).fetchall()[0]
    assert shared == equal == 3_382
