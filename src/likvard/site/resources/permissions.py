"""Who may do what in an allocation round: `check_can_x` raises with the reason, `can_x` asks.

Heads of education and quality managers write; whoever reads the organiser's own figures follows the drafts; every school that the
money concerns, independent ones too, reads what is out for views and says what it thinks; what is decided is everybody's.
"""

from __future__ import annotations

from datetime import date
from typing import NoReturn

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from likvard.figures import formats
from likvard.site.cases.permissions import asks
from likvard.site.cases.states import CaseError, Move
from likvard.site.people import access
from likvard.site.people.access import Denied, Reader
from likvard.site.people.models import Membership, Organiser, Unit, User
from likvard.site.people.roles import Content, Role
from likvard.site.resources import rules
from likvard.site.resources.models import Round, Use, View
from likvard.site.ui.language import current

WRITERS = (Role.ORGANISER_HEAD, Role.QUALITY_MANAGER)
DECIDERS = (Role.ORGANISER_HEAD,)


def check_can_write(user: Reader, organiser: Organiser, *, on: date) -> Membership:
    """Return the membership by which the person prepares the organiser's rounds."""
    return _held(user, organiser, WRITERS, _("Only heads of education and quality managers prepare rounds."), on)


def can_write(user: Reader, organiser: Organiser, *, on: date) -> bool:
    """Whether the person prepares the organiser's rounds."""
    return asks(lambda: check_can_write(user, organiser, on=on))


def _held(user: Reader, organiser: Organiser, roles: tuple[Role, ...], why: str, on: date) -> Membership:
    if not isinstance(user, User):
        raise Denied(_("Sign in to work with rounds of allocation."), sign_in=True)
    for membership in access.memberships(user, on):
        if membership.role in roles and membership.organiser_id == organiser.number:
            return membership
    raise Denied(why, ask=access.whom_to_ask(access.administrators(organiser, on)))


def is_inside(user: Reader, organiser: Organiser, *, on: date) -> bool:
    """Whether the person reads the organiser's own figures, and so its drafts."""
    return access.may(user, Content.FIGURES, organiser, on=on)


def concerned(user: Reader, round: Round, *, on: date) -> list[Unit]:
    """The schools in the round that the person answers for: as principal, or at an independent organiser."""
    held = access.memberships(user, on)
    units = {m.unit_id for m in held if m.role == Role.PRINCIPAL}
    organisers = {m.organiser_id for m in held if m.role in WRITERS} - {round.organiser_id}
    mine = round.newest.shares.filter(Q(unit__in=units) | Q(unit__organiser__in=organisers))
    return [share.unit for share in mine.select_related("unit").defer("reason_sv", "reason_en")]


def asked_for_views(round: Round, *, on: date) -> dict[User, list[Unit]]:
    """Everybody who may say what a school of the round thinks, by e-mail address, with the schools each answers for."""
    units = {share.unit_id: share.unit for share in round.newest.shares.select_related("unit")}
    owners = {unit.organiser_id for unit in units.values()} - {None, round.organiser_id}
    held = Membership.objects.in_force(on).filter(user__is_active=True).select_related("user")
    at_units = held.filter(role=Role.PRINCIPAL, unit__in=units)
    at_owners = held.filter(role__in=WRITERS, organiser__in=owners)
    found: dict[User, list[Unit]] = {}
    for one in (*at_units, *at_owners):
        own = [
            u
            for u in units.values()
            if u.code == one.unit_id or (one.unit_id is None and u.organiser_id == one.organiser_id)
        ]
        known = found.setdefault(one.user, [])
        known += [unit for unit in own if unit not in known]
    return dict(sorted(found.items(), key=lambda pair: pair[0].email))


def refuse_unseen(user: Reader) -> NoReturn:
    """Refuse a round that is not open to the person, or that there is none of: both in the same way.

    A stranger is asked to sign in, for a letter may have led there; whoever is signed in is told that nothing is here.
    """
    if not user.is_authenticated:
        raise Denied(_("Sign in to see a round that is not decided."), sign_in=True)
    raise Http404(_("There is no round here, or it is not open to you."))


def check_can_read(user: Reader, round: Round, *, on: date) -> None:
    """Raise unless the person may read the round. Whether there is one is not told to others: `refuse_unseen`."""
    if round.is_decided or is_inside(user, round.organiser, on=on):
        return
    if round.state == "heard" and concerned(user, round, on=on):
        return
    refuse_unseen(user)


def can_read(user: Reader, round: Round, *, on: date) -> bool:
    """Whether the person may read the round."""
    try:
        check_can_read(user, round, on=on)
    except (Denied, Http404):
        return False
    return True


def check_can_follow(user: Reader, round: Round, *, on: date) -> None:
    """Raise unless the person may read what schools said and what the money is used for: the organiser's own people."""
    check_can_read(user, round, on=on)
    if not is_inside(user, round.organiser, on=on):
        if not user.is_authenticated:
            raise Denied(_("Sign in to read this."), sign_in=True)
        raise Denied(_("Only people at the organiser read this."))


def can_follow(user: Reader, round: Round, *, on: date) -> bool:
    """Whether the person may read what schools said and what the money is used for."""
    return asks(lambda: check_can_follow(user, round, on=on))


def check_can_open(
    user: Reader, organiser: Organiser, year: int, form: str, *, on: date
) -> tuple[Membership, Round | None]:
    """Return the membership of a person who may open a round, and the decided round that it follows on, if there is one."""
    found = check_can_write(user, organiser, on=on)
    same = Round.objects.of(organiser.number).filter(year=year, form=form)
    if same.filter(state__in=rules.OPEN_STATES).exists():
        raise CaseError(_("A round of this year and form is open already."), _("Go on with that one."))
    return found, same.decided().order_by("-id").first()


def check_can_change(user: Reader, round: Round, *, on: date) -> Membership:
    """Return the membership of a person who may make a new version: while the round is a draft."""
    found = check_can_write(user, round.organiser, on=on)
    if round.state != "draft":
        instead = (
            _("Take it back first.") if round.state == "heard" else _("Open a new round that follows on this one.")
        )
        raise CaseError(
            _("A round that is “%(state)s” is not changed.") % {"state": rules.state_label(round.state)}, instead
        )
    return found


def can_change(user: Reader, round: Round, *, on: date) -> bool:
    """Whether the person may make a new version now."""
    return asks(lambda: check_can_change(user, round, on=on))


def check_can_move(user: Reader, round: Round, code: str, *, on: date) -> tuple[Move, Membership]:
    """Return the move and the membership of a person who may take the round this way now."""
    found = check_can_write(user, round.organiser, on=on)
    move = rules.TABLE.move(round.state, code)
    if code == "decide":
        found = check_can_decide(user, round, on=on)
    return move, found


def can_move(user: Reader, round: Round, code: str, *, on: date) -> bool:
    """Whether the person can take the round this way now."""
    return asks(lambda: check_can_move(user, round, code, on=on))


def check_can_decide(user: Reader, round: Round, *, on: date) -> Membership:
    """Return the membership of a head of education who may decide: when the day for views has passed and each is answered."""
    found = _held(user, round.organiser, DECIDERS, _("Only a head of education decides a round."), on)
    if round.state != "heard":
        raise CaseError(_("The round has not been out for views."), _("Send it out to the schools first."))
    if round.views_until is not None and on <= round.views_until:
        raise CaseError(
            _("Schools may give views until %(day)s.") % {"day": formats.day(round.views_until, current())},
            _("Decide after that day."),
        )
    if View.objects.filter(version__round=round).unanswered().exists():
        raise CaseError(_("Some views have no answer yet."), _("Answer them first."))
    return found


def can_decide(user: Reader, round: Round, *, on: date) -> bool:
    """Whether the person may decide the round now."""
    return asks(lambda: check_can_decide(user, round, on=on))


def check_can_give_view(user: Reader, round: Round, unit: Unit, *, on: date) -> Membership:
    """Return the membership by which a person says what a school thinks, while the round is out for views."""
    check_can_read(user, round, on=on)
    if round.state != "heard" or round.views_until is None or on > round.views_until:
        raise CaseError(_("The round is not out for views."), _("Write to the organiser instead."))
    for membership in access.memberships(user, on):
        is_principal = membership.role == Role.PRINCIPAL and membership.unit_id == unit.code
        is_other = membership.role in WRITERS and membership.organiser_id == unit.organiser_id != round.organiser_id
        if is_principal or is_other:
            return membership
    raise Denied(_("Only the school's principal, or an independent school's organiser, gives views here."))


def can_give_view(user: Reader, round: Round, unit: Unit, *, on: date) -> bool:
    """Whether the person may say what a school thinks now."""
    try:
        check_can_give_view(user, round, unit, on=on)
    except (CaseError, Denied, Http404):
        return False
    return True


def check_can_answer(user: Reader, view: View, *, on: date) -> Membership:
    """Return the membership of a person who may answer a view: before the decision."""
    round = view.version.round
    found = check_can_write(user, round.organiser, on=on)
    if not round.is_open:
        raise CaseError(_("The round is settled."), _("Write to the school instead."))
    return found


def check_can_plan(user: Reader, round: Round, *, on: date) -> Membership:
    """Return the membership of a person who may write down what the money is used for: when the round is decided."""
    found = check_can_write(user, round.organiser, on=on)
    if not round.is_decided:
        raise CaseError(_("The round is not decided."), _("Write down its use when it is."))
    return found


def can_plan(user: Reader, round: Round, *, on: date) -> bool:
    """Whether the person may write down what the money is used for."""
    return asks(lambda: check_can_plan(user, round, on=on))


def check_can_look(user: Reader, use: Use, code: str, *, on: date) -> tuple[Move, Membership]:
    """Return the move and the membership of a person who may look at a use now: from the day that was set, until it is told."""
    found = check_can_write(user, use.round.organiser, on=on)
    if use.state == "settled":
        raise CaseError(_("This has been looked at already."), _("Write down a new measure if it goes on."))
    move = rules.USES.move(use.state, code)
    if on < use.look_on:
        raise CaseError(
            _("The day to look is %(day)s.") % {"day": formats.day(use.look_on, current())}, _("Come back then.")
        )
    return move, found


def can_look(user: Reader, use: Use, *, on: date) -> bool:
    """Whether the person may say now what came of a use, or that it cannot be told yet."""
    return asks(lambda: check_can_look(user, use, "settle", on=on))
