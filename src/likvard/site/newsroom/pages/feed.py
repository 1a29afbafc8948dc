"""The register for programs: an Atom feed, sitemaps, and what programs may read."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from likvard.site.newsroom import feeds, outward
from likvard.site.newsroom.reading import Filters
from likvard.site.ui.caching import published

CLOSED = ("/konto/", "/arenden/", "/tillsyn/", "/redaktion/", "/administration/", "/svar/", "/folj/")
"""What needs an account or a link of one's own: nothing there for a search engine."""


def _version(request: HttpRequest, **kwargs: object) -> str:
    return outward.register_version()


@require_safe
@published(_version)
def decisions(request: HttpRequest) -> HttpResponse:
    """The decisions that a choice finds, as an Atom feed; the choice is that of the register's page, `sida` a page of it."""
    asked = request.GET.get("sida", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 7 else 0
    found = outward.feed(Filters.parse(request.GET), page) if page else None
    if found is None:
        raise Http404(_("The feed has no such page."))
    return HttpResponse(feeds.atom(found), content_type="application/atom+xml; charset=utf-8")


@require_safe
@published(_version)
def sitemaps(request: HttpRequest) -> HttpResponse:
    """The index of sitemaps: the pages, and the decisions of each year."""
    years = [(f"{settings.BASE_URL}/sitemap/beslut-{year}.xml", None) for year in outward.years()]
    return _xml(feeds.sitemap_index([(f"{settings.BASE_URL}/sitemap/sidor.xml", None), *years]))


@require_safe
@published(_version)
def sitemap_of_pages(request: HttpRequest) -> HttpResponse:
    """The pages that stand always, and the press releases."""
    always = ("/", "/beslut/", "/pressmeddelanden/", "/oppna-data/", "/skolor/", "/matt/", "/data/", "/om/siffror/")
    return _xml(feeds.sitemap([*((settings.BASE_URL + path, None) for path in always), *outward.released()]))


@require_safe
@published(_version)
def sitemap_of_decisions(request: HttpRequest, year: int) -> HttpResponse:
    """The decisions of a year."""
    found = outward.decided_in(year)
    if not found:
        raise Http404(_("No decision of that year is published."))
    return _xml(feeds.sitemap(found))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What programs that collect pages may read: nothing of what is invented."""
    text = feeds.robots(settings.BASE_URL, invented=settings.DEMO, closed=CLOSED)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _xml(content: bytes) -> HttpResponse:
    return HttpResponse(content, content_type="application/xml; charset=utf-8")
