"""Steps of the ladder, appeals and legal force."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from likvard.site.cases.models.shared import by, paired
from likvard.site.supervision.models.decision import Decision, Finding
from likvard.site.supervision.rules.ladder import BY_DECISION, Ending, Step


class RungQuerySet(models.QuerySet["Rung"]):
    """Questions about steps."""

    def standing(self) -> Self:
        """Those that have not ended."""
        return self.filter(ended_on__isnull=True)


class Rung(models.Model):
    """A step taken about a finding: why, from which day, on which conditions it is lifted, and how it ended.

    The finding's own instrument is its first step and has no row. `decision` is the signed decision that took the step;
    `instrument` the key of a sanction; `until` the last day of a temporary prohibition.
    """

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="rungs")
    step = models.CharField(_("step"), max_length=10, choices=Step.choices)
    instrument = models.CharField(_("which sanction?"), max_length=40, blank=True)
    since = models.DateField(_("from which day?"))
    reason = models.TextField(_("why?"), max_length=5000)
    conditions = models.TextField(_("what must hold for it to be lifted?"), max_length=3000)
    fine = models.PositiveBigIntegerField(_("fine (vite) in crowns"), null=True, blank=True)
    due = models.DateField(_("to be followed by"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    decision = models.ForeignKey(Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="rungs")
    at = models.DateTimeField()
    ending = models.CharField(_("how did it end?"), max_length=11, choices=Ending.choices, blank=True)
    ended_on = models.DateField(_("which day?"), null=True, blank=True)
    ending_reason = models.TextField(_("why?"), max_length=5000, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = by(null=True, blank=True)
    by = by()

    objects = RungQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["finding", "since", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["finding", "step"], condition=Q(ended_on__isnull=True), name="rung_stands_once"
            ),
            models.CheckConstraint(condition=Q(step__in=Step.values), name="rung_step_is_known"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(conditions=""), name="rung_with_reason_and_conditions"),
            models.CheckConstraint(
                condition=Q(step="fine", fine__gte=1) | (~Q(step="fine") & Q(fine__isnull=True)),
                name="rung_only_a_fine_has_a_sum",
            ),
            models.CheckConstraint(
                condition=(Q(step="sanction") & ~Q(instrument="")) | (~Q(step="sanction") & Q(instrument="")),
                name="rung_sanction_by_name",
            ),
            models.CheckConstraint(
                condition=Q(decision__isnull=False, step__in=sorted(BY_DECISION))
                | (Q(decision__isnull=True) & ~Q(step__in=sorted(BY_DECISION))),
                name="rung_by_signed_decision",
            ),
            models.CheckConstraint(
                condition=paired("ended_on", "ended_at", "ended_by"), name="rung_ended_on_at_and_by"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ending="", ending_reason="")
                | (Q(ended_on__isnull=False, ending__in=Ending.values) & ~Q(ending_reason="")),
                name="rung_ended_somehow_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("since")), name="rung_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding}: {self.get_step_display()}"


class Appeal(models.Model):
    """A decision has been appealed; when the court has said its last word, how it went."""

    class Outcome(models.TextChoices):
        """What the court said."""

        STANDS = "stands", _("the decision stands")
        CHANGED = "changed", _("the decision was changed")
        OVERTURNED = "overturned", _("the decision was overturned")
        DISMISSED = "dismissed", _("the appeal was dismissed: too late, or not allowed")
        WITHDRAWN = "withdrawn", _("the appeal was withdrawn")

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="appeals")
    came_on = models.DateField(_("when did the appeal come in?"))
    court = models.CharField(_("which court?"), max_length=100)
    noted_at = models.DateTimeField()
    noted_by = by()
    outcome = models.CharField(_("what did the court say?"), max_length=10, choices=Outcome.choices, blank=True)
    ended_on = models.DateField(_("which day?"), null=True, blank=True)
    note = models.TextField(_("in short"), max_length=3000, blank=True)
    ended_by = by(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["decision", "came_on"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["decision"], condition=Q(ended_on__isnull=True), name="appeal_open_once"),
            models.CheckConstraint(condition=paired("ended_on", "ended_by"), name="appeal_ended_on_and_by"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, outcome="")
                | (
                    Q(ended_on__isnull=False, outcome__in=["stands", "changed", "overturned", "dismissed", "withdrawn"])
                ),
                name="appeal_ended_somehow",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision}, {self.came_on}"


class LegalForce(models.Model):
    """The day from which a decision can no longer be appealed."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, primary_key=True, related_name="legal_force")
    since = models.DateField(_("which day?"))
    at = models.DateTimeField()
    by = by()

    def __str__(self) -> str:
        return f"{self.decision}, {self.since}"
