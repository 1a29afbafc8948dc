"""From arrays to figures: what is laid out, in which order, and what the gate withholds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from likvard.figures.chapters import deviations, groups, scales, spread
from likvard.figures.chapters.evidence import Deviations, Gap, SubjectDeviations, UnitYears, YearSeries
from likvard.figures.chapters.frame import Draft, Frame, laid
from likvard.figures.chapters.report import QUESTIONS, assemble
from likvard.figures.figure import Source
from likvard.figures.measures import FigureError
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
    (figure,) = laid(frame, [deviations.expected(frame, _deviations(), (source,))])
    assert [row.head.sv for row in figure.table.rows] == ["Bäckskolan", "Åsskolan", "Ängskolan"]


def test_a_school_without_comparison_says_why(frame: Frame, source: Source) -> None:
    two = _deviations()
    (figure,) = laid(
        frame,
        [
            deviations.expected(
                frame,
                Deviations(**{**vars(two), **{k: getattr(two, k)[:2] for k in ("unit", "difference", "low", "high")}}),
                (source,),
            )
        ],
    )
    assert figure.table.rows[1].entries[0] == deviations.NOT_COMPARED


def test_a_difference_that_rests_on_too_few_pupils_is_hidden(frame: Frame, source: Source) -> None:
    (figure,) = laid(frame, [deviations.expected(frame, _deviations((60.0, 4.0, 30.0)), (source,))])
    hidden = figure.table.rows[0].entries[0]
    assert hidden.missing is Missing.FEW  # type: ignore[union-attr]


def test_a_small_school_is_hidden_in_the_distribution(frame: Frame, source: Source) -> None:
    nation = (_series([2023], 229.0), _series([2023], 199.0), _series([2023], 265.0))
    (figure,) = laid(frame, [spread.distribution(frame, _results(), *nation, (source,))])
    cells = {row.head.sv: row.entries[0] for row in figure.table.rows}
    assert cells["Bäckskolan"].value is None  # type: ignore[union-attr]
    assert cells["Ängskolan"].value == 240  # type: ignore[union-attr]


def test_a_year_that_no_school_has_stands_as_not_collected(frame: Frame, source: Source) -> None:
    (figure,) = laid(frame, [deviations.small_multiples(frame, _results(), (source,))])
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
    (figure,) = laid(
        frame,
        [groups.between_pupils(frame, gap, "gap-by-sex", Words("flickor och pojkar", "girls and boys"), (source,))],
    )
    assert figure.facts["change"].low == 1.0  # type: ignore[union-attr]


def test_only_cells_within_the_alarm_budget_are_tinted(frame: Frame, source: Source) -> None:
    kept = np.array([[True, False], [False, False], [False, False]])
    value = np.zeros((3, 2))
    found = SubjectDeviations(
        UNITS, (("Ma", Words("Matematik", "Mathematics"), Words("Ma", "Ma")), ("En", Words("Engelska", "English"), Words("En", "En"))),
        value, value - 1, value + 1, np.full((3, 2), 50.0), np.full((3, 2), "", dtype=object), kept, 6, 0.05, (2023,),
    )  # fmt: skip
    (figure,) = laid(
        frame,
        [
            deviations.subjects(
                frame, found, scales.GRADE_DIFFERENCE, (source,), Words("Betyg", "Grades"), "grade_points"
            )
        ],
    )
    tinted = {row.head.sv: row.kept for row in figure.table.rows}
    assert tinted == {"Ängskolan": frozenset({0}), "Bäckskolan": frozenset(), "Åsskolan": frozenset()}


@pytest.fixture
def drafts(frame: Frame, source: Source) -> list[Draft]:
    return [deviations.expected(frame, _deviations(), (source,))]


def test_a_question_without_a_figure_says_why(frame: Frame, drafts: list[Draft]) -> None:
    made = MadeFrom("v", (), "likvard", date(2026, 11, 21))
    report = assemble(frame, {"results": drafts}, made, synthetic=True)
    assert [s.id for s in report.sections] == ["results"]
    assert {m.term for m in report.missing} == {QUESTIONS[q] for q in QUESTIONS if q not in ("results", "schools")}


def test_the_report_opens_with_what_is_the_case(frame: Frame, drafts: list[Draft]) -> None:
    made = MadeFrom("v", (), "likvard", date(2026, 11, 21))
    lead = assemble(frame, {"results": drafts}, made, synthetic=True).lead
    assert "tre skolor" in lead[0].sv


def test_two_figures_cannot_give_one_number_two_values(frame: Frame, source: Source) -> None:
    one = deviations.small_multiples(frame, _results(), (source,))
    other = deviations.small_multiples(frame, replace(_results(), value=_results().value + 1), (source,))
    with pytest.raises(FigureError, match="different values"):
        laid(frame, [one, other])


def test_a_school_that_another_figure_would_give_away_is_protected(frame: Frame, source: Source) -> None:
    nation = (_series([2023], 229.0), _series([2023], 199.0), _series([2023], 265.0))
    gap = Gap(
        (
            (Words("flickor", "girls"), YearSeries(np.array([2023]), *_mean(240.0), np.array([50.0]))),
            (Words("pojkar", "boys"), YearSeries(np.array([2023]), *_mean(_boys()), np.array([44.0]))),
        ),
        _series([2023], 25),
        (4.0, 1.0, 7.0),
        rest=YearSeries(np.array([]), *(np.array([]),) * 4),
    )
    both = Words("flickor och pojkar", "girls and boys")
    alone, _ = laid(frame, [spread.distribution(frame, _results(), *nation, (source,)), _nothing()])
    together, _ = laid(
        frame,
        [
            spread.distribution(frame, _results(), *nation, (source,)),
            groups.between_pupils(frame, gap, "gap-by-sex", both, (source,)),
        ],
    )
    shown = [sum(row.entries[0].value is not None for row in f.table.rows[:3]) for f in (alone, together)]
    assert shown[0] == 2
    assert shown[1] < 2


def _mean(value: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.array([value]), np.array([value - 3]), np.array([value + 3])


def _boys() -> float:
    """What the boys' mean must be, for the groups to add up to the three schools."""
    found = _results()
    return float(((found.value * found.n).sum() - 240.0 * 50) / 44)


def _nothing() -> Draft:
    return Draft((), lambda _: None)  # type: ignore[arg-type,return-value]
