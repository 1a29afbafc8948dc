"""What an authority has issued in a case: the document, the points it makes, and what has happened to them since."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from likvard.site.cases.models.case import Case
from likvard.site.cases.models.document import Document
from likvard.site.cases.models.shared import by


class IssuedKind(models.TextChoices):
    """What was issued."""

    DECISION = "decision", _("decision")
    FOLLOW_UP = "follow_up", _("follow-up decision")
    REPORT = "report", _("report")


class PointState(models.TextChoices):
    """How a point stands that the addressee must do something about. The first three are open."""

    OPEN = "open", _("not begun")
    REPORTED = "reported", _("reported back")
    PARTLY = "partly", _("partly remedied")
    REMAINS = "remains", _("remains")
    REMEDIED = "remedied", _("remedied")
    ENDED = "ended", _("ended: nothing to follow up")


SETTLED = frozenset({PointState.REMEDIED, PointState.ENDED})


class Seen(models.TextChoices):
    """How somebody has seen that it is so."""

    VISIT = "visit", _("on a visit")
    PAPERS = "papers", _("in documents")


class IssuedQuerySet(models.QuerySet["Issued"]):
    """Questions about what has been issued."""

    def public(self) -> Self:
        """What may be published after masking; matters of individuals may not."""
        return self.filter(publishable=True)


class Issued(models.Model):
    """A signed document as it went out. Nothing in it is ever changed: a correction is a new one that follows on it.

    `content` is the one source of its forms: `text` (the document) and `plain` (its plain-language twin), each a
    `writing.Written` as data, and `facts` (structured data without free text). `document` is the signed PDF.
    `about` is a key of the rulebook's inspections, `level` what it is about (organiser, unit …).
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="issued")
    kind = models.CharField(max_length=9, choices=IssuedKind.choices)
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    about = models.CharField(max_length=20, blank=True)
    level = models.CharField(max_length=20, blank=True)
    dated = models.DateField()
    signed_by = models.CharField(max_length=200)
    content = models.JSONField()
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="issued")
    sha256 = models.CharField(max_length=64)
    publishable = models.BooleanField(default=True)
    follows = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by")
    issued_at = models.DateTimeField()
    issued_by = by()

    objects = IssuedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-dated", "-id"]
        indexes: ClassVar = [models.Index(fields=["dated"], name="issued_dated")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="issued_number_once"),
            models.CheckConstraint(condition=Q(kind__in=IssuedKind.values), name="issued_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.dated}"


class IssuedPoint(models.Model):
    """One point of an issued document, as everybody may know it: area, instrument, day, and how it stands now."""

    issued = models.ForeignKey(Issued, on_delete=models.PROTECT, related_name="points")
    number = models.PositiveSmallIntegerField()
    area = models.CharField(max_length=60, blank=True)  # a key of the rulebook's assessment areas
    heading = models.CharField(max_length=200)
    instrument = models.CharField(max_length=40, blank=True)  # a key of the rulebook's instruments; empty in an audit
    judgement = models.CharField(max_length=60, blank=True)  # of an audit: the step of its scale, in words
    provisions = models.JSONField(default=list)  # keys of the rulebook's provisions
    serious = models.BooleanField(default=False)
    fine = models.PositiveBigIntegerField(null=True, blank=True)  # crowns
    due = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=PointState.choices, default=PointState.OPEN)
    state_since = models.DateField()

    class Meta:
        ordering: ClassVar = ["issued", "number"]
        indexes: ClassVar = [
            models.Index(fields=["area", "state"], name="point_area"),
            models.Index(fields=["state", "issued"], name="point_state"),  # a rare state is found without its table
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issued", "number"], name="point_number_once"),
            models.CheckConstraint(condition=Q(state__in=PointState.values), name="point_state_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.heading}"

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to do."""
        return self.state in SETTLED


class IssuedHappening(models.Model):
    """What has happened since: to one point, or to the whole. `text` was written for everybody to read."""

    class What(models.TextChoices):
        """Kinds of happening."""

        REPORTED = "reported", _("reported back")
        EXTENDED = "extended", _("was given more time")
        VISITED = "visited", _("was visited again")
        ASSESSED = "assessed", _("assessed")
        CLOSED = "closed", _("closed")
        REOPENED = "reopened", _("opened again")
        ESCALATED = "escalated", _("taken further")
        LIFTED = "lifted", _("lifted")
        APPEALED = "appealed", _("appealed")
        FORCE = "force", _("gained legal force")
        CORRECTED = "corrected", _("corrected")

    issued = models.ForeignKey(Issued, on_delete=models.PROTECT, related_name="happenings")
    point = models.ForeignKey(IssuedPoint, null=True, blank=True, on_delete=models.PROTECT, related_name="happenings")
    what = models.CharField(max_length=9, choices=What.choices)
    day = models.DateField()
    text = models.TextField(blank=True, max_length=5000)
    seen = models.CharField(max_length=6, choices=Seen.choices, blank=True)
    at = models.DateTimeField()
    by = by()

    class Meta:
        ordering: ClassVar = ["day", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(what="closed") | ~Q(text=""), name="happening_closed_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.get_what_display()}"
