"""Who may do what with rounds, ratings and reports: `check_can_x` raises with the reason, `can_x` asks.

Not possible now raises `CaseError`, with what to do first; not for this person raises `Denied`. Three walls are held here and
nowhere else: nobody reads another's sheet before both first markers have handed in, not even whoever leads; whoever has a conflict
of interest with an organiser reads nothing of its rating; an organiser's people reach only what was sent to them.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from likvard.site.cases.permissions import asks
from likvard.site.cases.states import CaseError
from likvard.site.people.access import Denied, Reader, memberships, roles
from likvard.site.people.models import Membership, Organiser, User
from likvard.site.people.roles import Role
from likvard.site.ratings import states
from likvard.site.ratings.models import Conflict, Rating, Report, Round, Sheet, SheetsRead
from likvard.site.ratings.states import BLIND, Part

MARKERS = (Role.LEAD_INSPECTOR, Role.INSPECTOR)
REPLIES = (Role.ORGANISER_HEAD, Role.QUALITY_MANAGER)
READ_AGAIN = (Role.LEAD_INSPECTOR, Role.PRESS_OFFICER)
COOLING_OFF = timedelta(days=5 * 365)
"""How long after a position at an organiser a person does not rate it."""


def check_can_enter(user: Reader, *, on: date) -> Role:
    """Return the role in which an inspector or a lead works with ratings."""
    if not isinstance(user, User):
        raise Denied(_("Sign in to see the ratings."), sign_in=True)
    held = roles(user, on)
    for role in MARKERS:
        if role in held:
            return role
    raise Denied(_("Ratings are made by inspectors. The rubric and the report are open to everybody."))


def check_can_lead(user: Reader, *, on: date) -> Role:
    """Return the role in which a lead makes, opens and closes rounds and hands organisers to markers."""
    role = check_can_enter(user, on=on)
    if role is not Role.LEAD_INSPECTOR:
        raise Denied(_("Only a lead inspector may do this."))
    return role


def can_lead(user: Reader, *, on: date) -> bool:
    """Whether the person leads rounds."""
    return asks(lambda: check_can_lead(user, on=on))


def check_can_open(user: Reader, round: Round, *, on: date) -> Role:
    """Return the role in which a lead opens a round whose every organiser has two markers."""
    role = check_can_lead(user, on=on)
    states.ROUND.move(round.state, "open")
    bare = without_two_markers(round)
    if bare:
        raise CaseError(
            _("%(count)s organisers do not have two markers yet.") % {"count": bare}, _("Give each of them two first.")
        )
    return role


def without_two_markers(round: Round) -> int:
    """How many organisers of a round lack one of their two first markers."""
    given = Sheet.objects.standing().filter(rating__round=round, part__in=BLIND).values_list("rating", flat=True)
    counted = list(given)
    return sum(counted.count(pk) < len(BLIND) for pk in round.ratings.values_list("pk", flat=True))


def check_can_close(user: Reader, round: Round, *, on: date) -> Role:
    """Return the role in which a lead closes a round whose every rating is ready, after the audit."""
    role = check_can_lead(user, on=on)
    states.ROUND.move(round.state, "close")
    left = round.ratings.exclude(state="ready").count()
    if left:
        raise CaseError(_("%(count)s organisers are not ready.") % {"count": left}, _("Wait until they are."))
    if round.audit_drawn_at is None:
        raise CaseError(_("Nothing has been audited yet."), _("Draw the sample for audit first."))
    return role


def check_can_draw(user: Reader, round: Round, *, on: date) -> Role:
    """Return the role in which a lead draws the sample for audit: once, when every rating is ready."""
    role = check_can_lead(user, on=on)
    if round.state != "open":
        raise CaseError(_("The round is not open."), _("Look at its state."))
    if round.audit_drawn_at is not None:
        raise CaseError(_("The sample has been drawn."), _("It is drawn once, so that nobody can choose it."))
    if round.ratings.exclude(state="ready").exists():
        raise CaseError(_("Not every organiser has been through its right of reply."), _("Draw when all are ready."))
    return role


# Conflicts of interest
def conflict_of(user: User, organiser: Organiser, on: date) -> str:
    """Why the person must not rate the organiser; empty if nothing is known against it."""
    declared = Conflict.objects.filter(user=user, organiser=organiser, ended_at__isnull=True).first()
    if declared is not None:
        return declared.reason
    for held in Membership.objects.filter(user=user).select_related("unit", "organiser"):
        own = held.organiser_id or (held.unit.organiser_id if held.unit else None)
        if own == organiser.pk and (held.end is None or held.end >= on - COOLING_OFF):
            return _("Has, or has had within five years, a position at the organiser.")
    return ""


def organisers_in_conflict(user: User, on: date) -> frozenset[str]:
    """The organisers that the person must not rate, by number: for lists, without a question for each."""
    declared = Conflict.objects.filter(user=user, ended_at__isnull=True).values_list("organiser_id", flat=True)
    recent = Membership.objects.filter(user=user).filter(Q(end__isnull=True) | Q(end__gte=on - COOLING_OFF))
    held = {number for row in recent.values_list("organiser_id", "unit__organiser_id") for number in row if number}
    return frozenset({*declared, *held})


def check_has_no_conflict(user: User, organiser: Organiser, *, on: date) -> None:
    """Raise `CaseError` with the reason if the person must not rate the organiser."""
    why = conflict_of(user, organiser, on)
    if why:
        raise CaseError(
            _("%(person)s has a conflict of interest here: %(why)s") % {"person": user, "why": why},
            _("Choose somebody else."),
        )


# Sheets
def own_sheet(user: User, rating: Rating) -> Sheet | None:
    """The person's own sheet of a rating, if they have one that stands."""
    return rating.sheets.all().standing().filter(marker=user).first()


def has_read_sheets(user: User, rating: Rating) -> bool:
    """Whether the person had a sheet that was taken back after both first sheets were in, and so could read the other's; or has
    opened the sheets, or settled by them, as a lead does."""
    if SheetsRead.objects.filter(rating=rating, user=user).exists():
        return True
    inside = rating.sheets.all().filter(part__in=BLIND, handed_in_at__isnull=False)
    own = inside.filter(marker=user, withdrawn_at__isnull=False)
    return any(inside.exclude(marker=user).filter(handed_in_at__lte=one.withdrawn_at).exists() for one in own)


def check_can_read(user: Reader, rating: Rating, *, on: date) -> Role:
    """Return the role in which a marker of the rating, or a lead, reads it. A conflict of interest closes it."""
    role = check_can_enter(user, on=on)
    if not isinstance(user, User) or conflict_of(user, rating.organiser, on):
        raise Denied(_("You have a conflict of interest with this organiser: its rating is not open to you."))
    if role is not Role.LEAD_INSPECTOR and own_sheet(user, rating) is None:
        raise Denied(_("The rating is open to its markers and to whoever leads the round."))
    return role


def can_read(user: Reader, rating: Rating, *, on: date) -> bool:
    """Whether the person may read the rating."""
    return asks(lambda: check_can_read(user, rating, on=on))


def check_can_read_sheets(user: Reader, rating: Rating, *, on: date) -> Role:
    """Return the role in which the person reads the first two sheets: when both are in, and for an auditor when the own is."""
    role = check_can_read(user, rating, on=on)
    if rating.state == "marking":
        raise CaseError(
            _("Two markers work here without seeing one another."), _("Both sheets are opened when both are in.")
        )
    own = own_sheet(user, rating) if isinstance(user, User) else None
    if own is not None and own.part == Part.AUDIT and own.handed_in_at is None:
        raise CaseError(_("An auditor marks before reading."), _("Hand in your own sheet first."))
    return role


def can_read_sheets(user: Reader, rating: Rating, *, on: date) -> bool:
    """Whether the first two sheets are open to the person now."""
    return asks(lambda: check_can_read_sheets(user, rating, on=on))


def check_can_mark(user: Reader, rating: Rating, *, on: date) -> tuple[Sheet, Role]:
    """Return the person's own sheet, if it may be written on (until it is handed in), and the role in which they do."""
    role = check_can_read(user, rating, on=on)
    own = own_sheet(user, rating) if isinstance(user, User) else None
    if own is None:
        raise Denied(_("You are not a marker of this organiser."))
    if rating.round.state != "open":
        raise CaseError(_("The round is not open."), _("Marking begins when it is opened."))
    if own.handed_in_at is not None:
        raise CaseError(_("Your sheet is handed in, and is not changed."), _("What differs is settled between you."))
    return own, role


def can_mark(user: Reader, rating: Rating, *, on: date) -> bool:
    """Whether the person may write on their own sheet."""
    return asks(lambda: check_can_mark(user, rating, on=on))


def check_can_hand_out(user: Reader, rating: Rating, *, on: date) -> Role:
    """Return the role in which a lead gives a rating to a marker, or takes it back."""
    role = check_can_lead(user, on=on)
    if rating.round.state == "closed":
        raise CaseError(_("The round is closed."), _("Nothing in it is changed any more."))
    return role


# Settling, reply, answer, audit
def check_can_settle(user: Reader, rating: Rating, *, on: date) -> Role:
    """Return the role in which one of the two markers, or the lead, settles what differs and sends it to the organiser."""
    role = check_can_read_sheets(user, rating, on=on)
    if rating.state != "settling":
        raise CaseError(_("There is nothing to settle now."), _("Look at how far the rating has come."))
    return role


def can_settle(user: Reader, rating: Rating, *, on: date) -> bool:
    """Whether the person may settle what differs."""
    return asks(lambda: check_can_settle(user, rating, on=on))


def check_can_send(user: Reader, rating: Rating, *, on: date) -> Role:
    """Return the role in which a marker or the lead sends a rating, in which every criterion has a level, to the organiser."""
    return check_can_settle(user, rating, on=on)


def check_can_answer(user: Reader, rating: Rating, *, on: date) -> Role:
    """Return the role in which a marker or the lead answers the organiser's reply: of what an audit changed, a lead who neither
    marked nor audited it."""
    role = check_can_read_sheets(user, rating, on=on)
    if rating.state != "answering":
        raise CaseError(_("There is no reply to answer."), _("Look at how far the rating has come."))
    if rating.audited:
        check_can_lead(user, on=on)
        _check_stands_apart(user, rating)
    return role


def _check_stands_apart(user: Reader, rating: Rating) -> None:
    if isinstance(user, User) and own_sheet(user, rating) is not None:
        raise CaseError(_("You marked this organiser yourself."), _("Ask another lead to settle its audit."))


def can_answer(user: Reader, rating: Rating, *, on: date) -> bool:
    """Whether the person may answer the reply."""
    return asks(lambda: check_can_answer(user, rating, on=on))


def check_can_go_on(user: Reader, rating: Rating, *, on: date) -> Role:
    """Return the role in which a marker or the lead goes on without a reply, when its day has passed."""
    role = check_can_read_sheets(user, rating, on=on)
    states.RATING.move(rating.state, "no_reply")
    if rating.reply_due is None or on <= rating.reply_due:
        raise CaseError(_("The organiser still has time to reply."), _("Wait until the day has passed."))
    return role


def can_go_on(user: Reader, rating: Rating, *, on: date) -> bool:
    """Whether the rating may go on without a reply."""
    return asks(lambda: check_can_go_on(user, rating, on=on))


def check_can_settle_audit(user: Reader, rating: Rating, *, on: date) -> Role:
    """Return the role in which a lead, who neither marked nor audited it, settles what an audit found."""
    role = check_can_lead(user, on=on)
    check_can_read_sheets(user, rating, on=on)
    sheets = rating.sheets.all().standing()
    if rating.state != "audit" or not sheets.filter(part=Part.AUDIT, handed_in_at__isnull=False).exists():
        raise CaseError(_("There is no audit to settle."), _("Wait until the auditor has handed in."))
    _check_stands_apart(user, rating)
    return role


def can_settle_audit(user: Reader, rating: Rating, *, on: date) -> bool:
    """Whether the person may settle what the audit found."""
    return asks(lambda: check_can_settle_audit(user, rating, on=on))


# The organiser
def replies_somewhere(user: Reader, *, on: date) -> bool:
    """Whether the person answers for some organiser."""
    return isinstance(user, User) and bool(roles(user, on) & {*REPLIES})


def check_can_read_own(user: Reader, rating: Rating | None, *, on: date) -> Membership:
    """Return the membership by which a person reads the own organiser's rating, once it was sent. Raises `Denied`, in the same
    words for another's and for none."""
    if not isinstance(user, User):
        raise Denied(_("Sign in to see what has been sent to you."), sign_in=True)
    if rating is not None and rating.state in states.SEEN_BY_ORGANISER:
        for held in memberships(user, on):
            if held.role in REPLIES and held.organiser_id == rating.organiser_id:
                return held
    raise Denied(_("There is no rating here that is open to you."))


def can_read_own(user: Reader, rating: Rating | None, *, on: date) -> bool:
    """Whether the person reads the rating for its organiser."""
    return asks(lambda: check_can_read_own(user, rating, on=on))


def check_can_reply(user: Reader, rating: Rating | None, *, on: date) -> Membership:
    """Return the membership of a person who may write and hand in the organiser's reply: until it is in, or the lead went on."""
    held = check_can_read_own(user, rating, on=on)
    if rating is None or rating.state != "reply":
        raise CaseError(_("The time to reply is over, or the reply is in."), _("Read what was said and answered."))
    return held


def can_reply(user: Reader, rating: Rating | None, *, on: date) -> bool:
    """Whether the person may reply for the organiser."""
    return asks(lambda: check_can_reply(user, rating, on=on))


# The report
def check_can_write(user: Reader, round: Round, *, on: date) -> Role:
    """Return the role in which a lead writes the report on a closed round."""
    role = check_can_lead(user, on=on)
    if round.state != "closed":
        raise CaseError(_("The round is not closed."), _("A report is written on what is closed."))
    return role


def can_write(user: Reader, round: Round, *, on: date) -> bool:
    """Whether the person may write the report on a round."""
    return asks(lambda: check_can_write(user, round, on=on))


def check_can_see_draft(user: Reader, *, on: date) -> Role:
    """Return the role in which the person reads a report before it is public: a lead, or a press officer who reads it again."""
    if not isinstance(user, User):
        raise Denied(_("Sign in to see the ratings."), sign_in=True)
    held = roles(user, on)
    for role in READ_AGAIN:
        if role in held:
            return role
    raise Denied(_("A report that is not published is open to those who write it and read it again."))


def check_can_change(user: Reader, report: Report, *, on: date) -> Role:
    """Return the role in which a lead changes the text of a report that is being written."""
    role = check_can_lead(user, on=on)
    if report.state not in states.WRITTEN_ON:
        raise CaseError(_("The report is not being written."), _("Prepare a correction first."))
    return role


def can_change(user: Reader, report: Report, *, on: date) -> bool:
    """Whether the person may change the text."""
    return asks(lambda: check_can_change(user, report, on=on))


def check_can_move(user: Reader, report: Report, code: str, *, on: date) -> Role:
    """Return the role in which the person takes a report further. Nobody publishes, or sends back, what they wrote any part of; a
    writer takes it back from the second reader."""
    role = check_can_see_draft(user, on=on)
    states.REPORT.move(report.state, code)
    if code in ("publish", "send_back"):
        if user.pk in report.writers:
            raise CaseError(
                _("You have written in it: it takes a second person, who has not, to publish it."),
                _("Ask a colleague who has not written in it."),
            )
        return role
    if code == "take_back" and user.pk not in report.writers:
        raise CaseError(_("Those who wrote it take it back."), _("Send it back with a reason instead."))
    return check_can_lead(user, on=on)


def can_move(user: Reader, report: Report, code: str, *, on: date) -> bool:
    """Whether the person may take the step."""
    return asks(lambda: check_can_move(user, report, code, on=on))
