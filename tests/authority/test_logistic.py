"""Logistic models against R's glm, lme4's AGQ-25 and glmmTMB's Laplace (statistics.md 2; lme4_reference.json)."""

from __future__ import annotations

import csv
import json
from collections import Counter

import numpy as np
import pytest

from likvard.models.logistic import Patterns, fit
from likvard.models.logistic_unit import fit_unit

GUATEMALA = ("kid2p", "mom25p", "ord", "ethn", "momEd", "husEd", "momWork", "rural")


@pytest.fixture(scope="module")
def reference(shared):
    return json.loads((shared / "statistics" / "lme4_reference.json").read_text())


def rows(shared, name):
    with (shared / "statistics" / name).open() as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def immunisation(shared, reference):
    names = list(reference["glm"]["coef"])
    every = rows(shared, "guImmun.csv")
    n = Counter(tuple(row[c] for c in GUATEMALA) for row in every)
    yes = Counter(tuple(row[c] for c in GUATEMALA) for row in every if row["immun"] == "Y")

    def is_(name, key):
        return float(any(name == c + v for c, v in zip(GUATEMALA, key, strict=True)))

    x = [[1.0, *(is_(name, key) for name in names[1:])] for key in n]
    return Patterns.of(x, list(n.values()), [yes[key] for key in n], names)


@pytest.fixture(scope="module")
def contraception(shared):
    every = rows(shared, "Contraception.csv")
    n = Counter((r["district"], r["age"], r["urban"], r["livch"]) for r in every)
    yes = Counter((r["district"], r["age"], r["urban"], r["livch"]) for r in every if r["use"] == "Y")
    x = [[1, float(a), float(a) ** 2, u == "Y", c == "1", c == "2", c == "3+"] for _, a, u, c in n]
    names = ("(Intercept)", "age", "I(age^2)", "urbanY", "livch1", "livch2", "livch3+")
    district = np.array([int(key[0]) for key in n])
    return Patterns.of(x, list(n.values()), [yes[key] for key in n], names), district


def test_patterns_of_immunisation_give_glm_on_every_child(immunisation, reference):
    found, known = fit(immunisation), reference["glm"]
    assert (len(immunisation.n), immunisation.pupils) == (568, 2159)
    np.testing.assert_allclose(found.beta, list(known["coef"].values()), rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.se, list(known["se"].values()), rtol=0, atol=1e-12)
    assert found.loglik == pytest.approx(known["logLik"], abs=1e-9)


def test_contraception_with_twenty_five_points_is_lme4s(contraception, reference):
    found, known = fit_unit(*contraception, points=25), reference["glmm"]["contraception_agq25"]
    assert -2 * found.loglik == pytest.approx(2372.4588849164, abs=1e-9)
    assert found.sd == pytest.approx(known["theta"]["district.(Intercept)"], abs=1e-6)
    np.testing.assert_allclose((found.beta - list(known["fixef"].values())) / found.se, 0, atol=3e-5)
    np.testing.assert_allclose(found.se, list(known["se"].values()), rtol=1e-5)


def test_contraception_by_laplace_is_glmmtmbs_optimum_which_glmer_stops_short_of(contraception, reference):
    found = fit_unit(*contraception, points=1)
    assert -2 * found.loglik == pytest.approx(2372.728582364, abs=5e-9)
    assert -2 * found.loglik < reference["glmm"]["contraception_laplace"]["criterion"] - 1e-4


def test_the_districts_effects_are_lme4s_modes(contraception, reference):
    found = fit_unit(*contraception, points=25)
    known = {int(b["level"]): b["mode"] for b in reference["glmm"]["contraception_agq25"]["blups"]["district"]}
    for district, mode in known.items():
        assert found.mode[district] == pytest.approx(mode, abs=1e-6)


def test_few_points_already_come_close(contraception):
    assert fit_unit(*contraception, points=9).loglik == pytest.approx(
        fit_unit(*contraception, points=25).loglik, abs=1e-7
    )
