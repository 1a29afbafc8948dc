"""The rounds of the demonstration: every state is there, and filling twice makes nothing more."""

from __future__ import annotations

from collections import Counter

import pytest

from likvard.site.resources.invented import Crew, fill
from likvard.site.resources.models import Round, Use, View

pytestmark = pytest.mark.django_db


def test_the_demonstration_has_rounds_in_every_state_and_uses_of_the_money(cast, places, publication, now):
    crew = Crew(organiser_head=cast.harald, quality_manager=cast.kim, principal=cast.rut)
    fill(crew, organiser=places.ekvik, publication=publication, at=now)
    assert fill(crew, organiser=places.ekvik, publication=publication, at=now) == []
    assert Counter(Round.objects.values_list("state", flat=True)) == {"decided": 1, "heard": 1}
    assert Counter(use.state for use in Use.objects.all()) == {"again": 1, "waits": 1}
    assert View.objects.get().by == cast.rut


def test_without_figures_there_are_no_rounds(cast, places, now):
    crew = Crew(organiser_head=cast.harald, quality_manager=cast.kim, principal=cast.rut)
    assert fill(crew, organiser=places.ekvik, publication=None, at=now) == []
