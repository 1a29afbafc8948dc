"""A marking round: by which rubric, drawn how from which organisers, how far each has come, and what came of it."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from likvard.site.cases.models.shared import by, paired
from likvard.site.cases.states import State
from likvard.site.people.models import Organiser, User
from likvard.site.ratings import states
from likvard.site.ratings.drawing import Rule

ROUND_STATES = [(state.code, state.label) for state in states.ROUND.states]
RATING_STATES = [(state.code, state.label) for state in states.RATING.states]


class Round(models.Model):
    """A round in which organisers are marked by one version of the rubric.

    The frame (`Framed`) is taken and drawn once, when the round is made, so that every probability is known. `rubric_on` is the day
    whose rubric holds for the whole round, whatever comes later.
    """

    name = models.CharField(_("name"), max_length=100, unique=True)
    rubric_on = models.DateField()
    state = models.CharField(max_length=9, choices=ROUND_STATES, default="preparing")
    measure = models.CharField(_("risk by"), max_length=60, blank=True)
    publication = models.CharField(max_length=40, blank=True)
    published_on = models.DateField(null=True, blank=True)
    rule = models.JSONField()
    seed_from = models.CharField(_("where the seed comes from"), max_length=300)
    fingerprint = models.CharField(max_length=64, blank=True)
    reply_days = models.PositiveSmallIntegerField(_("days to reply"), default=21)
    audit_share = models.PositiveSmallIntegerField(_("per cent to audit"), default=20)
    audit_drawn_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = by()
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = by(null=True, blank=True)
    opened_reason = models.TextField(_("why it is opened"), max_length=2000, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = by(null=True, blank=True)
    closed_reason = models.TextField(_("why it is closed"), max_length=2000, blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=[c for c, _l in ROUND_STATES]), name="round_state_is_known"),
            models.CheckConstraint(condition=paired("opened_at", "opened_by"), name="round_opened_at_and_by"),
            models.CheckConstraint(condition=paired("closed_at", "closed_by"), name="round_closed_at_and_by"),
            models.CheckConstraint(
                condition=Q(reply_days__gte=7, audit_share__gte=1, audit_share__lte=100), name="round_within_bounds"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """What the audit chain calls it."""
        return f"round:{self.pk}"

    @property
    def stage(self) -> State:
        """Its state."""
        return states.ROUND.state(self.state)

    @property
    def drawing(self) -> Rule:
        """How it was drawn."""
        return Rule(**self.rule)


class Framed(models.Model):
    """An organiser of the country as it was when the round was made, with its chance of being drawn, and whether it was."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="frame")
    organiser = models.ForeignKey(Organiser, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    risk = models.FloatField(null=True, blank=True)
    pupils = models.PositiveIntegerField(null=True, blank=True)
    units = models.PositiveSmallIntegerField(default=2)
    stratum = models.CharField(max_length=30)
    probability = models.FloatField()
    selected = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["round", "organiser"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "organiser"], name="framed_once"),
            models.CheckConstraint(
                condition=Q(probability__gt=0, probability__lte=1, units__gte=1), name="framed_probability_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round}: {self.organiser}"

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of organiser that it is, by which the rubric chooses questions and exceptions."""
        return frozenset({self.kind, *(["single_unit"] if self.units == 1 else [])})


class RatingQuerySet(models.QuerySet["Rating"]):
    """Questions about ratings."""

    def by_name(self) -> Self:
        """By the organiser's name: never by level."""
        return self.select_related("organiser", "round", "framed").order_by("organiser__name", "organiser_id")

    def of_marker(self, user: User) -> Self:
        """Those for which the person has a sheet that stands."""
        return self.filter(sheets__marker=user, sheets__withdrawn_at__isnull=True).distinct()


class Rating(models.Model):
    """How one organiser is rated in a round: how far it has come. The levels are `Standing`, the marks lie in sheets."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="ratings")
    organiser = models.ForeignKey(Organiser, on_delete=models.PROTECT, related_name="+")
    framed = models.OneToOneField(Framed, on_delete=models.PROTECT, related_name="rating")
    state = models.CharField(max_length=9, choices=RATING_STATES, default="marking")
    sent_at = models.DateTimeField(null=True, blank=True)
    reply_due = models.DateField(null=True, blank=True)
    audited = models.BooleanField(default=False)

    objects = RatingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["round", "organiser"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "organiser"], name="rating_once"),
            models.CheckConstraint(condition=Q(state__in=[c for c, _l in RATING_STATES]), name="rating_state_is_known"),
            models.CheckConstraint(condition=paired("sent_at", "reply_due"), name="rating_sent_with_day"),
        ]

    def __str__(self) -> str:
        return f"{self.organiser}, {self.round}"

    @property
    def subject(self) -> str:
        """What the audit chain calls it."""
        return f"rating:{self.pk}"

    @property
    def stage(self) -> State:
        """Its state."""
        return states.RATING.state(self.state)
