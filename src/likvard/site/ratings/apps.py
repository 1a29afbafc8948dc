"""The app as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class RatingsConfig(AppConfig):
    """The app `ratings`."""

    name = "likvard.site.ratings"
    label = "ratings"
    events = "likvard.site.ratings.logged.LOGGED"
