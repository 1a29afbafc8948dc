"""The pages about the site itself: figures, symbols, accessibility, personal data, what is wrong."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from likvard.figures.views import legend
from likvard.site.ui import showcase
from likvard.site.ui.caching import published
from likvard.site.ui.language import current


def _always(request: HttpRequest) -> str:
    return "about"


@require_safe
@published(_always)
def about_figures(request: HttpRequest) -> HttpResponse:
    """How to read a figure: uncertainty, the expected, what is hidden, why there is no league table."""
    return render(request, "ui/about_figures.html")


@require_safe
@published(_always)
def symbols(request: HttpRequest) -> HttpResponse:
    """Every symbol that stands in a table instead of a number."""
    return render(request, "ui/symbols.html", {"legend": legend(current())})


@require_safe
@published(_always)
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement that the Act (2018:1937) asks for, and the way to tell what does not work."""
    return render(request, "ui/accessibility.html", _responsible(request))


@require_safe
@published(_always)
def personal_data(request: HttpRequest) -> HttpResponse:
    """What the site knows about persons, why, and for how long."""
    return render(request, "ui/personal_data.html", _responsible(request))


@require_safe
@published(_always)
def say_what_is_wrong(request: HttpRequest) -> HttpResponse:
    """How to tell that something is wrong: a letter to whoever runs the site, begun for the reader."""
    return render(request, "ui/say_what_is_wrong.html", _responsible(request))


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every component once. Only in a demonstration: elsewhere there is no such page."""
    if not settings.DEMO:
        raise Http404
    page = request.GET.get("sida", "")
    return render(request, "ui/showcase.html", showcase.context(int(page) if page.isdecimal() else 1, request.GET))


def _responsible(request: HttpRequest) -> dict[str, str]:
    """Who runs the site, and the address of a letter with the page already named in it."""
    page = request.GET.get("sida", "")
    page = page if page.startswith("/") and len(page) <= 300 else ""
    said = {"subject": _("What is wrong on Likvärd"), "body": _letter(page)}
    letter = f"mailto:{quote(settings.CONTACT)}?{urlencode(said, quote_via=quote)}" if settings.CONTACT else ""
    return {"operator": settings.OPERATOR, "contact": settings.CONTACT, "letter": letter, "page": page}


def _letter(page: str) -> str:
    about = _("Page: %(address)s") % {"address": settings.BASE_URL + page} if page else _("Page:")
    return "\r\n\r\n".join((about, _("What is wrong:"), _("What I expected:")))
