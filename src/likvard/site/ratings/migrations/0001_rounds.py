"""Rounds with their frame, ratings, sheets, marks and levels."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("criterion", models.CharField(max_length=40)),
                ("level", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("grounds", models.TextField(blank=True, max_length=4000, verbose_name="grounds")),
                ("private", models.TextField(blank=True, max_length=2000, verbose_name="note to colleagues")),
                ("saved_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("level__isnull", True), ("level__in", [0, 1, 2]), _connector="OR"),
                        name="mark_level_is_known",
                    )
                ],
                "ordering": ["sheet", "criterion"],
            },
        ),
        migrations.CreateModel(
            name="Framed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=12)),
                ("risk", models.FloatField(blank=True, null=True)),
                ("pupils", models.PositiveIntegerField(blank=True, null=True)),
                ("units", models.PositiveSmallIntegerField(default=2)),
                ("stratum", models.CharField(max_length=30)),
                ("probability", models.FloatField()),
                ("selected", models.BooleanField(default=False)),
                (
                    "organiser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organiser"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("probability__gt", 0), ("probability__lte", 1), ("units__gte", 1)),
                        name="framed_probability_is_known",
                    )
                ],
                "ordering": ["round", "organiser"],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200, verbose_name="document or source")),
                ("place", models.CharField(blank=True, max_length=100, verbose_name="page or section")),
                ("dated", models.DateField(blank=True, null=True, verbose_name="dated")),
                ("url", models.URLField(blank=True, max_length=500, verbose_name="address")),
                ("at", models.DateTimeField()),
                (
                    "mark",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="ratings.mark"
                    ),
                ),
            ],
            options={
                "ordering": ["mark", "id"],
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="name")),
                ("rubric_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[("preparing", "being prepared"), ("open", "under way"), ("closed", "closed")],
                        default="preparing",
                        max_length=9,
                    ),
                ),
                ("measure", models.CharField(blank=True, max_length=60, verbose_name="risk by")),
                ("publication", models.CharField(blank=True, max_length=40)),
                ("published_on", models.DateField(blank=True, null=True)),
                ("rule", models.JSONField()),
                ("seed_from", models.CharField(max_length=300, verbose_name="where the seed comes from")),
                ("fingerprint", models.CharField(blank=True, max_length=64)),
                ("reply_days", models.PositiveSmallIntegerField(default=21, verbose_name="days to reply")),
                ("audit_share", models.PositiveSmallIntegerField(default=20, verbose_name="per cent to audit")),
                ("audit_drawn_at", models.DateTimeField(blank=True, null=True)),
                ("made_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("opened_reason", models.TextField(blank=True, max_length=2000, verbose_name="why it is opened")),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_reason", models.TextField(blank=True, max_length=2000, verbose_name="why it is closed")),
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
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "opened_by",
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
                        condition=models.Q(("state__in", ["preparing", "open", "closed"])), name="round_state_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("opened_at__isnull", True), ("opened_by__isnull", True)),
                            models.Q(("opened_at__isnull", False), ("opened_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="round_opened_at_and_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                            models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="round_closed_at_and_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("audit_share__gte", 1), ("audit_share__lte", 100), ("reply_days__gte", 7)),
                        name="round_within_bounds",
                    ),
                ],
                "ordering": ["-made_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("marking", "being marked"),
                            ("settling", "differences are being settled"),
                            ("reply", "the organiser may reply"),
                            ("answering", "the reply is being answered"),
                            ("ready", "ready"),
                            ("audit", "being audited"),
                            ("closed", "closed"),
                        ],
                        default="marking",
                        max_length=9,
                    ),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("reply_due", models.DateField(blank=True, null=True)),
                ("audited", models.BooleanField(default=False)),
                (
                    "framed",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rating", to="ratings.framed"
                    ),
                ),
                (
                    "organiser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organiser"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ratings", to="ratings.round"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("round", "organiser"), name="rating_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["marking", "settling", "reply", "answering", "ready", "audit", "closed"])
                        ),
                        name="rating_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reply_due__isnull", True), ("sent_at__isnull", True)),
                            models.Q(("reply_due__isnull", False), ("sent_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="rating_sent_with_day",
                    ),
                ],
                "ordering": ["round", "organiser"],
            },
        ),
        migrations.AddField(
            model_name="framed",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="frame", to="ratings.round"
            ),
        ),
        migrations.CreateModel(
            name="Sheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "part",
                    models.CharField(
                        choices=[("first", "first marker"), ("second", "second marker"), ("audit", "audit")],
                        max_length=6,
                    ),
                ),
                ("given_at", models.DateTimeField()),
                ("handed_in_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_reason", models.CharField(blank=True, max_length=500)),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "marker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "rating",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sheets", to="ratings.rating"
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
                        condition=models.Q(("part__in", ["first", "second", "audit"])), name="sheet_part_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="sheet_withdrawn_at_and_by",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("rating", "part"),
                        name="sheet_part_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("rating", "marker"),
                        name="sheet_marker_once",
                    ),
                ],
                "ordering": ["rating", "id"],
            },
        ),
        migrations.AddField(
            model_name="mark",
            name="sheet",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="marks", to="ratings.sheet"
            ),
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("criterion", models.CharField(max_length=40)),
                ("level", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("agreed", "both markers chose it"),
                            ("settled", "settled between the markers"),
                            ("reply", "after the organiser's reply"),
                            ("audit", "after the audit"),
                        ],
                        max_length=7,
                    ),
                ),
                ("grounds", models.TextField(max_length=4000)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rating",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="levels", to="ratings.rating"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("level__isnull", True), ("level__in", [0, 1, 2]), _connector="OR"),
                        name="standing_level_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("how__in", ["agreed", "settled", "reply", "audit"])),
                        name="standing_how_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by__isnull", True), ("how", "agreed")),
                            models.Q(
                                models.Q(("how", "agreed"), _negated=True),
                                ("by__isnull", False),
                                models.Q(("grounds", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="standing_decided_with_reason",
                    ),
                ],
                "ordering": ["rating", "id"],
            },
        ),
        migrations.CreateModel(
            name="Conflict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=500, verbose_name="why")),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "declared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                    "organiser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organiser"
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
                "ordering": ["organiser", "at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="conflict_with_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="conflict_ended_at_and_by",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("organiser", "user"),
                        name="conflict_standing_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SheetsRead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "rating",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ratings.rating"
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
                "constraints": [models.UniqueConstraint(fields=("rating", "user"), name="sheets_read_once")],
            },
        ),
        migrations.AddConstraint(
            model_name="framed",
            constraint=models.UniqueConstraint(fields=("round", "organiser"), name="framed_once"),
        ),
        migrations.AddConstraint(
            model_name="mark",
            constraint=models.UniqueConstraint(fields=("sheet", "criterion"), name="mark_once"),
        ),
    ]
