"""What the tables of cases have in common."""

from __future__ import annotations

from datetime import date
from typing import Self

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
