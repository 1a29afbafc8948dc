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
        (b"school,race,n\na,x,tio\na,y,2\n", "holds 'tio', which is no number"),
        (b"school,race,n\na,x,-5\na,y,2\n", "has the count -5"),
        (b"school,race,n\na,x,\n,y,2\n", "no row without an empty cell"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_its_own_words(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "t.csv").write_bytes(content)
    refused = run(str(tmp_path / "t.csv"), *COLUMNS).exception
    assert isinstance(refused, InputError)
    assert said in refused.message


def test_every_key_of_the_json_is_in_the_manual(file: Path) -> None:
    manual = (Path(__file__).resolve().parents[2] / "docs" / "segregation.md").read_text(encoding="utf-8")
    found = json.loads(run(str(file), *COLUMNS, "--before", str(file), "--json").output)
    assert [key for key in found if f"`{key}`" not in manual] == []
