"""What a publication is made of: every measure that the lake has, computed once for the country."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from likvard.disclosure.cells import Cell
from likvard.disclosure.publication import SourceRow
from likvard.flow import publish_derived as derived
from likvard.flow import publish_nation as country
from likvard.flow import pupils
from likvard.flow.publish_results import Results, results
from likvard.flow.publish_sheet import Sheet
from likvard.flow.publish_sums import ask, pool
from likvard.flow.register import Register
from likvard.terms import Words


@dataclass(frozen=True, eq=False)
class Matter:
    """Everything that may be asked for, before it is asked for."""

    results: Results | None
    differences: derived.Alarms
    changes: derived.Alarms
    modelled: tuple[Cell, ...]
    sources: Mapping[str, SourceRow]

    def ask(self, sheet: Sheet) -> None:
        """Put all figures of the sheet's organiser on it."""
        measures = () if self.results is None else self.results.measures
        for found in measures:
            ask(sheet, found.sums)
            if self.results is not None and self.results.pooled:
                pool(sheet, found.sums, self.results.pooled)
            derived.expect(sheet, found, self.differences.kept)
            derived.change(sheet, found, self.changes.kept)
            derived.gap(sheet, found)
            derived.apart(sheet, found.sums)

    def country(self, told: country.Told) -> Iterator[Cell]:
        """The country's figures, from what the public is told and from the models."""
        measures = () if self.results is None else self.results.measures
        within = {
            (m.sums.measure, m.sums.subject, m.sums.form): float(m.sums.within[0])
            for m in measures
            if m.sums.within[0] > 0
        }
        yield from country.nation(told, within)
        yield from self.modelled

    @property
    def facts(self) -> dict[str, Any]:
        """What the pages need to know of the whole."""
        measures = () if self.results is None else self.results.measures
        return {
            "pooled": [] if self.results is None else list(self.results.pooled),
            "differences": self.differences.facts(),
            "changes": self.changes.facts(),
            "sd": {
                "/".join(filter(None, (m.sums.measure, m.sums.subject))): float(m.sums.within[0])
                for m in measures
                if m.sums.within[0] > 0
            },
            "intake": [_words(words) for words in pupils.INTAKE],
        }


def _words(words: Words) -> dict[str, str]:
    return {"sv": words.sv, "en": words.en}


def matter(con: duckdb.DuckDBPyConnection, known: Register) -> Matter:
    """Ask the lake for every measure and fit every model."""
    found = results(con, known.owner)
    measures = () if found is None else found.measures
    return Matter(
        found,
        derived.alarms(derived.tested_differences(measures)),
        derived.alarms(derived.tested_changes(measures)),
        () if found is None else tuple(country.modelled(found)),
        {},
    )
