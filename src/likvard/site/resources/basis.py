"""What a round rests on: schools with pupils, need and last year's money, read from one publication as everybody may see it.

The same figures, read in the same way, for the organiser's own schools and for independent ones (2 kap. 8 b §, 10 kap. 37 § skollagen).
They are taken as released to the public: the decision and its grounds are open, so the grounds are what everybody may see.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from likvard.allocation.round import Input
from likvard.allocation.round import Unit as Basis
from likvard.disclosure.cells import Released
from likvard.disclosure.publication import Publication
from likvard.figures.insight import measured as m
from likvard.flow.allocate_units import MONEY, NEED, STATED, UNSEEN, WITHIN, counted_as, public_cells
from likvard.site.cases.states import CaseError
from likvard.site.people.models import Organiser, Unit
from likvard.site.resources.models import Round, Share
from likvard.terms import Audience, OrganiserKind, SchoolForm, Words

EARLIER = "earlier"
"""Where the facts of a version keep the index of earlier years, frozen with it."""
OTHER_MODEL = "other_model"
"""Where they keep the same year's index by another model; a version made before it was published has none."""
LEFT_OUT = "left_out"
"""Where they keep the names of schools that are not in it."""

MEASURES = (m.MERIT, m.ALL_SUBJECTS, m.ALL_SUBJECTS_6, m.DIPLOMA, m.SAFETY, m.CALM, m.ABSENT, m.TEACHERS, m.TURNOVER)
"""Indicators in which a use of money may be expected to be seen."""

_PUPILS = Words("Antal elever", "Number of pupils")
_NEED = Words("Behovsindex", "Need index")
_STATED = Words("Statistikmyndighetens index", "Index of the statistics office")
_LAST = Words("Förra årets kronor", "Last year's crowns")
_CHECKED = Words("Modellen prövad mot resultat", "Model checked against results")


@dataclass(frozen=True, slots=True)
class Taken:
    """A basis: the schools, what it is of and from where. `left_out` are schools without any known number of pupils."""

    units: tuple[Basis, ...]
    inputs: tuple[Input, ...]
    facts: Mapping[str, Any]
    publication: str
    published_on: date | None
    synthetic: bool
    of_year: int | None
    left_out: tuple[str, ...] = ()


def units_of(organiser: Organiser, form: str) -> list[Unit]:
    """The running schools that share: an organiser's own and, for a municipality, the independent ones that lie in it."""
    who = Q(organiser=organiser)
    if organiser.kind == Organiser.Kind.MUNICIPAL and organiser.municipality_code:
        who |= Q(municipality_code=organiser.municipality_code, organiser__kind=Organiser.Kind.INDEPENDENT)
    found = Unit.objects.active().with_form(form).filter(who)
    return list(found.select_related("organiser").order_by("area", "name", "code"))


def take(publication: Publication, organiser: Organiser, year: int, form: str, *, until: int = 9999) -> Taken:
    """The basis of a round as the publication has it now, or as it was in figures `until` a year.

    Raises `CaseError` where there is no school to share among.
    """
    units = units_of(organiser, form)
    read = _reader(publication, tuple(unit.code for unit in units), form, until, min(until, year - 1))
    earlier = _earlier(organiser, year, form)
    found = [_basis(unit, form, read, earlier.get(unit.code)) for unit in units]
    kept = tuple(one for one in found if one is not None)
    if not kept:
        raise CaseError(
            _("No school of this form has a known number of pupils."),
            _("Bring the pupils into the lake and publish the figures first."),
        )
    left = tuple(unit.name for unit, one in zip(units, found, strict=True) if one is None)
    told = publication.facts.get("need", {}).get(form, {})
    facts = {**told, EARLIER: read.earlier(), OTHER_MODEL: read.other_model(), LEFT_OUT: list(left)}
    inputs = _inputs(facts, read, bool(earlier), year, until)
    of_year = read.year(NEED) or facts.get("of_year")
    return Taken(kept, inputs, facts, publication.id, publication.on, publication.synthetic, of_year, left)


def money_year(inputs: Iterable[Input]) -> int | None:
    """The year whose money a round is held against; None where there is none to compare with."""
    return next((one.of for one in inputs if one.name == _LAST and isinstance(one.of, int)), None)


_CORRECTED = Words("Elever och avsatta kronor, rättade för hand", "Pupils and crowns set apart, corrected by hand")


def corrected(taken: Taken, pupils: Mapping[str, float], set_apart: Mapping[str, int], on: date) -> Taken:
    """The same grounds with pupils and crowns set apart as they were typed, and a line that says so and when."""
    units = tuple(
        replace(unit, pupils=pupils.get(unit.code, unit.pupils), set_apart=set_apart.get(unit.code, unit.set_apart))
        for unit in taken.units
    )
    inputs = tuple(one for one in taken.inputs if one.name != _CORRECTED)
    return replace(taken, units=units, inputs=(*inputs, Input(_CORRECTED, on)))


@dataclass(frozen=True, slots=True)
class Seen:
    """A published figure as it stood when somebody looked; without a value where it is not shown."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    year: int | None = None


def look(publication: Publication | None, measure: str, code: str) -> Seen:
    """The newest public figure of a school in an indicator, as it stands now; empty where it is not shown."""
    if publication is None:
        return Seen()
    cells = publication.cells(
        Audience.PUBLIC, measure=measure, aspect="observed", subject="", group="all", level="unit", areas=[code]
    )
    found = [(int(key.year), shown.cell) for key, shown in cells.items() if shown.cell.value is not None and key.year]
    if not found:
        return Seen()
    year, cell = max(found, key=lambda pair: pair[0])
    return Seen(cell.value, cell.low, cell.high, year)


class _Reader:
    """The newest public cells of each measure, by unit: of figures `until` a year, and of money paid until one."""

    def __init__(self, publication: Publication, codes: Sequence[str], form: str, until: int, paid_until: int) -> None:
        self._cells: dict[str, dict[str, Released]] = {}
        self._years: dict[str, int] = {}
        self._needs: dict[int, dict[str, float]] = {}
        cells = public_cells(publication, codes, form)
        for key, published in sorted(cells.items(), key=lambda pair: int(pair[0].year or 0)):
            year = int(key.year or 0)
            if year > (paid_until if key.measure == MONEY else until):
                continue
            if key.measure == NEED and published.cell.value is not None:
                self._needs.setdefault(year, {})[key.area] = published.cell.value
            if year > self._years.get(key.measure, 0):
                self._years[key.measure], self._cells[key.measure] = year, {}
            self._cells[key.measure][key.area] = published.cell
        counted, _form = counted_as(form)
        self.counted = counted if counted in self._cells else NEED

    def earlier(self) -> dict[str, dict[str, float]]:
        """The index of the two years before the newest, by year and unit: what the round would be with older need."""
        return {str(year): self._needs[year] for year in sorted(self._needs)[-3:-1]}

    def other_model(self) -> dict[str, float]:
        """The index by another model, by unit; empty where none of the same year is published."""
        if self.year(WITHIN) != self.year(NEED):
            return {}
        return {code: cell.value for code, cell in self._cells.get(WITHIN, {}).items() if cell.value is not None}

    def year(self, measure: str) -> int | None:
        """The newest year of a measure among these units."""
        return self._years.get(measure)

    def of(self, measure: str, code: str) -> Released | None:
        """The cell of a unit in the newest year."""
        return self._cells.get(measure, {}).get(code)

    def value(self, measure: str, code: str) -> float | None:
        """The value of a unit in the newest year, None where it is not shown."""
        cell = self.of(measure, code)
        return None if cell is None else cell.value

    def pupils(self, code: str) -> float | None:
        """The pupils of a unit: counted, or as many as its need or its money is of."""
        if self.counted != NEED and (counted := self.value(self.counted, code)) is not None:
            return counted
        of = (self.of(NEED, code), self.of(MONEY, code))
        return next((float(cell.n) for cell in of if cell is not None and cell.n), None)


@lru_cache(maxsize=16)
def _reader(publication: Publication, codes: tuple[str, ...], form: str, until: int, paid_until: int) -> _Reader:
    """Kept: a publication never changes, and to read 200 schools' cells takes longer than all the rest of a what-if."""
    return _Reader(publication, codes, form, until, paid_until)


def _basis(unit: Unit, form: str, read: _Reader, earlier: Share | None) -> Basis | None:
    pupils = read.pupils(unit.code)
    if not pupils:
        return None
    need = read.of(NEED, unit.code)
    last, last_pupils = _last(unit, read, earlier)
    return Basis(
        code=unit.code, name=unit.name, pupils=pupils, need=need.value if need else None,
        organiser_kind=OrganiserKind(unit.organiser.kind if unit.organiser else OrganiserKind.INDEPENDENT),
        form=SchoolForm(form), need_low=need.low if need and need.value is not None else None,
        need_high=need.high if need and need.value is not None else None, unseen=read.value(UNSEEN, unit.code),
        stated=read.value(STATED, unit.code), last=last, last_pupils=last_pupils,
    )  # fmt: skip


def _last(unit: Unit, read: _Reader, earlier: Share | None) -> tuple[int | None, float | None]:
    """Last year's crowns and pupils: of the round that was decided, else as the organiser's records tell."""
    if earlier is not None:
        return earlier.crowns, earlier.pupils
    money = read.of(MONEY, unit.code)
    if money is None or money.value is None or not money.n:
        return None, None
    return round(money.value * money.n), float(money.n)


def _earlier(organiser: Organiser, year: int, form: str) -> Mapping[str, Share]:
    before = Round.objects.of(organiser.number).filter(year=year - 1, form=form).decided().order_by("-id").first()
    if before is None:
        return {}
    return {share.unit_id: share for share in before.newest.shares.all()}


def _inputs(facts: Mapping[str, Any], read: _Reader, decided: bool, year: int, until: int) -> tuple[Input, ...]:
    """Everything that the basis rests on with the day or the year that it is of; what is not known is left out."""
    found = [Input(Words(row["sv"], row["en"]), min(int(row["year"]), until)) for row in _rows(facts.get("inputs"))]
    if not found and (need := read.year(NEED)) is not None:
        found.append(Input(_NEED, need))
    if (stated := read.year(STATED)) is not None:
        found.append(Input(_STATED, stated))
    if (counted := read.year(read.counted)) is not None:
        found.append(Input(_PUPILS, date(counted, 10, 15)))
    if read.year(NEED) is not None:
        checked = [int(cohort) for cohort in facts.get("checked_on", {}) if str(cohort).isdecimal()]
        found.append(Input(_CHECKED, min(max(checked), until) if checked else None))
    money = year - 1 if decided else read.year(MONEY)
    if money is not None and money < year:
        found.append(Input(_LAST, money))
    return tuple(found)


def _rows(inputs: Any) -> Iterable[Mapping[str, Any]]:
    rows = inputs.values() if isinstance(inputs, Mapping) else inputs or ()
    return [row for row in rows if isinstance(row, Mapping) and row.get("year") is not None]
