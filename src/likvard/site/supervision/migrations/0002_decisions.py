"""Decisions, findings and what must be done."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_issued_documents"),
        ("people", "0001_initial"),
        ("supervision", "0001_inspections"),
    ]

    operations = [
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("decision", "decision"), ("follow_up", "follow-up decision")],
                        default="decision",
                        max_length=9,
                    ),
                ),
                (
                    "background",
                    models.TextField(
                        blank=True, max_length=20000, verbose_name="background and how the inspection was done"
                    ),
                ),
                ("in_short", models.TextField(blank=True, max_length=3000, verbose_name="in short, in plain words")),
                ("report_due", models.DateField(blank=True, null=True, verbose_name="report back by")),
                (
                    "took_part",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="who else took part in the final handling"
                    ),
                ),
                ("decided_on", models.DateField(blank=True, null=True)),
                ("received_on", models.DateField(blank=True, null=True)),
                ("made_at", models.DateTimeField()),
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
                    "issued",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="cases.issued",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "presenter",
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
                            models.Q(
                                ("decided_by__isnull", True), ("decided_on__isnull", True), ("issued__isnull", True)
                            ),
                            models.Q(
                                ("decided_by__isnull", False), ("decided_on__isnull", False), ("issued__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="decision_signed_is_issued",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("received_on__isnull", True), ("received_on__gte", models.F("decided_on")), _connector="OR"
                        ),
                        name="decision_received_after_it_was_made",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["decision", "follow_up"])), name="decision_kind_is_known"
                    ),
                ],
                "ordering": ["inspection", "number"],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("area", models.CharField(max_length=60, verbose_name="area")),
                ("instrument", models.CharField(blank=True, max_length=40, verbose_name="instrument")),
                ("judgement", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="judgement")),
                ("provisions", models.JSONField(blank=True, default=list, verbose_name="provisions")),
                ("event_on", models.DateField(verbose_name="day of the event that it is judged by")),
                (
                    "serious",
                    models.BooleanField(
                        default=False, verbose_name="a serious irregularity (allvarligt missförhållande)"
                    ),
                ),
                (
                    "refrain",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("minor", "the breach is minor (point 1)"),
                            ("rectified", "the organiser has rectified it (point 2)"),
                            ("special", "there are special reasons (point 3)"),
                        ],
                        max_length=9,
                        verbose_name="why the Inspectorate refrains",
                    ),
                ),
                ("fine", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="fine (vite) in crowns")),
                (
                    "no_fine_reason",
                    models.CharField(blank=True, max_length=500, verbose_name="special reasons for no fine"),
                ),
                (
                    "hinders_goals",
                    models.BooleanField(
                        default=False, verbose_name="seriously impedes the pupils' chances to reach the goals"
                    ),
                ),
                ("until", models.DateField(blank=True, null=True, verbose_name="temporary prohibition until")),
                ("observed", models.TextField(max_length=20000, verbose_name="what was seen")),
                ("assessment", models.TextField(max_length=20000, verbose_name="assessment")),
                ("due", models.DateField(blank=True, null=True, verbose_name="to be remedied by")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "not begun"),
                            ("reported", "reported back"),
                            ("partly", "partly remedied"),
                            ("remains", "remains"),
                            ("remedied", "remedied"),
                            ("ended", "ended: nothing to follow up"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("state_since", models.DateField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "seen",
                    models.CharField(
                        blank=True, choices=[("visit", "on a visit"), ("papers", "in documents")], max_length=6
                    ),
                ),
                ("closing_reason", models.TextField(blank=True, max_length=5000)),
                ("reopened", models.PositiveSmallIntegerField(default=0)),
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
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="supervision.decision"
                    ),
                ),
                (
                    "point",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="finding",
                        to="cases.issuedpoint",
                    ),
                ),
                (
                    "recurs",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recurred_as",
                        to="supervision.finding",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["area", "state"], name="finding_area")],
                "constraints": [
                    models.UniqueConstraint(fields=("decision", "number"), name="finding_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("instrument", ""), ("judgement__isnull", False)),
                            models.Q(models.Q(("instrument", ""), _negated=True), ("judgement__isnull", True)),
                            _connector="OR",
                        ),
                        name="finding_instrument_or_judgement",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("fine__isnull", True),
                            ("instrument__in", ["injunction", "information_order", "audit_information_order"]),
                            _connector="OR",
                        ),
                        name="finding_fine_only_with_an_injunction",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fine__isnull", True), ("fine__gte", 1), _connector="OR"),
                        name="finding_fine_is_a_sum",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("refrain", ""), ("instrument", "refrain"), _connector="OR"),
                        name="finding_refrains_for_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True), ("instrument", "temporary_prohibition"), _connector="OR"
                        ),
                        name="finding_until_of_a_temporary_prohibition",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                ("state", "remedied"),
                                models.Q(("closing_reason", ""), _negated=True),
                                models.Q(("seen", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="finding_closed_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["open", "reported", "partly", "remains", "remedied", "ended"])
                        ),
                        name="finding_state_is_known",
                    ),
                ],
                "ordering": ["decision", "number"],
            },
        ),
        migrations.AddField(
            model_name="decision",
            name="inspection",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="supervision.inspection"
            ),
        ),
        migrations.CreateModel(
            name="RequiredMeasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.CharField(max_length=1000, verbose_name="what must be done")),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="measures", to="supervision.finding"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("finding", "number"), name="measure_number_once")],
                "ordering": ["finding", "number"],
            },
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(fields=("inspection", "number"), name="decision_number_once"),
        ),
    ]
