"""The addresses of the API, of its documentation, and of one's tokens."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path

from likvard.site.api import api as operations
from likvard.site.api import pages
from likvard.site.api.front import front


def _fronted() -> list[URLPattern]:
    """Ninja's addresses, each behind the front; its own front page is not wanted."""
    patterns, _, _ = operations.api.urls
    return [
        URLPattern(one.pattern, front(one.callback), one.default_args, one.name)
        for one in patterns
        if isinstance(one, URLPattern) and one.name != "api-root"
    ]


v1: list[URLPattern | URLResolver] = [
    path("", pages.documentation, name="documentation"),
    path("openapi.json", front(operations.openapi), name="openapi"),
    *_fronted(),
    re_path(r"^(?P<rest>.*)$", front(operations.nothing_here)),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path(operations.PREFIX, include((v1, "api-v1"), namespace="api-v1")),
    path("konto/api/", pages.tokens, name="api_tokens"),
    path("konto/api/<int:pk>/", pages.revoke, name="api_token_revoke"),
]
