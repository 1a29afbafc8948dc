"""Segregation against R `segregation` 1.1.0 (Elbers) on its data, and against Sweden's published statistics."""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from likvard.flow import register
from likvard.flow import segregation as flow
from likvard.flow import segregation_lake as asked
from likvard.flow.ingest import ingest
from likvard.models import segregation_chance as chance
from likvard.models.published import usable, within_sd
from likvard.models.segregation import Counts, exposure, indices, local, pairwise, parts
from likvard.models.segregation_change import Change, change
from likvard.models.spread import between_sd
from likvard.records.lake import Lake


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


# --- Sweden ------------------------------------------------------------------------------------------------

SIRIS = "siris/Grundskolan - Antal elever per årskurs 2023 Skolenhet.csv"
FOREIGN, TERTIARY = (
    "Andel (%) elever med utländsk bakgrund, åk 1-9",
    "Andel (%) elever med föräldrar med eftergymnasial utb., åk 1-9",
)


@dataclass(frozen=True)
class School:
    """A school as the file has it: shares are None where they are not printed as numbers."""

    code: str
    municipality: str
    organiser: str
    pupils: int
    share: dict[str, float | None]


def number(text: str) -> float | None:
    try:
        return float(text.replace(" ", "").replace(",", "."))
    except ValueError:
        return None


@pytest.fixture(scope="module")
def printed(shared: Path) -> list[School]:
    """The national agency's file read line by line, with nothing of ours."""
    lines = (shared / SIRIS).read_text(encoding="utf-8-sig").splitlines()
    head = next(i for i, line in enumerate(lines) if line.startswith("Skola;"))
    rows = list(csv.DictReader(lines[head:], delimiter=";"))
    return [
        School(
            row["Skol-enhetskod"],
            row["Kommun-kod"],
            row["Huvudman orgnr"],
            int(number(row["Elever, årskurs 1-9"]) or 0),
            {name: number(row[name]) for name in (FOREIGN, TERTIARY)},
        )
        for row in rows
        if re.fullmatch(r"\d{8}", row["Skol-enhetskod"] or "")
    ]


@pytest.fixture(scope="module")
def lake(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, asked.Mixed]:
    """Sweden 2023/24 by subject, through reader and lake."""
    path = tmp_path_factory.mktemp("sweden") / "lake"
    assert ingest((shared / SIRIS,), path, at=datetime(2026, 11, 22, tzinfo=UTC)).stopped == ()
    with Lake.open(path).connect() as con:
        return {m.subject: m for m in asked.mixed(con, register.read(con)) if m.frame == "all"}


def by_hand(schools: list[School], measure: str) -> tuple[float, float]:
    """H and D of schools whose share is printed, cell by cell."""
    known = [(s.pupils, round(s.pupils * share / 100)) for s in schools if (share := s.share[measure]) is not None]
    n, members = sum(t for t, _ in known), sum(a for _, a in known)
    m = sum(
        x / n * math.log(x * n / (t * (members if own else n - members)))
        for t, a in known
        for own, x in ((True, a), (False, t - a))
        if x > 0
    )
    mix = -sum(p * math.log(p) for p in (members / n, 1 - members / n))
    apart = sum(abs(a / members - (t - a) / (n - members)) for t, a in known) / 2
    return m / mix, apart


@pytest.mark.parametrize(("subject", "measure"), [("foreign", FOREIGN), ("education", TERTIARY)])
def test_sweden_is_measured_as_by_hand_on_what_the_agency_prints(
    lake: dict[str, asked.Mixed], printed: list[School], subject: str, measure: str
) -> None:
    shown = {s.code for s in printed if s.share[measure] is not None and s.pupils > 0}
    found = lake[subject]
    here = np.isin(found.unit, sorted(shown))
    assert here.sum() == len(shown)
    told = indices(found.counts.where(here))
    assert (told.h, told.d) == pytest.approx(by_hand([s for s in printed if s.code in shown], measure), abs=1e-12)
    members = found.pupils[here, 0].sum() / found.pupils[here].sum()
    assert 100 * members == pytest.approx({"foreign": 28.7, "education": 63.8}[subject], abs=0.06)  # the README's


def test_sweden_2023_is_this_picture(lake: dict[str, asked.Mixed]) -> None:
    foreign, education = (flow.measure(lake[s].counts, replicates=100) for s in ("foreign", "education"))
    assert (foreign.units, lake["foreign"].hidden) == (4569, 979)
    assert foreign.h.corrected == pytest.approx(0.194, abs=0.001)
    assert education.h.corrected == pytest.approx(0.091, abs=0.001)
    low, high = (indices(counts).h for counts in lake["foreign"].bounds)
    assert low < foreign.h.plain < high < low + 0.025
    assert [part.share.corrected for part in foreign.parts] == pytest.approx([0.25, 0.16, 0.58], abs=0.01)
    assert [part.share.corrected for part in education.parts] == pytest.approx([0.40, 0.13, 0.47], abs=0.01)


def test_botkyrka_2023_is_this_picture(lake: dict[str, asked.Mixed], printed: list[School]) -> None:
    found = lake["foreign"]
    here = found.municipality == "0127"
    own = flow.measure(found.counts.where(here), replicates=100)
    assert (own.units, own.pupils) == (29, 10425)  # as in the README
    assert own.h.plain == pytest.approx(by_hand([s for s in printed if s.municipality == "0127"], FOREIGN)[0], abs=0.01)
    assert own.groups[0].isolation > own.groups[0].pupils / own.pupils
    other = lake["education"]
    assert own.h.corrected > flow.measure(other.counts.where(other.municipality == "0127"), replicates=20).h.corrected


PICTURE = {
    "": (0.1268, 0.1623, 0.1705, 0.1400, 0.1382, 0.1364, 0.1235, 0.1281, 0.1213, 0.1239, 0.1233),
    "0127": (0.1122, 0.1183, 0.1376, 0.1721, 0.1331, 0.1405, 0.1670, 0.1354, 0.0996, 0.0796, 0.0768),
}
"""Share of the variance in merit between schools, spring 2015 to 2025: Sweden and Botkyrka, as `likvard publish` gives them."""

SHOWN = 10
"""Pupils in year 9 below which the publication shows no merit value of a school, so that it is in no figure of the country."""

NOISE = 73.9
"""Standard deviation in merit inside a school as means move from year to year: of the publication of all the open data."""

PUPILS = 64.0
"""Standard deviation between pupils of a school: the handbook's 62-68 (domain.md 10.2). What moves a mean beyond it is luck of a year."""


@pytest.fixture(scope="module")
def merit(shared: Path) -> list[dict[str, str]]:
    with (shared / "merit_per_school_2014_2025.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("municipality", ["", "0127"])
def test_the_between_school_picture_of_merit_2015_to_2025_is_this(
    merit: list[dict[str, str]], municipality: str
) -> None:
    """A school whose pupils the file does not say, as all of spring 2025, counts with those of the year before."""
    rows = [row for row in merit if row["kommunkod"] == municipality or not municipality]
    before: dict[str, int] = {}
    for spring, expected in zip(range(2015, 2026), PICTURE[municipality], strict=True):
        here = [row for row in rows if int(row["varterminsar"]) == spring]
        stated = {r["skolenhetskod"]: number(r["elever_ak9"]) or before.get(r["skolenhetskod"], 0) for r in here}
        before = {unit: int(n) for unit, n in stated.items() if n >= SHOWN}
        values = ((number(r["meritvarde"]), before.get(r["skolenhetskod"])) for r in here)
        sd = between_sd(*np.array([pair for pair in values if None not in pair], dtype=float).T, NOISE)
        assert sd.true**2 / (sd.true**2 + PUPILS**2) == pytest.approx(expected, abs=6e-4)


def test_a_sixth_lies_between_schools_as_the_national_agencys_model_implies() -> None:
    """SALSA 2015/16: 1,443 schools with a standard error of 17.34 at R2 0.585 differ by 26.9 points, of pupils' 66: 0.17.

    Chance is in that, and every school counts alike. Ours of that spring and the next are without chance and by pupils.
    """
    implied = 17.34**2 / (1 - 0.585) / 66**2
    assert implied == pytest.approx(0.17, abs=0.005)
    assert np.mean(PICTURE[""][1:3]) == pytest.approx(implied, abs=0.01)


def test_how_far_means_move_says_more_than_how_pupils_differ(merit: list[dict[str, str]]) -> None:
    """The same of the merit file alone, without intake. Taken for pupils' own deviation it would make 9.5 % of 2025's 12.3."""
    rows = [
        (row["skolenhetskod"], int(row["varterminsar"]), number(row["meritvarde"]), number(row["elever_ak9"]))
        for row in merit
        if int(row["varterminsar"]) >= 2015
    ]
    unit, year, value, n = zip(*(row for row in rows if None not in row), strict=True)
    means = usable(unit, year, value, n, np.zeros((len(unit), 0)), ()).means
    found = within_sd(means)
    assert found.low < NOISE < found.high
    assert found.low > 68
