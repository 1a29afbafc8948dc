"""The public register."""

from typing import Any

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The search index: one name on both databases. `remove_diacritics 0`: å, ä and ö are letters, not a and o with marks.
SQLITE = [
    "create virtual table newsroom_search using fts5(title, body, stems, tokenize = 'unicode61 remove_diacritics 0')",
]
POSTGRESQL = [
    "create table newsroom_search"
    " (rowid bigint primary key, title text not null, body text not null, words tsvector not null)",
    "create index newsroom_search_words on newsroom_search using gin (words)",
]


def make_search(apps: object, schema_editor: Any) -> None:
    """Make the search index as the database can."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def take_search_away(apps: object, schema_editor: Any) -> None:
    """Take the search index away."""
    schema_editor.execute("drop table newsroom_search")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0005_issued_documents"),
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
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
                "ordering": ["-decided_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="PressRelease",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                "ordering": ["-made_at", "-id"],
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
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                models.F("shown"),
                models.OrderBy(models.F("decided_on"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="publication_latest",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                models.F("shown"),
                models.F("organiser"),
                models.OrderBy(models.F("decided_on"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="publication_organiser",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                models.F("shown"),
                models.F("unit"),
                models.OrderBy(models.F("decided_on"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="publication_unit",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                models.F("shown"),
                models.F("municipality_code"),
                models.OrderBy(models.F("decided_on"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="publication_municipality",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                models.F("shown"),
                models.F("about"),
                models.OrderBy(models.F("decided_on"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="publication_about",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                models.F("shown"),
                models.OrderBy(models.F("published_at"), descending=True),
                name="publication_published",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(models.F("state"), name="publication_state"),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "reading", "published", "revising", "rereading", "withdrawn", "refused"])
                ),
                name="publication_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("shown", True), ("state__in", ["published", "rereading", "revising"])),
                    models.Q(
                        ("shown", False), models.Q(("state__in", ["published", "rereading", "revising"]), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="publication_shown_as_its_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("shown", False),
                    models.Q(("changed_at__isnull", False), ("published_at__isnull", False), ("version__gte", 1)),
                    _connector="OR",
                ),
                name="publication_shown_has_a_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="publication_withdrawn_at_and_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at__isnull", True), models.Q(("withdrawn_reason", ""), _negated=True), _connector="OR"
                ),
                name="publication_withdrawn_with_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="pressrelease",
            index=models.Index(fields=["shown", "-published_at", "-id"], name="release_latest"),
        ),
        migrations.AddConstraint(
            model_name="pressrelease",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "reading", "published", "revising", "rereading", "withdrawn", "refused"])
                ),
                name="release_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="pressrelease",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("published_at__isnull", False),
                        ("shown", True),
                        ("state__in", ["published", "rereading", "revising"]),
                    ),
                    models.Q(
                        ("shown", False), models.Q(("state__in", ["published", "rereading", "revising"]), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="release_shown_as_its_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="pressrelease",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="release_withdrawn_at_and_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(fields=("publication", "number"), name="version_of_publication_once"),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(("number", 1), models.Q(("why", ""), _negated=True), _connector="OR"),
                name="version_correction_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(("prepared_by", models.F("read_by")), _negated=True), name="version_read_by_another"
            ),
        ),
        migrations.RunPython(make_search, take_search_away),
    ]
