"""The state tables as truth tables: what leads where, and nothing else does."""

from __future__ import annotations

import pytest

from likvard.site.cases.states import CaseError
from likvard.site.ratings import states

RATING = """
marking    both_marked settling
settling   mark_again  marking
settling   send        reply
reply      reply       answering
reply      no_reply    ready
answering  answer      ready
ready      draw        audit
ready      close       closed
audit      audited     ready
audit      ask_again   reply
"""
REPORT = """
draft      ask        reading
reading    take_back  draft
reading    send_back  draft
reading    publish    published
published  correct    revising
published  withdraw   withdrawn
revising   ask        rereading
rereading  take_back  revising
rereading  send_back  revising
rereading  publish    published
"""
ROUND = """
preparing  open   open
open       close  closed
"""


@pytest.mark.parametrize(("table", "truth"), [(states.RATING, RATING), (states.REPORT, REPORT), (states.ROUND, ROUND)])
def test_what_leads_where_and_nothing_else_does(table, truth):
    known = {(start, code): to for start, code, to in (line.split() for line in truth.strip().splitlines())}
    codes = {move.code for move in table.moves}
    for state in (one.code for one in table.states):
        for code in codes:
            if (state, code) in known:
                assert table.move(state, code).to == known[state, code]
            else:
                with pytest.raises(CaseError):
                    table.move(state, code)


def test_what_changes_something_that_was_told_takes_a_reason():
    reasoned = {(move.start, move.code) for table in (states.RATING, states.REPORT, states.ROUND) for move in table.moves if move.reasoned}  # fmt: skip
    assert reasoned == {
        ("settling", "mark_again"), ("reading", "send_back"), ("rereading", "send_back"), ("reading", "take_back"), ("rereading", "take_back"), ("published", "correct"),
        ("published", "withdraw"), ("preparing", "open"), ("open", "close"),
    }  # fmt: skip


def test_an_organiser_sees_its_rating_only_after_it_was_sent():
    before = {"marking", "settling"}
    assert {state.code for state in states.RATING.states} - before == states.SEEN_BY_ORGANISER


@pytest.mark.parametrize("level", [0, 1, 2, None])
def test_a_choice_and_its_level_are_the_same(level):
    assert states.level_of(states.choice_of(level)) == level
