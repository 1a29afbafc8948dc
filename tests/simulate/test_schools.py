from __future__ import annotations

import numpy as np

from likvard.simulate.climate import climate
from likvard.simulate.settings import Settings, sized
from likvard.simulate.units import plan
from likvard.terms import SchoolForm


def test_every_school_form_has_units_and_pupils(country) -> None:
    for table in ("unit", "enrolment"):
        forms = {form for (form,) in country.ask(f"select distinct school_form from {table}")}
        assert forms == {str(form) for form in SchoolForm}


def test_every_kind_of_organiser_has_units(country) -> None:
    kinds = {kind for (kind,) in country.ask("select distinct kind from organiser")}
    assert kinds == {"municipal", "independent", "regional", "state"}


def test_nobody_goes_to_a_unit_that_is_not_open_in_that_form_and_year(country) -> None:
    assert not country.ask("""
        select unit_code, school_form, school_year from enrolment
        except select unit_code, school_form, school_year from unit where status = 'active'""")


def test_a_unit_that_closed_stands_once_more_as_closed_and_never_opens_again(country) -> None:
    closed = country.ask(
        "select distinct unit_code, school_year from unit where status = 'closed' and school_year > 2016"
    )
    assert closed
    for code, year in closed:
        seen = country.ask(f"select max(school_year) from unit where unit_code = '{code}' and status = 'active'")
        assert seen == [(year - 1,)]


def test_lineage_joins_a_unit_that_was_to_one_that_is(country) -> None:
    links = country.ask("""select predecessor, successor, year("on") from unit_lineage""")
    assert links
    for before, after, year in links:
        years = {
            code: {
                y for (y,) in country.ask(f"select school_year from unit where unit_code='{code}' and status='active'")
            }
            for code in (before, after)
        }
        assert max(years[before]) == year - 1
        assert year in years[after]


def test_the_demo_has_every_kind_of_event() -> None:
    links = [link for index in range(8) for link in plan(sized("demo"), index).links]
    assert {link.kind for link in links} == {"renamed", "recoded", "new_organiser", "merged"}


def test_schools_are_few_and_large_or_many_and_small_as_in_the_nation(wide) -> None:
    """Units with year 9 of 2022: median 68 pupils, a twentieth below 18, a twentieth above 159."""
    sizes = [n for (n,) in wide.ask("select value from statistic where measure='pupils_year_9' and level='unit'")]
    low, median, high = np.percentile(sizes, [5, 50, 95])
    assert low < 25
    assert 55 < median < 85
    assert 120 < high < 190


def test_principals_change_as_often_as_in_the_nation() -> None:
    """In five years no change at 31 % of municipal units, and two changes or more at 30 % (domain.md 10.3)."""
    from_poisson = _changes_in_five_years(Settings(municipalities=60, years=5))
    assert abs(np.mean(from_poisson == 0) - 0.31) < 0.04
    assert abs(np.mean(from_poisson >= 2) - 0.30) < 0.05


def _changes_in_five_years(settings: Settings) -> np.ndarray:
    found = []
    for index in range(settings.municipalities):
        municipal = np.array([seat.kind == "municipal" for seat in plan(settings, index).seats])
        found.append(climate(settings, index).turnover[municipal, -5:].sum(axis=1))
    return np.concatenate(found)


def test_spells_of_a_unit_follow_one_another_without_overlap(country) -> None:
    assert (
        country.number("""
        select count(*) from (
            select "end", lead(start) over (partition by unit_code order by start) as following from principal_spell)
        where following is not null and (following <= "end" or "end" is null)""")
        == 0
    )
