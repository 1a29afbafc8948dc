"""`likvard segregation` as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from likvard.cli.segregation import segregation
from likvard.terms import InputError, UsageError

HEAD = "district,school,race,n\n"
ROWS = "x,North,a,10\nx,North,b,30\nx,South,a,30\nx,South,b,10\ny,North,a,5\ny,North,b,5\n"
COLUMNS = ("--unit", "school", "--group", "race", "--count", "n")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "schools.csv"
    path.write_text(HEAD + ROWS, encoding="utf-8")
    return path


def run(*words: str) -> Result:
    return CliRunner().invoke(segregation, words)


def test_the_answer_has_every_measure_and_its_interval(file: Path) -> None:
    found = json.loads(run(str(file), *COLUMNS, "--within", "district", "--json").output)
    assert found["between"]["M"] + found["within"]["M"] == pytest.approx(found["M"])
    assert found["between"]["H"] + found["within"]["H"] == pytest.approx(found["H"])
    for name in ("M", "H", "D"):
        low, high = found["intervals"][name]
        assert low <= found["corrected"][name] <= high
        assert found["corrected"][name] < found[name]
        assert found["expected"][name] > 0
    assert (found["units"], found["pupils"], found["dropped"]) == (3, 90, 0)
    assert found["pairs"] == {"a|b": pytest.approx(found["D"])}


def test_without_levels_there_is_no_between_and_schools_are_known_by_name_alone(file: Path) -> None:
    found = json.loads(run(str(file), *COLUMNS, "--json").output)
    assert (found["between"], found["within"], found["levels"], found["units"]) == (None, None, [], 2)


def test_the_same_seed_gives_the_same_interval(file: Path) -> None:
    first, second, other = (run(str(file), *COLUMNS, "--json", "--seed", seed).output for seed in ("4", "4", "5"))
    assert first == second
    assert json.loads(first)["intervals"] != json.loads(other)["intervals"]


def test_a_reader_gets_tables_and_is_told_what_was_left_out(file: Path) -> None:
    file.write_text(HEAD + ROWS + "y,East,a,\n", encoding="utf-8")
    shown = run(str(file), *COLUMNS, "--within", "district").output
    assert "90 pupils in 3 units, 1 row left out" in shown
    assert "H between school, inside district" in shown


def test_the_change_since_an_earlier_file_is_split(file: Path, tmp_path: Path) -> None:
    before = tmp_path / "before.csv"
    before.write_text(HEAD + ROWS.replace("x,North,a,10", "x,North,a,20"), encoding="utf-8")
    shown = run(str(file), *COLUMNS, "--before", str(before), "--json")
    found = json.loads(shown.output)["change"]
    assert found["difference"] == pytest.approx(found["after"] - found["before"])
    assert found["additions"] == found["removals"] == 0
    assert "how pupils are mixed" in run(str(file), *COLUMNS, "--before", str(before)).output


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("--unit", "skola", "--group", "race", "--count", "n"), UsageError),
        (("--unit", "school", "--group", "school", "--count", "n"), UsageError),
        (("--unit", "school", "--group", "race", "--count", "district"), InputError),
    ],
)
def test_a_column_that_cannot_be_used_is_named(file: Path, words: tuple[str, ...], error: type[Exception]) -> None:
    assert isinstance(run(str(file), *words).exception, error)


@pytest.mark.parametrize("rows", ["", "x,North,a,-3\nx,North,b,4\n"])
def test_a_file_without_counts_is_refused(file: Path, rows: str) -> None:
    file.write_text(HEAD + rows, encoding="utf-8")
    assert isinstance(run(str(file), *COLUMNS).exception, InputError)


def test_schools_that_are_all_alike_and_groups_of_one_are_measured_too(file: Path) -> None:
    file.write_text(HEAD + "x,North,a,10\nx,North,b,30\ny,South,a,10\ny,South,b,30\n", encoding="utf-8")
    alike = json.loads(run(str(file), *COLUMNS, "--within", "district", "--json").output)
    assert (alike["M"], alike["H"], alike["D"]) == pytest.approx((0, 0, 0))
    file.write_text(HEAD + "x,North,a,1\nx,North,b,3\ny,South,b,2\n", encoding="utf-8")
    shown = run(str(file), *COLUMNS, "--within", "district", "--json")
    assert "NaN" not in shown.output
    assert json.loads(shown.output)["pupils"] == 6


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"school,race,n\n", "has a heading and no rows"),
        ("school,race,n\na,x,1\n".encode("utf-16"), "no text in UTF-8 or Latin-1"),
        (b'school,race,n\n"a","x","1"\n"b","y","2"\n', "is text in quotes"),
        (b"school,race,n\na,x,\n,y,2\n", "no row without an empty cell"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_its_own_words(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "t.csv").write_bytes(content)
    refused = run(str(tmp_path / "t.csv"), *COLUMNS).exception
    assert isinstance(refused, InputError)
    assert said in refused.message


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("a,x,tio\na,y,2\n", "holds 'tio' in row 2 (a, x)"),
        ("a,x,1\na,y,-2\n", "holds '-2' in row 3 (a, y)"),
        ("a,x,1\nb,y,10.5\n", "holds '10.5' in row 3 (b, y)"),
        ("a,x,1\nb,,1 241\n", "holds '1 241' in row 3 (b, empty)"),
        (
            "a,x,1\nb,y,NaN\nb,x,3\n",
            "'x' only in the column 'race'. Rows left out because a cell is empty or no number: 1",
        ),
        ("a,x,1\nb,x,3\n", "pupils of 'x' only in the column 'race'"),
        ("a,x,1\na,y,3\n", "pupils of 'a' only in the column 'school'"),
        ("a,x,0\nb,y,0\n", "has no pupils"),
        ("a,x,10\na,y,3,7\nb,x,4\n", "Row 3 of t.csv has 4 cells, and the heading 3 (school,race,n)"),
        ("a,x,10\na,y,4000000000\nb,x,4\n", "has 4,000,000,014 pupils in all"),
    ],
)
def test_a_row_that_cannot_be_used_is_told_with_its_number(tmp_path: Path, rows: str, said: str) -> None:
    (tmp_path / "t.csv").write_text("school,race,n\n" + rows, encoding="utf-8")
    refused = run(str(tmp_path / "t.csv"), *COLUMNS).exception
    assert isinstance(refused, InputError)
    assert said in refused.message
    assert refused.remedy


def test_a_workbook_is_told_to_be_saved_as_text(tmp_path: Path) -> None:
    (tmp_path / "t.xlsx").write_bytes(b"PK\x03\x04\x14\x00\x06\x00" + bytes(40))
    assert "Save it as CSV" in str(run(str(tmp_path / "t.xlsx"), *COLUMNS).exception)


@pytest.mark.parametrize(
    "content", [b"\xef\xbb\xbfschool,race,n\n\xc3\xa5,x,1", b"school;race;n\n\xe5;x;1", b"school\trace\tn\n\xe5\tx\t1"]
)
def test_every_usual_way_of_writing_a_table_is_read(tmp_path: Path, content: bytes) -> None:
    mark = {b",": b",", b";": b";"}.get(content.split(b"school")[1][:1], b"\t")
    rest = b"".join(b"\n" + mark.join(row) for row in ((b"b", b"y", b"30"), (b"b", b"x", b"4"), (b"c", b"y", b"9")))
    (tmp_path / "t.csv").write_bytes(content + rest + b"\n")
    found = json.loads(run(str(tmp_path / "t.csv"), *COLUMNS, "--json").output)
    assert (found["pupils"], found["units"]) == (44, 3)


def test_a_row_that_comes_twice_is_added_and_told(file: Path) -> None:
    file.write_text(HEAD + ROWS + "x,North,a,10\n", encoding="utf-8")
    assert (
        "1 row added to another of the same unit and group" in run(str(file), *COLUMNS, "--within", "district").output
    )
    found = json.loads(run(str(file), *COLUMNS, "--within", "district", "--json").output)
    assert (found["repeated"], found["pupils"]) == (1, 100)


def test_one_district_divides_nothing_for_sure(file: Path) -> None:
    file.write_text(HEAD + ROWS.replace("y,", "x,"), encoding="utf-8")
    found = json.loads(run(str(file), *COLUMNS, "--within", "district", "--json").output)
    first, second = found["levels"]
    assert (found["between"], first["corrected"], first["intervals"]) == (
        {"M": 0, "H": 0},
        {"M": 0, "H": 0},
        {"M": [0, 0], "H": [0, 0]},
    )
    assert second["corrected"] == {name: found["corrected"][name] for name in ("M", "H")}


def test_no_index_is_above_one_and_what_draws_tell_nothing_of_is_not_known(file: Path) -> None:
    file.write_text(HEAD + "x,North,a,40\nx,South,b,50\n", encoding="utf-8")
    found = json.loads(run(str(file), *COLUMNS, "--json").output)
    assert max(found["H"], found["corrected"]["H"], found["corrected"]["D"]) <= 1
    assert (found["corrected"]["H"], found["corrected"]["D"]) == pytest.approx((1, 1), abs=1e-3)
    assert (found["intervals"]["H"], found["intervals"]["D"]) == ([None, None], [None, None])
    assert any("not known" in said for said in found["cautions"])


def test_hundreds_of_millions_of_pupils_are_measured_without_tables_of_them_all(file: Path) -> None:
    file.write_text(HEAD + "x,N,a,90000000\nx,N,b,30000000\nx,S,a,20000000\nx,S,b,90000000\n", encoding="utf-8")
    found = json.loads(run(str(file), *COLUMNS, "--json", "--replicates", "20").output)
    assert 0 < found["expected"]["M"] < 1e-8
    assert found["corrected"]["M"] == pytest.approx(found["M"], abs=1e-6)


def test_a_reader_is_told_when_nothing_lies_beyond_chance_and_when_a_group_is_small(file: Path) -> None:
    file.write_text(HEAD + "x,N,a,7\nx,N,b,60\nx,S,a,6\nx,S,b,62\nx,E,a,6\nx,E,b,50\n", encoding="utf-8")
    shown = run(str(file), *COLUMNS).output
    assert "Bear in mind: M, H and D: not told apart from none" in shown
    assert "Bear in mind: a: 19 pupils in all." in shown


def test_every_key_of_the_json_is_in_the_manual(file: Path) -> None:
    manual = (Path(__file__).resolve().parents[2] / "docs" / "segregation.md").read_text(encoding="utf-8")
    found = json.loads(run(str(file), *COLUMNS, "--before", str(file), "--json").output)
    assert [key for key in found if f"`{key}`" not in manual] == []
