"""The desk's pages, as each of the cast meets them. None of them needs a script."""

from __future__ import annotations

import pytest
from tests.site.newsroom.conftest import AT, CANARY

from likvard.site.audit.models import Event
from likvard.site.cases.actions.issuing import happen
from likvard.site.newsroom.models import PressContact, PressRelease, Publication

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


def test_a_decision_goes_from_the_queue_to_everybody_by_forms_alone(visit, issued, cast):
    document = issued()
    assert document.title in text(visit(cast.petra, "/redaktion/"))
    visit(cast.petra, f"/redaktion/nytt/{document.pk}/", {})
    made = Publication.objects.get()
    home = f"/redaktion/{made.pk}/"
    assert CANARY in text(visit(cast.petra, home))
    for words in (f"{CANARY} Testsson", CANARY):
        done = visit(cast.petra, f"{home}dolj/", {"words": words, "reason": "pupil", "note": ""})
        assert done.status_code == 302
    seen = text(visit(cast.petra, f"{home}forhandsvisning/"))
    assert CANARY not in seen
    assert "This is what everybody will read." in seen
    visit(cast.petra, f"{home}steg/ask/", {})
    assert visit(cast.petra, f"{home}steg/publish/", {}).status_code == 403
    visit(cast.lea, f"{home}steg/publish/", {})
    assert visit(None, f"/beslut/{made.slug}/").status_code == 200


def test_one_paragraph_can_be_hidden_alone_or_whole(visit, prepared, cast):
    address = f"/redaktion/{prepared.pk}/dolj/?del=text&stycke=5.0"
    assert "Rektorn anmälde" in text(visit(cast.petra, address))
    visit(cast.petra, address, {"words": "", "reason": "staff", "note": "hela stycket"})
    shown = text(visit(cast.petra, f"/redaktion/{prepared.pk}/forhandsvisning/"))
    assert "Rektorn anmälde" not in shown


def test_words_that_are_not_there_are_said_in_the_form(visit, prepared, cast):
    response = visit(cast.petra, f"/redaktion/{prepared.pk}/dolj/", {"words": "Nisse", "reason": "pupil"})
    assert response.status_code == 200
    assert "do not stand there" in text(response)


def test_what_looks_like_a_name_is_warned_of_and_never_hidden_by_itself(visit, issued, cast):
    visit(cast.petra, f"/redaktion/nytt/{issued().pk}/", {})
    made = Publication.objects.get()
    shown = text(visit(cast.petra, f"/redaktion/{made.pk}/"))
    assert "looks like the name of a pupil" in shown
    assert made.masks.count() == 0


def test_reading_the_original_stands_in_the_chain(visit, prepared, cast):
    visit(cast.petra, f"/redaktion/{prepared.pk}/")
    assert Event.objects.filter(what="newsroom.original_read", subject=f"publication:{prepared.pk}").count() == 1


def test_the_second_reader_sees_the_same_and_can_send_it_back(visit, prepared, cast):
    visit(cast.petra, f"/redaktion/{prepared.pk}/steg/ask/", {})
    assert "Send back" in text(visit(cast.lea, f"/redaktion/{prepared.pk}/"))
    visit(cast.lea, f"/redaktion/{prepared.pk}/steg/send_back/", {"reason": "Rektorn kan kännas igen"})
    assert "Rektorn kan kännas igen" in text(visit(cast.petra, f"/redaktion/{prepared.pk}/"))


@pytest.mark.parametrize("who", ["ines", "bea", "nils", "kim", "rut", "sten", "olle", None])
@pytest.mark.parametrize("rest", ["", "{pk}/", "{pk}/dolj/", "{pk}/forhandsvisning/", "press/nytt/"])
def test_nobody_else_comes_to_the_desk(visit, prepared, cast, who, rest):
    response = visit(getattr(cast, who) if who else None, "/redaktion/" + rest.format(pk=prepared.pk))
    assert response.status_code in (302, 403)
    assert CANARY not in text(response)


def test_a_mask_is_lifted_with_a_reason_on_a_page(visit, prepared, cast):
    mask = prepared.masks.first()
    address = f"/redaktion/{prepared.pk}/visa/{mask.pk}/"
    assert "Testsson" in text(visit(cast.petra, address)) or CANARY in text(visit(cast.petra, address))
    visit(cast.petra, address, {"reason": "Namnet är offentligt"})
    assert "Namnet är offentligt" in text(visit(cast.petra, f"/redaktion/{prepared.pk}/"))


def test_words_about_a_happening_wait_at_the_desk_until_they_are_released(visit, published, cast):
    told = happen(issued=published.issued, what="closed", text=f"Om {CANARY}.", by=cast.ines, role="inspector", at=AT)
    assert f"/redaktion/{published.pk}/handelse/{told.pk}/" in text(visit(cast.petra, "/redaktion/"))
    address = f"/redaktion/{published.pk}/handelse/{told.pk}/"
    assert visit(cast.petra, address, {"words": CANARY, "reason": "pupil"}).status_code == 302
    shown = text(visit(None, published.get_absolute_url()))
    assert "Om <span class" in shown
    assert CANARY not in shown


def test_address_title_and_words_are_changed_in_a_form(visit, prepared, cast):
    form = {"title": "Botkyrka 2013", "slug": "botkyrka-2013", "tags": "modersmål, Särskilt stöd"}
    visit(cast.petra, f"/redaktion/{prepared.pk}/beskriv/", form)
    prepared.refresh_from_db()
    assert (prepared.title, prepared.slug) == ("Botkyrka 2013", "botkyrka-2013")
    assert {str(tag) for tag in prepared.tags.all()} == {"modersmål", "särskilt stöd"}


@pytest.fixture
def contact(db):
    return PressContact.objects.create(name="Pressjouren", phone="08-123 45 67", email="press@example.se")


def test_a_press_release_is_written_read_published_corrected_and_withdrawn(visit, published, contact, cast, pia):
    assert visit(cast.petra, "/redaktion/press/nytt/").status_code == 200
    form = {
        "title": "Botkyrka ska förbättra", "lead": "Tre brister.", "body": "Ett stycke.\n\n- en punkt\n- en till",
        "contact": contact.pk, "decisions": published.slug, "tags": "modersmål",
        "links": "https://example.se/rapport Rapporten",
    }  # fmt: skip
    assert visit(cast.petra, "/redaktion/press/nytt/", form).status_code == 302
    made = PressRelease.objects.get()
    assert visit(None, made.get_absolute_url()).status_code == 404
    home = f"/redaktion/press/{made.pk}/"
    visit(cast.petra, f"{home}steg/ask/", {})
    assert visit(cast.petra, f"{home}steg/publish/", {}).status_code == 403
    visit(pia, f"{home}steg/publish/", {})
    shown = text(visit(None, made.get_absolute_url()))
    assert "en punkt</li>" in shown
    assert published.title in shown
    assert 'href="tel:081234567"' in shown
    assert "Botkyrka ska förbättra" in text(visit(None, published.get_absolute_url()))
    assert "Botkyrka ska förbättra" in text(visit(None, "/pressmeddelanden/?amnesord=modersmal"))
    visit(cast.petra, f"{home}steg/correct/", {"reason": "Fel antal."})
    visit(cast.petra, f"{home}andra/", {**form, "lead": "Två brister."})
    assert "Tre brister." in text(visit(None, made.get_absolute_url()))
    visit(cast.petra, f"{home}steg/ask/", {})
    visit(pia, f"{home}steg/publish/", {})
    corrected = text(visit(None, made.get_absolute_url()))
    assert "Två brister." in corrected
    assert "Fel antal." in corrected
    visit(cast.petra, f"{home}steg/withdraw/", {"reason": "Inaktuellt."})
    gone = visit(None, made.get_absolute_url())
    assert gone.status_code == 410
    assert "Inaktuellt." in text(gone)
    assert "brister" not in text(gone)


def test_a_press_release_cannot_point_at_a_draft_or_a_script(visit, prepared, contact, cast):
    form = {
        "title": "T", "lead": "L", "body": "B", "contact": contact.pk, "tags": "",
        "decisions": prepared.slug, "links": "javascript:alert(1) Klicka",
    }  # fmt: skip
    shown = text(visit(cast.petra, "/redaktion/press/nytt/", form))
    assert "There is no published decision at" in shown
    assert not PressRelease.objects.exists()


def test_whom_journalists_call_is_kept(visit, cast):
    form = {"name": "Pressjouren", "title": "", "phone": "08-123 45 67", "email": "press@example.se"}
    assert visit(cast.petra, "/redaktion/press/kontakt/", form).status_code == 302
    assert "Pressjouren" in text(visit(None, "/pressmeddelanden/"))
