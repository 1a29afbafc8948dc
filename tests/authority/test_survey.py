"""Design weights against R `survey` 4.x on its California schools (apistrat, apiclus1)."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from likvard.models.design_weights import Design, calibrated, design, mean, poststratified, raked, ratio, total

TYPES = {"E": 4421.0, "H": 755.0, "M": 1018.0}


@pytest.fixture(scope="module")
def reference(shared: Path) -> dict[str, dict[str, object]]:
    return json.loads((shared / "statistics" / "other_reference.json").read_text("utf-8"))["survey"]


def rows(shared: Path, name: str) -> list[dict[str, str]]:
    with (shared / "statistics" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def column(found: list[dict[str, str]], name: str) -> np.ndarray:
    return np.array([float(row[name]) for row in found])


@pytest.fixture(scope="module")
def clustered(shared: Path) -> tuple[list[dict[str, str]], Design]:
    found = rows(shared, "apiclus1.csv")
    made = design(column(found, "pw"), cluster=[r["dnum"] for r in found], population=column(found, "fpc"))
    return found, made


def same(found, expected, relative=1e-9):
    value, se = next(iter(expected["est"].values())), expected["se"]
    error = next(iter(se.values())) if isinstance(se, dict) else se[0]
    assert found.value[0] == pytest.approx(value, rel=relative)
    assert found.se[0] == pytest.approx(error, rel=relative)


def test_mean_and_total_of_a_stratified_sample(shared, reference):
    found = rows(shared, "apistrat.csv")
    made = design(column(found, "pw"), stratum=[r["stype"] for r in found], population=column(found, "fpc"))
    same(mean(made, column(found, "api00")), reference["strat_mean_api00"])
    same(total(made, column(found, "enroll")), reference["strat_total_enroll"])


def test_mean_and_total_of_a_cluster_sample(clustered, reference):
    found, made = clustered
    same(mean(made, column(found, "api00")), reference["clus1_mean_api00"])
    same(total(made, column(found, "enroll")), reference["clus1_total_enroll"])


def test_a_ratio(clustered, reference):
    found, made = clustered
    same(ratio(made, column(found, "api.stu"), column(found, "enroll")), reference["ratio_clus1"])


def test_poststratified(clustered, reference):
    found, made = clustered
    by_type = poststratified(made, [r["stype"] for r in found], TYPES)
    same(mean(by_type, column(found, "api00")), reference["poststrat_mean_api00"])


def test_raked_to_two_margins(clustered, reference):
    """R stops when no margin moves by more than one school; ours goes on until they hold, hence six digits."""
    found, made = clustered
    margins = [([r["stype"] for r in found], TYPES), ([r["sch.wide"] for r in found], {"No": 1072.0, "Yes": 5122.0})]
    same(mean(raked(made, margins), column(found, "api00")), reference["rake_mean_api00"], relative=2e-6)


def test_calibrated_to_types_and_the_score_of_the_year_before(clustered, reference):
    found, made = clustered
    types = np.array([r["stype"] for r in found])
    columns = np.stack([np.ones(len(found)), types == "H", types == "M", column(found, "api99")], axis=1)
    known = calibrated(made, columns, [6194, 755, 1018, 3914069])
    same(mean(known, column(found, "api00")), reference["calib_mean_api00"])
    same(total(known, column(found, "enroll")), reference["calib_total_enroll"])
