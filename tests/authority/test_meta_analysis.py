"""Area-level models against metafor 3.8 (R 4.2.2) and the R package sae, on data printed in the literature."""

from __future__ import annotations

import numpy as np
import pytest

from likvard.models.fay_herriot import GROUP, ROW, component_interval, fit_area_level, group_share
from likvard.models.funnel import overdispersion
from likvard.models.shrinkage import expected_means, group_effects, row_effects, row_means
from likvard.models.trend import series, trends

# Colditz et al. 1994 (JAMA 271: 698), BCG vaccine: ill and well among vaccinated and controls, latitude
BCG = np.array([
    (4, 119, 11, 128, 44), (6, 300, 29, 274, 55), (3, 228, 11, 209, 42), (62, 13536, 248, 12619, 52),
    (33, 5036, 47, 5761, 13), (180, 1361, 372, 1079, 44), (8, 2537, 10, 619, 19), (505, 87886, 499, 87892, 13),
    (29, 7470, 45, 7232, 27), (17, 1699, 65, 1600, 42), (186, 50448, 141, 27197, 18), (5, 2493, 3, 2338, 33),
    (27, 16886, 29, 17825, 33),
], dtype=float)  # fmt: skip

# Konstantopoulos 2011 (Res. Synth. Methods 2: 61): modified school calendars, effects of schools in districts
DISTRICT = np.repeat([11, 12, 18, 27, 56, 58, 71, 86, 91, 108, 644], [4, 4, 3, 4, 4, 11, 3, 8, 6, 5, 4])
EFFECT = np.array([
    -.18, -.22, .23, -.3, .13, -.26, .19, .32, .45, .38, .29, .16, .65, .36, .6, .08, .04, .19, -.06, -.18, 0, 0, -.28,
    -.04, -.3, .07, 0, .05, -.08, -.09, .3, .98, 1.19, -.07, -.05, -.01, .02, -.03, 0, .01, -.1, .5, .66, .2, 0, .05,
    .07, -.52, .7, -.03, .27, -.34, .12, .61, .04, -.05,
])  # fmt: skip
VARIANCE = np.array([
    118, 118, 144, 144, 14, 14, 15, 24, 23, 43, 12, 20, 4, 4, 7, 19, 7, 5, 4, 20, 18, 19, 22, 20, 21, 6, 7, 7, 7, 7, 15,
    11, 10, 1, 1, 1, 1, 1, 1, 1, 1, 10, 11, 10, 9, 13, 13, 31, 31, 30, 30, 30, 87, 82, 67, 67,
]) / 1000  # fmt: skip

# Arora & Lahiri 1997; You & Chapman 2006: expenditure on fresh milk in 43 areas, direct estimate and standard error
MILK = np.array([
    (1.099, .163), (1.075, .08), (1.105, .083), (.628, .109), (.753, .119), (.981, .141), (1.257, .202), (1.095, .127),
    (1.405, .168), (1.356, .178), (.615, .1), (1.46, .201), (1.338, .148), (.854, .143), (1.176, .149), (1.111, .145),
    (1.257, .135), (1.43, .172), (1.278, .137), (1.292, .163), (1.002, .125), (1.183, .247), (1.044, .14),
    (1.267, .171), (1.193, .106), (.791, .121), (.795, .121), (.759, .259), (.796, .106), (.565, .089), (.886, .225),
    (.952, .205), (.807, .119), (.582, .067), (.684, .106), (.787, .126), (.44, .092), (.759, .132), (.77, .1),
    (.8, .113), (.756, .083), (.865, .121), (.64, .129),
])  # fmt: skip
MAJOR_AREA = np.repeat([1, 2, 3, 4], [7, 7, 11, 18])
MILK_EBLUP = [
    1.0219703, 1.0476018, 1.0679513, .7608170, .8461574, .9743727, 1.0584523, 1.0977762, 1.2215449, 1.1951455, .7852155,
    1.2139456, 1.2096593, .9834967, 1.1864247, 1.1556982, 1.2263411, 1.2856486, 1.2363247, 1.2349600, 1.0903019,
    1.1923057, 1.1216470, 1.2230296, 1.1938054, .7627195, .7649550, .7338443, .7699294, .6134418, .7695558, .7958250,
    .7723187, .6102302, .7001782, .7592787, .5298867, .7434466, .7548996, .7701918, .7481164, .8040773, .6810870,
]  # fmt: skip
MILK_MSE = [
    .013460220, .005372876, .005701990, .008541740, .009579594, .011670632, .015926137, .010586518, .014184043,
    .014901472, .007694262, .016336469, .012562726, .012117378, .012031229, .011709147, .010859780, .013690860,
    .011034674, .013079686, .009948636, .017243977, .011292325, .013625297, .008065787, .009205133, .009205133,
    .016476912, .007800626, .006098668, .015441564, .014657866, .009024699, .003870786, .007800626, .009646139,
    .006404335, .010155645, .007209937, .008470277, .005484860, .009205133, .009903626,
]  # fmt: skip


@pytest.fixture(scope="module")
def bcg():
    ill, well, ill_control, well_control, latitude = BCG.T
    risk, control = ill / (ill + well), ill_control / (ill_control + well_control)
    variance = 1 / ill - 1 / (ill + well) + 1 / ill_control - 1 / (ill_control + well_control)
    return np.log(risk / control), np.column_stack([np.ones(13), latitude]), variance


def test_the_variance_between_trials_is_that_of_metafor(bcg):
    y, X, v = bcg
    null, fit = fit_area_level(y, X[:, :1], v), fit_area_level(y, X, v)
    assert null.components[ROW] == pytest.approx(0.3132432581364809, rel=1e-8)
    assert fit.components[ROW] == pytest.approx(0.0763479639552027, rel=1e-8)
    assert 100 * (1 - fit.components[ROW] / null.components[ROW]) == pytest.approx(75.62662181162165, rel=1e-8)


def test_coefficients_errors_and_likelihood_are_those_of_metafor(bcg):
    y, X, v = bcg
    fit = fit_area_level(y, X, v)
    assert fit.beta == pytest.approx([0.2514682100073704, -0.0291017250116497], rel=1e-8)
    assert np.sqrt(np.diag(fit.beta_cov)) == pytest.approx([0.2490953966167648, 0.00719532722090451], rel=1e-8)
    # metafor counts log |X'X| in as well
    assert fit.criterion - np.linalg.slogdet(X.T @ X)[1] == pytest.approx(2 * 8.08732005827573, abs=1e-8)


def test_shrunken_effects_of_trials_are_those_of_metafor(bcg):
    fit = fit_area_level(*bcg)
    effects = [
        0.0265356156112, -0.066578758027, -0.0585779537692, -0.142406413615, -0.054282966808, 0.222744981255,
        -0.336498930112, 0.131959377991, 0.0372940394478, -0.204725794473, -0.0576272761821, 0.144807815929,
        0.357356262752,
    ]  # fmt: skip
    assert row_effects(fit).value == pytest.approx(effects, rel=1e-8)
    assert row_means(fit).value[:3] == pytest.approx([-1.00247207489, -1.41570542366, -1.02938219425], rel=1e-8)


def test_the_expected_value_and_its_error_are_those_of_metafor(bcg):
    expected = expected_means(fit_area_level(*bcg))
    assert expected.value[:2] == pytest.approx([-1.029007691, -1.349126666], rel=1e-8)
    assert expected.se[:2] == pytest.approx([0.140371175, 0.201098131], rel=1e-8)


def test_the_deleted_residuals_use_the_other_trials_only(bcg):
    # metafor's rstudent refits tau2 as well; ours keeps it, so they agree only roughly, except in direction
    y = bcg[0]
    fit = fit_area_level(*bcg)
    ours = y - expected_means(fit, leave_one_out=True).value
    theirs = [0.1488, -0.2801, -0.3906, -0.2709, -0.1044, 0.3183, -1.4026, 0.2270, 0.0804, -0.4538, -0.0704, 1.1763,
              0.7315]  # fmt: skip
    assert ours == pytest.approx(theirs, abs=0.06)


def test_the_profile_interval_is_that_of_metafor(bcg):
    # metafor stops within 1.2e-4 of its limits
    y, X, v = bcg
    found = component_interval(fit_area_level(y, X[:, :1], v), ROW)
    assert (found.low, found.high) == pytest.approx((0.11523940, 0.96469584), abs=1.2e-4)


def test_the_moment_estimator_of_the_funnel_is_that_of_der_simonian_and_laird(bcg):
    y, _, v = bcg
    centre = (y / v).sum() / (1 / v).sum()
    found = overdispersion((y - centre) / np.sqrt(v), np.sqrt(v), winsorised=0.0)
    assert found.tau2 == pytest.approx(0.308760262862, rel=1e-9)


def test_schools_in_districts_give_the_variances_of_the_published_example():
    fit = fit_area_level(EFFECT, np.ones((56, 1)), VARIANCE, DISTRICT)
    assert fit.components == pytest.approx([0.0650619468903, 0.0327365157041], rel=1e-6)
    assert fit.beta[0] == pytest.approx(0.184713164038, abs=1e-8)
    assert np.sqrt(fit.beta_cov[0, 0]) == pytest.approx(0.084555920007, abs=1e-8)
    assert fit.criterion - np.log(56) == pytest.approx(2 * 7.958724033711, abs=1e-8)


def test_the_district_effects_are_those_of_metafor():
    fit = fit_area_level(EFFECT, np.ones((56, 1)), VARIANCE, DISTRICT)
    effects = [
        -0.1899859593938, -0.0846707712842, 0.1407273005595, 0.2406481430738, -0.1072941991146, -0.2365089912892,
        0.5342778108051, -0.2004695039723, 0.0571169223257, -0.1416839609290, -0.0121567907809,
    ]  # fmt: skip
    assert group_effects(fit).value == pytest.approx(effects, abs=1e-7)


def test_the_profile_intervals_of_both_variances_are_those_of_metafor():
    fit = fit_area_level(EFFECT, np.ones((56, 1)), VARIANCE, DISTRICT)
    district, school = (component_interval(fit, which) for which in (GROUP, ROW))
    assert (district.low, district.high) == pytest.approx((0.02223279, 0.20724173), abs=1.2e-4)
    assert (school.low, school.high) == pytest.approx((0.01627353, 0.06282546), abs=1.2e-4)
    assert group_share(fit).value == pytest.approx(0.0650619 / (0.0650619 + 0.0327365), rel=1e-5)


def test_milk_expenditure_gives_the_small_area_estimates_of_sae():
    X = np.column_stack([np.ones(43), *(area == MAJOR_AREA for area in (2, 3, 4))]).astype(float)
    fit = fit_area_level(MILK[:, 0], X, MILK[:, 1] ** 2)
    assert fit.beta == pytest.approx([0.9681890, 0.1327801, 0.2269462, -0.2413011], abs=2e-5)
    assert row_means(fit).value == pytest.approx(MILK_EBLUP, abs=2e-5)


def test_milk_expenditure_gives_the_prasad_rao_errors_of_sae():
    # sae takes sum 1/(A + D)^2 for the information of the variance, we take tr(PP): they part by one part in 43
    X = np.column_stack([np.ones(43), *(area == MAJOR_AREA for area in (2, 3, 4))]).astype(float)
    fit = fit_area_level(MILK[:, 0], X, MILK[:, 1] ** 2)
    assert row_means(fit).se ** 2 == pytest.approx(MILK_MSE, rel=0.05)


def test_a_trend_line_has_the_knapp_hartung_interval_of_metafor():
    level = [226.2, 225.8, 224.7, 229.7, 230.6, 231.9, 232.6, 229.3, 229.6, 228.6]
    line = trends(series(range(2015, 2025), level, [0.2] * 10))[0]
    assert line.slope == pytest.approx(0.4921212121212, rel=1e-8)
    assert line.se == pytest.approx(0.2508164812255, rel=1e-7)
    assert (line.low, line.high) == pytest.approx((-0.0862626307622, 1.0705050550047), rel=1e-6)
    assert line.extra_sd**2 == pytest.approx(5.1499848484849, rel=1e-6)
