"""What the organiser answers: a measure for each finding, the evidence for it, and when it needs more time."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from likvard.rulebook.kinds.supervision import EVIDENCE, EvidenceKind
from likvard.site.cases.models import Clock, Document
from likvard.site.cases.models.shared import by, paired
from likvard.site.supervision.models.decision import Decision, Finding
from likvard.site.ui.language import current


class ReportBack(models.Model):
    """What the organiser handed in at one time: its answers, and a seal over them that stands in the audit chain and on the receipt.

    `complete`: whether nothing was left to answer then.
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="report_backs")
    number = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    complete = models.BooleanField()
    at = models.DateTimeField()
    by = by()

    class Meta:
        ordering: ClassVar = ["decision", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["decision", "number"], name="report_back_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.decision}: {self.number}"


class Answer(models.Model):
    """The organiser's answer to one finding. Versions are numbered; at most the last is a draft, the others were handed in.

    `expected_by` is the day by which the effect is expected, `responsible` who at the organiser, by function.
    """

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="answers")
    number = models.PositiveSmallIntegerField()
    measure = models.TextField(_("what have you done, and what will you do?"), max_length=10_000, blank=True)
    expected_effect = models.TextField(_("which effect do you expect?"), max_length=3000, blank=True)
    expected_by = models.DateField(_("by when?"), null=True, blank=True)
    responsible = models.CharField(_("who is responsible, by function?"), max_length=200, blank=True)
    report_back = models.ForeignKey(ReportBack, null=True, blank=True, on_delete=models.PROTECT, related_name="answers")
    began_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = by()

    class Meta:
        ordering: ClassVar = ["finding", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["finding", "number"], name="answer_number_once"),
            models.UniqueConstraint(fields=["finding"], condition=Q(report_back__isnull=True), name="answer_one_draft"),
            models.CheckConstraint(
                condition=Q(report_back__isnull=True)
                | (~Q(measure="") & ~Q(expected_effect="") & ~Q(responsible="") & Q(expected_by__isnull=False)),
                name="answer_handed_in_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding}, {self.number}"

    @property
    def is_draft(self) -> bool:
        """Whether it has not been handed in."""
        return self.report_back_id is None


class Evidence(models.Model):
    """Something that shows how a finding stands: the organiser's (with an answer), or what an inspector saw (without one).

    `dated` is its own day, what it shows is as of then; `added_at` is when it came here. Withdrawn from a draft, never deleted.
    """

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="evidence")
    answer = models.ForeignKey(Answer, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(_("what kind is it?"), max_length=11)
    title = models.CharField(_("title"), max_length=200)
    dated = models.DateField(_("which day is it from?"))
    shows = models.TextField(_("what does it show?"), max_length=2000)
    place = models.CharField(_("where in it?"), max_length=100, blank=True)
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by = by()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = by(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["finding", "dated", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in EvidenceKind]), name="evidence_kind_is_known"
            ),
            models.CheckConstraint(condition=~Q(title="") & ~Q(shows=""), name="evidence_says_what_it_shows"),
            models.CheckConstraint(
                condition=paired("withdrawn_at", "withdrawn_by"), name="evidence_withdrawn_at_and_by"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def name(self) -> str:
        """What kind it is, in words."""
        return EVIDENCE[EvidenceKind(self.kind)][current()]


class Extension(models.Model):
    """The organiser asks for more time to report back; an inspector grants a day or refuses, either with a reason.

    Granted, the clock that ran is stopped with the reason and a new one started, `granted_clock`: both stay to be seen.
    """

    class State(models.TextChoices):
        """How it went."""

        ASKED = "asked", _("asked for")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")
        OVERTAKEN = "overtaken", _("not needed: the report-back came")

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="extensions")
    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="+")
    wanted = models.DateField(_("until which day?"))
    reason = models.TextField(_("why do you need more time?"), max_length=2000)
    asked_at = models.DateTimeField()
    asked_by = by()
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    granted = models.DateField(_("until which day?"), null=True, blank=True)
    answer = models.TextField(_("why?"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = by(null=True, blank=True)
    granted_clock = models.ForeignKey(Clock, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["decision", "asked_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["decision"], condition=Q(state="asked"), name="extension_asked_once_at_a_time"
            ),
            models.CheckConstraint(condition=paired("answered_at", "answered_by"), name="extension_answered_at_and_by"),
            models.CheckConstraint(
                condition=Q(state="asked", answered_at__isnull=True)
                | (Q(state__in=["granted", "refused", "overtaken"], answered_at__isnull=False) & ~Q(answer="")),
                name="extension_answered_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="granted", granted__isnull=False, granted_clock__isnull=False)
                | (~Q(state="granted") & Q(granted__isnull=True, granted_clock__isnull=True)),
                name="extension_granted_until_a_day",
            ),
            models.CheckConstraint(
                condition=Q(granted_clock__isnull=True) | ~Q(granted_clock=F("clock")),
                name="extension_starts_a_new_clock",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision}: {self.wanted}"
