"""People, organisers and units; who belongs where, from when to when."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from likvard.site.people.roles import SCOPES, Place, Reach, Role, Scope

LANGUAGES = [("sv", "Svenska"), ("en", "English")]

_FORM_BREAK = "|"


class Users(BaseUserManager["User"]):
    """Users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **rest: object) -> User:
        """Make a user who signs in by this address."""
        user = self.model(email=self.normalize_email(email).lower(), **rest)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """The user of an e-mail address, however it is written."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who can sign in. What they may see follows from their memberships, never from the account."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="sv")
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = Users()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    audit_role = ""  # the roles that the person has on the day of the request; set where they enter the site
    found: tuple[date, tuple[Membership, ...]] | None = (
        None  # the day of the request, and the memberships on it; set there too
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="user_email_in_any_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def audit_id(self) -> str:
        """What the audit chain calls this person."""
        return str(self.pk)

    @property
    def audit_name(self) -> str:
        """The name that the audit chain keeps."""
        return str(self)


class Organiser(models.Model):
    """A school organiser (huvudman), known by its organisation number. Never deleted: closed."""

    class Kind(models.TextChoices):
        """Kinds of organiser, as in `terms.OrganiserKind`."""

        MUNICIPAL = "municipal", _("Municipality")
        INDEPENDENT = "independent", _("Independent organiser")
        REGIONAL = "regional", _("Region")
        STATE = "state", _("The state")

    number = models.CharField(primary_key=True, max_length=10, validators=[RegexValidator(r"^\d{10}$")])
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    municipality_code = models.CharField(max_length=4, blank=True)
    closed = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["name", "number"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["municipal", "independent", "regional", "state"]), name="organiser_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UnitQuerySet(models.QuerySet["Unit"]):
    """Questions about units."""

    def within(self, reach: Reach) -> Self:
        """The units that a reach holds."""
        if reach.everything:
            return self.all()
        return self.filter(Q(organiser_id__in=reach.organisers) | Q(code__in=reach.units))

    def with_form(self, form: str) -> Self:
        """The units that have a school form."""
        return self.filter(form_codes__contains=f"{_FORM_BREAK}{form}{_FORM_BREAK}")

    def active(self) -> Self:
        """The units that are not closed."""
        return self.exclude(status=Unit.Status.CLOSED)


class Unit(models.Model):
    """A school unit (skolenhet), known by its code for ever: a new code is a new unit, tied to the old one by lineage."""

    class Status(models.TextChoices):
        """Whether it runs."""

        ACTIVE = "active", _("Running")
        DORMANT = "dormant", _("Resting")
        CLOSED = "closed", _("Closed")
        PLANNED = "planned", _("Planned")

    code = models.CharField(primary_key=True, max_length=8, validators=[RegexValidator(r"^\d{8}$")])
    name = models.CharField(max_length=200)
    # Empty where no source says whose it is: then only the whole country's access reaches it.
    organiser = models.ForeignKey(Organiser, null=True, blank=True, on_delete=models.PROTECT, related_name="units")
    municipality_code = models.CharField(max_length=4, blank=True, db_index=True)
    area = models.CharField(max_length=100, blank=True)
    form_codes = models.CharField(max_length=100, blank=True)
    grades = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.ACTIVE)
    first_year = models.SmallIntegerField(null=True, blank=True)
    last_year = models.SmallIntegerField(null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["area", "name", "code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=["active", "dormant", "closed", "planned"]), name="unit_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(first_year__isnull=True) | Q(last_year__isnull=True) | Q(last_year__gte=F("first_year")),
                name="unit_years_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def forms(self) -> tuple[str, ...]:
        """Its school forms, by the rulebook's codes."""
        return tuple(code for code in self.form_codes.split(_FORM_BREAK) if code)

    @forms.setter
    def forms(self, codes: Iterable[str]) -> None:
        inner = _FORM_BREAK.join(sorted(set(codes)))
        self.form_codes = f"{_FORM_BREAK}{inner}{_FORM_BREAK}" if inner else ""

    @property
    def place(self) -> Place:
        """It as a place that a membership may be tied to."""
        return Place(unit=self.code)


def _in_order(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(end__isnull=True) | Q(end__gte=F("start")), name=f"{name}_ends_after_start"
    )


class Dated(models.QuerySet):
    """Questions about rows that hold from a first day to a last one; no last day means that they still hold."""

    def in_force(self, on: date) -> Self:
        """Those that hold on the day, first and last day included."""
        return self.filter(Q(end__isnull=True) | Q(end__gte=on), start__lte=on)


class UnitName(models.Model):
    """What a unit was called, from when to when."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=200)
    start = models.DateField()
    end = models.DateField(null=True, blank=True)

    objects = Dated.as_manager()

    class Meta:
        ordering: ClassVar = ["unit", "start"]
        constraints: ClassVar = [
            _in_order("unit_name"),
            models.UniqueConstraint(fields=["unit", "start"], name="unit_name_one_a_day"),
        ]

    def __str__(self) -> str:
        return self.name


class Lineage(models.Model):
    """A unit that continues another, wholly or in part."""

    class Kind(models.TextChoices):
        """How."""

        RENAMED = "renamed", _("new name")
        MERGED = "merged", _("merged")
        SPLIT = "split", _("split")
        MOVED = "moved", _("moved")
        NEW_ORGANISER = "new_organiser", _("new organiser")
        RECODED = "recoded", _("new code")

    predecessor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="continued_by")
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="continues")
    kind = models.CharField(max_length=13, choices=Kind.choices)
    day = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300)

    class Meta:
        ordering: ClassVar = ["day", "predecessor", "successor"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="lineage_once"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="lineage_between_two"),
            models.CheckConstraint(
                condition=Q(kind__in=["renamed", "merged", "split", "moved", "new_organiser", "recoded"]),
                name="lineage_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}"


_SCOPE_COLUMNS = {
    Scope.UNIT: Q(unit__isnull=False, organiser__isnull=True),
    Scope.ORGANISER: Q(unit__isnull=True, organiser__isnull=False),
    Scope.NATIONAL: Q(unit__isnull=True, organiser__isnull=True),
}


def _scope_of_role() -> Q:
    allowed = Q()
    for scope, columns in _SCOPE_COLUMNS.items():
        allowed |= columns & Q(role__in=[role.value for role, scopes in SCOPES.items() if scope in scopes])
    return allowed


class Placed(models.Model):
    """A row tied to one unit, one organiser, or neither: the whole country."""

    organiser = models.ForeignKey(Organiser, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    @property
    def place(self) -> Place:
        """Where it holds."""
        return Place(organiser=self.organiser_id or "", unit=self.unit_id or "")

    @property
    def place_name(self) -> str:
        """Where it holds, in words."""
        return str(self.unit or self.organiser or Scope.NATIONAL.label)


class MembershipQuerySet(Dated):
    """Questions about memberships."""

    def shown(self) -> Self:
        """With all that a list of them shows."""
        return self.select_related("user", "unit", "organiser", "given_by")

    def over(self, reach: Reach) -> Self:
        """Those tied to the places of a reach. National ones only by a reach that holds everything."""
        if reach.everything:
            return self.all()
        organisers = reach.organisers
        return self.filter(
            Q(organiser_id__in=organisers) | Q(unit__organiser_id__in=organisers) | Q(unit_id__in=reach.units)
        )


class Membership(Placed):
    """A person's role at a place from a first to a last day. It is ended, never deleted."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices)
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    given_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["user", "start", "id"]
        indexes: ClassVar = [models.Index(fields=["user", "start"])]
        constraints: ClassVar = [
            _in_order("membership"),
            models.CheckConstraint(condition=_scope_of_role(), name="membership_scope_of_role"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False, end__isnull=False),
                name="membership_ended_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{Role(self.role).label}, {self.place_name}"


class Assignment(Placed):
    """A matter handed to a person, and the place it is about: what reaches further than their own places.

    Written by the actions of cases, so that access stays in one place. `matter` is the register number.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assignments")
    matter = models.CharField(max_length=60)
    start = models.DateField()
    end = models.DateField(null=True, blank=True)

    objects = Dated.as_manager()

    class Meta:
        ordering: ClassVar = ["user", "start", "id"]
        indexes: ClassVar = [models.Index(fields=["user", "start"])]
        constraints: ClassVar = [
            _in_order("assignment"),
            models.CheckConstraint(
                condition=_SCOPE_COLUMNS[Scope.UNIT] | _SCOPE_COLUMNS[Scope.ORGANISER], name="assignment_has_one_place"
            ),
            models.UniqueConstraint(
                fields=["user", "matter"], condition=Q(end__isnull=True), name="assignment_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter}: {self.place_name}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Questions about invitations."""

    def open(self, at: datetime) -> Self:
        """Those that can still be accepted."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=at)


class Invitation(Placed):
    """A role offered to an e-mail address by a link that works once and not for ever. Only the link's hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField()
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=16, choices=Role.choices)
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-invited_at", "email"]
        constraints: ClassVar = [
            _in_order("invitation"),
            models.CheckConstraint(condition=_scope_of_role(), name="invitation_scope_of_role"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("invited_at")), name="invitation_expires_later"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="invitation_withdrawn_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True), name="invitation_ends_one_way"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}: {Role(self.role).label}, {self.place_name}"
