from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from likvard import simulate
from likvard.records.checks import screen
from likvard.records.schema import TABLES
from likvard.simulate.settings import Population, Settings
from likvard.simulate.tables import declared

TINY = Settings(seed=11, municipalities=1, first_year=2018, years=1)
FROM_EKVIK = "99000000", "99002999"


def digest(settings: Settings) -> dict[str, str]:
    found = {}
    for reading in simulate.readings(settings):
        for name, rows in reading.tables.items():
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, rows.schema) as writer:
                writer.write_table(rows.combine_chunks())
            found[f"{reading.source} {reading.scope} {name}"] = sha256(sink.getvalue()).hexdigest()
    return found


def test_every_declared_table_is_filled(country) -> None:
    assert {name for reading in country.readings for name in reading.tables} == set(TABLES)


def test_every_table_has_exactly_its_declared_schema(country) -> None:
    wrong = [
        (reading.source, name)
        for reading in country.readings
        for name, rows in reading.tables.items()
        if not rows.schema.equals(TABLES[name].arrow)
    ]
    assert wrong == []


def test_screening_finds_nothing_to_say(country) -> None:
    found = {(f.rule, f.column, str(f.found)) for reading in country.readings for f in screen(reading)}
    assert found == set()


def test_every_reading_says_that_it_is_synthetic(country) -> None:
    assert all(reading.synthetic and reading.source.startswith("synthetic-") for reading in country.readings)


def test_no_two_readings_have_the_same_place_or_hash(country) -> None:
    places = {(reading.source, reading.scope) for reading in country.readings}
    hashes = {reading.sha256 for reading in country.readings}
    assert len(places) == len(hashes) == len(country.readings)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    first = digest(TINY)
    assert digest(TINY) == first
    other = digest(replace(TINY, seed=12))
    assert {key for key in first if other[key] == first[key]} <= {
        key for key in first if key.endswith(("measure", "area_shape"))
    }


def test_the_hash_follows_settings_and_part(country) -> None:
    again = [reading.sha256 for reading in simulate.readings(TINY)]
    assert again == [reading.sha256 for reading in simulate.readings(TINY)]
    assert not set(again) & {reading.sha256 for reading in country.readings}


def test_a_municipality_is_the_same_in_a_larger_country(country) -> None:
    tables = ("unit", "enrolment", "grade", "attendance", "national_test", "matter_count")
    alone = [r for r in simulate.readings(replace(country.settings, municipalities=1)) if set(tables) & set(r.tables)]
    among = [r for r in country.readings if set(tables) & set(r.tables)]
    for one, many in zip(alone, among, strict=True):
        for table in set(tables) & set(one.tables):
            codes = many.tables[table]["unit_code"]
            own = pc.and_(pc.greater_equal(codes, FROM_EKVIK[0]), pc.less_equal(codes, FROM_EKVIK[1]))
            assert many.tables[table].filter(own).equals(one.tables[table])


def test_more_years_change_none_of_those_before(country) -> None:
    fewer = [r for r in simulate.readings(replace(country.settings, years=1)) if r.source == "synthetic-grades"]
    more = [r for r in country.readings if r.source == "synthetic-grades"]
    assert more[0].tables["grade"].equals(fewer[0].tables["grade"])


def test_progress_ends_where_it_said_it_would() -> None:
    seen: list[tuple[int, int]] = []
    for _ in simulate.readings(TINY, lambda done, total: seen.append((done, total))):
        pass
    assert [done for done, _ in seen] == list(range(1, seen[0][1] + 1))


def test_a_year_without_national_tests_has_no_reading_of_them(country) -> None:
    scopes = {reading.scope for reading in country.readings if reading.source == "synthetic-tests"}
    assert scopes == {"2016/17", "2017/18", "2018/19"}


def test_a_municipality_with_hardly_any_pupils_can_be_simulated() -> None:
    hamlet = replace(TINY, population=Population(cohort_median=6.0, cohort_spread=0.01), years=2)
    found = [reading for reading in simulate.readings(hamlet) for f in screen(reading) if f.severity == "error"]
    assert found == []
    assert simulate.truth(hamlet).units.num_rows > 0


def test_a_column_that_is_not_declared_is_refused() -> None:
    with pytest.raises(KeyError, match="colour"):
        declared("organiser", {"colour": pa.array(["red"])})
