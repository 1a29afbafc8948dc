"""Report-backs, answers, evidence and more time."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_issued_documents"),
        ("people", "0001_initial"),
        ("supervision", "0003_basis"),
    ]

    operations = [
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "measure",
                    models.TextField(
                        blank=True, max_length=10000, verbose_name="what have you done, and what will you do?"
                    ),
                ),
                (
                    "expected_effect",
                    models.TextField(blank=True, max_length=3000, verbose_name="which effect do you expect?"),
                ),
                ("expected_by", models.DateField(blank=True, null=True, verbose_name="by when?")),
                (
                    "responsible",
                    models.CharField(blank=True, max_length=200, verbose_name="who is responsible, by function?"),
                ),
                ("began_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="supervision.finding"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("finding", "number"), name="answer_number_once")],
                "ordering": ["finding", "number"],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=11, verbose_name="what kind is it?")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("dated", models.DateField(verbose_name="which day is it from?")),
                ("shows", models.TextField(max_length=2000, verbose_name="what does it show?")),
                ("place", models.CharField(blank=True, max_length=100, verbose_name="where in it?")),
                ("added_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "answer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="supervision.answer",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.document",
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="supervision.finding"
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
                        condition=models.Q(
                            ("kind__in", ["plan", "routine", "record", "result", "survey", "figure", "observation"])
                        ),
                        name="evidence_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title", ""), _negated=True), models.Q(("shows", ""), _negated=True)
                        ),
                        name="evidence_says_what_it_shows",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="evidence_withdrawn_at_and_by",
                    ),
                ],
                "ordering": ["finding", "dated", "id"],
            },
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("wanted", models.DateField(verbose_name="until which day?")),
                ("reason", models.TextField(max_length=2000, verbose_name="why do you need more time?")),
                ("asked_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "asked for"),
                            ("granted", "granted"),
                            ("refused", "refused"),
                            ("overtaken", "not needed: the report-back came"),
                        ],
                        default="asked",
                        max_length=9,
                    ),
                ),
                ("granted", models.DateField(blank=True, null=True, verbose_name="until which day?")),
                ("answer", models.TextField(blank=True, max_length=2000, verbose_name="why?")),
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
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "clock",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.clock"),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extensions",
                        to="supervision.decision",
                    ),
                ),
                (
                    "granted_clock",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.clock",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("decision",),
                        name="extension_asked_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("answered_by__isnull", True)),
                            models.Q(("answered_at__isnull", False), ("answered_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="extension_answered_at_and_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("state", "asked")),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("state__in", ["granted", "refused", "overtaken"]),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="extension_answered_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("granted__isnull", False), ("granted_clock__isnull", False), ("state", "granted")
                            ),
                            models.Q(
                                models.Q(("state", "granted"), _negated=True),
                                ("granted__isnull", True),
                                ("granted_clock__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="extension_granted_until_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("granted_clock__isnull", True),
                            models.Q(("granted_clock", models.F("clock")), _negated=True),
                            _connector="OR",
                        ),
                        name="extension_starts_a_new_clock",
                    ),
                ],
                "ordering": ["decision", "asked_at"],
            },
        ),
        migrations.CreateModel(
            name="ReportBack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("complete", models.BooleanField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="report_backs",
                        to="supervision.decision",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("decision", "number"), name="report_back_number_once")],
                "ordering": ["decision", "number"],
            },
        ),
        migrations.AddField(
            model_name="answer",
            name="report_back",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answers",
                to="supervision.reportback",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("report_back__isnull", True)), fields=("finding",), name="answer_one_draft"
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("report_back__isnull", True),
                    models.Q(
                        models.Q(("measure", ""), _negated=True),
                        models.Q(("expected_effect", ""), _negated=True),
                        models.Q(("responsible", ""), _negated=True),
                        ("expected_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="answer_handed_in_is_whole",
            ),
        ),
    ]
