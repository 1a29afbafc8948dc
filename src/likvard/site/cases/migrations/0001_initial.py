"""Cases, their series, who takes part and who is kept out."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind_code", models.CharField(max_length=30)),
                ("series", models.CharField(max_length=4)),
                ("year", models.PositiveSmallIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "school_form",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("FSK", "FSK"),
                            ("FKLASS", "FKLASS"),
                            ("FTH", "FTH"),
                            ("GR", "GR"),
                            ("GRAN", "GRAN"),
                            ("SP", "SP"),
                            ("SAM", "SAM"),
                            ("GY", "GY"),
                            ("GYAN", "GYAN"),
                            ("VUX", "VUX"),
                            ("SFI", "SFI"),
                        ],
                        max_length=6,
                        verbose_name="school form",
                    ),
                ),
                ("state_code", models.CharField(max_length=30)),
                ("state_since", models.DateTimeField()),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closing_reason", models.TextField(blank=True)),
                (
                    "secrecy",
                    models.CharField(
                        choices=[
                            ("open", "no secrecy"),
                            ("pupil", "about individual pupils"),
                            ("health", "pupil health: only those it is handed to"),
                            ("protected", "protected personal data: only those it is handed to"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="secrecy",
                    ),
                ),
                (
                    "retention",
                    models.CharField(
                        choices=[
                            ("kept", "kept for ever"),
                            ("ten_years", "ten years after it was closed"),
                            ("five_years", "five years after it was closed"),
                            ("two_years", "two years after it was closed"),
                        ],
                        default="ten_years",
                        max_length=10,
                    ),
                ),
                ("unreachable_at", models.DateTimeField(blank=True, null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organiser",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="people.organiser",
                    ),
                ),
                (
                    "responsible",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases_responsible_for",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="people.unit",
                    ),
                ),
                (
                    "unreachable_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organiser", "closed_at"], name="case_organiser"),
                    models.Index(fields=["unit", "opened_at"], name="case_unit"),
                    models.Index(fields=["responsible", "closed_at"], name="case_responsible"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("series", "year", "number"), name="case_number_once"),
                    models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="case_number_from_one"),
                    models.CheckConstraint(
                        condition=models.Q(("organiser__isnull", False), ("unit__isnull", False), _connector="OR"),
                        name="case_has_a_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                            models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="case_closed_at_and_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at__isnull", True),
                            models.Q(("closing_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="case_closed_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at__isnull", True), ("closed_at__gte", models.F("opened_at")), _connector="OR"
                        ),
                        name="case_closed_after_opened",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("unreachable_at__isnull", True), ("unreachable_by__isnull", True)),
                            models.Q(("unreachable_at__isnull", False), ("unreachable_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="case_unreachable_at_and_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("unreachable_at__isnull", True), ("closed_at__isnull", False), _connector="OR"
                        ),
                        name="case_closed_before_retention",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("secrecy__in", ["open", "pupil", "health", "protected"])),
                        name="case_secrecy_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("retention__in", ["kept", "ten_years", "five_years", "two_years"])),
                        name="case_retention_is_known",
                    ),
                ],
                "ordering": ["-year", "series", "-number"],
            },
        ),
        migrations.CreateModel(
            name="Exclusion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=300)),
                ("since", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="exclusions", to="cases.case"
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("case", "user"),
                        name="exclusion_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="exclusion_ended_at_and_by",
                    ),
                ],
                "ordering": ["since", "id"],
            },
        ),
        migrations.CreateModel(
            name="Participant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("part", models.CharField(choices=[("handler", "works in it"), ("reader", "reads it")], max_length=7)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("since", models.DateTimeField()),
                ("until", models.DateField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="participants", to="cases.case"
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("case", "user"),
                        name="participant_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="participant_ended_at_and_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("part__in", ["handler", "reader"])), name="participant_part_is_known"
                    ),
                ],
                "ordering": ["since", "id"],
            },
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("series", models.CharField(max_length=4)),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("series", "year"), name="series_once_a_year")],
            },
        ),
    ]
