"""What schools say of a round while it is out for views, and what the organiser answers."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from likvard.site.cases.models.shared import by as signed
from likvard.site.cases.models.shared import paired
from likvard.site.people.models import Unit, User
from likvard.site.resources.models.round import Round, Version


class ViewQuerySet(models.QuerySet["View"]):
    """Questions about views."""

    def unanswered(self) -> Self:
        """Those that nobody has answered yet."""
        return self.filter(answered_at__isnull=True)


class View(models.Model):
    """What a school says of the version that was sent out. It stays, with its answer, whatever comes of the round."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="views")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=4000)
    at = models.DateTimeField()
    by = signed()
    answer = models.TextField(max_length=4000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = signed(null=True, blank=True)

    objects = ViewQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="allocation_view_says_something"),
            models.CheckConstraint(
                condition=paired("answered_at", "answered_by"), name="allocation_view_answered_at_and_by"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="allocation_view_answered_in_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.text[:40]}"


class Reminder(models.Model):
    """A letter that reminded a person of the last day for views. There is one for each person and day: a hearing of its own has its own."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="reminders")
    to = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    until = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "to", "until"], name="allocation_reminder_once"),
        ]

    def __str__(self) -> str:
        return f"{self.round}: {self.to}"
