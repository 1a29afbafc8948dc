"""What the report says of the simulated country, held against what was planted there. The whole table is benchmarks/recovery.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import numpy as np
import pytest
from benchmarks import recovery

from likvard import simulate
from likvard.simulate.settings import Settings

SEEDS = range(11, 14)


@pytest.fixture(scope="module")
def countries() -> Sequence[recovery.Replicate]:
    return [recovery.replicate(seed, municipalities=12) for seed in SEEDS]


@pytest.fixture(scope="module")
def covered(countries) -> Mapping[str, recovery.Coverage]:
    return recovery.coverage(list(recovery.together(countries)))


def tolerance(found: recovery.Coverage, effective: float = 1.0) -> float:
    """The aim's two points on either side, and three binomial errors of so many intervals of their own."""
    return 0.02 + 3 * float(np.sqrt(0.95 * 0.05 / (found.intervals * effective)))


@pytest.mark.parametrize(
    "row", ["a school's effect (beyond the chance of a year)", "a school's effect in Ma", "a school's effect in En"]
)
def test_intervals_of_schools_effects_hold_the_planted_effects(covered, row: str) -> None:
    assert covered[row].intervals > 180
    assert covered[row].share == pytest.approx(0.95, abs=tolerance(covered[row]))


def test_intervals_of_gaps_hold_the_planted_gaps_even_in_places_of_few_schools(countries) -> None:
    """The five years of a place share its schools, its groups their pupils: we count them as a third of as many."""
    held = [one for one in recovery.together(countries) if one.row.startswith("gap") and "country" not in one.row]
    inside, intervals = np.sum([one.counted for one in held], axis=0)
    found = recovery.Coverage(float(inside / intervals), 0.0, int(intervals))
    assert found.share == pytest.approx(0.95, abs=tolerance(found, effective=1 / 3))


def test_the_effect_is_not_the_intakes(countries) -> None:
    """Without the school's composition among what is allowed for, a school is praised for whom its pupils meet."""
    settings = recovery.settings_of(SEEDS[0], 12)
    found = recovery.report.records(recovery.connected(recovery.tables(recovery.years_of(settings), settings)))
    effects = recovery.report.deviations(found)
    rows = simulate.truth(settings).units
    con = duckdb.connect()
    con.register("truth", rows)
    context = dict(
        con.execute(
            """select unit_code, avg(context) from truth where outcome = 'merit_value' and school_year >= 2020
               group by unit_code"""
        ).fetchall()
    )
    put_in = [context[str(unit)] for unit in effects.unit]
    assert abs(np.corrcoef(put_in, effects.difference)[0, 1]) < 0.35


def test_the_short_country_is_the_delivered_one_row_for_row() -> None:
    settings = Settings(seed=4, municipalities=2, first_year=2022, years=2)
    short = recovery.connected(recovery.tables(recovery.years_of(settings), settings))
    whole = duckdb.connect()
    for name in ("grade", "pupil", "enrolment", "unit"):
        for i, rows in enumerate(r.tables[name] for r in simulate.readings(settings) if name in r.tables):
            whole.register(f"{name}{i}", rows)
            how = "insert into" if i else "create table"
            whole.execute(f"{how} {name} {'' if i else 'as'} from {name}{i}")
    for con in (short, whole):
        recovery.report.question.gather_leavers(con, recovery.report.SUBJECTS)
    order = "select * from leaver order by all"
    assert short.execute(order).fetchall() == whole.execute(order).fetchall()


@pytest.mark.parametrize("seed", [1, 5])
def test_a_lake_of_one_municipality_says_how_its_schools_differ(seed: int) -> None:
    settings = recovery.settings_of(seed, 1)
    found = recovery.report.records(recovery.connected(recovery.tables(recovery.years_of(settings), settings)))
    deviations = recovery.report.deviations(found)
    assert (deviations.low < deviations.difference).all()
    assert 0 <= deviations.explained_low <= deviations.explained <= deviations.explained_high <= 1
