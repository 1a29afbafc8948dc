"""The panel model: derivatives, likelihood and optimum against plain second implementations, and planted links found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from likvard.models import panel_fit, panel_scores
from likvard.models.panel import Panel, Proxy
from likvard.models.panel_covariance import Dynamics, backward, covariance, derivatives, powers, spread_out
from likvard.models.panel_fit import fit, fit_scores
from likvard.models.panel_likelihood import levels, log_likelihood, slopes
from likvard.models.panel_scores import scores
from likvard.terms import ModelError

YEARS, UNITS = 6, 220
LINKS = np.array([[0.45, 0.0], [0.30, 0.40]])


def _model(seed=3, size=2):
    rng = np.random.default_rng(seed)
    news, kept = (np.tril(rng.normal(size=(size, size))) + np.eye(size) for _ in range(2))
    return Dynamics(0.35 * rng.normal(size=(size, size)), news, kept)


def _panel(seed=1, links=LINKS, units=UNITS, years=YEARS):
    """Two variables, each seen through two noisy proxies with holes, around what each unit keeps."""
    rng = np.random.default_rng(seed)
    kept, moved = 0.8 * rng.normal(size=(units, 2)), np.zeros((units, 2))
    eta = np.empty((units, years, 2))
    for t in range(-10, years):
        moved = moved @ links.T + rng.normal(size=(units, 2))
        if t >= 0:
            eta[:, t] = kept + moved
    proxies = []
    for v, name in enumerate(("one", "two")):
        for k, (slope, noise) in enumerate(((1.0, 0.4), (0.7, 0.6))):
            value = slope * eta[:, :, v] + noise * rng.normal(size=(units, years))
            value[rng.random(value.shape) < 0.15 * k] = np.nan
            proxies.append(Proxy(f"{name}{k}", name, value - np.nanmean(value, axis=0), np.full(value.shape, 0.02)))
    return Panel(tuple(map(str, range(units))), tuple(range(2015, 2015 + years)), ("one", "two"), tuple(proxies))


@pytest.fixture(scope="module")
def panel():
    return _panel()


@pytest.fixture(scope="module")
def found(panel):
    return fit(panel)


def test_the_covariance_is_that_of_the_recursion_run_long_enough():
    model = _model()
    at_rest = np.zeros((2, 2))
    for _ in range(200):
        at_rest = model.links @ at_rest @ model.links.T + model.news @ model.news.T
    kept = model.kept @ model.kept.T
    found = covariance(model, 3)
    assert found[:2, :2] == pytest.approx(at_rest + kept)
    assert found[4:, :2] == pytest.approx(model.links @ model.links @ at_rest + kept)


def test_every_derivative_of_the_covariance_is_the_difference_it_stands_for():
    model = _model()
    at = model.vector()
    for step, slope in zip(1e-6 * np.eye(len(at)), derivatives(model, 4), strict=True):
        apart = covariance(Dynamics.of(at + step, 2), 4) - covariance(Dynamics.of(at - step, 2), 4)
        assert slope == pytest.approx(apart / 2e-6, abs=1e-6)


def test_the_derivative_turned_round_in_time_is_that_of_a_world_where_the_future_tells():
    model, (to, source) = _model(), (0, 1)

    def world(c):
        shock, raised = np.zeros((2, 2)), powers(model.links, 60)
        shock[to, source] = c
        back = {k: (raised[k] if k >= 0 else 0) + raised[k + 1] @ shock for k in range(-1, 50)}
        news = model.news @ model.news.T
        lagged = [sum(back[k + lag] @ news @ back[k].T for k in range(-1, 40)) for lag in range(4)]
        return spread_out(np.array(lagged), model.kept @ model.kept.T)

    apart = (world(1e-5) - world(-1e-5)) / 2e-5
    assert backward(model, 4, np.array([[to, source]]))[0] == pytest.approx(apart, abs=1e-6)


def test_the_likelihood_is_the_normal_density_of_what_is_seen():
    rng = np.random.default_rng(5)
    latent = covariance(_model(), 3)
    value, precision = rng.normal(size=(8, 6)), rng.uniform(0.5, 4, size=(8, 6))
    precision[rng.random(precision.shape) < 0.3] = 0
    naive = 0.0
    for y, k in zip(value, precision, strict=True):
        at = np.flatnonzero(k)
        whole = latent[np.ix_(at, at)] + np.diag(1 / k[at])
        naive += multivariate_normal(np.zeros(len(at)), whole).logpdf(y[at])
        naive += len(at) / 2 * np.log(2 * np.pi) - np.log(k[at]).sum() / 2
    assert log_likelihood(latent, value, precision) == pytest.approx(naive, abs=1e-9)


def test_what_is_known_of_a_unit_is_the_conditional_normal_distribution():
    latent = covariance(_model(), 2)
    value, precision = np.array([[1.0, 0.0, -0.5, 2.0]]), np.array([[2.0, 0.0, 1.0, 4.0]])
    at = [0, 2, 3]
    weight = np.linalg.inv(latent[np.ix_(at, at)] + np.diag(1 / precision[0, at]))
    mean, variance = levels(latent, value, precision)
    assert mean[0] == pytest.approx(latent[:, at] @ weight @ value[0, at])
    assert variance[0] == pytest.approx(np.diag(latent - latent[:, at] @ weight @ latent[at]))


def test_the_measurement_derivatives_are_the_differences_they_stand_for(panel):
    seen = panel_scores._Seen.of(panel.of("one"))
    at = panel_scores._At(np.array([0.6, 0.5, -1.0, -0.5, -2.0, -1.5, 0.3, 0.5, 0.1]), 2)
    _, slope = panel_scores._criterion(at, seen)
    for i, step in enumerate(1e-5 * np.eye(len(at.row))):
        apart = panel_scores._criterion(at.moved(step), seen)[0] - panel_scores._criterion(at.moved(-step), seen)[0]
        assert slope[i] == pytest.approx(apart / 2e-5, rel=1e-5, abs=1e-4)


def test_the_measurement_is_the_most_likely_one_by_a_plain_search_too(panel):
    """No parameter moved by a third of what is uncertain makes what all proxies say more likely."""
    seen = panel_scores._Seen.of(panel.of("one"))
    found = panel_scores._climbed(panel_scores._At.begun(seen), seen)
    best, uncertain = panel_scores._criterion(found, seen)[0], np.diag(panel_scores._information(found, seen)) ** -0.5
    for step in np.diag(uncertain / 3):
        for way in (-1, 1):
            assert panel_scores._criterion(found.moved(way * step), seen)[0] < best


def test_many_units_lead_to_the_same_place_as_a_search_with_all_from_the_start(panel, monkeypatch):
    plain = fit_scores(panel.variables, scores(panel))
    for module in (panel_scores, panel_fit):
        monkeypatch.setattr(module, "COARSE", 60)
    stepped = fit_scores(panel.variables, scores(panel))
    assert np.abs(stepped.links - plain.links).max() < 0.05 * plain.se.max()
    assert stepped.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-3)


def test_planted_links_are_found_and_a_planted_zero_stays_within_its_interval(found):
    off = np.abs(found.links - LINKS) / found.se
    assert (off < 3).all()
    assert found.links[1, 0] / found.se[1, 0] > 4
    assert found.gradient < 0.1


def test_the_optimum_is_one_by_a_plain_search_too(found):
    """No parameter moved by a tenth of what is uncertain makes the density of what is seen larger."""
    value, precision = (part.reshape(UNITS, -1) for part in (found.scores.value, found.scores.precision))
    model = Dynamics(found.links, *(np.linalg.cholesky(part + 1e-10 * np.eye(2)) for part in (found.news, found.kept)))
    best = _naive(covariance(model, YEARS), value, precision)
    for i, se in enumerate(found.se.ravel()):
        for way in (-0.3, 0.3):
            moved = model.vector()
            moved[i] += way * se
            assert _naive(covariance(Dynamics.of(moved, 2), YEARS), value, precision) < best + 1e-3


def _naive(latent, value, precision):
    total = 0.0
    for y, k in zip(value, precision, strict=True):
        at = np.flatnonzero(k)
        whole = latent[np.ix_(at, at)] + np.diag(1 / k[at])
        total -= (np.linalg.slogdet(whole)[1] + y[at] @ np.linalg.solve(whole, y[at])) / 2
    return total


def test_the_gradient_by_the_covariance_is_the_difference_it_stands_for(found):
    latent = covariance(_model(), YEARS)
    value, precision = (part.reshape(UNITS, -1)[:20] for part in (found.scores.value, found.scores.precision))
    _, slope = slopes(latent, value, precision)
    step = np.zeros_like(latent)
    step[3, 1] = step[1, 3] = 1e-5
    apart = log_likelihood(latent + step, value, precision) - log_likelihood(latent - step, value, precision)
    assert 2 * slope[3, 1] == pytest.approx(apart / 2e-5, rel=1e-5)


def test_time_turned_round_shows_nothing_where_the_past_moves_the_future(found):
    off = found.placebo[~np.eye(2, dtype=bool)] / found.placebo_se[~np.eye(2, dtype=bool)]
    assert (np.abs(off) < 3).all()


def test_time_turned_round_shows_where_a_variable_stands_under_a_later_year_than_it_was():
    """One stands two years late, so that what moves the other seems to come a year after it."""
    right = _panel(seed=2, links=np.array([[0.2, 0.0], [0.7, 0.2]]), years=8)
    late = tuple(
        replace(p, value=p.value[:, :-2] if p.of == "one" else p.value[:, 2:], error=p.error[:, 2:])
        for p in right.proxies
    )
    found = fit(Panel(right.units, right.years[2:], right.variables, late))
    assert found.placebo[1, 0] / found.placebo_se[1, 0] > 3


def test_a_variable_at_the_end_moves_no_other(panel):
    found = fit_scores(panel.variables, scores(panel), ends=["two"])
    assert (found.links[0, 1], found.se[0, 1]) == (0, 0)
    assert found.links[1, 1] > 0


def test_a_proxy_that_only_a_habit_moves_does_not_pass_for_the_variable():
    rng = np.random.default_rng(4)
    made = _panel()
    habit = np.repeat(rng.normal(size=(UNITS, 1)), YEARS, axis=1) + 0.05 * rng.normal(size=(UNITS, YEARS))
    odd = Proxy("odd", "one", habit, np.full(habit.shape, 0.001))
    more = Panel(made.units, made.years, made.variables, (*made.proxies, odd))
    seen = {one.proxy: one for one in scores(more).loadings}
    assert seen["odd"].reliability < 0.1
    assert seen["one0"].reliability > 0.6


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"units": ("a",)}, "too few"),
        ({"years": (2015, 2016, 2018, 2019, 2020, 2021)}, "holes"),
        ({"variables": ("one", "three")}, "Nothing is seen"),
    ],
)
def test_a_panel_that_cannot_be_used_is_refused_in_words(panel, change, says):
    with pytest.raises(ModelError, match=says):
        replace(panel, **change)


def test_a_proxy_that_is_never_seen_or_never_varies_is_refused(panel):
    nothing = np.full((UNITS, YEARS), np.nan)
    with pytest.raises(ModelError, match="never seen"):
        Proxy("none", "one", nothing, nothing)
    flat = Proxy("flat", "one", np.zeros((UNITS, YEARS)), np.zeros((UNITS, YEARS)))
    with pytest.raises(ModelError, match="same everywhere"):
        scores(Panel(panel.units, panel.years, panel.variables, (*panel.proxies, flat)))


def test_a_variable_seen_as_it_is_must_vary_beyond_chance(panel):
    chance = np.full((UNITS, YEARS), 4.0)
    value = 2 * np.random.default_rng(1).normal(size=(UNITS, YEARS))
    only = Proxy("counted", "three", value, chance, exact=True)
    assert not panel_scores.varies(only)
    assert panel_scores.varies(replace(only, error=chance / 8))
    with pytest.raises(ModelError, match="no more than chance"):
        scores(Panel(panel.units, panel.years, ("one", "two", "three"), (*panel.proxies, only)))
