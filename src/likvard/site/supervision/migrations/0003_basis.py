"""Basis, visits, observations, check of facts."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_issued_documents"),
        ("people", "0001_initial"),
        ("supervision", "0002_decisions"),
    ]

    operations = [
        migrations.CreateModel(
            name="FactCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("content", models.JSONField()),
                ("due", models.DateField(verbose_name="answer by")),
                (
                    "clock",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.clock"
                    ),
                ),
                ("sent_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("nothing", models.BooleanField(default=False)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_early", models.CharField(blank=True, max_length=300)),
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
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="checks", to="supervision.decision"
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
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("decision", "number"), name="check_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)), fields=("decision",), name="check_open_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("answered_by__isnull", True)),
                            models.Q(("answered_at__isnull", False), ("answered_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="check_answered_at_and_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("nothing", False), ("answered_at__isnull", False), _connector="OR"),
                        name="check_nothing_said",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="check_ended_at_and_by",
                    ),
                ],
                "ordering": ["decision", "number"],
            },
        ),
        migrations.CreateModel(
            name="KeptSignal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60)),
                ("sv", models.CharField(max_length=500)),
                ("en", models.CharField(max_length=500)),
                ("publication", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signals", to="supervision.inspection"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("inspection", "code", "publication"), name="signal_once")
                ],
                "ordering": ["inspection", "id"],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=10000, verbose_name="what the organiser is told")),
                ("names", models.JSONField(default=list)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="supervision.inspection"
                    ),
                ),
            ],
            options={
                "ordering": ["inspection", "at"],
            },
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("place", models.PositiveSmallIntegerField()),
                ("text", models.TextField(max_length=5000, verbose_name="remark")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("taken", "the text is changed"),
                            ("partly", "the text is changed in part"),
                            ("kept", "the text stands"),
                        ],
                        max_length=6,
                        verbose_name="what comes of it",
                    ),
                ),
                ("reply", models.CharField(blank=True, max_length=1000, verbose_name="reason")),
                ("made_at", models.DateTimeField()),
                ("judged_at", models.DateTimeField(blank=True, null=True)),
                (
                    "check_of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="remarks", to="supervision.factcheck"
                    ),
                ),
                (
                    "judged_by",
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("check_of", "number"), name="remark_number_once"),
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="remark_not_empty"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("judged_at__isnull", True), ("judged_by__isnull", True), ("outcome", "")),
                            models.Q(
                                ("judged_at__isnull", False),
                                ("judged_by__isnull", False),
                                ("outcome__in", ["taken", "partly", "kept"]),
                            ),
                            _connector="OR",
                        ),
                        name="remark_judged_at_and_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "kept"), _negated=True),
                            models.Q(("reply", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="remark_kept_with_reason",
                    ),
                ],
                "ordering": ["check_of", "place", "number"],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("first_day", models.DateField(verbose_name="first day")),
                ("last_day", models.DateField(verbose_name="last day")),
                ("announced", models.BooleanField(default=True, verbose_name="announced beforehand")),
                ("plan", models.TextField(max_length=5000, verbose_name="who is met and what is seen")),
                ("done_on", models.DateField(blank=True, null=True)),
                ("note", models.TextField(blank=True, max_length=5000, verbose_name="how it went")),
                ("cancelled", models.CharField(blank=True, max_length=300, verbose_name="why it is cancelled")),
                ("made_at", models.DateTimeField()),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="visits", to="supervision.inspection"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("team", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("inspection", "number"), name="visit_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gte", models.F("first_day"))), name="visit_ends_after_start"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_by__isnull", True), ("done_on__isnull", True)),
                            models.Q(("cancelled", ""), ("done_by__isnull", False), ("done_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="visit_done_on_and_by",
                    ),
                ],
                "ordering": ["inspection", "first_day", "number"],
            },
        ),
        migrations.CreateModel(
            name="Observation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("area", models.CharField(max_length=60, verbose_name="area")),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("interview", "interview"),
                            ("lesson", "lesson or other activity watched"),
                            ("document", "document read"),
                            ("figures", "figures"),
                            ("survey", "survey"),
                            ("other", "other"),
                        ],
                        max_length=9,
                        verbose_name="how",
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="from whom or what")),
                ("page", models.CharField(blank=True, max_length=40, verbose_name="page or place in it")),
                ("seen_on", models.DateField(verbose_name="on which day")),
                ("text", models.TextField(max_length=5000, verbose_name="what was seen")),
                ("at", models.DateTimeField()),
                ("withdrawn", models.CharField(blank=True, max_length=300, verbose_name="why it is withdrawn")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                ("findings", models.ManyToManyField(blank=True, related_name="observations", to="supervision.finding")),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="observations",
                        to="supervision.inspection",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="observations",
                        to="supervision.visit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("inspection", "number"), name="observation_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text", ""), _negated=True), models.Q(("source", ""), _negated=True)
                        ),
                        name="observation_with_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("how__in", ["interview", "lesson", "document", "figures", "survey", "other"])
                        ),
                        name="observation_how_is_known",
                    ),
                ],
                "ordering": ["inspection", "number"],
            },
        ),
        migrations.CreateModel(
            name="BasisItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("what", models.CharField(max_length=300, verbose_name="what is asked for")),
                ("why", models.CharField(blank=True, max_length=300, verbose_name="why it is needed")),
                ("area", models.CharField(blank=True, max_length=60, verbose_name="area")),
                ("due", models.DateField(verbose_name="to be sent by")),
                ("asked_at", models.DateTimeField()),
                ("received_on", models.DateField(blank=True, null=True, verbose_name="came in")),
                ("waived", models.CharField(blank=True, max_length=300, verbose_name="why it is not needed any more")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="basis", to="supervision.inspection"
                    ),
                ),
                (
                    "received_by",
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
                "ordering": ["inspection", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("inspection", "number"), name="basis_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("received_by__isnull", True), ("received_on__isnull", True)),
                            models.Q(("received_by__isnull", False), ("received_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="basis_received_on_and_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("waived", ""), ("received_on__isnull", True), _connector="OR"),
                        name="basis_waived_or_received",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExaminedArea",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area", models.CharField(max_length=60)),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="areas", to="supervision.inspection"
                    ),
                ),
            ],
            options={
                "ordering": ["inspection", "id"],
                "constraints": [models.UniqueConstraint(fields=("inspection", "area"), name="examined_area_once")],
            },
        ),
    ]
