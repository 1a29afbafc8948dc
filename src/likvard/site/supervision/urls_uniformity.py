"""The address of the comparison of departments and inspectors. It comes before `tillsyn/<slug>/`."""

from __future__ import annotations

from django.urls import URLPattern, path

from likvard.site.supervision.pages import uniformity

uniformity_urls: list[URLPattern] = [path("tillsyn/enhetlighet/", uniformity.uniformity, name="supervision_uniformity")]
