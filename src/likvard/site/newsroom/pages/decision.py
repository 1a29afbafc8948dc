"""A decision as everybody reads it: the page, the PDF and the data, all from the masked version. And what is left of one withdrawn."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from likvard.site.cases.timing import day_of
from likvard.site.newsroom import composing, shown, structured
from likvard.site.newsroom.machine import as_json
from likvard.site.newsroom.models import Address, Mask, Publication, Version
from likvard.site.newsroom.papers import documents
from likvard.site.newsroom.reading import row, standing_version, with_points
from likvard.site.ui.caching import published
from likvard.site.writing import html
from likvard.site.writing.pdf import pdf as as_pdf

Part = Mask.Part


def decision(request: HttpRequest, slug: str) -> HttpResponse:
    """The decision: in short first, then the text, then what has happened since."""
    publication, moved = _find(slug)
    if moved:
        return redirect(publication.get_absolute_url(), permanent=False)
    if publication.is_tombstone:
        return render(request, "newsroom/tombstone.html", {"publication": publication}, status=410)
    version = standing_version(publication)
    context = {**content(publication, version, request), "structured": structured.decision(publication, version)}
    return render(request, "newsroom/decision.html", context)


def content(publication: Publication, version: Version, request: HttpRequest) -> dict[str, Any]:
    """What the page of a decision shows of a version; the preview at the desk is made from the same."""
    today = day_of(request.now)  # type: ignore[attr-defined]
    listed = row(publication)
    texts = composing.texts_of(version)
    points = shown.points(publication, listed.points, today)
    text, plain = texts[Part.TEXT.value], texts.get(Part.PLAIN.value)
    reasons = [reason for written in texts.values() for reason in composing.hidden_reasons(written)]
    return {
        "publication": publication,
        "version": version,
        # A version that is no row yet is the preview of one.
        "words": publication.tags.all() if version.pk else publication.words,
        "listed": listed,
        "kicker": shown.kicker(publication),
        "states": shown.summary(listed.points, today, publication.kind),
        "points": points,
        "unnamed": shown.unnamed(text, points),
        "text": shown.text(text, points),
        "signed": html.signatures(text),
        "notice": text.notice,
        "plain": html.body(plain, deeper=1) if plain else "",
        "since": shown.since(publication, listed.points, today),
        "hidden": shown.hidden(reasons),
        "documents": documents(publication, version),
        "facts": shown.facts(listed, version),
        "corrections": [one for one in publication.versions.defer("content").order_by("number") if one.number > 1],
        "topic": f"case:{publication.register_number.replace(' ', '-').replace(':', '-')}",
        "breadcrumbs": crumbs(publication),
    }


def crumbs(publication: Publication) -> list[tuple[str, str]]:
    """The register, the organiser, the decision."""
    found = [(_("Decisions"), reverse("decisions"))]
    if publication.organiser_id:
        found.append((publication.organiser_name, reverse("decisions_of_organiser", args=[publication.organiser_id])))
    name = publication.unit_name or publication.organiser_name
    return [*found, (f"{name}, {publication.decided_on.year}", "")]


def _find(slug: str) -> tuple[Publication, bool]:
    """The publication at an address, and whether it has moved since. Raises Http404 for what has never been public."""
    asked = with_points(Publication.objects.filter(slug=slug))
    publication = asked.first()
    if publication is None:
        address = Address.objects.filter(slug=slug).select_related("publication").first()
        publication = address.publication if address else None
    if publication is None or not (publication.shown or publication.is_tombstone):
        raise Http404(_("There is no decision at this address."))
    return publication, publication.slug != slug


def _version(slug: str) -> Version:
    """The version that everybody reads now. Raises Http404 for what is not shown."""
    standing = Version.objects.filter(publication__shown=True).select_related("publication")
    found = (
        standing.filter(Q(publication__slug=slug) | Q(publication__addresses__slug=slug)).order_by("-number").first()
    )
    if found is None or found.number != found.publication.version:
        raise Http404(_("There is no decision at this address."))
    return found


def _stamp(request: HttpRequest, slug: str, *_more: object, **_named: object) -> str:
    """What a file is made from: which version of which decision."""
    return ".".join(map(str, Publication.objects.filter(slug=slug).values_list("pk", "version", "shown").first() or ()))


@published(_stamp)
def pdf(request: HttpRequest, slug: str, part: str) -> HttpResponse:
    """The masked decision, or its plain twin, as a PDF made for listening and for the archive."""
    version = _version(slug)
    written = composing.texts_of(version).get(part)
    if written is None:
        raise Http404(_("There is no such document."))
    name = f"{version.publication.slug}{'-kort' if part == Part.PLAIN else ''}.pdf"
    response = HttpResponse(as_pdf(written), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def data(request: HttpRequest, slug: str) -> HttpResponse:
    """The decision as data: facts, points as they stand now, what has happened, the masked texts, documents."""
    version = _version(slug)
    publication = with_points(Publication.objects.filter(pk=version.publication_id)).get()
    found = as_json(publication, version, base=settings.BASE_URL)
    response = JsonResponse(found, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
