"""What a browser may keep: nothing, unless a page says that it is published; then for as long as its version stands."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import condition

from likvard import __version__

Page = Callable[..., HttpResponse]
SITE = Path(__file__).resolve().parents[1]
MADE_BY = (__version__, max(file.stat().st_mtime_ns for file in SITE.rglob("*.*")))
"""The software's version and its newest file: a page made by other templates or texts is another page."""


def published(version: Callable[..., str]) -> Callable[[Page], Page]:
    """Let browsers keep a page of published figures, and ask each time whether it still stands.

    `version(request, …)` gives the id of what the page shows (the publication's id, and whatever else it depends on);
    the answer's ETag is made of it, the language and the address. Whoever has a session gets the page made anew: its
    frame tells what waits for the reader and what has just been done. Never for a page whose reading is recorded: one
    that has not changed is answered without asking the page's function.
    """

    def tag(request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        return etag(request, version(request, *args, **kwargs))

    def decorate(page: Page) -> Page:
        tagged = condition(etag_func=tag)(page)

        @wraps(page)
        def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not _is_stranger(request):
                return page(request, *args, **kwargs)
            response = tagged(request, *args, **kwargs)
            patch_cache_control(response, public=True, no_cache=True)
            patch_vary_headers(response, ["Cookie"])
            return response

        return kept

    return decorate


def etag(request: HttpRequest, version: str) -> str:
    """The tag of a page for whoever is not signed in: the same only for the same content, language and address."""
    parts = (MADE_BY, version, getattr(request, "LANGUAGE_CODE", ""), settings.DEMO, request.get_full_path())
    return f'"{sha256(repr(parts).encode()).hexdigest()[:32]}"'


def _is_stranger(request: HttpRequest) -> bool:
    return not {settings.SESSION_COOKIE_NAME, "messages"} & request.COOKIES.keys()
