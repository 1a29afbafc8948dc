"""The words that a decision and a press release are found by are those of what has been published, never of what is prepared."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from likvard.site.cases.actions.issuing import happen
from likvard.site.newsroom import actions
from likvard.site.newsroom.models import PressContact, PressRelease, Tag
from likvard.site.newsroom.reading import Filters, published_decisions

AT = datetime(2025, 11, 14, 9, 30, tzinfo=UTC)
NEW = "Hemligt Ämne"


@pytest.fixture
def correcting(published, cast):
    """A correction with another title and other words is being prepared."""
    actions.move(publication=published, code="correct", by=cast.petra, at=AT, reason="Ett ord var fel.")
    actions.describe(
        publication=published, title="Hemlig rubrik", slug=published.slug, tags=[NEW, "trygghet"], by=cast.petra, at=AT
    )
    published.refresh_from_db()
    return published


@pytest.fixture
def before(published):
    return {tag.name for tag in published.tags.all()}


def public(visit, publication):
    """Everything that tells of the decision's words to everybody."""
    addresses = (
        publication.get_absolute_url(), f"{publication.get_absolute_url()}beslut.json", "/beslut/", "/beslut/atom.xml",
    )  # fmt: skip
    return "\n".join(visit(None, address).content.decode() for address in addresses).lower()


def test_nobody_reads_the_words_of_a_correction_before_it_is_published(before, correcting, visit):
    assert {tag.name for tag in correcting.tags.all()} == before
    assert NEW.lower() not in public(visit, correcting)
    assert not Tag.objects.filter(name=NEW.lower()).exists()
    assert not published_decisions(Filters(tag="hemligt-amne")).exists()


def test_the_desk_sees_them_in_its_pages_its_form_and_the_preview(correcting, visit, cast):
    home = f"/redaktion/{correcting.pk}/"
    for page in (home, f"{home}beskriv/", f"{home}forhandsvisning/"):
        assert NEW.lower() in visit(cast.petra, page).content.decode().lower(), page


def test_they_hold_from_the_moment_the_correction_is_published(correcting, publish, visit):
    done = publish(correcting)
    assert {tag.name for tag in done.tags.all()} == {NEW.lower(), "trygghet"}
    assert done.proposed_tags is None
    assert NEW.lower() in public(visit, done)
    assert published_decisions(Filters(tag="hemligt-amne")).exists()


@pytest.mark.parametrize("code", ["drop", "withdraw"])
def test_they_are_dropped_with_the_correction(code, before, correcting, cast):
    left = actions.move(publication=correcting, code=code, by=cast.petra, at=AT, reason="Det var rätt.")
    assert left.proposed_tags is None
    assert {word.name for word in left.words} == before


def test_the_title_of_a_correction_is_not_searched_when_words_of_a_happening_are_released(correcting, cast, pia):
    told = happen(
        issued=correcting.issued, what="closed", text="Rutinen finns nu.", by=cast.ines, role="inspector", at=AT
    )
    actions.release(publication=correcting, happening=told, by=pia, at=AT)
    assert published_decisions(Filters(words="rutinen")).exists()
    assert not published_decisions(Filters(words="hemlig")).exists()


def test_before_the_first_publication_words_are_set_at_once(prepared, cast):
    actions.describe(publication=prepared, title="T", slug=prepared.slug, tags=["Trygghet "], by=cast.petra, at=AT)
    prepared.refresh_from_db()
    assert ([tag.name for tag in prepared.tags.all()], prepared.proposed_tags) == (["trygghet"], None)


@pytest.fixture
def release(cast, pia):
    """A press release as everybody reads it, found by `modersmål`."""
    contact = PressContact.objects.create(name="Pressjouren", phone="08-123 45 67", email="press@example.se")
    made = actions.write(
        text=actions.Text("Rubrik", "Ingress.", "Text.", contact, tags=("modersmål",)), by=cast.petra, at=AT
    )
    actions.move_release(release=made, code="ask", by=cast.petra, at=AT)
    return actions.move_release(release=made, code="publish", by=pia, at=AT)


def test_a_press_release_keeps_its_words_until_its_correction_is_published(release, visit, cast, pia):
    actions.move_release(release=release, code="correct", by=cast.petra, at=AT, reason="Fel ord.")
    text = actions.Text("Rubrik", "Ingress.", "Text.", release.contact, tags=(NEW,))
    actions.rewrite(release=release, text=text, by=cast.petra, at=AT)
    assert NEW.lower() not in visit(None, release.get_absolute_url()).content.decode().lower()
    assert NEW.lower() in visit(cast.petra, f"/redaktion/press/{release.pk}/").content.decode().lower()
    actions.move_release(release=release, code="ask", by=cast.petra, at=AT)
    actions.move_release(release=release, code="publish", by=pia, at=AT)
    assert [tag.name for tag in PressRelease.objects.get().tags.all()] == [NEW.lower()]
    assert NEW.lower() in visit(None, release.get_absolute_url()).content.decode().lower()
