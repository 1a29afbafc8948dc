"""What may be done in a case: `check_can_x` raises with the reason, `can_x` asks.

Not possible now raises `CaseError`, with what to do first; not for this person raises `Denied`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from likvard.figures import formats
from likvard.site.cases import access
from likvard.site.cases.access import CaseGrant
from likvard.site.cases.kinds import kinds
from likvard.site.cases.models import Case, Clock, DocumentVersion, LinkType, Message, Outgoing
from likvard.site.cases.states import CaseError, Kind, Move, Owner
from likvard.site.cases.timing import Standing
from likvard.site.people.access import Denied, memberships, roles
from likvard.site.people.models import Organiser, Unit, User
from likvard.site.people.roles import TABLE, Content, Reach, Role, Scope, Where, reach_at
from likvard.site.ui.language import current


def asks(check: Callable[[], object]) -> bool:
    """Whether a check lets it pass."""
    try:
        check()
    except (CaseError, Denied):
        return False
    return True


def _granted(user: User, case: Case, on: date) -> CaseGrant:
    """The person's grant. Whoever states a reason to read is let in to read only, so none is asked for here."""
    found = access.grant(user, case, on, reason="-")
    if found is None:
        raise Denied(_("There is no matter with this number, or it is not open to you."))
    return found


def check_can_open(user: User, kind: Kind, place: Unit | Organiser, *, on: date) -> Role:
    """Return the role in which the person may open a case of the kind about the place."""
    for membership in memberships(user, on):
        role = Role(membership.role)
        if role not in kind.openers:
            continue
        reach = reach_at(membership.place)
        inside = (
            reach.has_unit(place.code, place.organiser_id or "")
            if isinstance(place, Unit)
            else reach.has_organiser(place.number)
        )
        if inside:
            return role
    raise Denied(_("You cannot open a matter of this kind about %(place)s.") % {"place": place})


def can_open(user: User, kind: Kind, place: Unit | Organiser, *, on: date) -> bool:
    """Whether the person may open a case of the kind about the place."""
    return asks(lambda: check_can_open(user, kind, place, on=on))


def kinds_to_open(user: User, *, on: date) -> list[str]:
    """The kinds of case that the person may open on the plain page; a kind with a page of its own is opened on its own."""
    held = roles(user, on)
    plain = {code: kind for code, kind in kinds().items() if kind.page == Kind.page}
    return [code for code, kind in plain.items() if held & kind.openers]


def places_to_open(user: User, *, on: date) -> Reach:
    """The places that the person may open cases about."""
    openers = frozenset().union(*(kind.openers for kind in kinds().values()))
    reach = Reach()
    for membership in memberships(user, on):
        if Role(membership.role) in openers:
            reach |= reach_at(membership.place)
    return reach


def check_is_open(case: Case) -> None:
    """A closed case is read, not changed."""
    if case.is_closed:
        raise CaseError(
            _("The matter is closed: it can be read, not changed."), _("Open a new one that follows on this.")
        )


def check_can_work(user: User, case: Case, *, on: date) -> CaseGrant:
    """Return the grant of a person who may change the case: clocks, documents, messages, links."""
    found = _granted(user, case, on)
    if not found.works:
        raise Denied(_("You may read this matter, not change it."))
    check_is_open(case)
    return found


def can_work(user: User, case: Case, *, on: date) -> bool:
    """Whether the person may change the case."""
    return asks(lambda: check_can_work(user, case, on=on))


def check_can_lead(user: User, case: Case, *, on: date) -> CaseGrant:
    """Return the grant of a person who may share the case out and decide in it."""
    found = _granted(user, case, on)
    if not found.leads:
        raise Denied(_("Only whoever leads the work may do this."))
    check_is_open(case)
    return found


def can_lead(user: User, case: Case, *, on: date) -> bool:
    """Whether the person may share the case out and decide in it."""
    return asks(lambda: check_can_lead(user, case, on=on))


def check_can_move(user: User, case: Case, code: str, *, on: date) -> tuple[Move, CaseGrant]:
    """Return the move and the grant. A move out of a state that the lead or the registrar owns is theirs alone."""
    move = case.kind.table.move(case.state_code, code)
    by_lead = case.state.owner in (Owner.LEAD, Owner.REGISTRAR)
    found = check_can_lead(user, case, on=on) if by_lead else check_can_work(user, case, on=on)
    check_may_enter(case, move)
    return move, found


def check_may_enter(case: Case, move: Move) -> None:
    """What must be in place before a state: somebody who owns it, and for an end no clock that is still going; then the gate of its kind."""
    target = case.kind.table.state(move.to)
    if target.owner is Owner.OFFICER and case.responsible_id is None:
        raise CaseError(_("Nobody is responsible for the matter yet."), _("Share it out first."))
    going = list(case.clocks.all().going()) if target.end else []
    if going:
        raise CaseError(
            _("The matter cannot be closed while a clock is going: %(names)s.")
            % {"names": ", ".join(clock.label for clock in going)},
            _("Say that it is done, or stop it with a reason."),
        )
    if case.kind.gate:
        import_string(case.kind.gate)(case, move)


def can_move(user: User, case: Case, code: str, *, on: date) -> bool:
    """Whether the person can take the case this way now."""
    return asks(lambda: check_can_move(user, case, code, on=on))


def check_can_be_handed(user: User, case: Case, *, on: date) -> None:
    """The one to whom a case is handed must have a role that it can be opened to, and not be excluded."""
    if case.exclusions.all().in_force().filter(user=user).exists():
        raise CaseError(_("%(person)s is excluded from this matter.") % {"person": user}, _("Choose somebody else."))
    near = any(access.is_near(m.place, case) and _reads_matters(m.role) for m in memberships(user, on))
    if not near:
        raise CaseError(
            _("%(person)s has no role that a matter here can be handed to.") % {"person": user},
            _("Ask an administrator to give the role first."),
        )


def check_can_be_written_to(user: User, case: Case, *, sensitive: bool, on: date) -> None:
    """Messages go only to people whom the case is open to without asking; about pupils only to who may read of them."""
    if access.needs_reason(user, case, on):
        raise CaseError(
            _("The matter is not open to %(person)s.") % {"person": user},
            _("Open it to them first, or choose another."),
        )
    if sensitive and not _granted(user, case, on).pupils:
        raise CaseError(
            _("The role of %(person)s does not reach what is about pupils.") % {"person": user},
            _("Write without personal data of pupils, or choose another."),
        )


def _reads_matters(role: str) -> bool:
    return TABLE[Role(role)][Content.MATTERS] is not Where.NOWHERE


def check_can_pause(user: User, clock: Clock, *, on: date) -> CaseGrant:
    """Return the grant of a person who may pause a clock. One that is late, paused or over cannot be paused."""
    found = check_can_work(user, clock.case, on=on)
    standing = clock.value.standing(on)
    if standing is Standing.LATE:
        raise CaseError(_("A clock that is late cannot be paused."), _("Do what it asks for, and say that it is done."))
    if standing not in (Standing.RUNNING, Standing.SOON, Standing.OPEN):
        raise CaseError(_("The clock is not running."), _("Look at how it stands."))
    return found


def can_pause(user: User, clock: Clock, *, on: date) -> bool:
    """Whether the person may pause the clock."""
    return asks(lambda: check_can_pause(user, clock, on=on))


def check_can_resume(user: User, clock: Clock, *, on: date) -> CaseGrant:
    """Return the grant of a person who may let a paused clock go on."""
    found = check_can_work(user, clock.case, on=on)
    if clock.value.paused_since is None or not clock.is_going:
        raise CaseError(_("The clock is not paused."), _("Look at how it stands."))
    return found


def check_can_end(user: User, clock: Clock, *, on: date) -> CaseGrant:
    """Return the grant of a person who may say that a duty is done, or no longer needed."""
    found = check_can_work(user, clock.case, on=on)
    if not clock.is_going:
        raise CaseError(_("The clock has ended already."), _("Look at how it stands."))
    return found


def check_can_see_pupils(grant: CaseGrant, reason: str) -> None:
    """What is about pupils is shown only on request, with a reason, to roles that may see it here."""
    if not grant.pupils:
        raise Denied(_("Your role does not reach what is about pupils in this matter."))
    if not reason.strip():
        raise CaseError(_("Say why you need to see it."), _("The reason is kept and shown in the record."))


def check_can_read_message(user: User, message: Message, grant: CaseGrant, reason: str) -> None:
    """A message is open to whoever may read the case; a sensitive one only on request, except to its author."""
    if message.sensitive and message.author_id != user.pk:
        check_can_see_pupils(grant, reason)


def check_can_fetch(version: DocumentVersion, case: Case, grant: CaseGrant, reason: str) -> None:
    """A document is fetched through the case that it belongs to, and only if the scanner lets it out."""
    links = version.document.links.all().filter(case=case, type=LinkType.OWN)
    if not links.exists():
        raise Denied(_("The document belongs to another matter."))
    if not version.may_be_fetched:
        raise CaseError(
            _("The file is kept apart: %(why)s.") % {"why": version.get_scan_display()},
            _("Ask whoever sent it for a new one."),
        )
    if version.document.sensitive:
        check_can_see_pupils(grant, reason)


def check_can_settle(user: User, letter: Outgoing, *, on: date) -> None:
    """Who looks after letters that nobody knows of: an administrator of the site, or whoever works in the letter's case."""
    if letter.state not in (Outgoing.State.UNKNOWN, Outgoing.State.FAILED):
        raise CaseError(_("The letter needs nobody's help."), _("Look at how it stands."))
    runs_site = any(m.role == Role.ADMINISTRATOR and m.place.scope is Scope.NATIONAL for m in memberships(user, on))
    if not runs_site and (letter.case is None or not can_work(user, letter.case, on=on)):
        raise Denied(_("Only an administrator of the site may do this."))


def check_can_hide(user: User, case: Case, *, on: date) -> None:
    """An administrator of the place makes a case unreachable when its time has run out, never before."""
    if not any(m.role == Role.ADMINISTRATOR and access.covers(m.place, case) for m in memberships(user, on)):
        raise Denied(_("Only an administrator may do this."))
    until = case.kept_until
    if case.unreachable_at is not None or until is None or until >= on:
        raise CaseError(
            _("The matter is to be kept."),
            _("Wait until %(day)s.") % {"day": formats.day(until, current())} if until else _("It is kept for ever."),
        )
