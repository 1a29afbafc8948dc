"""The decisions that the demonstration publishes: hidden passages are hidden, and every state of the desk is there."""

from __future__ import annotations

from collections import Counter

import pytest

from likvard.site.newsroom.invented import HIDDEN, Crew, fill
from likvard.site.newsroom.models import PressRelease, Publication, Version
from likvard.site.supervision import invented

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(cast, places, now, tmp_path, settings):
    settings.DOCUMENTS = tmp_path
    crew = invented.Crew(inspector=cast.ines, lead_inspector=cast.lea, organiser_head=cast.harald)
    schools = [places.lärkskolan] * 3
    issued = invented.fill(crew, organiser=places.ekvik, unit=places.björk, independent=schools, at=now)
    return fill(Crew(press_officer=cast.petra, lead_inspector=cast.lea), issued, at=now)


def test_the_desk_shows_a_published_and_a_waiting_decision(published):
    assert Counter(Publication.objects.values_list("state", flat=True)) == {"published": 3, "reading": 1}
    assert PressRelease.objects.get().shown


def test_what_could_point_at_a_pupil_is_in_no_version(published):
    text = "".join(str(content) for content in Version.objects.values_list("content", flat=True))
    assert "Skolchefen bekräftar" in text
    assert not [words for words in HIDDEN if words in text]
