"""The chain, and its guard in the database."""

from django.db import migrations, models

from likvard.site.audit import guard


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(blank=True, max_length=40)),
                ("actor_name", models.CharField(blank=True, max_length=200)),
                ("role", models.CharField(blank=True, max_length=40)),
                ("what", models.CharField(max_length=60)),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("unit", models.CharField(blank=True, max_length=20)),
                ("reason", models.TextField(blank=True)),
                ("data", models.TextField(default="{}")),
                ("previous", models.CharField(max_length=64, unique=True)),
                ("hash", models.CharField(max_length=64, unique=True)),
            ],
            options={
                "ordering": ["seq"],
                "indexes": [
                    models.Index(fields=["subject", "seq"], name="audit_subject"),
                    models.Index(fields=["actor", "seq"], name="audit_actor"),
                    models.Index(fields=["what", "seq"], name="audit_what"),
                    models.Index(fields=["at"], name="audit_at"),
                ],
            },
        ),
        migrations.RunPython(guard.install, guard.remove),
    ]
