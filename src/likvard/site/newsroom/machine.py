"""A decision as data for programs. Made from the masked version; there is nothing in it that the page does not show."""

from __future__ import annotations

from typing import Any

from likvard.site.cases.models import IssuedHappening, IssuedPoint
from likvard.site.newsroom.models import Publication, Version
from likvard.site.newsroom.papers import documents
from likvard.site.newsroom.reading import row

SCHEMA = 1


def as_json(publication: Publication, version: Version, *, base: str) -> dict[str, Any]:
    """The decision as data that JSON can hold; `base` is the address of the site. `schema` is raised when a field changes meaning.

    `facts` are as on the day of the decision, `points` as they stand now. Hidden runs have a reason and no text.
    """
    listed = row(publication)
    found = IssuedHappening.objects.filter(issued=publication.issued_id).select_related("point", "released")
    return {
        "schema": SCHEMA,
        "address": base + publication.get_absolute_url(),
        "register_number": publication.register_number,
        "title": version.title,
        "kind": publication.kind,
        "decided_on": publication.decided_on.isoformat(),
        "published_at": publication.published_at.isoformat() if publication.published_at else None,
        "changed_at": listed.changed.isoformat(),
        "version": version.number,
        "synthetic": publication.synthetic,
        "tags": list(publication.tags.values_list("name", flat=True)),
        "facts": version.content.get("facts", {}),
        "points": [_point(point) for point in listed.points],
        "happenings": [_happening(one) for one in found],
        "text": version.content["text"],
        "plain": version.content.get("plain"),
        "documents": [
            {"title": one.title, "address": base + one.href if one.href else None, "type": str(one.type)}
            for one in documents(publication, version)
        ],
        "corrections": [
            {"version": one.number, "at": one.at.isoformat(), "why": one.why}
            for one in publication.versions.defer("content").filter(number__gt=1).order_by("number")
        ],
    }


def _point(point: IssuedPoint) -> dict[str, Any]:
    return {
        "number": point.number,
        "heading": point.heading,
        "area": point.area,
        "instrument": point.instrument,
        "judgement": point.judgement,
        "provisions": point.provisions,
        "serious": point.serious,
        "fine": point.fine,
        "due": point.due.isoformat() if point.due else None,
        "state": point.state,
        "state_since": point.state_since.isoformat(),
    }


def _happening(one: IssuedHappening) -> dict[str, Any]:
    released = getattr(one, "released", None)
    return {
        "what": one.what,
        "day": one.day.isoformat(),
        "point": one.point.number if one.point else None,
        "seen": one.seen,
        "text": released.runs if released else None,
    }
