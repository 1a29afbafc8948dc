"""Ask for documents, keep what the figures said, plan and finish visits, write down what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from likvard.site.cases.access import CaseGrant
from likvard.site.cases.actions.holding import hold, tell
from likvard.site.cases.models import Document
from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import day_of
from likvard.site.people.models import Unit, User
from likvard.site.supervision.kinds import WORDS
from likvard.site.supervision.models import BasisItem, Inspection, KeptSignal, Observation, Visit
from likvard.site.supervision.permissions import before as permissions

WORDS |= {
    "supervision.asked_for": gettext_lazy("The organiser was asked for: **%(what)s**"),
    "supervision.basis_received": gettext_lazy("Came in: **%(what)s**"),
    "supervision.waived": gettext_lazy("No longer needed: **%(what)s**"),
    "supervision.signals_kept": gettext_lazy("What the figures say was kept: **%(count)s**"),
    "supervision.visit_planned": gettext_lazy("A visit was planned: **%(day)s**"),
    "supervision.visit_done": gettext_lazy("A visit was done: **%(day)s**"),
    "supervision.visit_cancelled": gettext_lazy("A visit was cancelled: **%(day)s**"),
    "supervision.observed": gettext_lazy("An observation was written: **%(source)s**"),
    "supervision.observation_withdrawn": gettext_lazy("An observation was withdrawn: **%(source)s**"),
}


def held(inspection: Inspection, by: User, at: datetime) -> CaseGrant:
    """Lock the case and return the grant of a person who may add to what it rests on."""
    inspection.case = hold(inspection.case)
    return permissions.check_can_gather(by, inspection, on=day_of(at))


def needed(*texts: str) -> None:
    """Raise `CaseError` if one of these texts is empty."""
    if not all(text.strip() for text in texts):
        raise CaseError(_("Something is left empty."), _("Fill in all that is asked for."))


def _next(rows: object) -> int:
    return (rows.aggregate(last=Max("number"))["last"] or 0) + 1  # type: ignore[attr-defined]


def _check_area(inspection: Inspection, area: str) -> None:
    if not inspection.areas.filter(area=area).exists():
        raise CaseError(_("The inspection does not examine this area."), _("Choose one of its areas."))


@transaction.atomic
def ask_for(
    *, inspection: Inspection, what: str, due: date, by: User, at: datetime, why: str = "", area: str = ""
) -> BasisItem:
    """Ask the organiser for a document or an answer (26 kap. 7 § skollagen), by a day."""
    grant = held(inspection, by, at)
    needed(what)
    if area:
        _check_area(inspection, area)
    if due < day_of(at):
        raise CaseError(_("The day has passed already."), _("Give the organiser time."))
    made = BasisItem.objects.create(
        inspection=inspection, number=_next(inspection.basis), what=what.strip(), why=why.strip(), area=area, due=due,
        asked_at=at, asked_by=by,
    )  # fmt: skip
    data = {"number": made.number, "what": made.what, "due": due}
    tell("supervision.asked_for", inspection.case, by=by, role=grant.role, at=at, data=data)
    return made


@transaction.atomic
def receive(
    *, item: BasisItem, by: User, at: datetime, on: date | None = None, document: Document | None = None
) -> BasisItem:
    """Say that what was asked for has come in, and which document it is."""
    grant = held(item.inspection, by, at)
    if item.is_settled:
        raise CaseError(_("It is settled already."), _("Nothing needs to be done."))
    if document is not None and not document.links.filter(case=item.inspection.case, type="own").exists():
        raise CaseError(_("The document belongs to another matter."), _("Attach it to this one as a new document."))
    item.received_on, item.received_by, item.document = on or day_of(at), by, document
    if item.received_on > day_of(at):
        raise CaseError(_("The day has not come yet."), _("Check the day."))
    item.save(update_fields=["received_on", "received_by", "document"])
    data = {"number": item.number, "what": item.what, "on": item.received_on}
    tell("supervision.basis_received", item.inspection.case, by=by, role=grant.role, at=at, data=data)
    return item


@transaction.atomic
def waive(*, item: BasisItem, reason: str, by: User, at: datetime) -> BasisItem:
    """Say that what was asked for is not needed any more, and why."""
    grant = held(item.inspection, by, at)
    needed(reason)
    if item.is_settled:
        raise CaseError(_("It is settled already."), _("Nothing needs to be done."))
    item.waived = reason.strip()
    item.save(update_fields=["waived"])
    data = {"number": item.number, "what": item.what}
    tell("supervision.waived", item.inspection.case, by=by, role=grant.role, at=at, reason=reason, data=data)
    return item


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger sentence to be kept: which rule gave it, in both languages, from which publication."""

    code: str
    sv: str
    en: str
    publication: str


@transaction.atomic
def keep_signals(*, inspection: Inspection, signals: Sequence[Trigger], by: User, at: datetime) -> list[KeptSignal]:
    """Keep what the figures say today with the case: those of this publication that are not kept yet."""
    grant = held(inspection, by, at)
    known = set(inspection.signals.values_list("code", "publication"))
    made = [
        KeptSignal.objects.create(
            inspection=inspection, code=one.code, sv=one.sv, en=one.en, publication=one.publication, at=at
        )
        for one in signals
        if (one.code, one.publication) not in known
    ]
    if made:
        data = {"count": len(made), "codes": [one.code for one in made]}
        tell("supervision.signals_kept", inspection.case, by=by, role=grant.role, at=at, data=data)
    return made


@transaction.atomic
def plan_visit(
    *,
    inspection: Inspection,
    first_day: date,
    last_day: date,
    team: Sequence[User],
    plan: str,
    by: User,
    at: datetime,
    unit: Unit | None = None,
    announced: bool = True,
) -> Visit:
    """Plan a visit: when, who goes, and who is met or what is seen. Nobody who is excluded goes."""
    grant = held(inspection, by, at)
    needed(plan)
    if last_day < first_day:
        raise CaseError(_("A visit does not end before it begins."), _("Check the days."))
    if not team:
        raise CaseError(_("Say who goes."), _("Choose at least one inspector."))
    for one in team:
        if inspection.case.exclusions.all().in_force().filter(user=one).exists():
            raise CaseError(_("%(person)s is excluded from this matter.") % {"person": one}, _("Choose somebody else."))
    made = Visit.objects.create(
        inspection=inspection, number=_next(inspection.visits), first_day=first_day, last_day=last_day, unit=unit,
        announced=announced, plan=plan.strip(), made_at=at, made_by=by,
    )  # fmt: skip
    made.team.set(team)
    data = {"number": made.number, "day": first_day, "team": [str(one) for one in team], "announced": announced}
    tell("supervision.visit_planned", inspection.case, by=by, role=grant.role, at=at, data=data)
    return made


@transaction.atomic
def finish_visit(*, visit: Visit, by: User, at: datetime, note: str = "", on: date | None = None) -> Visit:
    """Say that a visit has been done, on which day, and how it went."""
    grant = held(visit.inspection, by, at)
    done = on or day_of(at)
    if visit.is_settled:
        raise CaseError(_("The visit is over already."), _("Nothing needs to be done."))
    if not visit.first_day <= done <= day_of(at):
        raise CaseError(_("The day must lie between the planned first day and today."), _("Check the day."))
    visit.done_on, visit.done_by, visit.note = done, by, note.strip()
    visit.save(update_fields=["done_on", "done_by", "note"])
    data = {"number": visit.number, "day": done}
    tell("supervision.visit_done", visit.inspection.case, by=by, role=grant.role, at=at, data=data)
    return visit


@transaction.atomic
def cancel_visit(*, visit: Visit, reason: str, by: User, at: datetime) -> Visit:
    """Cancel a planned visit, with a reason."""
    grant = held(visit.inspection, by, at)
    needed(reason)
    if visit.is_settled:
        raise CaseError(_("The visit is over already."), _("Nothing needs to be done."))
    visit.cancelled = reason.strip()
    visit.save(update_fields=["cancelled"])
    data = {"number": visit.number, "day": visit.first_day}
    tell("supervision.visit_cancelled", visit.inspection.case, by=by, role=grant.role, at=at, reason=reason, data=data)
    return visit


@transaction.atomic
def observe(
    *,
    inspection: Inspection,
    area: str,
    how: str,
    source: str,
    text: str,
    seen_on: date,
    by: User,
    at: datetime,
    page: str = "",
    visit: Visit | None = None,
    document: Document | None = None,
) -> Observation:
    """Write down one thing that was seen, heard or read, with its source, its day and, for a document, the page."""
    grant = held(inspection, by, at)
    needed(source, text)
    _check_area(inspection, area)
    if how not in Observation.How.values:
        raise CaseError(_("Say how it became known."), _("Choose one of the list."))
    if how == Observation.How.DOCUMENT and not page.strip():
        raise CaseError(_("Say on which page of the document it stands."), _("Write the page or the heading."))
    if seen_on > day_of(at):
        raise CaseError(_("The day has not come yet."), _("Check the day."))
    if visit is not None and visit.inspection_id != inspection.pk:
        raise CaseError(_("The visit belongs to another inspection."), _("Choose one of this inspection's."))
    made = Observation.objects.create(
        inspection=inspection, number=_next(inspection.observations), area=area, how=how, source=source.strip(),
        page=page.strip(), seen_on=seen_on, text=text.strip(), visit=visit, document=document, at=at, by=by,
    )  # fmt: skip
    data = {"number": made.number, "area": area, "how": how, "source": made.source}
    tell("supervision.observed", inspection.case, by=by, role=grant.role, at=at, data=data)
    return made


@transaction.atomic
def withdraw(*, observation: Observation, reason: str, by: User, at: datetime) -> Observation:
    """Withdraw an observation, with a reason. It stays, struck through; findings no longer rest on it."""
    grant = held(observation.inspection, by, at)
    needed(reason)
    if observation.withdrawn:
        raise CaseError(_("It is withdrawn already."), _("Nothing needs to be done."))
    observation.withdrawn = reason.strip()
    observation.save(update_fields=["withdrawn"])
    data = {"number": observation.number, "source": observation.source}
    tell(
        "supervision.observation_withdrawn",
        observation.inspection.case,
        by=by,
        role=grant.role,
        at=at,
        reason=reason,
        data=data,
    )
    return observation
