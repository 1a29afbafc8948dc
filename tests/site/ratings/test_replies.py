"""Settling, the right of reply and the audit: every level says how it came to stand, and nobody is judged unheard."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from likvard.site.audit import chain
from likvard.site.audit.models import Event
from likvard.site.cases.models import Outgoing
from likvard.site.cases.states import CaseError
from likvard.site.people.access import Denied
from likvard.site.ratings import shown
from likvard.site.ratings.actions import reply, rounds, settling
from likvard.site.ratings.rubrics import asked
from likvard.site.ratings.states import How, Part
from likvard.site.ui.language import current

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(settings, monkeypatch, now):
    settings.SECOND_FACTOR, settings.LANGUAGE_CODE = False, "en"
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@pytest.fixture
def rating(make_round, play, places):
    return play.opened(make_round()).ratings.get(organiser=places.ekvik)


def test_what_both_chose_stands_and_what_differs_is_settled_with_a_reason(rating, play, now):
    rating = play.both(rating, first={"support": 2}, second={"support": 0})
    assert settling.unsettled(rating) == ["support"]
    assert settling.standing(rating)["overview"].how == How.AGREED
    marker = rating.sheets.order_by("part")[0].marker
    with pytest.raises(CaseError, match="not settled"):
        settling.send(rating=rating, by=marker, at=now)
    with pytest.raises(CaseError, match="reason"):
        settling.settle(rating=rating, criterion="support", level=1, grounds=" ", by=marker, at=now)
    settling.settle(rating=rating, criterion="support", level=1, grounds="Vi läste igen", by=marker, at=now)
    assert settling.unsettled(rating) == []
    with pytest.raises(CaseError, match="do not differ"):
        settling.settle(rating=rating, criterion="overview", level=1, grounds="Hm", by=marker, at=now)


def test_the_organiser_is_written_to_and_gets_its_days(rating, play, cast, now):
    rating = play.sent(rating)
    assert rating.reply_due == now.date() + timedelta(days=21)
    letters = Outgoing.objects.filter(to__in=[cast.harald.email, cast.kim.email])
    assert letters.count() == 2
    assert all("Ekviks kommun" in letter.subject for letter in letters)


def test_nobody_goes_on_without_a_reply_before_the_day_has_passed(rating, play, now):
    rating = play.sent(rating)
    marker = rating.sheets.order_by("part")[0].marker
    with pytest.raises(CaseError, match="still has time"):
        settling.go_on(rating=rating, by=marker, at=now + timedelta(days=21))
    assert settling.go_on(rating=rating, by=marker, at=now + timedelta(days=22)).state == "ready"


def test_an_organiser_that_agrees_with_everything_is_ready_at_once(rating, play, cast):
    rating = play.replied(play.sent(rating), cast.kim)
    assert rating.state == "ready"
    assert len(rating.replies.get().seal) == 64


def test_whoever_disagrees_says_why_and_gets_an_answer(rating, play, cast, now):
    rating = play.sent(rating)
    with pytest.raises(CaseError, match="says why"):
        reply.say(rating=rating, criterion="support", agrees=False, text=" ", evidence="", by=cast.harald, at=now)
    rating = play.replied(rating, cast.harald, disagrees=("support",))
    marker = rating.sheets.order_by("part")[0].marker
    with pytest.raises(CaseError, match="wait for an answer"):
        settling.answer(rating=rating, by=marker, at=now)
    settling.answer_point(rating=rating, criterion="support", answer="Ni har rätt", level=2, by=marker, at=now)
    assert settling.standing(rating)["support"].level == 2
    assert settling.answer(rating=rating, by=marker, at=now).state == "ready"
    with pytest.raises(CaseError, match="over"):
        reply.say(rating=rating, criterion="support", agrees=True, text="", evidence="", by=cast.harald, at=now)


@pytest.mark.parametrize("name", ["rut", "anna", "sten", "adam", "ines", "petra", "other_harald"])
def test_only_the_head_and_the_quality_manager_reply(rating, play, cast, now, name):
    rating = play.sent(rating)
    with pytest.raises(Denied):
        reply.say(rating=rating, criterion="support", agrees=True, text="", evidence="", by=getattr(cast, name), at=now)


def test_an_audit_is_settled_by_a_lead_who_did_not_mark_it(make_round, play, inspectors, now):
    made = make_round()
    markers = [inspectors.lea, inspectors.ines]
    rounds.share_out(round=made, markers=markers, by=inspectors.lea, at=now)
    made = rounds.open_round(round=made, reason="Plan", by=inspectors.lea, at=now)
    for rating in made.ratings.all():
        play.ready(rating)
    rating = rounds.draw_audit(round=made, by=inspectors.lea, at=now + timedelta(days=31))[0]
    given = {"rating": rating, "marker": inspectors.ivar, "part": Part.AUDIT}
    play.marked(rounds.hand_out(**given, by=inspectors.lea, at=now), {"support": 2})
    assert list(settling.audited_otherwise(rating)) == ["support"]
    with pytest.raises(CaseError, match="marked this organiser yourself"):
        settling.settle_audit(rating=rating, decided={"support": (2, "Ja")}, by=inspectors.lea, at=now)
    with pytest.raises(CaseError, match="Each difference"):
        settling.settle_audit(rating=rating, decided={}, by=inspectors.lars, at=now)
    rating = settling.settle_audit(rating=rating, decided={"support": (2, "Ja")}, by=inspectors.lars, at=now)
    assert (rating.state, rating.audited) == ("reply", True)  # the organiser is heard of what was changed
    assert settling.standing(rating)["support"].how == How.AUDIT


@pytest.fixture
def audited(make_round, play, inspectors, places, cast, now):
    """Ekvik's rating, to whose levels it agreed, audited by Lars, who thought otherwise of "support"; Lea may settle."""
    made = play.opened(make_round(audit_share=100))
    for rating in made.ratings.all():
        if rating.organiser == places.ekvik:
            play.replied(play.sent(rating), cast.harald, disagrees=())
        else:
            play.ready(rating)
    rounds.draw_audit(round=made, by=inspectors.lea, at=now)
    rating = made.ratings.get(organiser=places.ekvik)
    sheet = rounds.hand_out(rating=rating, marker=inspectors.lars, part=Part.AUDIT, by=inspectors.lea, at=now)
    play.marked(sheet, {"support": 2})
    return rating


CHANGED = {"support": (2, "Stödet finns på alla skolor.")}


@pytest.mark.parametrize(
    ("language", "subject", "change"),
    [
        ("sv", "En granskning har ändrat bedömningen av Ekviks kommun", ": finns delvis → fungerar i hög grad"),
        ("en", "An audit changed the rating of Ekviks kommun", ": partly there → works well"),
    ],
)
def test_an_organiser_is_written_to_of_what_an_audit_changed_and_why(
    audited, inspectors, cast, now, language, subject, change
):
    type(cast.harald).objects.filter(pk=cast.harald.pk).update(language=language)
    rating = settling.settle_audit(rating=audited, decided=CHANGED, by=inspectors.lea, at=now)
    letter = Outgoing.objects.filter(to=cast.harald.email).latest("pk")
    assert letter.subject.startswith(subject)
    assert change in letter.body
    assert "Stödet finns på alla skolor." in letter.body
    assert rating.reply_due.isoformat() in letter.body


def test_an_organiser_may_reply_to_what_an_audit_changed_and_to_nothing_else(audited, play, inspectors, cast, now):
    rating = settling.settle_audit(rating=audited, decided=CHANGED, by=inspectors.lea, at=now)
    own = {"rating": rating, "evidence": "", "by": cast.harald, "at": now}
    assert reply.left(rating) == ["support"]
    with pytest.raises(CaseError, match="did not change"):
        reply.say(**own, criterion="overview", agrees=False, text="Nej")
    reply.say(**own, criterion="support", agrees=False, text="Inte på alla")
    reply.hand_in(rating=rating, by=cast.harald, at=now)
    for who in (inspectors.lars, rating.sheets.get(part="first").marker):
        with pytest.raises((CaseError, Denied)):
            settling.answer_point(rating=rating, criterion="support", answer="Jo", level=2, by=who, at=now)
    settling.answer_point(rating=rating, criterion="support", answer="Ni har rätt", level=1, by=inspectors.lea, at=now)
    assert settling.answer(rating=rating, by=inspectors.lea, at=now).state == "ready"
    assert settling.standing(rating)["support"].level == 1
    assert [one.after_audit for one in rating.replies.order_by("pk")] == [False, True]


def test_an_organiser_that_says_nothing_of_what_an_audit_changed_does_not_stop_the_round(audited, inspectors, now):
    rating = settling.settle_audit(rating=audited, decided=CHANGED, by=inspectors.lea, at=now)
    with pytest.raises(CaseError, match="still has time"):
        settling.go_on(rating=rating, by=inspectors.lea, at=now + timedelta(days=21))
    assert settling.go_on(rating=rating, by=inspectors.lea, at=now + timedelta(days=22)).state == "ready"


def test_an_audit_that_changes_nothing_does_not_ask_the_organiser_again(audited, inspectors, cast, now):
    letters = Outgoing.objects.count()
    rating = settling.settle_audit(rating=audited, decided={"support": (1, "Kvar")}, by=inspectors.lea, at=now)
    assert rating.state == "ready"
    assert Outgoing.objects.count() == letters


@pytest.mark.parametrize(
    ("language", "says", "how"),
    [
        ("sv", "En granskning har ändrat en nivå.", "efter granskningen"),
        ("en", "An audit changed one level.", "after the audit"),
    ],
)
def test_what_an_audit_changed_its_reason_and_its_evidence_stand_on_the_organisers_page(
    audited, inspectors, cast, enter, now, language, says, how, settings
):
    settling.settle_audit(rating=audited, decided=CHANGED, by=inspectors.lea, at=now)
    reader = enter(cast.harald)
    reader.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = reader.get(reverse("rating_reply", args=[audited.pk])).content.decode()
    assert says in page
    assert how in page
    assert "Stödet finns på alla skolor." in page
    assert page.count("underlag audit") == 1  # at the level that it changed, and at no other
    assert reverse("rating_say", args=[audited.pk, "support"]) in page
    assert reverse("rating_say", args=[audited.pk, "overview"]) not in page


@pytest.mark.parametrize(
    ("language", "settled", "heard"),
    [
        ("sv", "En nivå avgjordes: ", "Huvudmannen får svara på det som ändrades"),
        ("en", "A level was settled: ", "The organiser may reply to what it changed"),
    ],
)
def test_what_has_happened_names_the_criterion_that_was_settled(audited, inspectors, now, language, settled, heard):
    settling.settle_audit(rating=audited, decided=CHANGED, by=inspectors.lea, at=now)
    with translation.override(language):
        said = [str(one.what) for one in shown.happenings(audited)]
        name = asked(audited)["support"].name[current()]
    assert any(one.startswith(f"{settled}{name}") for one in said)
    assert any(heard in one for one in said)


def test_every_step_stands_in_the_chain_and_the_chain_holds(rating, play, cast):
    rating = play.replied(play.sent(rating), cast.harald)
    told = list(Event.objects.about(rating.subject).values_list("what", flat=True))
    assert told[0] == "rating.handed_out"
    assert {"rating.marked", "rating.handed_in", "rating.sent", "rating.reply_saved", "rating.replied"} <= set(told)
    assert chain.verify().fault is None


def test_the_answers_are_sent_from_the_page_when_none_is_missing_and_until_then_it_says_which(
    rating, play, cast, enter, now
):
    rating = play.replied(play.sent(rating), cast.harald, disagrees=("support",))
    marker = rating.sheets.order_by("part")[0].marker
    address, point = reverse("rating", args=[rating.pk]), reverse("rating_answer_point", args=[rating.pk, "support"])
    page = enter(marker).get(address).content.decode()
    assert page.count(f'href="{point}"') == 2  # in what is next, and at the criterion
    assert "Send the answers" not in page
    settling.answer_point(rating=rating, criterion="support", answer="Nej", level=1, by=marker, at=now)
    assert "Send the answers" in enter(marker).get(address).content.decode()


def test_the_reply_is_read_through_in_the_order_of_the_rubric_beside_its_levels(rating, play, cast, enter, now):
    rating = play.sent(rating)
    for code in reversed(asked(rating)):
        reply.say(rating=rating, criterion=code, agrees=True, text="", evidence="", by=cast.harald, at=now)
    page = enter(cast.harald).get(reverse("rating_reply_hand_in", args=[rating.pk])).content.decode()
    places = [page.index(reverse("rating_say", args=[rating.pk, code])) for code in asked(rating)]
    assert places == sorted(places)
    assert page.count('class="lv some"') == len(places)


def test_a_marker_reads_the_chosen_levels_through_before_handing_in(rating, play, enter):
    sheet = rating.sheets.order_by("part")[0]
    play.marked(sheet, {"support": 2}, hand_in=False)
    page = enter(sheet.marker).get(reverse("rating_sheet", args=[rating.pk])).content.decode()
    assert page.count("partly there") == len(asked(rating)) - 1
    assert page.count("works well") == 1


def test_an_auditor_who_leads_does_not_settle_between_the_markers_and_oneself(make_round, play, inspectors, now):
    made = play.opened(make_round())
    for rating in made.ratings.all():
        play.ready(rating)
    rating = rounds.draw_audit(round=made, by=inspectors.lea, at=now + timedelta(days=31))[0]
    sheet = rounds.hand_out(rating=rating, marker=inspectors.lars, part=Part.AUDIT, by=inspectors.lea, at=now)
    play.marked(sheet, {"support": 2})
    with pytest.raises(CaseError, match="marked this organiser yourself"):
        settling.settle_audit(rating=rating, decided={"support": (2, "Ja")}, by=inspectors.lars, at=now)
