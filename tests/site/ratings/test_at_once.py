"""Two markers of an organiser, and two leads, in the same moment."""

from __future__ import annotations

import pytest
from django.db import connection  # noqa: F401 - named in the condition of the mark
from tests.site.at_once import at_once, only_on_postgresql

from likvard.site.cases.states import CaseError
from likvard.site.ratings.actions import marking, rounds
from likvard.site.ratings.models import Rating, Round, Sheet
from likvard.site.ratings.rubrics import asked

pytestmark = [pytest.mark.django_db(transaction=True), only_on_postgresql]


@pytest.fixture
def rating(make_round, play, places):
    return play.opened(make_round()).ratings.get(organiser=places.ekvik)


def test_two_markers_who_hand_in_open_the_sheets_once_and_both_count(rating, play, now):
    sheets = list(rating.sheets.all())
    for sheet in sheets:
        play.marked(sheet, hand_in=False)
    at_once(*(lambda by=sheet.marker: marking.hand_in(rating=rating, by=by, at=now) for sheet in sheets))
    found = Rating.objects.get(pk=rating.pk)
    assert found.state == "settling"
    assert sorted(found.levels.values_list("criterion", flat=True)) == sorted(asked(found))


def test_of_two_leads_who_take_a_sheet_back_the_reason_of_one_stands(rating, inspectors, now):
    sheet = rating.sheets.get(part="first")

    def take(reason, by):
        return lambda: rounds.take_back(sheet=Sheet.objects.get(pk=sheet.pk), reason=reason, by=by, at=now)

    found = at_once(take("Sjuk", inspectors.lea), take("Fel person", inspectors.lars))
    kept = [one for one in found if not isinstance(one, CaseError)]
    assert [one.withdrawn_reason for one in kept] == [Sheet.objects.get(pk=sheet.pk).withdrawn_reason]


def test_of_two_who_make_a_round_of_the_same_name_one_makes_it(make_round, inspectors):
    found = at_once(*(lambda by=by: make_round(by=by) for by in (inspectors.lea, inspectors.lars)))
    assert sum(isinstance(one, CaseError) for one in found) == 1
    assert Round.objects.count() == 1
