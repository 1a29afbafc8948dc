"""From pupils' records to the index of need: who is in it, which year it is of, and what a reader sees."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from benchmarks import need as bench
from scipy.special import expit

from likvard import simulate
from likvard.disclosure.ledger import Ledger
from likvard.disclosure.publication import FigureKey
from likvard.flow import need, need_table, publish_need, register
from likvard.flow.publish_nation import Told
from likvard.flow.publish_sheet import Sheet, released
from likvard.records.lake import Lake
from likvard.simulate import deliveries
from likvard.simulate.money import indexes
from likvard.simulate.years import years
from likvard.terms import Audience, ModelError, UsageError

DAY = datetime(2026, 11, 21, tzinfo=UTC)
ON = date(2026, 11, 21)
SETTINGS = simulate.Settings(seed=5, municipalities=3, first_year=2021, years=4)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("need") / "lake"
    made = Lake.open(path, create=True)
    for found in years(SETTINGS):  # register, pupils and grades only: the rest takes long and says nothing of need
        for subject, scope, tables in islice(deliveries._parts(SETTINGS, found, {}), 3):
            made.deliver(deliveries._reading(SETTINGS, subject, scope, tables), at=DAY)
    return path


@pytest.fixture(scope="module")
def con(lake):
    with Lake.open(lake).connect() as opened:
        yield opened


@pytest.fixture(scope="module")
def found(con):
    return {one.goal.form: one for one in need.needs(con, within=True)}


@pytest.fixture(scope="module")
def made(found):
    return publish_need.Need(tuple(found.values()))


def newest(found, form="GR"):
    return found["GY" if form == "GY" else "GR"].years[form][-1]


def test_every_form_that_can_have_an_index_has_one_and_the_others_say_why(made):
    assert {"GR", "GY", "FKLASS", "FTH", "FSK"} <= {year.form for year in made.years}
    assert {form for form, told in made.facts.items() if "without" in told} == {"GRAN", "GYAN", "SP", "VUX", "SFI"}


def test_all_pupils_of_compulsory_school_are_counted(found, con):
    year = newest(found)
    n = con.execute(
        "select count(distinct pupil_id) from enrolment where school_form = 'GR' and school_year = 2024"
    ).fetchone()[0]
    assert (year.year, year.pupils.sum()) == (2024, n)


def test_an_index_is_fitted_to_cohorts_up_to_its_own_year_only(found):
    for year in found["GR"].years["GR"]:
        assert year.cohorts == tuple(range(2021, year.year + 1))[-3:]


def test_each_later_cohort_is_checked_under_the_model_of_those_before(found):
    one = found["GR"]
    assert sorted(one.checked) == [2022, 2023, 2024]
    assert one.calibration is one.checked[2024]
    assert one.calibration.low < 1 < one.calibration.high


def test_the_ageing_of_models_is_told_by_years(found):
    assert sorted(found["GR"].aged) == [1, 2, 3]


def test_a_diploma_is_looked_for_two_springs_after_the_start(found):
    assert newest(found, "GY").cohorts == (2023, 2024)


def test_the_share_that_the_model_does_not_see_is_that_of_unknown_education(found, con):
    year = newest(found)
    unknown = con.execute(
        """select count(*) from (select distinct pupil_id, unit_code from enrolment where school_form = 'GR'
           and school_year = 2024) join pupil p using (pupil_id) where p.school_year = 2024 and parents_education is null"""
    ).fetchone()[0]
    assert year.sums.unseen.sum() == unknown > 0


def test_the_index_goes_with_the_one_that_the_simulated_money_follows(found):
    year = newest(found)
    own = {}
    for place in list(years(SETTINGS))[-1]:
        told, filled = indexes(place), place.plan.filled(2024)
        mean = bench.planted(place.roll.of(need.SchoolForm.COMPULSORY)).mean()
        own |= {place.plan.units[int(u)].code: v * mean for u, v in zip(filled, told, strict=True) if u >= 0}
    pairs = np.array([(v, own[c]) for c, v in zip(year.unit.tolist(), year.index.value, strict=True) if c in own])
    pairs = pairs[np.isfinite(pairs).all(axis=1)]
    assert len(pairs) > 15
    assert np.corrcoef(pairs.T)[0, 1] > 0.9


@pytest.fixture(scope="module")
def owner(con):
    return register.read(con).owner


@pytest.fixture(scope="module")
def shown(made, owner):
    """What the public sees, and what the country's figures are made of."""
    cells, told = {}, Told()
    for number in sorted(set(owner.values())):
        sheet = Sheet(number)
        made.ask(sheet, [unit for unit, of in owner.items() if of == number])
        for one in released(sheet, ON, Ledger()):
            if one.audience is Audience.PUBLIC:
                told.take(one)
                cells |= one.cells
    return cells, told


def test_an_organisers_index_is_of_the_units_that_are_shown_so_that_small_ones_cannot_be_worked_out(shown, owner):
    told, own, hidden = Counter(), {}, 0
    for key, cell in shown[0].items():
        name = FigureKey(*key)
        if name.measure == "need_index" and name.level == "unit":
            told[owner[name.area], name.form, name.year] += cell.n or 0 if cell.value is not None else 0
            hidden += cell.value is None
        elif name.measure == "need_index":
            own[name.area, name.form, name.year] = cell.n
    assert hidden > 0
    assert own == {place: n for place, n in told.items() if n}


def test_where_the_index_is_hidden_so_are_the_chance_the_unseen_and_the_other_model_s(shown):
    cells, _ = shown
    for key, cell in cells.items():
        if key[0] == "need_index" and key[4] == "unit":
            for measure in ("need_probability", "need_unseen", "need_index_within"):
                assert (cells[(measure, *key[1:])].value is None) == (cell.value is None)


def test_an_index_is_told_with_too_few_digits_to_search_for_the_pupils_behind_it(found, shown):
    year, told = newest(found), 0
    for key, cell in shown[0].items():
        if key[0] == "need_index" and key[4] == "unit" and key[6:8] == ("GR", "2024") and cell.value is not None:
            i, told = year.at[key[5]], told + 1
            assert cell.value == round(float(year.index.value[i]), 1)
            assert cell.low == int(cell.low) <= year.index.low[i] <= year.index.high[i] <= cell.high == int(cell.high)
            chance = shown[0][("need_probability", *key[1:])].value
            assert chance == round(float(year.index.probability[i]), 3)
    assert told > 20


def test_the_other_model_s_index_is_that_of_the_fit_with_a_unit_effect_and_only_of_units(found, shown, con):
    (asked,) = (one for one in need.needs(con, unit_effect=True) if one.goal.form == "GR")
    year, other = newest(found), asked.years["GR"][-1].index
    assert year.within.value == pytest.approx(other.value, nan_ok=True)
    assert np.nanmax(abs(year.index.value - year.within.value)) > 0.5
    told = {
        key[5]: (key[4], cell)
        for key, cell in shown[0].items()
        if key[0] == "need_index_within" and key[6:8] == ("GR", "2024")
    }
    assert {level for level, _ in told.values()} == {"unit"}
    for code, (_, cell) in told.items():
        if cell.value is not None:
            assert cell.value == round(float(other.value[year.at[code]]), 1)


def test_no_other_model_is_fitted_or_told_unless_it_is_asked_for(con, found):
    (plain,) = (one for one in need.needs(con) if one.goal.form == "GR")
    year = plain.years["GR"][-1]
    assert year.within is None
    assert year.index.value == pytest.approx(newest(found).index.value, nan_ok=True)
    sheet = Sheet("9900000000")
    publish_need.Need((plain,)).ask(sheet, year.unit.tolist())
    assert {one.cell.key[0] for one in sheet.derived} == {"need_probability", "need_unseen"}


def test_a_unit_of_many_pupils_of_whom_the_model_sees_few_is_hidden(found):
    year = newest(found)
    row = int(year.pupils.argmax())
    seen = year.index.n.copy()
    seen[row] = 3
    few = replace(year, index=replace(year.index, n=seen))
    for one, is_shown in ((year, True), (few, False)):
        sheet = Sheet("9900000000")
        made = publish_need.Need((replace(found["GR"], years={"GR": (one,)}),))
        made.ask(sheet, [str(year.unit[row])])
        public = next(made for made in released(sheet, ON, Ledger()) if made.audience is Audience.PUBLIC)
        assert {cell.value is not None for key, cell in public.cells.items() if key[4] == "unit"} == {is_shown}


def test_municipalities_are_made_of_what_the_public_sees(made, shown):
    _, told = shown
    cells = {cell.key: cell for cell in made.municipalities(told.needs)}
    places = {key[5] for key in cells if key[0] == "need_index" and key[6] == "GR" and key[7] == "2024"}
    assert len(places) == 3
    assert all(
        cell.low < cell.value < cell.high for key, cell in cells.items() if key[0] == "need_index" and key[6] == "GR"
    )


def test_facts_tell_vintage_checks_and_drift_of_every_form(made):
    told = made.facts["FKLASS"]
    assert told["inputs"]["results"]["year"] == 2024
    assert told["of_form"] == "GR"
    assert set(told) >= {
        "goal",
        "cohorts",
        "of_year",
        "calibration",
        "drift",
        "checked_on",
        "between_units_sd",
        "n",
        "version",
    }
    assert told["drift"]["shift"] >= 0


def test_a_cohort_in_which_nobody_missed_the_goal_is_no_check_and_stops_nothing(found):
    made = newest(found).model
    pupils = need.Pupils(np.zeros((3, 4), int), np.array([0.2, 0.5, 0.8]), np.full(3, 40.0), np.arange(3))
    assert need._check(made, pupils, np.zeros(3)) is None
    assert need._check(made, pupils, np.array([9.0, 6.0, 2.0])).pupils == 120


def test_a_lake_without_pupils_has_no_index(tmp_path):
    Lake.open(tmp_path / "empty", create=True)
    with Lake.open(tmp_path / "empty").connect() as con:
        assert need.needs(con) == ()
    assert publish_need.Need().facts == {}


def organiser(lake):
    return next(row.number for row in register.register(lake).organisers if row.municipality_code)


def ask(lake, **changed):
    wish = {"form": "GR", "year": None, "audience": Audience.PUBLIC, "on": ON} | changed
    return need_table.need_table(
        lake, changed.pop("number", organiser(lake)), **{k: wish[k] for k in ("form", "year", "audience", "on")}
    )


def test_the_table_of_an_organiser_ends_with_itself_and_writes_three_files(lake, tmp_path):
    table = ask(lake)
    assert table.rows[-1].code == table.organiser
    assert [row.name for row in table.rows[:-1]] == sorted(row.name for row in table.rows[:-1])
    written = need_table.write(table, tmp_path)
    assert [path.suffix for path in written] == [".csv", ".csv", ".json"]
    assert written[0].read_text(encoding="utf-8-sig").startswith("kod;enhet;index")


def test_the_table_of_an_earlier_year_tells_of_the_model_of_that_year(lake, found):
    earlier = found["GR"].years["GR"][0]
    told = ask(lake, year=earlier.year).facts
    assert (told["of_year"], told["cohorts"]) == (earlier.year, list(earlier.cohorts))
    checked = found["GR"].checked[min(cohort for cohort in found["GR"].checked if cohort > earlier.year)]
    assert told["calibration"]["slope"] == checked.slope


def test_a_form_without_an_index_is_told_why(lake):
    assert ask(lake, form="GRAN").without is not None


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"number": "0000000000"}, UsageError, "no organiser"),
        ({"year": 2001}, UsageError, "school year 2001"),
        ({"form": "XX"}, ModelError, "no school form"),
    ],
)
def test_what_the_lake_does_not_have_is_refused_in_words(lake, changed, error, words):
    with pytest.raises(error, match=words):
        ask(lake, **changed)


def test_the_planted_index_is_recovered_on_average():
    told = bench.recovery(range(2001, 2007), 12)
    assert abs(told["bias of the index"][0]) < 0.5
    assert told["root mean square error"][0] < 6
    assert 0.9 < told["slope of the index on the truth"][0] < 1.1
    assert told["whole interval covers, pupils drawn anew, %"][0] > 90


def test_the_bench_groups_pupils_without_losing_any():
    leavers, missed, everybody = bench.national(60, 3_000, 6_000)
    assert (leavers.n.sum(), everybody.n.sum()) == (3_000, 6_000)
    x, y = bench.one_by_one(leavers, missed)
    assert (len(x), y.sum()) == (3_000, missed.sum())
    assert np.isfinite(bench.plain_irls(x, y)).all()
    assert 0.02 < expit(x @ bench.plain_irls(x, y)).mean() < 0.5
