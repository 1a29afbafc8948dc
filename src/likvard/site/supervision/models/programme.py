"""The programme of a period: what it was selected from, by which rule, and who was selected. Once decided it is frozen."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from likvard.site.cases.models import Case
from likvard.site.cases.models.shared import by
from likvard.site.people.models import Organiser, Unit
from likvard.site.supervision.selection import Route, Rule


class Programme(models.Model):
    """A period of supervision over all organisers and their units.

    The basis (`ProgrammeUnit`) is taken once, from one publication and from the register as they then are, so that the selection
    can be done again. `fingerprint` is a SHA-256 over it. `complaints_from` and `visits_from` say who counted; empty: nobody has.
    """

    name = models.CharField(_("name"), max_length=100, unique=True)
    start = models.DateField(_("first day"))
    end = models.DateField(_("last day"))
    measure = models.CharField(_("results by"), max_length=60)
    publication = models.CharField(max_length=40)
    published_on = models.DateField()
    complaints_from = models.CharField(max_length=200, blank=True)
    visits_from = models.CharField(max_length=200, blank=True)
    fingerprint = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = by()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = by(null=True, blank=True)
    decision = models.TextField(_("why it is decided so"), max_length=2000, blank=True)

    class Meta:
        ordering: ClassVar = ["-start", "name"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="programme_ends_after_start"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, decision="")
                | (Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(decision="")),
                name="programme_decided_with_reasons",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """What the audit chain calls it."""
        return f"programme:{self.pk}"

    @property
    def is_decided(self) -> bool:
        """Whether it is frozen."""
        return self.decided_at is not None

    @property
    def rule(self) -> ProgrammeRule | None:
        """The rule that holds: the newest that was set."""
        return self.rules.select_related("by").last()


class ProgrammeUnit(models.Model):
    """A unit in the basis of a programme, as it was when the basis was taken.

    `difference` is the released figure of the result minus the expected, with its interval and number of pupils; where there is
    none, `missing` says why. `complaints` is null where nobody has counted, `visited_on` where no visit is known.
    `by_municipality`: an independent preschool or leisure-time centre, which the municipality supervises (26 kap. 4 § skollagen):
    it stands in the programme, and the rule does not select it.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="units")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    organiser = models.ForeignKey(Organiser, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    county = models.CharField(max_length=2, blank=True)
    municipality = models.CharField(max_length=4, blank=True)
    form = models.CharField(max_length=6, blank=True)
    difference = models.FloatField(null=True, blank=True)
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    pupils = models.PositiveIntegerField(null=True, blank=True)
    missing = models.CharField(max_length=20, blank=True)
    complaints = models.PositiveIntegerField(null=True, blank=True)
    visited_on = models.DateField(null=True, blank=True)
    by_municipality = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["programme", "unit"]
        indexes: ClassVar = [models.Index(fields=["programme", "municipality"], name="programme_municipality")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "unit"], name="programme_unit_once"),
            # A figure that is not there is said to be missing, and why; one that is there is not.
            models.CheckConstraint(
                condition=Q(difference__isnull=False, missing="") | (Q(difference__isnull=True) & ~Q(missing="")),
                name="programme_unit_figure_or_why_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme}: {self.unit_id}"


class ProgrammeRule(models.Model):
    """A rule that was set for a programme, its seed with where it comes from, and why. The newest holds; the rest is history."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="rules")
    data = models.JSONField()
    seed_from = models.CharField(_("where the seed comes from"), max_length=300)
    reason = models.TextField(_("why the rule is set so"), max_length=2000)
    at = models.DateTimeField()
    by = by()

    class Meta:
        ordering: ClassVar = ["programme", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason="") & ~Q(seed_from=""), name="programme_rule_with_reasons"),
        ]

    def __str__(self) -> str:
        return f"{self.programme}, {self.at:%Y-%m-%d}"

    @property
    def value(self) -> Rule:
        """The rule as a value."""
        return Rule.from_data(self.data)


class SelectedQuerySet(models.QuerySet["Selected"]):
    """Questions about what was selected."""

    def standing(self) -> SelectedQuerySet:
        """Those that have not been taken back."""
        return self.filter(withdrawn_at__isnull=True)

    def by_place(self) -> SelectedQuerySet:
        """By county, municipality and name: never in an order by points."""
        return self.select_related("unit", "organiser", "case", "by").order_by(
            "county", "municipality", "unit__name", "organiser__name", "id"
        )


class Selected(models.Model):
    """A unit, or an organiser as a whole, that was selected: by which route, with which points, drawn how; by hand with a reason.

    What the rule selects is written when the programme is decided. An addition by hand may be taken back until then.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="selected")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    organiser = models.ForeignKey(Organiser, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    county = models.CharField(max_length=2, blank=True)
    municipality = models.CharField(max_length=4, blank=True)
    route = models.CharField(max_length=7, choices=Route.choices)
    draw = models.CharField(max_length=16, blank=True)
    parts = models.JSONField(default=dict, blank=True)
    reason = models.TextField(_("why"), max_length=2000, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = by(null=True, blank=True)
    at = models.DateTimeField()
    by = by()
    case = models.OneToOneField(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="selected")

    objects = SelectedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["programme", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(route__in=Route.values), name="selected_route_is_known"),
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | Q(organiser__isnull=False), name="selected_has_a_place"
            ),
            models.CheckConstraint(condition=~Q(route=Route.HAND) | ~Q(reason=""), name="selected_by_hand_with_reason"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, route=Route.HAND, case__isnull=True),
                name="selected_withdrawn_only_by_hand",
            ),
            models.UniqueConstraint(
                fields=["programme", "unit"],
                condition=Q(withdrawn_at__isnull=True, unit__isnull=False),
                name="selected_unit_once",
            ),
            models.UniqueConstraint(
                fields=["programme", "organiser"],
                condition=Q(withdrawn_at__isnull=True, unit__isnull=True),
                name="selected_organiser_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.place)

    @property
    def place(self) -> Unit | Organiser | None:
        """The unit, or the organiser as a whole. A constraint holds that there is one."""
        return self.unit or self.organiser


class ClockWarning(models.Model):
    """That a clock of an inspection was told to be soon due or late, of one due day: to its owner and to whoever leads.

    It stands until the duty is done, whoever has read it. A due day that moves may be warned of again.
    """

    class Standing(models.TextChoices):
        """What was warned of."""

        SOON = "soon", _("soon due")
        LATE = "late", _("late")

    clock = models.ForeignKey("cases.Clock", on_delete=models.PROTECT, related_name="supervision_warnings")
    standing = models.CharField(max_length=4, choices=Standing.choices)
    due = models.DateField()
    at = models.DateTimeField()
    to_owner = models.BooleanField(default=False)
    leads = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["clock", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clock", "standing", "due"], name="clock_warned_once_of_a_day"),
            models.CheckConstraint(condition=Q(standing__in=["soon", "late"]), name="clock_warning_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.clock}: {self.get_standing_display()}"
