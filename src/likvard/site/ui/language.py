"""The language of the page as the library knows it."""

from __future__ import annotations

from django.utils import translation

from likvard.terms import Language


def current() -> Language:
    """The active language; Swedish where none is."""
    return Language((translation.get_language() or "sv")[:2])
