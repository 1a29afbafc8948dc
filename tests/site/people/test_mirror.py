"""The register of the lake in the site's tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from likvard.flow.register import LineageRow, NameRow, OrganiserRow, Register, UnitRow
from likvard.site.audit.models import Event
from likvard.site.people.actions import sync
from likvard.site.people.models import Lineage, Organiser, Unit, UnitName

pytestmark = pytest.mark.django_db

NAMES = (NameRow("Backskolan", 2014, 2018), NameRow("Björkskolan", 2019, 2025))
SCHOOL = UnitRow("90000001", "Björkskolan", "2120009991", "9999", ("GR",), 0, 9, "active", 2014, 2025, NAMES)
OLD = UnitRow("90000004", "Gamla skolan", "2120009991", "9999", ("GR",), None, None, "closed", 2010, 2013)
ORGANISER = OrganiserRow("2120009991", "Ekviks kommun", "municipal", "9999")
LINE = LineageRow("90000004", "90000001", "recoded", date(2014, 7, 1), "invented")
REGISTER = Register((ORGANISER,), (SCHOOL, OLD), (LINE,), {"9999": "Ekvik"})


def test_organisers_units_names_and_lineage_are_taken_in(now: Any) -> None:
    sync(REGISTER, at=now)
    unit = Unit.objects.select_related("organiser").get(code="90000001")
    assert (unit.name, unit.organiser.name, unit.forms, unit.grades) == ("Björkskolan", "Ekviks kommun", ("GR",), "F-9")
    names = list(UnitName.objects.values_list("name", "start", "end"))
    assert names == [("Backskolan", date(2014, 7, 1), date(2019, 6, 30)), ("Björkskolan", date(2019, 7, 1), None)]
    assert Lineage.objects.get().predecessor_id == "90000004"


def test_the_same_register_twice_changes_nothing_and_says_nothing(now: Any) -> None:
    sync(REGISTER, at=now)
    assert not any(sync(REGISTER, at=now).values())
    assert Event.objects.filter(what="register.synced").count() == 1


def test_what_the_register_no_longer_names_is_closed_not_deleted(now: Any) -> None:
    sync(REGISTER, at=now)
    sync(Register((), (), (), {}), at=now)
    assert Organiser.objects.get().closed == date(2025, 11, 14)
    assert Unit.objects.get(code="90000001").status == Unit.Status.CLOSED
    assert Lineage.objects.exists()


def test_a_unit_that_is_back_runs_again(now: Any) -> None:
    sync(REGISTER, at=now)
    sync(Register((), (), (), {}), at=now)
    sync(REGISTER, at=now)
    assert Organiser.objects.get().closed is None
    assert Unit.objects.get(code="90000001").status == Unit.Status.ACTIVE


def test_a_new_name_and_a_new_organiser_are_taken_in(now: Any) -> None:
    sync(REGISTER, at=now)
    other = OrganiserRow("5560009995", "Lärkan AB", "independent", "")
    moved = replace(
        SCHOOL, name="Lärkskolan", organiser=other.number, names=(*NAMES, NameRow("Lärkskolan", 2026, 2026))
    )
    sync(replace(REGISTER, organisers=(ORGANISER, other), units=(moved, OLD)), at=now)
    unit = Unit.objects.get(code="90000001")
    assert (unit.name, unit.organiser_id) == ("Lärkskolan", other.number)
    assert [n.name for n in unit.names.in_force(date(2026, 8, 1))] == ["Lärkskolan"]


def test_an_area_that_somebody_has_written_stays(now: Any) -> None:
    sync(REGISTER, at=now)
    Unit.objects.update(area="Norr")
    sync(replace(REGISTER, units=(replace(SCHOOL, name="Nya Björkskolan"), OLD)), at=now)
    assert Unit.objects.get(name="Nya Björkskolan").area == "Norr"


def test_a_unit_whose_organiser_no_source_tells_is_taken_in_without(now: Any) -> None:
    sync(Register((), (replace(SCHOOL, organiser=""),), (LINE,), {}), at=now)
    assert Unit.objects.get().organiser is None
    assert not Lineage.objects.exists()


def test_of_names_that_begin_together_the_one_that_lasted_counts(now: Any) -> None:
    names = (
        NameRow("BJÖRKSKOLAN", 2014, 2014),
        NameRow("Björkskolan", 2014, 2025),
        NameRow("Björkskolan F-9", 2020, 2020),
    )
    sync(replace(REGISTER, units=(replace(SCHOOL, names=names), OLD)), at=now)
    assert list(UnitName.objects.values_list("name", "start__year")) == [
        ("Björkskolan", 2014),
        ("Björkskolan F-9", 2020),
    ]
