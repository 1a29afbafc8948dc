"""Documents, links and messages."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_clocks"),
    ]

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("dated", models.DateField(verbose_name="date of the document")),
                ("sensitive", models.BooleanField(default=False, verbose_name="holds personal data of pupils")),
                ("finished", models.BooleanField(default=True, verbose_name="finished")),
            ],
            options={
                "ordering": ["dated", "title", "id"],
            },
        ),
        migrations.CreateModel(
            name="CaseLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("own", "belongs to the matter"),
                            ("mentioned", "is mentioned"),
                            ("follows", "follows on"),
                        ],
                        max_length=9,
                    ),
                ),
                ("quoted", models.CharField(blank=True, max_length=40)),
                ("made_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="links", to="cases.case"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "to_case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="linked_from",
                        to="cases.case",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="cases.document",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("document__isnull", True), ("quoted", ""), ("to_case__isnull", False)),
                            models.Q(("document__isnull", False), ("quoted", ""), ("to_case__isnull", True)),
                            models.Q(
                                ("document__isnull", True),
                                ("to_case__isnull", True),
                                models.Q(("quoted", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="link_to_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("type", "own"), _negated=True), ("document__isnull", False), _connector="OR"
                        ),
                        name="link_own_is_a_document",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("case", models.F("to_case")), _negated=True), name="link_not_to_itself"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("type__in", ["own", "mentioned", "follows"])), name="link_type_is_known"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("to_case__isnull", False)),
                        fields=("case", "type", "to_case"),
                        name="link_case_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("document__isnull", False)),
                        fields=("case", "document"),
                        name="link_document_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("type", "own")), fields=("document",), name="link_document_has_one_case"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("quoted", ""), _negated=True),
                        fields=("case", "quoted"),
                        name="link_quoted_once",
                    ),
                ],
                "ordering": ["made_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="DocumentVersion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("media_type", models.CharField(max_length=100)),
                ("filename", models.CharField(max_length=200)),
                ("uploaded_at", models.DateTimeField()),
                (
                    "scan",
                    models.CharField(
                        choices=[
                            ("unscanned", "not scanned for viruses"),
                            ("clean", "no virus found"),
                            ("infected", "virus found: kept apart"),
                            ("failed", "could not be scanned: kept apart"),
                        ],
                        max_length=9,
                    ),
                ),
                ("scanned_at", models.DateTimeField(blank=True, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="cases.document"
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("document", "number"), name="version_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("scan__in", ["unscanned", "clean", "infected", "failed"])),
                        name="version_scan_is_known",
                    ),
                ],
                "ordering": ["document", "number"],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=10000, verbose_name="message")),
                ("sensitive", models.BooleanField(default=False, verbose_name="holds personal data of pupils")),
                ("sent_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="messages", to="cases.case"
                    ),
                ),
                ("to", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="message_not_empty")
                ],
                "ordering": ["sent_at", "id"],
            },
        ),
    ]
