"""Atom feeds (RFC 4287, in pages by RFC 5005) and sitemaps, from plain values. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
ON_A_PAGE = 25
"""Entries on a page of a feed."""

IN_A_SITEMAP = 5_000
"""Addresses in a sitemap; the protocol allows 50,000, and programs read small files sooner."""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
register_namespace("", ATOM)


@dataclass(frozen=True, slots=True)
class Category:
    """What an entry is filed under: a term of a scheme (an address), and the word for readers."""

    term: str
    scheme: str
    label: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry. `id` never changes, whatever becomes of the address; `updated` is when something in it last did."""

    id: str
    title: str
    href: str
    updated: datetime
    published: datetime
    summary: str
    categories: tuple[Category, ...] = ()
    files: tuple[tuple[str, str, str], ...] = ()  # address, media type, title


@dataclass(frozen=True, slots=True)
class Feed:
    """A page of a feed. `links` are addresses by relation: self, alternate, and first, previous, next of RFC 5005."""

    id: str
    title: str
    subtitle: str
    author: str
    language: str
    updated: datetime
    rights: str
    links: Mapping[str, str] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()


def atom(feed: Feed) -> bytes:
    """The feed as an Atom document in UTF-8."""
    root = Element(f"{{{ATOM}}}feed", {"xml:lang": feed.language})
    for name, text in (("id", feed.id), ("title", feed.title), ("subtitle", feed.subtitle), ("rights", feed.rights)):
        _text(root, name, text)
    _text(root, "updated", _moment(feed.updated))
    _text(SubElement(root, f"{{{ATOM}}}author"), "name", feed.author)
    for rel, href in feed.links.items():
        kind = "text/html" if rel == "alternate" else "application/atom+xml"
        SubElement(root, f"{{{ATOM}}}link", {"rel": rel, "href": href, "type": kind})
    for entry in feed.entries:
        _entry(SubElement(root, f"{{{ATOM}}}entry"), entry)
    return tostring(root, "utf-8", xml_declaration=True)


def _entry(element: Element, entry: Entry) -> None:
    for name, text in (("id", entry.id), ("title", entry.title), ("summary", entry.summary)):
        _text(element, name, text)
    _text(element, "published", _moment(entry.published))
    _text(element, "updated", _moment(entry.updated))
    SubElement(element, f"{{{ATOM}}}link", {"rel": "alternate", "href": entry.href, "type": "text/html"})
    for href, kind, title in entry.files:
        SubElement(element, f"{{{ATOM}}}link", {"rel": "alternate", "href": href, "type": kind, "title": _clean(title)})
    for one in entry.categories:
        words = {"term": one.term, "scheme": one.scheme, "label": _clean(one.label)}
        SubElement(element, f"{{{ATOM}}}category", words)


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, f"{{{ATOM}}}{name}").text = _clean(text)


def _clean(text: str) -> str:
    """The text without what XML cannot hold: control characters."""
    return _NOT_XML.sub("", text)


def _moment(at: datetime) -> str:
    """A time by RFC 3339. Raises `ValueError` for one without a zone."""
    if at.tzinfo is None:
        raise ValueError("a time in a feed has a zone")
    return at.isoformat(timespec="seconds")


def tag_uri(base_url: str, since: date, specific: str) -> str:
    """A tag URI (RFC 4151): a name for ever, from who had which domain on which day, and a word that is unique there."""
    return f"tag:{urlsplit(base_url).hostname},{since.isoformat()}:{specific}"


def pages(page: int, *, more: bool) -> dict[str, int]:
    """The page numbers that a page leads to, by relation; previous and next are left out where there are none.

    The last page is not told: it would have to be counted at each reading.
    """
    found = {"first": 1}
    if page > 1:
        found["previous"] = page - 1
    if more:
        found["next"] = page + 1
    return found


def sitemap(addresses: Iterable[tuple[str, date | None]]) -> bytes:
    """A sitemap: addresses, each with the day it last changed."""
    return _listed("urlset", "url", addresses)


def sitemap_index(addresses: Iterable[tuple[str, date | None]]) -> bytes:
    """An index of sitemaps."""
    return _listed("sitemapindex", "sitemap", addresses)


def _listed(outer: str, inner: str, addresses: Iterable[tuple[str, date | None]]) -> bytes:
    root = Element(outer, {"xmlns": SITEMAP})
    for href, changed in addresses:
        one = SubElement(root, inner)
        SubElement(one, "loc").text = href
        if changed is not None:
            SubElement(one, "lastmod").text = changed.isoformat()
    return tostring(root, "utf-8", xml_declaration=True)


def robots(base_url: str, *, invented: bool, closed: Sequence[str]) -> str:
    """What programs that collect pages may read: nothing where all is invented, else everything but what needs an account."""
    rules = ["Disallow: /"] if invented else [f"Disallow: {path}" for path in closed]
    return "\n".join(["User-agent: *", *rules, "", f"Sitemap: {base_url}/sitemap.xml", ""])
