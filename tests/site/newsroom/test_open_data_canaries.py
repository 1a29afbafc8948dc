"""A name that is masked, and a decision that is a draft: nobody finds them, wherever they look."""

from __future__ import annotations

import re
import subprocess
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.urls import get_resolver
from tests.site.newsroom.conftest import AT, CANARY, decision, plain

from likvard.site.cases.actions.issuing import happen
from likvard.site.cases.models import Outgoing
from likvard.site.newsroom import actions, nightly, urls_outward
from likvard.site.newsroom.actions import mailing
from likvard.site.newsroom.models import Subscription
from likvard.site.newsroom.pages import opendata
from likvard.site.writing.text import Reason

pytestmark = pytest.mark.django_db
HERE = "https://beslut.example.se"
DRAFT, UNREAD, WITHDRAWN = "Papegoja", "Strutsen", "Albatross"
"""In a decision that is being prepared; in words about a happening that nobody has released; in one that was withdrawn."""
CANARIES = (CANARY, "Testsson", DRAFT, UNREAD, WITHDRAWN)


@pytest.fixture
def register(published, prepared, publish, issued, places, cast, settings, tmp_path):
    """A published decision with a masked name, a draft, a withdrawn one, and a correction that is being prepared."""
    settings.HOME, settings.BASE_URL = tmp_path, HERE
    happen(issued=published.issued, what="closed", by=cast.ines, role="inspector", at=AT, text=f"Om {UNREAD}.",
           point=published.issued.points.first())  # fmt: skip
    draft = actions.prepare(
        issued=issued(text=decision(DRAFT), plain=plain(DRAFT), place=places.gran, title=f"Om {DRAFT}"),
        by=cast.petra,
        at=AT,
    )
    assert DRAFT in draft.title
    gone = actions.prepare(issued=issued(text=decision(WITHDRAWN), plain=plain(WITHDRAWN)), by=cast.petra, at=AT)
    publish(gone)
    actions.move(publication=gone, code="withdraw", by=cast.petra, at=AT, reason="Ett namn stod kvar.")
    actions.move(publication=published, code="correct", by=cast.petra, at=AT, reason="Fel datum.")
    actions.describe(
        publication=published, title=f"{DRAFT} {CANARY}", slug=published.slug, tags=[], by=cast.petra, at=AT
    )
    nightly.write(AT, opendata.folder(), HERE)
    return published


def public_addresses(one):
    """Every address of the newsroom that a reader may come to, and the ways to search there."""
    number, slug = one.register_number.replace(" ", "-").replace(":", "-"), one.slug
    own = [f"/beslut/{slug}/", f"/beslut/{slug}/beslut.pdf", f"/beslut/{slug}/kort.pdf", f"/beslut/{slug}/beslut.json"]
    lists = ["/beslut/", "/beslut/huvudman/2120009991/", "/beslut/skola/90000001/", "/beslut/skola/90000002/", f"/{slug}",
             f"/beslut/nr/{number}/", "/pressmeddelanden/", "/beslut/?lage=kvar", "/beslut/?instrument=injunction"]  # fmt: skip
    searches = [f"/beslut/?q={quote(word)}" for word in (*CANARIES, "elev", "besöket", "stöd", "Papeg", "namn")]
    feeds = [
        "/beslut/atom.xml",
        "/beslut/atom.xml?q=elev",
        "/sitemap.xml",
        "/sitemap/sidor.xml",
        "/sitemap/beslut-2025.xml",
    ]
    files = [f"/oppna-data/{name}" for name in nightly.names()]
    more = [
        "/oppna-data/",
        "/oppna-data/katalog.rdf",
        "/oppna-data/katalog.ttl",
        "/oppna-data/katalog.jsonld",
        "/robots.txt",
    ]
    return [*own, *lists, *searches, *feeds, *files, *more, "/folj/", "/", "/skolor/"]


def read(response):
    """What an answer holds, as text: PDF and Parquet opened first."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"%PDF"):
        return subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True).stdout.decode()
    return content.decode("utf-8", "replace")


def asked_for(page, word):
    """The page without what the reader wrote into the search box, and where it says so."""
    return page.replace(word, "")


def test_no_page_feed_file_or_snippet_shows_what_is_hidden_or_a_draft(client, register):
    seen, leaks = 0, []
    for address in public_addresses(register):
        response = client.get(address, follow=True)
        page = read(response)
        seen += response.status_code == 200
        word = next((word for word in CANARIES if address.endswith(f"q={quote(word)}")), "")
        hits = [canary for canary in CANARIES if canary in (asked_for(page, word) if word else page)]
        # A search for the word itself says the word back, and finds nothing.
        found = re.findall(r'href="/beslut/[a-z0-9-]+-20\d\d/"', page) if word else []
        leaks += [(address, hits, found)] if hits or found else []
    assert leaks == []
    assert seen > 30


def test_no_letter_tells_of_it(register):
    Subscription.objects.create(email="a@example.org", topic="register:", asked_at=AT, confirmed_at=AT)
    mailing.write_letters(AT, HERE)
    letters = [f"{letter.subject}\n{letter.body}" for letter in Outgoing.objects.filter(to="a@example.org")]
    assert letters
    assert [canary for letter in letters for canary in CANARIES if canary in letter] == []


def test_a_draft_has_no_address(client, register, issued, cast, places):
    assert client.get("/beslut/granskolan-2025/").status_code == 404
    assert client.get("/beslut/granskolan-2025/beslut.json").status_code == 404


def test_a_name_that_is_masked_later_is_gone_from_everywhere(client, register, publish, cast):
    actions.hide(publication=register, words="Rektorn", reason=Reason.STAFF, by=cast.petra, at=AT)
    actions.describe(publication=register, title="Beslut", slug=register.slug, tags=[], by=cast.petra, at=AT)
    publish(register)
    nightly.write(AT + timedelta(days=1), opendata.folder(), HERE)
    for address in public_addresses(register):
        assert "Rektorn anmälde" not in read(client.get(address, follow=True))


def test_every_outward_address_is_looked_at(register):
    patterns = {pattern.name for pattern in urls_outward.urlpatterns}
    own = {"follow_sent", "follow_confirm", "follow_own", "follow_end"}  # told of subscriptions only
    looked = {
        get_resolver().resolve(a.partition("?")[0]).url_name
        for a in public_addresses(register)
        if a != f"/{register.slug}"
    }
    assert patterns - own <= looked
