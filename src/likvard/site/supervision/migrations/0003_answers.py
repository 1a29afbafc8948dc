"""Report-backs, evidence, closure, the ladder."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("supervision", "0002_basis")]

    operations = []
