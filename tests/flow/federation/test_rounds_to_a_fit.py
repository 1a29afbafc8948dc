"""Fits made in rounds are those of pooled records, to eight digits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.flow.federation.conftest import Nation, fresh

from likvard.flow.federation.envelope import Kind, unseal
from likvard.flow.federation.home import own_effects, own_index
from likvard.flow.federation.study import Method
from likvard.flow.pupils import SUBJECTS
from likvard.models import logistic, multilevel
from likvard.models.multilevel_effects import effects
from likvard.moments.gather import gather
from likvard.records.lake import Lake
from likvard.records.questions import pupils as question


@pytest.fixture
def pooled(lake, study):
    """The fit of all records in one place."""

    def fit(**changes):
        asked = replace(study, **changes)
        with Lake.open(lake).connect() as con:
            question.gather_leavers(con, SUBJECTS)
            if asked.is_goal:
                columns = ", ".join(asked.fixed)
                found = con.execute(f"select {columns}, {asked.outcome} from leaver where known = 1").fetchnumpy()
                x = np.column_stack([np.ones(len(found[asked.outcome])), *(found[c] for c in asked.fixed)])
                names = [c.name for c in asked.design]
                return logistic.fit(logistic.Patterns.of(x, np.ones(len(x)), found[asked.outcome], names))
            where = "(select * from leaver where known = 1 and merit is not null)"
            return multilevel.fit(gather(con, where, ("organiser", "unit"), (*asked.design, asked.target)), asked.model)

    return fit


@pytest.fixture(scope="module")
def done(tmp_path_factory, lake, study, keyring, company):
    """A nation after a whole study, and what came of it."""
    folder = tmp_path_factory.mktemp("done")
    here = Nation(folder / "study", fresh(folder, lake), keyring, company)
    return here, here.run(study)


def test_a_multilevel_model_in_masked_rounds_is_that_of_pooled_records(done, pooled):
    found, one = done[1].fit, pooled()
    assert found.names == one.names
    np.testing.assert_allclose(found.beta, one.beta, rtol=1e-9)
    np.testing.assert_allclose(found.vcov, one.vcov, rtol=1e-9)
    assert found.sigma2 == pytest.approx(one.sigma2, rel=1e-9)
    assert found.criterion == pytest.approx(one.criterion, abs=1e-7)
    for name, covariance in one.varcomp.items():
        assert found.varcomp[name][0, 0] == pytest.approx(covariance[0, 0], rel=1e-8)
    assert dict(found.ngroups) == dict(one.ngroups)


def test_a_logistic_model_in_masked_rounds_is_the_pooled_one_and_gives_each_its_own_units_need(nation, study, pooled):
    """The mean chance of not reaching, pupil by pupil, through the nation's."""
    goal = {"method": Method.LOGISTIC, "levels": (), "outcome": "all_subjects"}
    here, one = nation(), pooled(**goal)
    fit, organiser = here.run(replace(study, **goal)).path.read_bytes(), here.company[2].organiser
    body = unseal(fit, Kind.FIT, "fit").body
    np.testing.assert_allclose(body["beta"], one.beta, rtol=1e-9)
    np.testing.assert_allclose(body["vcov"], one.vcov, rtol=1e-8)
    assert body["loglik"] == pytest.approx(one.loglik, rel=1e-10)
    with Lake.open(here.lake).connect() as con:
        question.gather_leavers(con, SUBJECTS)
        rows = con.execute(
            "select organiser, unit, girl, tertiary, all_subjects from leaver where known = 1"
        ).fetchall()
    missed = np.mean([1 - r[4] for r in rows])
    chance = {r: 1 / (1 + np.exp(one.beta @ (1, *r))) for r in ((g, t) for g in (0, 1) for t in (0, 1))}
    for unit in own_index(fit, lake=here.lake, keys=here.keyring[organiser]):
        mine = [chance[r[2:4]] for r in rows if r[1] == unit.unit and r[0] == organiser]
        assert (unit.pupils, unit.index) == (len(mine), pytest.approx(100 * np.mean(mine) / missed))
        assert unit.low < unit.index < unit.high


def test_an_organiser_finds_its_own_units_effects_at_home(done, pooled):
    here, found = done
    fit, organiser = found.path.read_bytes(), here.company[3].organiser
    mine = own_effects(fit, lake=here.lake, keys=here.keyring[organiser])
    for level, everyone in zip(mine, effects(pooled()), strict=True):
        at = [everyone.keys[0].tolist().index(key) for key in level.keys[0].tolist()]
        np.testing.assert_allclose(level.mode, everyone.mode[at, 0], atol=1e-7)
        np.testing.assert_allclose(level.sd, everyone.comparison_sd[at, 0], rtol=1e-7)


def test_the_fit_that_is_sent_out_names_no_unit_and_no_organiser(done):
    body = unseal(done[1].path.read_bytes(), Kind.FIT, "fit").body
    said = str(body)
    assert "1000000" not in said
    assert "21200" not in said
