"""Money, answers and published figures, each against a second, naive way of working them out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from likvard.simulate.money import stale, whole


@given(st.lists(st.floats(0, 1e7), min_size=1, max_size=40))
def test_whole_crowns_sum_to_the_whole_sum_and_none_moves_a_crown(amounts: list[float]) -> None:
    crowns = whole(np.array(amounts))
    assert crowns.sum() == round(float(np.sum(amounts)))
    assert np.abs(crowns - np.array(amounts)).max() <= 1


def test_the_socioeconomic_share_is_what_was_said_of_each_municipality(country) -> None:
    rows = country.ask("""select left(unit_code, 5), year, sum(crowns) filter (where kind = 'socioeconomic')
        / sum(crowns) filter (where kind in ('base', 'socioeconomic'))
        from money where school_form = 'GR' and unit_code is not null group by 1, 2""")
    assert {round(share, 6) for *_, share in rows} == {0.08}


def test_independent_units_have_base_money_on_the_same_grounds(country) -> None:
    rows = country.ask("""
        with pupils as (select unit_code, school_year + 1 as year, count(*) as n from enrolment
            where school_form = 'GR' group by 1, 2)
        select m.year, min(crowns / n), max(crowns / n) from money m join pupils using (unit_code, year)
        where kind = 'base' and school_form = 'GR' group by m.year""")
    assert all(high - low < 1 for _, low, high in rows)


def test_a_stale_municipality_deals_by_the_first_years_index_and_others_by_each_years(country) -> None:
    """Under a stale index the units' weights for each pupil keep their proportions from year to year."""
    rows = country.ask("""
        with pupils as (select unit_code, school_year + 1 as year, count(*) as n from enrolment
            where school_form = 'GR' group by 1, 2)
        select u.municipality_code, stddev(ln(b.crowns / q.n * p.n / a.crowns))
        from money a join money b using (unit_code, kind, school_form)
        join pupils p on p.unit_code = a.unit_code and p.year = a.year
        join pupils q on q.unit_code = b.unit_code and q.year = b.year
        join unit u on u.unit_code = a.unit_code and u.school_year = 2016 and u.school_form = 'GR'
        where kind = 'socioeconomic' and a.year = 2017 and b.year = 2020 group by 1""")
    moved = dict(rows)
    old = {place: stale(country.settings, index) for index, place in enumerate(sorted(moved))}
    assert set(old.values()) == {True, False}
    assert all((moved[place] < 1e-5) == old[place] for place in moved)


def test_girls_and_boys_make_up_all_answers(country) -> None:
    query = """select count(*) from (select sum(n) filter (where "group" = 'all') as whole,
        sum(n) filter (where "group" <> 'all') as parts from survey_answer
        group by area_code, year, respondents, question, option) where whole <> parts"""
    assert country.number(query) == 0


def test_half_of_the_organisers_take_part_each_spring(country) -> None:
    rows = country.ask("""select organiser_number, list(distinct s.year % 2) from survey_answer s
        join unit u on u.unit_code = s.area_code and u.school_year = s.year - 1 group by 1""")
    assert all(len(rounds) == 1 for _, rounds in rows)
    assert {rounds[0] for _, rounds in rows} == {0, 1}


def test_a_published_index_is_the_mean_of_its_questions(country) -> None:
    rows = country.ask("""
        with means as (select area_code, year, question, sum(n * case option_order when 1 then 10 when 2 then 20 / 3.0
                when 3 then 10 / 3.0 else 0 end) / sum(n) as mean
            from survey_answer where area = 'Studiero' and "group" = 'all' and respondents = 'pupils-GR-8'
            and option_order > 0 group by all)
        select value, avg(mean) from statistic s join means m using (area_code, year)
        where measure = 'survey_index_studiero' and "group" = 'all' and value is not null group by s.area_code, year, value
        """)
    assert len(rows) > 20
    assert max(abs(published - mean) for published, mean in rows) <= 0.05 + 1e-9


def test_published_merit_is_the_mean_of_the_pupils_and_hidden_below_ten(wide) -> None:
    rows = wide.ask("""select value, status, mean, pupils from
        (select unit_code as area_code, avg(merit) as mean, count(*) as pupils from leaver group by 1)
        left join (select * from statistic where measure = 'merit_value' and level = 'unit') using (area_code)""")
    assert {status for _, status, _, pupils in rows if pupils < 10} == {"few"}
    assert all(value == pytest.approx(mean, abs=0.05 + 1e-9) for value, _, mean, n in rows if n >= 10)


def test_nearly_all_is_a_range_that_holds_the_true_share(wide) -> None:
    rows = wide.ask("""select low, high, raw, share from statistic join
        (select unit_code as area_code, avg(every_subject::int) as share from leaver group by 1) using (area_code)
        where measure = 'share_all_subjects_year_9' and level = 'unit' and status = 'near_all'""")
    assert rows
    assert {raw for _, _, raw, _ in rows} == {"~100"}
    assert all(low - 0.03 <= share <= high + 0.03 for low, high, _, share in rows)


def test_minutes_missed_never_exceed_the_schedule(country) -> None:
    query = """select count(*) from attendance where authorised_minutes + unauthorised_minutes + unreported_minutes
        > scheduled_minutes or least(authorised_minutes, unauthorised_minutes, unreported_minutes) < 0"""
    assert country.number(query) == 0


def test_the_months_of_a_school_year_are_eleven_without_july(country) -> None:
    months = country.ask("select distinct month from attendance where school_year = 2016 order by 1")
    assert [(m.year, m.month) for (m,) in months] == [
        *((2016, month) for month in range(8, 13)),
        *((2017, month) for month in range(1, 7)),
    ]
