"""Measures at a school stand on its page, marked in the curve of their indicator, for those who read its organiser's own figures."""

from __future__ import annotations

import re
from datetime import date

import pytest
from tests.site.insight.conftest import GRAN

from likvard.site.cases.actions import begin_measure, settle_measure
from likvard.site.people.models import Unit

pytestmark = pytest.mark.django_db
PAGE = f"/skolor/{GRAN}/"
NAME = "Två speciallärare i årskurs 4"


@pytest.fixture
def measure(publication, cast, now):
    """A measure at Granskolan that is to be seen in the merit value."""
    return begin_measure(
        unit=Unit.objects.get(pk=GRAN), name=NAME, indicator="merit_value", expected="fem steg", started=date(2023, 8, 15),
        look_on=date(2026, 6, 20), by=cast.kim, at=now, href="/resurser/1/2026/uppfoljning/",
    )  # fmt: skip


def page(client) -> str:
    """The page as it is written."""
    return client.get(PAGE).content.decode().replace("\u00a0", " ")


def test_the_organiser_and_the_principal_see_it_in_the_list_and_in_the_curves_of_its_indicator(measure, enter, cast):
    for who in (cast.kim, cast.anna):
        written = page(enter(who))
        assert "Väntat: fem steg. Följs upp den 20 juni 2026." in written
        cards = dict(re.findall(r'<article[^>]* id="([^"]+)"(.*?)</article>', written, re.S))
        assert {id for id, card in cards.items() if NAME in card} == {"results", "gap-girls-boys"}


def test_a_stranger_and_other_organisers_do_not(measure, enter, cast):
    for who in (None, cast.other_harald):
        written = page(enter(who))
        assert NAME not in written
        assert "Åtgärder visas för skolans och huvudmannens egen personal." in written


def test_what_came_of_it_is_told_on_the_next_reading(measure, enter, cast):
    assert "Följs upp den" in page(enter(cast.kim))
    settle_measure(measure=measure, outcome="not", on=date(2026, 6, 20))
    assert "Utfall: gick inte som väntat." in page(enter(cast.kim))
