"""Blocks that can only be read as sums: whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import duckdb
import numpy as np
import pytest
from benchmarks.federation import STUDY, nation, rows_of
from hypothesis import given, settings
from hypothesis import strategies as st

from likvard.flow.federation import masks
from likvard.flow.federation.keys import NODE, card_of, new_keys, read_card
from likvard.flow.federation.merge import merge
from likvard.flow.federation.rounds import make_blocks, open_study, read_round
from likvard.flow.federation.share import fingerprint, sealed_answer
from likvard.models import multilevel
from likvard.moments.gather import gather
from likvard.terms import InputError, UsageError

DAY = date(2098, 12, 31)
SMALL = replace(STUDY, fixed=("girl",), levels=("unit",), most_rounds=7)


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    keys = [new_keys(folder / f"{i}.key", f"21200{i:05d}") for i in range(24)]
    cards = [read_card(card_of(k, k.organiser, units=9, pupils=180), "c") for k in keys]
    return keys, cards, new_keys(folder / "node.key", NODE)


@pytest.fixture(scope="module")
def con():
    con = duckdb.connect()
    con.register("arrow", nation(2, 24, 216, 4_000))
    con.execute("create table pupil as select * from arrow")
    return con


def test_a_block_with_a_late_organiser_is_left_out_whole_and_the_others_give_their_own_pooled_fit(
    tmp_path, company, con
):
    keys, cards, node = company
    rows = [rows_of(con, i, SMALL) for i in range(24)]
    content = open_study(SMALL, cards, node, answer_by=DAY, seed="blocks")
    (tmp_path / "round-00.json").write_bytes(content)
    blocks = read_round(content, "r").blocks
    assert len(blocks) == 2
    of = {card.organiser: block for block in blocks for card in block.cards}
    late, found, waited = blocks[1].cards[4].organiser, None, None
    while found is None or found.fit is None:
        asked = read_round(content, "r")
        there = [(k, r) for k, r in zip(keys, rows, strict=True) if asked.number < 2 or k.organiser != late]
        files = [(k.organiser, sealed_answer(asked, SMALL, r, k, of[k.organiser])[0]) for k, r in there]
        found = merge(content, files, folder=tmp_path, keys=node, answer_by=DAY)
        if found.path is None:
            waited = [card.organiser for card in found.missing]
            found = merge(content, files, folder=tmp_path, keys=node, answer_by=DAY, leave_out=True)
        content = found.path.read_bytes()
    kept = ", ".join(str(i) for i, k in enumerate(keys) if k.organiser in blocks[0].names)
    one = multilevel.fit(
        gather(con, f"(select * from pupil where organiser in ({kept}))", ("unit",), (*SMALL.design, SMALL.target)),
        SMALL.model,
    )
    assert waited == [late]
    np.testing.assert_allclose(found.fit.beta, one.beta, rtol=1e-9)
    assert found.fit.varcomp["unit"][0, 0] == pytest.approx(one.varcomp["unit"][0, 0], rel=1e-8)


def test_blocks_of_an_earlier_study_stand_still_and_only_the_new_are_drawn(company):
    _, cards, _ = company
    first = make_blocks(SMALL, cards[:22], "one")
    new = [replace(card, organiser=f"99999{i:05d}") for i, card in enumerate(cards[:12])]
    both = make_blocks(SMALL, [*cards[:22], *new], "two", first)
    assert {block.names for block in first} < {block.names for block in both}
    assert len(both) == len(first) + 1
    assert [b.names for b in make_blocks(SMALL, first[1].cards, "two", first)] == [first[1].names]
    with pytest.raises(UsageError, match="is missing"):
        make_blocks(SMALL, cards[1:22], "two", first)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(st.floats(-1e12, 1e12), min_size=3, max_size=3), min_size=2, max_size=5), st.randoms())
def test_masks_cancel_exactly_in_any_order(company, values, order):
    keys, cards, _ = company
    block = cards[: len(values)]
    parts = [masks.masked(np.array(v), k, block, "round") for v, k in zip(values, keys, strict=False)]
    order.shuffle(parts)
    assert masks.add(parts) == masks.add([masks.to_whole(np.array(v)) for v in values])
    assert masks.from_bytes(masks.to_bytes(parts[0])) == parts[0]


def test_whole_numbers_and_doubles_of_sums_come_back_as_they_were():
    values = np.array([0.0, 1.0, -2.5, 1e-10, 3e11, -7e14])
    np.testing.assert_allclose(masks.from_whole(masks.to_whole(values)), values, rtol=1e-9)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, 2.0**51])
def test_what_cannot_be_masked_is_told(wrong):
    with pytest.raises(InputError, match="too large to mask"):
        masks.to_whole(np.array([wrong]))


def test_a_fingerprint_tells_of_every_key(company):
    _, cards, node = company
    block = read_round(open_study(SMALL, cards, node, answer_by=DAY, seed="x"), "r").blocks[0]
    other = replace(block, cards=(replace(block.cards[0], agreement="ab" * 32), *block.cards[1:]))
    assert fingerprint(block) == fingerprint(replace(block, cards=block.cards[::-1])) != fingerprint(other)
