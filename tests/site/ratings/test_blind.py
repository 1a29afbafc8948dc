"""The walls: nobody reads another's sheet too early, no conflict of interest, no note to colleagues at the organiser."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import translation
from tests.site.ratings.conftest import CANARY

from likvard.site.audit.models import Event
from likvard.site.cases.states import CaseError
from likvard.site.people.access import Denied
from likvard.site.people.roles import Place, Role
from likvard.site.ratings import permissions
from likvard.site.ratings.actions import marking, rounds, settling
from likvard.site.ratings.actions.marking import Given
from likvard.site.ratings.models import Rating, Round
from likvard.site.ratings.states import How, Part

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _here(settings, monkeypatch, now):
    settings.SECOND_FACTOR, settings.LANGUAGE_CODE = False, "en"
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@pytest.fixture
def rating(make_round, play, places):
    """Ekvik's rating in an open round, between Ines and Ivar."""
    return play.opened(make_round()).ratings.get(organiser=places.ekvik)


def seen(client, rating):
    """Everything that a reader finds of a rating on the pages that could show it."""
    pages = [reverse(name, args=[rating.pk]) for name in ("rating", "rating_sheet", "rating_reply")]
    pages += [
        reverse("rating_mark", args=[rating.pk, "support"]),
        reverse("rating_settle", args=[rating.pk, "support"]),
    ]
    return "".join(client.get(page).content.decode() for page in pages)


def test_nobody_reads_the_first_sheet_before_the_second_is_in_not_even_the_lead(rating, play, enter, cast, inspectors):
    first, second = rating.sheets.order_by("part")
    play.marked(first)
    for reader in (second.marker, inspectors.lea, cast.harald, cast.petra, None):
        assert CANARY not in seen(enter(reader), rating), reader
    play.marked(second)
    assert CANARY in seen(enter(second.marker), rating)
    assert CANARY in seen(enter(inspectors.lea), rating)
    assert CANARY not in seen(enter(cast.harald), rating)


def test_an_auditor_marks_before_reading_what_the_others_thought(make_round, play, places, enter, inspectors, now):
    made = play.opened(make_round())
    for rating in made.ratings.all():
        play.ready(rating)
    rating = rounds.draw_audit(round=made, by=inspectors.lea, at=now + timedelta(days=31))[0]
    given = {"rating": rating, "marker": inspectors.lars, "part": Part.AUDIT}
    sheet = rounds.hand_out(**given, by=inspectors.lea, at=now)
    assert CANARY not in seen(enter(inspectors.lars), rating)
    play.marked(sheet)
    assert CANARY in seen(enter(inspectors.lars), rating)


def test_the_organiser_reads_grounds_and_evidence_and_never_the_notes_or_the_names(rating, play, enter, cast):
    play.sent(rating)
    text = enter(cast.harald).get(reverse("rating_reply", args=[rating.pk])).content.decode()
    assert f"{CANARY} first overview" in text
    assert f"{CANARY} underlag" in text
    assert f"{CANARY}-privat" not in text
    assert "Ines" not in text
    assert "Ivar" not in text


def test_a_level_changed_by_an_answer_is_shown_to_the_organiser_when_the_answers_are_sent(
    rating, play, enter, cast, now
):
    rating = play.replied(play.sent(rating), cast.harald, disagrees=("support",))
    marker = rating.sheets.order_by("part")[0].marker
    own = {"rating": rating, "by": marker, "at": now}
    settling.answer_point(**own, criterion="support", answer="HEMLIGT-ÄN", level=2)
    address = reverse("rating_reply", args=[rating.pk])
    assert "HEMLIGT-ÄN" not in enter(cast.harald).get(address).content.decode()
    settling.answer(**own)
    assert "HEMLIGT-ÄN" in enter(cast.harald).get(address).content.decode()
    assert settling.standing(rating)["support"].how == How.REPLY


def test_another_organiser_finds_nothing_and_is_told_so_in_the_same_words_as_for_none(rating, play, enter, cast):
    play.sent(rating)
    other = enter(cast.other_harald).get(reverse("rating_reply", args=[rating.pk]))
    none = enter(cast.other_harald).get(reverse("rating_reply", args=[999_999]))
    assert other.status_code == none.status_code == 403
    assert "There is no rating here that is open to you." in other.content.decode()
    assert "There is no rating here that is open to you." in none.content.decode()


def test_a_conflict_of_interest_closes_the_rating_and_takes_the_sheet_back(rating, inspectors, now):
    sheet = rating.sheets.get(part="first")
    rounds.declare_conflict(organiser=rating.organiser, user=sheet.marker, reason="Bor där", by=sheet.marker, at=now)
    sheet.refresh_from_db()
    assert sheet.withdrawn_reason == "Bor där"
    with pytest.raises(Denied):
        permissions.check_can_read(sheet.marker, rating, on=now.date())
    with pytest.raises(CaseError):
        rounds.hand_out(rating=rating, marker=sheet.marker, part=Part.FIRST, by=inspectors.lars, at=now)


def test_a_conflict_declared_when_both_have_marked_makes_the_rating_wait_for_a_new_marker(
    rating, play, inspectors, now
):
    play.both(rating)
    sheet = rating.sheets.get(part="second")
    rounds.declare_conflict(organiser=rating.organiser, user=sheet.marker, reason="Släkt", by=inspectors.lea, at=now)
    rating.refresh_from_db()
    assert rating.state == "marking"
    assert not rating.levels.exists()
    made = rounds.hand_out(rating=rating, marker=inspectors.lars, part=Part.SECOND, by=inspectors.lea, at=now)
    play.marked(made)
    rating.refresh_from_db()
    assert rating.state == "settling"


def test_whoever_has_read_sheets_sheet_gets_none_of_that_organiser_again(rating, play, inspectors, now):
    play.both(rating)
    sheet = rating.sheets.get(part="second")
    rounds.take_back(sheet=sheet, reason="Fel årgång", by=inspectors.lea, at=now)
    with pytest.raises(CaseError, match="has read what the markers thought"):
        rounds.hand_out(rating=rating, marker=sheet.marker, part=Part.SECOND, by=inspectors.lea, at=now)
    people = [sheet.marker, inspectors.lars]
    assert rounds.share_out(round=rating.round, markers=people, by=inspectors.lea, at=now) == 1
    assert rating.sheets.get(part="second", withdrawn_at=None).marker == inspectors.lars


def drawn(made, play, inspectors, now):
    """A rating that is drawn for audit."""
    for rating in made.ratings.all():
        play.ready(rating)
    return rounds.draw_audit(round=made, by=inspectors.lea, at=now + timedelta(days=31))[0]


def offered(client, rating, part):
    """Who is in the list of those who can be given a place."""
    page = client.get(reverse("rating_hand_out", args=[rating.pk, part])).content.decode()
    return {name for name in ("Ines Inspektör", "Ivar", "Lea Ledare", "Lars") if f">{name}</option>" in page}


@pytest.mark.parametrize(
    ("language", "why"),
    [("sv", "Lars har läst vad bedömarna tyckte"), ("en", "Lars has read what the markers thought")],
)
def test_a_lead_who_has_read_the_sheets_is_not_given_the_audit(make_round, play, inspectors, enter, now, language, why):
    rating = drawn(play.opened(make_round()), play, inspectors, now)
    assert offered(enter(inspectors.lea), rating, "audit") == {"Lea Ledare", "Lars"}
    assert CANARY in enter(inspectors.lars).get(reverse("rating", args=[rating.pk])).content.decode()
    with translation.override(language), pytest.raises(CaseError, match=why):
        rounds.hand_out(rating=rating, marker=inspectors.lars, part=Part.AUDIT, by=inspectors.lea, at=now)
    assert offered(enter(inspectors.lea), rating, "audit") == {"Lea Ledare"}


def test_a_lead_who_has_read_the_sheets_gets_no_sheet_in_the_place_of_one_taken_back(
    rating, play, inspectors, enter, now
):
    play.both(rating)
    enter(inspectors.lars).get(reverse("rating", args=[rating.pk]))
    rounds.take_back(sheet=rating.sheets.get(part="second"), reason="Sjuk", by=inspectors.lea, at=now)
    with pytest.raises(CaseError, match="has read"):
        rounds.hand_out(rating=rating, marker=inspectors.lars, part=Part.SECOND, by=inspectors.lea, at=now)
    shared = {"round": rating.round, "by": inspectors.lea, "at": now}
    assert rounds.share_out(**shared, markers=[inspectors.lars]) == 0
    assert rounds.share_out(**shared, markers=[inspectors.lars, inspectors.lea]) == 1


def test_a_lead_who_settled_a_level_is_not_given_a_sheet_though_the_level_was_undone(rating, play, inspectors, now):
    rating = play.both(rating, first={"support": 2})
    settling.settle(rating=rating, criterion="support", level=1, grounds="Vi läste", by=inspectors.lars, at=now)
    rounds.take_back(sheet=rating.sheets.get(part="second"), reason="Sjuk", by=inspectors.lea, at=now)
    with pytest.raises(CaseError, match="has read"):
        rounds.hand_out(rating=rating, marker=inspectors.lars, part=Part.SECOND, by=inspectors.lea, at=now)


@pytest.mark.parametrize("page", ["rating_settle", "rating_audit", "rating_answer_point"])
def test_every_page_that_shows_the_sheets_remembers_who_opened_them_once(
    make_round, rating, play, inspectors, enter, cast, now, page
):
    if page == "rating_audit":
        Rating.objects.exclude(pk=rating.pk).update(state="ready")
        play.ready(rating)
        Round.objects.filter(pk=rating.round_id).update(audit_share=100)
        rounds.draw_audit(round=rating.round, by=inspectors.lea, at=now)
        play.marked(rounds.hand_out(rating=rating, marker=inspectors.lars, part=Part.AUDIT, by=inspectors.lea, at=now))
    elif page == "rating_settle":
        play.both(rating, first={"support": 2})
    else:
        play.replied(play.sent(rating), cast.harald, disagrees=("support",))
    address = reverse(page, args=[rating.pk] if page == "rating_audit" else [rating.pk, "support"])
    for _again in range(2):
        assert enter(inspectors.lea).get(address).status_code == 200
    told = Event.objects.about(rating.subject).filter(what="rating.sheets_opened", actor_name=str(inspectors.lea))
    assert told.count() == 1
    assert permissions.has_read_sheets(inspectors.lea, rating)


def test_whoever_gives_an_organiser_away_without_reading_the_sheets_has_not_read_them(rating, inspectors, enter):
    enter(inspectors.lea).get(reverse("rating", args=[rating.pk]))
    assert not permissions.has_read_sheets(inspectors.lea, rating)


def test_a_sheet_taken_back_before_the_other_was_in_may_be_given_to_the_same_marker_again(
    rating, play, inspectors, now
):
    sheet = rating.sheets.get(part="second")
    play.marked(sheet)
    rounds.take_back(sheet=sheet, reason="Fel årgång", by=inspectors.lea, at=now)
    made = rounds.hand_out(rating=rating, marker=sheet.marker, part=Part.SECOND, by=inspectors.lea, at=now)
    assert made.marker == sheet.marker


def test_what_led_to_the_levels_that_were_sent_is_not_taken_back_in_the_audit(rating, play, inspectors, now):
    play.ready(rating)
    Rating.objects.filter(pk=rating.pk).update(state="audit")
    sheet = rating.sheets.get(part="second")
    with pytest.raises(CaseError, match="has been told of the levels"):
        rounds.take_back(sheet=sheet, reason="Fel", by=inspectors.lea, at=now)
    rounds.declare_conflict(organiser=rating.organiser, user=sheet.marker, reason="Släkt", by=inspectors.lea, at=now)
    sheet.refresh_from_db()
    assert sheet.withdrawn_at is None


def test_of_two_leads_who_take_the_same_sheet_back_the_first_ones_reason_stands(rating, inspectors, now):
    as_one_sees_it, as_the_other = rating.sheets.get(part="first"), rating.sheets.get(part="first")
    rounds.take_back(sheet=as_one_sees_it, reason="Sjuk", by=inspectors.lea, at=now)
    with pytest.raises(CaseError):
        rounds.take_back(sheet=as_the_other, reason="Fel person", by=inspectors.lars, at=now)
    as_the_other.refresh_from_db()
    assert as_the_other.withdrawn_reason == "Sjuk"


@pytest.mark.parametrize(
    ("ended", "is_in_conflict"), [(None, True), (date(2021, 6, 1), True), (date(2020, 6, 1), False)]
)
def test_who_worked_at_the_organiser_within_five_years_does_not_rate_it(
    places, inspectors, member, now, ended, is_in_conflict
):
    place = Place(unit=places.björk.code)
    member(inspectors.ines, Role.PRINCIPAL, place, start=date(2015, 8, 1), end=ended)
    assert bool(permissions.conflict_of(inspectors.ines, places.ekvik, now.date())) is is_in_conflict
    listed = permissions.organisers_in_conflict(inspectors.ines, now.date())
    assert (places.ekvik.pk in listed) is is_in_conflict


def test_what_is_shared_out_never_goes_to_a_conflict_and_never_twice_to_the_same(make_round, places, inspectors, now):
    rounds.declare_conflict(organiser=places.ekvik, user=inspectors.ines, reason="Bor där", by=inspectors.ines, at=now)
    made = make_round()
    people = [inspectors.ines, inspectors.ivar, inspectors.lars]
    rounds.share_out(round=made, markers=people, by=inspectors.lea, at=now)
    pairs = {rating.organiser_id: set(rating.sheets.values_list("marker", flat=True)) for rating in made.ratings.all()}
    assert pairs[places.ekvik.pk] == {inspectors.ivar.pk, inspectors.lars.pk}
    assert {len(pair) for pair in pairs.values()} == {2}


def test_a_sheet_that_is_handed_in_is_never_changed(rating, play, now):
    sheet = rating.sheets.get(part="first")
    play.marked(sheet)
    with pytest.raises(CaseError, match="handed in"):
        marking.mark(rating=rating, criterion="support", level=2, grounds="x", by=sheet.marker, at=now)


def test_a_level_without_grounds_or_evidence_keeps_the_sheet_from_being_handed_in(rating, play, now):
    sheet = rating.sheets.get(part="first")
    play.marked(sheet, hand_in=False)
    for given in (Given(1, " ", evidence=(("Rapport", ""),)), Given(1, "Skäl")):
        marking.fill_in(rating=rating, given={"support": given}, by=sheet.marker, at=now)
        with pytest.raises(CaseError, match="1 criteria"):
            marking.hand_in(rating=rating, by=sheet.marker, at=now)
    marking.fill_in(rating=rating, given={"support": Given(None, "Vi vet för lite")}, by=sheet.marker, at=now)
    assert marking.hand_in(rating=rating, by=sheet.marker, at=now).handed_in_at == now


def test_no_round_opens_before_everybody_has_two_markers(make_round, inspectors, now):
    with pytest.raises(CaseError, match="two markers"):
        rounds.open_round(round=make_round(), reason="Plan", by=inspectors.lea, at=now)


def test_an_inspector_without_a_sheet_reads_nothing_of_a_rating(rating, cast, inspectors, member, now):
    with pytest.raises(Denied):
        permissions.check_can_read(inspectors.lars.__class__(email="x"), rating, on=now.date())
    assert Rating.objects.all().of_marker(inspectors.lars).count() == 0
