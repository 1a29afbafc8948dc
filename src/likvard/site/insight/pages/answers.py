"""How a page with figures is answered: from parts made before, with a tag that tells whether anything is new."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import cache, wraps
from pathlib import Path
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.safestring import mark_safe

from likvard import __version__
from likvard.disclosure.publication import Publication
from likvard.site.insight import published
from likvard.site.insight.remembered import MEMORY, Parts
from likvard.site.insight.rules import Asked
from likvard.site.insight.visits import Visit, language

Page = Callable[..., HttpResponse]


def with_publication(page: Page) -> Page:
    """Hand the page the publication to read, or say that there are no figures yet and what to do."""

    @wraps(page)
    def with_figures(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        publication = published.current()
        if publication is None:
            return render(request, "insight/no_figures.html")
        request.publication = publication  # type: ignore[attr-defined]
        return page(request, publication, *args, **more)

    return with_figures


def figures(
    request: HttpRequest, visit: Visit, asked: Asked, template: str, make: Callable[[], Parts], **more: Any
) -> HttpResponse:
    """A page of figures: its parts are remembered by what they were made from, the rest is the reader's own.

    `make` gives the parts as HTML by name. What everybody may see carries a tag and is answered 304 when nothing is
    new; what is not public is stored nowhere.
    """
    key = (template, visit.version, asked, language())
    parts = {name: mark_safe(part) for name, part in MEMORY.parts(key, make).items()}  # noqa: S308 - rendered by us
    context = {**parts, "visit": visit, "asked": asked, **more}
    if not visit.public:
        response = render(request, template, context)
        response.headers["Cache-Control"] = "private, no-store"
        return response
    return tagged(request, key, lambda: render(request, template, context))


def tagged(request: HttpRequest, key: object, respond: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer 304 to whoever has the page already, made from the same: data, software, language and reader."""
    own = request.user.pk if request.user.is_authenticated else None
    if own is not None or len(get_messages(request)):
        response = respond()
        response.headers["Cache-Control"] = "private, no-store"
        return response
    tag = f'"{hashlib.sha256(repr((key, language(), made_by())).encode()).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=tag) or respond()
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ("Cookie",))
    return response


@cache
def made_by() -> str:
    """What makes the pages: the version, and the newest of the files that they are made with."""
    files = (path for part in ("site", "figures") for path in (Path(__file__).parents[3] / part).rglob("*"))
    newest = max(path.stat().st_mtime_ns for path in files if path.suffix in (".py", ".html", ".css", ".mo", ".yaml"))
    return f"{__version__}-{newest}"


def part(template: str, context: Mapping[str, Any]) -> str:
    """A part of a page as HTML, in the language of the page."""
    return render_to_string(template, {**context, "language": language()})


def crumbs(*places: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """The place in the organisation: pairs of label and address, the last one being the page itself."""
    return places


def publication_of(request: HttpRequest) -> Publication | None:
    """The publication that the page was given, or the present one: one page never reads two."""
    return getattr(request, "publication", None) or published.current()
