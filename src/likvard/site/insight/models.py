"""What a reader keeps: groups of units to compare with."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from likvard.site.people.models import Unit, User


class ComparisonGroupQuerySet(models.QuerySet["ComparisonGroup"]):
    """Questions about groups."""

    def kept_by(self, owner: User) -> Self:
        """The groups that a person has and has not taken away, by name."""
        return self.filter(owner=owner, ended_at__isnull=True).order_by("name")


class ComparisonGroup(models.Model):
    """Units that a reader compares with, under a name of the reader's own. Taken away, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    units = models.ManyToManyField(Unit, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ComparisonGroupQuerySet.as_manager()

    class Meta:
        """One group of a name for each reader."""

        ordering: ClassVar = ["name", "made_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "owner", Lower("name"), condition=Q(ended_at__isnull=True), name="group_named_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("made_at")), name="group_ends_after_made"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of its units, by area and name."""
        return tuple(self.units.values_list("code", flat=True))

    @property
    def audit_subject(self) -> str:
        """What the audit chain calls it."""
        return f"group:{self.pk}"
