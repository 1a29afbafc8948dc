"""What the tables of cases have in common."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from likvard.site.people.models import User


def paired(*names: str) -> Q:
    """Fields that are all set or all empty."""
    return Q(**{f"{name}__isnull": True for name in names}) | Q(**{f"{name}__isnull": False for name in names})


def by(**more: object) -> models.ForeignKey:
    """Who did it: a key that keeps its user."""
    return models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", **more)  # type: ignore[arg-type]


class Since(models.QuerySet):
    """Questions about rows that hold from a moment until they are ended."""

    def in_force(self, on: date | None = None) -> Self:
        """Those that hold now; with a day also only until their last day."""
        found = self.filter(ended_at__isnull=True)
        return found if on is None else found.filter(Q(until__isnull=True) | Q(until__gte=on))


class StepTaken(models.Model):
    """A step along a state table: which move, who made it, when and why. A subject says of what, and what it is called.

    The audit chain holds the same; the rows are what a page shows of it.
    """

    move = models.CharField(max_length=20)
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    by = by()

    class Meta:
        abstract = True
        ordering: ClassVar = ["at", "id"]
