"""The app as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The app `cases`."""

    name = "likvard.site.cases"
    label = "cases"
    events = "likvard.site.cases.logged.LOGGED"
