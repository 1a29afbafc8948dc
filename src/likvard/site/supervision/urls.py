"""Addresses."""

from __future__ import annotations

from django.urls import URLPattern

from likvard.site.supervision import urls_after, urls_programme
from likvard.site.supervision.urls_inspection import inspection_urls
from likvard.site.supervision.urls_uniformity import uniformity_urls

urlpatterns: list[URLPattern] = [
    *urls_programme.urlpatterns,
    *urls_after.urlpatterns,
    *uniformity_urls,
    *inspection_urls,  # last: /tillsyn/<number>/ would take the others' words for a number
]
