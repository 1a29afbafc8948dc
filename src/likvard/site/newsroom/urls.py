"""Addresses."""

from __future__ import annotations

from django.urls import URLPattern

from likvard.site.newsroom import urls_outward

urlpatterns: list[URLPattern] = [*urls_outward.urlpatterns]
