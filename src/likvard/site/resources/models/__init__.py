"""Rounds with their versions, views of schools, and what the money is used for."""

from __future__ import annotations

from likvard.site.resources.models.hearing import Reminder, View
from likvard.site.resources.models.round import Round, Share, Version
from likvard.site.resources.models.use import Look, Use

__all__ = ["Look", "Reminder", "Round", "Share", "Use", "Version", "View"]
