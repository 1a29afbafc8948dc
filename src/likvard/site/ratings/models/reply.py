"""The organiser's right of reply: agree or not, criterion by criterion, and what the Inspectorate answered."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from likvard.site.cases.models.shared import by, paired
from likvard.site.ratings.models.round import Rating


class Reply(models.Model):
    """What an organiser says of its rating, and once more of what an audit changed. Nobody at the Inspectorate reads it before it is
    handed in."""

    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, related_name="replies")
    after_audit = models.BooleanField(default=False)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    handed_in_by = by(null=True, blank=True)
    seal = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=paired("handed_in_at", "handed_in_by"), name="reply_handed_in_at_and_by"),
            models.UniqueConstraint(fields=["rating", "after_audit"], name="reply_once_and_once_after_the_audit"),
        ]

    def __str__(self) -> str:
        return str(self.rating)


class ReplyPointQuerySet(models.QuerySet["ReplyPoint"]):
    """Questions about points of a reply."""

    def of_turn(self, rating: Rating) -> Self:
        """Those of the reply that the rating is at: the first, or after the audit the one about what it changed."""
        return self.filter(reply__rating=rating, reply__after_audit=rating.audited)


class ReplyPoint(models.Model):
    """What the organiser says of one criterion, and the answer. Whoever disagrees says why and what shows it."""

    objects = ReplyPointQuerySet.as_manager()

    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="points")
    criterion = models.CharField(max_length=40)
    agrees = models.BooleanField()
    text = models.TextField(_("what the organiser says"), max_length=4000, blank=True)
    evidence = models.TextField(_("what shows it"), max_length=2000, blank=True)
    saved_at = models.DateTimeField()
    saved_by = by()
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = by(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["reply", "criterion"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reply", "criterion"], name="reply_point_once"),
            models.CheckConstraint(condition=Q(agrees=True) | ~Q(text=""), name="reply_point_says_why"),
            models.CheckConstraint(condition=paired("answered_at", "answered_by"), name="reply_point_answered_by"),
        ]

    def __str__(self) -> str:
        return f"{self.reply}: {self.criterion}"
