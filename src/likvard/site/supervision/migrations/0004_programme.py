"""The programme."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("supervision", "0003_answers")]

    operations = []
