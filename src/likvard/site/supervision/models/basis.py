"""What an inspection rests on: the notice, the documents asked for, signals in the figures, visits and what was seen."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from likvard.site.cases.models import Clock, Document
from likvard.site.cases.models.shared import by
from likvard.site.people.models import Unit, User
from likvard.site.supervision.models.decision import Decision, Finding
from likvard.site.supervision.models.inspection import Inspection


class ExaminedArea(models.Model):
    """An assessment area that the inspection examines: a key of the rulebook. One without findings is said to have none."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="areas")
    area = models.CharField(max_length=60)

    class Meta:
        ordering: ClassVar = ["inspection", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["inspection", "area"], name="examined_area_once"),
        ]

    def __str__(self) -> str:
        return self.area


class Notice(models.Model):
    """What the organiser was told when the inspection began, and to whom it went. The addressee is always the organiser."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="notices")
    text = models.TextField(_("what the organiser is told"), max_length=10_000)
    names = models.JSONField(default=list)  # of the people whom a letter was written to
    at = models.DateTimeField()
    by = by()

    class Meta:
        ordering: ClassVar = ["inspection", "at"]

    def __str__(self) -> str:
        return f"{self.inspection}, {self.at:%Y-%m-%d}"


class BasisItem(models.Model):
    """A document or an answer that the organiser was asked for. Only what exists already need be sent (26 kap. 7 § skollagen)."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="basis")
    number = models.PositiveSmallIntegerField()
    what = models.CharField(_("what is asked for"), max_length=300)
    why = models.CharField(_("why it is needed"), max_length=300, blank=True)
    area = models.CharField(_("area"), max_length=60, blank=True)
    due = models.DateField(_("to be sent by"))
    asked_at = models.DateTimeField()
    asked_by = by()
    received_on = models.DateField(_("came in"), null=True, blank=True)
    received_by = by(null=True, blank=True)
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    waived = models.CharField(_("why it is not needed any more"), max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["inspection", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["inspection", "number"], name="basis_number_once"),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True, received_by__isnull=True)
                | Q(received_on__isnull=False, received_by__isnull=False),
                name="basis_received_on_and_by",
            ),
            models.CheckConstraint(
                condition=Q(waived="") | Q(received_on__isnull=True), name="basis_waived_or_received"
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def is_settled(self) -> bool:
        """Whether nothing is waited for."""
        return self.received_on is not None or bool(self.waived)


class KeptSignal(models.Model):
    """A trigger sentence as the figures gave it on a day, kept with the case: figures change, what began a case does not."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="signals")
    code = models.CharField(max_length=60)
    sv = models.CharField(max_length=500)
    en = models.CharField(max_length=500)
    publication = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["inspection", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["inspection", "code", "publication"], name="signal_once"),
        ]

    def __str__(self) -> str:
        return self.sv


class Visit(models.Model):
    """A visit, planned and then done, or cancelled with a reason."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="visits")
    number = models.PositiveSmallIntegerField()
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    announced = models.BooleanField(_("announced beforehand"), default=True)
    team = models.ManyToManyField(User, related_name="+")
    plan = models.TextField(_("who is met and what is seen"), max_length=5000)
    done_on = models.DateField(null=True, blank=True)
    done_by = by(null=True, blank=True)
    note = models.TextField(_("how it went"), max_length=5000, blank=True)
    cancelled = models.CharField(_("why it is cancelled"), max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = by()

    class Meta:
        ordering: ClassVar = ["inspection", "first_day", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["inspection", "number"], name="visit_number_once"),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="visit_ends_after_start"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True, done_by__isnull=True)
                | Q(done_on__isnull=False, done_by__isnull=False, cancelled=""),
                name="visit_done_on_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inspection}, {self.first_day}"

    @property
    def is_settled(self) -> bool:
        """Whether it has been done, or was cancelled."""
        return self.done_on is not None or bool(self.cancelled)


class Observation(models.Model):
    """One thing that was seen, heard or read: in which area, how, from where and on which page. Withdrawn, never deleted.

    No names of pupils or staff: the source is a group or a document.
    """

    class How(models.TextChoices):
        """How it became known."""

        INTERVIEW = "interview", _("interview")
        LESSON = "lesson", _("lesson or other activity watched")
        DOCUMENT = "document", _("document read")
        FIGURES = "figures", _("figures")
        SURVEY = "survey", _("survey")
        OTHER = "other", _("other")

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="observations")
    number = models.PositiveSmallIntegerField()
    area = models.CharField(_("area"), max_length=60)
    how = models.CharField(_("how"), max_length=9, choices=How.choices)
    source = models.CharField(_("from whom or what"), max_length=200)
    page = models.CharField(_("page or place in it"), max_length=40, blank=True)
    seen_on = models.DateField(_("on which day"))
    text = models.TextField(_("what was seen"), max_length=5000)
    visit = models.ForeignKey(Visit, null=True, blank=True, on_delete=models.PROTECT, related_name="observations")
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    findings = models.ManyToManyField(Finding, related_name="observations", blank=True)
    at = models.DateTimeField()
    by = by()
    withdrawn = models.CharField(_("why it is withdrawn"), max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["inspection", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["inspection", "number"], name="observation_number_once"),
            models.CheckConstraint(condition=~Q(text="") & ~Q(source=""), name="observation_with_source"),
            models.CheckConstraint(
                condition=Q(how__in=["interview", "lesson", "document", "figures", "survey", "other"]),
                name="observation_how_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.source}"


class FactCheck(models.Model):
    """A draft as the organiser got it to check the facts (25 § förvaltningslagen), and how that ended.

    `content` is the draft as `writing.Written` data: what was sent stays as it was sent. `nothing` says that the organiser had
    nothing to remark. `ended_early` is why the Inspectorate did not wait for the answer.
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="checks")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    due = models.DateField(_("answer by"))
    clock = models.OneToOneField(Clock, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    sent_by = by()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = by(null=True, blank=True)
    nothing = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = by(null=True, blank=True)
    ended_early = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["decision", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["decision", "number"], name="check_number_once"),
            models.UniqueConstraint(fields=["decision"], condition=Q(ended_at__isnull=True), name="check_open_once"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="check_answered_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(nothing=False) | Q(answered_at__isnull=False), name="check_nothing_said"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="check_ended_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision}, {self.number}"

    @property
    def is_open(self) -> bool:
        """Whether the organiser can still answer."""
        return self.answered_at is None and self.ended_at is None


class Remark(models.Model):
    """What the organiser remarks on one part of the draft, and what the Inspectorate made of it."""

    class Outcome(models.TextChoices):
        """What came of it."""

        TAKEN = "taken", _("the text is changed")
        PARTLY = "partly", _("the text is changed in part")
        KEPT = "kept", _("the text stands")

    check_of = models.ForeignKey(FactCheck, on_delete=models.PROTECT, related_name="remarks")
    number = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField()  # which block of the draft
    text = models.TextField(_("remark"), max_length=5000)
    outcome = models.CharField(_("what comes of it"), max_length=6, choices=Outcome.choices, blank=True)
    reply = models.CharField(_("reason"), max_length=1000, blank=True)
    made_at = models.DateTimeField()
    made_by = by()
    judged_at = models.DateTimeField(null=True, blank=True)
    judged_by = by(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["check_of", "place", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["check_of", "number"], name="remark_number_once"),
            models.CheckConstraint(condition=~Q(text=""), name="remark_not_empty"),
            models.CheckConstraint(
                condition=Q(outcome="", judged_at__isnull=True, judged_by__isnull=True)
                | Q(outcome__in=["taken", "partly", "kept"], judged_at__isnull=False, judged_by__isnull=False),
                name="remark_judged_at_and_by",
            ),
            models.CheckConstraint(condition=~Q(outcome="kept") | ~Q(reply=""), name="remark_kept_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.check_of}: {self.number}"
