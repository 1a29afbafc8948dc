"""Result against expected, and each school over time: computed again."""

from __future__ import annotations

import numpy as np
import pytest

SEED, REPLICATES = 20260821, 400  # the bootstrap's draws are part of the figure's definition
POOLED = 5

# Half of it is the six decimals, half is left to where a search for the lowest criterion stops (seen: under 1e-8).
CLOSE = 1e-6


@pytest.fixture(scope="module")
def pooled(compared):
    last = max(mean.year for mean in compared)
    return [mean for mean in compared if last - POOLED < mean.year <= last]


@pytest.fixture(scope="module")
def fitted(pooled, within, panel, reml):
    y, n, X = panel.matrix(pooled)
    return reml.Dense(y, X, within**2 / n, [mean.unit for mean in pooled]).fit()


@pytest.fixture(scope="module")
def rows(pooled, fitted, now, cell, reml):
    """Difference, interval, position, result, expected and pupils of every school of the area."""
    kept, awaited = fitted.kept(), fitted.X @ fitted.beta
    found = {}
    for code in now:
        own = [i for i, mean in enumerate(pooled) if mean.unit == code]
        if not own:
            found[code] = [cell(words=True), None, None, None, None, None]
            continue
        n = [pooled[i].pupils for i in own]
        value, error = kept[code]
        low, high = value - reml.Z * error, value + reml.Z * error
        difference = cell(value, low, high, round(sum(n)))
        position = "below" if high < 0 else "above" if low > 0 else "within"
        result = cell(sum(pooled[i].value * k for i, k in zip(own, n, strict=True)) / sum(n), n=round(sum(n)))
        expected = cell(sum(awaited[i] * k for i, k in zip(own, n, strict=True)) / sum(n), n=round(sum(n)))
        found[code] = [difference, difference, position, result, expected, result]
    return found


def test_result_against_expected_agrees_in_every_cell(agree, rows):
    agree("result-against-expected", rows, CLOSE)


@pytest.fixture(scope="module")
def explained(compared, within, panel, reml):
    """Share of the newest year's true variance between schools that goes with intake, with its bootstrap interval."""
    newest = max(mean.year for mean in compared)
    y, n, X = panel.matrix([mean for mean in compared if mean.year == newest])
    d, ones = within**2 / n, X[:, :1]

    def variance(design, take):
        return reml.lone_variance(y[take], design[take], d[take])

    every = np.arange(len(y))
    unexplained = variance(X, every) / variance(ones, every)
    counts = np.random.default_rng(SEED).multinomial(len(y), np.full(len(y), 1 / len(y)), size=REPLICATES)
    taken = [np.repeat(every, count) for count in counts]
    logs = [np.log(variance(X, take) / variance(ones, take)) for take in taken]
    factor = np.exp(reml.Z * np.std(logs, ddof=1))
    return 1 - unexplained, 1 - unexplained * factor, 1 - unexplained / factor, round(n.sum())


def test_the_share_that_intake_explains_agrees(drawn, explained):
    told = drawn["result-against-expected"].facts["explained"]
    assert (told.value, told.low, told.high) == pytest.approx(explained[:3], abs=1e-7)
    assert told.missing is None


def test_the_sentences_and_the_lead_count_what_was_counted_again(figures, lead, rows, explained, numbers):
    positions = [entries[2] for entries in rows.values() if entries[2]]
    below, above, within = (positions.count(p) for p in ("below", "above", "within"))
    share, low, high = (f"{100 * x:.0f}" for x in explained[:3])
    told = [numbers(s["en"]) for s in figures["result-against-expected"]["sentences"]]
    without = sum(entries[2] is None for entries in rows.values())
    wanted = [[len(positions), below, above], [within], [share, low, high], [without, 0]]  # "have no result"
    assert told == [[str(number) for number in sentence] for sentence in wanted]
    assert numbers(lead["result-against-expected"]) == [*told[0], share, low, high]


def test_the_subtitle_and_the_method_tell_the_years_and_the_share(figures, pooled, explained, numbers, school_year):
    figure, years = figures["result-against-expected"], [mean.year for mean in pooled]
    assert numbers(figure["subtitle"]["en"]) == ["9", school_year(min(years)), school_year(max(years))]
    assert numbers(figure["method"][-1]["text"]["en"]) == [f"{100 * x:.0f}" for x in explained[:3]]


def test_the_report_says_which_newer_results_are_not_compared(data, merit, compared, numbers, school_year):
    newest, last = (max(mean.year for mean in means) for means in (merit, compared))
    told = [numbers(part["en"]) for part in (data["missing"][0]["term"], data["missing"][0]["text"])]
    assert last < newest
    assert told == [[school_year(newest)], [school_year(last)]]


def test_the_notes_count_the_schools_left_out_in_the_newest_year_that_can_be_compared(
    figures, merit, compared, panel, numbers
):
    last = max(mean.year for mean in compared)
    why = panel.left_out([mean for mean in merit if mean.year == last])
    counts = [why[reason] for reason in ("result", "pupils", "few", "intake") if why[reason]]
    told = [int(numbers(note["en"])[0]) for note in figures["result-against-expected"]["notes"]]
    assert told == counts


# Each school over time --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bands(compared, within, panel, reml):
    """Where 95 per cent of results with the same intake and size lie, by unit and year: each year by itself."""
    found = {}
    for year in sorted({mean.year for mean in compared}):
        own = [mean for mean in compared if mean.year == year]
        y, n, X = panel.matrix(own)
        fit = reml.Dense(y, X, within**2 / n).fit()
        for mean, x, size in zip(own, X, n, strict=True):
            half = reml.Z * np.sqrt(fit.theta[1] + within**2 / size + x @ fit.Q @ x)
            found[mean.unit, year] = (x @ fit.beta - half, x @ fit.beta + half)
    return found


def test_school_by_school_agrees_in_every_cell(agree, now, own, bands, cell):
    years = sorted({year for code, year in own if code in now})
    rows = {}
    for code in now:
        line = [own.get((code, year), cell(missing="not_collected")) for year in years]
        rows[code] = [*line, line[-1], band(cell, bands, own, code, years[-1])]
    agree("school-by-school", rows, CLOSE)


def band(cell, bands, own, code, year):
    n = own[code, year].n if (code, year) in own else None
    if (code, year) not in bands:
        return cell(n=n, missing="not_collected")
    low, high = bands[code, year]
    return cell((low + high) / 2, low, high, n)


def test_the_expected_band_of_every_year_agrees(drawn, bands, own, cell, now):
    chart = drawn["school-by-school"].chart
    years = [period.start for period in chart.periods]
    assert [panel.school.code for panel in chart.panels] == now
    for panel in chart.panels:
        wanted = [band(cell, bands, own, panel.school.code, year) for year in years]
        told = [(c.value, c.low, c.high, c.n, c.missing) for c in panel.expected]
        assert told == [pytest.approx(w[:5], abs=CLOSE) if w.value is not None else w[:5] for w in wanted]
