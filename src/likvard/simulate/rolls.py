"""The roll of a municipality: everybody who goes to school there in a school year, one row a pupil and form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from likvard.simulate.people import FORM_OF_SPECIAL, Cohort, Small
from likvard.simulate.settings import Population
from likvard.simulate.streams import Flags, Floats, Keys, Whole
from likvard.simulate.units import Plan
from likvard.terms import SchoolForm

FORMS = tuple(SchoolForm)
FORM = {form: index for index, form in enumerate(FORMS)}


@dataclass(frozen=True, slots=True)
class Roll:
    """Columns of equal length. `unit` is an index of the plan's units, `row` of the pupil's cohort (-1: adults).

    `study` is the year of study, -1 where years are not counted; `here` the years since immigration, -1 if born in
    Sweden; `programme` an index of `programmes.CODES`, -1 outside upper secondary school.
    """

    key: Keys
    birth_year: Whole
    row: Whole
    month: Small
    girl: Flags
    education: Small
    foreign: Flags
    here: Small
    home: Whole
    protected: Flags
    form: Small
    study: Small
    seat: Whole
    unit: Whole
    group: Small
    programme: Small
    ability: Floats
    tendency: Floats
    coin: Floats

    def __len__(self) -> int:
        return len(self.key)

    def where(self, chosen: Flags | Whole) -> Roll:
        """The rows of a mask or of positions."""
        return Roll(**{f.name: getattr(self, f.name)[chosen] for f in fields(Roll)})

    def of(self, *forms: SchoolForm, study: int | None = None) -> Roll:
        """The pupils of some school forms, and of one year of study if it is given."""
        chosen = np.isin(self.form, [FORM[form] for form in forms])
        return self.where(chosen if study is None else chosen & (self.study == study))


def together(rolls: Sequence[Roll]) -> Roll:
    """Return rolls below one another."""
    return Roll(**{f.name: np.concatenate([getattr(r, f.name) for r in rolls]) for f in fields(Roll)})


def in_order(roll: Roll) -> Roll:
    """Sort by unit and pseudonym."""
    return roll.where(np.lexsort((roll.key, roll.unit)))


def compulsory_roll(plan: Plan, cohort: Cohort, year: int) -> Roll:
    """The cohort's pupils in preschool class to year 9 in a school year: compulsory, adapted, special, Sami school."""
    study = year - cohort.birth_year - 6
    present = np.flatnonzero(cohort.arrival <= study + 6)
    wanted = np.where(cohort.switch[present] <= study, cohort.late[present], cohort.early[present])
    group = np.where(cohort.switch[present] <= study, cohort.late_class[present], cohort.early_class[present])
    form = _forms(cohort.special[present], study)
    seat = _open_seat(plan, year, wanted, study)
    for special, hosts in _special_seats(plan):
        seat = np.where(form == FORM[special], hosts[(cohort.coin[present] * len(hosts)).astype(np.int64)], seat)
    return roll(plan, cohort, present, year, form=form, study=study, seat=seat, group=group)


def preschool_roll(plan: Plan, population: Population, cohort: Cohort, year: int) -> Roll:
    """The cohort's children in preschool, aged 1-5."""
    present = np.flatnonzero((cohort.arrival <= year - cohort.birth_year) & (cohort.coin < population.preschool))
    seat = _open_seat(plan, year, cohort.preschool[present], 0)
    form = np.full(len(present), FORM[SchoolForm.PRESCHOOL])
    return roll(plan, cohort, present, year, form=form, study=-1, seat=seat, group=None)


def leisure_roll(plan: Plan, compulsory: Roll) -> Roll:
    """The second enrolment of those of preschool class to year 6 who go to the leisure-time centre of their unit."""
    offered = np.array([SchoolForm.LEISURE_TIME_CENTRE in seat.forms for seat in plan.seats])[compulsory.seat]
    share = np.where(compulsory.study <= 3, 0.84, 0.24)
    ordinary = np.isin(compulsory.form, (FORM[SchoolForm.COMPULSORY], FORM[SchoolForm.PRESCHOOL_CLASS]))
    goes = compulsory.where(ordinary & offered & (compulsory.study <= 6) & (compulsory.coin < share))
    return replace(goes, form=np.full(len(goes), FORM[SchoolForm.LEISURE_TIME_CENTRE], np.int8))


def roll(
    plan: Plan,
    cohort: Cohort,
    rows: Whole,
    year: int,
    *,
    form: Whole,
    study: int,
    seat: Whole,
    group: Small | None,
    programme: Small | None = None,
) -> Roll:
    """Return the rows of a cohort with the seats that they fill in a school year."""
    none = np.full(len(rows), -1, np.int8)
    abroad = cohort.arrival[rows] > 0
    return Roll(
        key=cohort.key[rows],
        birth_year=np.full(len(rows), cohort.birth_year, np.int16),
        row=rows.astype(np.int32),
        month=cohort.month[rows],
        girl=cohort.girl[rows],
        education=cohort.education[rows],
        foreign=cohort.foreign[rows],
        here=np.where(abroad, year - cohort.birth_year - cohort.arrival[rows], -1).astype(np.int8),
        home=cohort.home[rows],
        protected=cohort.protected[rows],
        form=form.astype(np.int8),
        study=np.full(len(rows), study, np.int8),
        seat=seat.astype(np.int32),
        unit=plan.filled(year)[seat].astype(np.int32),
        group=none if group is None else group,
        programme=none if programme is None else programme,
        ability=cohort.ability[rows],
        tendency=cohort.tendency[rows],
        coin=cohort.coin[rows],
    )


def _forms(special: Small, study: int) -> Whole:
    """Forms of pupils of a year of study. Special school begins with year 1; Sami school has years 1-6."""
    ordinary = SchoolForm.PRESCHOOL_CLASS if study == 0 else SchoolForm.COMPULSORY
    by_special = [FORM[ordinary], *(FORM[form] for form in FORM_OF_SPECIAL[1:])]
    if study == 0:
        by_special = [FORM[ordinary]] * 4
    elif study > 6:
        by_special[3] = FORM[ordinary]
    return np.array(by_special)[special]


def _open_seat(plan: Plan, year: int, seat: Whole, study: int) -> Whole:
    """The seat, or its heir where it is closed or not yet open. Heirs never close."""
    closed = plan.filled(year)[seat] < 0
    late = plan.heir_late[seat]
    heir = np.where(study >= plan.low[late], late, plan.heir_early[seat])
    return np.where(closed, heir, seat)


def _special_seats(plan: Plan) -> list[tuple[SchoolForm, Whole]]:
    """For adapted, special and Sami school: the seats that have the form."""
    found = []
    for form in FORM_OF_SPECIAL[1:]:
        seats = np.array([i for i, seat in enumerate(plan.seats) if form in seat.forms])
        if len(seats):
            found.append((form, seats))
    return found
