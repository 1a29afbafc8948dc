"""Matters of the cast, in English unless a test asks for Swedish."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import translation

from likvard.site.cases import actions
from likvard.site.cases.models import Case


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Texts in the language that the code is written in."""
    with translation.override("en"):
        yield


@pytest.fixture
def opened(cast: Any, places: Any, now: Any) -> Callable[..., Case]:
    """Open a matter: by the principal about her school, unless told otherwise."""

    def make(**more: Any) -> Case:
        known = {"kind": "matter", "title": "Väntetid för utredning", "place": places.björk, "by": cast.rut, "at": now}
        return actions.open_case(**{**known, **more})

    return make


@pytest.fixture
def shared(cast: Any, opened: Callable[..., Case], now: Any) -> Case:
    """A matter about Björkskolan that the head of education has shared out to the principal."""
    return actions.share_out(case=opened(), to=cast.rut, by=cast.harald, at=now)
