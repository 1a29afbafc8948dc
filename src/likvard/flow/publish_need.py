"""The index of need as published figures: units' own, and organisers' and municipalities' from the units that are shown.

A unit's figure rests on its pupils and goes through the gate as any mean of records does. What is told of an organiser or a
municipality is made of units that the public sees, so that nothing can be worked out of those too small to be shown.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import duckdb
import numpy as np

from likvard.disclosure.cells import Cell, Release
from likvard.disclosure.publication import FigureKey
from likvard.flow import need
from likvard.flow.need import FormNeed, YearNeed
from likvard.flow.publish_sheet import Sheet, Shown, estimate
from likvard.models.calibration import Calibration
from likvard.models.need import Index
from likvard.terms import Level, Words

INDEX, UNSEEN, PROBABILITY, STATED = "need_index", "need_unseen", "need_probability", "need_index_stated"
WITHIN = "need_index_within"
"""The index by the model with an effect of each unit, of units only: what a round would be by another model."""

MEASURES = (INDEX, UNSEEN, PROBABILITY)
"""What is told of every place. What a statistics office states comes with published statistics."""

_STEP = 0.01
"""Shares of pupils that the model does not see are told in whole per cent: how many they are is nobody's business."""

_TENTHS, _PER_MILLE = 1, 3
"""Decimals of an index and of a chance: enough for crowns, and too few to tell which pupils they are made of."""

_FEW = 10
"""Below so many pupils that the model sees, a figure rests on those few, however many go to the school: the gate is told so."""

Seen = dict[tuple[str, str], set[str]]
"""The units whose index the public sees, by form and year."""


@dataclass(frozen=True, eq=False)
class Need:
    """The index of every unit, form and year, and what there is to tell of the models."""

    found: tuple[FormNeed, ...] = ()

    @cached_property
    def years(self) -> tuple[YearNeed, ...]:
        """Every form and year."""
        return tuple(year for one in self.found for years in one.years.values() for year in years)

    def ask(self, sheet: Sheet, units: Iterable[str]) -> None:
        """Put the figures of an organiser's `units` on its sheet, and its own."""
        codes = sorted(units)
        for year in self.years:
            here = [code for code in codes if code in year.at]
            for code in here:
                _unit(sheet, year, code)
            if here and sheet.organiser:
                sheet.late.append(partial(_organiser, year, sheet.organiser, here))

    def municipalities(self, seen: Seen) -> Iterator[Cell]:
        """The figures of municipalities where units lie, of the units that the public has seen."""
        for year in self.years:
            by_place: dict[str, list[str]] = defaultdict(list)
            shown = seen.get((year.form, str(year.year)), set())
            for code, place in zip(year.unit.tolist(), year.municipality.tolist(), strict=True):
                if place and code in shown:
                    by_place[place].append(code)
            for place, codes in sorted(by_place.items()):
                yield from _together(year, Level.MUNICIPALITY, place, codes)

    @property
    def facts(self) -> dict[str, Any]:
        """What pages need to know of the models, by form (`pub.facts["need"]`; docs/need.md says what each part is)."""
        told = {form: _facts(one, form, years[-1]) for one in self.found for form, years in one.years.items() if years}
        return told | {form: {"without": _words(words)} for form, words in need.WITHOUT.items()} if told else {}

    def facts_of(self, form: str, year: int) -> dict[str, Any]:
        """The same of one form as it was for a school year: the model that its index is by. Raises `KeyError` for a year without."""
        found = {y.year: (one, y) for one in self.found for y in one.years.get(form, ())}
        one, chosen = found[year]
        return _facts(one, form, chosen)


def published_need(con: duckdb.DuckDBPyConnection, *, unit_effect: bool = False, within: bool = False) -> Need:
    """Fit the models and apply them to everybody. Nothing where the lake has no pupils' records or no results.

    `within` adds the index by the model with an effect of each unit.
    """
    return Need(need.needs(con, unit_effect=unit_effect, within=within))


def take(seen: Seen, made: Release) -> None:
    """Keep which units' index a release to the public shows."""
    for key, cell in made.cells.items():
        if key[0] == INDEX and cell.value is not None:
            name = FigureKey(*key)
            if name.level == Level.UNIT:
                seen.setdefault((name.form, name.year), set()).add(name.area)


def _key(year: YearNeed, area: str, level: Level = Level.UNIT, measure: str = INDEX) -> FigureKey:
    return FigureKey(measure, level=level.value, area=area, form=year.form, year=str(year.year))


def _unit(sheet: Sheet, year: YearNeed, code: str) -> None:
    """A unit's index; its chance, what is not seen and the other model's index are shown where the index is."""
    i, told = year.at[code], year.index
    key, pupils = _key(year, code), float(told.n[i] if told.n[i] < _FEW else year.pupils[i])
    if not np.isfinite(told.value[i]):
        return
    sheet.cells.append(_index(key, told, i, pupils))
    for measure, value in ((PROBABILITY, _chance(told, i)), (UNSEEN, _rounded(year.unseen[i]))):
        sheet.derive(estimate(key._replace(measure=measure), value, n=pupils), key)
    if year.within is not None and np.isfinite(other := year.within.value[i]):
        sheet.derive(estimate(key._replace(measure=WITHIN), round(float(other), _TENTHS), n=pupils), key)


def _index(key: FigureKey, told: Index, i: int, pupils: float) -> Cell:
    """An index in tenths, its interval in whole numbers outward.

    The model's coefficients are open: with all its digits an index would tell which mix of backgrounds a few pupils have.
    """
    low, high = math.floor(told.low[i]), math.ceil(told.high[i])
    return estimate(key, round(float(told.value[i]), _TENTHS), n=pupils, low=low, high=high)


def _chance(told: Index, i: int) -> float:
    return round(float(told.probability[i]), _PER_MILLE)


def _rounded(share: float) -> float:
    return round(float(share) / _STEP) * _STEP


def _organiser(year: YearNeed, number: str, units: Iterable[str], shown: Shown) -> Iterator[Cell]:
    seen = [code for code in units if (cell := shown.get(_key(year, code))) is not None and cell.value is not None]
    return _together(year, Level.ORGANISER, number, seen)


def _together(year: YearNeed, level: Level, area: str, units: list[str]) -> Iterator[Cell]:
    """The figures of units taken as one; nothing of none."""
    if not units:
        return
    told, unseen, pupils = year.together(units)
    yield _index(_key(year, area, level), told, 0, pupils)
    yield estimate(_key(year, area, level, PROBABILITY), _chance(told, 0), n=pupils)
    yield estimate(_key(year, area, level, UNSEEN), _rounded(unseen), n=pupils)


def _words(words: Words) -> dict[str, str]:
    return {"sv": words.sv, "en": words.en}


_INPUTS = {
    "results": Words("Elevers resultat: vilka som inte nådde målet", "Pupils' results: who did not reach the goal"),
    "background": Words(
        "Elevers bakgrund: kön, föräldrars utbildning, bakgrund och tid i Sverige",
        "Pupils' background: sex, parents' education, background and time in Sweden",
    ),
    "enrolment": Words("Vilka elever som går på skolan", "Which pupils go to the school"),
}


def _facts(one: FormNeed, form: str, year: YearNeed) -> dict[str, Any]:
    calibration = _calibrated(one, year)
    vintages = {"results": year.cohorts[-1], "background": year.year, "enrolment": year.year}
    return {
        "goal": _words(one.goal.words),
        "of_form": one.goal.form,
        "cohorts": list(year.cohorts),
        "of_year": year.year,
        "inputs": {name: {**_words(words), "year": vintages[name]} for name, words in _INPUTS.items()},
        "calibration": None if calibration is None else _calibration(calibration),
        "drift": {
            "aged": {str(age): _calibration(found) for age, found in one.aged.items()},
            "shift": one.shift[form, year.year],
        },
        "checked_on": {str(cohort): _calibration(found) for cohort, found in one.checked.items()},
        "between_units_sd": one.between_units,
        "n": year.model.pupils,
        "missed": year.model.missed,
        "units": year.model.units,
        "probability": float(year.whole.chance[0] / year.whole.n[0]),
        "coefficients": {
            name: [float(b), float(se)]
            for name, b, se in zip(year.model.names, year.model.beta, year.model.se, strict=True)
        },
        "version": need.VERSION,
    }


def _calibrated(one: FormNeed, year: YearNeed) -> Calibration | None:
    """How the year's model came true in the first cohort after those it is fitted to; before there is one, how the newest
    model that could be checked did."""
    later = [cohort for cohort in one.checked if cohort > year.cohorts[-1]]
    return one.checked[min(later)] if later else one.calibration


def _calibration(found: Calibration) -> dict[str, float]:
    names: Mapping[str, float] = {
        "slope": found.slope,
        "low": found.low,
        "high": found.high,
        "intercept": found.intercept,
        "intercept_low": found.intercept_low,
        "intercept_high": found.intercept_high,
        "observed": found.observed,
        "expected": found.expected,
        "discrimination": found.discrimination,
        "n": found.pupils,
    }
    return dict(names)
