"""A use of which it cannot be told yet what came gets a new day to look, or a reason why it gets none."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from likvard.site.audit.models import Event
from likvard.site.cases.measures import outcome_words
from likvard.site.cases.states import CaseError
from likvard.site.people.access import Denied
from likvard.site.resources import actions, permissions, rules
from likvard.site.resources.actions.using import Plan
from likvard.site.resources.basis import Seen
from likvard.site.resources.logged import LOGGED
from likvard.site.resources.models import Look, Use

pytestmark = pytest.mark.django_db
WRITERS = {"harald", "kim"}
SEEN = Seen(217.0, 209.0, 225.0, 2024)


@pytest.fixture
def use(decided, cast, places, after):
    """A use of Ekvik's money at Björkskolan, to be looked at 300 days after the decision."""
    day = (after + timedelta(days=300)).date()
    plan = Plan(places.björk, 400_000, "Två lärare till", "merit_value", "up", "Fem steg", day)
    return actions.plan(round=decided, plan=plan, baseline=Seen(215.0), by=cast.kim, at=after)


@pytest.fixture
def then(after):
    """The day to look."""
    return after + timedelta(days=300)


@pytest.fixture
def again(use, cast, then):
    """The use, looked at once without telling, to be looked at again a year later."""
    day = (then + timedelta(days=365)).date()
    return actions.look_again(use=use, why="Inga nya siffror", again_on=day, seen=SEEN, by=cast.kim, at=then)


class TestANewDay:
    def test_what_was_seen_is_kept_and_the_school_learns_the_new_day(self, again, then):
        again = Use.objects.get(pk=again.pk)
        look = again.looks.get()
        assert (again.state, again.outcome, again.look_on) == ("again", "", look.again_on)
        assert (look.due_on, look.why, look.seen, look.seen_year) == (then.date(), "Inga nya siffror", 217.0, 2024)
        assert again.told.look_on == look.again_on
        assert outcome_words(again.told).en.replace("\u00a0", " ") == "To be looked at on 25 September 2027."

    def test_it_is_told_in_the_log_in_words(self, again, decided):
        event = Event.objects.about(decided.subject).last()
        assert event.what == "allocation.use_looked_at"
        assert again.look_on.isoformat() in event.data
        assert event.what in LOGGED

    def test_it_can_be_put_off_again_and_told_in_the_end(self, again, cast):
        at = again.told.made_at + timedelta(days=700)
        with pytest.raises(CaseError, match="se efter"):
            actions.settle(use=again, outcome="helped", why="-", seen=SEEN, by=cast.kim, at=at - timedelta(days=90))
        day = (at + timedelta(days=365)).date()
        once_more = actions.look_again(use=again, why="Än en gång", again_on=day, seen=SEEN, by=cast.kim, at=at)
        told = actions.settle(
            use=once_more, outcome="helped", why="Syns nu", seen=SEEN, by=cast.harald, at=at + timedelta(days=365)
        )
        assert (told.state, told.looks.count(), told.told.outcome) == ("settled", 2, "")
        told.told.refresh_from_db()
        assert told.told.outcome == "helped"

    @pytest.mark.parametrize(("days", "why"), [(0, "Inga nya siffror"), (-1, "Inga nya siffror"), (9, "  ")])
    def test_it_is_a_day_to_come_and_has_a_reason(self, days, why, use, cast, then):
        day = (then + timedelta(days=days)).date()
        with pytest.raises(CaseError):
            actions.look_again(use=use, why=why, again_on=day, seen=SEEN, by=cast.kim, at=then)
        assert not Look.objects.exists()


class TestNoNewDay:
    def test_why_there_is_none_is_kept(self, use, cast, then):
        told = actions.settle(
            use=use, outcome="unclear", why="För få elever", no_more="Åtgärden är slut", seen=SEEN, by=cast.kim, at=then
        )
        assert (told.state, told.no_more) == ("settled", "Åtgärden är slut")

    @pytest.mark.parametrize(("outcome", "no_more"), [("unclear", " "), ("helped", "Åtgärden är slut")])
    def test_it_is_asked_for_where_it_cannot_be_told_and_only_there(self, outcome, no_more, use, cast, then):
        with pytest.raises(CaseError):
            actions.settle(use=use, outcome=outcome, why="-", no_more=no_more, seen=SEEN, by=cast.kim, at=then)

    def test_the_database_holds_to_it(self, again, cast, then):
        told = {"outcome_why": "-", "settled_at": then, "settled_by": cast.kim}
        for wrong in ({"outcome": "unclear", "no_more": ""}, {"outcome": "not", "no_more": "Slut"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Use.objects.filter(pk=again.pk).update(**told, **wrong)
        with pytest.raises(IntegrityError), transaction.atomic():
            again.looks.update(again_on=then.date())


@pytest.mark.parametrize("state", ["waits", "again", "settled"])
def test_only_writers_of_the_organiser_look_from_the_day_until_it_is_told(state, request, use, cast, then):
    if state != "waits":
        use = request.getfixturevalue("again")
    if state == "settled":
        at = then + timedelta(days=365)
        use = actions.settle(use=use, outcome="not", why="Syns inte", seen=SEEN, by=cast.kim, at=at)
    for name in (field.name for field in fields(cast)):
        for code in ("settle", "look_again"):
            for on, is_due in ((use.look_on - timedelta(days=1), False), (use.look_on, True)):
                able = True
                try:
                    permissions.check_can_look(getattr(cast, name), use, code, on=on)
                except (CaseError, Denied):
                    able = False
                assert able == (name in WRITERS and is_due and state != "settled"), (name, code, on)


def test_the_table_of_states_has_the_states_that_a_use_can_be_in():
    assert [state.code for state in rules.USES.states] == ["waits", "again", "settled"]
    assert {move.code for move in rules.USES.moves_from("again")} == {"settle", "look_again"}


class TestThePages:
    TELLS = (("sv", "inte avgjord än", "Ny dag att se efter: 30 september 2027"),
             ("en", "cannot be told yet", "New day to look: 30 September 2027"))  # fmt: skip

    def test_a_new_day_is_named_in_the_form_and_told_on_the_page(self, use, decided, cast, enter, clock, then):
        clock(then)
        client, page = enter(cast.kim), f"{decided.href('uses')}{use.pk}/"
        client.post(page, {"outcome": "unclear", "why": "Inga nya siffror", "again_on": "2027-09-30", "no_more": ""})
        assert Use.objects.get(pk=use.pk).state == "again"
        for language, *told in self.TELLS:
            client.cookies["sprak"] = language
            said = client.get(decided.href("uses")).content.decode().replace("\u00a0", " ")
            assert all(one in said for one in told), language

    @pytest.mark.parametrize(
        "wrong",
        [
            {"outcome": "unclear"},
            {"outcome": "unclear", "again_on": "2027-09-30", "no_more": "Slut"},
            {"outcome": "helped", "again_on": "2027-09-30"},
            {"outcome": "not", "no_more": "Slut"},
        ],
    )
    def test_an_answer_that_says_two_things_or_none_is_asked_again(self, wrong, use, decided, cast, enter, clock, then):
        clock(then)
        answer = enter(cast.kim).post(f"{decided.href('uses')}{use.pk}/", {"why": "Inga nya siffror", **wrong})
        assert 'class="alert"' in answer.content.decode()
        assert Use.objects.get(pk=use.pk).state == "waits"
