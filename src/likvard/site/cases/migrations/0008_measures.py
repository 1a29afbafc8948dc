"""Measures at units."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0007_registers_by_closing"),
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Measure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=300)),
                ("indicator", models.CharField(max_length=60)),
                ("expected", models.CharField(max_length=300)),
                ("started", models.DateField()),
                ("look_on", models.DateField()),
                ("href", models.CharField(blank=True, max_length=300)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("helped", "went as expected"),
                            ("not", "did not go as expected"),
                            ("unclear", "cannot be told"),
                        ],
                        max_length=7,
                    ),
                ),
                ("settled_on", models.DateField(blank=True, null=True)),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.unit"),
                ),
            ],
            options={
                "ordering": ["started", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("name", ""), _negated=True), ("look_on__gt", models.F("started"))),
                        name="measure_is_looked_at_after_it_began",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("settled_on__isnull", True)),
                            models.Q(("outcome__in", ["helped", "not", "unclear"]), ("settled_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="measure_settled_with_an_outcome",
                    ),
                ],
            },
        ),
    ]
