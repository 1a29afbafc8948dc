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
from likvard.site.ui.menu import Reader

Page = Callable[..., HttpResponse]
SITE = Path(__file__).resolve().parents[1]
MADE_BY = (__version__, max(file.stat().st_mtime_ns for file in SITE.rglob("*.*")))
"""The software's version and its newest file: a page made by other templates or texts is another page."""


def published(version: Callable[..., str]) -> Callable[[Page], Page]:
    """Let browsers keep a page of published figures, and ask each time whether it still stands.

    `version(request, …)` gives the id of what the page shows (the publication's id, and whatever else the page depends
    on); the answer's ETag is made of it, the language, and the reader's frame. Never for a page whose reading is
    recorded: a page that has not changed is answered without asking the page's function.
    """

    def tag(request: HttpRequest, *args: Any, **kwargs: Any) -> str:  # noqa: ANN401 - whatever the address holds
        return etag(request, version(request, *args, **kwargs))

    def decorate(page: Page) -> Page:
        @wraps(page)
        def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
            response = condition(etag_func=tag)(page)(request, *args, **kwargs)
            public = not getattr(request, "reader", None) or not request.reader.role  # type: ignore[attr-defined]
            patch_cache_control(response, no_cache=True, **({"public": True} if public else {"private": True}))
            patch_vary_headers(response, ["Cookie"])
            return response

        return kept

    return decorate


def etag(request: HttpRequest, version: str) -> str:
    """The tag of a page: the same only for the same content, language, frame and manner of asking."""
    reader = getattr(request, "reader", None) or Reader()
    frame = (
        reader.role,
        reader.name,
        reader.place,
        reader.organiser,
        reader.unit,
        sorted((reader.counts or {}).items()),
    )
    parts = (MADE_BY, version, getattr(request, "LANGUAGE_CODE", ""), frame, settings.DEMO, request.get_full_path())
    return f'"{sha256(repr(parts).encode()).hexdigest()[:32]}"'
