"""The app as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The app `people`."""

    name = "likvard.site.people"
    label = "people"
    events = "likvard.site.people.words.EVENTS"
