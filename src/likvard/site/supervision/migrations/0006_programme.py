"""The programme."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0007_registers_by_closing"),
        ("people", "0001_initial"),
        ("supervision", "0005_closing"),
    ]

    operations = [
        migrations.CreateModel(
            name="Programme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="name")),
                ("start", models.DateField(verbose_name="first day")),
                ("end", models.DateField(verbose_name="last day")),
                ("measure", models.CharField(max_length=60, verbose_name="results by")),
                ("publication", models.CharField(max_length=40)),
                ("published_on", models.DateField()),
                ("complaints_from", models.CharField(blank=True, max_length=200)),
                ("visits_from", models.CharField(blank=True, max_length=200)),
                ("fingerprint", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decision", models.TextField(blank=True, max_length=2000, verbose_name="why it is decided so")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("end__gte", models.F("start"))), name="programme_ends_after_start"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("decision", "")),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                models.Q(("decision", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="programme_decided_with_reasons",
                    ),
                ],
                "ordering": ["-start", "name"],
            },
        ),
        migrations.CreateModel(
            name="ProgrammeRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("data", models.JSONField()),
                ("seed_from", models.CharField(max_length=300, verbose_name="where the seed comes from")),
                ("reason", models.TextField(max_length=2000, verbose_name="why the rule is set so")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rules", to="supervision.programme"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), _negated=True), models.Q(("seed_from", ""), _negated=True)
                        ),
                        name="programme_rule_with_reasons",
                    )
                ],
                "ordering": ["programme", "id"],
            },
        ),
        migrations.CreateModel(
            name="ProgrammeUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("county", models.CharField(blank=True, max_length=2)),
                ("municipality", models.CharField(blank=True, max_length=4)),
                ("form", models.CharField(blank=True, max_length=6)),
                ("difference", models.FloatField(blank=True, null=True)),
                ("low", models.FloatField(blank=True, null=True)),
                ("high", models.FloatField(blank=True, null=True)),
                ("pupils", models.PositiveIntegerField(blank=True, null=True)),
                ("missing", models.CharField(blank=True, max_length=20)),
                ("complaints", models.PositiveIntegerField(blank=True, null=True)),
                ("visited_on", models.DateField(blank=True, null=True)),
                ("by_municipality", models.BooleanField(default=False)),
                (
                    "organiser",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organiser",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="units", to="supervision.programme"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.unit"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["programme", "municipality"], name="programme_municipality")],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "unit"), name="programme_unit_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("difference__isnull", False), ("missing", "")),
                            models.Q(("difference__isnull", True), models.Q(("missing", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="programme_unit_figure_or_why_not",
                    ),
                ],
                "ordering": ["programme", "unit"],
            },
        ),
        migrations.CreateModel(
            name="Selected",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("county", models.CharField(blank=True, max_length=2)),
                ("municipality", models.CharField(blank=True, max_length=4)),
                (
                    "route",
                    models.CharField(
                        choices=[
                            ("random", "by chance"),
                            ("unknown", "by chance, among those without figures"),
                            ("level", "by level"),
                            ("spread", "by spread"),
                            ("hand", "by hand"),
                        ],
                        max_length=7,
                    ),
                ),
                ("draw", models.CharField(blank=True, max_length=16)),
                ("parts", models.JSONField(blank=True, default=dict)),
                ("reason", models.TextField(blank=True, max_length=2000, verbose_name="why")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="selected",
                        to="cases.case",
                    ),
                ),
                (
                    "organiser",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organiser",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="selected", to="supervision.programme"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.unit",
                    ),
                ),
                (
                    "withdrawn_by",
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("route__in", ["random", "unknown", "level", "spread", "hand"])),
                        name="selected_route_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit__isnull", False), ("organiser__isnull", False), _connector="OR"),
                        name="selected_has_a_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("route", "hand"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="selected_by_hand_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(
                                ("case__isnull", True),
                                ("route", "hand"),
                                ("withdrawn_at__isnull", False),
                                ("withdrawn_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="selected_withdrawn_only_by_hand",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("unit__isnull", False), ("withdrawn_at__isnull", True)),
                        fields=("programme", "unit"),
                        name="selected_unit_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("unit__isnull", True), ("withdrawn_at__isnull", True)),
                        fields=("programme", "organiser"),
                        name="selected_organiser_once",
                    ),
                ],
                "ordering": ["programme", "id"],
            },
        ),
        migrations.CreateModel(
            name="ClockWarning",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("standing", models.CharField(choices=[("soon", "soon due"), ("late", "late")], max_length=4)),
                ("due", models.DateField()),
                ("at", models.DateTimeField()),
                ("to_owner", models.BooleanField(default=False)),
                ("leads", models.PositiveSmallIntegerField(default=0)),
                (
                    "clock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supervision_warnings",
                        to="cases.clock",
                    ),
                ),
            ],
            options={
                "ordering": ["clock", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("clock", "standing", "due"), name="clock_warned_once_of_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(("standing__in", ["soon", "late"])), name="clock_warning_is_known"
                    ),
                ],
            },
        ),
    ]
