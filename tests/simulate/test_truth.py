from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pyarrow.parquet as pq
import pytest

from likvard import simulate
from likvard.simulate.climate import BURN_IN, DOMAINS, climate, matrix, rates
from likvard.simulate.settings import Circle, Settings
from likvard.simulate.units import plan


@pytest.fixture(scope="module")
def known(country) -> simulate.Truth:
    return simulate.truth(country.settings)


def test_the_parts_of_a_units_effect_add_up_to_it(known) -> None:
    rows = known.units.filter(np.array(known.units["outcome"]) == "latent")
    parts = [np.array(rows[name]) for name in ("organiser", "stable", "circle", "yearly", "shock", "group", "slope")]
    assert np.allclose(np.sum(parts, axis=0), rows["effect"], atol=1e-9)


def test_the_truth_speaks_of_every_unit_that_set_final_grades(country, known) -> None:
    graded = country.ask("""select distinct unit_code, school_year from grade where kind = 'final' and grade_year = 9
        and school_form = 'GR' order by all""")
    rows = known.units.filter(np.array(known.units["outcome"]) == "merit_value")
    said = sorted(zip(rows["unit_code"].to_pylist(), rows["school_year"].to_pylist(), strict=True))
    assert said == graded


def test_unit_means_scatter_around_the_truth_as_much_as_pupils_make_them(wide) -> None:
    """z = (mean - expected - effect) / (SD within / √n) has mean 0 and SD 1 if the truth is true.

    Its SD over 260 units has a standard error of 1/√520 = 0.044; grading and what the expectation leaves out
    (dashes, mother tongue) may add a little.
    """
    z = scores(wide)
    assert abs(z.mean()) < 0.2
    assert z.std() == pytest.approx(1.0, abs=0.13)
    assert np.mean(np.abs(z) < 1.96) == pytest.approx(0.95, abs=0.03)


def scores(wide) -> np.ndarray:
    rows = wide.ask("""
        with within as (select unit_code, avg(merit) as mean, count(*) as n from leaver group by 1),
        spread as (select sqrt(sum((merit - mean) ** 2) / (count(*) - count(distinct unit_code))) as sd
            from leaver join within using (unit_code))
        select (mean - expected - effect) / (sd * 0.9 / sqrt(within.n)) from within, spread
        join true_units t on t.unit_code = within.unit_code and outcome = 'merit_value' where within.n >= 10""")
    return np.array(rows, dtype=float).ravel()


def test_what_units_add_shows_in_their_means_as_reliability_says(wide) -> None:
    """With effects of SD 14 and 65 pupils whose SD is 52, the correlation should be about √(196/(196+42)) = 0.9."""
    rows = wide.ask("""select effect, mean - expected from
        (select unit_code, avg(merit) as mean from leaver group by 1 having count(*) >= 20)
        join true_units using (unit_code) where outcome = 'merit_value'""")
    effect, beyond = np.array(rows, dtype=float).T
    assert np.corrcoef(effect, beyond)[0, 1] == pytest.approx(0.88, abs=0.06)


def test_a_raw_score_is_linear_in_what_lies_behind_it(wide) -> None:
    """The coefficients of a model with unit intercepts are those planted, within four standard errors."""
    rows = wide.ask("""
        select t.unit_code, points, (sex = 'girl')::int, (parents_education = 'tertiary')::int,
            (parents_education = 'compulsory')::int, foreign_background::int, (coalesce(years_in_sweden, 99) <= 4)::int,
            birth_month from national_test t join pupil using (pupil_id, school_year)
        where subject = 'Ma' and part = 'A' and grade_year = 9 and status = '' and parents_education is not null""")
    unit = np.unique([row[0] for row in rows], return_inverse=True)[1]
    y, X = np.array([row[1] for row in rows]), np.array([row[2:] for row in rows], dtype=float)
    n = np.bincount(unit)
    X -= np.stack([np.bincount(unit, column) / n for column in X.T], axis=1)[unit]
    y = y - (np.bincount(unit, y) / n)[unit]
    found = np.linalg.solve(X.T @ X, X.T @ y)
    error = np.sqrt(np.diag(np.linalg.inv(X.T @ X)) * (y - X @ found).var())
    planted = dict(zip(*(coefficients(wide)[c] for c in ("term", "value")), strict=True))
    true = [planted[t] for t in ("girl", "tertiary", "compulsory", "foreign", "newcomer", "birth_month")]
    assert np.all(np.abs(found - true) < 4 * error)


def coefficients(wide) -> dict[str, list[object]]:
    table = simulate.truth(wide.settings).coefficients
    return table.filter(np.array(table["outcome"]) == "raw:Ma").to_pydict()


def test_gaps_move_by_the_planted_trend(known) -> None:
    rows = known.coefficients.to_pylist()
    girls = [row["value"] for row in rows if row["outcome"] == "latent" and row["term"] == "girl"]
    assert np.allclose(np.diff(girls), Settings().results.girls_trend)


def test_planted_links_come_out_of_the_circle_and_no_others() -> None:
    """Without traits, last year's levels and turnover explain this year's: least squares on 12,000 seats a year."""
    settings = Settings(seed=2, municipalities=40, years=6, circle=Circle(trait=0.0))
    before, after = [], []
    for index in range(settings.municipalities):
        around, rate = climate(settings, index), rates(settings.circle, plan(settings, index))
        for t in range(BURN_IN, BURN_IN + settings.years - 1):
            before.append(np.column_stack([around.domains[:, t], around.turnover[:, t] - rate]))
            after.append(around.domains[:, t + 1])
    X, Y = np.concatenate(before), np.concatenate(after)
    found = np.linalg.solve(X.T @ X, X.T @ Y).T
    links, turnover = matrix(settings.circle)
    error = settings.circle.innovation * np.sqrt(np.diag(np.linalg.inv(X.T @ X)))
    assert np.all(np.abs(found - np.column_stack([links, turnover])) < 4.5 * error)


def test_the_circle_dies_out_and_does_not_run_away() -> None:
    links, _ = matrix(Circle())
    assert 0.3 < max(abs(np.linalg.eigvals(links))) < 0.95
    settings = Settings(municipalities=3, years=10)
    levels = np.concatenate([climate(settings, index).domains for index in range(3)])
    assert levels.std(axis=(0, 1)) == pytest.approx(np.ones(len(DOMAINS)), abs=0.12)


def test_pairs_without_a_link_are_named_with_zero(known) -> None:
    links = {(row["from"], row["to"]): row["coefficient"] for row in known.links.to_pylist()}
    assert links["steering", "teaching"] == 0.22
    assert links["health", "steering"] == 0.0


def test_shocks_are_in_the_effects_of_their_units_and_years() -> None:
    settings = Settings(seed=1, municipalities=8)
    known = simulate.truth(settings)
    rows = known.units.filter(np.array(known.units["outcome"]) == "latent").to_pylist()
    shocked = {(row["unit_code"], row["school_year"]) for row in rows if row["shock"] < 0}
    planted = known.shocks.to_pylist()
    assert planted
    assert {(p["unit_code"], p["first_year"]) for p in planted} <= shocked


def test_truth_is_written_a_table_a_file(tmp_path, country, known) -> None:
    folder = simulate.write_truth(country.settings, tmp_path / "truth")
    for part in fields(known):
        assert pq.read_table(folder / f"{part.name}.parquet").num_rows == getattr(known, part.name).num_rows
    assert "seed=8" in (folder / "settings.json").read_text(encoding="utf-8")


def test_truth_does_not_depend_on_the_readings_having_been_made(country) -> None:
    settings = replace(country.settings, municipalities=1)
    assert simulate.truth(settings).units.equals(simulate.truth(settings).units)
