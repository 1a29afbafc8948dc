"""Sheets of markers, with marks, grounds and evidence; conflicts of interest; and the levels that stand."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from likvard.site.cases.models.shared import by, paired
from likvard.site.people.models import Organiser, User
from likvard.site.ratings.models.round import Rating
from likvard.site.ratings.states import How, Part

_LEVEL = Q(level__isnull=True) | Q(level__in=[0, 1, 2])


class Conflict(models.Model):
    """That a person must not rate an organiser, and why. It is ended, never deleted."""

    organiser = models.ForeignKey(Organiser, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("why"), max_length=500)
    at = models.DateTimeField()
    declared_by = by()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = by(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["organiser", "at"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="conflict_with_reason"),
            models.CheckConstraint(condition=paired("ended_at", "ended_by"), name="conflict_ended_at_and_by"),
            models.UniqueConstraint(
                fields=["organiser", "user"], condition=Q(ended_at__isnull=True), name="conflict_standing_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.organiser}"


class SheetQuerySet(models.QuerySet["Sheet"]):
    """Questions about sheets."""

    def standing(self) -> Self:
        """Those that have not been taken back."""
        return self.filter(withdrawn_at__isnull=True)

    def handed_in(self) -> Self:
        """Those that count: handed in and not taken back."""
        return self.standing().filter(handed_in_at__isnull=False)


class Sheet(models.Model):
    """A marker's own sheet for one organiser. Nobody else reads it before the two first markers have both handed in."""

    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, related_name="sheets")
    marker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=6, choices=Part.choices)
    given_at = models.DateTimeField()
    given_by = by()
    handed_in_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = by(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)

    objects = SheetQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["rating", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(part__in=Part.values), name="sheet_part_is_known"),
            models.CheckConstraint(condition=paired("withdrawn_at", "withdrawn_by"), name="sheet_withdrawn_at_and_by"),
            models.UniqueConstraint(
                fields=["rating", "part"], condition=Q(withdrawn_at__isnull=True), name="sheet_part_once"
            ),
            models.UniqueConstraint(
                fields=["rating", "marker"], condition=Q(withdrawn_at__isnull=True), name="sheet_marker_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rating}: {self.get_part_display()}"


class SheetsRead(models.Model):
    """That a person has opened the two first sheets of a rating, or settled by them: they do not mark it blind after that."""

    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["rating", "user"], name="sheets_read_once")]

    def __str__(self) -> str:
        return f"{self.rating}: {self.user}"


class Mark(models.Model):
    """What a marker thinks of one criterion: a level or that it cannot be judged, with grounds. `private` never leaves the Inspectorate."""

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="marks")
    criterion = models.CharField(max_length=40)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    grounds = models.TextField(_("grounds"), max_length=4000, blank=True)
    private = models.TextField(_("note to colleagues"), max_length=2000, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["sheet", "criterion"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet", "criterion"], name="mark_once"),
            models.CheckConstraint(condition=_LEVEL, name="mark_level_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet}: {self.criterion}"


class Evidence(models.Model):
    """What a mark rests on: a document or a source, where in it, and of what day."""

    mark = models.ForeignKey(Mark, on_delete=models.PROTECT, related_name="evidence")
    title = models.CharField(_("document or source"), max_length=200)
    place = models.CharField(_("page or section"), max_length=100, blank=True)
    dated = models.DateField(_("dated"), null=True, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["mark", "id"]

    def __str__(self) -> str:
        return self.title


class Standing(models.Model):
    """A level that came to stand for a criterion, how, and why. The newest of a criterion stands; the rest is history."""

    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, related_name="levels")
    criterion = models.CharField(max_length=40)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    how = models.CharField(max_length=7, choices=How.choices)
    grounds = models.TextField(max_length=4000)
    at = models.DateTimeField()
    by = by(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["rating", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=_LEVEL, name="standing_level_is_known"),
            models.CheckConstraint(condition=Q(how__in=How.values), name="standing_how_is_known"),
            # Where both markers chose it nobody decided; everything else was decided by somebody, for a reason.
            models.CheckConstraint(
                condition=Q(how=How.AGREED, by__isnull=True) | (~Q(how=How.AGREED) & Q(by__isnull=False) & ~Q(grounds="")),
                name="standing_decided_with_reason",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.rating}: {self.criterion}"
