"""Tell of a measure at a unit. For subjects, whose own permissions have been checked and whose own event tells of the deed."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from likvard.site.cases.models import Measure
from likvard.site.cases.states import CaseError
from likvard.site.people.models import Unit, User


@transaction.atomic
def begin_measure(
    *, unit: Unit, name: str, indicator: str, expected: str, started: date, look_on: date, by: User, at: datetime,
    href: str = "",
) -> Measure:  # fmt: skip
    """Keep a measure, so that the unit's page marks it in the curve of the indicator where it should be seen."""
    if look_on <= started:
        raise CaseError(_("The day to look must come after the measure begins."), _("Choose a later day to look."))
    return Measure.objects.create(
        unit=unit, name=name, indicator=indicator, expected=expected, started=started, look_on=look_on, href=href,
        made_at=at, made_by=by,
    )  # fmt: skip


@transaction.atomic
def settle_measure(*, measure: Measure, outcome: str, on: date) -> Measure:
    """Say what came of a measure."""
    measure = Measure.objects.select_for_update().get(pk=measure.pk)
    measure.outcome, measure.settled_on = outcome, on
    measure.save(update_fields=["outcome", "settled_on"])
    return measure


@transaction.atomic
def put_off_measure(*, measure: Measure, look_on: date) -> Measure:
    """Name a new day to look at a measure of which it cannot be told yet what came."""
    measure = Measure.objects.select_for_update().get(pk=measure.pk)
    measure.look_on = look_on
    measure.save(update_fields=["look_on"])
    return measure
