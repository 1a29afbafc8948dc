"""The Atom feed, sitemaps and robots.txt: valid, and the same decisions as the register's page."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.site.newsroom.conftest import AT

from likvard.site.newsroom import actions, outward
from likvard.site.newsroom.feeds import Category, Entry, Feed, atom, pages, tag_uri
from likvard.site.newsroom.reading import Filters, published_decisions

A = "{http://www.w3.org/2005/Atom}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
words = st.text(st.characters(codec="utf-8"), max_size=30)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
entries = st.builds(
    Entry, st.just("tag:a.se,2026-01-01:1"), words, st.just("https://a.se/"), moments, moments, words,
    st.just((Category("a", "https://a.se/", "ä"),)), st.just((("https://a.se/a.pdf", "application/pdf", "PDF"),)),
)  # fmt: skip


def parsed(response):
    return ElementTree.fromstring(response.content)  # noqa: S314 - our own


def faults(root):
    """What RFC 4287 demands and is not there: by sections 4.1.1 and 4.1.2."""
    wrong = [f"feed lacks {name}" for name in ("id", "title", "updated", "author") if root.find(A + name) is None]
    selves = [link.get("href") for link in root.findall(A + "link") if link.get("rel") == "self"]
    wrong += [] if len(selves) == 1 else ["a feed has one link to itself"]
    for entry in root.findall(A + "entry"):
        wrong += [f"entry has {name} {len(found)} times" for name in ("id", "title", "updated", "summary")
                  if len(found := entry.findall(A + name)) != 1]  # fmt: skip
        own = [link for link in entry.findall(A + "link") if link.get("type") == "text/html"]
        wrong += [] if len(own) == 1 else ["an entry has one page"]
    ids = [entry.findtext(A + "id") for entry in root.findall(A + "entry")]
    wrong += [] if len(ids) == len(set(ids)) else ["two entries share an id"]
    times = [node.text for node in root.iter() if node.tag in (A + "updated", A + "published")]
    return wrong + [f"{text} has no zone" for text in times if datetime.fromisoformat(text).tzinfo is None]


@given(st.lists(entries, max_size=1), words, moments)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine
def test_a_feed_is_valid_whatever_the_texts_are(some, title, at):
    made = Feed("tag:a.se,2026-01-01:x", title, title, title, "sv", at, "CC0", {"self": "https://a.se/x"}, tuple(some))
    root = ElementTree.fromstring(atom(made))  # noqa: S314 - our own
    assert faults(root) == []
    assert root.get(XML_LANG) == "sv"


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        atom(Feed("a", "a", "a", "a", "sv", datetime(2026, 1, 1), "CC0"))


@given(st.integers(1, 500), st.booleans())
def test_pages_follow_on_one_another_from_the_first(page, more):
    found = pages(page, more=more)
    assert found["first"] == 1
    assert found.get("next") == (page + 1 if more else None)
    assert found.get("previous") == (page - 1 if page > 1 else None)


def test_a_name_for_ever_has_host_day_and_word():
    assert tag_uri("https://a.example.se:8000", date(2026, 1, 1), "b/1") == "tag:a.example.se,2026-01-01:b/1"


@pytest.fixture
def many(prepared, publish, issued, places, cast):
    """Three decisions: two about Björkskolan, one about Granskolan."""
    second = actions.prepare(issued=issued(place=places.gran), by=cast.petra, at=AT)
    third = actions.prepare(issued=issued(), by=cast.petra, at=AT)
    return [publish(one, AT + timedelta(hours=n)) for n, one in enumerate((prepared, second, third))]


@pytest.mark.django_db
class TestTheSitesFeed:
    def test_it_is_valid_and_the_newest_comes_first(self, client, many):
        root = parsed(client.get("/beslut/atom.xml"))
        assert faults(root) == []
        times = [entry.findtext(A + "published") for entry in root.findall(A + "entry")]
        assert len(times) == 3
        assert times == sorted(times, reverse=True)

    @pytest.mark.parametrize(
        "query",
        ["skola=90000001", "huvudman=2120009991&omrade=unit.support", "q=granskolan", "ar=2024", "instrument=remark"],
    )
    def test_a_choice_finds_what_the_registers_page_finds(self, client, many, query):
        root = parsed(client.get(f"/beslut/atom.xml?{query}"))
        asked = dict(pair.split("=") for pair in query.split("&"))
        found = {f"/beslut/{one.slug}/" for one in published_decisions(Filters.parse(asked))}
        hrefs = {link.get("href") for link in root.findall(f"{A}entry/{A}link") if link.get("type") == "text/html"}
        assert {href.partition("8000")[2] for href in hrefs} == found

    def test_it_comes_in_pages(self, client, many, monkeypatch):
        monkeypatch.setattr(outward, "ON_A_PAGE", 2)
        seen, href = [], "/beslut/atom.xml?huvudman=2120009991"
        while href:
            root = parsed(client.get(href))
            seen += [entry.findtext(A + "id") for entry in root.findall(A + "entry")]
            ahead = [link.get("href") for link in root.findall(A + "link") if link.get("rel") == "next"]
            href = ahead[0].partition("8000")[2] if ahead else ""
        assert len(seen) == len(set(seen)) == 3
        assert (
            client.get("/beslut/atom.xml?sida=4").status_code
            == client.get("/beslut/atom.xml?sida=x").status_code
            == 404
        )

    def test_whoever_has_it_already_gets_nothing_until_something_is_new(self, client, published, publish, cast):
        tag = client.get("/beslut/atom.xml")["ETag"]
        assert client.get("/beslut/atom.xml", headers={"if-none-match": tag}).status_code == 304
        actions.move(publication=published, code="correct", by=cast.petra, at=AT, reason="Fel.")
        publish(published, AT)
        assert client.get("/beslut/atom.xml", headers={"if-none-match": tag}).status_code == 200

    def test_an_entry_keeps_its_name_when_the_address_changes(self, client, published, cast, publish):
        first = parsed(client.get("/beslut/atom.xml")).findtext(f"{A}entry/{A}id")
        actions.move(publication=published, code="correct", by=cast.petra, at=AT, reason="Fel.")
        actions.describe(publication=published, title="Ny", slug="ny-2025", tags=[], by=cast.petra, at=AT)
        publish(published, AT)
        assert parsed(client.get("/beslut/atom.xml")).findtext(f"{A}entry/{A}id") == first

    def test_an_empty_register_has_an_empty_feed(self, client):
        root = parsed(client.get("/beslut/atom.xml"))
        assert faults(root) == []
        assert root.findall(A + "entry") == []


@pytest.mark.django_db
class TestSitemaps:
    def test_every_decision_is_in_one(self, client, many):
        index = [
            node.text.partition("8000")[2]
            for node in parsed(client.get("/sitemap.xml")).iter()
            if node.text and "sitemap" in node.text
        ]
        found = [node.text for path in index for node in parsed(client.get(path)).iter() if node.tag.endswith("loc")]
        assert {path.rpartition("/beslut/")[2] for path in found if "/beslut/" in path} >= {
            f"{one.slug}/" for one in many
        }
        assert client.get("/sitemap/beslut-1999.xml").status_code == 404

    def test_robots_are_shown_the_way_and_kept_from_what_is_invented(self, client, settings):
        settings.DEMO = False
        assert "Disallow: /arenden/\n" in client.get("/robots.txt").content.decode()
        settings.DEMO = True
        assert "Disallow: /\n" in client.get("/robots.txt").content.decode()
