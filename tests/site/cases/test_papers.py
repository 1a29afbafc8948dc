"""Documents, messages and letters."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction

from likvard.site.audit import events
from likvard.site.cases import actions, outbox
from likvard.site.cases.access import case_for
from likvard.site.cases.models import DocumentVersion, Message, Outgoing
from likvard.site.cases.states import CaseError
from likvard.site.people.access import Denied

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n"


@pytest.fixture
def attach(cast, shared, now, tmp_path):
    def make(content=PDF, **more):
        known = {"case": shared, "name": "svar.pdf", "chunks": [content], "by": cast.rut, "at": now}
        return actions.attach(**{**known, "folder": tmp_path, "scanner": "", **more})

    return make


def fetch(version, case, user, now, folder, reason=""):
    _, grant = case_for(user, case.dnr, at=now)
    return actions.fetch(version=version, case=case, grant=grant, by=user, at=now, folder=folder, reason=reason)


def test_a_document_has_its_own_date_and_versions(attach, shared, cast, now):
    first = attach(title="Svar på föreläggande", dated=date(2025, 10, 1))
    second = attach(b"%PDF-2.0\n", document=first.document, at=now + timedelta(days=1))
    assert (first.document.dated, second.number, second.document.newest) == (date(2025, 10, 1), 2, second)
    assert [event.what for event in events.about(shared.subject)][-2:] == ["case.document_attached"] * 2


def test_the_same_file_again_is_no_new_version(attach):
    with pytest.raises(CaseError, match="there already"):
        attach(document=attach().document)


def test_a_document_of_another_matter_gets_no_version_here(attach, opened):
    with pytest.raises(CaseError, match="another matter"):
        attach(b"%PDF-2\n", document=attach(case=opened()).document)


def test_fetching_is_an_event(attach, shared, cast, now, tmp_path):
    version = attach(sensitive=False)
    assert fetch(version, shared, cast.harald, now, tmp_path) == PDF
    assert events.about(shared.subject).last().what == "case.document_read"


def test_what_is_about_pupils_is_fetched_with_a_reason_by_roles_that_may(attach, shared, cast, now, tmp_path):
    version = attach(sensitive=True)
    with pytest.raises(CaseError, match="Say why"):
        fetch(version, shared, cast.rut, now, tmp_path)
    assert fetch(version, shared, cast.rut, now, tmp_path, reason="Bedömning") == PDF
    assert events.about(shared.subject).last().reason == "Bedömning"
    with pytest.raises(Denied, match="pupils"):
        fetch(version, shared, cast.harald, now, tmp_path, reason="Nyfiken")


def test_a_document_is_fetched_only_through_its_own_case(attach, opened, cast, now, tmp_path):
    version, other = attach(sensitive=False), opened()
    actions.mention(case=other, document=version.document, by=cast.rut, at=now)
    with pytest.raises(Denied, match="another matter"):
        fetch(version, other, cast.rut, now, tmp_path)


def test_an_infected_file_is_kept_apart_and_not_handed_out(attach, shared, cast, now, tmp_path):
    version = attach(scanner="false", sensitive=False)
    assert version.scan == "infected"
    with pytest.raises(CaseError, match="kept apart"):
        fetch(version, shared, cast.rut, now, tmp_path)


def test_who_may_not_change_the_case_leaves_no_file_behind(attach, cast, tmp_path):
    with pytest.raises(Denied):
        attach(by=cast.olle)
    assert list(tmp_path.iterdir()) == []
    assert not DocumentVersion.objects.exists()


def test_a_letter_about_a_message_does_not_say_what_it_says(shared, cast, now):
    Outgoing.objects.all().delete()
    actions.send_message(case=shared, to=[cast.harald], text="Hemligt", sensitive=False, by=cast.rut, at=now)
    letter = Outgoing.objects.get()
    assert letter.to == "harald@example.se"
    assert "Hemligt" not in letter.body


@pytest.mark.parametrize("name", ["kim", "olle", "other_rut"])
def test_messages_go_only_to_whom_the_case_is_open(shared, cast, now, name):
    with pytest.raises(CaseError, match="not open to"):
        actions.send_message(case=shared, to=[getattr(cast, name)], text="x", sensitive=False, by=cast.rut, at=now)


def test_what_is_about_pupils_is_not_written_to_who_may_not_read_it(shared, cast, now):
    with pytest.raises(CaseError, match="about pupils"):
        actions.send_message(case=shared, to=[cast.harald], text="x", sensitive=True, by=cast.rut, at=now)


def test_the_receipt_of_a_message_is_an_event(shared, cast, now):
    message = actions.send_message(case=shared, to=[cast.harald], text="Hej", sensitive=False, by=cast.rut, at=now)
    _, grant = case_for(cast.harald, shared.dnr, at=now)
    assert actions.read_message(message=message, grant=grant, by=cast.harald, at=now) == "Hej"
    read = events.about(shared.subject).last()
    assert (read.what, read.values) == ("case.message_read", {"message": message.pk, "receiver": True})


def test_a_sensitive_message_is_read_on_request_only(shared, cast, now):
    message = actions.send_message(case=shared, to=[cast.rut], text="Elev", sensitive=True, by=cast.harald, at=now)
    _, grant = case_for(cast.rut, shared.dnr, at=now)
    with pytest.raises(CaseError, match="Say why"):
        actions.read_message(message=message, grant=grant, by=cast.rut, at=now)
    assert actions.read_message(message=message, grant=grant, by=cast.rut, at=now, reason="Svar") == "Elev"


def test_a_message_needs_a_receiver_and_a_text(shared, cast, now):
    for to, text in (([], "x"), ([cast.harald], "  ")):
        with pytest.raises(CaseError, match="receiver and a text"):
            actions.send_message(case=shared, to=to, text=text, sensitive=False, by=cast.rut, at=now)
    assert not Message.objects.exists()


@pytest.mark.parametrize(("again", "state"), [(True, "queued"), (False, "dropped")])
def test_a_person_settles_a_letter_that_nobody_knows_of(cast, shared, now, again, state):
    with transaction.atomic():
        letter = outbox.post(to="a@example.se", subject="x", body="x", at=now)
    Outgoing.objects.filter(pk=letter.pk).update(state="unknown", attempts=1)
    with pytest.raises(Denied):
        actions.settle_letter(letter=letter, again=again, by=cast.rut, at=now, reason="Frågat mottagaren")
    settled = actions.settle_letter(letter=letter, again=again, by=cast.nils, at=now, reason="Frågat mottagaren")
    assert (settled.state, settled.message_id) == (state, letter.message_id)
    assert events.about(f"letter:{letter.pk}").get().what == "letter.settled"
    with pytest.raises(CaseError, match="nobody's help"):
        actions.settle_letter(letter=settled, again=again, by=cast.nils, at=now, reason="x")
