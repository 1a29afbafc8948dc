"""The clocks of the inspections as questions to the database: due, late, paused, without a day. The same as `cases.timing` says.

A register holds more clocks than a page can look at one by one, so how each stands is asked in SQL; a property test holds that
the two never differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from likvard.site.cases import access
from likvard.site.cases.models import Clock, ClockPause, Exclusion
from likvard.site.cases.timing import Counting, Standing, add_days
from likvard.site.people import access as people
from likvard.site.people.models import User
from likvard.site.supervision.kinds import SUPERVISION
from likvard.site.supervision.models import ClockWarning

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
    found = of_inspections()
    if SUPERVISION.register in people.registers(user, on):  # the same as `own_cases`, without asking for each case
        return found.exclude(case__in=Exclusion.objects.in_force().filter(user=user).values("case"))
    return found.filter(case__in=access.own_cases(user, on).open().order_by().values("pk"))


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
    """For each way of standing, its condition."""
    paused = Q(pk__in=standing_still())
    dated, ahead = ~paused & Q(due__isnull=False), ~paused & Q(due__gte=on)
    soon = Q(pk__in=[])
    for counting, warn in clocks.values_list("counting", "warn").distinct():
        soon |= Q(counting=counting, warn=warn, due__lte=last_soon(on, warn, Counting(counting)))
    return {
        Standing.LATE: dated & Q(due__lt=on),
        Standing.SOON: ahead & soon,
        Standing.RUNNING: ahead & ~soon,
        Standing.PAUSED: paused,
        Standing.OPEN: ~paused & Q(due__isnull=True),
    }


def standing_still() -> QuerySet[ClockPause, int]:
    """The clocks that a pause lets stand still: one that is on and began before the clock was late. A pause hides nothing."""
    on_now = ClockPause.objects.filter(end__isnull=True, clock__met_at__isnull=True)
    in_time = Q(start__lte=F("clock__due")) | Q(clock__due__isnull=True)
    return on_now.filter(in_time).order_by().values_list("clock", flat=True)


def last_soon(on: date, warn: int, counting: Counting) -> date:
    """The latest due day for which a clock that warns so many days before is soon due."""
    last = add_days(on, warn, counting)
    while add_days(last + timedelta(days=1), -warn, counting) <= on:
        last += timedelta(days=1)
    return last


@dataclass(frozen=True, slots=True)
class Counted:
    """How many clocks stand in each way, and on how many a warning stands."""

    ways: dict[Standing, int]
    warned: int


def counted(clocks: QuerySet[Clock], on: date) -> Counted:
    """How many stand in each way: one question, which the days of the calendar divide."""
    still = Case(When(pk__in=standing_still(), then=Value(1)), default=Value(0))
    told = ClockWarning.objects.filter(clock=OuterRef("pk"), due=OuterRef("due"))
    found = clocks.annotate(still=still, told=Exists(told)).values_list("still", "counting", "warn", "due", "told")
    ways, warned = dict.fromkeys(SHOWN, 0), 0
    last = cache(lambda counting, warn: last_soon(on, warn, Counting(counting)))
    for paused, counting, warn, due, was_told, n in found.annotate(n=Count("pk")).order_by():
        warned += n if was_told else 0
        if paused:
            ways[Standing.PAUSED] += n
        elif due is None:
            ways[Standing.OPEN] += n
        else:
            soon = Standing.SOON if due <= last(counting, warn) else Standing.RUNNING
            ways[Standing.LATE if due < on else soon] += n
    return Counted(ways, warned)


def listed(clocks: QuerySet[Clock], on: date, way: str = "") -> QuerySet[Clock]:
    """Those that stand in a way, or all that have a day: the earliest due day first."""
    if way == Standing.OPEN:
        return clocks.filter(standing(clocks, on)[Standing.OPEN]).order_by("started", "pk")
    if way in {one.value for one in SHOWN}:
        clocks = clocks.filter(standing(clocks, on)[Standing(way)])
    dated = clocks if way == Standing.PAUSED else clocks.filter(due__isnull=False)
    return dated.order_by("due", "pk")
