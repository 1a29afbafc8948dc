"""What waits at the desk: documents to prepare, those that are under way, words to release, press releases."""

from __future__ import annotations

from dataclasses import dataclass

from likvard.site.cases.models import Exclusion, Issued, IssuedHappening
from likvard.site.newsroom import rules
from likvard.site.newsroom.models import PressRelease, Publication
from likvard.site.people.models import User

MOST = 50
"""Rows of each list; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Queue:
    """The lists of the desk. `waiting` is how many documents wait, of which the oldest are listed."""

    waiting: int
    issued: tuple[Issued, ...]
    prepared: tuple[Publication, ...]
    to_read: tuple[Publication, ...]
    words: tuple[IssuedHappening, ...]
    releases: tuple[PressRelease, ...]
    published: tuple[Publication, ...]


def queue(user: User) -> Queue:
    """What waits, without the matters that the person is kept out of."""
    kept_out = Exclusion.objects.in_force().filter(user=user).values("case")
    issued = Issued.objects.public().filter(publication__isnull=True).exclude(case__in=kept_out)
    own = Publication.objects.exclude(issued__case__in=kept_out).select_related("issued", "asked_by")
    waiting = issued.order_by("dated", "id").select_related("case").defer("content")
    told = IssuedHappening.objects.filter(released__isnull=True, issued__publication__shown=True).exclude(text="")
    words = told.exclude(issued__case__in=kept_out).select_related("issued__publication", "point").order_by("at")
    releases = PressRelease.objects.exclude(state__in=["published", "refused", "withdrawn"])
    return Queue(
        issued.count(),
        tuple(waiting[:MOST]),
        tuple(own.filter(state__in=sorted(rules.WORKED_ON)).order_by("decided_on")[:MOST]),
        tuple(own.filter(state__in=sorted(rules.READ_AGAIN)).order_by("decided_on")[:MOST]),
        tuple(words.defer("issued__content")[:MOST]),
        tuple(releases[:MOST]),
        tuple(own.filter(state="published").order_by("-changed_at")[:10]),
    )
