"""The app as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The app `api`."""

    name = "likvard.site.api"
    label = "api"
    events = "likvard.site.api.logged.LOGGED"
