"""The report as a whole: no figure without a second computation, nothing shown that a source hides."""

from __future__ import annotations

import csv
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from likvard.flow.ingest import ingest

HERE = Path(__file__).parent


def test_every_figure_of_the_report_is_computed_again(figures):
    text = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("test_*.py"))
    again = set(re.findall(r'agree\(\s*"([a-z-]+)"', text))
    assert set(figures) == again


def test_every_figure_stands_in_one_section(data):
    placed = [id for section in data["sections"] for id in section["figures"]]
    assert sorted(placed) == sorted(figure["id"] for figure in data["figures"])


def test_every_sentence_tells_the_same_numbers_in_both_languages(data, numbers, numbers_sv):
    texts = [*data["lead"]]
    for figure in data["figures"]:
        texts += [figure["subtitle"], *figure["sentences"], *figure["notes"]]

    def told(found):  # "en" and "ett" are articles too; "no" is no number in "have no result"
        return sorted(number for number in found if number not in ("0", "1"))

    assert [t for t in texts if told(numbers(t["en"])) != told(numbers_sv(t["sv"]))] == []


def test_a_school_goes_by_its_newest_name_and_schools_stand_in_alphabetical_order(figures, opened, area):
    for figure in figures.values():
        rows = [row for row in figure["table"]["rows"] if row["code"] in opened.units]
        assert all(row["head"]["sv"] in opened.newest(row["code"], "name") for row in rows)
        places = [area.index(row["code"]) for row in rows]
        assert places == sorted(places)


# What a source hides ----------------------------------------------------------------------------------------


def published(figures):
    """Cells that are a published figure of one school and period: measure, school, year, and the cell."""
    for figure in figures.values():
        for row in figure["table"]["rows"]:
            for cell in row["cells"]:
                key = cell.get("key") if isinstance(cell, dict) else None
                if key and key[1] == "unit" and len(key) == 4:
                    yield key[0], key[2], int(key[3][:4]), cell


def test_no_cell_shows_what_any_source_hides(figures, opened):
    cells = list(published(figures))
    assert len(cells) > 500
    hidden = [(m, unit, year) for m, unit, year, _ in cells if opened.hidden(m, unit, year)]
    assert hidden
    assert [
        (m, unit, year) for m, unit, year, c in cells if opened.hidden(m, unit, year) and c["value"] is not None
    ] == []


def test_every_cell_shown_stands_in_a_source_as_it_is(figures, opened):
    off = [
        (measure, unit, year, cell["value"])
        for measure, unit, year, cell in published(figures)
        if cell["value"] is not None
        and cell["value"] not in [pytest.approx(s.value, abs=6e-7) for s in opened.figures[measure, unit, year]]
    ]
    assert off == []


SCHOOL, SPRING = "40631085", 2024  # Fittjaskolan: a merit value that both files show


@pytest.fixture(scope="module")
def after_hiding(shared, lake, make, tmp_path_factory):
    """The report once one of two sources hides a result that the other shows."""
    folder = tmp_path_factory.mktemp("hidden")
    file = folder / "v4_gr_statistics_long.csv"
    with (shared / file.name).open(encoding="utf-8", newline="") as given, file.open("w", newline="") as altered:
        rows = csv.reader(given)
        out = csv.writer(altered, lineterminator="\n")
        for row in rows:
            if row[0] == SCHOOL and row[4] == "averageGradesMeritRating9thGrade" and row[5] == f"{SPRING - 1}/24":
                row[6:] = ["..", "OMITTED_DUE_TO_BASED_ON_FEW_PUPILS", ""]
            out.writerow(row)
    copy = folder / "lake"
    shutil.copytree(lake, copy)
    delivered = ingest((file,), copy, at=datetime(2026, 11, 22, tzinfo=UTC))
    assert delivered.stopped == ()
    return {figure["id"]: figure for figure in make(copy)[1]["figures"]}


def test_a_result_that_one_source_hides_and_another_shows_is_hidden_in_every_figure(figures, after_hiding):
    def own(found):
        return [c for m, unit, year, c in published(found) if (m, unit, year) == ("merit_value", SCHOOL, SPRING - 1)]

    assert {c["value"] for c in own(figures)} == {198.7}
    assert {(c["value"], c["missing"]) for c in own(after_hiding)} == {(None, "few")}
    assert SCHOOL not in {row["code"] for row in after_hiding["more-than-chance"]["table"]["rows"]}


def test_a_result_that_one_source_hides_is_no_part_of_what_is_computed(figures, after_hiding):
    def pupils(found):
        rows = found["result-against-expected"]["table"]["rows"]
        return next(row["cells"][0]["n"] for row in rows if row["code"] == SCHOOL)

    assert pupils(figures) - pupils(after_hiding) == 98
