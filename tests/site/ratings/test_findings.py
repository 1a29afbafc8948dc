"""Which findings supervision made in the same decisions is told beside the marks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from likvard.flow.national import Found
from likvard.site.cases import actions
from likvard.site.people.roles import Role
from likvard.site.ratings import frozen
from likvard.site.ratings.actions.closing import findings_until
from likvard.site.ratings.models import Outcome

PDF = b"%PDF-1.7 a decision"
AREAS = ("unit.support", "unit.safety")


@pytest.fixture
def decision(cast, places, now, today, tmp_path):
    """A decision on Björkskolan with a finding in each of two areas, and one point of a quality audit's kind."""
    case = actions.open_case(kind="supervision", title="Tillsyn", place=places.björk, by=cast.lea, at=now)
    points = [actions.Point(n, area, area=area, instrument="injunction") for n, area in enumerate(AREAS, 1)]
    points.append(actions.Point(3, "Kvalitet", area="unit.teaching", judgement="i flera delar"))

    def issue(kind):
        return actions.issue(
            case=case, kind=kind, title="Beslut", dated=today, signed_by="Lea", content={"text": {}, "plain": {}, "facts": {}},
            points=points, pdf=PDF, filename="b.pdf", by=cast.lea, role=Role.LEAD_INSPECTOR, at=now, folder=tmp_path,
        )  # fmt: skip

    return issue


def test_every_area_of_a_decision_is_a_finding_and_an_audits_step_is_none(decision, today):
    made = decision("decision")
    assert findings_until(today) == [Found(str(made.pk), area) for area in sorted(AREAS)]


def test_what_a_follow_up_repeats_is_not_counted_twice(decision, today):
    decision("decision")
    decision("follow_up")
    assert len(findings_until(today)) == 2


def test_a_decision_after_the_round_is_closed_is_not_in_its_outcome(decision, today):
    decision("decision")
    assert findings_until(today - timedelta(days=1)) == []


def test_the_outcome_of_a_round_holds_what_was_found_together(decision, play, make_round, country):
    first = decision("decision")
    found = frozen.from_data(Outcome.objects.get(round=play.closed(make_round())).data)
    assert dict(found.findings_together.counts) == dict.fromkeys(AREAS, 1)
    assert (len(country), first.points.count()) == (12, 3)
