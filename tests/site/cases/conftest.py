"""Matters of the cast, in English unless a test asks for Swedish."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Texts in the language that the code is written in."""
    with translation.override("en"):
        yield
