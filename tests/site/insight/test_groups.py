"""Groups to compare with: chosen by anybody, kept by who has an account, seen by nobody else."""

from __future__ import annotations

from uuid import uuid4

import pytest
from tests.site.insight.conftest import BJÖRK, EKVIK, GRAN, LÄRKSKOLAN

from likvard.site.audit.models import Event
from likvard.site.insight import actions
from likvard.site.insight.models import ComparisonGroup

TWO = f"{GRAN},{LÄRKSKOLAN}"


def test_anybody_can_choose_schools_of_one_form(publication, enter):
    page = enter(None).get("/grupper/valj/", {"q": "björk", "till": EKVIK}).content.decode()
    assert "Björkskolan" in page
    assert "Björkskolans anpassade grundskola" not in page
    assert "Gamla Björkskolan" not in page


def test_what_is_ticked_is_kept_in_the_address_and_leads_to_a_comparison(publication, enter):
    page = enter(None).get("/grupper/valj/", {"jamfor": [GRAN, LÄRKSKOLAN], "till": EKVIK}).content.decode()
    assert f'href="/resultat/{EKVIK}/?jamfor={TWO}"' in page
    assert "Logga in för att behålla" in page


def test_one_school_is_no_group(publication, enter):
    assert (
        "Välj minst två skolor" in enter(None).get("/grupper/valj/", {"jamfor": GRAN, "till": EKVIK}).content.decode()
    )


def test_who_has_an_account_keeps_a_group_under_a_name(publication, cast, enter):
    browser = enter(cast.anna)
    assert browser.post("/grupper/behall/", {"namn": "Lika oss", "jamfor": TWO}).status_code == 302
    assert "Lika oss" in browser.get("/grupper/").content.decode()
    event = Event.objects.get(what="group.kept")
    assert (event.actor, event.values) == (str(cast.anna.pk), {"name": "Lika oss", "units": [GRAN, LÄRKSKOLAN]})


def test_a_group_can_be_given_other_schools_and_another_name(publication, cast, enter, now):
    group = actions.keep_group(owner=cast.anna, name="Lika oss", codes=[GRAN, LÄRKSKOLAN], at=now)
    enter(cast.anna).post("/grupper/behall/", {"namn": "Nya", "jamfor": f"{GRAN},{BJÖRK}", "grupp": group.pk})
    group.refresh_from_db()
    assert (str(group), set(group.codes)) == ("Nya", {GRAN, BJÖRK})
    assert Event.objects.filter(what="group.changed").count() == 1


def test_two_groups_cannot_have_the_same_name(publication, cast, enter, now):
    actions.keep_group(owner=cast.anna, name="Lika oss", codes=[GRAN, LÄRKSKOLAN], at=now)
    again = enter(cast.anna).post("/grupper/behall/", {"namn": "lika oss", "jamfor": TWO})
    assert (again.status_code, "redan en grupp" in again.content.decode()) == (422, True)
    assert enter(cast.kim).post("/grupper/behall/", {"namn": "Lika oss", "jamfor": TWO}).status_code == 302


@pytest.mark.parametrize(
    "sent", [{"namn": "", "jamfor": TWO}, {"namn": "En", "jamfor": GRAN}, {"namn": "x" * 81, "jamfor": TWO}, {}]
)
def test_what_is_wrong_is_said_and_nothing_is_kept(publication, cast, enter, sent):
    answer = enter(cast.anna).post("/grupper/behall/", sent)
    assert (answer.status_code, 'class="alert"' in answer.content.decode()) == (422, True)
    assert not ComparisonGroup.objects.exists()


def test_a_group_that_is_taken_away_is_kept_in_the_database(publication, cast, enter, now):
    group = actions.keep_group(owner=cast.anna, name="Lika oss", codes=[GRAN, LÄRKSKOLAN], at=now)
    enter(cast.anna).post(f"/grupper/{group.pk}/ta-bort/")
    assert "Lika oss" not in enter(cast.anna).get("/grupper/valj/").content.decode()
    assert ComparisonGroup.objects.get().ended_at == now
    assert Event.objects.filter(what="group.ended").count() == 1


def test_nobody_reaches_another_readers_group(publication, cast, enter, now):
    group = actions.keep_group(owner=cast.anna, name="Lika oss", codes=[GRAN, LÄRKSKOLAN], at=now)
    browser = enter(cast.kim)
    assert "Lika oss" not in browser.get("/grupper/").content.decode()
    assert browser.post(f"/grupper/{group.pk}/ta-bort/").status_code == 404
    assert browser.post("/grupper/behall/", {"namn": "Min", "jamfor": TWO, "grupp": group.pk}).status_code == 404
    assert browser.post(f"/grupper/{uuid4()}/ta-bort/").status_code == 404


def test_a_group_can_only_be_taken_away_by_a_form(publication, cast, enter, now):
    group = actions.keep_group(owner=cast.anna, name="Lika oss", codes=[GRAN, LÄRKSKOLAN], at=now)
    assert enter(cast.anna).get(f"/grupper/{group.pk}/ta-bort/").status_code == 405


def test_without_an_account_one_is_asked_to_sign_in(publication, enter):
    assert enter(None).get("/grupper/").headers["Location"].startswith("/konto/")
    assert enter(None).post("/grupper/behall/", {"namn": "En", "jamfor": TWO}).status_code == 403
