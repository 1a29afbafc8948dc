"""An index for the lists of a register: what is open in it, and what was closed last."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_names_of_duties")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["kind_code", "closed_at", "unreachable_at"], name="case_register"),
        ),
    ]
