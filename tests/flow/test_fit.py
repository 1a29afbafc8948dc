"""`likvard fit` from file to what is printed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from likvard.cli.main import main
from likvard.flow import fit as flow


@pytest.fixture
def pupils() -> dict[str, np.ndarray]:
    random = np.random.default_rng(4)
    school = random.integers(0, 25, 500)
    x = random.normal(size=500) + 3
    y = x + random.normal(size=25)[school] + random.normal(size=500)
    form = np.array(["b", "a", "c"])[random.integers(0, 3, 500)]
    return {"school": school, "x": x, "y": y, "form": form}


@pytest.fixture
def write(tmp_path: Path, pupils: dict[str, np.ndarray]):
    def to_csv(**changed) -> Path:
        columns = {**pupils, **changed}
        lines = [",".join(f'"{name}"' for name in columns)]
        for row in zip(*columns.values(), strict=True):
            lines.append(",".join(f'"{v}"' if isinstance(v, str) and v != "NA" else str(v) for v in row))
        path = tmp_path / "pupils.csv"
        path.write_text("\n".join(lines))
        return path

    return to_csv


def run(*arguments: object):
    return CliRunner().invoke(main, ["fit", *map(str, arguments)])


def test_json_has_the_agreed_keys_in_full_precision(write):
    path = write()
    shown = json.loads(run(path, "y ~ x + form + (1 | school)", "--json").stdout)
    found = flow.fit(path, "y ~ x + form + (1 | school)")
    assert list(shown["fixef"]) == ["(Intercept)", "x", "formb", "formc"]
    assert shown["fixef"]["x"] == found.fixef["x"]
    assert shown["varcomp"] == {"school": [[found.varcomp["school"][0, 0]]]}
    assert (shown["nobs"], shown["ngroups"], shown["dropped"], shown["method"]) == (500, {"school": 25}, 0, "REML")
    assert {"se", "sigma2", "criterion", "loglik", "gradient"} <= set(shown)
    assert "effects" not in shown


def test_effects_are_added_when_asked_for(write):
    shown = json.loads(run(write(), "y ~ x + (1 | school)", "--json", "--effects").stdout)
    assert [set(e) for e in shown["effects"]["school"]] == [{"level", "mode", "cond_sd"}] * 25
    assert isinstance(shown["effects"]["school"][0]["mode"], float)


def test_effects_of_slopes_are_lists(write):
    shown = json.loads(run(write(), "y ~ x + (x | school)", "--json", "--effects", "--ml").stdout)
    assert shown["method"] == "ML"
    assert len(shown["effects"]["school"][0]["cond_sd"]) == 2


def test_rows_with_a_missing_value_in_a_used_column_are_counted(write, pupils):
    x = pupils["x"].astype(object)
    x[[3, 5, 8]] = "NA"
    x[[13]] = ""
    assert json.loads(run(write(x=x), "y ~ x + (1 | school)", "--json").stdout)["dropped"] == 4
    assert json.loads(run(write(x=x), "y ~ (1 | school)", "--json").stdout)["dropped"] == 0


def test_parquet_and_csv_give_the_same_fit(write, pupils, tmp_path):
    pq.write_table(pa.table(pupils), tmp_path / "pupils.parquet")
    found = [flow.fit(path, "y ~ x * form + (x | school)") for path in (write(), tmp_path / "pupils.parquet")]
    assert found[0].names == found[1].names
    assert found[0].criterion == pytest.approx(found[1].criterion, abs=1e-8)


@pytest.mark.parametrize(
    "formula", ["y ~ x + (1 | school)", "y ~ x * form + (x | school)", "y ~ x + I(x^2) + (x || school)"]
)
def test_large_offsets_cost_no_digits_in_the_data_either(write, pupils, formula):
    plain = flow.fit(write(), formula.replace("(x || school)", "(1 | school)"))
    far = write(x=pupils["x"] + 1e5, y=pupils["y"] + 1e5)
    moved = flow.fit(far, formula.replace("(x || school)", "(1 | school)"))
    assert moved.criterion == pytest.approx(plain.criterion, abs=1e-6)
    assert moved.sigma2 == pytest.approx(plain.sigma2, rel=1e-7)


def test_what_is_printed_names_the_groups_the_rows_and_the_intervals(write):
    shown = run(write(), "y ~ x + form + (1 | school)", "--effects").stdout
    for part in (
        "500 rows; groups: school 25",
        "REML criterion",
        "Residual",
        "Share of variance, school",
        "formc",
        " to ",
    ):
        assert part in shown


def test_correlations_are_printed_with_slopes(write):
    assert "correlation" in run(write(), "y ~ x + (x | school)").stdout


def test_columns_that_follow_from_others_are_told(write, pupils):
    shown = run(write(z=2 * pupils["x"]), "y ~ x + z + (1 | school)").stdout
    assert "Left out as combinations of other columns: z" in shown


@pytest.mark.parametrize(
    ("formula", "code", "said"),
    [
        ("y ~ x", 2, "no random term"),
        ("y ~ missing + (1 | school)", 2, "no column 'missing'"),
        ("y ~ x + (1 | one)", 4, "only one group"),
        ("y ~ y2 + (1 | school)", 4, "perfectly"),
        ("text ~ x + (1 | school)", 2, "holds text"),
        ("nothing ~ x + (1 | school)", 4, "No row has a value"),
    ],
)
def test_errors_are_one_sentence_and_a_remedy_without_a_traceback(write, pupils, formula, code, said):
    path = write(one=np.ones(500, int), y2=2 * pupils["y"], text=pupils["form"], nothing=np.array(["NA"] * 500))
    found = run(path, formula)
    assert found.exit_code == code
    assert said in found.stderr
    assert "Traceback" not in found.output


def test_a_file_that_is_not_there_ends_with_its_exit_code():
    assert run("nowhere.csv", "y ~ (1 | g)").exit_code == 3


def test_where_every_value_is_quoted_quotes_mean_nothing(write, pupils, tmp_path):
    plain = write(z=pupils["school"] % 7)
    quoted = tmp_path / "quoted.csv"
    rows = [line.split(",") for line in plain.read_text().splitlines()]
    quoted.write_text("\n".join(",".join(f'"{field.strip(chr(34))}"' for field in row) for row in rows))
    found = [flow.fit(path, "y ~ x + z + form + (x | school)") for path in (plain, quoted)]
    assert found[0].names == found[1].names == ("(Intercept)", "x", "z", "formb", "formc")
    assert found[0].criterion == found[1].criterion
