"""The components' values: clocks in words, tables that hold together."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from likvard.site.ui.components import Cell, Column, Row, State, Table, clock, summary

DUE = date(2025, 11, 28)


def badge(language="sv", **given):
    with translation.override(language):
        return clock(what="Redovisning", due=DUE, **given)


@pytest.mark.parametrize(
    ("today", "kind", "word"),
    [
        (date(2025, 11, 1), "info", "27 dagar kvar"),
        (date(2025, 11, 14), "soon", "14 dagar kvar"),
        (date(2025, 11, 27), "soon", "1 dag kvar"),
        (date(2025, 11, 28), "soon", "ska vara klart i dag"),
        (date(2025, 11, 29), "late", "1 dag sen"),
        (date(2025, 11, 30), "late", "2 dagar sen"),
    ],
)
def test_a_running_clock_says_how_long_is_left_or_how_late_it_is(today, kind, word):
    assert badge(today=today).state == State(kind, word)


def test_a_running_clock_says_by_which_day():
    assert badge(today=date(2025, 11, 14)).what == "Redovisning, senast den 28\u00a0november\u00a02025"


def test_a_clock_speaks_english():
    assert badge("en", today=date(2025, 11, 30)).state.word == "2 days late"


def test_a_met_clock_is_in_time_or_says_how_late_it_was():
    assert badge(today=DUE, met=DUE).state == State("done", "i tid")
    assert badge(today=DUE, met=date(2025, 12, 1)).state == State("plain", "klart, 3 dagar för sent")


def test_a_paused_clock_is_never_late_and_says_since_when_and_why():
    paused = badge(today=date(2026, 1, 1), paused=date(2025, 12, 30), reason="väntar på brandskyddet")
    assert paused.state.kind == "paused"
    assert "Pausen har varat i 2 dagar" in paused.what
    assert paused.what.endswith("Skäl: väntar på brandskyddet")


def test_a_pause_without_a_reason_invents_none():
    assert "Skäl" not in badge(today=date(2026, 1, 1), paused=date(2025, 12, 30)).what


def test_a_table_refuses_a_row_that_lacks_a_cell():
    with pytest.raises(ValueError, match="needs a head and 1 cells"):
        Table("Åtgärder", (Column("Åtgärd"), Column("Effekt")), (Row(Cell("En"), ()),))


def test_a_table_pairs_each_cell_with_its_column():
    columns = (Column("Åtgärd"), Column("Effekt", numeric=True))
    [(head, cells)] = Table("Åtgärder", columns, (Row(Cell("En"), (Cell("+3"),)),)).lines
    assert head.text == "En"
    assert cells == [(columns[1], Cell("+3"))]


@pytest.mark.parametrize(
    ("count", "heading"),
    [(1, "En sak behöver rättas"), (2, "Två saker behöver rättas"), (13, "13 saker behöver rättas")],
)
def test_the_error_summary_counts_in_words(count, heading):
    with translation.override("sv"):
        assert summary([("", "")] * count) == heading
