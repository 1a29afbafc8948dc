"""The public register."""

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
            name="Tag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="word")),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Publication",
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
                ("register_number", models.CharField(db_index=True, max_length=40)),
                ("kind", models.CharField(max_length=9)),
                ("about", models.CharField(blank=True, max_length=20)),
                ("level", models.CharField(blank=True, max_length=20)),
                ("organiser_name", models.CharField(blank=True, max_length=200)),
                ("unit_name", models.CharField(blank=True, max_length=200)),
                ("municipality_code", models.CharField(blank=True, max_length=4)),
                ("decided_on", models.DateField()),
                ("synthetic", models.BooleanField(default=False)),
                ("version", models.PositiveSmallIntegerField(default=0)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("changed_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_reason", models.CharField(blank=True, max_length=500)),
                ("prepared_at", models.DateTimeField()),
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
                    "issued",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="publication", to="cases.issued"
                    ),
                ),
                (
                    "organiser",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="people.organiser",
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
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
                ("tags", models.ManyToManyField(blank=True, related_name="publications", to="newsroom.tag")),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("shown"),
                        models.OrderBy(models.F("decided_on"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="publication_latest",
                    ),
                    models.Index(
                        models.F("shown"),
                        models.F("organiser"),
                        models.OrderBy(models.F("decided_on"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="publication_organiser",
                    ),
                    models.Index(
                        models.F("shown"),
                        models.F("unit"),
                        models.OrderBy(models.F("decided_on"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="publication_unit",
                    ),
                    models.Index(
                        models.F("shown"),
                        models.F("municipality_code"),
                        models.OrderBy(models.F("decided_on"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="publication_municipality",
                    ),
                    models.Index(
                        models.F("shown"),
                        models.F("about"),
                        models.OrderBy(models.F("decided_on"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="publication_about",
                    ),
                    models.Index(
                        models.F("shown"),
                        models.OrderBy(models.F("published_at"), descending=True),
                        name="publication_published",
                    ),
                    models.Index(models.F("state"), name="publication_state"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["draft", "reading", "published", "revising", "rereading", "withdrawn", "refused"],
                            )
                        ),
                        name="publication_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("shown", True), ("state__in", ["published", "rereading", "revising"])),
                            models.Q(
                                ("shown", False),
                                models.Q(("state__in", ["published", "rereading", "revising"]), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="publication_shown_as_its_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("shown", False),
                            models.Q(
                                ("changed_at__isnull", False), ("published_at__isnull", False), ("version__gte", 1)
                            ),
                            _connector="OR",
                        ),
                        name="publication_shown_has_a_version",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="publication_withdrawn_at_and_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", True),
                            models.Q(("withdrawn_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="publication_withdrawn_with_reason",
                    ),
                ],
                "ordering": ["-decided_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Address",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("since", models.DateTimeField()),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="addresses", to="newsroom.publication"
                    ),
                ),
            ],
            options={
                "ordering": ["since", "id"],
            },
        ),
        migrations.CreateModel(
            name="ReleasedText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("runs", models.JSONField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "happening",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="released", to="cases.issuedhappening"
                    ),
                ),
            ],
            options={
                "ordering": ["happening"],
            },
        ),
        migrations.CreateModel(
            name="Step",
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
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="newsroom.publication"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("content", models.JSONField()),
                ("why", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField()),
                (
                    "prepared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="newsroom.publication"
                    ),
                ),
                (
                    "read_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("publication", "number"), name="version_of_publication_once"),
                    models.CheckConstraint(
                        condition=models.Q(("number", 1), models.Q(("why", ""), _negated=True), _connector="OR"),
                        name="version_correction_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("prepared_by", models.F("read_by")), _negated=True),
                        name="version_read_by_another",
                    ),
                ],
                "ordering": ["publication", "number"],
            },
        ),
        migrations.CreateModel(
            name="Mask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "part",
                    models.CharField(
                        choices=[("text", "the decision"), ("plain", "in short and in plain words")], max_length=5
                    ),
                ),
                ("place", models.CharField(max_length=40)),
                ("start", models.PositiveIntegerField()),
                ("end", models.PositiveIntegerField()),
                ("reason", models.CharField(max_length=20)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("made_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                ("lifted_reason", models.CharField(blank=True, max_length=300)),
                (
                    "lifted_by",
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
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="masks", to="newsroom.publication"
                    ),
                ),
            ],
            options={
                "ordering": ["made_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("end__gt", models.F("start"))), name="mask_hides_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("part__in", ["text", "plain"])), name="mask_part_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lifted_at__isnull", True), ("lifted_by__isnull", True)),
                            models.Q(("lifted_at__isnull", False), ("lifted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="mask_lifted_at_and_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lifted_at__isnull", True), models.Q(("lifted_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="mask_lifted_with_reason",
                    ),
                ],
            },
        ),
    ]
