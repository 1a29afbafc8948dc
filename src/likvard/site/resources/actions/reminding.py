"""Letters to the schools that a round is out to: that it is, and once more before the last day for views. The second is the worker's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from likvard.figures import formats
from likvard.site.audit import events
from likvard.site.cases import outbox
from likvard.site.cases.timing import day_of
from likvard.site.people.models import Unit, User
from likvard.site.resources import permissions
from likvard.site.resources.actions.holding import hold
from likvard.site.resources.models import Reminder, Round, View
from likvard.site.ui.language import current

DAYS_AHEAD = 3
"""Days before the last one at which a school that has said nothing is reminded: time enough for an answer, late enough to matter."""


def ask_for_views(round: Round, *, at: datetime, address: str) -> int:
    """Write to everybody whose school may say what it thinks, in the caller's transaction; return how many letters."""
    asked = permissions.asked_for_views(round, on=day_of(at))
    for person, units in asked.items():
        with override(person.language):
            subject = _("What does your school think of the allocation for %(year)s?")
            body = _(
                "%(organiser)s has sent out its proposal for how money is shared in %(year)s. You answer for: %(schools)s.\n\n"
                "Give your views by %(day)s: %(address)s\n"
            )
            _post(person, round, units, subject, body, at=at, address=address)
    return len(asked)


def remind_of_views(at: datetime, *, address: str = "") -> int:
    """Remind everybody whose school has said nothing and whose last day is near, once for each such day; return how many letters.

    For the worker, which may call it as often as it likes: a letter and the note that it was written are one transaction.
    `address` is the site's.
    """
    on = day_of(at)
    near = Round.objects.filter(state="heard", views_until__gte=on, views_until__lte=on + timedelta(days=DAYS_AHEAD))
    return sum(_remind(round, at, address) for round in near.order_by("pk"))


@transaction.atomic
def _remind(round: Round, at: datetime, address: str) -> int:
    round = hold(round)
    if round.state != "heard" or round.views_until is None:
        return 0  # taken back since it was looked for
    waiting = _silent(round, round.views_until, at)
    for person, units in waiting.items():
        with override(person.language):
            subject = _("Last day for views on the allocation: %(day)s")
            body = _(
                "%(organiser)s has had no view on the allocation for %(year)s from: %(schools)s. You need not give one.\n\n"
                "You can until %(day)s: %(address)s\n"
            )
            _post(person, round, units, subject, body, at=at, address=address)
        Reminder.objects.create(round=round, to=person, until=round.views_until, at=at)
    if waiting:
        data = {
            "organiser": round.organiser_id,
            "round": round.slug,
            "letters": len(waiting),
            "until": round.views_until,
        }
        events.record(at=at, actor=None, what="allocation.reminded", subject=round.subject, data=data)
    return len(waiting)


def _silent(round: Round, until: date, at: datetime) -> Mapping[User, Sequence[Unit]]:
    """Who has not been reminded of this day, with the schools that have said nothing of the version that is out."""
    told = set(Reminder.objects.filter(round=round, until=until).values_list("to", flat=True))
    heard = set(View.objects.filter(version=round.newest).values_list("unit", flat=True))
    asked = permissions.asked_for_views(round, on=day_of(at))
    left = {
        person: [u for u in units if u.code not in heard] for person, units in asked.items() if person.pk not in told
    }
    return {person: units for person, units in left.items() if units}


def _post(
    to: User, round: Round, units: Sequence[Unit], subject: str, body: str, *, at: datetime, address: str
) -> None:
    """Put the letter into the outbox, in the language that is set."""
    if round.views_until is None:
        return
    words = {
        "organiser": round.organiser.name, "year": round.year, "schools": formats.listed(tuple(u.name for u in units), current()),
        "day": formats.day(round.views_until, current()), "address": address + round.href("reasons"),
    }  # fmt: skip
    outbox.post(to=to.email, subject=subject % words, body=body % words, at=at)
