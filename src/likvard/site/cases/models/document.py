"""Documents, their versions, messages, and what hangs together with what."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from likvard.site.cases.models.case import Case
from likvard.site.cases.models.shared import by
from likvard.site.people.models import User


class Document(models.Model):
    """A document, whatever its versions. Its own date is apart from the days its versions came in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("title"), max_length=200)
    dated = models.DateField(_("date of the document"))
    sensitive = models.BooleanField(_("holds personal data of pupils"), default=False)
    finished = models.BooleanField(_("finished"), default=True)  # a draft is not yet an official document

    class Meta:
        ordering: ClassVar = ["dated", "title", "id"]

    def __str__(self) -> str:
        return self.title

    @property
    def newest(self) -> DocumentVersion | None:
        """Its last version."""
        return max(self.versions.all(), key=lambda version: version.number, default=None)


class Scan(models.TextChoices):
    """What the virus scanner said."""

    UNSCANNED = "unscanned", _("not scanned for viruses")
    CLEAN = "clean", _("no virus found")
    INFECTED = "infected", _("virus found: kept apart")
    FAILED = "failed", _("could not be scanned: kept apart")


class DocumentVersion(models.Model):
    """One version of a document: a file, known by the SHA-256 of its content, that is never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    filename = models.CharField(max_length=200)
    uploaded_at = models.DateTimeField()
    uploaded_by = by()
    scan = models.CharField(max_length=9, choices=Scan.choices)
    scanned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["document", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "number"], name="version_number_once"),
            models.CheckConstraint(condition=Q(scan__in=Scan.values), name="version_scan_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.filename} ({self.number})"

    @property
    def may_be_fetched(self) -> bool:
        """Whether the scanner, if there is one, lets it out."""
        return self.scan in (Scan.CLEAN, Scan.UNSCANNED)


class LinkType(models.TextChoices):
    """How a case hangs together with something else."""

    OWN = "own", _("belongs to the matter")
    MENTIONED = "mentioned", _("is mentioned")
    FOLLOWS = "follows", _("follows on")


class CaseLink(models.Model):
    """A case and one thing that it hangs together with: another case, a document, or a number that is not in our register."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links")
    type = models.CharField(max_length=9, choices=LinkType.choices)
    to_case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="linked_from")
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="links")
    quoted = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField()
    made_by = by()

    class Meta:
        ordering: ClassVar = ["made_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(to_case__isnull=False, document__isnull=True, quoted="")
                | Q(to_case__isnull=True, document__isnull=False, quoted="")
                | (Q(to_case__isnull=True, document__isnull=True) & ~Q(quoted="")),
                name="link_to_one_thing",
            ),
            models.CheckConstraint(condition=~Q(type="own") | Q(document__isnull=False), name="link_own_is_a_document"),
            models.CheckConstraint(condition=~Q(case=F("to_case")), name="link_not_to_itself"),
            models.CheckConstraint(condition=Q(type__in=LinkType.values), name="link_type_is_known"),
            models.UniqueConstraint(
                fields=["case", "type", "to_case"], condition=Q(to_case__isnull=False), name="link_case_once"
            ),
            models.UniqueConstraint(
                fields=["case", "document"], condition=Q(document__isnull=False), name="link_document_once"
            ),
            models.UniqueConstraint(fields=["document"], condition=Q(type="own"), name="link_document_has_one_case"),
            models.UniqueConstraint(fields=["case", "quoted"], condition=~Q(quoted=""), name="link_quoted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_type_display()}: {self.to_case or self.document or self.quoted}"


class Message(models.Model):
    """What one person wrote to others in a case. Sensitive text stays hidden until somebody asks for it with a reason."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    to = models.ManyToManyField(User, related_name="+")
    text = models.TextField(_("message"), max_length=10_000)
    sensitive = models.BooleanField(_("holds personal data of pupils"), default=False)
    sent_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["sent_at", "id"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(text=""), name="message_not_empty")]

    def __str__(self) -> str:
        return f"{self.author}, {self.sent_at:%Y-%m-%d}"
