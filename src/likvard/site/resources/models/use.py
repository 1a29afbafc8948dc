"""What the money by need is used for at a school, what is expected of it, and what was seen when the day came."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from likvard.site.cases.models import Case, Measure
from likvard.site.cases.models.shared import by as signed
from likvard.site.cases.models.shared import paired
from likvard.site.people.models import Unit
from likvard.site.resources.models.round import Round


class UseQuerySet(models.QuerySet["Use"]):
    """Questions about uses."""

    def waiting(self) -> Self:
        """Those that nobody has looked at yet."""
        return self.filter(settled_at__isnull=True)


class Use(models.Model):
    """A measure that money of a decided round pays for: what is done, what is expected of it, and when to look.

    `baseline` is the published figure of the school before, with its interval, as it stood when this was written; `seen` is
    the same figure when somebody told how it went, and each `Look` before that holds it as it was then. `no_more` is why nobody
    looks again at what could not be told. None of it proves what caused what. `told` is the measure as the unit's page marks it,
    written in the same transactions.
    """

    class Direction(models.TextChoices):
        """Which way the figure is expected to go."""

        UP = "up", _("up")
        DOWN = "down", _("down")

    Outcome = Measure.Outcome

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="uses")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    crowns = models.PositiveBigIntegerField(_("crowns"))
    what = models.CharField(_("measure"), max_length=300)
    measure = models.CharField(_("indicator"), max_length=60)
    direction = models.CharField(max_length=4, choices=Direction.choices)
    expected = models.CharField(_("expected effect"), max_length=300)
    begins_on = models.DateField(_("when it begins"))
    look_on = models.DateField(_("when to look"))
    told = models.OneToOneField(Measure, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    baseline = models.FloatField(null=True, blank=True)
    baseline_low = models.FloatField(null=True, blank=True)
    baseline_high = models.FloatField(null=True, blank=True)
    baseline_year = models.PositiveSmallIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    by = signed()
    outcome = models.CharField(max_length=7, choices=Outcome.choices, blank=True)
    outcome_why = models.CharField(max_length=1000, blank=True)
    no_more = models.CharField(_("why nobody looks again"), max_length=300, blank=True)
    seen = models.FloatField(null=True, blank=True)
    seen_low = models.FloatField(null=True, blank=True)
    seen_high = models.FloatField(null=True, blank=True)
    seen_year = models.PositiveSmallIntegerField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = signed(null=True, blank=True)

    objects = UseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["look_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(crowns__gt=0) & ~Q(what=""), name="allocation_use_of_money_for_something"
            ),
            models.CheckConstraint(condition=Q(direction__in=["up", "down"]), name="allocation_use_direction_is_known"),
            models.CheckConstraint(
                condition=paired("settled_at", "settled_by"), name="allocation_use_settled_at_and_by"
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, outcome="", outcome_why="")
                | (Q(settled_at__isnull=False, outcome__in=["helped", "not", "unclear"]) & ~Q(outcome_why="")),
                name="allocation_use_settled_with_why",
            ),
            models.CheckConstraint(
                condition=(Q(outcome="unclear") & ~Q(no_more="")) | (~Q(outcome="unclear") & Q(no_more="")),
                name="allocation_use_no_new_day_has_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.what}"

    @property
    def state(self) -> str:
        """Where it stands in `rules.USES`."""
        if self.settled_at is not None:
            return "settled"
        return "again" if self.looks.all() else "waits"


class Look(models.Model):
    """That somebody looked at a use on its day and could not tell yet: what was seen, why, and when to look again."""

    use = models.ForeignKey(Use, on_delete=models.PROTECT, related_name="looks")
    due_on = models.DateField(_("the day that was set"))
    again_on = models.DateField(_("when to look again"))
    why = models.CharField(max_length=1000)
    seen = models.FloatField(null=True, blank=True)
    seen_low = models.FloatField(null=True, blank=True)
    seen_high = models.FloatField(null=True, blank=True)
    seen_year = models.PositiveSmallIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    by = signed()

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(again_on__gt=models.F("due_on")) & ~Q(why=""), name="allocation_look_again_later_with_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.use}, {self.due_on}"
