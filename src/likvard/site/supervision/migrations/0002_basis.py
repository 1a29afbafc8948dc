"""Basis, visits, observations, check of facts."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_inspections_and_decisions")]

    operations = []
