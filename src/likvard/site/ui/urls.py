"""The addresses of the pages about the site itself."""

from __future__ import annotations

from django.urls import path

from likvard.site.ui import pages

urlpatterns = [
    path("om/siffror/", pages.about_figures, name="about_figures"),
    path("om/tecken/", pages.symbols, name="symbols"),
    path("om/tillganglighet/", pages.accessibility, name="accessibility"),
    path("om/personuppgifter/", pages.personal_data, name="personal_data"),
    path("om/fel/", pages.say_what_is_wrong, name="say_what_is_wrong"),
    path("om/komponenter/", pages.components, name="components"),
]
