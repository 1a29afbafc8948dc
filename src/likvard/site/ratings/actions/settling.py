"""Settle what differs, send the levels to the organiser, answer its reply, settle an audit. Each level says how and why it stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import day_of
from likvard.site.people.models import User
from likvard.site.ratings import permissions, states
from likvard.site.ratings.actions.holding import hold, needed, people_of, tell, write_to
from likvard.site.ratings.actions.marking import check_level, pairs
from likvard.site.ratings.actions.reading import remember
from likvard.site.ratings.models import Mark, Rating, ReplyPoint, Sheet, Standing
from likvard.site.ratings.rubrics import asked, changed_by_audit, criterion_of, level_name, rubric_of
from likvard.site.ratings.states import How, Part
from likvard.site.ui.language import current

_SENT = gettext_noop("The Inspectorate's rating of %(organiser)s: you may reply by %(day)s")
_SENT_BODY = gettext_noop(
    "Two inspectors have rated how %(organiser)s works against the effects of segregation.\n\n"
    "Read it and say what you think by %(day)s. It stands on the site under Supervision.\n"
)
_ANSWERED = gettext_noop("Your reply about %(organiser)s is answered")
_ANSWERED_BODY = gettext_noop(
    "The Inspectorate has answered your reply. Read the answer on the site under Supervision.\n"
)
_AUDITED = gettext_noop("An audit changed the rating of %(organiser)s: you may reply by %(day)s")
_AUDITED_BODY = gettext_noop(
    "A third person has audited the rating of %(organiser)s, and this was changed:\n\n%(changes)s\n\n"
    "Say what you think of it by %(day)s. It stands on the site under Supervision.\n"
)


def standing(rating: Rating) -> Mapping[str, Standing]:
    """The level that stands for each criterion."""
    return {row.criterion: row for row in rating.levels.select_related("by").order_by("pk")}


def unsettled(rating: Rating) -> list[str]:
    """The criteria on which the two markers differ and nothing stands yet."""
    stands = standing(rating)
    return [code for code in pairs(rating) if code not in stands]


def _stand(
    rating: Rating, code: str, level: int | None, how: How, grounds: str, by: User, role: str, at: datetime
) -> Standing:
    criterion_of(rating, code)
    check_level(rating, level)
    before = standing(rating).get(code)
    made = Standing.objects.create(
        rating=rating, criterion=code, level=level, how=how, grounds=needed(grounds), at=at, by=by
    )
    remember(rating, by, at)
    data = {"criterion": code, "level": level, "before": before.level if before else None, "how": how.value}
    tell("rating.settled", rating, by=by, role=role, at=at, reason=made.grounds, data=data)
    return made


@transaction.atomic
def settle(*, rating: Rating, criterion: str, level: int | None, grounds: str, by: User, at: datetime) -> Standing:
    """Settle a criterion on which the markers differ, with the reason that the organiser will read."""
    rating = hold(rating)
    role = permissions.check_can_settle(by, rating, on=day_of(at))
    first, second = pairs(rating).get(criterion, (None, None))
    if first is None or second is None or first.level == second.level:
        raise CaseError(_("The markers do not differ here."), _("Nothing needs to be settled."))
    return _stand(rating, criterion, level, How.SETTLED, grounds, by, role, at)


@transaction.atomic
def send(*, rating: Rating, by: User, at: datetime) -> Rating:
    """Send the levels with their grounds to the organiser, who may reply until a day. Its people are written to."""
    rating = hold(rating)
    role = permissions.check_can_send(by, rating, on=day_of(at))
    left = unsettled(rating)
    if left:
        raise CaseError(_("%(count)s criteria are not settled.") % {"count": len(left)}, _("Settle them first."))
    rating.state = states.RATING.move(rating.state, "send").to
    rating.sent_at, rating.reply_due = at, day_of(at) + timedelta(days=rating.round.reply_days)
    rating.save(update_fields=["state", "sent_at", "reply_due"])
    words = {"organiser": rating.organiser.name, "day": rating.reply_due.isoformat()}
    write_to(people_of(rating.organiser, day_of(at)), subject=_SENT, body=_SENT_BODY, words=words, at=at)
    tell("rating.sent", rating, by=by, role=role, at=at, data={"due": rating.reply_due})
    return rating


@transaction.atomic
def go_on(*, rating: Rating, by: User, at: datetime) -> Rating:
    """Go on without a reply when its day has passed."""
    rating = hold(rating)
    role = permissions.check_can_go_on(by, rating, on=day_of(at))
    rating.state = states.RATING.move(rating.state, "no_reply").to
    rating.save(update_fields=["state"])
    tell("rating.no_reply", rating, by=by, role=role, at=at)
    return rating


@transaction.atomic
def answer_point(
    *, rating: Rating, criterion: str, answer: str, level: int | None, by: User, at: datetime
) -> ReplyPoint:
    """Answer what the organiser said of a criterion. Another level than stands is a changed level, for the same reason."""
    rating = hold(rating)
    role = permissions.check_can_answer(by, rating, on=day_of(at))
    point = ReplyPoint.objects.all().of_turn(rating).filter(criterion=criterion).first()
    if point is None:
        raise CaseError(_("The organiser has not said anything of this."), _("Nothing needs to be answered."))
    point.answer, point.answered_at, point.answered_by = needed(answer), at, by
    point.save(update_fields=["answer", "answered_at", "answered_by"])
    remember(rating, by, at)
    if standing(rating)[criterion].level != level:
        _stand(rating, criterion, level, How.REPLY, answer, by, role, at)
    else:
        tell("rating.point_answered", rating, by=by, role=role, at=at, data={"criterion": criterion})
    return point


@transaction.atomic
def answer(*, rating: Rating, by: User, at: datetime) -> Rating:
    """Send the answers, when everything that the organiser disagreed with has one."""
    rating = hold(rating)
    role = permissions.check_can_answer(by, rating, on=day_of(at))
    left = ReplyPoint.objects.all().of_turn(rating).filter(agrees=False, answered_at__isnull=True).count()
    if left:
        raise CaseError(_("%(count)s points wait for an answer.") % {"count": left}, _("Answer them first."))
    rating.state = states.RATING.move(rating.state, "answer").to
    rating.save(update_fields=["state"])
    words = {"organiser": rating.organiser.name}
    write_to(people_of(rating.organiser, day_of(at)), subject=_ANSWERED, body=_ANSWERED_BODY, words=words, at=at)
    tell("rating.answered", rating, by=by, role=role, at=at)
    return rating


def audited_otherwise(rating: Rating) -> dict[str, Mark]:
    """The auditor's marks that are not the level that stands, by criterion."""
    sheet = Sheet.objects.handed_in().filter(rating=rating, part=Part.AUDIT).first()
    stands = standing(rating)
    marks = {one.criterion: one for one in sheet.marks.all()} if sheet else {}
    return {code: marks[code] for code in asked(rating) if code in marks and marks[code].level != stands[code].level}


@transaction.atomic
def settle_audit(*, rating: Rating, decided: Mapping[str, tuple[int | None, str]], by: User, at: datetime) -> Rating:
    """Decide what stands after an audit: a level and a reason for each criterion where the auditor thought otherwise.

    Where a level is changed the organiser is told what and why, and may reply to just that before the round rests on it.
    """
    rating = hold(rating)
    role = permissions.check_can_settle_audit(by, rating, on=day_of(at))
    differs = audited_otherwise(rating)
    if differs.keys() != decided.keys():
        raise CaseError(_("Each difference is settled, and nothing else."), _("Give a level and a reason for each."))
    for code, (level, grounds) in decided.items():
        _stand(rating, code, level, How.AUDIT, grounds, by, role, at)
    rating.audited, changed = True, changed_by_audit(rating)
    rating.state = states.RATING.move(rating.state, "ask_again" if changed else "audited").to
    if changed:
        rating.reply_due = day_of(at) + timedelta(days=rating.round.reply_days)
        _write_of_audit(rating, at)
    rating.save(update_fields=["state", "audited", "reply_due"])
    data = {"differences": sorted(differs), "changed": list(changed), "due": rating.reply_due if changed else None}
    tell("rating.audited", rating, by=by, role=role, at=at, data=data)
    return rating


def _write_of_audit(rating: Rating, at: datetime) -> None:
    """Tell the organiser's people what an audit changed, from what to what and why, in the language of each."""

    def changes() -> str:
        rubric, names = rubric_of(rating.round), asked(rating)
        return "\n\n".join(
            f"{names[code].name[current()]}: {level_name(rubric, before.level)} → {level_name(rubric, after.level)}\n{after.grounds}"
            for code, (before, after) in changed_by_audit(rating).items()
        )

    words = {"organiser": rating.organiser.name, "day": rating.reply_due, "changes": lazy(changes, str)()}
    write_to(people_of(rating.organiser, day_of(at)), subject=_AUDITED, body=_AUDITED_BODY, words=words, at=at)
