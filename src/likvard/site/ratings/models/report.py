"""The national report on a round: its text, its way to everybody, and every version that has been published."""

from __future__ import annotations

from typing import ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from likvard.site.cases.models.shared import StepTaken, by, paired
from likvard.site.cases.states import State, Text
from likvard.site.ratings import states
from likvard.site.ratings.models.round import Round

REPORT_STATES = [(state.code, state.label) for state in states.REPORT.states]


class Outcome(models.Model):
    """What a closed round came to: the estimates as they were made, with the seed and the seal of the marks they rest on."""

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="outcome")
    data = models.JSONField()
    marks = models.CharField(max_length=64)
    software = models.CharField(max_length=60)
    at = models.DateTimeField()
    by = by()

    def __str__(self) -> str:
        return str(self.round)


class ReportQuerySet(models.QuerySet["Report"]):
    """Questions about reports."""

    def public(self) -> Self:
        """What everybody may read now, the newest first."""
        return self.filter(state__in=states.SHOWN).order_by("-published_at", "-id")


class Report(models.Model):
    """A report as it is being written. What everybody reads is its last `ReportVersion`.

    Texts are typed with blank lines between paragraphs. The English ones may be left empty: then the Swedish stand there too.
    """

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="report")
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    state = models.CharField(max_length=9, choices=REPORT_STATES, default="draft")
    title = models.CharField(_("title"), max_length=150)
    lead = models.TextField(_("introduction"), max_length=600)
    body = models.TextField(_("what the Inspectorate says of it"), max_length=20_000, blank=True)
    title_en = models.CharField(_("title in English"), max_length=150, blank=True)
    lead_en = models.TextField(_("introduction in English"), max_length=600, blank=True)
    body_en = models.TextField(_("the same in English"), max_length=20_000, blank=True)
    written_at = models.DateTimeField()
    written_by = by()
    published_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = by(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-written_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=[c for c, _l in REPORT_STATES]), name="report_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(states.SHOWN)) | Q(published_at__isnull=False), name="report_shown_since"
            ),
            models.CheckConstraint(condition=paired("withdrawn_at", "withdrawn_by"), name="report_withdrawn_at_and_by"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        """What the audit chain calls it."""
        return f"report:{self.pk}"

    @property
    def stage(self) -> State:
        """Its state."""
        return states.REPORT.state(self.state)

    @property
    def writers(self) -> frozenset[UUID]:
        """Everybody who has written any of its text, by key: what a correction keeps is theirs too."""
        wrote = self.steps.filter(move=states.WROTE[0]).values_list("by", flat=True)
        return frozenset({self.written_by_id, *wrote})

    @property
    def is_shown(self) -> bool:
        """Whether everybody may read its last version."""
        return self.state in states.SHOWN

    def get_absolute_url(self) -> str:
        """Its address for everybody."""
        return reverse("national_report", args=[self.slug])


class ReportVersion(models.Model):
    """What was published on a day: the text and the figures, never changed. From the second on `correction` says what is new."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    correction = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    by = by()

    class Meta:
        ordering: ClassVar = ["report", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "number"], name="report_version_once"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(correction=""), name="report_version_says_what_is_new"),
        ]

    def __str__(self) -> str:
        return f"{self.report}, {self.number}"


class ReportStep(StepTaken):
    """A step of a report: who did what when, and why."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="steps")

    def __str__(self) -> str:
        return f"{self.report}: {self.move}"

    @property
    def move_label(self) -> Text:
        """What was done, in words."""
        known: dict[str, Text] = {one.code: one.label for one in states.REPORT.moves}
        return {**known, states.WROTE[0]: states.WROTE[1]}.get(self.move, self.move)
