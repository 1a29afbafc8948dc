"""What every request carries: the time, asked for once, and the reader's language."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

Next = Callable[[HttpRequest], HttpResponse]


def clock(answer: Next) -> Next:
    """Set `request.now`. Nothing below the pages asks for the time."""

    def with_clock(request: HttpRequest) -> HttpResponse:
        request.now = timezone.now()  # type: ignore[attr-defined]
        return answer(request)

    return with_clock


def unstored(answer: Next) -> Next:
    """Let nothing be stored by browsers or between, unless the page has said what may (`ui.caching`)."""

    def with_care(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = "no-store"
        return response

    return with_care


def language(answer: Next) -> Next:
    """Swedish, or the language that the reader has chosen; `?sprak=en` chooses, and a cookie remembers."""
    known = dict(settings.LANGUAGES)

    def in_language(request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("sprak", "")
        chosen = asked if asked in known else request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        code = chosen if chosen in known else settings.LANGUAGE_CODE
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = answer(request)
        response.headers["Content-Language"] = code
        patch_vary_headers(response, ["Cookie"])
        if asked in known:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                code,
                max_age=31_536_000,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
            )
        return response

    return in_language
