"""Inspections, departments and judgements of risk."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0005_issued_documents"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Department",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="name")),
                ("closed", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Inspection",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="inspection",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                ("type", models.CharField(max_length=20, verbose_name="type of inspection")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("organiser", "the organiser"),
                            ("unit", "a school unit"),
                            ("preschool", "preschool"),
                            ("leisure", "leisure-time centre"),
                            ("adult", "adult education"),
                            ("adapted", "adapted compulsory or upper-secondary school"),
                            ("special", "special school"),
                            ("sami", "Sami school"),
                            ("oversight", "the municipality's own supervision of preschools"),
                        ],
                        max_length=10,
                        verbose_name="level",
                    ),
                ),
                ("forms", models.JSONField(blank=True, default=list)),
                ("opened_on", models.DateField()),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to="supervision.department",
                    ),
                ),
                (
                    "part_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="supervision.inspection",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "level__in",
                                [
                                    "organiser",
                                    "unit",
                                    "preschool",
                                    "leisure",
                                    "adult",
                                    "adapted",
                                    "special",
                                    "sami",
                                    "oversight",
                                ],
                            )
                        ),
                        name="inspection_level_is_known",
                    )
                ],
                "ordering": ["case"],
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("start", models.DateField()),
                ("end", models.DateField(blank=True, null=True)),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="posts", to="supervision.department"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="posts", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("end__isnull", True), ("end__gte", models.F("start")), _connector="OR"),
                        name="post_ends_after_start",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("end__isnull", True)), fields=("user",), name="post_open_once"
                    ),
                ],
                "ordering": ["user", "start"],
            },
        ),
        migrations.CreateModel(
            name="RiskJudgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "risk",
                    models.CharField(
                        choices=[("low", "low"), ("medium", "medium"), ("high", "high"), ("very_high", "very high")],
                        max_length=9,
                        verbose_name="risk",
                    ),
                ),
                ("rationale", models.TextField(max_length=2000, verbose_name="reasons")),
                (
                    "direction",
                    models.CharField(
                        choices=[
                            ("better", "better"),
                            ("same", "unchanged"),
                            ("worse", "worse"),
                            ("unknown", "cannot be told"),
                        ],
                        default="unknown",
                        max_length=7,
                        verbose_name="direction",
                    ),
                ),
                (
                    "numbers",
                    models.CharField(blank=True, max_length=200, verbose_name="the two numbers behind the direction"),
                ),
                (
                    "lowered_when",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="what must hold for the risk to be lowered"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judgements",
                        to="supervision.inspection",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rationale", ""), _negated=True), name="risk_with_reasons"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("risk__in", ["low", "medium", "high", "very_high"])), name="risk_is_known"
                    ),
                ],
                "ordering": ["-at", "-id"],
            },
        ),
    ]
