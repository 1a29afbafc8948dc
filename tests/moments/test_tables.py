from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from likvard.moments.columns import Number
from likvard.moments.tables import Kind, facts, open_table, reference
from likvard.terms import InputError, ModelError, UsageError

CSV = '''"id","sex","coded","y","flag","mixed","day"
"1","F","0",1.5,TRUE,1,2024-01-01
"2","M","1",NA,FALSE,x,2024-01-02
"3",NA,"0",2.5,TRUE,,2024-01-03
"4","F, or ""M""","1",3,FALSE,2,2024-01-04
'''
NAMES = ("id", "sex", "coded", "y", "flag", "mixed", "day")


@pytest.fixture
def csv(tmp_path):
    path = tmp_path / "it's a table.csv"
    path.write_text(CSV)
    return path


def test_quoted_values_are_text_as_r_writes_factors(csv):
    with open_table(csv, NAMES) as table:
        assert table.kinds == {
            "id": Kind.CODED,
            "sex": Kind.TEXT,
            "coded": Kind.CODED,
            "y": Kind.NUMBER,
            "flag": Kind.FLAG,
            "mixed": Kind.TEXT,
            "day": Kind.OTHER,
        }


def test_empty_and_na_are_missing(csv):
    with open_table(csv, NAMES) as table:
        found = facts(table, [Number("y", '"y"')], {"sex": '"sex"', "mixed": '"mixed"'}, ["id"])
    assert (table.rows, found.complete) == (4, 2)
    assert found.levels == {"sex": ("F", 'F, or "M"'), "mixed": ("1", "2")}
    assert found.centre == {"y": 2.25}


def test_numbers_that_are_only_zero_and_one_are_told(csv):
    with open_table(csv, ("coded", "y")) as table:
        found = facts(table, [Number("coded", 'CAST("coded" AS DOUBLE)'), Number("y", '"y"')], {}, [])
    assert found.binary == {"coded"}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_and_line_ends_are_recognised(tmp_path, separator, end):
    path = tmp_path / "t.csv"
    plain = CSV.replace('F, or ""M""', "F").replace(",", separator).replace("\n", end)
    path.write_bytes(plain.encode())
    with open_table(path, ("coded", "y")) as table:
        assert (table.kinds["coded"], table.kinds["y"], table.rows) == (Kind.CODED, Kind.NUMBER, 4)


def test_parquet_keeps_its_types(tmp_path):
    pq.write_table(pa.table({"g": ["01", "02"], "y": pa.array([1, None], pa.int8())}), tmp_path / "t.parquet")
    with open_table(tmp_path / "t.parquet", ("g", "y")) as table:
        assert (table.kinds, table.rows) == ({"g": Kind.CODED, "y": Kind.NUMBER}, 2)


def test_what_is_not_a_finite_number_is_missing(tmp_path):
    values = [1.0, float("nan"), float("inf"), None, 2.0]
    pq.write_table(pa.table({"y": values}), tmp_path / "t.parquet")
    (tmp_path / "t.csv").write_text("y\n1\nNaN\nInf\nNA\n2\n")
    for name in ("t.parquet", "t.csv"):
        with open_table(tmp_path / name, ("y",)) as table:
            found = facts(table, [Number("y", '"y"')], {}, [])
        assert (table.rows, found.complete, found.centre["y"]) == (5, 2, 1.5)


def test_decimal_commas_and_windows_encoding_are_read(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes("skola;y\nÅby;1,5\nÖsby;-2,5\n".encode("cp1252"))
    with open_table(path, ("skola", "y")) as table:
        found = facts(table, [Number("y", '"y"')], {"skola": '"skola"'}, [])
    assert (found.levels["skola"], found.centre["y"]) == (("Åby", "Ösby"), -0.5)


def test_a_number_that_overflows_in_the_formula_is_refused(tmp_path):
    (tmp_path / "t.csv").write_text("y\n1000\n2\n")
    with open_table(tmp_path / "t.csv", ("y",)) as table, pytest.raises(ModelError, match="infinite"):
        facts(table, [Number("I(y)", 'POWER(CAST("y" AS DOUBLE), 999)')], {}, [])


def test_a_column_that_is_not_there_is_named_with_those_that_are(csv):
    with pytest.raises(UsageError, match=r"no column 'school'.*It has: id, sex"), open_table(csv, ("school",)):
        pass


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match="no file"), open_table(tmp_path / "no.csv", ()):
        pass


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"PAR1"])
def test_a_file_that_is_no_table_is_refused_in_words(tmp_path, content):
    path = tmp_path / ("x.parquet" if content == b"PAR1" else "x.csv")
    path.write_bytes(content)
    with pytest.raises((InputError, UsageError)), open_table(path, ("y",)):
        pass


@pytest.mark.parametrize(
    ("centre", "spread", "expected"),
    [(100000.4, 1.0, 100000.0), (0.1, 1.0, 0.0), (2015.3, 3.2, 2016.0), (7.0, 0.0, 7.0)],
)
def test_the_reference_is_short_and_near(centre, spread, expected):
    assert reference(centre, spread) == expected
