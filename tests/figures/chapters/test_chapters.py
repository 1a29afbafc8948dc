"""From arrays to figures: what is laid out, in which order, and what the gate withholds."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from likvard.figures.chapters import deviations, groups, scales, spread
from likvard.figures.chapters.evidence import Deviations, Gap, SubjectDeviations, UnitYears, YearSeries
from likvard.figures.chapters.frame import Frame
from likvard.figures.chapters.report import QUESTIONS, assemble
from likvard.figures.figure import Figure, Source
from likvard.figures.report import MadeFrom
from likvard.terms import Missing, Words

UNITS = np.array(["99000001", "99000002", "99000003"], dtype=object)
INTAKE = (Words("kön", "sex"),)


def _deviations(n: tuple[float, float, float] = (60.0, 40.0, 30.0)) -> Deviations:
    difference = np.array([12.0, -20.0, 1.0])
    return Deviations(
        unit=UNITS, difference=difference, low=difference - 8, high=difference + 8, result=np.array([240.0, 200.0, 221.0]),
        expected=np.array([228.0, 220.0, 220.0]), n=np.array(n), years=(2022, 2023), below=np.array([0.0, 1.0, 0.1]),
        line=-10.0, intake=INTAKE, explained=0.6, explained_low=0.5, explained_high=0.7,
    )  # fmt: skip


def _results() -> UnitYears:
    value = np.array([240.0, 200.0, 221.0])
    return UnitYears(
        UNITS, np.array([2023] * 3), value, np.array([""] * 3, dtype=object), np.array([60.0, 4.0, 30.0]),
        value - 9, value + 9, value - 30, value + 30,
    )  # fmt: skip


def _series(years: list[int], value: float) -> YearSeries:
    at = np.array(years)
    numbers = np.full(len(at), value)
    return YearSeries(at, numbers, numbers - 3, numbers + 3, np.full(len(at), 900.0))


def test_schools_stand_in_alphabetical_order_whatever_their_results(frame: Frame, source: Source) -> None:
    figure = deviations.expected(frame, _deviations(), (source,))
    assert [row.head.sv for row in figure.table.rows] == ["Bäckskolan", "Åsskolan", "Ängskolan"]


def test_a_school_without_comparison_says_why(frame: Frame, source: Source) -> None:
    two = _deviations()
    figure = deviations.expected(
        frame,
        Deviations(**{**vars(two), **{k: getattr(two, k)[:2] for k in ("unit", "difference", "low", "high")}}),
        (source,),
    )
    assert figure.table.rows[1].entries[0] == deviations.NOT_COMPARED


def test_a_difference_that_rests_on_too_few_pupils_is_hidden(frame: Frame, source: Source) -> None:
    figure = deviations.expected(frame, _deviations((60.0, 4.0, 30.0)), (source,))
    hidden = figure.table.rows[0].entries[0]
    assert hidden.missing is Missing.FEW  # type: ignore[union-attr]


def test_a_small_school_is_hidden_in_the_distribution(frame: Frame, source: Source) -> None:
    nation = (_series([2023], 229.0), _series([2023], 199.0), _series([2023], 265.0))
    figure = spread.distribution(frame, _results(), *nation, (source,))
    cells = {row.head.sv: row.entries[0] for row in figure.table.rows}
    assert cells["Bäckskolan"].value is None  # type: ignore[union-attr]
    assert cells["Ängskolan"].value == 240  # type: ignore[union-attr]


def test_a_year_that_no_school_has_stands_as_not_collected(frame: Frame, source: Source) -> None:
    figure = deviations.small_multiples(frame, _results(), (source,))
    assert len(figure.table.rows) == 3


def test_the_gap_carries_its_own_change(frame: Frame, source: Source) -> None:
    gap = Gap(
        (
            (Words("flickor", "girls"), _series([2022, 2023], 240)),
            (Words("pojkar", "boys"), _series([2022, 2023], 215)),
        ),
        _series([2022, 2023], 25),
        (4.0, 1.0, 7.0),
    )
    figure = groups.between_pupils(frame, gap, "gap-by-sex", Words("flickor och pojkar", "girls and boys"), (source,))
    assert figure.facts["change"].low == 1.0  # type: ignore[union-attr]


def test_only_cells_within_the_alarm_budget_are_tinted(frame: Frame, source: Source) -> None:
    kept = np.array([[True, False], [False, False], [False, False]])
    value = np.zeros((3, 2))
    found = SubjectDeviations(
        UNITS, (("Ma", Words("Matematik", "Mathematics"), Words("Ma", "Ma")), ("En", Words("Engelska", "English"), Words("En", "En"))),
        value, value - 1, value + 1, np.full((3, 2), 50.0), np.full((3, 2), "", dtype=object), kept, 6, 0.05, (2023,),
    )  # fmt: skip
    figure = deviations.subjects(
        frame, found, scales.GRADE_DIFFERENCE, (source,), Words("Betyg", "Grades"), "grade_points"
    )
    tinted = {row.head.sv: row.kept for row in figure.table.rows}
    assert tinted == {"Ängskolan": frozenset({0}), "Bäckskolan": frozenset(), "Åsskolan": frozenset()}


@pytest.fixture
def figures(frame: Frame, source: Source) -> list[Figure]:
    return [deviations.expected(frame, _deviations(), (source,))]


def test_a_question_without_a_figure_says_why(frame: Frame, figures: list[Figure]) -> None:
    made = MadeFrom("v", (), "likvard", date(2026, 11, 21))
    report = assemble(frame, {"results": figures}, made, synthetic=True)
    assert [s.id for s in report.sections] == ["results"]
    assert {m.term for m in report.missing} == {QUESTIONS[q] for q in QUESTIONS if q not in ("results", "schools")}


def test_the_report_opens_with_what_is_the_case(frame: Frame, figures: list[Figure]) -> None:
    made = MadeFrom("v", (), "likvard", date(2026, 11, 21))
    lead = assemble(frame, {"results": figures}, made, synthetic=True).lead
    assert "tre skolor" in lead[0].sv
