"""What has been issued in a matter, and headers of letters."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_outbox"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="outgoing",
            name="headers",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.CreateModel(
            name="Issued",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("decision", "decision"), ("follow_up", "follow-up decision"), ("report", "report")],
                        max_length=9,
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("about", models.CharField(blank=True, max_length=20)),
                ("level", models.CharField(blank=True, max_length=20)),
                ("dated", models.DateField()),
                ("signed_by", models.CharField(max_length=200)),
                ("content", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("publishable", models.BooleanField(default=True)),
                ("issued_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="issued", to="cases.case"
                    ),
                ),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="issued", to="cases.document"
                    ),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="cases.issued",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["dated"], name="issued_dated")],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "number"), name="issued_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["decision", "follow_up", "report"])),
                        name="issued_kind_is_known",
                    ),
                ],
                "ordering": ["-dated", "-id"],
            },
        ),
        migrations.CreateModel(
            name="IssuedPoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("area", models.CharField(blank=True, max_length=60)),
                ("heading", models.CharField(max_length=200)),
                ("instrument", models.CharField(blank=True, max_length=40)),
                ("judgement", models.CharField(blank=True, max_length=60)),
                ("provisions", models.JSONField(default=list)),
                ("serious", models.BooleanField(default=False)),
                ("fine", models.PositiveBigIntegerField(blank=True, null=True)),
                ("due", models.DateField(blank=True, null=True)),
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
                ("state_since", models.DateField()),
                (
                    "issued",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="points", to="cases.issued"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["area", "state"], name="point_area"),
                    models.Index(fields=["state", "issued"], name="point_state"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("issued", "number"), name="point_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["open", "reported", "partly", "remains", "remedied", "ended"])
                        ),
                        name="point_state_is_known",
                    ),
                ],
                "ordering": ["issued", "number"],
            },
        ),
        migrations.CreateModel(
            name="IssuedHappening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("reported", "reported back"),
                            ("extended", "was given more time"),
                            ("visited", "was visited again"),
                            ("assessed", "assessed"),
                            ("closed", "closed"),
                            ("reopened", "opened again"),
                            ("escalated", "taken further"),
                            ("lifted", "lifted"),
                            ("appealed", "appealed"),
                            ("force", "gained legal force"),
                            ("corrected", "corrected"),
                        ],
                        max_length=9,
                    ),
                ),
                ("day", models.DateField()),
                ("text", models.TextField(blank=True, max_length=5000)),
                (
                    "seen",
                    models.CharField(
                        blank=True, choices=[("visit", "on a visit"), ("papers", "in documents")], max_length=6
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "issued",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="happenings", to="cases.issued"
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="happenings",
                        to="cases.issuedpoint",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("what", "closed"), _negated=True),
                            models.Q(("text", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="happening_closed_with_reason",
                    )
                ],
                "ordering": ["day", "id"],
            },
        ),
    ]
