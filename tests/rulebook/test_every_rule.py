"""Every rule file: its days, its sources, and that what it points to is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files

import pytest
import yaml

from likvard.records.schema import TABLES
from likvard.rulebook import names, rule, rules
from likvard.rulebook.dated import Rule
from likvard.rulebook.kinds.grades import NoGrade
from likvard.rulebook.lookup import KINDS, parse_file, rule_file
from likvard.terms import Level, RuleError, SchoolForm

FOLDER = files("likvard.rulebook").joinpath("data")
POINTING = ("assessment_areas", "instruments", "clocks")


def _entries(name: str) -> Iterator[Rule]:
    return (wording for wordings in rule_file(name).entries.values() for wording in wordings)


def test_every_file_is_in_the_list_and_every_name_in_the_list_has_a_file() -> None:
    assert {f.name for f in FOLDER.iterdir()} == {f"{name}.yaml" for name in KINDS}


@pytest.mark.parametrize("name", KINDS)
def test_no_rule_has_a_day_without_a_wording_or_with_two(name: str) -> None:
    raw = yaml.safe_load(FOLDER.joinpath(f"{name}.yaml").read_text(encoding="utf-8"))["entries"]
    for key in {entry.get("key", "") for entry in raw}:
        spans = [(e["valid_from"], e.get("valid_to")) for e in raw if e.get("key", "") == key]
        days = sorted(spans, key=lambda span: span[0])
        ends = [end and end + timedelta(days=1) for _, end in days]
        assert ends[:-1] == [start for start, _ in days[1:]], f"{name}:{key}"


@pytest.mark.parametrize("name", KINDS)
def test_every_wording_says_in_words_where_it_is_known_from(name: str) -> None:
    for wording in _entries(name):
        assert len(wording.source) > 10
        assert not re.search(r"/(work|tmp|home|shared)\b|\.md\b|https?:", wording.source + wording.doubt)


@pytest.mark.parametrize("name", KINDS)
def test_what_comes_from_a_secondary_source_is_marked_as_doubtful(name: str) -> None:
    unsure = [w for w in _entries(name) if "secondary source" in w.source]
    assert [(w.name, w.valid_from) for w in unsure if not w.doubt] == []


@pytest.mark.parametrize("name", POINTING)
def test_a_provision_that_is_pointed_to_is_in_force_all_the_time(name: str) -> None:
    for wording in _entries(name):
        for key in wording.value.provisions:
            there = rules(f"provisions:{key}")
            assert there[0].valid_from <= wording.valid_from, f"{wording.name} -> {key}"
            assert there[-1].valid_to is None or there[-1].valid_to >= (wording.valid_to or date.max), key


def test_every_provision_belongs_to_a_statute_in_force() -> None:
    for wording in _entries("provisions"):
        assert wording.value.statute in rule("statutes", wording.valid_from).value


def test_every_outcome_of_an_inspection_is_an_instrument() -> None:
    for wording in _entries("inspections"):
        assert set(wording.value.outcomes) <= set(rule("instruments", wording.valid_from).value)


def test_every_assessment_area_says_what_closes_a_finding_in_it() -> None:
    areas, closing = rule_file("assessment_areas").entries, rule_file("closure").entries
    assert set(areas) == set(closing)
    for key, wordings in areas.items():
        assert closing[key][0].valid_from <= wordings[0].valid_from
        assert closing[key][-1].valid_to is None


def test_every_scale_that_is_named_is_in_force() -> None:
    named = [(part.scale, w) for w in _entries("grade_scale_use") for part in w.value.years]
    named += [(w.value.scale, w) for w in _entries("merit")]
    for scale, wording in named:
        last = rules(f"grade_scale:{scale}")[-1].valid_to
        assert rule(f"grade_scale:{scale}", wording.valid_from)
        assert last is None or (wording.valid_to or date.max) <= last, wording.name


def test_every_school_form_has_a_name() -> None:
    assert set(rule_file("school_forms").entries) == {str(form) for form in SchoolForm}


def test_every_subject_that_a_rule_names_is_a_subject() -> None:
    known = set(rule_file("subjects").entries)
    for wording in _entries("subjects"):
        assert {wording.value.together, wording.value.excludes} - {None} <= known
    for wording in _entries("eligibility"):
        for need in (wording.value.needs or {}).values():
            assert {*need.all_of, *(s for group in need.one_of for s in group)} <= known
    assert {w.value.extra for w in _entries("merit")} - {None} <= known


def test_the_reasons_for_no_grade_are_those_of_the_table() -> None:
    assert {str(reason) for reason in NoGrade} == set(TABLES["grade"]["status"].allowed) - {""}


@pytest.mark.parametrize("name", ["disclosure"])
def test_a_higher_level_never_has_a_stricter_limit_than_a_lower(name: str) -> None:
    for wording in _entries(name):
        for limits in (wording.value.fewest, wording.value.fewest_counted):
            assert [limits[level] for level in Level] == sorted((limits[level] for level in Level), reverse=True)


def test_our_own_public_rule_is_never_looser_than_the_one_for_published_grades() -> None:
    on = date(2026, 11, 21)
    ours, theirs = (rule(f"disclosure:{name}", on).value for name in ("records_public", "siris_grades"))
    assert all(ours.fewest[level] >= theirs.fewest[level] for level in Level)
    assert all(ours.fewest_counted[level] >= theirs.fewest_counted[level] for level in Level)
    assert ours.near_all >= theirs.near_all
    assert ours.has_near_all("anything")


def test_every_name_can_be_looked_up_on_its_first_day() -> None:
    for name in names():
        first = rules(name)[0]
        assert rule(name, first.valid_from) is first
        with pytest.raises(RuleError, match="in force"):
            rule(name, first.valid_from - timedelta(days=1))


@pytest.mark.parametrize(
    ("spans", "said"),
    [
        ([("2020-01-01", "2020-12-31"), ("2021-01-02", None)], "no wording from 2021-01-01 to 2021-01-01"),
        ([("2020-01-01", "2020-12-31"), ("2020-12-31", None)], "two wordings on 2020-12-31"),
        ([("2020-01-01", None), ("2021-01-01", None)], "two wordings on 2021-01-01"),
        ([("2020-01-01", "2019-01-01")], "before it begins"),
    ],
)
def test_a_gap_or_an_overlap_is_refused(spans: list[tuple[str, str | None]], said: str) -> None:
    entries = [
        {"valid_from": date.fromisoformat(a), "valid_to": b and date.fromisoformat(b), "source": "A test.", "value": {}}
        | {"value": {"codes": {"2": "not_graded"}}}
        for a, b in spans
    ]
    with pytest.raises(RuleError, match=said):
        parse_file("grade_codes", {"about": "A test.", "source": "A test.", "entries": entries})
