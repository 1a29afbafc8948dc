"""Tokens, and what is left of each caller's allowance."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from likvard.site.api.rules import Scope


class TokenQuerySet(models.QuerySet["Token"]):
    """Questions about tokens."""

    def in_use(self, at: datetime) -> Self:
        """Those that still open something: neither revoked nor too old."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=at)

    def newest_first(self) -> Self:
        """As a list of them is shown."""
        return self.order_by("-made_at", "-pk")


class Token(models.Model):
    """A key for a program. Only its hash is kept; `prefix` finds it. It is revoked or grows old, never deleted."""

    prefix = models.CharField(max_length=10, unique=True)
    hashed = models.CharField(max_length=64)
    name = models.CharField(_("name"), max_length=100)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reads_organiser = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    last_used = models.DateField(null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="token_expires_later"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="token_revoked_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"

    @property
    def scopes(self) -> frozenset[Scope]:
        """What it may be used for, beyond what is open to everybody."""
        return frozenset({Scope.ORGANISER_FIGURES} if self.reads_organiser else ())

    def works(self, at: datetime) -> bool:
        """Whether it still opens anything."""
        return self.revoked_at is None and at < self.expires_at

    def used_on(self, day: date) -> bool:
        """Whether it is already noted as used on this day or later."""
        return self.last_used is not None and self.last_used >= day


class Bucket(models.Model):
    """A caller's allowance: the time, in microseconds since 1970, at which it is full again.

    `name` is a keyed hash of the address or the token. A row whose time has passed says nothing, and is taken away.
    """

    name = models.CharField(primary_key=True, max_length=32)
    full_at = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return self.name
