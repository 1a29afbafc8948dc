"""State tables: every kind of case that the site has, and tables that must be refused."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from likvard.site.cases import diagrams
from likvard.site.cases.kinds import MATTER, TABLE, kinds
from likvard.site.cases.states import CaseError, Move, Owner, Progress, State, StateTable, flaws

FUZZ = settings(deadline=None, derandomize=True)

A, B, END = State("a", "A", Owner.OFFICER), State("b", "B", Owner.LEAD), State("end", "End", Owner.ARCHIVE, end=True)
codes = st.sampled_from("abcde")


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.code)
def test_every_state_but_the_ends_has_an_owner_and_a_way_out(kind):
    for state in kind.table.states:
        assert state.end or (state.owner is not Owner.ARCHIVE and kind.table.moves_from(state.code))


@FUZZ
@given(st.lists(st.tuples(codes, codes), max_size=12), st.sets(codes, min_size=1))
def test_a_table_without_flaws_leads_from_everywhere_to_an_end(ways, ends):
    states = tuple(State(c, c, Owner.ARCHIVE if c in ends else Owner.OFFICER, end=c in ends) for c in "abcde")
    moves = tuple(Move(f"m{n}", "", start, to) for n, (start, to) in enumerate(ways))
    for state in states if not flaws(states, moves) else ():
        at, steps = {state.code}, 0
        while not at & ends and steps < 6:
            at, steps = {m.to for m in moves if m.start in at}, steps + 1
        assert at & ends


@pytest.mark.parametrize(
    ("moves", "says"),
    [
        ((Move("m", "", "a", "end"),), "b cannot be reached"),
        ((Move("m", "", "a", "b"), Move("n", "", "a", "end")), "no end can be reached from b"),
        ((Move("m", "", "a", "c"),), "not there"),
        ((Move("m", "", "a", "b"), Move("m", "", "a", "end"), Move("n", "", "b", "end")), "two moves called m"),
        ((Move("m", "", "a", "b"), Move("n", "", "b", "end"), Move("o", "", "end", "a")), "leaves the end"),
    ],
)
def test_a_table_with_a_flaw_cannot_be_made(moves, says):
    with pytest.raises(ValueError, match=says):
        StateTable((A, B, END), moves)


def test_an_end_that_somebody_owns_cannot_be_made():
    with pytest.raises(ValueError, match="archive"):
        State("x", "X", Owner.OFFICER, end=True)


def test_a_kind_whose_steps_leave_out_a_state_cannot_be_made():
    with pytest.raises(ValueError, match="one step"):
        replace(MATTER, steps=MATTER.steps[:2])


def test_a_move_that_is_not_possible_says_what_is():
    with pytest.raises(CaseError, match="ready to be decided") as error:
        TABLE.move("proposed", "ask")
    assert "Decide and close" in error.value.remedy


@pytest.mark.parametrize("code", ["close", "reopen"])
def test_nothing_leads_out_of_an_end(code):
    with pytest.raises(CaseError, match="It is closed"):
        TABLE.move("closed", code)


def test_steps_before_are_done_and_steps_after_wait_for_the_one_before():
    tasks = MATTER.tasks("waiting")
    assert [task.progress for task in tasks] == [Progress.DONE, Progress.ONGOING, Progress.LOCKED, Progress.LOCKED]
    assert [str(task.waits_for) for task in tasks] == ["", "", "Investigation", "Decision"]


def test_a_closed_case_has_every_step_behind_it():
    assert {task.progress for task in MATTER.tasks("closed")} == {Progress.DONE}


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.code)
def test_the_diagrams_show_every_state_and_every_move(kind):
    drawing = diagrams.as_svg(kind.table, "Matter")
    ET.fromstring(drawing)  # noqa: S314 - our own drawing
    for text in (diagrams.as_text(kind.table), diagrams.as_mermaid(kind.table), drawing):
        for state in kind.table.states:
            assert str(state.label) in text
        for move in kind.table.moves:
            assert str(move.label) in text
