"""A round from its draw to its frozen outcome: known probabilities, conflicts, audit, and everything in the chain."""

from __future__ import annotations

import pytest

from likvard.site.audit.models import Event
from likvard.site.ratings import frozen
from likvard.site.ratings.models import Outcome


def test_a_round_is_closed_with_classes_whose_probabilities_are_whole(country, make_round, play):
    made = play.closed(make_round())
    found = frozen.from_data(Outcome.objects.get(round=made).data)
    assert made.state == "closed"
    assert {row.state for row in made.ratings.all()} == {"closed"}
    assert found.marked == found.population == 14
    assert all(sum(one.probability.values()) == pytest.approx(1) for one in found.organisers)
    assert sum(one.weighted.value for one in found.shares) == pytest.approx(1)
    assert Event.objects.filter(what="round.closed").count() == 1
