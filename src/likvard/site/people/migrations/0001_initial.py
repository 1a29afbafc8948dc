"""Organisers, units, people and who belongs where."""

import uuid

from django.conf import settings
from django.core.management import call_command
from django.core.validators import RegexValidator
from django.db import migrations, models
from django.db.models.functions import Lower

ROLES = [
    ("staff", "Staff at a school"),
    ("principal", "Principal"),
    ("pupil_health", "Pupil health"),
    ("organiser_head", "Head of education"),
    ("quality_manager", "Quality manager"),
    ("analyst", "Analyst"),
    ("inspector", "Inspector"),
    ("lead_inspector", "Lead inspector"),
    ("beo_officer", "Officer of the Child and School Student Representative"),
    ("licence_officer", "Licence officer"),
    ("press_officer", "Press officer"),
    ("administrator", "Administrator"),
]
"""As people.roles.Role was when these tables were made."""

SCOPE_OF_ROLE = models.Q(
    models.Q(
        ("organiser__isnull", True), ("unit__isnull", False), ("role__in", ["staff", "principal", "pupil_health"])
    ),
    models.Q(
        ("organiser__isnull", False),
        ("unit__isnull", True),
        ("role__in", ["pupil_health", "organiser_head", "quality_manager", "analyst", "administrator"]),
    ),
    models.Q(
        ("organiser__isnull", True),
        ("unit__isnull", True),
        (
            "role__in",
            ["inspector", "lead_inspector", "beo_officer", "licence_officer", "press_officer", "administrator"],
        ),
    ),
    _connector="OR",
)
"""As people.roles.SCOPES was when these tables were made."""


def make_cache_table(apps: object, schema_editor: object) -> None:
    """Make the table of the cache; it is left alone if it is there."""
    call_command("createcachetable", verbosity=0, database=schema_editor.connection.alias)  # type: ignore[attr-defined]


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        # Counts of failed sign-ins are kept in a table that all worker processes share (settings.CACHES).
        migrations.RunPython(make_cache_table, migrations.RunPython.noop),
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail address")),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                (
                    "language",
                    models.CharField(
                        choices=[("sv", "Svenska"), ("en", "English")],
                        default="sv",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("date_joined", models.DateTimeField(auto_now_add=True)),
            ],
            options={"constraints": [models.UniqueConstraint(Lower("email"), name="user_email_in_any_case")]},
        ),
        migrations.CreateModel(
            name="Organiser",
            fields=[
                (
                    "number",
                    models.CharField(
                        max_length=10, primary_key=True, serialize=False, validators=[RegexValidator("^\\d{10}$")]
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("municipal", "Municipality"),
                            ("independent", "Independent organiser"),
                            ("regional", "Region"),
                            ("state", "The state"),
                        ],
                        max_length=12,
                    ),
                ),
                ("municipality_code", models.CharField(blank=True, max_length=4)),
                ("closed", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["name", "number"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["municipal", "independent", "regional", "state"])),
                        name="organiser_kind_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=8, primary_key=True, serialize=False, validators=[RegexValidator("^\\d{8}$")]
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("municipality_code", models.CharField(blank=True, db_index=True, max_length=4)),
                ("area", models.CharField(blank=True, max_length=100)),
                ("form_codes", models.CharField(blank=True, max_length=100)),
                ("grades", models.CharField(blank=True, max_length=20)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("active", "Running"),
                            ("dormant", "Resting"),
                            ("closed", "Closed"),
                            ("planned", "Planned"),
                        ],
                        default="active",
                        max_length=8,
                    ),
                ),
                ("first_year", models.SmallIntegerField(blank=True, null=True)),
                ("last_year", models.SmallIntegerField(blank=True, null=True)),
                (
                    "organiser",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=models.PROTECT, related_name="units", to="people.organiser"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["active", "dormant", "closed", "planned"])),
                        name="unit_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("first_year__isnull", True),
                            ("last_year__isnull", True),
                            ("last_year__gte", models.F("first_year")),
                            _connector="OR",
                        ),
                        name="unit_years_in_order",
                    ),
                ],
                "ordering": ["area", "name", "code"],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(choices=ROLES, max_length=16)),
                ("start", models.DateField()),
                ("end", models.DateField(blank=True, null=True)),
                ("given_at", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="memberships", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organiser",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="people.organiser"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="people.unit"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user", "start"], name="people_memb_user_id_61cdff_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("end__isnull", True), ("end__gte", models.F("start")), _connector="OR"),
                        name="membership_ends_after_start",
                    ),
                    models.CheckConstraint(condition=SCOPE_OF_ROLE, name="membership_scope_of_role"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            models.Q(("end__isnull", False), ("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="membership_ended_at_and_by",
                    ),
                ],
                "ordering": ["user", "start", "id"],
            },
        ),
        migrations.CreateModel(
            name="Lineage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("renamed", "new name"),
                            ("merged", "merged"),
                            ("split", "split"),
                            ("moved", "moved"),
                            ("new_organiser", "new organiser"),
                            ("recoded", "new code"),
                        ],
                        max_length=13,
                    ),
                ),
                ("day", models.DateField(blank=True, null=True)),
                ("source", models.CharField(max_length=300)),
                (
                    "predecessor",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="continued_by", to="people.unit"),
                ),
                ("successor", models.ForeignKey(on_delete=models.PROTECT, related_name="continues", to="people.unit")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("predecessor", "successor"), name="lineage_once"),
                    models.CheckConstraint(
                        condition=models.Q(("predecessor", models.F("successor")), _negated=True),
                        name="lineage_between_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["renamed", "merged", "split", "moved", "new_organiser", "recoded"])
                        ),
                        name="lineage_kind_is_known",
                    ),
                ],
                "ordering": ["day", "predecessor", "successor"],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254)),
                ("name", models.CharField(max_length=150)),
                ("role", models.CharField(choices=ROLES, max_length=16)),
                ("start", models.DateField()),
                ("end", models.DateField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("invited_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organiser",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="people.organiser"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="people.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("end__isnull", True), ("end__gte", models.F("start")), _connector="OR"),
                        name="invitation_ends_after_start",
                    ),
                    models.CheckConstraint(condition=SCOPE_OF_ROLE, name="invitation_scope_of_role"),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("invited_at"))), name="invitation_expires_later"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted_at__isnull", True), ("accepted_by__isnull", True)),
                            models.Q(("accepted_at__isnull", False), ("accepted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="invitation_accepted_at_and_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="invitation_withdrawn_at_and_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted_at__isnull", True), ("withdrawn_at__isnull", True), _connector="OR"
                        ),
                        name="invitation_ends_one_way",
                    ),
                ],
                "ordering": ["-invited_at", "email"],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("matter", models.CharField(max_length=60)),
                ("start", models.DateField()),
                ("end", models.DateField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="assignments", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organiser",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="people.organiser"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="people.unit"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user", "start"], name="people_assi_user_id_9ce801_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("end__isnull", True), ("end__gte", models.F("start")), _connector="OR"),
                        name="assignment_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("organiser__isnull", True), ("unit__isnull", False)),
                            models.Q(("organiser__isnull", False), ("unit__isnull", True)),
                            _connector="OR",
                        ),
                        name="assignment_has_one_place",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("end__isnull", True)),
                        fields=("user", "matter"),
                        name="assignment_open_once",
                    ),
                ],
                "ordering": ["user", "start", "id"],
            },
        ),
        migrations.CreateModel(
            name="UnitName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("start", models.DateField()),
                ("end", models.DateField(blank=True, null=True)),
                ("unit", models.ForeignKey(on_delete=models.CASCADE, related_name="names", to="people.unit")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("end__isnull", True), ("end__gte", models.F("start")), _connector="OR"),
                        name="unit_name_ends_after_start",
                    ),
                    models.UniqueConstraint(fields=("unit", "start"), name="unit_name_one_a_day"),
                ],
                "ordering": ["unit", "start"],
            },
        ),
    ]
