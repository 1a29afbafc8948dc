"""Addresses."""

from __future__ import annotations

from django.urls import URLPattern

from likvard.site.supervision import urls_programme

urlpatterns: list[URLPattern] = [*urls_programme.urlpatterns]
