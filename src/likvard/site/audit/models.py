"""The chain as a table. There are no foreign keys: the texts outlive the rows that they are about."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, ClassVar

from django.db import models

from likvard.site.audit.rules import LONGEST, Entry


class Events(models.QuerySet["Event"]):
    """Questions to the chain."""

    def about(self, subject: str) -> Events:
        """Every event about one thing, oldest first."""
        return self.filter(subject=subject)

    def by(self, actor: str) -> Events:
        """Everything that one actor did or read, oldest first."""
        return self.filter(actor=actor)

    def of(self, *what: str) -> Events:
        """Events with one of these codes; `case.*` takes all that begin with `case.`."""
        wanted = models.Q(pk__in=[])
        for code in what:
            wanted |= models.Q(what__startswith=code[:-1]) if code.endswith(".*") else models.Q(what=code)
        return self.filter(wanted)

    def between(self, start: datetime, end: datetime) -> Events:
        """Events from `start` up to, not including, `end`."""
        return self.filter(at__gte=start, at__lt=end)


class Event(models.Model):
    """One thing that was done or read. It can be added; the database refuses to change it or take it away."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=LONGEST["actor"], blank=True)
    actor_name = models.CharField(max_length=LONGEST["actor_name"], blank=True)
    role = models.CharField(max_length=LONGEST["role"], blank=True)
    what = models.CharField(max_length=LONGEST["what"])
    subject = models.CharField(max_length=LONGEST["subject"], blank=True)
    unit = models.CharField(max_length=LONGEST["unit"], blank=True)
    reason = models.TextField(blank=True)
    data = models.TextField(default="{}")
    previous = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    objects = Events.as_manager()

    class Meta:
        """Order of recording; the questions that are asked of it have an index."""

        ordering: ClassVar[list[str]] = ["seq"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["subject", "seq"], name="audit_subject"),
            models.Index(fields=["actor", "seq"], name="audit_actor"),
            models.Index(fields=["what", "seq"], name="audit_what"),
            models.Index(fields=["at"], name="audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.what} {self.subject}".rstrip()

    @property
    def values(self) -> dict[str, Any]:
        """The data of the event, read."""
        return json.loads(self.data)

    @property
    def entry(self) -> Entry:
        """What is sealed."""
        names = ("seq", "at", "actor", "actor_name", "role", "what", "subject", "unit", "reason", "data")
        return Entry(**{name: getattr(self, name) for name in names})
