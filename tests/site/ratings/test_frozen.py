"""What is frozen is read back as it was, also what is not there."""

from __future__ import annotations

import json
from dataclasses import replace
from math import isnan, nan

import pytest
from tests.site.addresses_ratings import outcome

from likvard.flow.national import Estimate
from likvard.site.ratings import frozen


def test_an_outcome_is_read_back_as_it_was_written():
    found = frozen.from_data(outcome())
    assert frozen.from_data(json.loads(json.dumps(frozen.as_data(found)))) == found


def test_a_number_that_is_not_there_is_null_and_comes_back_as_none_at_all():
    found = frozen.from_data(outcome())
    lacking = replace(found, overall=replace(found.overall, alpha=Estimate(nan, nan, nan, nan), same=nan))
    data = json.loads(json.dumps(frozen.as_data(lacking), allow_nan=False))
    assert data["national"]["overall"]["same"] is None
    assert isnan(frozen.from_data(data).overall.alpha.value)


def test_another_schema_is_refused():
    with pytest.raises(ValueError, match="schema"):
        frozen.from_data({**outcome(), "schema": 99})
