"""How schools lie, how far apart they are, what the distance belongs to, and whether it is more than chance."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import optimize, stats

EXACT = 6e-7  # sums of published numbers: nothing but the six decimals may differ
CLOSE = 1e-6  # half of it is left to where a search for the lowest criterion or the end of an interval stops
LEAST_SCHOOLS = 3
SEVENTEEN_SUBJECTS = 2014  # the school year from which the merit value is about 17 subjects


@pytest.fixture(scope="module")
def sized(merit):
    """Results with a size, by year."""
    found = {}
    for mean in merit:
        if mean.value is not None and mean.pupils:
            found.setdefault(mean.year, []).append(mean)
    return found


# Year by year -----------------------------------------------------------------------------------------------


def average(means):
    return sum(m.value * m.pupils for m in means) / sum(m.pupils for m in means)


def edge(means, share):
    """The smallest result such that at least this share of the pupils go to schools at or below it."""
    enough, reached = share * sum(m.pupils for m in means), 0.0
    for mean in sorted(means, key=lambda m: m.value):
        reached += mean.pupils
        if reached >= enough - 1e-6:
            return mean.value
    raise ValueError("no pupils")


def test_schools_over_time_agree_in_every_cell(agree, here, own, sized, cell):
    years = sorted({year for _, year in own} | set(sized))
    rows = {code: [own.get((code, year)) for year in years] for code in here}
    for head, of in (
        ("the country's mean", average),
        ("eight in ten pupils in the country, lower edge", lambda means: edge(means, 0.1)),
        ("eight in ten pupils in the country, upper edge", lambda means: edge(means, 0.9)),
    ):
        rows[head] = [
            cell(of(sized[year]), n=round(sum(m.pupils for m in sized[year]))) if year in sized else None
            for year in years
        ]
    agree("schools-over-time", rows, EXACT)


def test_the_sentence_of_schools_over_time_tells_the_lowest_and_the_highest(figures, own, numbers, school_year):
    last = max(year for _, year in own)
    values = [cell.value for (_, year), cell in own.items() if year == last and cell.value is not None]
    told = numbers(figures["schools-over-time"]["sentences"][0]["en"])
    assert told == [str(len(values)), f"{min(values):.0f}", f"{max(values):.0f}", school_year(last)]


# How far apart ----------------------------------------------------------------------------------------------


def spread(means, within):
    """Pupil-weighted standard deviation less chance, and the interval that inverts the noncentral chi-square."""
    total, mean, df = sum(m.pupils for m in means), average(means), len(means) - 1
    square = sum(m.pupils * (m.value - mean) ** 2 for m in means)
    value = math.sqrt(max(square / total - within**2 * df / total, 0))
    statistic = square / within**2
    low, high = (noncentrality(s, df, tail) for s, tail in ((statistic, 0.975), (max(statistic, df), 0.025)))
    return value, within * math.sqrt(low / total), within * math.sqrt(high / total), total


def noncentrality(statistic, df, tail):
    """Where the noncentral chi-square, a Poisson mixture of plain ones, has this tail at the statistic."""

    def off(nc):
        half = nc / 2
        width = 12 * math.sqrt(half) + 40
        j = np.arange(max(0, math.floor(half - width)), math.ceil(half + width) + 1)
        return float(stats.poisson.pmf(j, half) @ stats.chi2.cdf(statistic, df + 2 * j)) - tail

    if off(0.0) <= 0:
        return 0.0
    return optimize.brentq(off, 0.0, 2 * statistic + 1000, xtol=1e-9)


@pytest.fixture(scope="module")
def spreads(here, sized, within):
    """Per year: the area's spread and the country's; None for too few schools."""
    found = {}
    for year in sorted(sized):
        both = ([m for m in sized[year] if m.unit in here], sized[year])
        found[year] = [spread(means, within) if len(means) >= LEAST_SCHOOLS else None for means in both]
    return found


def test_spread_over_time_agrees_in_every_cell(agree, spreads, cell, school_year):
    rows = {}
    for year, both in spreads.items():
        cells = [cell(missing="few") if s is None else cell(s[0], s[1], s[2], round(s[3])) for s in both]
        rows[school_year(year)] = [cells[0], cells[0], cells[1], cells[1]]
    agree("spread-over-time", rows, CLOSE)


@pytest.fixture(scope="module")
def moved(spreads):
    """What the area's spread moved since the merit value is about 17 subjects; years are independent."""
    first, last = min(year for year in spreads if year >= SEVENTEEN_SUBJECTS), max(spreads)
    before, after = spreads[first][0], spreads[last][0]
    return first, after[0] - before[0], math.hypot(after[2] - after[1], before[2] - before[1]) / 2


def test_the_change_of_the_spread_agrees(drawn, moved):
    _, value, half = moved
    told = drawn["spread-over-time"].facts["change"]
    assert (told.value, told.low, told.high) == pytest.approx((value, value - half, value + half), abs=CLOSE)


def test_the_sentences_and_the_lead_tell_the_newest_spread_and_its_change(
    figures, lead, spreads, moved, numbers, school_year, change
):
    year = max(spreads)
    area, nation = ([f"{x:.1f}" for x in s[:3]] for s in spreads[year])
    since = school_year(moved[0])
    moves = change(moved[1], moved[2], since, 1)
    told = [numbers(s["en"]) for s in figures["spread-over-time"]["sentences"]]
    assert told == [[school_year(year), *area], nation, moves, [since]]
    assert numbers(lead["spread-over-time"]) == [*area, nation[0], *moves]


# What the distance belongs to -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shares(compared, opened, within, panel, reml):
    """Shares of organisers, schools and pupils before and after intake, with intervals by the delta method."""
    last = max(mean.year for mean in compared)
    known = [m for m in compared if m.year == last and opened.newest(m.unit, "organiser")]
    owners = [opened.newest(m.unit, "organiser") for m in known]
    assert all(len(owner) == 1 for owner in owners)
    y, n, X = panel.matrix(known)
    bars = []
    for design in (X[:, :1], X):
        fit = reml.Dense(y, design, within**2 / n, [min(owner) for owner in owners]).fit()

        def divided(theta):
            parts = np.array([*theta, panel.DEFAULT_MERIT[0] ** 2])
            return parts / parts.sum()

        turn = reml.slopes(divided, fit.theta)
        half = reml.Z * np.sqrt(np.einsum("ks,kl,ls->s", turn, fit.covariance, turn))
        value = divided(fit.theta)
        bars.append((value, np.clip(value - half, 0, 1), np.clip(value + half, 0, 1)))
    return bars, round(n.sum())


def test_variance_shares_agree_in_every_cell(agree, shares, cell):
    bars, n = shares
    heads = ("organisers", "schools of the same organiser", "pupils in the same school")
    rows = {
        head: [cell(v[i], low[i], high[i], n) for v, low, high in bars for _ in ("value", "interval")]
        for i, head in enumerate(heads)
    }
    agree("variance-shares", rows, CLOSE)


def test_the_sentence_of_variance_shares_tells_what_lies_between_schools(
    figures, shares, compared, numbers, school_year
):
    last = max(mean.year for mean in compared)
    assert numbers(figures["variance-shares"]["subtitle"]["en"]) == [school_year(last)]
    (told,) = (numbers(s["en"]) for s in figures["variance-shares"]["sentences"])
    assert told == [f"{100 * part[1]:.0f}" for bar in shares[0] for part in bar]


# More than chance -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def funnel(compared, sized, now):
    """The newest year that can be compared, and results with at least ten pupils."""
    last = max(mean.year for mean in compared)
    return last, {m.unit: m for m in sized[last] if m.unit in now and m.pupils >= 10}


def limit(centre, within, n, coverage):
    half = stats.norm.ppf((1 + coverage) / 2) * within / math.sqrt(n)
    return centre - half, centre + half


def place(mean, centre, within):
    low, high = limit(centre, within, mean.pupils, 0.998)
    return "below" if mean.value < low else "above" if mean.value > high else "within"


def test_more_than_chance_agrees_in_every_cell(agree, funnel, own, within, now):
    year, means = funnel
    centre = average(means.values())
    rows = {
        code: [own[code, year], own[code, year], place(means[code], centre, within)] for code in now if code in means
    }
    agree("more-than-chance", rows, EXACT)


def test_the_funnel_s_centre_limits_and_share_of_chance_agree(drawn, funnel, within, numbers, school_year):
    year, means = funnel
    chart, centre = drawn["more-than-chance"].chart, average(means.values())
    assert numbers(drawn["more-than-chance"].subtitle.en) == ["9", school_year(year)]
    assert (chart.centre.value, chart.centre.n) == (pytest.approx(centre), sum(m.pupils for m in means.values()))
    assert chart.by_chance == pytest.approx(0.002 * len(means))
    assert chart.outside == {code for code, m in means.items() if place(m, centre, within) != "within"}
    assert [drawn_limit.coverage for drawn_limit in chart.limits] == [0.95, 0.998]
    sizes = [m.pupils for m in means.values()]
    for drawn_limit in chart.limits:
        assert (drawn_limit.size[0], drawn_limit.size[-1]) == pytest.approx(
            (max(0.8 * min(sizes), 5), 1.1 * max(sizes))
        )
        wanted = [limit(centre, within, n, drawn_limit.coverage) for n in drawn_limit.size]
        assert list(zip(drawn_limit.low, drawn_limit.high, strict=True)) == [pytest.approx(pair) for pair in wanted]


def test_the_sentences_of_more_than_chance_count_and_name_those_outside(figures, opened, funnel, within, numbers):
    _, means = funnel
    centre = average(means.values())
    sides = {code: place(m, centre, within) for code, m in means.items()}
    outside = [code for code, side in sides.items() if side != "within"]
    sentences = [s["en"] for s in figures["more-than-chance"]["sentences"]]
    assert numbers(sentences[0]) == [str(len(outside)), str(len(means))]
    assert round(0.002 * len(means)) == 0
    assert numbers(sentences[1]) == []
    for sentence, side in zip(sentences[2:], ("below", "above"), strict=False):
        named = {code for code in means if any(name in sentence for name in opened.newest(code, "name"))}
        assert named == {code for code in outside if sides[code] == side}
