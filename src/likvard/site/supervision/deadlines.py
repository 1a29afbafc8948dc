"""The clocks of the inspections as questions to the database: due, late, paused, without a day. The same as `cases.timing` says.

A register holds more clocks than a page can look at one by one, so how each stands is asked in SQL; a property test holds that
the two never differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from likvard.site.cases import access
from likvard.site.cases.models import Clock, ClockPause
from likvard.site.cases.timing import Counting, Standing, add_days
from likvard.site.people.models import User

SHOWN = (Standing.LATE, Standing.SOON, Standing.PAUSED, Standing.OPEN, Standing.RUNNING)
"""How a clock that is going may stand, in the order of the board."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the board is asked for: how the clocks stand, a department, whoever is responsible, a type of inspection."""

    standing: str = ""
    department: str = ""
    responsible: str = ""
    type: str = ""


def of_inspections() -> QuerySet[Clock]:
    """The clocks that are going in open inspections."""
    found = Clock.objects.going().filter(
        case__kind_code="supervision", case__closed_at__isnull=True, case__unreachable_at__isnull=True
    )
    return found.order_by()


def of_reader(user: User, on: date) -> QuerySet[Clock]:
    """Those of the inspections that the person sees: handed to them, or the whole register of whoever keeps it."""
    return of_inspections().filter(case__in=access.own_cases(user, on).open().order_by().values("pk"))


def within(clocks: QuerySet[Clock], asked: Asked) -> QuerySet[Clock]:
    """Those of a department, a person, a type of inspection; a choice that there is not gives none."""
    if asked.department:
        known = asked.department.isdecimal()
        clocks = clocks.filter(case__inspection__department=int(asked.department)) if known else clocks.none()
    if asked.responsible == "-":
        clocks = clocks.filter(case__responsible__isnull=True)
    elif asked.responsible:
        clocks = clocks.filter(case__responsible__in=User.objects.filter(email=asked.responsible))
    return clocks.filter(case__inspection__type=asked.type) if asked.type else clocks


def standing(clocks: QuerySet[Clock], on: date) -> dict[Standing, Q]:
    """For each way of standing, the condition on clocks that `marked` has annotated."""
    paused, dated = Q(stands_still=True), Q(stands_still=False, due__isnull=False)
    soon = Q(pk__in=[])
    for counting, warn in clocks.values_list("counting", "warn").distinct():
        soon |= Q(counting=counting, warn=warn, due__lte=last_soon(on, warn, Counting(counting)))
    ahead = dated & Q(due__gte=on)
    return {
        Standing.LATE: dated & Q(due__lt=on),
        Standing.SOON: ahead & soon,
        Standing.RUNNING: ahead & ~soon,
        Standing.PAUSED: paused,
        Standing.OPEN: Q(stands_still=False, due__isnull=True),
    }


def marked(clocks: QuerySet[Clock]) -> QuerySet[Clock]:
    """The clocks with `stands_still`: whether a pause is on that began before the clock was late. A pause hides nothing."""
    pauses = ClockPause.objects.filter(clock=OuterRef("pk"), end__isnull=True)
    in_time = Q(start__lte=OuterRef("due")) | Q(clock__due__isnull=True)
    return clocks.annotate(stands_still=Exists(pauses.filter(in_time)))


def last_soon(on: date, warn: int, counting: Counting) -> date:
    """The latest due day for which a clock that warns so many days before is soon due."""
    last = add_days(on, warn, counting)
    while add_days(last + timedelta(days=1), -warn, counting) <= on:
        last += timedelta(days=1)
    return last


def counted(clocks: QuerySet[Clock], on: date) -> dict[Standing, int]:
    """How many stand in each way: one question."""
    ways = standing(clocks, on)
    sums = {way.value: Count("pk", filter=ways[way]) for way in SHOWN}
    found = marked(clocks).aggregate(**sums)
    return {way: found[way.value] for way in SHOWN}


def listed(clocks: QuerySet[Clock], on: date, way: str = "") -> QuerySet[Clock]:
    """Those that stand in a way, or all: the earliest due day first, those without a day last."""
    found = marked(clocks)
    if way in {one.value for one in SHOWN}:
        found = found.filter(standing(clocks, on)[Standing(way)])
    return found.order_by(F("due").asc(nulls_last=True), "started", "pk")
