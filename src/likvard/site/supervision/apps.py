"""The app as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    """The app `supervision`."""

    name = "likvard.site.supervision"
    label = "supervision"
    events = "likvard.site.supervision.logged.LOGGED"
