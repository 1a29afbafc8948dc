"""What is done with a case: change and event together, in order, and never against the rules."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from likvard.site.audit import chain, events
from likvard.site.cases import actions, permissions, register
from likvard.site.cases.models import Case, CaseLink, Clock, Document, Outgoing, Participant, Series
from likvard.site.cases.states import CaseError
from likvard.site.people.access import Denied
from likvard.site.people.models import Assignment

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def what(case):
    return [event.what for event in events.about(case.subject)]


def decided(case, cast, now):
    """Take a shared matter to where it can be decided."""
    for code in ("begin", "propose"):
        case = actions.move(case=case, code=code, by=cast.rut, at=now)
    return case


def test_numbers_of_a_series_run_from_one_without_gaps(opened, now, cast):
    cases = [opened() for _ in range(3)]
    assert [case.dnr for case in cases] == ["LV 2025:1", "LV 2025:2", "LV 2025:3"]
    with pytest.raises(Denied):
        opened(by=cast.olle)
    assert opened().number == 4
    assert register.gaps(list(Case.objects.values_list("number", flat=True))) == []


def test_the_year_of_a_number_is_stockholms(opened, now):
    new_year = now.replace(month=12, day=31, hour=23, minute=30)
    assert opened(at=new_year).dnr == "LV 2026:1"


def test_opening_that_fails_takes_no_number(opened, now):
    with pytest.raises(KeyError), transaction.atomic():
        raise KeyError(opened().dnr)
    assert opened().dnr == "LV 2025:1"
    assert Series.objects.get().last == 1


def test_an_opened_case_is_its_openers_and_says_so(cast, opened):
    case = opened()
    assert case.state_code == "received"
    assert what(case) == ["case.opened"]
    assert Participant.objects.get().user == cast.rut
    assert Assignment.objects.get().matter == case.dnr


@pytest.mark.parametrize("name", ["sten", "elsa", "anna", "adam", "olle", "bea", "nils", "other_rut"])
def test_only_openers_open(cast, opened, name):
    with pytest.raises(Denied, match="cannot open"):
        opened(by=getattr(cast, name))


def test_sharing_out_makes_responsible_moves_on_and_tells_by_letter(cast, shared):
    assert (shared.responsible, shared.state_code) == (cast.rut, "assigned")
    letter = Outgoing.objects.get()
    assert letter.to == "rut@example.se"
    assert shared.title not in letter.body + letter.subject


def test_sharing_out_again_ends_what_the_first_could_reach(cast, opened, now):
    case = opened(by=cast.lea, take=False, place=opened().unit)
    Assignment.objects.all().delete()
    Participant.objects.create(case=case, user=cast.lea, part="handler", reason="x", since=now, given_by=cast.lea)
    actions.share_out(case=case, to=cast.ines, by=cast.lea, at=now)
    actions.share_out(case=case, to=cast.elsa, by=cast.lea, at=now + DAY)
    ended = Assignment.objects.get(user=cast.ines)
    assert ended.end == now.date() + DAY
    assert Assignment.objects.get(user=cast.elsa).end is None


@pytest.mark.parametrize("name", ["olle", "other_rut", "anna", "adam"])
def test_a_case_is_not_handed_to_whom_it_cannot_be_opened_to(cast, opened, now, name):
    with pytest.raises(CaseError, match="no role"):
        actions.share_out(case=opened(), to=getattr(cast, name), by=cast.harald, at=now)


def test_a_case_goes_its_way_to_the_end(cast, shared, now):
    case = decided(shared, cast, now)
    with pytest.raises(Denied, match="leads"):
        actions.move(case=case, code="close", by=cast.rut, at=now, reason="Klart")
    case = actions.move(case=case, code="close", by=cast.harald, at=now, reason="Väntetiden är åtgärdad")
    assert (case.closed_by, case.closing_reason) == (cast.harald, "Väntetiden är åtgärdad")
    assert what(case) == ["case.opened", "case.shared_out", "case.moved", "case.moved", "case.closed"]
    assert not Assignment.objects.filter(matter=case.dnr, end=None).exists()
    assert chain.verify().whole


def test_a_closed_case_is_read_not_changed(cast, shared, now):
    case = actions.move(case=decided(shared, cast, now), code="close", by=cast.harald, at=now, reason="Klart")
    before = what(case)
    for deed in (
        lambda: actions.start_clock(case=case, name="Svara", by=cast.rut, at=now),
        lambda: actions.link(case=case, type="follows", number="SI 2022:1", by=cast.rut, at=now),
        lambda: actions.share_out(case=case, to=cast.kim, by=cast.harald, at=now),
        lambda: actions.correct(case=case, title="x", secrecy="open", reason="x", by=cast.rut, at=now),
        lambda: actions.send_message(case=case, to=[cast.harald], text="x", sensitive=False, by=cast.rut, at=now),
    ):
        with pytest.raises(CaseError, match="closed"):
            deed()
    assert what(case) == before


def test_a_step_that_needs_a_reason_is_not_taken_without(cast, shared, now):
    with pytest.raises(CaseError, match="needs a reason"):
        actions.move(case=decided(shared, cast, now), code="close", by=cast.harald, at=now, reason=" ")


def test_work_does_not_begin_before_somebody_is_responsible(cast, opened, now):
    with pytest.raises(CaseError, match="Nobody is responsible"):
        actions.move(case=opened(), code="share_out", by=cast.harald, at=now)


def test_a_case_is_not_closed_while_a_clock_is_going(cast, shared, now):
    clock = actions.start_clock(case=shared, name="Svara huvudmannen", by=cast.rut, at=now)
    case = decided(shared, cast, now)
    with pytest.raises(CaseError, match="Svara huvudmannen"):
        actions.move(case=case, code="close", by=cast.harald, at=now, reason="Klart")
    actions.meet_clock(clock=clock, by=cast.rut, at=now)
    assert permissions.can_move(cast.harald, case, "close", on=now.date())


def test_who_only_reads_changes_nothing(cast, opened, now):
    case = opened(by=cast.harald)
    assert not permissions.can_work(cast.rut, case, on=now.date())
    with pytest.raises(Denied, match="not change it"):
        actions.start_clock(case=case, name="x", by=cast.rut, at=now)
    with pytest.raises(Denied, match="not change it"):
        actions.start_clock(case=case, name="x", by=cast.kim, at=now)


def test_a_correction_keeps_what_stood_there(cast, shared, now):
    actions.correct(case=shared, title="Ny rubrik", secrecy="health", reason="Fel namn", by=cast.rut, at=now)
    last = events.about(shared.subject).last()
    assert last.values["before"] == {"title": "Väntetid för utredning", "secrecy": "open"}
    assert Case.objects.get().secrecy == "health"


def test_links_tell_our_numbers_from_others(cast, shared, opened, now):
    other = opened()
    actions.link(case=shared, type="follows", number=other.dnr.lower(), by=cast.rut, at=now)
    actions.link(case=shared, type="mentioned", number="dnr 400-2011:6497", by=cast.rut, at=now)
    ours, theirs = CaseLink.objects.all()
    assert (ours.to_case, theirs.quoted) == (other, "400-2011:6497")
    with pytest.raises(CaseError, match="already"):
        actions.link(case=shared, type="follows", number=other.dnr, by=cast.rut, at=now)
    with pytest.raises(CaseError, match="not a register number"):
        actions.link(case=shared, type="follows", number="skollagen (2010:800)", by=cast.rut, at=now)


def test_an_exclusion_ends_what_was_handed_and_can_be_ended(cast, shared, now):
    actions.let_in(case=shared, user=cast.elsa, part="handler", reason="Behövs", by=cast.harald, at=now)
    made = actions.exclude(case=shared, user=cast.elsa, reason="Närstående", by=cast.harald, at=now)
    assert Participant.objects.get(user=cast.elsa).ended_by == cast.harald
    assert Assignment.objects.get(user=cast.elsa).end == now.date()
    with pytest.raises(CaseError, match="excluded"):
        actions.let_in(case=shared, user=cast.elsa, part="reader", reason="x", by=cast.harald, at=now)
    actions.end_exclusion(exclusion=made, reason="Fel person", by=cast.harald, at=now)
    actions.let_in(case=shared, user=cast.elsa, part="reader", reason="x", by=cast.harald, at=now + DAY)


def test_who_is_responsible_cannot_be_excluded(cast, shared, now):
    for user in (cast.rut, cast.harald):
        with pytest.raises(CaseError, match="cannot be excluded"):
            actions.exclude(case=shared, user=user, reason="x", by=cast.harald, at=now)


def test_a_case_becomes_unreachable_only_when_its_time_has_run_out(cast, shared, now):
    case = actions.move(case=decided(shared, cast, now), code="close", by=cast.harald, at=now, reason="Klart")
    assert case.kept_until == date(2035, 12, 31)
    with pytest.raises(CaseError, match="is to be kept"):
        actions.make_unreachable(case=case, by=cast.nils, at=now)
    later = now.replace(year=2036, month=1, day=2)
    assert Case.objects.due_for_retention(later.date()) == [case]
    with pytest.raises(Denied):
        actions.make_unreachable(case=case, by=cast.other_adam, at=later)
    hidden = actions.make_unreachable(case=case, by=cast.adam, at=later)
    assert not permissions.asks(lambda: permissions.check_can_work(cast.rut, hidden, on=later.date()))
    assert Case.objects.count() == 1
    assert what(case)[-1] == "case.made_unreachable"


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Case, {"closed_by_id": None}),
        (Case, {"closing_reason": ""}),
        (Case, {"secrecy": "secret"}),
        (Case, {"number": 0}),
        (Clock, {"due": None}),
        (Clock, {"met_by_id": None}),
    ],
)
def test_the_database_refuses_half_a_pair(cast, shared, now, model, change):
    clock = actions.start_clock(case=shared, name="x", due=now.date(), by=cast.rut, at=now)
    actions.meet_clock(clock=clock, by=cast.rut, at=now)
    actions.move(case=decided(shared, cast, now), code="close", by=cast.harald, at=now, reason="Klart")
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(**change)


def test_a_document_has_one_case_of_its_own(cast, shared, opened, now):
    document = Document.objects.create(title="x", dated=now.date())
    known = {"type": "own", "document": document, "made_at": now, "made_by": cast.rut}
    CaseLink.objects.create(case=shared, **known)
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseLink.objects.create(case=opened(), **known)
