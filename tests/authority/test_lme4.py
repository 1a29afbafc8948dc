"""Models of the reference file, through the path of `likvard fit`, against lme4 with its optimum polished."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from likvard.flow import fit as flow
from likvard.models.profile import intervals

# Tolerances of the handbook: criterion absolute, fixed effects in standard errors, the rest relative.
CRITERION, FIXED, RELATIVE = 1e-7, 1e-6, 1e-6

MODELS = [
    f"{name}_{method}"
    for method in ("reml", "ml")
    for name in (
        "exam_null",
        "exam_lrt",
        "exam_full",
        "exam_slope",
        "hsb_null",
        "hsb_meanses",
        "hsb_randcoef",
        "hsb_slopes_outcomes",
        "hsb_slopes_outcomes_ri",
        "egsingle_3lev",
        "egsingle_growth",
        "sleepstudy",
        "pastes",
    )
]

# R's data frames carry these orders of levels; a CSV file cannot, so there the first level in sorted order is the base.
BASES = {"schgend": ("mixed", "boys"), "sector": ("Public", "Catholic")}


@pytest.fixture(scope="module")
def reference(shared: Path) -> dict[str, dict]:
    return json.loads((shared / "statistics" / "lme4_reference.json").read_text())["lmm"]


@pytest.fixture(scope="module")
def fitted(shared: Path, reference: dict[str, dict]):
    known = {}

    def fit(name: str):
        if name not in known:
            model = reference[name]
            path = shared / "statistics" / f"{model['data']}.csv"
            known[name] = flow.fit(path, model["formula"], reml=model["method"] == "REML")
        return known[name]

    return fit


def _in_r_levels(names: list[str], found) -> np.ndarray:
    """The matrix that takes our fixed effects to those of R's base levels."""
    place = {name: i for i, name in enumerate(found.names)}
    T = np.zeros((len(names), len(place)))
    for row, name in zip(T, names, strict=True):
        factor = next((f for f in BASES if f in name), None)
        if factor is None:
            row[place[name]] = 1
            for f, (theirs, _) in BASES.items():
                if (swapped := _beside(name, f"{f}{theirs}")) in place:
                    row[place[swapped]] = 1
        else:
            theirs, ours = BASES[factor]
            row[place[name.replace(factor + _level(name, factor), factor + theirs)]] = -1
            if _level(name, factor) != ours:
                row[place[name]] = 1
    return T


def _level(name: str, factor: str) -> str:
    return name.split(factor)[1].split(":")[0]


def _beside(name: str, level: str) -> str:
    """The name of a term beside an indicator: the indicator itself beside the intercept."""
    return level if name == "(Intercept)" else f"{level}:{name}"


def test_every_model_of_the_reference_is_tried(reference: dict[str, dict]) -> None:
    assert set(MODELS) == set(reference)


@pytest.mark.parametrize("name", MODELS)
def test_fixed_effects_agree(reference, fitted, name: str) -> None:
    model, found = reference[name], fitted(name)
    names = list(model["fixef"])
    T = np.eye(len(names)) if names == list(found.names) else _in_r_levels(names, found)
    se = np.array(list(model["se"].values()))
    assert np.abs((T @ found.beta - list(model["fixef"].values())) / se).max() < FIXED
    assert np.sqrt(np.diag(T @ found.vcov @ T.T)) == pytest.approx(se, rel=RELATIVE)


@pytest.mark.parametrize("name", MODELS)
def test_variances_and_criterion_agree(reference, fitted, name: str) -> None:
    model, found = reference[name], fitted(name)
    assert found.criterion == pytest.approx(model["criterion"], abs=CRITERION)
    assert found.loglik == pytest.approx(model["logLik"], abs=CRITERION)
    assert found.sigma2 == pytest.approx(model["sigma2"], rel=RELATIVE)
    assert (found.nobs, dict(found.ngroups), found.dropped) == (model["nobs"], model["ngroups"], 0)
    assert list(found.varcomp) == list(model["varcomp"])
    for group, covariance in found.varcomp.items():
        theirs = np.array(model["varcomp"][group]["cov"])
        sd = np.sqrt(np.diag(theirs))
        assert np.abs(covariance - theirs).max() < RELATIVE * np.outer(sd, sd).max()
        assert np.diag(covariance) == pytest.approx(np.diag(theirs), rel=RELATIVE)


@pytest.mark.parametrize("name", MODELS)
def test_effects_agree(reference, fitted, name: str) -> None:
    for group in flow.effects(fitted(name)):
        place = {label: j for j, label in enumerate(group.labels)}
        for theirs in reference[name]["blups"][group.name]:
            j = place[theirs["level"]]
            sd = np.atleast_1d(theirs["cond_sd"])
            assert group.sd[j] == pytest.approx(sd, rel=RELATIVE)
            assert np.abs((group.mode[j] - theirs["mode"]) / sd).max() < RELATIVE
        squares = np.atleast_1d(reference[name]["sum_sq_blup"][group.name])
        assert (group.mode**2).sum(axis=0) == pytest.approx(squares, rel=RELATIVE)


@pytest.mark.parametrize("name", MODELS)
def test_the_gradient_is_nothing(fitted, name: str) -> None:
    assert fitted(name).gradient <= 1e-6


# lme4 1.1-31, confint(method = "profile", oldNames = FALSE). Its ends come from a spline: four digits hold.
PROFILES = {
    "exam_null_reml": {"school": (0.34168190, 0.50118257), "Residual": (0.90091030, 0.94130601)},
    "hsb_null_reml": {"school": (2.5947, 3.3159)},
    "pastes_reml": {
        "cask:batch": (2.157933708, 4.053588944),
        "batch": (0.0, 2.946591097),
        "Residual": (0.6520233593, 1.085448104),
    },
}
SLEEPSTUDY = [(14.3814181608, 37.7159953183), (3.8011640533, 8.7533807531), (22.8982668821, 28.8579965114)]


@pytest.mark.parametrize("name", PROFILES)
def test_profile_intervals_agree(fitted, name: str) -> None:
    found = {i.name: (i.low, i.high) for i in intervals(fitted(name))}
    for group, ends in PROFILES[name].items():
        assert found[group] == pytest.approx(ends, rel=1e-4)


def test_profile_intervals_of_a_slope_agree(fitted) -> None:
    found = [(i.low, i.high) for i in intervals(fitted("sleepstudy_reml"))]
    assert found == [pytest.approx(ends, rel=2e-5) for ends in SLEEPSTUDY]
