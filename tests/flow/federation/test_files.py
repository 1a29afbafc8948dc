"""A file is what was signed, or it is refused in words."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from likvard.flow.federation.envelope import EnvelopeError, Kind, canonical, kind_of, seal, unseal
from likvard.flow.federation.keys import new_keys, read_card
from likvard.flow.federation.rounds import read_round
from likvard.flow.federation.study import Study, as_body, study_from
from likvard.terms import InputError, LikvardError

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
plain = (
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
values = st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)
bodies = st.dictionaries(st.text(), values, max_size=4)
FIELDS = ("name", "purpose", "years", "outcome", "fixed", "levels", "method", "way", "most_rounds")


@settings(deadline=None)
@given(bodies)
def test_what_was_sealed_comes_back(body):
    sealed = unseal(seal(Kind.ANSWER, body, KEY), Kind.ANSWER, "a")
    assert canonical(sealed.body) == canonical(body)
    assert sealed.signer == KEY.public_key().public_bytes_raw().hex()


@settings(deadline=None)
@given(bodies, st.data())
def test_a_file_with_one_byte_changed_is_refused(body, data):
    content = bytearray(seal(Kind.ANSWER, body, KEY))
    at = data.draw(st.integers(0, len(content) - 2))
    content[at] = data.draw(st.integers(0, 255).filter(lambda b: b != content[at]))
    try:
        sealed = unseal(bytes(content), Kind.ANSWER, "a")
    except EnvelopeError:
        return
    assert canonical(sealed.body) == canonical(body)  # only the case of a hexadecimal digit was changed


@settings(deadline=None)
@given(st.binary(max_size=200) | bodies.map(canonical))
def test_anything_else_is_refused_in_words(content):
    for read in (
        lambda: unseal(content, Kind.ROUND, "x"),
        lambda: read_card(content, "x"),
        lambda: read_round(content, "x"),
    ):
        with pytest.raises(EnvelopeError) as refused:
            read()
        assert refused.value.remedy


@settings(deadline=None)
@given(st.sampled_from([Kind.ROUND, Kind.CARD]), bodies)
def test_a_signed_file_without_the_fields_of_its_kind_is_refused_in_words(kind, body):
    content = seal(kind, body, KEY)
    with pytest.raises(LikvardError):
        read_round(content, "x") if kind is Kind.ROUND else read_card(content, "x")


@settings(deadline=None)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, values)))
def test_a_study_is_what_is_declared_or_is_refused_in_words(body):
    refused = None
    try:
        found = study_from(body)
    except InputError as error:
        refused = error
    assert refused.remedy if refused else study_from(as_body(found)) == found


@pytest.mark.parametrize("content", [b'{"a":1,"a":2}', b'{"a":NaN}', b'{"a":1e999}', b"[]", b"\xff"])
def test_json_that_two_readers_could_read_differently_is_refused(content):
    with pytest.raises(EnvelopeError):
        unseal(content, Kind.ROUND, "x")


def test_one_kind_is_never_taken_for_another():
    content = seal(Kind.ANSWER, {"a": 1}, KEY)
    assert kind_of(content, "x") is Kind.ANSWER
    with pytest.raises(EnvelopeError, match="expected a 'federation round'"):
        unseal(content, Kind.ROUND, "x")
    with pytest.raises(EnvelopeError, match="is a 'nothing'"):
        kind_of(json.dumps({"kind": "nothing"}).encode(), "x")


def test_a_study_as_json_comes_back(study: Study):
    assert study_from(json.loads(json.dumps(as_body(study)))) == study


def test_a_key_is_made_in_a_folder_that_is_not_there_yet_for_its_owner_alone(tmp_path):
    path = tmp_path / "keys" / "own.key"
    new_keys(path, "2120002882")
    assert (path.stat().st_mode & 0o077, path.parent.stat().st_mode & 0o077) == (0, 0)
