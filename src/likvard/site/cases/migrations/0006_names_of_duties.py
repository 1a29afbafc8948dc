"""A clock of a duty takes its name from the rulebook, in the language of the page."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_issued_documents"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="clock",
            name="name",
            field=models.CharField(blank=True, max_length=120, verbose_name="what is to be done"),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(("duty", ""), ("name", ""), _negated=True), name="clock_says_what"
            ),
        ),
    ]
