"""Make a programme, set its rule, add by hand, decide it, and open its cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from likvard.disclosure.publication import Publication
from likvard.site.audit import events
from likvard.site.cases.access import Acting
from likvard.site.cases.actions.holding import tell
from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import day_of
from likvard.site.people.models import Organiser, Unit, User
from likvard.site.people.roles import Role
from likvard.site.supervision import candidates
from likvard.site.supervision.actions.opening import open_inspection
from likvard.site.supervision.kinds import WORDS
from likvard.site.supervision.models import Inspection, Programme, ProgrammeRule, ProgrammeUnit, Selected
from likvard.site.supervision.permissions import programme as permissions
from likvard.site.supervision.rules import scope
from likvard.site.supervision.selection import Chosen, Route, Rule

WORDS |= {"supervision.planned": gettext_lazy("Selected in the programme **%(programme)s**: %(route)s")}

AT_ONCE = 50
"""Cases opened by one press of the button: some seconds' work in one transaction."""


@transaction.atomic
def make_programme(
    *, name: str, start: date, end: date, measure: str, publication: Publication, by: User, at: datetime
) -> Programme:
    """Make a programme and take its basis: every running unit with its figures of the publication. Raises `CaseError`."""
    role = permissions.check_can_lead(by, on=day_of(at))
    if end < start or not name.strip() or Programme.objects.filter(name=name.strip()).exists():
        raise CaseError(_("A programme has a name of its own and ends after it starts."), _("Check name and days."))
    if measure not in candidates.measures(publication):
        raise CaseError(_("There is no expected result by this measure."), _("Choose one of those shown."))
    made = Programme.objects.create(
        name=name.strip(), start=start, end=end, measure=measure, publication=publication.id,
        published_on=publication.on, made_at=at, made_by=by,
        complaints_from="" if candidates.complaints(start) is None else "register", visits_from="register",
    )  # fmt: skip
    ProgrammeUnit.objects.bulk_create(list(candidates.rows_of(made, publication)))
    _seal(made)
    data = {"name": made.name, "publication": publication.id, "units": made.units.count(), "basis": made.fingerprint}
    _note("programme.made", made, by, role, at, data=data)
    return made


def _seal(programme: Programme) -> None:
    programme.fingerprint = candidates.fingerprint(programme)
    programme.save(update_fields=["fingerprint", "complaints_from", "visits_from"])


def _hold(programme: Programme) -> Programme:
    return Programme.objects.select_for_update().get(pk=programme.pk)


def _note(
    what: str, programme: Programme, by: User, role: Role, at: datetime, *, reason: str = "", data: Mapping[str, Any]
) -> None:
    events.record(at=at, actor=Acting(by, role), what=what, subject=programme.subject, reason=reason, data=data)


@transaction.atomic
def bring_counts(
    *, programme: Programme, complaints: Mapping[str, int], visits: Mapping[str, date], source: str, by: User, at: datetime
) -> int:  # fmt: skip
    """Take complaints or last visits by unit from elsewhere, under the name of their source; return how many units they told of.

    Complaints are set for every unit: one that the list does not name has none. Visits are set for those named.
    """
    programme = _hold(programme)
    role = permissions.check_can_change(by, programme, on=day_of(at))
    named = {*complaints, *visits}
    rows = list(programme.units.all() if complaints else programme.units.filter(unit__in=visits))
    unknown = sorted(named - {row.unit_id for row in rows})
    if not source.strip() or not named or unknown:
        raise CaseError(
            _("The list cannot be used: %(codes)s.") % {"codes": ", ".join(unknown[:5]) or _("nothing in it, or no source")},
            _("Write one unit's code per line, and say where the numbers come from."),
        )  # fmt: skip
    for row in rows:
        if complaints:
            row.complaints = complaints.get(row.unit_id, 0)
        row.visited_on = visits.get(row.unit_id, row.visited_on)
    ProgrammeUnit.objects.bulk_update(rows, ["complaints", "visited_on"], batch_size=500)
    programme.complaints_from = source.strip()[:200] if complaints else programme.complaints_from
    programme.visits_from = source.strip()[:200] if visits else programme.visits_from
    _seal(programme)
    data = {"complaints": len(complaints), "visits": len(visits), "source": source, "basis": programme.fingerprint}
    _note("programme.counts_brought", programme, by, role, at, data=data)
    return len(named)


@transaction.atomic
def set_rule(*, programme: Programme, rule: Rule, seed_from: str, reason: str, by: User, at: datetime) -> ProgrammeRule:
    """Set the rule of a programme, with its seed and why. Earlier rules stay as history."""
    programme = _hold(programme)
    role = permissions.check_can_change(by, programme, on=day_of(at))
    if not reason.strip() or not seed_from.strip():
        raise CaseError(
            _("A rule is set with reasons, and with where its seed comes from."),
            _("Take a seed that nobody here can choose, as the numbers of a public draw on a day told beforehand."),
        )
    made = ProgrammeRule.objects.create(
        programme=programme, data=rule.as_data(), seed_from=seed_from.strip(), reason=reason.strip(), at=at, by=by
    )
    _note("programme.rule_set", programme, by, role, at, reason=made.reason, data=made.data)
    return made


@transaction.atomic
def add_by_hand(*, programme: Programme, place: Unit | Organiser, reason: str, by: User, at: datetime) -> Selected:
    """Add a unit or an organiser that the rule may not select, with the reason that the protocol shows."""
    programme = _hold(programme)
    role = permissions.check_can_change(by, programme, on=day_of(at))
    if not reason.strip():
        raise CaseError(_("What is added by hand is added for a reason."), _("Say why; the protocol shows it."))
    if _standing(programme, place):
        raise CaseError(_("%(place)s is there already.") % {"place": place}, _("Nothing needs to be done."))
    if isinstance(place, Unit) and programme.units.filter(unit=place, by_municipality=True).exists():
        raise CaseError(
            _("The municipality supervises %(place)s (26 kap. 4 § skollagen).") % {"place": place},
            _("Examine how the municipality does so instead: add the municipality."),
        )
    made = Selected.objects.create(
        programme=programme, route=Route.HAND, reason=reason.strip(), at=at, by=by, **_where(place)
    )
    _note("programme.added_by_hand", programme, by, role, at, reason=reason, data={"place": place.pk})
    return made


def _standing(programme: Programme, place: Unit | Organiser) -> bool:
    of_place = {"unit": place} if isinstance(place, Unit) else {"organiser": place, "unit": None}
    return programme.selected.all().standing().filter(**of_place).exists()


def _where(place: Unit | Organiser) -> dict[str, Any]:
    code = place.municipality_code
    known = {"county": code[:2], "municipality": code}
    return {"unit": place, "organiser": place.organiser, **known} if isinstance(place, Unit) else {"organiser": place, **known}  # fmt: skip


@transaction.atomic
def withdraw(*, selected: Selected, by: User, at: datetime) -> Selected:
    """Take back what was added by hand, before the programme is decided. It stays in the record."""
    programme = _hold(selected.programme)
    role = permissions.check_can_change(by, programme, on=day_of(at))
    if selected.route != Route.HAND or selected.withdrawn_at is not None:
        raise CaseError(_("Only what was added by hand is taken back."), _("Change the rule instead."))
    selected.withdrawn_at, selected.withdrawn_by = at, by
    selected.save(update_fields=["withdrawn_at", "withdrawn_by"])
    data = {"place": selected.unit_id or selected.organiser_id}
    _note("programme.withdrawn", programme, by, role, at, data=data)
    return selected


@transaction.atomic
def decide(*, programme: Programme, decision: str, by: User, at: datetime) -> Programme:
    """Decide a programme: what its rule selects is written down with its points, and nothing is changed any more."""
    programme = _hold(programme)
    role = permissions.check_can_decide(by, programme, on=day_of(at))
    rule = programme.rule
    if rule is None or not decision.strip():
        raise CaseError(_("A programme is decided with reasons."), _("Say why it is decided so."))
    if candidates.fingerprint(programme) != programme.fingerprint:
        raise CaseError(_("The basis is not the one that was sealed."), _("Ask whoever runs the site to look at it."))
    found = candidates.outcome(programme, rule.value)
    _write(programme, [*found.organisers, *found.units], by, at)
    programme.decided_at, programme.decided_by, programme.decision = at, by, decision.strip()
    programme.save(update_fields=["decided_at", "decided_by", "decision"])
    data = {"rule": rule.data, "basis": programme.fingerprint, "routes": dict(found.routes)}
    _note("programme.decided", programme, by, role, at, reason=decision, data=data)
    return programme


def _write(programme: Programme, chosen: Sequence[Chosen], by: User, at: datetime) -> None:
    """What the rule selected, as rows. Where the place was added by hand too, that row is kept and says so."""
    by_hand = {(row.unit_id or row.organiser_id): row for row in programme.selected.all().standing()}
    units = Unit.objects.select_related("organiser").in_bulk([one.code for one in chosen])
    organisers = Organiser.objects.in_bulk([one.code for one in chosen])
    rows = []
    for one in chosen:
        row = by_hand.get(one.code)
        if row is not None:
            row.draw, row.parts = one.draw, {**one.parts, "also": one.route.value}
            row.save(update_fields=["draw", "parts"])
            continue
        place = organisers[one.code] if one.route is Route.SPREAD else units[one.code]
        known = {"route": one.route, "draw": one.draw, "parts": dict(one.parts), "at": at, "by": by}
        rows.append(Selected(programme=programme, **known, **_where(place)))
    Selected.objects.bulk_create(rows)


@transaction.atomic
def plan_cases(*, programme: Programme, selected: Sequence[Selected], by: User, at: datetime) -> list[Inspection]:
    """Open a planned inspection of each that has none yet, organisers first: a unit's inspection is a part of its organiser's.

    Nobody takes them: they wait to be shared out. At most `AT_ONCE`, in the order given.
    """
    programme = _hold(programme)
    permissions.check_can_plan(by, programme, on=day_of(at))
    waiting = [row for row in selected if row.case_id is None and row.withdrawn_at is None][:AT_ONCE]
    waiting.sort(key=lambda row: row.unit_id is not None)
    return [_plan(programme, row, by, at) for row in waiting]


def _plan(programme: Programme, row: Selected, by: User, at: datetime) -> Inspection:
    place = row.place
    if place is None:
        raise CaseError(_("There is no such place."), _("Add it by hand."))
    open_ones = programme.selected.filter(organiser=row.organiser, unit__isnull=True, case__closed_at__isnull=True)
    whole = open_ones.filter(case__isnull=False).first()
    part_of = Inspection.objects.filter(case=whole.case).first() if whole and row.unit_id else None
    level = scope.level_of(place.forms) if isinstance(place, Unit) else "organiser"
    made = open_inspection(type="planned", level=level, place=place, by=by, at=at, part_of=part_of, take=False)
    row.case = made.case
    row.save(update_fields=["case"])
    words = {"programme": programme.name, "route": str(row.get_route_display()), "selected": row.pk}
    role = permissions.check_can_plan(by, programme, on=day_of(at))
    tell("supervision.planned", made.case, by=by, role=role, at=at, data=words)
    return made
