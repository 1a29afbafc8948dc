"""Open an inspection, judge its risk, tell the organiser, step out of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from likvard.site.cases import actions as of_cases
from likvard.site.cases import outbox
from likvard.site.cases.actions.holding import hold, tell
from likvard.site.cases.models import Exclusion, Secrecy
from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import day_of
from likvard.site.people.models import Organiser, Unit, User
from likvard.site.supervision.kinds import WORDS
from likvard.site.supervision.models import (
    Department,
    Direction,
    ExaminedArea,
    Inspection,
    Level,
    Notice,
    Risk,
    RiskJudgement,
)
from likvard.site.supervision.party import people
from likvard.site.supervision.permissions import before as permissions
from likvard.site.supervision.rules import scope
from likvard.site.ui.language import current
from likvard.terms import Language, OrganiserKind

WORDS |= {
    "supervision.opened": gettext_lazy("The inspection was opened: **%(type)s**"),
    "supervision.areas_chosen": gettext_lazy("The areas were chosen: **%(count)s**"),
    "supervision.risk_judged": gettext_lazy("The risk was judged: **%(label)s**"),
    "supervision.notified": gettext_lazy("The organiser was told: **%(names)s**"),
}


@transaction.atomic
def open_inspection(
    *,
    type: str,
    level: str,
    place: Unit | Organiser,
    by: User,
    at: datetime,
    areas: Sequence[str] = (),
    forms: Sequence[str] = (),
    department: Department | None = None,
    part_of: Inspection | None = None,
    title: str = "",
    take: bool = True,
) -> Inspection:
    """Open an inspection of a unit or an organiser; without `areas` it examines all that its type has. Raises `CaseError`.

    `forms` are some of the place's own (a unit's all without them); `part_of` is the organiser's inspection of which one of a
    unit is a part.

    An inspection of one child's matter is about individual pupils and never published.
    """
    on = day_of(at)
    check_scope(type, level, place, by_areas=areas, at=at)
    _check_forms(forms, place, on)
    _check_whole(part_of, place)
    known = _areas(type, place, at)
    unit_forms = place.forms if isinstance(place, Unit) else ()
    secrecy = Secrecy.PUPIL if type == scope.INDIVIDUAL else Secrecy.OPEN
    name = title.strip() or f"{scope.types(on)[type].name.sv.capitalize()}: {place}"
    case = of_cases.open_case(
        kind="supervision", title=name[:200], place=place, by=by, at=at, secrecy=secrecy, take=take
    )
    made = Inspection.objects.create(
        case=case, type=type, level=level, forms=list(forms or unit_forms), department=department, part_of=part_of,
        opened_on=on,
    )  # fmt: skip
    for area in areas or known:
        ExaminedArea.objects.create(inspection=made, area=area)
    role = permissions.check_can_open(by, place, on=on)
    data = {"type": scope.types(on)[type].name.sv, "level": level, "areas": list(areas or known)}
    tell("supervision.opened", case, by=by, role=role, at=at, data=data)
    return made


def check_scope(type: str, level: str, place: Unit | Organiser, *, by_areas: Sequence[str], at: datetime) -> None:
    """What kind of inspection can be of what. Raises `CaseError` with what to choose instead."""
    on, of_unit = day_of(at), isinstance(place, Unit)
    if type not in scope.types(on) or level not in Level.values:
        raise CaseError(_("There is no such inspection."), _("Choose a type and a level of the list."))
    if of_unit == (level in scope.OF_ORGANISERS) and level not in ("preschool", "adult", "leisure"):
        raise CaseError(
            _("The level does not fit %(place)s.") % {"place": place},
            _("Choose the organiser for its own inspection, a unit for that of a school."),
        )
    if type in scope.ONLY_INDEPENDENT and _kind(place) is not OrganiserKind.INDEPENDENT:
        raise CaseError(
            _("This type is for newly approved independent schools."), _("Choose another type of inspection.")
        )
    wrong = [area for area in by_areas if area not in _areas(type, place, at)]
    if wrong:
        raise CaseError(_("An area does not belong to this type and level."), _("Choose among those shown."))


def _check_forms(forms: Sequence[str], place: Unit | Organiser, on: date) -> None:
    wrong = sorted(set(forms) - _forms_of(place))
    if wrong:
        known = ", ".join(scope.form_names(wrong, on, current())) or ", ".join(wrong)
        raise CaseError(
            _("%(place)s does not have: %(forms)s.") % {"place": place, "forms": known},
            _("Choose among its own school forms, or none for all of them."),
        )


def _forms_of(place: Unit | Organiser) -> set[str]:
    units = [place] if isinstance(place, Unit) else Unit.objects.active().filter(organiser=place)
    return {code for unit in units for code in unit.forms}


def _check_whole(part_of: Inspection | None, place: Unit | Organiser) -> None:
    """An inspection of a unit may be a part of its own organiser's, while that one is open."""
    if part_of is None:
        return
    whole = part_of.case
    if not isinstance(place, Unit) or whole.unit_id is not None or whole.organiser_id != place.organiser_id:
        raise CaseError(
            _("%(dnr)s is no inspection of the organiser of %(place)s.") % {"dnr": whole.dnr, "place": place},
            _("Write the number of the organiser's own inspection, or leave it empty."),
        )
    if whole.is_closed:
        raise CaseError(_("%(dnr)s is closed.") % {"dnr": whole.dnr}, _("Open the inspection without it."))


def _kind(place: Unit | Organiser) -> OrganiserKind:
    organiser = place.organiser if isinstance(place, Unit) else place
    return OrganiserKind(organiser.kind) if organiser else OrganiserKind.MUNICIPAL


def _areas(type: str, place: Unit | Organiser, at: datetime) -> tuple[str, ...]:
    found = scope.areas(type, of_unit=isinstance(place, Unit), organiser_kind=_kind(place), on=day_of(at))
    return tuple(found)


@transaction.atomic
def choose_areas(*, inspection: Inspection, areas: Sequence[str], by: User, at: datetime) -> Inspection:
    """Say which areas the inspection examines, before the organiser has been told."""
    case = hold(inspection.case)
    inspection.case = case
    grant = permissions.check_can_work(by, inspection, on=day_of(at))
    if case.state_code not in ("planned", "assigned"):
        raise CaseError(_("The organiser has been told which areas are examined."), _("Open a new inspection of more."))
    if not areas:
        raise CaseError(_("Say which areas are examined."), _("Choose at least one."))
    check_scope(inspection.type, inspection.level, case.place, by_areas=areas, at=at)
    inspection.areas.exclude(area__in=areas).delete()
    for area in areas:
        ExaminedArea.objects.get_or_create(inspection=inspection, area=area)
    data = {"areas": list(areas), "count": len(areas)}
    tell("supervision.areas_chosen", case, by=by, role=grant.role, at=at, data=data)
    return inspection


@transaction.atomic
def judge_risk(
    *,
    inspection: Inspection,
    risk: str,
    rationale: str,
    by: User,
    at: datetime,
    direction: str = Direction.UNKNOWN,
    numbers: str = "",
    lowered_when: str = "",
) -> RiskJudgement:
    """Judge the risk anew, with reasons, which way it goes, and what must hold for it to be lowered. Earlier ones stay."""
    inspection.case = hold(inspection.case)
    grant = permissions.check_can_work(by, inspection, on=day_of(at))
    if risk not in Risk.values or direction not in Direction.values or not rationale.strip():
        raise CaseError(_("A risk is never judged without reasons."), _("Say how serious it is, and why."))
    made = RiskJudgement.objects.create(
        inspection=inspection, risk=risk, rationale=rationale.strip(), direction=direction, numbers=numbers.strip(),
        lowered_when=lowered_when.strip(), at=at, by=by,
    )  # fmt: skip
    data = {"risk": risk, "label": str(Risk(risk).label), "direction": direction}
    tell("supervision.risk_judged", inspection.case, by=by, role=grant.role, at=at, reason=rationale, data=data)
    return made


@transaction.atomic
def notify(*, inspection: Inspection, text: str, by: User, at: datetime, address: str = "") -> Notice:
    """Tell the organiser that it is inspected: the notice is kept, its people get a letter, and the case moves on."""
    inspection.case = hold(inspection.case)
    grant = permissions.check_can_work(by, inspection, on=day_of(at))
    if not text.strip():
        raise CaseError(
            _("Write the notice to the organiser."), _("Say what is inspected, why, and what happens next.")
        )
    told = people(inspection.case, day_of(at))
    made = Notice.objects.create(
        inspection=inspection, text=text.strip(), names=[str(one) for one in told], at=at, by=by
    )
    for one in told:
        _tell_of_notice(inspection, one, text.strip(), at, address)
    names = ", ".join(made.names) or "–"
    tell("supervision.notified", inspection.case, by=by, role=grant.role, at=at, data={"names": names})
    if inspection.case.state_code == "assigned":
        inspection.case = of_cases.move(case=inspection.case, code="notify", by=by, at=at)
    return made


def _tell_of_notice(inspection: Inspection, to: User, text: str, at: datetime, address: str) -> None:
    name = scope.types(inspection.opened_on)[inspection.type].name
    with override(to.language):
        words = {"dnr": inspection.case.dnr, "type": name[Language(to.language)], "place": inspection.case.place}
        subject = _("%(dnr)s: %(type)s of %(place)s begins") % words
        foot = _("Number: %(dnr)s. Quote it when you write to us.") % words
        link = _("Read more here: %(address)s") % {"address": address} if address else ""
    body = "\n\n".join(part for part in (text, foot, link) if part) + "\n"
    outbox.post(to=to.email, subject=subject, body=body, at=at, case=inspection.case)


def step_out(*, inspection: Inspection, reason: str, by: User, at: datetime) -> Exclusion:
    """Let an inspector step out by themselves: a conflict of interest. From then on they see nothing of it."""
    return of_cases.step_out(case=inspection.case, reason=reason, by=by, at=at)
