"""Measures (åtgärder) at units, as everybody who answers for the unit may know of them, whichever subject follows them up."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from likvard.site.cases.models.shared import by as signed
from likvard.site.people.models import Unit


class MeasureQuerySet(models.QuerySet["Measure"]):
    """Questions about measures."""

    def at(self, unit: Unit) -> Self:
        """Those at a unit, in the order that they began."""
        return self.filter(unit=unit).order_by("started", "pk")


class Measure(models.Model):
    """What is done at a unit, from when, and in which indicator it is expected to be seen.

    A subject writes it in the transaction of its own deed (`actions.begin_measure`); the unit's page marks it in the curve of its
    indicator. `href` is where its subject follows it up.
    """

    class Outcome(models.TextChoices):
        """What came of it."""

        HELPED = "helped", _("went as expected")
        NOT = "not", _("did not go as expected")
        UNCLEAR = "unclear", _("cannot be told")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=300)
    indicator = models.CharField(max_length=60)
    expected = models.CharField(max_length=300)
    started = models.DateField()
    look_on = models.DateField()
    href = models.CharField(max_length=300, blank=True)
    outcome = models.CharField(max_length=7, choices=Outcome.choices, blank=True)
    settled_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = signed()

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["started", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(name="") & Q(look_on__gt=models.F("started")), name="measure_is_looked_at_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(settled_on__isnull=True, outcome="")
                | Q(settled_on__isnull=False, outcome__in=["helped", "not", "unclear"]),
                name="measure_settled_with_an_outcome",
            ),
        ]

    def __str__(self) -> str:
        return self.name
