"""The demo has one account per role, at places that the role can be tied to, and can be started again."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from tests.site.remembered import put_back_or_make

from likvard.site.command import demo
from likvard.site.people.models import Membership, User
from likvard.site.people.roles import Role
from likvard.terms import UsageError


@pytest.fixture(autouse=True)
def _a_demo(settings: object, tmp_path: Path) -> None:
    settings.DEMO, settings.DOCUMENTS = True, tmp_path / "documents"


@pytest.fixture
def filled(settings: object, places: object, now: datetime, keep: Path) -> None:
    """The site, filled for a demo: it takes seconds, so it is filled once and put back."""
    put_back_or_make("demo", lambda: demo.populate(now), files=settings.DOCUMENTS, keep=keep / "demo")


def test_there_is_one_account_for_each_role(filled: None) -> None:
    assert {m.role for m in Membership.objects.all()} == set(Role)
    assert User.objects.count() == len(Role)


def test_starting_again_adds_nobody(filled: None, now: datetime) -> None:
    demo.populate(now)
    assert User.objects.count() == len(Role)


def test_everybody_says_to_be_invented(filled: None) -> None:
    assert all(user.name.endswith("(påhittad)") for user in User.objects.all())


def test_the_principal_is_at_a_school_of_the_head_of_education(filled: None) -> None:
    principal, head = (Membership.objects.get(role=role) for role in (Role.PRINCIPAL, Role.ORGANISER_HEAD))
    assert principal.unit.organiser == head.organiser


@pytest.mark.django_db
def test_a_lake_without_schools_says_what_to_do(now: datetime) -> None:
    with pytest.raises(UsageError, match="likvard demo"):
        demo.populate(now)


@pytest.mark.django_db
def test_a_site_in_real_use_gets_no_accounts_whose_password_everybody_knows(
    settings: object, places: object, now: datetime
) -> None:
    settings.DEMO = False
    with pytest.raises(UsageError, match="no demo"):
        demo.populate(now)
