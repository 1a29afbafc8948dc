"""Every school in every subject of the national tests against the expected: computed again, with the alarm budget."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
import pytest
from scipy import stats

TESTS = [(subject, year) for year in (6, 9) for subject in ("sve", "sva", "eng", "ma")]
WITHIN = (5.0, 4.5, 5.5)  # test points; stands where the tests themselves tell too little
FEWEST_SCHOOLS = 100
LAST_YEARS = 3
RATE = 0.05

# Half of it is the six decimals, half is left to where a search for the lowest criterion stops, in test points.
CLOSE = 1e-6


@pytest.fixture(scope="module")
def published(opened, panel):
    """Every mean of every test."""
    return {(subject, year): panel.means(opened, f"test_mean_{subject}_year_{year}", year) for subject, year in TESTS}


@pytest.fixture(scope="module")
def used(published, panel):
    """Of each test with enough schools, the means of its last three years that can be compared."""
    found = {}
    for test, means in published.items():
        whole = panel.comparable(means)
        last = max(mean.year for mean in whole)
        if len({mean.unit for mean in whole}) >= FEWEST_SCHOOLS:
            found[test] = [mean for mean in whole if mean.year > last - LAST_YEARS]
    return found


@pytest.fixture(scope="module")
def kept(used, panel, reml):
    """By test and school: what the school keeps of its distance from the expected, and the standard error."""
    found = {}
    for test, means in used.items():
        y, n, X = panel.matrix(means)
        within = panel.within_sd(means, (), WITHIN)
        fit = reml.Dense(y, X, within**2 / n, [mean.unit for mean in means]).fit()
        found |= {(test, unit): pair for unit, pair in fit.kept().items()}
    return found


@pytest.fixture(scope="module")
def alarms(kept):
    """Tests and schools whose difference survives Benjamini and Hochberg's budget over the whole country."""
    p = sorted((2 * stats.norm.sf(abs(value) / error), key) for key, (value, error) in kept.items())
    line = max((rank for rank, (size, _) in enumerate(p, start=1) if size <= RATE * rank / len(p)), default=0)
    return {key for _, key in p[:line]}


def why(means, panel):
    """Why a school has no difference in a subject, from its means of the years shown: hidden, else by the newest."""
    if not means:
        return "not_collected"
    reasons = [
        mean.status or ("few" if (mean.pupils or math.inf) < panel.LEAST_PUPILS else "unavailable") for mean in means
    ]
    return "few" if "few" in reasons else reasons[-1]


@pytest.fixture(scope="module")
def rows(published, used, kept, now, cell, panel, reml):
    sizes, shown = defaultdict(float), defaultdict(list)
    for test, means in used.items():
        years = {mean.year for mean in means}
        for mean in means:
            sizes[test, mean.unit] += mean.pupils
        for mean in published[test]:
            if mean.year in years:
                shown[test, mean.unit].append(mean)
    found = {}
    for code in now:
        if not any((test, code) in kept for test in used):
            found[code] = [cell(words=True), *[None] * (len(used) - 1)]
            continue
        found[code] = []
        for test in used:
            if (test, code) in kept:
                value, error = kept[test, code]
                half, n = reml.Z * error, round(sizes[test, code])
                found[code].append(cell(value, value - half, value + half, n))
            else:
                found[code].append(cell(missing=why(shown[test, code], panel)))
    return found


def test_subjects_agree_in_every_cell(agree, rows):
    agree("subjects", rows, CLOSE)


def test_the_cells_that_are_tinted_are_those_that_survive_the_budget(figures, used, alarms):
    tinted = {(row["code"], k) for row in figures["subjects"]["table"]["rows"] for k in row["kept"]}
    codes = {row["code"] for row in figures["subjects"]["table"]["rows"]}
    assert tinted == {(unit, list(used).index(test)) for test, unit in alarms if unit in codes}


def test_no_difference_lies_so_near_the_budget_s_line_that_a_last_digit_could_tint_it(kept, alarms):
    p = {key: 2 * stats.norm.sf(abs(value) / error) for key, (value, error) in kept.items()}
    line = RATE * len(alarms) / len(p)
    assert min(abs(np.log(size / line)) for size in p.values()) > 1e-4


def test_the_subtitle_tells_the_years(figures, used, numbers, school_year):
    years = [mean.year for means in used.values() for mean in means]
    told = numbers(figures["subjects"]["subtitle"]["en"])
    assert told == [school_year(min(years)), school_year(max(years))]


def test_the_sentences_count_the_tinted_and_the_tested(figures, used, kept, alarms, rows, numbers):
    values = [kept[test, code][0] for test, code in alarms if code in rows]
    below, above = sum(v < 0 for v in values), sum(v > 0 for v in values)
    filled = sum(c is not None and c.value is not None for entries in rows.values() for c in entries)
    without = sum(entries[0].words for entries in rows.values())
    told = [numbers(s["en"]) for s in figures["subjects"]["sentences"]]
    sides = [below, above] if below and above else []
    wanted = [[below + above, filled, *sides], [len(kept), 1, 20], [without, 0]]
    assert told == [[str(number) for number in sentence] for sentence in wanted]
    if not sides:
        assert ("below" if below else "above") in figures["subjects"]["sentences"][0]["en"]
    assert list(used) == TESTS
