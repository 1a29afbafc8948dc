"""Rows for comparisons: the first decisions that have been signed, and the findings that are followed up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from django.db.models import Count, Q, QuerySet

from likvard.flow.uniformity import Decided, Followed
from likvard.rulebook.kinds.supervision import Instrument, Kind
from likvard.rulebook.lookup import rules
from likvard.site.supervision.models import Decision, Finding, ProgrammeUnit

AUDIT = "audit"


def decided(since: date, until: date) -> Iterator[Decided]:
    """First decisions signed from one day to another, with who presented them; those of no department are left out.

    A finding is an injunction, a remark or a decision to refrain. Audits are left out: their scale is another.
    """
    pupils = _pupils()
    counted = _first(since, until).annotate(
        count=Count("findings", filter=Q(findings__instrument__in=instruments(Kind.FINDING)))
    )
    fields = (
        "inspection_id", "inspection__department_id", "presenter_id", "inspection__type", "inspection__level",
        "inspection__case__organiser__kind", "inspection__case__unit__organiser__kind", "decided_on", "count",
        "inspection__forms", "inspection__case__unit_id",
    )  # fmt: skip
    for case, department, who, type_, level, kind, of_unit, day, count, forms, unit in counted.values_list(*fields):
        yield Decided(
            str(case), f"d{department}", f"p{who}", type_, level, kind or of_unit or "", day, count, tuple(forms),
            pupils.get(unit),
        )  # fmt: skip


def followed(since: date, until: date) -> Iterator[Followed]:
    """The findings of those decisions that the organiser must mend, and when each was closed, if it has been."""
    fields = ("decision__inspection_id", "area", "instrument", "decision__decided_on", "closed_at__date")
    found = Finding.objects.filter(decision__in=_first(since, until), instrument__in=followed_up())
    for case, area, instrument, day, closed in found.values_list(*fields):
        yield Followed(str(case), area, instrument, day, closed if closed and closed <= until else None)


def names() -> Mapping[str, str]:
    """What each department and inspector of these rows is called, by key."""
    of = Decision.objects.filter(decided_on__isnull=False)
    places = of.exclude(inspection__department=None).values_list(
        "inspection__department_id", "inspection__department__name"
    )
    people = of.exclude(presenter=None).values_list("presenter_id", "presenter__name")
    return {f"d{pk}": name for pk, name in places.distinct()} | {f"p{pk}": name for pk, name in people.distinct()}


def without_department(since: date, until: date) -> int:
    """How many signed decisions cannot be compared, because their case belongs to no department."""
    signed = Decision.objects.filter(kind=Decision.Kind.FIRST, decided_on__range=(since, until))
    return signed.exclude(inspection__type=AUDIT).filter(inspection__department=None).count()


def instruments(kind: Kind) -> list[str]:
    """Keys of the instruments of a kind, in any wording."""
    return sorted({key for wording in rules("instruments") for key, one in wording.value.items() if one.kind is kind})


def followed_up() -> list[str]:
    """Keys of the instruments after which the organiser must mend the deficiency, in any wording."""

    def is_so(one: Instrument) -> bool:
        return one.kind is Kind.FINDING and one.followed_up

    return sorted({key for wording in rules("instruments") for key, one in wording.value.items() if is_so(one)})


def _first(since: date, until: date) -> QuerySet[Decision]:
    signed = Decision.objects.filter(
        kind=Decision.Kind.FIRST, decided_on__range=(since, until), presenter__isnull=False
    )
    return signed.exclude(inspection__type=AUDIT).exclude(inspection__department=None).order_by("pk")


def _pupils() -> Mapping[str, int]:
    """How many pupils each unit had by the newest programme that knows."""
    rows = ProgrammeUnit.objects.filter(pupils__isnull=False).order_by("programme__start", "pk")
    return {unit: pupils for unit, pupils in rows.values_list("unit_id", "pupils") if pupils is not None}
