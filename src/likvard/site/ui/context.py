"""What every page's template can use: the frame around the page, told in values."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from likvard.site.ui.menu import Reader, menu

OTHER = {"sv": ("en", "English"), "en": ("sv", "Svenska")}


def page(request: HttpRequest) -> dict[str, Any]:
    """The frame around a page.

    Apps above tell who reads by setting `request.reader` (a `ui.menu.Reader`), and add a context processor of their own
    after this one to say `synthetic` and `updated` (the publication's day).
    """
    return frame(request, getattr(request, "reader", None) or Reader())


def frame(request: HttpRequest, reader: Reader) -> dict[str, Any]:
    """The frame for a reader: language, the page's address (for print), clock, menu, and whether the data are invented."""
    language = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    code, name = OTHER[language]
    return {
        "language": language,
        "other_language": {"code": code, "name": name},
        "address": settings.BASE_URL + request.get_full_path(),
        "now": getattr(request, "now", None),
        "reader": reader,
        "menu": menu(reader, request.path),
        "synthetic": settings.DEMO,
        "updated": None,
    }
