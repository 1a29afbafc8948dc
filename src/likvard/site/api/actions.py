"""What is done with tokens and allowances. A change and its event are one transaction."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from likvard.site.api import permissions
from likvard.site.api.models import Bucket, Token
from likvard.site.api.rules import Allowance, Rate, Secret, bucket_of, microseconds
from likvard.site.audit import events
from likvard.site.people.models import User


@transaction.atomic
def make_token(*, by: User, name: str, reads_organiser: bool, days: int, at: datetime) -> tuple[Token, Secret]:
    """Make a token for oneself. The secret is in nobody's hands but the caller's: it cannot be had again."""
    User.objects.select_for_update().get(pk=by.pk)  # two at once must not both be the last one
    permissions.check_can_make_token(by, reads_organiser=reads_organiser, at=at)
    secret = Secret(secrets.token_hex(5), secrets.token_urlsafe(32))
    token = Token.objects.create(
        prefix=secret.prefix,
        hashed=secret.hashed,
        name=name,
        owner=by,
        reads_organiser=reads_organiser,
        made_at=at,
        expires_at=at + timedelta(days=days),
    )
    data = {"token": token.prefix, "scopes": sorted(token.scopes), "expires_at": token.expires_at}
    events.record(at=at, actor=by, what="token.made", subject=f"user:{by.pk}", data=data)
    return token, secret


@transaction.atomic
def revoke_token(*, by: User, token: Token, at: datetime) -> Token:
    """Revoke a token at once. One that is revoked already stays as it is."""
    held = Token.objects.select_for_update().get(pk=token.pk)
    permissions.check_can_revoke_token(by, held)
    if held.revoked_at is None:
        held.revoked_at, held.revoked_by = at, by
        held.save(update_fields=["revoked_at", "revoked_by"])
        events.record(at=at, actor=by, what="token.revoked", subject=f"user:{by.pk}", data={"token": held.prefix})
    return held


def find_token(text: str, *, at: datetime) -> Token | None:
    """The token that a program sent, if it works and its owner's account is open; else None."""
    secret = Secret.parse(text)
    token = Token.objects.select_related("owner").filter(prefix=secret.prefix).first() if secret else None
    if secret is None or token is None or not secret.proves(token.hashed):
        return None
    return token if token.works(at) and token.owner.is_active else None


def note_use(token: Token, *, on: date) -> None:
    """Note the day on which a token was last used: one write a day."""
    if not token.used_on(on):
        Token.objects.filter(pk=token.pk).update(last_used=on)


def take(*, rate: Rate, caller: str, at: datetime) -> Allowance:
    """Count one request of a caller, and say whether it is let through.

    Safe with several workers: one conditional UPDATE decides, in the database. A refused request costs nothing.
    """
    now, name = microseconds(at), bucket_of(rate.name, caller, settings.SECRET_KEY)
    allowed = _taken(name, rate, now)
    if not allowed and not Bucket.objects.filter(pk=name).exists():
        allowed = _begun(name, rate, now) or _taken(name, rate, now)
    full_at = Bucket.objects.filter(pk=name).values_list("full_at", flat=True).first()
    return Allowance(rate, allowed, now if full_at is None else full_at, now)


def _taken(name: str, rate: Rate, now: int) -> bool:
    """Take one from an allowance that is there and has one left."""
    held = Bucket.objects.filter(pk=name, full_at__lte=rate.latest(now))
    return held.update(full_at=Greatest(F("full_at"), Value(now)) + rate.step) == 1


def _begun(name: str, rate: Rate, now: int) -> bool:
    """Begin an allowance where there is none, and take away those that are full again and so say nothing."""
    Bucket.objects.filter(full_at__lt=now).delete()
    try:
        with transaction.atomic():
            Bucket.objects.create(name=name, full_at=now + rate.step)
    except IntegrityError:  # another worker was first
        return False
    return True


@transaction.atomic
def record_read(
    *, token: Token, what: str, subject: str, reason: str, role: str, unit: str, data: dict, at: datetime
) -> None:
    """Record that figures that are not public were read with a token."""
    actor = token.owner
    actor.audit_role = role
    events.record(
        at=at, actor=actor, what=what, subject=subject, unit=unit, reason=reason, data={"token": token.prefix, **data}
    )
