"""The inspections of the demonstration are made by the same actions as real ones, and show every stage."""

from __future__ import annotations

from collections import Counter

import pytest

from likvard.site.audit import chain
from likvard.site.cases.models import Case, Outgoing
from likvard.site.supervision.invented import Crew, fill
from likvard.site.supervision.models import Finding

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued(cast, places, now, tmp_path, settings, member):
    settings.DOCUMENTS = tmp_path
    crew = Crew(inspector=cast.ines, lead_inspector=cast.lea, organiser_head=cast.harald)
    return fill(crew, organiser=places.ekvik, unit=places.björk, independent=[places.lärkskolan], at=now)


def test_there_is_an_inspection_at_each_stage_and_the_chain_holds(issued):
    states = Counter(Case.objects.filter(kind_code="supervision").values_list("state_code", flat=True))
    assert states == {"follow_up": 2, "closed": 1, "proposed": 1}
    assert chain.verify().broken is None
    assert not Outgoing.objects.filter(state="queued").exists()


def test_two_findings_of_the_organiser_are_closed_and_one_remains(issued):
    found = Finding.objects.filter(decision__issued=issued[0]).order_by("number")
    assert [finding.state for finding in found] == ["remedied", "remedied", "remains"]
    assert all(finding.point.state == finding.state for finding in found)


def test_filling_again_makes_nothing(issued, cast, places, now):
    crew = Crew(inspector=cast.ines, lead_inspector=cast.lea, organiser_head=cast.harald)
    assert fill(crew, organiser=places.ekvik, unit=places.björk, independent=[], at=now) == []
