"""The way of a decision from the desk to everybody, and what is hidden on it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError
from tests.site.newsroom.conftest import AT, CANARY

from likvard.site.audit.models import Event
from likvard.site.cases import actions as cases
from likvard.site.cases.actions.issuing import happen
from likvard.site.cases.states import CaseError
from likvard.site.newsroom import actions, composing
from likvard.site.newsroom.models import Mask, Publication, Version
from likvard.site.newsroom.reading import Filters, published_decisions
from likvard.site.people.access import Denied
from likvard.site.writing.text import Reason, plain_text

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=3)


def said(publication):
    """Everything that stands in the version that everybody reads."""
    return json.dumps(publication.versions.last().content, ensure_ascii=False)


def test_a_name_is_hidden_wherever_it_stands(prepared):
    texts = composing.proposed(prepared)
    told = " ".join(plain_text(written) for written in texts.values())
    assert CANARY not in told
    assert "Testsson" not in told
    assert len(composing.hidden_reasons(texts["text"])) == 3


def test_nothing_is_public_before_it_is_published(prepared):
    assert not published_decisions().exists()
    assert not prepared.shown


def test_what_is_published_is_masked_and_found(published):
    assert CANARY not in said(published)
    assert list(published_decisions(Filters(words="kränkningar Björkskolan"))) == [published]
    assert not published_decisions(Filters(words=CANARY)).exists()
    assert not published_decisions(Filters(words="Testsson")).exists()


def test_another_person_reads_before_it_is_published(prepared, cast, pia):
    actions.move(publication=prepared, code="ask", by=cast.petra, at=AT)
    with pytest.raises(Denied, match="prepared this yourself"):
        actions.move(publication=prepared, code="publish", by=cast.petra, at=AT)
    assert actions.move(publication=prepared, code="publish", by=pia, at=AT).shown


def test_whoever_hid_something_cannot_be_the_second_reader(prepared, cast, pia):
    actions.hide(publication=prepared, words="Rektorn", reason=Reason.STAFF, by=pia, at=AT)
    actions.move(publication=prepared, code="ask", by=cast.petra, at=AT)
    with pytest.raises(Denied, match="prepared this yourself"):
        actions.move(publication=prepared, code="publish", by=pia, at=AT)


def test_the_database_itself_refuses_a_version_that_one_person_made(published, cast):
    with pytest.raises(IntegrityError):
        Version.objects.create(
            publication=published, number=2, title="T", content={}, why="W", at=AT,
            prepared_by=cast.petra, read_by=cast.petra,
        )  # fmt: skip


def test_the_second_reader_sends_back_with_a_reason(prepared, cast):
    actions.move(publication=prepared, code="ask", by=cast.petra, at=AT)
    with pytest.raises(CaseError, match="A reason is needed"):
        actions.move(publication=prepared, code="send_back", by=cast.lea, at=AT)
    back = actions.move(publication=prepared, code="send_back", by=cast.lea, at=AT, reason="Rektorns namn står kvar")
    assert back.state == "draft"
    assert back.steps.last().reason == "Rektorns namn står kvar"


def test_nothing_changes_while_somebody_reads_it(prepared, cast):
    actions.move(publication=prepared, code="ask", by=cast.petra, at=AT)
    with pytest.raises(CaseError, match="nothing in it can be changed"):
        actions.hide(publication=prepared, words="Rektorn", reason=Reason.STAFF, by=cast.petra, at=AT)
    with pytest.raises(CaseError, match="nothing in it can be changed"):
        actions.describe(publication=prepared, title="T", slug="annan-2025", tags=[], by=cast.petra, at=AT)


def test_a_document_about_an_individual_is_never_published(issued, cast):
    with pytest.raises(CaseError, match="about an individual"):
        actions.prepare(issued=issued(publishable=False), by=cast.petra, at=AT)


@pytest.mark.parametrize("who", ["ines", "bea", "nils", "kim", "rut", "olle", "lea"])
def test_only_press_officers_prepare(issued, cast, who):
    with pytest.raises(Denied):
        actions.prepare(issued=issued(), by=getattr(cast, who), at=AT)


def test_whoever_is_kept_out_of_the_case_is_kept_out_here(issued, cast):
    document = issued()
    cases.exclude(case=document.case, user=cast.petra, reason="Närstående", by=cast.lea, at=AT)
    with pytest.raises(Denied):
        actions.prepare(issued=document, by=cast.petra, at=AT)


def test_a_correction_stands_open_until_it_is_read_and_says_what_and_why(published, publish, cast):
    actions.move(publication=published, code="correct", by=cast.petra, at=LATER, reason="En lärare kunde kännas igen.")
    actions.hide(publication=published, words="Rektorn", reason=Reason.STAFF, by=cast.petra, at=LATER)
    assert "Rektorn" in said(published)
    done = publish(published, at=LATER)
    assert "Rektorn" not in said(done)
    assert (done.version, done.versions.last().why) == (2, "En lärare kunde kännas igen.")
    assert done.published_at == AT
    assert done.changed_at == LATER
    assert not published_decisions(Filters(words='"Rektorn anmälde"')).exists()


def test_what_is_withdrawn_is_found_no_more_and_keeps_when_and_why(published, cast):
    gone = actions.move(publication=published, code="withdraw", by=cast.petra, at=LATER, reason="Fel huvudman.")
    assert gone.is_tombstone
    assert (gone.withdrawn_at, gone.withdrawn_reason) == (LATER, "Fel huvudman.")
    assert not published_decisions().exists()
    assert not published_decisions(Filters(words="Björkskolan")).exists()


def test_what_was_withdrawn_can_be_published_again(published, publish, cast):
    gone = actions.move(publication=published, code="withdraw", by=cast.petra, at=LATER, reason="Fel huvudman.")
    actions.move(publication=gone, code="again", by=cast.petra, at=LATER, reason="Rätt huvudman.")
    back = publish(gone, at=LATER)
    assert back.shown
    assert back.withdrawn_at is None
    assert back.versions.last().why == "Rätt huvudman."


def test_a_mask_is_lifted_with_a_reason_and_stays_in_the_log(prepared, cast):
    mask = prepared.masks.first()
    with pytest.raises(CaseError, match="A reason is needed"):
        actions.lift(mask=mask, reason=" ", by=cast.petra, at=AT)
    actions.lift(mask=mask, reason="Namnet är huvudmannens.", by=cast.petra, at=AT)
    assert Mask.objects.filter(pk=mask.pk, lifted_by=cast.petra).exists()
    with pytest.raises(CaseError, match="shown already"):
        actions.lift(mask=mask, reason="Igen", by=cast.petra, at=AT)


def test_the_chain_never_holds_what_is_hidden(published, cast):
    told = " ".join(event.data + event.reason for event in Event.objects.all())
    assert CANARY not in told
    assert Event.objects.filter(what="newsroom.masked").exists()


def test_a_former_address_leads_on_and_can_be_taken_by_no_other(prepared, issued, cast):
    first = prepared.slug
    actions.describe(
        publication=prepared, title="T", slug="botkyrka-2013", tags=["Särskilt stöd"], by=cast.petra, at=AT
    )
    assert [a.slug for a in prepared.addresses.all()] == [first, "botkyrka-2013"]
    other = actions.prepare(issued=issued(), by=cast.petra, at=AT)
    assert other.slug == f"{first}-2"
    with pytest.raises(CaseError, match="belongs to another"):
        actions.describe(publication=other, title="T", slug=first, tags=[], by=cast.petra, at=AT)


@pytest.mark.parametrize("slug", ["Botkyrka-2013", "botkyrka", "bot kyrka-2013", "-2013", "beslut/2013", "å-2013"])
def test_an_address_follows_the_pattern(prepared, cast, slug):
    with pytest.raises(CaseError, match="botkyrka-2013"):
        actions.describe(publication=prepared, title="T", slug=slug, tags=[], by=cast.petra, at=AT)


def test_tags_are_proposed_by_the_areas_of_the_points(prepared):
    assert {str(tag) for tag in prepared.tags.all()} == {
        "särskilt stöd",
        "trygghet och studiero",
        "kränkande behandling",
    }


def test_words_about_a_happening_are_open_when_another_has_released_them(published, cast):
    reason = f"Skolan har utrett {CANARY}s behov."
    told = happen(
        issued=published.issued, what="closed", text=reason, seen="visit", by=cast.ines, role="inspector", at=LATER
    )
    runs = actions.release(publication=published, happening=told, words=[CANARY], by=cast.petra, at=LATER).runs
    assert runs == [
        {"text": "Skolan har utrett ", "masked": ""}, {"text": "", "masked": "pupil"}, {"text": " behov.", "masked": ""},
    ]  # fmt: skip
    assert list(published_decisions(Filters(words='"Skolan har utrett"'))) == [published]
    assert not published_decisions(Filters(words=CANARY)).exists()


def test_a_passage_that_is_not_there_is_refused(prepared, cast):
    with pytest.raises(CaseError, match="do not stand there"):
        actions.hide(publication=prepared, words="finns inte", reason=Reason.PUPIL, by=cast.petra, at=AT)


def test_a_whole_paragraph_can_be_hidden(prepared, cast):
    actions.hide(publication=prepared, words="", reason=Reason.HEALTH, part="text", key="5.0", by=cast.petra, at=AT)
    assert "Rektorn anmälde" not in plain_text(composing.proposed(prepared)["text"])


def test_a_state_and_whether_it_is_shown_cannot_part(published):
    with pytest.raises(IntegrityError):
        Publication.objects.filter(pk=published.pk).update(shown=False)
