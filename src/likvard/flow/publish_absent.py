"""What a unit could have a figure of and has none: a cell that says so, for the two newest years of a measure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from likvard.disclosure.cells import Cell, CellKind
from likvard.disclosure.publication import FigureKey
from likvard.flow.publish_sheet import Sheet
from likvard.flow.register import Register, UnitRow
from likvard.terms import Missing

Forms = Callable[[UnitRow], Iterable[str]]

NEWEST = 2
"""For how many of a measure's newest years it is said that a unit has no figure."""


def _year_9(unit: UnitRow) -> Iterable[str]:
    return ("GR",) if unit.had_year_9 and "GR" in unit.forms else ()


def _with_year(year: int) -> Forms:
    def forms(unit: UnitRow) -> Iterable[str]:
        first, last = unit.first_grade, unit.last_grade
        return (
            ("GR",) if "GR" in unit.forms and first is not None and last is not None and first <= year <= last else ()
        )

    return forms


def _of(*asked: str) -> Forms:
    return lambda unit: [form for form in asked if form in unit.forms]


COULD: Mapping[str, Forms] = {
    "merit_value": _year_9,
    "share_all_subjects_year_9": _year_9,
    "share_eligible_vocational": _year_9,
    "survey_index_trygghet": _with_year(8),
    "survey_index_studiero": _with_year(8),
    "survey_index_trygghet_pupils_gr_5": _with_year(5),
    "survey_index_studiero_pupils_gr_5": _with_year(5),
    "survey_index_trygghet_pupils_gy_2": _of("GY"),
    "survey_index_studiero_pupils_gy_2": _of("GY"),
    "share_absent": _of("GR", "GRAN", "GY", "GYAN"),
    "absence_share": _of("GR", "GRAN", "GY", "GYAN"),
    "share_certified_teachers": _of("GR"),
    "share_parents_tertiary": _of("GR"),
    "crowns_per_pupil": _of("GR", "GY"),
    "principal_turnover": lambda unit: ("",),
}
"""Which forms of a unit could have each measure; other measures are left unsaid where they are missing."""


@dataclass(frozen=True, eq=False)
class Absent:
    """The units by organiser, and the newest year of each measure."""

    units: Mapping[str, Sequence[UnitRow]]
    newest: Mapping[str, int]

    @classmethod
    def of(cls, known: Register, cells: Iterable[tuple[str, int]]) -> Absent:
        """From the register, and the measures and years of which anything is published."""
        units: dict[str, list[UnitRow]] = defaultdict(list)
        for unit in known.units:
            units[unit.organiser].append(unit)
        newest: dict[str, int] = {}
        for measure, year in cells:
            newest[measure] = max(newest.get(measure, year), year)
        return cls(units, newest)

    def ask(self, sheet: Sheet) -> None:
        """Say of the sheet's units which figures they could have and have not. Call it when all others are asked for."""
        there = {cell.key for cell in sheet.cells}
        asked = {derived.cell.key for derived in sheet.derived}
        sheet.cells += [
            cell for cell in self._cells(sheet.organiser) if cell.key not in there and cell.key not in asked
        ]

    def _cells(self, organiser: str) -> Iterator[Cell]:
        for measure, forms in COULD.items():
            last = self.newest.get(measure)
            for year in range(last - NEWEST + 1, last + 1) if last is not None else ():
                for unit in self.units.get(organiser, ()):
                    if unit.first_year <= year <= unit.last_year + 1:
                        for form in forms(unit):
                            key = FigureKey(measure, area=unit.code, form=form, year=str(year))
                            yield Cell(key, CellKind.ESTIMATE, None, missing=Missing.NOT_COLLECTED)
