"""The outbox: letters that wait to be sent."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from likvard.site.cases.models.case import Case


class OutgoingQuerySet(models.QuerySet["Outgoing"]):
    """Questions about the outbox."""

    def due(self, at: datetime) -> Self:
        """Mail whose turn it is, oldest first."""
        return self.filter(state=Outgoing.State.QUEUED, due_at__lte=at).order_by("due_at", "id")

    def unsettled(self) -> Self:
        """Mail that a person must look at: nobody knows whether it was sent, or it could not be."""
        return self.filter(state__in=[Outgoing.State.UNKNOWN, Outgoing.State.FAILED])


class Outgoing(models.Model):
    """A letter to be sent, written in the transaction of the deed that it tells of. See `outbox`."""

    class State(models.TextChoices):
        """Where it is."""

        QUEUED = "queued", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("could not be sent")
        UNKNOWN = "unknown", _("perhaps sent")
        DROPPED = "dropped", _("not to be sent")

    message_id = models.CharField(max_length=200, unique=True)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    headers = models.JSONField(default=dict, blank=True)  # further ones, as List-Unsubscribe
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["made_at", "id"]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="outgoing_due")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="outgoing_sent_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(claimed_at__isnull=False), name="outgoing_sending_is_claimed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"
