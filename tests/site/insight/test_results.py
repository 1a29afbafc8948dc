"""The results of an organiser: choices in the address, and who is compared with whom."""

from __future__ import annotations

from datetime import date

import pytest
from tests.site.insight.conftest import BJÖRK, EKVIK, GRAN, LÄRKSKOLAN, MORE

from likvard.figures.insight.scope import Scope
from likvard.site.insight import actions
from likvard.site.insight.pages.results import with_results
from likvard.site.insight.visits import infos
from likvard.site.people.models import Unit
from likvard.terms import Audience

PAGE = f"/resultat/{EKVIK}/"


def test_the_choices_stand_in_the_address_and_in_the_form(publication, enter):
    form = enter(None).get(PAGE, {"matt": "share_all_subjects_year_9"}).context["filters"]
    assert '<option value="share_all_subjects_year_9" selected>' in form


@pytest.mark.parametrize(
    "query",
    [
        {"amne": "xx"},
        {"lasar": "1066"},
        {"lasar": "²³¹⁴"},
        {"matt": "../"},
        {"delat": "a-b"},
        {"lik": "'"},
        {"grupp": "1"},
    ],
)
def test_a_choice_that_there_is_not_falls_back_and_is_never_an_error(publication, enter, query):
    assert enter(None).get(PAGE, query).status_code == 200


def test_every_card_can_show_its_table_and_how_it_is_measured(publication, enter):
    page = (
        enter(None).get(PAGE, {"tabell": "gap,more-than-chance", "metod": "result-against-expected"}).content.decode()
    )
    assert (
        f'href="{PAGE}?tabell=more-than-chance&amp;metod=result-against-expected#gap"' in page
    )  # back to the chart of the gap
    assert page.count("<dl") > enter(None).get(PAGE).content.decode().count("<dl")


def test_a_school_is_held_beside_schools_like_it_by_stated_criteria(publication, enter):
    page = enter(None).get(PAGE, {"lik": GRAN}).content.decode()
    assert "Vilka jämförs" in page
    assert f"/grupper/valj/?till={EKVIK}" in page


def test_a_group_of_ones_own_stands_in_the_address(publication, enter):
    codes = ",".join((GRAN, LÄRKSKOLAN))
    page = enter(None).get(PAGE, {"jamfor": codes}).content.decode()
    assert "Lärkskolan" in page
    assert f"jamfor={codes}" in page


def test_a_kept_group_is_its_owners_only(publication, cast, enter, now):
    group = actions.keep_group(owner=cast.harald, name="Liknande", codes=[GRAN, LÄRKSKOLAN], at=now)
    assert "Lärkskolan" in enter(cast.harald).get(PAGE, {"grupp": group.pk}).content.decode()
    assert enter(cast.kim).get(PAGE, {"grupp": group.pk}).status_code == 404
    assert enter(None).get(PAGE, {"grupp": group.pk}).status_code == 302


def test_what_is_compared_with_others_is_what_the_public_may_see_of_them(publication, cast, enter):
    mine = enter(cast.other_harald).get(PAGE, {"jamfor": f"{BJÖRK},{GRAN}"})
    assert mine.context["visit"].public


def test_schools_whose_pupils_leave_earlier_are_not_on_the_page_but_adapted_schools_are(publication, schools, places):
    places.gran.grades = "F-6"
    places.gran.save()
    units = infos(Unit.objects.filter(organiser_id=EKVIK).select_related("organiser"))
    scope = with_results(Scope(EKVIK, "Ekvik", units, Audience.PUBLIC, date(2025, 11, 14)))
    assert GRAN not in scope.units
    assert {BJÖRK, places.anpassad.code, *MORE} <= scope.units.keys()


def test_the_page_is_complete_in_english(publication, enter):
    page = enter(None).get(PAGE, {"sprak": "en"}).content.decode()
    assert "Is the gap growing?" in page
    assert "Compare with similar schools" in page
