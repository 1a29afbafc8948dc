"""Warn of deadlines in inspections: the owner and whoever leads, once for each due day. For the worker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from likvard.figures import formats
from likvard.site.cases import outbox
from likvard.site.cases.actions.holding import tell
from likvard.site.cases.models import Clock, Exclusion
from likvard.site.cases.timing import Standing, day_of
from likvard.site.people.models import Membership, User
from likvard.site.people.roles import Role
from likvard.site.supervision import deadlines
from likvard.site.supervision.kinds import WORDS
from likvard.site.supervision.models import ClockWarning
from likvard.site.ui.language import current

WORDS |= {"supervision.deadline_told": gettext_lazy("The owner and the lead were warned: **%(name)s**, due %(due)s")}

AT_ONCE = 200
"""Clocks in one transaction. The rest come at the worker's next look, some seconds later."""


@transaction.atomic
def warn_of_deadlines(at: datetime, *, address: str = "") -> int:
    """Warn of each clock of an inspection that has become soon due or late; return how many.

    The owner gets a letter for each that is late (of what is soon due `cases.actions.warn_of_clocks` writes already), each lead one
    letter for all of them, that says how many and never what. The warning stands on the board until the duty is done: reading
    clears nothing. A due day that moves is warned of again.
    """
    on = day_of(at)
    late, soon = _untold(on, Standing.LATE), _untold(on, Standing.SOON)
    told = [(clock, Standing.LATE) for clock in late] + [(clock, Standing.SOON) for clock in soon]
    if not told:
        return 0
    leads = _leads(on)
    for lead in leads:
        _write_to_lead(lead, told, at, f"{address}/tillsyn/klockor/")
    for clock, standing in told:
        _tell_one(clock, standing, len(leads), at, address)
    return len(told)


def _untold(on: date, standing: Standing) -> Sequence[Clock]:
    """Clocks that stand so and whose due day has not been warned of, locked: another worker waits and then finds none."""
    told = ClockWarning.objects.filter(clock=OuterRef("pk"), standing=standing.value, due=OuterRef("due"))
    going = deadlines.of_inspections()
    found = going.filter(deadlines.standing(going, on)[standing], ~Exists(told))
    codes = list(found.order_by("due", "pk").values_list("pk", flat=True)[:AT_ONCE])
    held = Clock.objects.select_for_update(of=("self",)).filter(pk__in=codes, met_at__isnull=True)
    return list(held.filter(~Exists(told)).select_related("case__responsible").order_by("due", "pk"))


def _leads(on: date) -> list[User]:
    held = Membership.objects.in_force(on).filter(role=Role.LEAD_INSPECTOR, user__is_active=True)
    return list(User.objects.filter(pk__in=held.values("user")).order_by("email"))


def _write_to_lead(lead: User, told: Sequence[tuple[Clock, Standing]], at: datetime, board: str) -> None:
    kept_out = set(Exclusion.objects.in_force().filter(user=lead).values_list("case", flat=True))
    mine = [standing for clock, standing in told if clock.case_id not in kept_out]
    if not mine:
        return
    late, soon = mine.count(Standing.LATE), mine.count(Standing.SOON)
    with override(lead.language):
        subject = _("Deadlines in the inspections")
        some = ngettext("%(n)s clock has become late.", "%(n)s clocks have become late.", late) % {"n": late}
        more = ngettext("%(n)s clock is soon due.", "%(n)s clocks are soon due.", soon) % {"n": soon}
        body = f"{some}\n{more}\n\n" + _("See the board: %(address)s") % {"address": board} + "\n"
    outbox.post(to=lead.email, subject=subject, body=body, at=at)


def _tell_one(clock: Clock, standing: Standing, leads: int, at: datetime, address: str) -> None:
    owner, due = clock.case.responsible, clock.due
    if due is None:
        return
    if owner is not None and standing is Standing.LATE:
        _write_to_owner(clock, owner, at, f"{address}/tillsyn/{clock.case.slug}/")
    ClockWarning.objects.create(
        clock=clock, standing=standing.value, due=due, at=at, leads=leads,
        to_owner=owner is not None and (standing is Standing.LATE or clock.warned_at is not None),
    )  # fmt: skip
    data = {"clock": clock.pk, "name": clock.name, "due": clock.due, "duty": clock.duty, "standing": standing.value}
    tell("supervision.deadline_told", clock.case, by=None, role="", at=at, data=data)


def _write_to_owner(clock: Clock, owner: User, at: datetime, address: str) -> None:
    with override(owner.language):
        day = formats.day(clock.due, current()) if clock.due else ""
        subject = _("%(dnr)s: a clock is late") % {"dnr": clock.case.dnr}
        body = _("A clock in %(dnr)s should have been met by %(day)s.\n\nSee which: %(address)s\n") % {
            "dnr": clock.case.dnr, "day": day, "address": address,
        }  # fmt: skip
    outbox.post(to=owner.email, subject=subject, body=body, at=at, case=clock.case)
