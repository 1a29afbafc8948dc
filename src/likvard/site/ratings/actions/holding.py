"""What every action does: lock the row, and write the event last; and the letters that tell of what waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from likvard.site.audit import events
from likvard.site.cases import outbox
from likvard.site.cases.access import Acting
from likvard.site.cases.states import CaseError
from likvard.site.people.models import Membership, Organiser, User
from likvard.site.ratings.models import Rating, Report, Round
from likvard.site.ratings.permissions import REPLIES


def hold_round(round: Round) -> Round:
    """The round as it is now, locked until the transaction ends."""
    return Round.objects.select_for_update().get(pk=round.pk)


def hold(rating: Rating) -> Rating:
    """The rating as it is now, locked until the transaction ends."""
    Rating.objects.select_for_update().get(pk=rating.pk)
    return Rating.objects.select_related("round", "organiser", "framed").get(pk=rating.pk)


def hold_report(report: Report) -> Report:
    """The report as it is now, locked until the transaction ends."""
    return Report.objects.select_for_update().get(pk=report.pk)


def tell(
    what: str, about: Round | Rating | Report, *, by: User, role: str, at: datetime, reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Record an event about a round, a rating or a report. It comes last in the transaction."""
    events.record(at=at, actor=Acting(by, role), what=what, subject=about.subject, reason=reason, data=data)


def needed(text: str) -> str:
    """A reason that must be given, without blanks around it. Raises `CaseError` for none."""
    if not text.strip():
        raise CaseError(_("A reason is needed."), _("Write it: it stays in the record."))
    return text.strip()


def people_of(organiser: Organiser, on: date) -> list[User]:
    """Everybody who answers for an organiser on the day, by name."""
    held = Membership.objects.in_force(on).filter(organiser=organiser, role__in=REPLIES, user__is_active=True)
    return list(User.objects.filter(pk__in=held.values("user")).order_by("name", "email"))


def write_to(people: Iterable[User], *, subject: str, body: str, words: Mapping[str, object], at: datetime) -> None:
    """Put a letter to each into the outbox, in their language. `subject` and `body` are texts to translate."""
    for person in people:
        with override(person.language):
            outbox.post(to=person.email, subject=_(subject) % words, body=_(body) % words, at=at)
