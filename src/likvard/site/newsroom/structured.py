"""What a page says of itself to search engines: schema.org as JSON-LD, in a data block that no browser runs. Only what is public."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from likvard.site.newsroom.models import PressRelease, Publication, Version

_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}
NAMELESS = "Likvärd"
"""Who publishes where nobody has said so."""


def decision(publication: Publication, version: Version) -> SafeString:
    """A published decision."""
    address = settings.BASE_URL + publication.get_absolute_url()
    about: list[dict[str, Any]] = []
    if publication.organiser_id:
        about.append({"@type": "Organization", "name": publication.organiser_name, "taxID": publication.organiser_id})
    if publication.unit_id:
        about.append({"@type": "School", "name": publication.unit_name, "identifier": publication.unit_id})
    return block(
        {
            "@context": "https://schema.org",
            "@type": "Report",
            "@id": address,
            "url": address,
            "name": version.title,
            "identifier": publication.register_number,
            "reportNumber": publication.register_number,
            "dateCreated": publication.decided_on.isoformat(),
            "datePublished": _iso(publication.published_at),
            "dateModified": _iso(publication.changed_at),
            "version": version.number,
            "inLanguage": (version.content.get("text") or {}).get("language", "sv"),
            "license": "https://creativecommons.org/publicdomain/zero/1.0/",
            "publisher": _publisher(),
            "about": about,
            "encoding": {
                "@type": "MediaObject",
                "encodingFormat": "application/pdf",
                "contentUrl": f"{address}beslut.pdf",
            },
        }
    )


def release(shown: PressRelease) -> SafeString:
    """A published press release."""
    address = settings.BASE_URL + shown.get_absolute_url()
    return block(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "@id": address,
            "url": address,
            "headline": shown.content.get("title") or shown.title,
            "datePublished": _iso(shown.published_at),
            "dateModified": _iso(shown.changed_at),
            "inLanguage": "sv",
            "publisher": _publisher(),
        }
    )


def block(data: dict[str, Any]) -> SafeString:
    """The data in an inert block: of its type nothing is run, so the content policy has nothing to forbid."""
    said = json.dumps(data, ensure_ascii=False).translate(_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(said))  # noqa: S308 - escaped above


def _publisher() -> dict[str, str]:
    return {"@type": "GovernmentOrganization", "name": settings.OPERATOR or NAMELESS}


def _iso(at: Any) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
