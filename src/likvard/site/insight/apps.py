"""The app as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """The app `insight`."""

    name = "likvard.site.insight"
    label = "insight"
    events = "likvard.site.insight.logged.LOGGED"
