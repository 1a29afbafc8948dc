"""Every address of the site, by subject."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the site is up."""
    return HttpResponse("ok\n", content_type="text/plain")


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("", include("likvard.site.ui.urls")),
    path("", include("likvard.site.people.urls")),
    path("", include("likvard.site.cases.urls")),
    path("", include("likvard.site.insight.urls")),
    path("", include("likvard.site.supervision.urls")),
    path("", include("likvard.site.newsroom.urls")),
    path("", include("likvard.site.resources.urls")),
    path("", include("likvard.site.ratings.urls")),
    path("", include("likvard.site.api.urls")),
]

handler400 = "likvard.site.ui.failures.bad_request"
handler403 = "likvard.site.ui.failures.denied"
handler404 = "likvard.site.ui.failures.not_found"
handler429 = "likvard.site.ui.failures.too_many"
handler500 = "likvard.site.ui.failures.error"
