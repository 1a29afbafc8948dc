"""Rounds, versions, shares, views, uses."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0008_measures"),
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Round",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="calendar year")),
                ("form", models.CharField(default="GR", max_length=6, verbose_name="school form")),
                ("slug", models.SlugField(max_length=20)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("heard", "out for views"),
                            ("decided", "decided"),
                            ("dropped", "dropped"),
                        ],
                        default="draft",
                        max_length=8,
                    ),
                ),
                ("views_until", models.DateField(blank=True, null=True)),
                ("planned_on", models.DateField(blank=True, null=True, verbose_name="day of the decision")),
                ("body", models.CharField(max_length=150, verbose_name="who decides")),
                ("made_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField(blank=True, max_length=2000)),
                ("memo", models.JSONField(blank=True, null=True)),
                ("fingerprint", models.CharField(blank=True, max_length=64)),
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
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followers",
                        to="resources.round",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organiser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allocation_rounds",
                        to="people.organiser",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organiser", "slug"), name="allocation_round_address_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["draft", "heard"])),
                        fields=("organiser", "year", "form"),
                        name="allocation_round_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "heard", "decided", "dropped"])),
                        name="allocation_round_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("year__gte", 2000), ("year__lte", 2100)),
                        name="allocation_round_year_in_our_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True)),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="allocation_round_decided_at_and_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", False),
                                ("memo__isnull", False),
                                ("state", "decided"),
                                models.Q(("reason", ""), _negated=True),
                                models.Q(("fingerprint", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "decided"), _negated=True),
                                ("decided_at__isnull", True),
                                ("fingerprint", ""),
                                ("memo__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="allocation_round_decided_with_reasons",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "heard"), _negated=True), ("views_until__isnull", False), _connector="OR"
                        ),
                        name="allocation_round_heard_until_a_day",
                    ),
                ],
                "ordering": ["-year", "form", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Use",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("crowns", models.PositiveBigIntegerField(verbose_name="crowns")),
                ("what", models.CharField(max_length=300, verbose_name="measure")),
                ("measure", models.CharField(max_length=60, verbose_name="indicator")),
                ("direction", models.CharField(choices=[("up", "up"), ("down", "down")], max_length=4)),
                ("expected", models.CharField(max_length=300, verbose_name="expected effect")),
                ("begins_on", models.DateField(verbose_name="when it begins")),
                ("look_on", models.DateField(verbose_name="when to look")),
                ("baseline", models.FloatField(blank=True, null=True)),
                ("baseline_low", models.FloatField(blank=True, null=True)),
                ("baseline_high", models.FloatField(blank=True, null=True)),
                ("baseline_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("helped", "went as expected"),
                            ("not", "did not go as expected"),
                            ("unclear", "cannot be told"),
                        ],
                        max_length=7,
                    ),
                ),
                ("outcome_why", models.CharField(blank=True, max_length=1000)),
                ("no_more", models.CharField(blank=True, max_length=300, verbose_name="why nobody looks again")),
                ("seen", models.FloatField(blank=True, null=True)),
                ("seen_low", models.FloatField(blank=True, null=True)),
                ("seen_high", models.FloatField(blank=True, null=True)),
                ("seen_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="uses", to="resources.round"
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "told",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.measure"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.unit"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("crowns__gt", 0), models.Q(("what", ""), _negated=True)),
                        name="allocation_use_of_money_for_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("direction__in", ["up", "down"])), name="allocation_use_direction_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at__isnull", True), ("settled_by__isnull", True)),
                            models.Q(("settled_at__isnull", False), ("settled_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="allocation_use_settled_at_and_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("outcome_why", ""), ("settled_at__isnull", True)),
                            models.Q(
                                ("outcome__in", ["helped", "not", "unclear"]),
                                ("settled_at__isnull", False),
                                models.Q(("outcome_why", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="allocation_use_settled_with_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "unclear"), models.Q(("no_more", ""), _negated=True)),
                            models.Q(models.Q(("outcome", "unclear"), _negated=True), ("no_more", "")),
                            _connector="OR",
                        ),
                        name="allocation_use_no_new_day_has_why",
                    ),
                ],
                "ordering": ["look_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_on", models.DateField(verbose_name="the day that was set")),
                ("again_on", models.DateField(verbose_name="when to look again")),
                ("why", models.CharField(max_length=1000)),
                ("seen", models.FloatField(blank=True, null=True)),
                ("seen_low", models.FloatField(blank=True, null=True)),
                ("seen_high", models.FloatField(blank=True, null=True)),
                ("seen_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "use",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="looks", to="resources.use"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("again_on__gt", models.F("due_on")), models.Q(("why", ""), _negated=True)),
                        name="allocation_look_again_later_with_why",
                    ),
                ],
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("data", models.JSONField()),
                ("inputs_data", models.JSONField(default=list)),
                ("facts", models.JSONField(default=dict)),
                ("publication", models.CharField(blank=True, max_length=40)),
                ("published_on", models.DateField(blank=True, null=True)),
                ("synthetic", models.BooleanField(default=False)),
                ("frame", models.BigIntegerField()),
                ("why", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="resources.round"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("round", "number"), name="allocation_round_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("why", ""), _negated=True), ("frame__gt", 0)),
                        name="allocation_round_version_with_why",
                    ),
                ],
                "ordering": ["round", "number"],
            },
        ),
        migrations.CreateModel(
            name="Share",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=12)),
                ("area", models.CharField(blank=True, max_length=100)),
                ("pupils", models.FloatField()),
                ("need", models.FloatField(blank=True, null=True)),
                ("need_low", models.FloatField(blank=True, null=True)),
                ("need_high", models.FloatField(blank=True, null=True)),
                ("unseen", models.FloatField(blank=True, null=True)),
                ("stated", models.FloatField(blank=True, null=True)),
                ("last", models.BigIntegerField(blank=True, null=True)),
                ("last_pupils", models.FloatField(blank=True, null=True)),
                ("set_apart", models.BigIntegerField(default=0)),
                ("crowns", models.BigIntegerField()),
                ("by_need", models.BigIntegerField()),
                ("full", models.BigIntegerField()),
                ("limit", models.CharField(blank=True, max_length=8)),
                ("reason_sv", models.TextField()),
                ("reason_en", models.TextField()),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.unit"),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shares", to="resources.version"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("version", "unit"), name="allocation_share_once"),
                    models.CheckConstraint(
                        condition=models.Q(("crowns__gte", 0), ("pupils__gt", 0)),
                        name="allocation_share_is_money_for_pupils",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("last__isnull", True), ("last_pupils__isnull", True)),
                            models.Q(("last__isnull", False), ("last_pupils__isnull", False)),
                            _connector="OR",
                        ),
                        name="allocation_share_last_year_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("limit__in", ["", "floor", "ceiling", "cap_up", "cap_down"])),
                        name="allocation_share_limit_is_known",
                    ),
                ],
                "ordering": ["version", "area", "name", "unit"],
            },
        ),
        migrations.CreateModel(
            name="View",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=4000)),
                ("at", models.DateTimeField()),
                ("answer", models.TextField(blank=True, max_length=4000)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.unit"),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="views", to="resources.version"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="allocation_view_says_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("answered_by__isnull", True)),
                            models.Q(("answered_at__isnull", False), ("answered_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="allocation_view_answered_at_and_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at__isnull", True)),
                            models.Q(("answered_at__isnull", False), models.Q(("answer", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="allocation_view_answered_in_words",
                    ),
                ],
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("until", models.DateField()),
                ("at", models.DateTimeField()),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reminders", to="resources.round"
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("round", "to", "until"), name="allocation_reminder_once"),
                ],
            },
        ),
    ]
