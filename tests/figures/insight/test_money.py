"""Money against need: the table holds what the picture holds, small schools are in neither, the slope is worked out right."""

from __future__ import annotations

from datetime import date

import pytest

from likvard.figures import files
from likvard.figures.card import card
from likvard.figures.figure import Source
from likvard.figures.files import Origin
from likvard.figures.insight.money import MoneyRow, of_round
from likvard.figures.pictures import picture
from likvard.figures.report import MadeFrom
from likvard.figures.sentences import verdict
from likvard.terms import Audience, Language, Words

SOURCES = (Source(Words("Kommunen", "The municipality"), "2025"),)
NAMES = ("Alskolan", "Björkskolan", "Ekskolan", "Granskolan", "Hasselskolan", "Tallskolan")


def row(n: int, **more: object) -> MoneyRow:
    """A school whose money rises 20 crowns a pupil for each point of need now, and 30 by the proposal."""
    need = 60.0 + 20 * n
    known = {"need": need, "low": need - 9, "high": need + 9, "now": 60_000 + 20 * need, "proposed": 59_000 + 30 * need}
    return MoneyRow(code=f"9000000{n}", name=NAMES[n], **{"pupils": 300, **known, **more})


def figure(*rows: MoneyRow, **more: object):
    """The figure of some schools."""
    return of_round(rows, on=date(2025, 11, 14), subtitle=Words("Skolor", "Schools"), sources=SOURCES, **more)


@pytest.fixture
def six():
    """Six schools, one of them with seven pupils and one whose need nobody knows."""
    small = row(4, pupils=7)
    unknown = row(5, need=None, low=None, high=None)
    return figure(*(row(n) for n in range(4)), small, unknown, full=(50_000.0, 100.0), named=["90000003"])


def test_ten_points_of_need_go_with_ten_times_the_slope(six):
    said = " ".join(words.sv for words in verdict(six.kind, six.facts)).replace("\u00a0", " ")
    assert "+200 kronor per elev i dag" in said
    assert "+300 kronor med förslaget" in said
    assert "+1 000 kronor" in said


def test_a_small_school_and_an_unknown_need_stand_in_the_table_with_the_reason_and_not_in_the_picture(six):
    cells = {entry.head.sv: entry.entries[0] for entry in six.table.rows}
    assert [name for name, cell in cells.items() if cell.value is None] == ["Hasselskolan", "Tallskolan"]
    assert cells["Hasselskolan"].missing == "few"
    titles = {mark.title.split(":")[0] for _, drawing in picture(six, Language.SV).drawings for mark in drawing.marks}
    assert titles == set(NAMES[:4])


def test_each_school_is_a_ring_and_a_diamond_joined_by_a_line(six):
    drawing = picture(six, Language.SV).drawings[0][1]
    assert [mark.shape for mark in drawing.marks] == ["ring"] * 4 + ["diamond"] * 4
    assert sum(line.look == "join" for line in drawing.over) == 4
    assert [text.text for text in drawing.texts if "b halo" in text.look] == ["Granskolan"]


def test_the_dashed_line_never_leaves_the_plot():
    steep = figure(*(row(n) for n in range(4)), full=(-1_340_000.0, 20_000.0))
    drawing = picture(steep, Language.SV).drawings[0][1]
    line = next(one for one in drawing.over if one.look == "dashed-line")
    assert min(line.y1, line.y2) >= 0
    assert max(line.y1, line.y2) <= drawing.height


def test_two_schools_have_no_slope():
    said = " ".join(words.en for words in verdict("money", figure(row(0), row(1)).facts))
    assert "too few schools" in said


def test_the_order_of_rows_is_area_and_name_whatever_is_given():
    rows = [row(3, area="Norr"), row(0, area="Söder"), row(1, area="Norr")]
    assert [entry.head.sv for entry in figure(*rows).table.rows] == ["Björkskolan", "Granskolan", "Alskolan"]


def test_it_can_be_had_as_every_file_and_as_a_card_in_both_languages(six):
    origin = Origin(Audience.PUBLIC, MadeFrom("lake", (), "likvard", date(2025, 11, 14)), True)
    for language in Language:
        assert "<article" in card(six, language, href=lambda pane: f"?{pane}")
        for ending in files.endings(six):
            assert len(files.make(six, language, origin, ending)) > 300
