"""What is hidden, and what is a draft, is nowhere: every public address is asked, and every byte of it looked through."""

from __future__ import annotations

import subprocess
import zlib
from datetime import timedelta

import pytest
from django.urls import get_resolver
from tests.site.newsroom.conftest import AT, CANARY, decision, plain

from likvard.site.cases.actions.issuing import happen
from likvard.site.newsroom import actions
from likvard.site.newsroom.models import PressContact

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=3)
DRAFT, TOLD, WITHDRAWN, PRESS = "Utkastina", "Happenina", "Tillbakina", "Pressina"
CANARIES = (CANARY, "Testsson", DRAFT, TOLD, WITHDRAWN, PRESS)


@pytest.fixture
def laid_out(published, issued, publish, cast, places):
    """A published decision with hidden names, a draft, one withdrawn, words not released, and a release that is a draft."""
    happen(issued=published.issued, what="closed", text=f"Om {TOLD}.", by=cast.ines, role="inspector", at=LATER)
    draft = issued(place=places.gran, text=decision(DRAFT, "Granskolan"), plain=plain(DRAFT))
    made = actions.prepare(issued=draft, by=cast.petra, at=AT, title=f"Beslut om {DRAFT}", slug="utkastina-2025")
    actions.move(publication=made, code="ask", by=cast.petra, at=AT)
    gone = issued(place=places.lärkskolan, text=decision(WITHDRAWN, "Lärkskolan"), plain=plain(WITHDRAWN))
    out = publish(
        actions.prepare(issued=gone, by=cast.petra, at=AT, title=f"Beslut om {WITHDRAWN}", slug="larkan-2025")
    )
    actions.move(publication=out, code="withdraw", by=cast.petra, at=LATER, reason="Fel.")
    contact = PressContact.objects.create(name="Pressjouren", phone="08-123 45 67", email="press@example.se")
    text = actions.Text(title=f"Om {PRESS}", lead=PRESS, body=PRESS, contact=contact, decisions=(published,))
    actions.write(text=text, by=cast.petra, at=AT)
    actions.move(publication=published, code="correct", by=cast.petra, at=LATER, reason="Mer döljs.")
    return published


def addresses(published):
    """Every public address of the register, with searches for each canary."""
    own, case = published.get_absolute_url(), published.issued.case.slug
    found = [
        "/beslut/", "/beslut/huvudman/2120009991/", "/beslut/skola/90000001/", "/beslut/skola/90000002/",
        "/beslut/skola/90000005/", own, f"{own}beslut.pdf", f"{own}kort.pdf", f"{own}beslut.json", "/beslut/larkan-2025/",
        "/beslut/larkan-2025/beslut.pdf", "/beslut/larkan-2025/beslut.json", "/beslut/utkastina-2025/",
        "/beslut/utkastina-2025/beslut.json", "/beslut/utkastina-2025/beslut.pdf", "/utkastina-2025", f"/beslut/nr/{case}/",
        "/pressmeddelanden/", "/pressmeddelanden/om-pressina-2025/", f"/beslut/?nr={case}", "/beslut/atom.xml",
        "/sitemap.xml", "/robots.txt", "/oppna-data/", "/sitemap/beslut-2025.xml", "/sitemap/sidor.xml",
    ]  # fmt: skip
    return found + [f"/beslut/?q={word[:length]}" for word in CANARIES for length in (4, len(word))]


def said(response):
    """Everything that an answer holds: its text, the text of a PDF and every stream of it, its headers."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    told = content.decode(errors="replace") + str(dict(response.headers))
    if response["Content-Type"] == "application/pdf":
        read = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
        told += read.stdout.decode()
        told += "".join(_unpacked(part) for part in content.split(b"stream\n")[1:])
    return told


def _unpacked(part):
    try:
        return zlib.decompressobj().decompress(part).decode("latin-1")
    except zlib.error:
        return ""


@pytest.mark.parametrize("language", ["sv", "en"])
def test_what_is_hidden_and_what_is_a_draft_is_nowhere(visit, laid_out, language):
    for address in addresses(laid_out):
        response = visit(None, address, language=language)
        assert response.status_code in (200, 302, 404, 410), address
        told = said(response)
        # A search is said back in its own box: what was asked for is not what was found.
        asked = address.partition("?q=")[2]
        leaks = [word for word in CANARIES if word in told and word != asked]
        assert leaks == [], address


def test_a_search_for_what_is_hidden_finds_nothing(visit, laid_out):
    for word in CANARIES:
        assert "No decision fits" in visit(None, f"/beslut/?q={word}").content.decode()


def test_every_public_address_of_the_newsroom_was_asked(laid_out):
    ours = {entry.name for entry in get_resolver("likvard.site.newsroom.urls").url_patterns}
    public = {name for name in ours if name and not name.startswith(("newsroom_", "follow", "open_data_"))}
    resolver = get_resolver()
    asked = {resolver.resolve(address.partition("?")[0]).url_name for address in addresses(laid_out)}
    assert public - asked == {"decision_by_number_and_document", "decision_plain_pdf"} - asked


def test_the_looking_finds_what_is_open(visit, laid_out):
    own = laid_out.get_absolute_url()
    for address in (own, f"{own}beslut.pdf", f"{own}beslut.json", "/beslut/?q=skyndsamt"):
        assert "skyndsamt" in said(visit(None, address)), address
