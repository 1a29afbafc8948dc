"""Press releases, and whom journalists call."""

from __future__ import annotations

import re
from typing import ClassVar, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from likvard.site.cases.models.shared import by, paired
from likvard.site.cases.states import State
from likvard.site.newsroom import rules
from likvard.site.newsroom.models.register import STATES, DeskStep, Publication, Tag, Tagged

_PHONE = RegexValidator(r"^\+?[\d \-()]{5,30}$", _("Write a phone number with digits, spaces and hyphens."))


class PressContact(models.Model):
    """Whom journalists call or write to. Closed, never deleted: older releases name them."""

    name = models.CharField(_("name or desk"), max_length=150)
    title = models.CharField(_("title"), max_length=150, blank=True)
    phone = models.CharField(_("phone"), max_length=30, validators=[_PHONE])
    email = models.EmailField(_("e-mail address"))
    closed = models.DateField(_("until and including"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def dialled(self) -> str:
        """The number as a phone dials it."""
        return re.sub(r"[^+\d]", "", self.phone)


class PressReleaseQuerySet(models.QuerySet["PressRelease"]):
    """Questions about press releases."""

    def public(self) -> Self:
        """What everybody may read now, the newest first."""
        return self.filter(shown=True).order_by("-published_at", "-id")


class PressRelease(Tagged):
    """A press release: text of our own, so nothing in it is masked; the second reader reads all the same.

    `body` is typed with blank lines between paragraphs and `- ` before points (`writing.text.paragraphs`). A correction is told in
    `corrected`: what everybody sees of a change.
    """

    state = models.CharField(max_length=9, choices=STATES, default="draft")
    shown = models.BooleanField(default=False)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)
    lead = models.TextField(_("introduction"), max_length=1000)
    body = models.TextField(_("text"), max_length=20_000)
    tags = models.ManyToManyField(Tag, blank=True, related_name="releases")
    contact = models.ForeignKey(PressContact, on_delete=models.PROTECT, related_name="releases")
    decisions = models.ManyToManyField(Publication, blank=True, related_name="releases")
    content = models.JSONField(
        default=dict, blank=True
    )  # what everybody reads: title, lead, body of the last publication
    published_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = by(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    made_by = by()
    asked_by = by(null=True, blank=True)

    objects = PressReleaseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["shown", "-published_at", "-id"], name="release_latest")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[code for code, _label in STATES]), name="release_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(shown=True, state__in=sorted(rules.SHOWN), published_at__isnull=False)
                | (Q(shown=False) & ~Q(state__in=sorted(rules.SHOWN))),
                name="release_shown_as_its_state",
            ),
            models.CheckConstraint(
                condition=paired("withdrawn_at", "withdrawn_by"), name="release_withdrawn_at_and_by"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def stage(self) -> State:
        """Its state: the name, and who moves next."""
        return rules.TABLE.state(self.state)

    @property
    def is_tombstone(self) -> bool:
        """Whether it has been public and is not now."""
        return self.withdrawn_at is not None and not self.shown

    def get_absolute_url(self) -> str:
        """Its address for everybody."""
        return reverse("press_release", args=[self.slug])


class ReleaseLink(models.Model):
    """An address elsewhere that a press release points to."""

    release = models.ForeignKey(PressRelease, on_delete=models.CASCADE, related_name="links")
    title = models.CharField(_("what it leads to"), max_length=150)
    url = models.URLField(_("address"), max_length=500)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.title


class ReleaseStep(DeskStep):
    """A step of a press release at the desk; a correction's reason is shown to everybody."""

    release = models.ForeignKey(PressRelease, on_delete=models.PROTECT, related_name="steps")

    def __str__(self) -> str:
        return f"{self.release}: {self.move}"
