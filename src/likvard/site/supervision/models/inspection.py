"""An inspection: what kind, of what, by which department, and how serious the risk is judged to be."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from likvard.site.cases.models import Case
from likvard.site.cases.models.shared import by
from likvard.site.people.models import Dated, User


class Level(models.TextChoices):
    """What an inspection is about. The addressee is the organiser all the same (26 kap. 10 § skollagen)."""

    ORGANISER = "organiser", _("the organiser")
    UNIT = "unit", _("a school unit")
    PRESCHOOL = "preschool", _("preschool")
    LEISURE = "leisure", _("leisure-time centre")
    ADULT = "adult", _("adult education")
    ADAPTED = "adapted", _("adapted compulsory or upper-secondary school")
    SPECIAL = "special", _("special school")
    SAMI = "sami", _("Sami school")
    OVERSIGHT = "oversight", _("the municipality's own supervision of preschools")


class Departments(models.QuerySet["Department"]):
    """Questions about departments."""

    def open(self, on: date) -> Self:
        """Those that are there on a day."""
        return self.filter(Q(closed__isnull=True) | Q(closed__gt=on))


class Department(models.Model):
    """A department of the Inspectorate; `closed` is the first day on which it is no more."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    closed = models.DateField(null=True, blank=True)

    objects = Departments.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """Who works in which department, from when to when."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="posts")
    start = models.DateField()
    end = models.DateField(null=True, blank=True)

    objects = Dated.as_manager()

    class Meta:
        ordering: ClassVar = ["user", "start"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=models.F("start")), name="post_ends_after_start"
            ),
            models.UniqueConstraint(fields=["user"], condition=Q(end__isnull=True), name="post_open_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.department}"


class Inspection(models.Model):
    """What makes a case an inspection. `type` is a key of the rulebook's inspections, `forms` school forms by code.

    `part_of` is the inspection of the organiser of which one of a unit is a part. `opened_on` is the day by which its type and
    areas are looked up; a finding is judged by the day of its own event.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="inspection")
    type = models.CharField(_("type of inspection"), max_length=20)
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    forms = models.JSONField(default=list, blank=True)
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, related_name="inspections"
    )
    part_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    opened_on = models.DateField()

    class Meta:
        ordering: ClassVar = ["case"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(level__in=Level.values), name="inspection_level_is_known"),
        ]

    def __str__(self) -> str:
        return str(self.case)


class Risk(models.TextChoices):
    """How serious it is for the pupils."""

    LOW = "low", _("low")
    MEDIUM = "medium", _("medium")
    HIGH = "high", _("high")
    VERY_HIGH = "very_high", _("very high")


class Direction(models.TextChoices):
    """Which way it goes."""

    BETTER = "better", _("better")
    SAME = "same", _("unchanged")
    WORSE = "worse", _("worse")
    UNKNOWN = "unknown", _("cannot be told")


class RiskJudgement(models.Model):
    """A judgement of the risk, never without its reasons. The newest holds; the others are its history."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="judgements")
    risk = models.CharField(_("risk"), max_length=9, choices=Risk.choices)
    rationale = models.TextField(_("reasons"), max_length=2000)
    direction = models.CharField(_("direction"), max_length=7, choices=Direction.choices, default=Direction.UNKNOWN)
    numbers = models.CharField(_("the two numbers behind the direction"), max_length=200, blank=True)
    lowered_when = models.CharField(_("what must hold for the risk to be lowered"), max_length=500, blank=True)
    at = models.DateTimeField()
    by = by()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(rationale=""), name="risk_with_reasons"),
            models.CheckConstraint(condition=Q(risk__in=Risk.values), name="risk_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_risk_display()}, {self.at:%Y-%m-%d}"
