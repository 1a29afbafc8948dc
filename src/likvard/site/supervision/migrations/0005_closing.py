"""Assessments, closings, the ladder, appeals and legal force."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_issued_documents"),
        ("people", "0001_initial"),
        ("supervision", "0004_answers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assessment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("remedied", "remedied"), ("partly", "partly remedied"), ("remains", "remains")],
                        max_length=8,
                        verbose_name="how does it stand?",
                    ),
                ),
                ("reasons", models.TextField(max_length=5000, verbose_name="reasons")),
                ("missing", models.TextField(blank=True, max_length=2000, verbose_name="what is missing?")),
                (
                    "seen",
                    models.CharField(
                        choices=[("visit", "on a visit"), ("papers", "in documents")],
                        max_length=6,
                        verbose_name="how have you seen it?",
                    ),
                ),
                ("seen_on", models.DateField(verbose_name="which day?")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="supervision.finding",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="supervision.visit",
                    ),
                ),
                ("rests_on", models.ManyToManyField(blank=True, related_name="assessments", to="supervision.evidence")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["remedied", "partly", "remains"])), name="outcome_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seen__in", ["visit", "papers"])), name="assessment_seen_somehow"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reasons", ""), _negated=True), name="assessment_with_reasons"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("visit__isnull", True), ("seen", "visit"), _connector="OR"),
                        name="assessment_of_a_visit_was_seen_there",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome", "remedied"), models.Q(("missing", ""), _negated=True), _connector="OR"
                        ),
                        name="assessment_says_what_is_missing",
                    ),
                ],
                "ordering": ["finding", "at", "id"],
            },
        ),
        migrations.CreateModel(
            name="LegalForce",
            fields=[
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="legal_force",
                        serialize=False,
                        to="supervision.decision",
                    ),
                ),
                ("since", models.DateField(verbose_name="which day?")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Rung",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("considered", "the next step is being considered"),
                            ("injunction", "injunction"),
                            ("fine", "injunction with a fine"),
                            ("court", "application to the court that the fine be imposed"),
                            ("sanction", "sanction"),
                        ],
                        max_length=10,
                        verbose_name="step",
                    ),
                ),
                ("instrument", models.CharField(blank=True, max_length=40, verbose_name="which sanction?")),
                ("since", models.DateField(verbose_name="from which day?")),
                ("reason", models.TextField(max_length=5000, verbose_name="why?")),
                ("conditions", models.TextField(max_length=3000, verbose_name="what must hold for it to be lifted?")),
                ("fine", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="fine (vite) in crowns")),
                ("due", models.DateField(blank=True, null=True, verbose_name="to be followed by")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                ("at", models.DateTimeField()),
                (
                    "ending",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("met", "met: its conditions hold"),
                            ("lifted", "lifted"),
                            ("replaced", "replaced by the next step"),
                            ("overturned", "overturned or refused by a court"),
                            ("carried_out", "carried out"),
                        ],
                        max_length=11,
                        verbose_name="how did it end?",
                    ),
                ),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="which day?")),
                ("ending_reason", models.TextField(blank=True, max_length=5000, verbose_name="why?")),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rungs",
                        to="supervision.decision",
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
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rungs", to="supervision.finding"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on__isnull", True)),
                        fields=("finding", "step"),
                        name="rung_stands_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("step__in", ["considered", "injunction", "fine", "court", "sanction"])),
                        name="rung_step_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), _negated=True), models.Q(("conditions", ""), _negated=True)
                        ),
                        name="rung_with_reason_and_conditions",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("fine__gte", 1), ("step", "fine")),
                            models.Q(models.Q(("step", "fine"), _negated=True), ("fine__isnull", True)),
                            _connector="OR",
                        ),
                        name="rung_only_a_fine_has_a_sum",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("step", "sanction"), models.Q(("instrument", ""), _negated=True)),
                            models.Q(models.Q(("step", "sanction"), _negated=True), ("instrument", "")),
                            _connector="OR",
                        ),
                        name="rung_sanction_by_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision__isnull", False), ("step__in", ["fine", "injunction", "sanction"])),
                            models.Q(
                                ("decision__isnull", True),
                                models.Q(("step__in", ["fine", "injunction", "sanction"]), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="rung_by_signed_decision",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", True), ("ended_by__isnull", True), ("ended_on__isnull", True)
                            ),
                            models.Q(
                                ("ended_at__isnull", False), ("ended_by__isnull", False), ("ended_on__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="rung_ended_on_at_and_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_on__isnull", True), ("ending", ""), ("ending_reason", "")),
                            models.Q(
                                ("ended_on__isnull", False),
                                ("ending__in", ["met", "lifted", "replaced", "overturned", "carried_out"]),
                                models.Q(("ending_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="rung_ended_somehow_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on__isnull", True), ("ended_on__gte", models.F("since")), _connector="OR"
                        ),
                        name="rung_ends_after_it_began",
                    ),
                ],
                "ordering": ["finding", "since", "id"],
            },
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("came_on", models.DateField(verbose_name="when did the appeal come in?")),
                ("court", models.CharField(max_length=100, verbose_name="which court?")),
                ("noted_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("stands", "the decision stands"),
                            ("changed", "the decision was changed"),
                            ("overturned", "the decision was overturned"),
                            ("dismissed", "the appeal was dismissed: too late, or not allowed"),
                            ("withdrawn", "the appeal was withdrawn"),
                        ],
                        max_length=10,
                        verbose_name="what did the court say?",
                    ),
                ),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="which day?")),
                ("note", models.TextField(blank=True, max_length=3000, verbose_name="in short")),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="appeals", to="supervision.decision"
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
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["decision", "came_on"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on__isnull", True)), fields=("decision",), name="appeal_open_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_by__isnull", True), ("ended_on__isnull", True)),
                            models.Q(("ended_by__isnull", False), ("ended_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="appeal_ended_on_and_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_on__isnull", True), ("outcome", "")),
                            models.Q(
                                ("ended_on__isnull", False),
                                ("outcome__in", ["stands", "changed", "overturned", "dismissed", "withdrawn"]),
                            ),
                            _connector="OR",
                        ),
                        name="appeal_ended_somehow",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Closing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField(max_length=5000, verbose_name="why is it closed?")),
                ("two", models.BooleanField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "proposed"),
                            ("closed", "closed"),
                            ("sent_back", "sent back"),
                            ("reopened", "opened again"),
                        ],
                        default="proposed",
                        max_length=9,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("answer", models.TextField(blank=True, max_length=2000, verbose_name="why is it sent back?")),
                ("reopened_at", models.DateTimeField(blank=True, null=True)),
                (
                    "reopening_reason",
                    models.TextField(blank=True, max_length=5000, verbose_name="why is it opened again?"),
                ),
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
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="closings", to="supervision.finding"
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "reopened_by",
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
                "ordering": ["finding", "proposed_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")), fields=("finding",), name="closing_proposed_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="closing_with_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True)),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="closing_decided_at_and_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "proposed")),
                            models.Q(models.Q(("state", "proposed"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="closing_decided_or_proposed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["closed", "reopened"]), _negated=True),
                            ("two", False),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="closing_by_two_pairs_of_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent_back"), _negated=True),
                            models.Q(("answer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="closing_sent_back_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("reopened_at__isnull", False),
                                ("reopened_by__isnull", False),
                                ("state", "reopened"),
                                models.Q(("reopening_reason", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "reopened"), _negated=True),
                                ("reopened_at__isnull", True),
                                ("reopened_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="closing_reopened_with_reason",
                    ),
                ],
            },
        ),
    ]
