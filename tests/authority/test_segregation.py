"""Segregation against R `segregation` 1.1.0 (Elbers) on its data, and against Sweden's published statistics."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from likvard.flow import segregation as flow
from likvard.models import segregation_chance as chance
from likvard.models.segregation import Counts, exposure, indices, local, pairwise, parts
from likvard.models.segregation_change import Change, change


@pytest.fixture(scope="module")
def said(shared: Path) -> Mapping[str, Any]:
    """What R says."""
    found: Mapping[str, Any] = json.loads((shared / "statistics" / "other_reference.json").read_text())["segregation"]
    return found


@pytest.fixture(scope="module")
def schools00(shared: Path) -> Counts:
    file = shared / "statistics" / "schools00.csv"
    return flow.read(file, unit="school", group="race", count="n", within=("state", "district"))[0]


@pytest.fixture(scope="module")
def schools05(shared: Path) -> Counts:
    return flow.read(shared / "statistics" / "schools05.csv", unit="school", group="race", count="n")[0]


def test_m_and_h_are_those_of_r(schools00: Counts, schools05: Counts, said: Mapping[str, Any]) -> None:
    for counts, year in ((schools00, "total"), (schools05, "total05")):
        assert indices(counts).m == pytest.approx(said[year]["M"], abs=1e-12)
        assert indices(counts).h == pytest.approx(said[year]["H"], abs=1e-12)


def test_every_level_is_that_of_r(schools00: Counts, said: Mapping[str, Any]) -> None:
    for part, m, h in zip(parts(schools00), said["nested"][0::2], said["nested"][1::2], strict=True):
        assert (part.m, part.h) == pytest.approx((m["est"], h["est"]), abs=1e-12)
    inside = parts(schools00)[1].m + parts(schools00)[2].m
    assert inside == pytest.approx(said["within_state"]["M"], abs=1e-12)


def test_d_of_two_groups_is_that_of_r(schools00: Counts, said: Mapping[str, Any]) -> None:
    found = pairwise(schools00, "black", "white")
    assert found == pytest.approx(said["dissimilarity_black_white"]["D"], abs=1e-12)


def test_isolation_exposure_and_local_segregation_are_those_of_r(schools00: Counts, said: Mapping[str, Any]) -> None:
    names = schools00.groups.tolist()
    found, apart = exposure(schools00), local(schools00)[0]
    for row in said["exposure"]:
        assert found[names.index(row["of"]), names.index(row["to"])] == pytest.approx(row["exposure"], abs=1e-12)
    for row in said["isolation"]:
        assert found[names.index(row["race"]), names.index(row["race"])] == pytest.approx(row["isolation"], abs=1e-12)
    for row in said["local_race"]:
        assert apart[names.index(row["race"])] == pytest.approx(row["ls"], abs=1e-12)


def test_what_chance_gives_is_what_r_simulates(schools00: Counts, said: Mapping[str, Any]) -> None:
    found, simulated = chance.expected(schools00), said["expected_M_H_indep_fixed"]
    assert found.m == pytest.approx(simulated["M under 0"], abs=3e-5)
    assert found.h == pytest.approx(simulated["H under 0"], abs=3e-5)
    assert chance.expected_closed(schools00) == pytest.approx(0.00466, abs=5e-6)


def test_what_the_bootstrap_takes_away_and_its_error_are_those_of_r(schools00: Counts, said: Mapping[str, Any]) -> None:
    """R draws a hundred times: its mean is known to a tenth of its standard error."""
    draws = chance.bootstrap(schools00, replicates=200, seed=1)
    for row in said["bootstrap"]:
        name = row["stat"].lower()
        plain = getattr(indices(schools00), name)
        assert plain - draws.bias(name, plain) == pytest.approx(row["est"], abs=2 * row["se"] / 10)
        assert draws.error(name) == pytest.approx(row["se"], rel=0.2)


def test_the_corrected_index_is_within_a_third_of_a_standard_error_of_that_of_r(
    schools00: Counts, said: Mapping[str, Any]
) -> None:
    for row in said["bootstrap"]:
        found = getattr(chance.corrected(schools00), row["stat"].lower())
        assert found == pytest.approx(row["est"], abs=row["se"] / 3)


def _as_in_r(found: Change, said: Mapping[str, Any], least: float) -> None:
    for mine, name in ((found.before, "M1"), (found.after, "M2"), (found.difference, "diff")):
        assert mine == pytest.approx(said[name], abs=1e-12)
    assert found.additions == pytest.approx(said["additions"], abs=1e-12)
    assert found.removals == pytest.approx(said["removals"], abs=1e-12)
    marginal = said["group_marginal"] + said["unit_marginal"]
    assert found.group_marginal + found.unit_marginal == pytest.approx(marginal, abs=least)
    assert found.structural == pytest.approx(said["structural"], abs=least)


def test_the_change_is_that_of_r_when_fitting_ends_where_r_ends(
    schools00: Counts, schools05: Counts, said: Mapping[str, Any]
) -> None:
    """R's split between groups and units depends on a random start besides, so their sum is compared."""
    plain = Counts.of(
        schools00.units.repeat(5), np.tile(schools00.groups, len(schools00.units)), schools00.pupils.ravel()
    )
    found = change(plain, schools05, precision=1e-3)
    _as_in_r(found, said["shapley"], least=1e-11)
    assert found.group_marginal == pytest.approx(said["shapley"]["group_marginal"], abs=7e-4)


def test_the_structural_part_turns_when_fitting_comes_to_its_end(schools00: Counts, schools05: Counts) -> None:
    """R ends at a thousandth of all pupils, more than a school. From 1e-7 on nothing moves: +0.0032, not -0.0035."""
    found = [change(schools00, schools05, precision=at) for at in (1e-8, 1e-12)]
    assert found[0].structural == pytest.approx(found[1].structural, abs=1e-5)
    assert found[1].structural == pytest.approx(0.0031535, abs=1e-6)
