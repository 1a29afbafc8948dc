"""The invented round: closed and reported, with another under way, and no letters to anybody."""

from __future__ import annotations

from django.test import Client

from likvard.site.audit import chain
from likvard.site.cases.models import Outgoing
from likvard.site.ratings import invented
from likvard.site.ratings.models import Rating, Report


def test_a_demonstration_has_a_report_and_something_for_everybody_to_do(country, cast, now, settings):
    settings.DEMO = True
    crew = invented.Crew(cast.lea, cast.ines, cast.petra, cast.harald)
    closed, under_way = invented.fill(crew, publication=None, at=now)
    assert (closed.state, under_way.state) == ("closed", "open")
    assert Rating.objects.get(round=under_way, organiser="2120009991").state == "reply"
    assert Client().get(Report.objects.get().get_absolute_url()).status_code == 200
    assert not Outgoing.objects.filter(state=Outgoing.State.QUEUED).exists()
    assert chain.verify().fault is None
    assert invented.fill(crew, publication=None, at=now) == []
