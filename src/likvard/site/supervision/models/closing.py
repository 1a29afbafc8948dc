"""What the Inspectorate makes of an answer: its assessments, and how a finding is closed and opened again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from likvard.site.cases.models import Seen
from likvard.site.cases.models.shared import by, paired
from likvard.site.supervision.models.answer import Evidence
from likvard.site.supervision.models.basis import Visit
from likvard.site.supervision.models.decision import Finding


class Assessment(models.Model):
    """How an inspector judges a finding: on which evidence, seen how and when. The newest holds.

    `reasons` go to the organiser, and so are public; `missing` is what it is told to do next.
    """

    class Outcome(models.TextChoices):
        """What was found."""

        REMEDIED = "remedied", _("remedied")
        PARTLY = "partly", _("partly remedied")
        REMAINS = "remains", _("remains")

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="assessments")
    outcome = models.CharField(_("how does it stand?"), max_length=8, choices=Outcome.choices)
    reasons = models.TextField(_("reasons"), max_length=5000)
    missing = models.TextField(_("what is missing?"), max_length=2000, blank=True)
    rests_on = models.ManyToManyField(Evidence, blank=True, related_name="assessments")
    seen = models.CharField(_("how have you seen it?"), max_length=6, choices=Seen.choices)
    seen_on = models.DateField(_("which day?"))
    visit = models.ForeignKey(Visit, null=True, blank=True, on_delete=models.PROTECT, related_name="assessments")
    at = models.DateTimeField()
    by = by()

    class Meta:
        ordering: ClassVar = ["finding", "at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(outcome__in=["remedied", "partly", "remains"]), name="outcome_is_known"),
            models.CheckConstraint(condition=Q(seen__in=Seen.values), name="assessment_seen_somehow"),
            models.CheckConstraint(condition=~Q(reasons=""), name="assessment_with_reasons"),
            models.CheckConstraint(
                condition=Q(visit__isnull=True) | Q(seen="visit"), name="assessment_of_a_visit_was_seen_there"
            ),
            models.CheckConstraint(
                condition=Q(outcome="remedied") | ~Q(missing=""), name="assessment_says_what_is_missing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding}: {self.get_outcome_display()}"


class Closing(models.Model):
    """A proposal to close a finding as remedied, with the reason that everybody can read, and what became of it.

    `two`: whether the rulebook asks for two pairs of eyes; then whoever closes is not whoever proposed. A finding that is
    opened again keeps its closing, with why it did not hold.
    """

    class State(models.TextChoices):
        """What became of it."""

        PROPOSED = "proposed", _("proposed")
        CLOSED = "closed", _("closed")
        SENT_BACK = "sent_back", _("sent back")
        REOPENED = "reopened", _("opened again")

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="closings")
    reason = models.TextField(_("why is it closed?"), max_length=5000)
    two = models.BooleanField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.PROPOSED)
    proposed_at = models.DateTimeField()
    proposed_by = by()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = by(null=True, blank=True)
    answer = models.TextField(_("why is it sent back?"), max_length=2000, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_by = by(null=True, blank=True)
    reopening_reason = models.TextField(_("why is it opened again?"), max_length=5000, blank=True)

    class Meta:
        ordering: ClassVar = ["finding", "proposed_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["finding"], condition=Q(state="proposed"), name="closing_proposed_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="closing_with_reason"),
            models.CheckConstraint(condition=paired("decided_at", "decided_by"), name="closing_decided_at_and_by"),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at__isnull=True)
                | (~Q(state="proposed") & Q(decided_at__isnull=False)),
                name="closing_decided_or_proposed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["closed", "reopened"]) | Q(two=False) | ~Q(decided_by=F("proposed_by")),
                name="closing_by_two_pairs_of_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent_back") | ~Q(answer=""), name="closing_sent_back_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="reopened", reopened_at__isnull=False, reopened_by__isnull=False)
                & ~Q(reopening_reason="")
                | (~Q(state="reopened") & Q(reopened_at__isnull=True, reopened_by__isnull=True)),
                name="closing_reopened_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding}: {self.get_state_display()}"
