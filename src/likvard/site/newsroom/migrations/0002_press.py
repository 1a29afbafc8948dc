"""Press releases and whom journalists call."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("newsroom", "0001_register"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="PressContact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=150, verbose_name="name or desk")),
                ("title", models.CharField(blank=True, max_length=150, verbose_name="title")),
                (
                    "phone",
                    models.CharField(
                        max_length=30,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\+?[\\d \\-()]{5,30}$", "Write a phone number with digits, spaces and hyphens."
                            )
                        ],
                        verbose_name="phone",
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                ("closed", models.DateField(blank=True, null=True, verbose_name="until and including")),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="PressRelease",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("proposed_tags", models.JSONField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "being prepared"),
                            ("reading", "waits for a second reader"),
                            ("published", "published"),
                            ("revising", "published; a correction is being prepared"),
                            ("rereading", "published; a correction waits for a second reader"),
                            ("withdrawn", "withdrawn"),
                            ("refused", "not to be published"),
                        ],
                        default="draft",
                        max_length=9,
                    ),
                ),
                ("shown", models.BooleanField(default=False)),
                ("slug", models.SlugField(max_length=80, unique=True, verbose_name="address")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("lead", models.TextField(max_length=1000, verbose_name="introduction")),
                ("body", models.TextField(max_length=20000, verbose_name="text")),
                ("content", models.JSONField(blank=True, default=dict)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("changed_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_reason", models.CharField(blank=True, max_length=500)),
                ("made_at", models.DateTimeField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="releases", to="newsroom.presscontact"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                ("decisions", models.ManyToManyField(blank=True, related_name="releases", to="newsroom.publication")),
                ("tags", models.ManyToManyField(blank=True, related_name="releases", to="newsroom.tag")),
            ],
            options={
                "indexes": [models.Index(fields=["shown", "-published_at", "-id"], name="release_latest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["draft", "reading", "published", "revising", "rereading", "withdrawn", "refused"],
                            )
                        ),
                        name="release_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("published_at__isnull", False),
                                ("shown", True),
                                ("state__in", ["published", "rereading", "revising"]),
                            ),
                            models.Q(
                                ("shown", False),
                                models.Q(("state__in", ["published", "rereading", "revising"]), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="release_shown_as_its_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="release_withdrawn_at_and_by",
                    ),
                ],
                "ordering": ["-made_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ReleaseLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=150, verbose_name="what it leads to")),
                ("url", models.URLField(max_length=500, verbose_name="address")),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="newsroom.pressrelease"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ReleaseStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("move", models.CharField(max_length=20)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="newsroom.pressrelease"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
    ]
