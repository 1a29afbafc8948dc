"""Decisions and their findings: one decision, many findings, each with one instrument."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from likvard.site.cases.models import Issued, IssuedPoint, PointState, Seen
from likvard.site.cases.models.shared import by
from likvard.site.people.models import User
from likvard.site.supervision.models.inspection import Inspection


class Decision(models.Model):
    """A decision, from its first draft. When it is signed it has an `issued` document and nothing in it is changed any more.

    `kind`: the first decision, or one after follow-up. `report_due`: the day by which the organiser reports back; a finding may
    have a day of its own. `received_on`: when the organiser got it, from which the time to appeal runs.
    """

    class Kind(models.TextChoices):
        """Kinds of decision."""

        FIRST = "decision", _("decision")
        FOLLOW_UP = "follow_up", _("follow-up decision")

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=9, choices=Kind.choices, default=Kind.FIRST)
    background = models.TextField(_("background and how the inspection was done"), blank=True, max_length=20_000)
    in_short = models.TextField(_("in short, in plain words"), blank=True, max_length=3000)
    report_due = models.DateField(_("report back by"), null=True, blank=True)
    presenter = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    took_part = models.CharField(_("who else took part in the final handling"), max_length=300, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    decided_by = by(null=True, blank=True)
    received_on = models.DateField(null=True, blank=True)
    issued = models.OneToOneField(Issued, null=True, blank=True, on_delete=models.PROTECT, related_name="decision")
    made_at = models.DateTimeField()
    made_by = by()

    class Meta:
        ordering: ClassVar = ["inspection", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["inspection", "number"], name="decision_number_once"),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True, decided_by__isnull=True, issued__isnull=True)
                | Q(decided_on__isnull=False, decided_by__isnull=False, issued__isnull=False),
                name="decision_signed_is_issued",
            ),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True) | Q(received_on__gte=F("decided_on")),
                name="decision_received_after_it_was_made",
            ),
            models.CheckConstraint(condition=Q(kind__in=["decision", "follow_up"]), name="decision_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.inspection}, {self.get_kind_display()} {self.number}"

    @property
    def is_signed(self) -> bool:
        """Whether it has been made; then nothing in it is changed."""
        return self.decided_on is not None


class Refrain(models.TextChoices):
    """Why the Inspectorate refrains from intervening: the three points of 26 kap. 12 § skollagen."""

    MINOR = "minor", _("the breach is minor (point 1)")
    RECTIFIED = "rectified", _("the organiser has rectified it (point 2)")
    SPECIAL = "special", _("there are special reasons (point 3)")


class Finding(models.Model):
    """One finding of a decision: area, provisions as worded on the day of the event, instrument, what must be done.

    `area`, `instrument` and `provisions` are keys of the rulebook, looked up by `event_on`. In an audit there is no instrument but
    a `judgement` (step of the area's scale, 0 the best) and what is to be developed. `point` is what everybody sees of it once the
    decision is signed; `state` is the same as the point's. `recurs` is an earlier finding at the same place in the same area.
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="findings")
    number = models.PositiveSmallIntegerField()
    area = models.CharField(_("area"), max_length=60)
    instrument = models.CharField(_("instrument"), max_length=40, blank=True)
    judgement = models.PositiveSmallIntegerField(_("judgement"), null=True, blank=True)
    provisions = models.JSONField(_("provisions"), default=list, blank=True)
    event_on = models.DateField(_("day of the event that it is judged by"))
    serious = models.BooleanField(_("a serious irregularity (allvarligt missförhållande)"), default=False)
    refrain = models.CharField(_("why the Inspectorate refrains"), max_length=9, choices=Refrain.choices, blank=True)
    fine = models.PositiveBigIntegerField(_("fine (vite) in crowns"), null=True, blank=True)
    no_fine_reason = models.CharField(_("special reasons for no fine"), max_length=500, blank=True)
    hinders_goals = models.BooleanField(_("seriously impedes the pupils' chances to reach the goals"), default=False)
    until = models.DateField(_("temporary prohibition until"), null=True, blank=True)
    observed = models.TextField(_("what was seen"), max_length=20_000)
    assessment = models.TextField(_("assessment"), max_length=20_000)
    due = models.DateField(_("to be remedied by"), null=True, blank=True)
    recurs = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="recurred_as")
    point = models.OneToOneField(IssuedPoint, null=True, blank=True, on_delete=models.PROTECT, related_name="finding")
    state = models.CharField(max_length=8, choices=PointState.choices, default=PointState.OPEN)
    state_since = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = by(null=True, blank=True)
    seen = models.CharField(max_length=6, choices=Seen.choices, blank=True)
    closing_reason = models.TextField(blank=True, max_length=5000)
    reopened = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["decision", "number"]
        indexes: ClassVar = [models.Index(fields=["area", "state"], name="finding_area")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["decision", "number"], name="finding_number_once"),
            models.CheckConstraint(
                condition=Q(instrument="", judgement__isnull=False) | (~Q(instrument="") & Q(judgement__isnull=True)),
                name="finding_instrument_or_judgement",
            ),
            # 26 kap. 27 § skollagen speaks of injunctions only: a remark never carries a fine.
            models.CheckConstraint(
                condition=Q(fine__isnull=True)
                | Q(instrument__in=["injunction", "information_order", "audit_information_order"]),
                name="finding_fine_only_with_an_injunction",
            ),
            models.CheckConstraint(condition=Q(fine__isnull=True) | Q(fine__gte=1), name="finding_fine_is_a_sum"),
            models.CheckConstraint(
                condition=Q(refrain="") | Q(instrument="refrain"), name="finding_refrains_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(instrument="temporary_prohibition"),
                name="finding_until_of_a_temporary_prohibition",
            ),
            # A finding is closed as remedied with how it was seen and a public reason, or not at all.
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | (
                    Q(closed_at__isnull=False, closed_by__isnull=False, state="remedied")
                    & ~Q(closing_reason="")
                    & ~Q(seen="")
                ),
                name="finding_closed_with_reason",
            ),
            models.CheckConstraint(condition=Q(state__in=PointState.values), name="finding_state_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.decision}: {self.number}"


class RequiredMeasure(models.Model):
    """What the organiser must do about a finding, in the words of the decision."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="measures")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(_("what must be done"), max_length=1000)

    class Meta:
        ordering: ClassVar = ["finding", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["finding", "number"], name="measure_number_once"),
        ]

    def __str__(self) -> str:
        return self.text
