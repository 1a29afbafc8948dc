"""What the database itself refuses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from likvard.site.people.models import Assignment, Lineage, Membership, Organiser, Unit, User
from likvard.site.people.roles import SCOPES, Role, Scope


@pytest.fixture
def where(places: Any) -> dict[Scope, dict[str, Any]]:
    return {Scope.UNIT: {"unit": places.björk}, Scope.ORGANISER: {"organiser": places.ekvik}, Scope.NATIONAL: {}}


@pytest.mark.parametrize("scope", list(Scope))
@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_tied_to_what_its_table_allows(
    role: Role, scope: Scope, where: Any, cast: Any, now: Any, today: Any
) -> None:
    row = Membership(user=cast.olle, role=role, start=today, given_at=now, **where[scope])
    if scope in SCOPES[role]:
        row.save()
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_a_membership_is_not_tied_to_a_unit_and_an_organiser(cast: Any, places: Any, now: Any, today: Any) -> None:
    both = Membership(
        user=cast.olle, role=Role.PUPIL_HEALTH, unit=places.björk, organiser=places.ekvik, start=today, given_at=now
    )
    with pytest.raises(IntegrityError):
        both.save()


def test_an_unknown_role_is_refused(cast: Any, now: Any, today: Any) -> None:
    with pytest.raises(IntegrityError):
        Membership.objects.create(user=cast.olle, role="king", start=today, given_at=now)


def test_a_membership_does_not_end_before_it_starts(cast: Any, today: Any) -> None:
    with pytest.raises(IntegrityError):
        cast.rut.memberships.update(start=today, end=today - timedelta(days=1))


def test_whoever_ends_a_membership_is_named_with_the_time(cast: Any, now: Any, today: Any) -> None:
    with pytest.raises(IntegrityError):
        cast.rut.memberships.update(ended_at=now, end=today)


def test_an_address_belongs_to_one_account_however_it_is_written(cast: Any) -> None:
    with pytest.raises(IntegrityError):
        User.objects.create(email="RUT@example.se", name="Rut Två")


def test_a_matter_handed_to_somebody_has_one_place(cast: Any, places: Any, today: Any) -> None:
    with pytest.raises(IntegrityError):
        Assignment.objects.create(user=cast.ines, matter="SI 2025:1", start=today)


def test_a_unit_does_not_continue_itself(places: Any) -> None:
    with pytest.raises(IntegrityError):
        Lineage.objects.create(predecessor=places.björk, successor=places.björk, kind="renamed", source="invented")


def test_a_kind_of_organiser_that_nobody_knows_is_refused(db: None) -> None:
    with pytest.raises(IntegrityError):
        Organiser.objects.create(number="5560000000", name="?", kind="church")


def test_units_are_found_by_form_and_whole_code_only(places: Any) -> None:
    assert list(Unit.objects.with_form("GRAN")) == [places.anpassad]
    assert places.anpassad not in Unit.objects.with_form("GR")


def test_forms_are_kept_in_order_and_once(places: Any) -> None:
    places.björk.forms = ("GR", "FKLASS", "GR")
    assert places.björk.forms == ("FKLASS", "GR")
