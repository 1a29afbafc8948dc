"""The case itself, who takes part in it, and who is kept out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from likvard.site.cases import timing
from likvard.site.cases.kinds import kind_of, kinds
from likvard.site.cases.models.shared import Since, by, paired
from likvard.site.cases.register import RegisterNumber
from likvard.site.cases.states import CaseError, Kind, State
from likvard.site.people.models import Organiser, Unit, User
from likvard.site.people.roles import Reach
from likvard.terms import SchoolForm


class Secrecy(models.TextChoices):
    """What may be in a case, and so who may read it. The provisions are those of offentlighets- och sekretesslagen."""

    OPEN = "open", _("no secrecy")
    PUPIL = "pupil", _("about individual pupils")  # 23 kap. 2 §
    HEALTH = "health", _("pupil health: only those it is handed to")  # 23 kap. 2 § first paragraph, 25 kap. 1 §
    PROTECTED = "protected", _("protected personal data: only those it is handed to")  # 21 kap. 3 §, 22 kap. 1 §


BY_HAND = frozenset({Secrecy.HEALTH, Secrecy.PROTECTED})
"""Classes for which no place is enough: the principal has no right to the records of pupil health."""


class Retention(models.TextChoices):
    """When a closed case becomes unreachable, by the organiser's plan for its documents."""

    KEPT = "kept", _("kept for ever")
    TEN_YEARS = "ten_years", _("ten years after it was closed")
    FIVE_YEARS = "five_years", _("five years after it was closed")
    TWO_YEARS = "two_years", _("two years after it was closed")


RETENTION_YEARS = {Retention.TEN_YEARS: 10, Retention.FIVE_YEARS: 5, Retention.TWO_YEARS: 2}


class Series(models.Model):
    """The last number given in a series and year. Numbers are given under its lock, so that there are no gaps."""

    series = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["series", "year"], name="series_once_a_year")]

    def __str__(self) -> str:
        return f"{self.series} {self.year}:{self.last}"


class CaseQuerySet(models.QuerySet["Case"]):
    """Questions about cases."""

    def reachable(self) -> Self:
        """Those that retention has not made unreachable."""
        return self.filter(unreachable_at__isnull=True)

    def open(self) -> Self:
        """Those that are not closed."""
        return self.filter(closed_at__isnull=True)

    def numbered(self, number: RegisterNumber) -> Self:
        """The one with this register number."""
        return self.filter(series=number.series, year=number.year, number=number.number)

    def handed_to(self, user: User, on: date) -> Self:
        """Those that the person is responsible for or takes part in on the day."""
        taking_part = Participant.objects.in_force(on).filter(user=user).values("case")
        return self.filter(Q(responsible=user) | Q(pk__in=taking_part))

    def of_registers(self, registers: Iterable[str]) -> Self:
        """Those that are kept in one of these registers."""
        wanted = set(registers)
        return self.filter(kind_code__in=[kind.code for kind in kinds().values() if kind.register in wanted])

    def by_place(self) -> Self:
        """Those that a role at their place opens."""
        return self.filter(kind_code__in=[kind.code for kind in kinds().values() if kind.by_place])

    def not_excluding(self, user: User) -> Self:
        """Those that the person is not excluded from."""
        return self.exclude(pk__in=Exclusion.objects.in_force().filter(user=user).values("case"))

    def at(self, reach: Reach) -> Self:
        """Those about the places of a reach."""
        if reach.everything:
            return self.all()
        return self.filter(Q(organiser_id__in=reach.organisers) | Q(unit_id__in=reach.units))

    def due_for_retention(self, on: date) -> list[Case]:
        """Closed ones whose time has run out on the day."""
        closed = self.reachable().filter(closed_at__isnull=False, retention__in=list(RETENTION_YEARS))
        return [case for case in closed if (until := case.kept_until) is not None and until < on]

    def shown(self) -> Self:
        """With all that a list or the head of a case shows."""
        return self.select_related("organiser", "unit", "responsible").prefetch_related("clocks__pauses")


class Case(models.Model):
    """A matter with a register number, about an organiser or one of its units, in a state of its kind's table."""

    kind_code = models.CharField(max_length=30)
    series = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=200)
    organiser = models.ForeignKey(Organiser, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    school_form = models.CharField(
        _("school form"), max_length=6, blank=True, choices=[(form.value, form.value) for form in SchoolForm]
    )
    state_code = models.CharField(max_length=30)
    state_since = models.DateTimeField()
    opened_at = models.DateTimeField()
    opened_by = by()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = by(null=True, blank=True)
    closing_reason = models.TextField(blank=True)
    responsible = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="cases_responsible_for"
    )
    secrecy = models.CharField(_("secrecy"), max_length=10, choices=Secrecy.choices, default=Secrecy.OPEN)
    retention = models.CharField(max_length=10, choices=Retention.choices, default=Retention.TEN_YEARS)
    unreachable_at = models.DateTimeField(null=True, blank=True)
    unreachable_by = by(null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-year", "series", "-number"]
        indexes: ClassVar = [
            models.Index(fields=["organiser", "closed_at"], name="case_organiser"),
            models.Index(fields=["unit", "opened_at"], name="case_unit"),
            models.Index(fields=["responsible", "closed_at"], name="case_responsible"),
            # A register holds hundreds of thousands: its lists are counted and cut out of the index alone.
            models.Index(fields=["kind_code", "closed_at", "unreachable_at"], name="case_register"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "year", "number"], name="case_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="case_number_from_one"),
            models.CheckConstraint(
                condition=Q(organiser__isnull=False) | Q(unit__isnull=False), name="case_has_a_place"
            ),
            models.CheckConstraint(condition=paired("closed_at", "closed_by"), name="case_closed_at_and_by"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(closing_reason=""), name="case_closed_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")), name="case_closed_after_opened"
            ),
            models.CheckConstraint(
                condition=paired("unreachable_at", "unreachable_by"), name="case_unreachable_at_and_by"
            ),
            models.CheckConstraint(
                condition=Q(unreachable_at__isnull=True) | Q(closed_at__isnull=False),
                name="case_closed_before_retention",
            ),
            models.CheckConstraint(condition=Q(secrecy__in=Secrecy.values), name="case_secrecy_is_known"),
            models.CheckConstraint(condition=Q(retention__in=Retention.values), name="case_retention_is_known"),
        ]

    def __str__(self) -> str:
        return self.dnr

    @property
    def register_number(self) -> RegisterNumber:
        """Its register number, as a value."""
        return RegisterNumber(self.series, self.year, self.number)

    @property
    def dnr(self) -> str:
        """Its register number, as it is written: `LV 2026:17`."""
        return str(self.register_number)

    @property
    def slug(self) -> str:
        """Its register number, as it stands in an address."""
        return self.register_number.slug

    @property
    def subject(self) -> str:
        """What the audit chain calls it."""
        return f"case:{self.dnr}"

    @property
    def kind(self) -> Kind:
        """Its kind, with the state table."""
        return kind_of(self.kind_code)

    @property
    def state(self) -> State:
        """The state it is in."""
        return self.kind.table.state(self.state_code)

    @property
    def place(self) -> Unit | Organiser:
        """What it is about: the unit, or the organiser as a whole. A constraint holds that there is one."""
        found = self.unit or self.organiser
        if found is None:
            raise CaseError(f"{self.dnr} is about no place.", "Give it a unit or an organiser.")
        return found

    @property
    def is_closed(self) -> bool:
        """Whether it is closed."""
        return self.closed_at is not None

    @property
    def kept_until(self) -> date | None:
        """The last day on which a closed case is reachable; None while it is open, and where it is kept for ever."""
        years = RETENTION_YEARS.get(Retention(self.retention))
        if self.closed_at is None or years is None:
            return None
        closed = timing.day_of(self.closed_at)
        return date(closed.year + years, 12, 31)


class Participant(models.Model):
    """A person to whom a case is open by hand: to work in it, or only to read it. Ended, never deleted."""

    class Part(models.TextChoices):
        """What for."""

        HANDLER = "handler", _("works in it")
        READER = "reader", _("reads it")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="participants")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=7, choices=Part.choices)
    reason = models.CharField(max_length=300, blank=True)  # empty for whoever opened the case
    since = models.DateTimeField()
    until = models.DateField(null=True, blank=True)
    given_by = by()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = by(null=True, blank=True)

    objects = Since.as_manager()

    class Meta:
        ordering: ClassVar = ["since", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "user"], condition=Q(ended_at__isnull=True), name="participant_open_once"
            ),
            models.CheckConstraint(condition=paired("ended_at", "ended_by"), name="participant_ended_at_and_by"),
            models.CheckConstraint(condition=Q(part__in=["handler", "reader"]), name="participant_part_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_part_display()}"


class Exclusion(models.Model):
    """A person who may not see a case whatever else they may: a conflict of interest. Ended, never deleted."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="exclusions")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    since = models.DateTimeField()
    given_by = by()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = by(null=True, blank=True)

    objects = Since.as_manager()

    class Meta:
        ordering: ClassVar = ["since", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "user"], condition=Q(ended_at__isnull=True), name="exclusion_open_once"
            ),
            models.CheckConstraint(condition=paired("ended_at", "ended_by"), name="exclusion_ended_at_and_by"),
        ]

    def __str__(self) -> str:
        return str(self.user)
