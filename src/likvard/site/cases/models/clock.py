"""Clocks of a case, and their pauses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from likvard.site.cases import timing
from likvard.site.cases.models.case import Case
from likvard.site.cases.models.shared import by, paired
from likvard.site.ui.language import current


class ClockQuerySet(models.QuerySet["Clock"]):
    """Questions about clocks."""

    def going(self) -> Self:
        """Those that neither have been met nor stopped."""
        return self.filter(met_at__isnull=True, stopped_at__isnull=True)

    def to_warn(self, on: date) -> list[Clock]:
        """Those that are soon due or late on the day, and have not been warned of."""
        waiting = self.going().filter(warned_at__isnull=True, due__isnull=False, case__closed_at__isnull=True)
        near = (timing.Standing.SOON, timing.Standing.LATE)
        return [clock for clock in waiting.prefetch_related("pauses") if clock.value.standing(on) in near]


class Clock(models.Model):
    """A duty in a case that runs against time. `due` follows the pauses that are over; `value` tells the rest."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    name = models.CharField(_("what is to be done"), max_length=120, blank=True)  # empty where the duty gives it
    duty = models.CharField(max_length=60, blank=True)  # a key of the rulebook's clocks, if the law has it
    counting = models.CharField(max_length=8, choices=timing.Counting.choices, default=timing.Counting.CALENDAR)
    started = models.DateField()
    first_due = models.DateField(null=True, blank=True)
    due = models.DateField(null=True, blank=True)
    warn = models.PositiveSmallIntegerField(default=7)
    warned_at = models.DateTimeField(null=True, blank=True)
    met_at = models.DateTimeField(null=True, blank=True)
    met_on = models.DateField(null=True, blank=True)
    met_by = by(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_by = by(null=True, blank=True)
    stopping_reason = models.CharField(max_length=300, blank=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["started", "id"]
        indexes: ClassVar = [models.Index(fields=["due"], name="clock_due", condition=Q(met_at__isnull=True))]
        constraints: ClassVar = [
            models.CheckConstraint(condition=paired("first_due", "due"), name="clock_due_twice"),
            models.CheckConstraint(
                condition=Q(due__isnull=True) | Q(due__gte=F("first_due")), name="clock_due_never_earlier"
            ),
            models.CheckConstraint(condition=paired("met_at", "met_on", "met_by"), name="clock_met_at_on_and_by"),
            models.CheckConstraint(condition=paired("stopped_at", "stopped_by"), name="clock_stopped_at_and_by"),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | ~Q(stopping_reason=""), name="clock_stopped_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(met_at__isnull=True) | Q(stopped_at__isnull=True), name="clock_ends_one_way"
            ),
            models.CheckConstraint(condition=~Q(name="", duty=""), name="clock_says_what"),
            models.CheckConstraint(condition=Q(counting__in=timing.Counting.values), name="clock_counting_is_known"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What is to be done: its own name, or the duty's in the language of the page."""
        return self.name or timing.duty_name(self.duty, self.started, current())

    @property
    def is_going(self) -> bool:
        """Whether it has neither been met nor stopped; it may be paused."""
        return self.met_at is None and self.stopped_at is None

    @property
    def value(self) -> timing.Clock:
        """The clock as a value that can tell how it stands on a day."""
        return timing.Clock(
            started=self.started,
            first_due=self.first_due,
            counting=timing.Counting(self.counting),
            pauses=tuple(timing.Pause(pause.start, pause.end) for pause in self.pauses.all()),
            warn=self.warn,
            met=self.met_on,
            stopped=timing.day_of(self.stopped_at) if self.stopped_at else None,
        )


class ClockPause(models.Model):
    """A time in which a clock stood still, and why."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="pauses")
    start = models.DateField()
    started_by = by()
    reason = models.CharField(max_length=300)
    end = models.DateField(null=True, blank=True)
    ended_by = by(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["start", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=paired("end", "ended_by"), name="pause_ended_at_and_by"),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="pause_ends_after_start"
            ),
            models.UniqueConstraint(fields=["clock"], condition=Q(end__isnull=True), name="pause_open_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="pause_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.start}: {self.reason}"


def clocks_by_urgency(clocks: Iterable[Clock], on: date) -> list[Clock]:
    """The late first, the oldest of them first; those that are over last."""
    return sorted(clocks, key=lambda clock: timing.urgency(clock.value, on))
