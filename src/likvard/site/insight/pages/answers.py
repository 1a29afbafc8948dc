"""How a page with figures is answered: from parts made before, with a tag that tells whether anything is new."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Mapping
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.safestring import mark_safe

from likvard.disclosure.publication import Publication
from likvard.site import published
from likvard.site.insight.remembered import MEMORY, Parts
from likvard.site.insight.rules import Asked
from likvard.site.insight.visits import Visit
from likvard.site.ui.caching import etag
from likvard.site.ui.language import current as language
from likvard.terms import DisclosureError

Page = Callable[..., HttpResponse]
log = logging.getLogger("likvard.site")


def with_publication(page: Page) -> Page:
    """Hand the page the publication to read, or say that there are no figures yet and what to do."""

    @wraps(page)
    def with_figures(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        publication = publication_of(request)
        if publication is None:
            return render(request, "insight/no_figures.html")
        request.publication = publication  # type: ignore[attr-defined]
        return page(request, publication, *args, **more)

    return with_figures


def publication_of(request: HttpRequest) -> Publication | None:
    """The publication that the page was given, or the present one: one page never reads two.

    One that cannot be trusted is as none to whoever reads; the log tells whoever runs the site.
    """
    try:
        return getattr(request, "publication", None) or published.current()
    except DisclosureError as error:
        log.error("No figures are shown: %s", error)
        return None


def figures(
    request: HttpRequest,
    visit: Visit,
    asked: Asked,
    template: str,
    make: Callable[[], Parts],
    also: Hashable = None,
    **more: object,
) -> HttpResponse:
    """A page of figures: its parts are remembered by what they were made from, the rest is the reader's own.

    `make` gives the parts as HTML by name, made from the visit, what was asked, and `also`. What everybody may see carries a tag, and is answered 304 when nothing is
    new; what is not public is stored nowhere.
    """
    key = (template, visit.version, asked, also, language())
    parts = {name: mark_safe(text) for name, text in MEMORY.parts(key, make).items()}  # noqa: S308 - rendered by us
    return shown(request, visit, key, template, {**parts, "visit": visit, "asked": asked, **more})


def shown(
    request: HttpRequest, visit: Visit, made_from: object, template: str, context: Mapping[str, Any]
) -> HttpResponse:
    """The page: tagged where everybody may see it, stored nowhere where not."""
    if visit.public:
        return tagged(request, made_from, lambda: render(request, template, context))
    return render(request, template, context)


def tagged(request: HttpRequest, made_from: object, respond: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer 304 to a stranger who has the page already, made from the same: data, software, language and address.

    Whoever has a session gets the page anew: its frame tells who they are and what has just been done.
    """
    if {settings.SESSION_COOKIE_NAME, "messages"} & request.COOKIES.keys():
        return respond()
    tag = etag(request, repr(made_from))
    response = get_conditional_response(request, etag=tag) or respond()
    response.headers["ETag"] = tag
    patch_cache_control(response, public=True, no_cache=True)
    patch_vary_headers(response, ("Cookie",))
    return response


def part(template: str, context: Mapping[str, Any]) -> str:
    """A part of a page as HTML, in the language of the page."""
    return render_to_string(template, {"language": language(), **context})
