"""From the lake to the circle: what is seen of each domain, links and profiles, and what everybody may see of them."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from likvard import simulate
from likvard.disclosure.ledger import Ledger
from likvard.disclosure.publication import FigureKey
from likvard.flow import circle, circle_files, domains, publish_circle, register
from likvard.flow.publish_sheet import Sheet, released
from likvard.models.circle import Estimate
from likvard.records.lake import Lake
from likvard.simulate import deliveries, history, survey
from likvard.simulate import register as registers
from likvard.simulate.matters import matters
from likvard.simulate.pupils import enrolments, pupils
from likvard.simulate.tables import joined
from likvard.simulate.years import years
from likvard.terms import Audience, InputError, Words

DAY = datetime(2026, 11, 21, tzinfo=UTC)
ON = date(2026, 11, 21)
SETTINGS = simulate.Settings(seed=5, municipalities=3, first_year=2018, years=5)


def _deliver(path: Path, settings: simulate.Settings) -> Path:
    """Register, background, survey and matters: what the circle is seen in, without grades and attendance."""
    made = Lake.open(path, create=True)
    spells = {"principal_spell": history.principals(settings)}
    made.deliver(deliveries._reading(settings, "history", "all", spells), at=DAY)
    for found in years(settings):
        scope = str(found[0].year)
        parts = {
            "register": {"organiser": registers.organisers(found), "unit": registers.units(found)},
            "pupils": {
                "pupil": joined("pupil", [pupils(year) for year in found]),
                "enrolment": joined("enrolment", [enrolments(year) for year in found]),
            },
            "survey": {"survey_answer": survey.surveys(settings, found)[0]},
            "matters": {"matter_count": joined("matter_count", [matters(settings, year) for year in found])},
        }
        for subject, tables in parts.items():
            made.deliver(deliveries._reading(settings, subject, scope, tables), at=DAY)
    return path


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _deliver(tmp_path_factory.mktemp("circle") / "lake", SETTINGS)


@pytest.fixture(scope="module")
def con(lake):
    with Lake.open(lake).connect() as opened:
        yield opened


@pytest.fixture(scope="module")
def found(con):
    made = circle.worked(con)
    assert isinstance(made, circle.Worked)
    return made


@pytest.fixture(scope="module")
def cells(con, found, module_patch):
    module_patch.setattr(publish_circle, "worked", lambda con, merit: found)
    return publish_circle.circle_cells(con, register.read(con).owner, None)


@pytest.fixture(scope="module")
def module_patch():
    with pytest.MonkeyPatch.context() as patch:
        yield patch


def test_each_domain_is_seen_in_what_the_lake_has_of_it(found):
    seen = {name: {proxy.name for proxy in found.panel.of(name)} for name in found.panel.variables}
    assert seen == {
        "steering": {"steps", "complaints"},
        "teaching": {"survey_teaching"},
        "calm": {"survey_calm", "abuse", "disciplinary"},
        "support": {"survey_support", "overdue"},
        "health": {"survey_health", "waiting"},
        "turnover": {"principals"},
    }
    assert found.left_out == ("results",)


def test_what_goes_with_form_year_and_intake_is_taken_out_of_every_proxy(con):
    on = domains.grid(con)
    for proxy in domains.proxies(con, on, None):
        for form in ("GR", "GY"):
            for year in range(len(on.years)):
                here = proxy.value[on.forms == form, year]
                if np.isfinite(here).any():
                    assert np.nanmean(here) == pytest.approx(0, abs=1e-9)
        both = proxy.seen & np.isfinite(on.intake[..., 0])
        assert abs(np.corrcoef(proxy.value[both], on.intake[both][:, 0])[0, 1]) < 0.15


def test_matters_of_which_nothing_is_counted_are_left_out_or_they_would_follow_size(con, monkeypatch):
    every, on = domains.domains.matters(con), domains.grid(con)
    assert {name for name, _, _ in domains._of_matters(con, on)} >= {"steps", "abuse", "waiting", "overdue"}
    plans = every | {"n": np.where(every["kind"] == "support_plan", every["n"], 0)}
    monkeypatch.setattr(domains.domains, "matters", lambda con: plans)
    assert list(domains._of_matters(con, on)) == []


def test_a_count_of_five_or_more_is_laid_where_its_chance_is_the_stated_error(con, monkeypatch):
    on, rng = domains.grid(con), np.random.default_rng(4)
    on = replace(on, pupils=np.full(on.there.shape, 200.0))
    unit, year = np.nonzero(on.there)
    size = len(unit)
    parts = {"abuse_report": rng.poisson(8, size), "support_plan": np.full(size, 40.0)}
    parts["support_plan_overdue"] = rng.binomial(40, 0.25, size)
    rows = {
        "unit": np.tile(np.array(on.units)[unit], 3),
        "year": np.tile(np.array(on.years)[year], 3),
        "kind": np.repeat(list(parts), size),
        "n": np.concatenate(list(parts.values())).astype(float),
    }
    monkeypatch.setattr(domains.domains, "matters", lambda con: rows)
    seen = {name: (value, error) for name, value, error in domains._of_matters(con, on)}
    assert set(seen) == {"abuse", "overdue"}
    for value, error in seen.values():
        assert np.nanvar(value) == pytest.approx(np.nanmean(error), rel=4 * (2 / size) ** 0.5)


def test_a_survey_of_a_spring_is_of_the_school_year_that_ends_then(con):
    on = domains.grid(con)
    proxy = next(p for p in domains.proxies(con, on, None) if p.name == "survey_calm")
    asked = con.execute('select distinct "year" from survey_answer where area_code = ?', [on.units[0]]).fetchnumpy()
    when = {int(year) - 1 for year in asked["year"]}
    assert {on.years[t] for t in np.flatnonzero(proxy.seen[0])} <= when


def test_a_principal_counts_in_the_school_year_in_which_they_began_and_the_first_known_never(con):
    found = domains.domains.principals_began(con)
    for unit in found["unit"][:5].tolist():
        starts = con.execute("select start from principal_spell where unit_code = ? order by start", [unit]).fetchall()
        here = found["unit"] == unit
        when = {int(y): float(k) for y, k in zip(found["year"][here], found["n"][here], strict=True)}
        for year, n in when.items():
            began = [s for (s,) in starts[1:] if date(year, 7, 1) <= s < date(year + 1, 7, 1)]
            assert n == len(began)


def test_what_is_seen_follows_what_was_planted(found, tmp_path):
    truth = simulate.truth(SETTINGS).domains
    planted = {
        (unit, year, domain): value
        for unit, year, domain, value in zip(*(truth[name].to_pylist() for name in truth.column_names), strict=True)
    }
    for v, name in enumerate(found.panel.variables[:5]):
        true = np.array(
            [[planted.get((unit, year, name), np.nan) for year in found.panel.years] for unit in found.panel.units]
        )
        known = np.isfinite(true)
        assert np.corrcoef(true[known], found.fit.level[..., v][known])[0, 1] > 0.4


def test_a_profile_counts_domains_on_the_worse_side_in_both_of_the_newest_years():
    low, high, near = Estimate(-2.0, -2.5, -1.5), Estimate(2.0, 1.5, 2.5), Estimate(-0.6, -1.2, 0.0)
    years = (2022, 2023)
    standings = {
        "steering": circle.Standing(years, (low, low), (True, True)),
        "teaching": circle.Standing(years, (high, high), (True, True)),
        "calm": circle.Standing(years, (low, high), (True, True)),
        "support": circle.Standing(years, (near, near), (False, False)),
        "health": circle.Standing((2023,), (low,), (True,)),
        "results": circle.Standing((2021, 2023), (low, low), (True, True)),  # away for a year between
    }
    more = circle.Principals(5, 4, 1.1, Estimate(-1.2, -2.0, -0.3), kept=True)
    fewer = circle.Principals(5, 0, 3.0, Estimate(1.2, 0.3, 1.4), kept=True)

    def outside(principals):
        return circle.Profile("1", "2", "GR", 2023, 80, standings, principals).outside

    assert (outside(None), outside(fewer), outside(more)) == (1, 1, 2)


def test_a_lake_with_too_little_says_why_instead_of_a_circle(tmp_path):
    small = tmp_path / "small"
    with Lake.open(small, create=True).connect() as con:
        assert circle.worked(con) == circle.FEW_UNITS
        made = publish_circle.circle_cells(con, {}, None)
    assert (made.country, made.profiles) == ((), {})
    assert Words(**made.facts["instead"]) == circle.FEW_UNITS
    with pytest.raises(InputError, match="At least 30 schools"):
        circle_files.told(small, on=ON)


def test_every_link_has_its_strength_and_its_placebo_under_the_newest_year(cells, found):
    links = {FigureKey(*c.key).subject for c in cells.country if c.key[0] == "circle_link" and c.key[1] == "observed"}
    turned = {FigureKey(*c.key).subject for c in cells.country if c.key[1] == "placebo"}
    assert links == turned
    assert len(links) == 30
    assert "steering>teaching" in links
    assert {FigureKey(*c.key).year for c in cells.country} == {str(found.year)}


def test_the_facts_can_be_written_down_and_name_what_each_domain_is_seen_in(cells):
    facts = json.loads(json.dumps(dict(cells.facts)))
    assert facts["domains"]["calm"]["proxies"][0]["sv"]
    assert facts["named"] == ["steering>teaching>calm>support>health>steering"]
    assert facts["placebo"]["tests"] == 30


def test_a_units_profile_passes_the_gate_and_small_units_are_hidden(cells, found):
    sheet = Sheet(next(iter(cells.profiles)))
    cells.ask(sheet)
    shown = list(released(sheet, ON, Ledger()))
    public = {
        FigureKey(*key): cell for one in shown if one.audience is Audience.PUBLIC for key, cell in one.cells.items()
    }
    behind = {profile.unit: profile.pupils for profile in found.profiles}
    of_domains = {
        key: cell for key, cell in public.items() if key.measure == "domain_calm" and key.aspect == "difference"
    }
    assert of_domains
    assert all((cell.value is None) == (behind[key.area] < 10) for key, cell in of_domains.items())
    assert {key.measure for key in public} >= {"domains_outside", "domain_turnover", "domain_steering"}


def test_the_files_hold_the_same_links_as_the_dictionary(lake, cells, tmp_path, monkeypatch):
    monkeypatch.setattr(circle_files, "circle_cells", lambda con, owner, merit: cells)
    told = circle_files.told(lake, on=ON)
    whole, links = circle_files.write(told, tmp_path)
    made = json.loads(whole.read_text("utf-8"))
    rows = list(csv.DictReader(links.read_text("utf-8").splitlines()))
    assert made == json.loads(json.dumps(circle_files.as_dict(told)))
    assert len(rows) == 2 * len(made["links"])
    first = next(row for row in rows if row["what"] == "link" and (row["from"], row["to"]) == ("steering", "teaching"))
    same = next(one for one in made["links"] if (one["from"], one["to"]) == ("steering", "teaching"))
    assert float(first["value"]) == same["value"]
    assert circle_files.write(told, tmp_path)[0].read_bytes() == whole.read_bytes()
