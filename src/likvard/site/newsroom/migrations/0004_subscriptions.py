"""Subscriptions, what there is to write about, and how far the letters have come."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_issued_documents"),
        ("newsroom", "0003_search"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("value", models.PositiveBigIntegerField(default=0)),
                ("day", models.DateField(blank=True, null=True)),
                ("finished", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail address")),
                ("topic", models.CharField(max_length=80)),
                (
                    "frequency",
                    models.CharField(
                        choices=[
                            ("at_once", "At once"),
                            ("daily", "At most once a day"),
                            ("weekly", "At most once a week, on Mondays"),
                        ],
                        default="at_once",
                        max_length=7,
                    ),
                ),
                (
                    "language",
                    models.CharField(choices=[("sv", "Svenska"), ("en", "English")], default="sv", max_length=2),
                ),
                ("asked_at", models.DateTimeField()),
                ("asks", models.PositiveSmallIntegerField(default=1)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("told", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "ordering": ["email", "id"],
                "indexes": [
                    models.Index(fields=["topic", "frequency", "email"], name="subscription_topic"),
                    models.Index(fields=["frequency", "told", "email"], name="subscription_round"),
                    models.Index(fields=["asked_at"], name="subscription_asked"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("email", "topic"),
                        name="subscription_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), models.Q(("email", ""), _negated=True)),
                            models.Q(("email", ""), ("ended_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="subscription_ended_is_erased",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("frequency__in", ["at_once", "daily", "weekly"])),
                        name="subscription_frequency_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="News",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("published", "published"),
                            ("corrected", "corrected"),
                            ("withdrawn", "withdrawn"),
                            ("happened", "news about a decision"),
                        ],
                        max_length=9,
                    ),
                ),
                ("topics", models.JSONField()),
                ("at", models.DateTimeField()),
                ("number", models.PositiveBigIntegerField(blank=True, null=True, unique=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "happening",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="news",
                        to="cases.issuedhappening",
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="news",
                        to="newsroom.publication",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="news",
                        to="newsroom.pressrelease",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "news",
                "ordering": ["at", "id"],
                "indexes": [models.Index(fields=["done_at", "number"], name="news_to_do")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("publication__isnull", False), ("release__isnull", True)),
                            models.Q(("publication__isnull", True), ("release__isnull", False)),
                            _connector="OR",
                        ),
                        name="news_of_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("happening__isnull", False), ("publication__isnull", False), ("what", "happened")
                            ),
                            models.Q(models.Q(("what", "happened"), _negated=True), ("happening__isnull", True)),
                            _connector="OR",
                        ),
                        name="news_of_a_happening",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("done_at__isnull", True), ("number__isnull", False), _connector="OR"),
                        name="news_done_has_a_number",
                    ),
                ],
            },
        ),
    ]
