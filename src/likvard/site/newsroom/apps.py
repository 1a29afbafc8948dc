"""The app as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    """The app `newsroom`."""

    name = "likvard.site.newsroom"
    label = "newsroom"
    events = "likvard.site.newsroom.logged.LOGGED"
