"""The organiser's reply: one criterion at a time, then handed in with a receipt."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import day_of
from likvard.site.people.models import User
from likvard.site.ratings import permissions, states
from likvard.site.ratings.actions.holding import hold, tell
from likvard.site.ratings.models import Rating, Reply, ReplyPoint
from likvard.site.ratings.rubrics import criterion_of, open_to_reply


@transaction.atomic
def say(
    *, rating: Rating, criterion: str, agrees: bool, text: str, evidence: str, by: User, at: datetime
) -> ReplyPoint:
    """Save what the organiser says of one criterion. Nobody at the Inspectorate reads it before the reply is handed in."""
    rating = hold(rating)
    held = permissions.check_can_reply(by, rating, on=day_of(at))
    criterion_of(rating, criterion)
    if not agrees and not text.strip():
        raise CaseError(_("Whoever disagrees says why."), _("Write what is wrong, and what shows it."))
    if criterion not in open_to_reply(rating):
        raise CaseError(_("The audit did not change this level."), _("Reply to the levels that it changed."))
    reply, _new = Reply.objects.get_or_create(rating=rating, after_audit=rating.audited)
    known = {"agrees": agrees, "text": text.strip(), "evidence": evidence.strip(), "saved_at": at, "saved_by": by}
    made, _made = ReplyPoint.objects.update_or_create(reply=reply, criterion=criterion, defaults=known)
    tell("rating.reply_saved", rating, by=by, role=held.role, at=at, data={"criterion": criterion})
    return made


def left(rating: Rating) -> list[str]:
    """The criteria of which the organiser has not said whether it agrees; after an audit those that it changed."""
    said = set(ReplyPoint.objects.all().of_turn(rating).values_list("criterion", flat=True))
    return [code for code in open_to_reply(rating) if code not in said]


@transaction.atomic
def hand_in(*, rating: Rating, by: User, at: datetime) -> Reply:
    """Hand the reply in, with the seal that its receipt shows. If nothing is disagreed with there is nothing to answer."""
    rating = hold(rating)
    held = permissions.check_can_reply(by, rating, on=day_of(at))
    if left(rating):
        raise CaseError(_("Some criteria are not answered."), _("Say of each whether you agree."))
    reply = Reply.objects.get(rating=rating, after_audit=rating.audited)
    reply.handed_in_at, reply.handed_in_by, reply.seal = at, by, _seal(reply)
    reply.save(update_fields=["handed_in_at", "handed_in_by", "seal"])
    rating.state = states.RATING.move(rating.state, "reply").to
    if not reply.points.filter(agrees=False).exists():
        rating.state = states.RATING.move(rating.state, "answer").to
    rating.save(update_fields=["state"])
    disagrees = sorted(reply.points.filter(agrees=False).values_list("criterion", flat=True))
    data = {"seal": reply.seal, "disagrees": disagrees}
    tell("rating.replied", rating, by=by, role=held.role, at=at, data=data)
    return reply


def _seal(reply: Reply) -> str:
    rows = reply.points.order_by("criterion").values_list("criterion", "agrees", "text", "evidence")
    return sha256("\n".join(repr(tuple(row)) for row in rows).encode()).hexdigest()
