"""The units of an allocation round from the lake: who takes part, and what the newest publication tells of each.

Everything is taken as the public may see it, for own schools and independent ones alike: the grounds of a decision are open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from likvard.allocation.errors import AllocationError
from likvard.allocation.round import Input, Round, Selection, Unit
from likvard.allocation.staleness import Calibration
from likvard.disclosure.cells import Released
from likvard.disclosure.publication import FigureKey, Publication, Published
from likvard.flow.publish import current
from likvard.flow.register import OrganiserRow, Register, UnitRow, register
from likvard.terms import Audience, OrganiserKind, SchoolForm, Words

NEED, UNSEEN, STATED, MONEY = "need_index", "need_unseen", "need_index_stated", "crowns_per_pupil"
"""Measures of a publication that a round rests on."""
WITHIN = "need_index_within"
"""The index by another model, in which a round is tried; a publication may lack it."""

_COUNTED: Mapping[str, tuple[str, str]] = {
    SchoolForm.PRESCHOOL_CLASS: ("pupils_preschool_class", SchoolForm.COMPULSORY),
}
"""Where pupils are counted under another name, and under the form whose statistics they stand in."""


def counted_as(form: str) -> tuple[str, str]:
    """The measure and the form under which a publication tells how many pupils of a form a unit has.

    Where it is not told, there are as many as the need or the money is of.
    """
    return _COUNTED.get(form, ("pupils", form))


@dataclass(frozen=True)
class Taken:
    """A round whose units are known: where they are from, if they are invented, and schools without known pupils.

    `earlier` is the index of the two years before by unit code, where there is one; `other` the same year's by another
    model; `calibration` how the model fits.
    """

    round: Round
    publication: str = ""
    synthetic: bool = False
    left_out: tuple[str, ...] = ()
    earlier: Mapping[int, Mapping[str, float]] = field(default_factory=dict)
    other: Mapping[str, float] = field(default_factory=dict)
    calibration: Calibration | None = None


def from_lake(round: Round, chosen: Selection, lake: Path) -> Taken:
    """Fill the round with units of the newest publication, as the public may see them: grounds must be open to all."""
    path = current(lake)
    if path is None:
        raise AllocationError(
            Words("Sjön har ingen publicering.", "The lake has no publication."),
            Words("Kör likvard publish först.", "Run likvard publish first."),
        )
    publication = Publication.open(path)
    try:
        return _taken(round, chosen, register(lake), publication)
    finally:
        publication.close()


def _taken(round: Round, chosen: Selection, known: Register, publication: Publication) -> Taken:
    kinds = {organiser.number: organiser for organiser in known.organisers}
    schools = _schools(round, chosen, known, kinds)
    read = _Reader.of(publication, [school.code for school in schools], chosen, round.calendar_year)
    found = [_unit(school, kinds.get(school.organiser), read, chosen.form) for school in schools]
    units = tuple(unit for unit in found if unit is not None)
    if not units:
        raise AllocationError(
            Words("Publiceringen har inget elevantal för skolorna.", "The publication has no pupils of these schools."),
            Words("Välj en annan form eller huvudman.", "Choose another form or organiser."),
        )
    of_year = round.rule.of_year or read.years.get(STATED if round.rule.source == "stated" else NEED)
    filled = replace(
        round,
        lake=None,
        units=units,
        rule=replace(round.rule, of_year=of_year),
        inputs=(*round.inputs, *_inputs(publication, read, chosen.form)),
        last_year=round.last_year or read.years.get(MONEY),
    )
    left = tuple(school.name for school, unit in zip(schools, found, strict=True) if unit is None)
    fits = _calibration(publication, chosen.form)
    return Taken(filled, publication.id, publication.synthetic, left, read.earlier, read.other, fits)


def _calibration(publication: Publication, form: SchoolForm) -> Calibration | None:
    """How the model of need fits the newest results, as the publication tells it."""
    told = publication.facts.get("need", {}).get(form, {}).get("calibration")
    return None if not told else Calibration(*(float(told[name]) for name in ("slope", "low", "high")))


def _schools(round: Round, chosen: Selection, known: Register, kinds: Mapping[str, OrganiserRow]) -> list[UnitRow]:
    """The running schools of the form: the organiser's own, and the independent ones in its municipality."""
    owner = kinds.get(round.organiser)
    if owner is None:
        raise AllocationError(
            Words(f"Sjön har ingen huvudman {round.organiser}.", f"The lake has no organiser {round.organiser}."),
            Words("Ange ett organisationsnummer med tio siffror.", "Give an organisation number of ten digits."),
        )
    last = max((unit.last_year for unit in known.units), default=0)

    def takes_part(unit: UnitRow) -> bool:
        runs = unit.last_year == last and unit.status in ("", "active") and chosen.form in unit.forms
        theirs = kinds.get(unit.organiser)
        guest = theirs is not None and theirs.kind == OrganiserKind.INDEPENDENT and not chosen.own_only
        near = bool(owner.municipality_code) and unit.municipality_code == owner.municipality_code
        return runs and (unit.organiser == round.organiser or (guest and near))

    return [unit for unit in known.units if takes_part(unit)]


def public_cells(publication: Publication, codes: Sequence[str], form: str) -> Mapping[FigureKey, Published]:
    """Everything that a round of a form rests on, of every year, as the public may see it at these units."""

    def cells(measures: tuple[str, ...], under: str) -> dict[FigureKey, Published]:
        return publication.cells(
            Audience.PUBLIC,
            measure=measures,
            aspect="observed",
            subject="",
            group="all",
            level="unit",
            areas=codes,
            form=under,
        )

    counted, under = counted_as(form)
    return cells((NEED, WITHIN, UNSEEN, STATED, MONEY), form) | cells((counted,), under)


@dataclass(frozen=True)
class _Reader:
    """The newest public cells of each measure by unit, and the year they are of."""

    cells: Mapping[str, Mapping[str, Released]]
    years: Mapping[str, int]
    counted: str
    earlier: Mapping[int, Mapping[str, float]]

    @classmethod
    def of(cls, publication: Publication, codes: Sequence[str], chosen: Selection, calendar_year: int) -> _Reader:
        found, counted = public_cells(publication, codes, chosen.form), counted_as(chosen.form)[0]
        _refuse_unknown_year(chosen.year, {int(key.year) for key in found if key.measure == NEED})
        cells: dict[str, dict[int, dict[str, Released]]] = {}
        for key, published in found.items():
            latest = calendar_year - 1 if key.measure == MONEY else chosen.year or calendar_year
            if int(key.year) <= latest:
                cells.setdefault(key.measure, {}).setdefault(int(key.year), {})[key.area] = published.cell
        years = {measure: max(by_year) for measure, by_year in cells.items()}
        newest = {measure: cells[measure][year] for measure, year in years.items()}
        return cls(newest, years, counted, _earlier(cells.get(NEED, {})))

    def of_unit(self, measure: str, code: str) -> Released | None:
        """The cell of a unit, None where there is none or it has no value."""
        cell = self.cells.get(measure, {}).get(code)
        return None if cell is None or cell.value is None else cell

    @property
    def other(self) -> Mapping[str, float]:
        """The index by another model, by unit; empty where the publication has none of the same year."""
        if self.years.get(WITHIN) != self.years.get(NEED):
            return {}
        return {code: cell.value for code, cell in self.cells.get(WITHIN, {}).items() if cell.value is not None}

    def pupils(self, code: str) -> float | None:
        """The unit's pupils: as told, else as many as its need or its money is of."""
        told = self.of_unit(self.counted, code)
        if told is not None:
            return told.value
        others = (self.of_unit(measure, code) for measure in (NEED, MONEY))
        return next((float(cell.n) for cell in others if cell is not None and cell.n), None)


def _refuse_unknown_year(asked: int | None, known: set[int]) -> None:
    """Refuse a year that the publication has no index of, so that another year's is not taken in its place."""
    if asked is None or not known or asked in known:
        return
    years = ", ".join(map(str, sorted(known)))
    raise AllocationError(
        Words(
            f"Publiceringen har inget behovsindex från {asked} för skolorna; den har {years}.",
            f"The publication has no need index of {asked} for these schools; it has {years}.",
        ),
        Words("Skriv ett av de åren, eller lämna year tomt.", "Write one of those years, or leave year out."),
    )


def _earlier(by_year: Mapping[int, Mapping[str, Released]]) -> Mapping[int, Mapping[str, float]]:
    """The index of the two years before the newest, by unit, where the unit has one."""
    return {
        year: {code: cell.value for code, cell in by_year[year].items() if cell.value is not None}
        for year in sorted(by_year)[-3:-1]
    }


def _unit(school: UnitRow, owner: OrganiserRow | None, read: _Reader, form: SchoolForm) -> Unit | None:
    pupils = read.pupils(school.code)
    need, unseen, stated, money = (read.of_unit(m, school.code) for m in (NEED, UNSEEN, STATED, MONEY))
    if not pupils:
        return None
    last, last_pupils = _paid(money)
    return Unit(
        code=school.code,
        name=school.name,
        pupils=pupils,
        need=need.value if need else None,
        organiser_kind=OrganiserKind(owner.kind) if owner and owner.kind else OrganiserKind.MUNICIPAL,
        form=form,
        need_low=need.low if need else None,
        need_high=need.high if need else None,
        unseen=unseen.value if unseen else None,
        stated=stated.value if stated else None,
        last=last,
        last_pupils=last_pupils,
    )


def _paid(money: Released | None) -> tuple[int | None, float | None]:
    """Crowns and pupils of the year before, from crowns a pupil."""
    if money is None or money.value is None or not money.n:
        return None, None
    return round(money.value * money.n), float(money.n)


_NEED = Words("Behovsindex", "Need index")
_STATED = Words("Statistikmyndighetens index", "The statistics office's index")
_CHECKED = Words("Modellen prövad mot resultat", "Model checked against results")
_MONEY = Words("Kronor året före", "Crowns of the year before")
_PUPILS = Words("Antal elever", "Number of pupils")


def _inputs(publication: Publication, read: _Reader, form: SchoolForm) -> Iterable[Input]:
    """What the units rest on: the model's own inputs as the publication tells them, when it was checked, and the rest.

    Pupils are counted on 15 October.
    """
    facts: Mapping[str, Any] = publication.facts.get("need", {}).get(form, {})
    told = [Input(Words(one["sv"], one["en"]), int(one["year"])) for one in facts.get("inputs", {}).values()]
    if NEED in read.years:
        yield from told or [Input(_NEED, read.years[NEED])]
        yield Input(_CHECKED, max((int(cohort) for cohort in facts.get("checked_on", {})), default=None))
    if STATED in read.years:
        yield Input(_STATED, read.years[STATED])
    if read.counted in read.years:
        yield Input(_PUPILS, date(read.years[read.counted], 10, 15))
    if MONEY in read.years:
        yield Input(_MONEY, read.years[MONEY])
