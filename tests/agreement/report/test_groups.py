"""Gaps between girls and boys, and between schools with different intakes, over time: computed again."""

from __future__ import annotations

import math

import pytest

EXACT = 6e-7  # sums of published numbers: nothing but the six decimals may differ
SEVENTEEN_SUBJECTS = 2014  # the school year from which the merit value is about 17 subjects


def told_change(drawn, id):
    change = drawn[id].facts["change"]
    return change.value, change.low, change.high


# Girls and boys ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def eligible(opened, merit, here):
    """Per calendar year with known pupils: girls and boys in per cent with 95 % half widths, and half the pupils."""
    rows = []
    for year in sorted({year for place, year, _ in opened.eligible if place == "0127"}):
        pupils = sum(
            m.pupils for m in merit if m.unit in here and m.year == year - 1 and m.value is not None and m.pupils
        )
        if not pupils:
            continue
        girls, boys = (opened.eligible["0127", year, sex] for sex in ("K", "M"))
        assert girls[1] == boys[1] == ""
        values = girls[0], boys[0]
        halves = [196 * math.sqrt(v / 100 * (1 - v / 100) / (pupils / 2)) for v in values]
        rows.append((year, *zip(values, halves, strict=True), pupils / 2))
    return rows


def test_gap_by_sex_agrees_in_every_cell(agree, eligible, cell):
    rows = {}
    for year, girls, boys, n in eligible:
        entries = []
        for value, half in (girls, boys):
            found = cell(value, value - half, min(value + half, 100), round(n))
            entries += [found, found]
        gap, half = girls[0] - boys[0], math.hypot(girls[1], boys[1])
        found = cell(gap, gap - half, gap + half, round(2 * n))
        rows[str(year)] = [*entries, found, found]
    agree("gap-by-sex", rows, EXACT)


def test_the_change_of_the_gap_by_sex_is_told_from_the_first_year_shown(
    drawn, figures, lead, eligible, numbers, change
):
    gaps = [(year, g[0] - b[0], math.hypot(g[1], b[1])) for year, g, b, _ in eligible]
    (first, before, doubt_before), (last, after, doubt_after) = gaps[0], gaps[-1]
    moved, half = after - before, math.hypot(doubt_before, doubt_after)
    assert told_change(drawn, "gap-by-sex") == pytest.approx((moved, moved - half, moved + half), abs=EXACT)
    gap = [str(round(number)) for number in (after, after - doubt_after, after + doubt_after)]
    assert after - doubt_after < 0 < after + doubt_after  # else another sentence
    told = [numbers(s["en"]) for s in figures["gap-by-sex"]["sentences"]]
    assert told == [[str(last), *gap], change(moved, half, str(first), 0)]
    assert numbers(lead["gap-by-sex"]) == [str(last)]


# Intake -----------------------------------------------------------------------------------------------------


def quarters(means, within):
    """Mean, half width and pupils of the outer quarters of pupils, schools ordered by parents' education.

    A school belongs to a quarter if its middle pupil does. Schools with the same share stand by code.
    """
    ordered = sorted(means, key=lambda m: (m.intake[0], m.unit))
    total, before, upper, lower = sum(m.pupils for m in means), 0.0, [], []
    for mean in ordered:
        middle = (before + mean.pupils / 2) / total
        before += mean.pupils
        if middle >= 0.75:
            upper.append(mean)
        elif middle <= 0.25:
            lower.append(mean)
    return summary(upper, within), summary(lower, within)


def summary(means, within):
    """Pupil-weighted mean; the half width is the larger of the schools' own spread and the pupils' chance."""
    n = sum(m.pupils for m in means)
    mean = sum(m.value * m.pupils for m in means) / n
    between = sum((m.pupils * (m.value - mean)) ** 2 for m in means) / n**2 * len(means) / max(len(means) - 1, 1)
    return mean, 1.96 * math.sqrt(max(between, within**2 / n)), n


@pytest.fixture(scope="module")
def by_intake(compared, here, within):
    """By figure and year: the upper and the lower quarter, in years with eight schools."""
    found = {}
    for id, means in (
        ("gap-by-intake", [m for m in compared if m.unit in here]),
        ("gap-by-intake-nation", compared),
    ):
        years = {year: [m for m in means if m.year == year] for year in sorted({m.year for m in means})}
        found[id] = {year: quarters(own, within) for year, own in years.items() if len(own) >= 8}
    return found


def rows(years, cell, school_year):
    found = {}
    for year, (high, low) in years.items():
        entries = [cell(v, v - half, v + half, round(n)) for v, half, n in (high, low) for _ in ("value", "interval")]
        gap, half = high[0] - low[0], math.hypot(high[1], low[1])
        between = cell(gap, gap - half, gap + half, round(high[2] + low[2]))
        found[school_year(year)] = [*entries, between, between]
    return found


def test_gap_by_intake_agrees_in_every_cell(agree, by_intake, cell, school_year):
    agree("gap-by-intake", rows(by_intake["gap-by-intake"], cell, school_year), EXACT)


def test_gap_by_intake_in_the_nation_agrees_in_every_cell(agree, by_intake, cell, school_year):
    agree("gap-by-intake-nation", rows(by_intake["gap-by-intake-nation"], cell, school_year), EXACT)


@pytest.mark.parametrize("id", ["gap-by-intake", "gap-by-intake-nation"])
def test_the_change_of_the_gap_by_intake_is_told_within_one_series(
    id, drawn, figures, lead, by_intake, numbers, change, school_year
):
    years = by_intake[id]
    first, last = min(year for year in years if year >= SEVENTEEN_SUBJECTS), max(years)
    (gap_then, doubt_then), (gap, doubt) = (
        (high[0] - low[0], math.hypot(high[1], low[1])) for high, low in (years[first], years[last])
    )
    moved, half = gap - gap_then, math.hypot(doubt_then, doubt)
    assert told_change(drawn, id) == pytest.approx((moved, moved - half, moved + half), abs=EXACT)
    assert gap - doubt > 0  # else another sentence
    since, newest = school_year(first), school_year(last)
    size, *ends = f"{gap:.0f}", f"{gap - doubt:.0f}", f"{gap + doubt:.0f}"
    moves = change(moved, half, since, 0)
    told = [numbers(s["en"]) for s in figures[id]["sentences"]]
    assert told == [[size, newest, *ends], moves, [since]]
    if id in lead:
        assert numbers(lead[id]) == ["9", size, *ends, *moves]  # "in year 9"
