"""Press releases as everybody reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from likvard.site.cases.timing import day_of
from likvard.site.newsroom import structured
from likvard.site.newsroom.models import PressContact, PressRelease, Publication, Tag
from likvard.site.newsroom.reading import published_releases, rows, with_points
from likvard.site.writing import html
from likvard.site.writing.text import Written, paragraphs

ON_A_PAGE = 20


def releases(request: HttpRequest) -> HttpResponse:
    """Every press release, the newest first; those with a word, if one is asked for. And whom journalists call."""
    asked = request.GET.get("amnesord", "")
    tag = Tag.objects.filter(slug=asked).first() if asked else None
    found = published_releases(asked if tag else "")
    on = day_of(request.now)  # type: ignore[attr-defined]
    contacts = PressContact.objects.filter(Q(closed__isnull=True) | Q(closed__gte=on))
    context = {
        "page": Paginator(found, ON_A_PAGE).get_page(request.GET.get("sida")),
        "tag": tag,
        "contacts": contacts,
        "topic": f"tag:{tag.slug}" if tag else "register:",
        "feed": f"?amnesord={tag.slug}" if tag else "",
    }
    return render(request, "newsroom/releases.html", context)


def release(request: HttpRequest, slug: str) -> HttpResponse:
    """A press release; what is left of one that was withdrawn."""
    found = PressRelease.objects.filter(slug=slug).select_related("contact").first()
    if found is None or not (found.shown or found.is_tombstone):
        raise Http404(_("There is no press release at this address."))
    if found.is_tombstone:
        return render(request, "newsroom/tombstone.html", {"publication": found}, status=410)
    context = {**content(found, found.content), "structured": structured.release(found)}
    return render(request, "newsroom/release.html", context)


def content(release: PressRelease, said: Mapping[str, Any]) -> dict[str, Any]:
    """What the page of a press release shows; the preview at the desk is made from the same."""
    decisions = Publication.objects.public().filter(pk__in=said["decisions"]).order_by("decided_on")
    crumbs = [(_("Decisions"), reverse("decisions")), (_("Press releases"), reverse("press_releases"))]
    return {
        "release": release,
        "said": said,
        "words": release.tags.all(),
        "body": html.body(as_written(release, str(said["body"]))),
        "decisions": rows(with_points(decisions)),
        "corrections": release.steps.filter(move="correct") if release.shown else [],
        "breadcrumbs": [*crumbs, (str(said["title"]), "")],
    }


def as_written(release: PressRelease, body: str) -> Written:
    """The text of a release as blocks."""
    return Written(
        title=release.title, kicker="", language="sv", register_number="", dated=None, authority="", addressee=(),
        blocks=paragraphs(body), draft=True,
    )  # fmt: skip
