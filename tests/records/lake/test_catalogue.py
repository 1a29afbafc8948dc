"""Which deliveries are active, against a naive model; and the catalogue as a file that a person can read."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from likvard.records import catalogue as catalogues
from likvard.records.catalogue import Catalogue
from likvard.records.delivery import Delivery, State, Stored, as_json, from_json

AT = datetime(2026, 1, 15, 12, tzinfo=timezone(timedelta(hours=1)))


def _delivery(number: int, scope: str = "a", **changes: object) -> Delivery:
    fields = {"id": f"{number:04d}-x", "source": "X", "scope": scope, "vintage": "", "file": "f", "reader": "r"}
    fields |= {"sha256": "00", "tables": {"statistic": Stored(1, 2, f"{number:x}")}, "delivered_at": AT}
    return Delivery(**(fields | changes))


deeds = st.lists(st.tuples(st.booleans(), st.sampled_from("abc"), st.integers(0, 9)), max_size=20)


@given(deeds)
def test_states_are_those_of_a_stack_of_deliveries_per_scope(done):
    catalogue, stacks = Catalogue(), {scope: [] for scope in "abc"}
    for delivers, scope, number in done:
        if delivers:
            catalogue = catalogue.adding(_delivery(len(catalogue.deliveries), scope))
            stacks[scope].append(catalogue.deliveries[-1].id)
        elif number < len(catalogue.deliveries):
            identity = catalogue.deliveries[number].id
            catalogue = catalogue.withdrawing(identity, AT, "why")
            stacks = {s: [i for i in stack if i != identity] for s, stack in stacks.items()}
    active = {stack[-1] for stack in stacks.values() if stack}
    standing = {i for stack in stacks.values() for i in stack}
    assert {d.id for d in catalogue.active} == active
    assert {d.id for d in catalogue.deliveries if d.state is State.REPLACED} == standing - active


@given(st.text(), st.text(), st.booleans(), st.none() | st.datetimes(timezones=st.just(UTC)))
def test_what_is_written_is_read_again(scope, file, synthetic, withdrawn_at):
    delivery = _delivery(1, scope, file=file, synthetic=synthetic, withdrawn_at=withdrawn_at, withdrawn_reason="r")
    assert from_json(json.loads(json.dumps(as_json(delivery)))) == delivery


def test_the_version_is_that_of_the_active_content():
    one = Catalogue().adding(_delivery(1))
    two = one.adding(_delivery(2))
    assert len({Catalogue().version, one.version, two.version}) == 3
    assert two.withdrawing("0002-x", AT, "why").version == one.version


def test_a_person_can_read_the_catalogue(tmp_path):
    catalogues.save(tmp_path, Catalogue().adding(_delivery(1, file="Elever per årskurs.csv")))
    text = (tmp_path / "catalogue.json").read_text(encoding="utf-8")
    assert '"file": "Elever per årskurs.csv"' in text
    assert '"delivered_at": "2026-01-15T12:00:00+01:00"' in text
    assert json.loads(text)["format"] == 1


@pytest.mark.parametrize("identity", ["../up", "a/b", "", ".", "å"])
def test_an_id_that_could_lead_out_of_the_lake_is_refused(identity):
    with pytest.raises(ValueError, match="other signs"):
        from_json(as_json(_delivery(1, id=identity)))
