"""The app as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    """The app `resources`."""

    name = "likvard.site.resources"
    label = "resources"
    events = "likvard.site.resources.logged.LOGGED"
