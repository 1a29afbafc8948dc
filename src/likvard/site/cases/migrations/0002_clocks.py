"""Clocks and their pauses."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Clock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="what is to be done")),
                ("duty", models.CharField(blank=True, max_length=60)),
                (
                    "counting",
                    models.CharField(
                        choices=[("calendar", "all days"), ("working", "working days")],
                        default="calendar",
                        max_length=8,
                    ),
                ),
                ("started", models.DateField()),
                ("first_due", models.DateField(blank=True, null=True)),
                ("due", models.DateField(blank=True, null=True)),
                ("warn", models.PositiveSmallIntegerField(default=7)),
                ("warned_at", models.DateTimeField(blank=True, null=True)),
                ("met_at", models.DateTimeField(blank=True, null=True)),
                ("met_on", models.DateField(blank=True, null=True)),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                ("stopping_reason", models.CharField(blank=True, max_length=300)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="clocks", to="cases.case"
                    ),
                ),
                (
                    "met_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stopped_by",
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
                    models.Index(condition=models.Q(("met_at__isnull", True)), fields=["due"], name="clock_due")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("due__isnull", True), ("first_due__isnull", True)),
                            models.Q(("due__isnull", False), ("first_due__isnull", False)),
                            _connector="OR",
                        ),
                        name="clock_due_twice",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due__isnull", True), ("due__gte", models.F("first_due")), _connector="OR"),
                        name="clock_due_never_earlier",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("met_at__isnull", True), ("met_by__isnull", True), ("met_on__isnull", True)),
                            models.Q(("met_at__isnull", False), ("met_by__isnull", False), ("met_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="clock_met_at_on_and_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stopped_at__isnull", True), ("stopped_by__isnull", True)),
                            models.Q(("stopped_at__isnull", False), ("stopped_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="clock_stopped_at_and_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stopped_at__isnull", True),
                            models.Q(("stopping_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="clock_stopped_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("met_at__isnull", True), ("stopped_at__isnull", True), _connector="OR"),
                        name="clock_ends_one_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("counting__in", ["calendar", "working"])), name="clock_counting_is_known"
                    ),
                ],
                "ordering": ["started", "id"],
            },
        ),
        migrations.CreateModel(
            name="ClockPause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("start", models.DateField()),
                ("reason", models.CharField(max_length=300)),
                ("end", models.DateField(blank=True, null=True)),
                (
                    "clock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pauses", to="cases.clock"
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
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end__isnull", True), ("ended_by__isnull", True)),
                            models.Q(("end__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="pause_ended_at_and_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("end__isnull", True), ("end__gte", models.F("start")), _connector="OR"),
                        name="pause_ends_after_start",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("end__isnull", True)), fields=("clock",), name="pause_open_once"
                    ),
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="pause_with_reason"),
                ],
                "ordering": ["start", "id"],
            },
        ),
    ]
