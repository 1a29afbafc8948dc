"""Estimates with their intervals, a row each on one scale: shares of a whole, or coefficients."""

from __future__ import annotations

from dataclasses import dataclass

from likvard.disclosure.cells import Released
from likvard.figures.measures import FigureError, Scale
from likvard.terms import Words


@dataclass(frozen=True, slots=True)
class IntervalRow:
    """An estimate with its interval; `beside` is the same counted in another way, `covered` the span that some words stand for."""

    name: Words
    own: Released
    beside: Released | None = None
    covered: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Intervals:
    """Rows in the order given, which is that of what they are, never of their values. `own` says what the mark is.

    `beside` and `covered` say what a second mark and a band are, where there are any; else the last column holds how many the
    estimate rests on, under `counted`.
    """

    rows: tuple[IntervalRow, ...]
    scale: Scale
    head: Words
    own: Words
    beside: Words | None = None
    covered: Words | None = None
    counted: Words = Words("Antal", "Number")  # noqa: RUF009 - a frozen value

    def __post_init__(self) -> None:
        if any(row.beside is not None and self.beside is None for row in self.rows):
            raise FigureError("A second mark has no name.", "Say in `beside` what it is.")
        if any(row.covered is not None and self.covered is None for row in self.rows):
            raise FigureError("A band has no name.", "Say in `covered` what it is.")
