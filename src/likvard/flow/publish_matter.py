"""What a publication is made of: every measure that the lake has, computed once for the country."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from likvard.disclosure.cells import Cell
from likvard.disclosure.publication import SourceRow
from likvard.flow import publish_derived as derived
from likvard.flow import publish_nation as country
from likvard.flow import published, pupils
from likvard.flow.publish_absent import Absent
from likvard.flow.publish_circle import CircleCells, circle_cells
from likvard.flow.publish_conditions import Conditions, conditions
from likvard.flow.publish_model import Modelled, modelled
from likvard.flow.publish_need import Need, published_need
from likvard.flow.publish_results import MERIT, Measured, Results, results
from likvard.flow.publish_segregation import Segregated, published_segregation, sourced
from likvard.flow.publish_sheet import Sheet
from likvard.flow.publish_sources import sources
from likvard.flow.publish_statistics import Statistics, named, statistics
from likvard.flow.publish_sums import ask, pool
from likvard.flow.register import Register
from likvard.models.published import DEFAULT_MERIT
from likvard.terms import Words


@dataclass(frozen=True, eq=False)
class Matter:
    """Everything that may be asked for, before it is asked for."""

    results: Results | None
    conditions: Conditions
    statistics: Statistics
    model: Modelled
    absent: Absent
    differences: derived.Alarms
    changes: derived.Alarms
    modelled: tuple[Cell, ...]
    sources: Mapping[str, SourceRow]
    need: Need
    circle: CircleCells
    segregation: Segregated
    units: Mapping[str, Sequence[str]]

    @property
    def measures(self) -> tuple[Measured, ...]:
        """Every measure that is a sum over pupils."""
        graded = () if self.results is None else self.results.measures
        return (*graded, *self.conditions.sums)

    def ask(self, sheet: Sheet) -> None:
        """Put all figures of the sheet's organiser on it."""
        for found in self.measures:
            ask(sheet, found.sums)
            if found.expected is not None:
                pool(sheet, found.sums, found.expected.years)
            derived.expect(sheet, found, self.differences.kept)
            derived.change(sheet, found, self.changes.kept)
            derived.gap(sheet, found)
            derived.apart(sheet, found.sums)
        self.conditions.ask(sheet)
        self.model.ask(sheet)
        sheet.cells += self.statistics.cells.get(sheet.organiser, ())
        self.need.ask(sheet, self.units.get(sheet.organiser, ()))
        self.circle.ask(sheet)
        self.absent.ask(sheet)

    def country(self, told: country.Told) -> Iterator[Cell]:
        """The country's figures, from what the public is told and from the models."""
        yield from country.nation(told, self._within)
        yield from self.modelled
        yield from self.need.municipalities(told.needs)
        yield from self.circle.country
        yield from self.segregation.country(told.mixed, self._within.get((MERIT, "", "GR"), 0.0), self._of_pupils)

    @property
    def of_nobody(self) -> Sequence[Cell]:
        """Published figures of the country and of units whose organiser nobody knows: most are closed."""
        return self.statistics.cells.get("", ())

    @property
    def _within(self) -> dict[tuple[str, str, str], float]:
        """The standard deviation between pupils of a unit by measure, subject and form."""
        found = {
            (m.sums.measure, m.sums.subject, m.sums.form): float(m.sums.within[0])
            for m in self.measures
            if m.sums.within[0] > 0
        }
        return found | ({(MERIT, "", "GR"): self.model.within} if self.model.within > 0 else {})

    @property
    def _of_pupils(self) -> float:
        """The standard deviation of merit between pupils of a unit: by their records, else what is known of the country.

        How published means move from year to year (`_within`) cannot tell it: the luck of a class moves them too.
        """
        own = (m.sums for m in self.measures if (m.sums.measure, m.sums.subject, m.sums.form) == (MERIT, "", "GR"))
        return next((float(sums.within[0]) for sums in own if sums.within[0] > 0), DEFAULT_MERIT[0])

    @property
    def facts(self) -> dict[str, Any]:
        """What the pages need to know of the whole."""
        own = self.results is not None
        sd: dict[str, float] = {}
        for (measure, subject, _), value in self._within.items():
            sd.setdefault("/".join(filter(None, (measure, subject))), value)
        return {
            "pooled": list(self.results.pooled if self.results is not None else self.model.pooled),
            "differences": self.differences.facts(),
            "changes": self.changes.facts(),
            "sd": sd,
            "intake": [_words(words) for words in (pupils.INTAKE if own else published.INTAKE_WORDS)],
            "left_out": [_words(words) for words in self.model.left_out],
            "need": self.need.facts,
            "circle": self.circle.facts,
            "segregation": self.segregation.facts,
        }


def _words(words: Words) -> dict[str, str]:
    return {"sv": words.sv, "en": words.en}


def matter(con: duckdb.DuckDBPyConnection, known: Register) -> Matter:
    """Ask the lake for every measure and fit every model."""
    owner = known.owner
    every = named(con)
    found = results(con, owner)
    graded = () if found is None else found.measures
    model = modelled(con, owner, expect=found is None or not found.pooled)
    organisers = frozenset(row.number for row in known.organisers)
    stated = statistics(con, owner, organisers, every, _own(graded), model.pupils)
    around = conditions(con, owner, every)
    measures = (*graded, *around.sums)
    return Matter(
        found,
        around,
        stated,
        model,
        Absent.of(known, _published(measures, around, stated)),
        derived.alarms(derived.tested_differences(graded)) if graded else model.differences,
        derived.alarms(derived.tested_changes(measures)) if graded else model.changes,
        (*(() if found is None else country.modelled(found)), *model.country),
        sourced(sources(con, measures, stated.measures)),
        published_need(con, within=True),
        circle_cells(con, owner, None if found is None else found.records.merit),
        published_segregation(con, known),
        _units(known),
    )


def _units(known: Register) -> Mapping[str, Sequence[str]]:
    """The units of each organiser, and under an empty text those of whom no organiser is known."""
    found: dict[str, list[str]] = defaultdict(list)
    for unit in known.units:
        found[unit.organiser].append(unit.code)
    return found


def _published(measures: tuple[Measured, ...], around: Conditions, stated: Statistics) -> Iterator[tuple[str, int]]:
    """Every measure and year of which anything is published of units."""
    for found in measures:
        yield found.sums.measure, found.sums.years[-1]
    for cells in (*around.plain.values(), *stated.cells.values()):
        yield from ((cell.key[0], int(cell.key[7])) for cell in cells if cell.value is not None)


def _own(measures: tuple[Measured, ...]) -> Callable[[str, str, int], bool]:
    """Whether the organisers' own records give a measure of a unit in a year, or of any place above units."""
    covered: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for found in measures:
        sums = found.sums
        for u, y in zip(*(sums.n[:, :, 0] > 0).nonzero(), strict=True):
            covered[sums.measure].add((str(sums.unit[u]), sums.years[y]))

    def own(measure: str, area: str, year: int) -> bool:
        return measure in covered and (len(area) != len("10000001") or (area, year) in covered[measure])

    return own
