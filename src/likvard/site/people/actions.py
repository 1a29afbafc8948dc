"""What is done to people and their access. Each action is one transaction with its event; the time is an argument."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from likvard.site.audit import events
from likvard.site.people import mails, permissions
from likvard.site.people.access import Denied
from likvard.site.people.mirror import sync as sync
from likvard.site.people.models import Invitation, Membership, Organiser, Unit, User
from likvard.site.people.roles import Role
from likvard.terms import UsageError

OPEN_FOR = timedelta(days=7)
"""How long an invitation can be accepted."""


def about(user: User) -> str:
    """What the audit chain calls an account."""
    return f"user:{user.pk}"


def _where(organiser: Organiser | None, unit: Unit | None) -> dict[str, str]:
    return {"organiser": organiser.number if organiser else "", "unit": unit.code if unit else ""}


@transaction.atomic
def invite(
    *,
    by: User | None,
    email: str,
    role: Role,
    at: datetime,
    name: str = "",
    organiser: Organiser | None = None,
    unit: Unit | None = None,
    start: date | None = None,
    end: date | None = None,
    reason: str = "",
) -> str:
    """Offer a role to an e-mail address; send and return the link, which works once and for a week."""
    on = timezone.localdate(at)
    permissions.check_can_give(by, role, organiser, unit, on=on)
    address = email.strip().lower()
    if by is not None and by.email == address:
        raise Denied(_("Nobody changes their own access. Ask another administrator."))
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        email=address,
        name=name,
        role=role,
        organiser=organiser,
        unit=unit,
        start=start or on,
        end=end,
        reason=reason,
        token_hash=hashed(token),
        invited_by=by,
        invited_at=at,
        expires_at=at + OPEN_FOR,
    )
    data = {"email": address, "role": role.value, **_where(organiser, unit), "start": invitation.start, "end": end}
    events.record(
        at=at, actor=by, what="invitation.sent", subject=f"invitation:{invitation.pk}", reason=reason, data=data
    )
    link = settings.BASE_URL + reverse("people_accept", kwargs={"token": token})
    transaction.on_commit(partial(mails.invitation, invitation, link), robust=True)
    return link


def hashed(token: str) -> str:
    """What is kept of an invitation's link."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_of(token: str, *, at: datetime) -> Invitation | None:
    """The open invitation that a link belongs to; None if it is used, withdrawn, too old or never was."""
    found = Invitation.objects.open(at).filter(token_hash=hashed(token))
    return found.select_related("organiser", "unit", "invited_by").first()


@transaction.atomic
def withdraw(*, invitation: Invitation, by: User, at: datetime) -> None:
    """Make an invitation's link stop working."""
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    permissions.check_can_give(
        by, Role(invitation.role), invitation.organiser, invitation.unit, on=timezone.localdate(at)
    )
    _check_open(invitation)
    invitation.withdrawn_at, invitation.withdrawn_by = at, by
    invitation.save(update_fields=["withdrawn_at", "withdrawn_by"])
    events.record(at=at, actor=by, what="invitation.withdrawn", subject=f"invitation:{invitation.pk}")


def _check_open(invitation: Invitation) -> None:
    if invitation.accepted_at or invitation.withdrawn_at:
        raise Denied(_("This invitation has been used or withdrawn already."))


@transaction.atomic
def accept(*, invitation: Invitation, at: datetime, user: User | None, name: str = "", password: str = "") -> User:
    """Take up an invitation: with the account that has its address, or with a new one. Give the membership that it offers."""
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    _check_open(invitation)
    person = user or _new_account(invitation.email, name or invitation.name, password, at)
    if person.email != invitation.email:
        raise Denied(_("This invitation is for another e-mail address than the one you are signed in with."))
    invitation.accepted_at, invitation.accepted_by = at, person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    membership = Membership.objects.create(
        user=person,
        role=invitation.role,
        organiser=invitation.organiser,
        unit=invitation.unit,
        start=invitation.start,
        end=invitation.end,
        reason=invitation.reason,
        given_by=invitation.invited_by,
        given_at=at,
    )
    events.record(at=at, actor=person, what="invitation.accepted", subject=f"invitation:{invitation.pk}")
    _record_given(membership, invitation.invited_by, at)
    return person


def _new_account(email: str, name: str, password: str, at: datetime) -> User:
    if User.objects.filter(email=email).exists():
        raise Denied(_("There is an account with this e-mail address. Sign in with it to accept."))
    person = User.objects.create_user(email, password or None, name=name)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    events.record(at=at, actor=person, what="account.made", subject=about(person), data={"email": email})
    return person


@transaction.atomic
def give(
    *,
    by: User | None,
    user: User,
    role: Role,
    at: datetime,
    organiser: Organiser | None = None,
    unit: Unit | None = None,
    start: date | None = None,
    end: date | None = None,
    reason: str = "",
) -> Membership:
    """Give a person a role at a place, from a first day (today) to a last one (none: until ended)."""
    on = timezone.localdate(at)
    permissions.check_can_change(by, user, on=on)
    permissions.check_can_give(by, role, organiser, unit, on=on)
    membership = Membership.objects.create(
        user=user,
        role=role,
        organiser=organiser,
        unit=unit,
        start=start or on,
        end=end,
        reason=reason,
        given_by=by,
        given_at=at,
    )
    _record_given(membership, by, at)
    return membership


def _record_given(membership: Membership, by: User | None, at: datetime) -> None:
    data: dict[str, Any] = {
        "membership": membership.pk,
        "role": str(membership.role),
        **_where(membership.organiser, membership.unit),
        "start": membership.start,
        "end": membership.end,
    }
    events.record(
        at=at,
        actor=by,
        what="membership.given",
        subject=about(membership.user),
        unit=membership.unit_id or "",
        reason=membership.reason,
        data=data,
    )


@transaction.atomic
def end(*, membership: Membership, by: User | None, at: datetime, last: date, reason: str = "") -> Membership:
    """Let a membership hold until `last` and no longer. One that begins later than that never comes to hold."""
    membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    today = timezone.localdate(at)
    permissions.check_can_end(by, membership, on=today)
    data = {"membership": membership.pk, "role": str(membership.role), "start": membership.start, "end": last}
    if last < membership.start:
        membership.start = last = min(last, today - timedelta(days=1))
    membership.end = last
    if by is not None:
        membership.ended_by, membership.ended_at = by, at
    membership.save(update_fields=["start", "end", "ended_by", "ended_at"])
    events.record(at=at, actor=by, what="membership.ended", subject=about(membership.user), reason=reason, data=data)
    return membership


@transaction.atomic
def close_account(*, user: User, by: User | None, at: datetime, reason: str) -> None:
    """Stop a person from signing in, and sign them out everywhere. Memberships stay as they are."""
    permissions.check_can_close(by, user, on=timezone.localdate(at))
    User.objects.filter(pk=user.pk).update(is_active=False)
    _end_sessions(user)
    events.record(at=at, actor=by, what="account.closed", subject=about(user), reason=reason)


@transaction.atomic
def open_account(*, user: User, by: User | None, at: datetime, reason: str) -> None:
    """Let a person sign in again."""
    permissions.check_can_close(by, user, on=timezone.localdate(at))
    User.objects.filter(pk=user.pk).update(is_active=True)
    events.record(at=at, actor=by, what="account.opened", subject=about(user), reason=reason)


@transaction.atomic
def reset_second_factor(*, user: User, by: User | None, at: datetime, reason: str) -> None:
    """Take away a second factor that is lost, and sign the person out everywhere; the next sign-in asks for a new one."""
    permissions.check_can_close(by, user, on=timezone.localdate(at))
    Authenticator.objects.filter(user=user).delete()
    _end_sessions(user)
    events.record(at=at, actor=by, what="account.second_factor_reset", subject=about(user), reason=reason)


@transaction.atomic
def change_details(*, user: User, name: str, language: str, at: datetime) -> None:
    """Change the person's own name and language."""
    before = {"name": user.name, "language": user.language}
    user.name, user.language = name, language
    user.save(update_fields=["name", "language"])
    data = {"before": before, "after": {"name": name, "language": language}}
    events.record(at=at, actor=user, what="account.details_changed", subject=about(user), data=data)


@transaction.atomic
def sign_out_elsewhere(*, user: User, keep: str, at: datetime) -> int:
    """End every session of a person but the one with this key; return how many there were."""
    ended = _end_sessions(user, keep=keep)
    events.record(at=at, actor=user, what="account.signed_out_elsewhere", subject=about(user), data={"sessions": ended})
    return ended


def _end_sessions(user: User, keep: str = "") -> int:
    sessions = list(UserSession.objects.filter(user=user).exclude(session_key=keep))
    for session in sessions:
        session.end()
    return len(sessions)


@transaction.atomic
def note(*, actor: User | None, subject: str, what: str, at: datetime, data: dict[str, Any] | None = None) -> None:
    """Record what happened at the door: signed in or out, refused, locked out, password or second factor changed."""
    events.record(at=at, actor=actor, what=what, subject=subject, data=data)


@transaction.atomic
def demo_account(*, email: str, name: str, password: str, at: datetime) -> User:
    """An account of invented people, made without an invitation. Raises `UsageError` on a site that is no demo."""
    if not settings.DEMO:
        raise UsageError("This is no demo.", "Invite people by e-mail instead.")
    return _new_account(email, name, password, at)
