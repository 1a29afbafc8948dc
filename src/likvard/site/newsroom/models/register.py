"""The public register: what of an issued document everybody may read, what is hidden in it and why, and where it stands."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from likvard.site.cases.models import Issued, IssuedHappening
from likvard.site.cases.models.shared import StepTaken, by, paired
from likvard.site.cases.states import State, Text
from likvard.site.newsroom import rules
from likvard.site.people.models import Organiser, Unit
from likvard.site.writing.text import REASONS, Reason
from likvard.terms import Words

STATES = [(state.code, state.label) for state in rules.TABLE.states]


class Tag(models.Model):
    """A word that decisions and press releases are found by. `slug` stands in addresses and never changes."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("word"), max_length=60, unique=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Tagged(models.Model):
    """What is found by words: `tags` are what everybody reads, `proposed_tags` the names of a correction that is prepared."""

    tags: models.ManyToManyField[Any, Any]
    proposed_tags = models.JSONField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def words(self) -> list[Tag]:
        """The words as the desk has them now. Those of a correction are in no list before it is published."""
        if self.proposed_tags is None:
            return list(self.tags.all())
        return [Tag(name=name, slug=rules.tag_slug(name)) for name in self.proposed_tags]


class PublicationQuerySet(models.QuerySet["Publication"]):
    """Questions about what is published."""

    def public(self) -> Self:
        """What everybody may read now.

        Written as a list of one value: Django makes a bare column of `shown=True`, for which SQLite uses no index.
        """
        return self.filter(shown__in=(True,))

    def newest_first(self) -> Self:
        """The newest decision first; never in an order by what was found."""
        return self.order_by("-decided_on", "-id")


class Publication(Tagged):
    """An issued document on its way to the public register, and in it.

    What lists and filters need stands here, copied when it was prepared: a register of 50,000 is read without a join. The text
    that everybody reads stands in its newest `Version`, masked; nothing public is ever made from `issued.content`.
    `shown` says the same as the state (`rules.SHOWN`) and leads the indexes. A withdrawn one keeps its address as a tombstone.
    """

    issued = models.OneToOneField(Issued, on_delete=models.PROTECT, related_name="publication")
    state = models.CharField(max_length=9, choices=STATES, default="draft")
    shown = models.BooleanField(default=False)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)
    tags = models.ManyToManyField(Tag, blank=True, related_name="publications")
    register_number = models.CharField(max_length=40, db_index=True)
    kind = models.CharField(max_length=9)
    about = models.CharField(max_length=20, blank=True)
    level = models.CharField(max_length=20, blank=True)
    organiser = models.ForeignKey(Organiser, null=True, on_delete=models.PROTECT, related_name="publications")
    organiser_name = models.CharField(max_length=200, blank=True)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="publications")
    unit_name = models.CharField(max_length=200, blank=True)
    municipality_code = models.CharField(max_length=4, blank=True)
    decided_on = models.DateField()
    synthetic = models.BooleanField(default=False)
    version = models.PositiveSmallIntegerField(default=0)
    published_at = models.DateTimeField(null=True, blank=True)  # the first time
    changed_at = models.DateTimeField(
        null=True, blank=True
    )  # the last time what everybody reads was changed by the desk
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = by(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)
    prepared_at = models.DateTimeField()
    prepared_by = by()
    asked_by = by(null=True, blank=True)  # who sent it to the second reader, and so cannot be that reader

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-decided_on", "-id"]
        # The first column is the same in every question of the public, so that each is answered in the order of its page.
        indexes: ClassVar = [
            models.Index("shown", F("decided_on").desc(), F("id").desc(), name="publication_latest"),
            models.Index("shown", "organiser", F("decided_on").desc(), F("id").desc(), name="publication_organiser"),
            models.Index("shown", "unit", F("decided_on").desc(), F("id").desc(), name="publication_unit"),
            models.Index(
                "shown", "municipality_code", F("decided_on").desc(), F("id").desc(), name="publication_municipality"
            ),
            models.Index("shown", "about", F("decided_on").desc(), F("id").desc(), name="publication_about"),
            models.Index("shown", F("published_at").desc(), name="publication_published"),
            models.Index("state", name="publication_state"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[code for code, _label in STATES]), name="publication_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(shown=True, state__in=sorted(rules.SHOWN))
                | (Q(shown=False) & ~Q(state__in=sorted(rules.SHOWN))),
                name="publication_shown_as_its_state",
            ),
            models.CheckConstraint(
                condition=Q(shown=False) | Q(version__gte=1, published_at__isnull=False, changed_at__isnull=False),
                name="publication_shown_has_a_version",
            ),
            models.CheckConstraint(
                condition=paired("withdrawn_at", "withdrawn_by"), name="publication_withdrawn_at_and_by"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""),
                name="publication_withdrawn_with_reason",
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

    @property
    def place(self) -> str:
        """The school and its organiser, or the organiser, as they were called when it was prepared."""
        return ", ".join(name for name in (self.unit_name, self.organiser_name) if name)

    def get_absolute_url(self) -> str:
        """Its address for everybody."""
        return reverse("decision", args=[self.slug])


class Address(models.Model):
    """Every address that a publication has had, the present one too: one that somebody has linked to leads on for ever."""

    slug = models.SlugField(max_length=80, unique=True)
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="addresses")
    since = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["since", "id"]

    def __str__(self) -> str:
        return self.slug


class Mask(models.Model):
    """A passage that is hidden from everybody, and why. The rows are the log: one that is shown again is lifted, never deleted."""

    class Part(models.TextChoices):
        """The form of the document that it is in."""

        TEXT = "text", _("the decision")
        PLAIN = "plain", _("in short and in plain words")

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="masks")
    part = models.CharField(max_length=5, choices=Part.choices)
    place = models.CharField(max_length=40)  # the run that it begins in: `writing.text.places`
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    reason = models.CharField(max_length=20)  # a code of `writing.masking.Reason`
    note = models.CharField(max_length=300, blank=True)  # for the desk
    made_at = models.DateTimeField()
    made_by = by()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = by(null=True, blank=True)
    lifted_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["made_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="mask_hides_something"),
            models.CheckConstraint(condition=Q(part__in=["text", "plain"]), name="mask_part_is_known"),
            models.CheckConstraint(condition=paired("lifted_at", "lifted_by"), name="mask_lifted_at_and_by"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | ~Q(lifted_reason=""), name="mask_lifted_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication}: {self.place}"

    @property
    def stretch(self) -> str:
        """The paragraph that it is in: `passages.stretches`."""
        return self.place.rpartition(".")[0] if self.place.count(".") == 2 else self.place

    @property
    def why(self) -> Words:
        """Its reason in words."""
        return REASONS[Reason(self.reason)]


class Version(models.Model):
    """What everybody read from a moment on. `content` is already masked: `text`, `plain` and `facts`, as in `Issued.content`.

    The first has no `why`; each later one is a correction, and tells what was changed and why. An older one is not shown: it may
    hold what the correction was there to hide.
    """

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    content = models.JSONField()
    why = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    prepared_by = by()
    read_by = by()

    class Meta:
        ordering: ClassVar = ["publication", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["publication", "number"], name="version_of_publication_once"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(why=""), name="version_correction_with_reason"),
            models.CheckConstraint(condition=~Q(prepared_by=F("read_by")), name="version_read_by_another"),
        ]

    def __str__(self) -> str:
        return f"{self.publication}, {self.number}"


class DeskStep(StepTaken):
    """A step at the desk."""

    class Meta(StepTaken.Meta):
        abstract = True

    @property
    def label(self) -> Text:
        """What was done, in words."""
        return rules.said(self.move)


class Step(DeskStep):
    """A step of a decision at the desk; for the desk alone."""

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="steps")

    def __str__(self) -> str:
        return f"{self.publication}: {self.move}"


class ReleasedText(models.Model):
    """The words about a happening as everybody may read them: runs of text and bars, already masked.

    That something has happened is open at once; what was written about it only when it has been read and released here.
    """

    happening = models.OneToOneField(IssuedHappening, on_delete=models.PROTECT, related_name="released")
    runs = models.JSONField()  # [{"text": …, "masked": reason code or ""}]
    at = models.DateTimeField()
    by = by()

    class Meta:
        ordering: ClassVar = ["happening"]

    def __str__(self) -> str:
        return str(self.happening)


def decided_within(year: int) -> Q:
    """Decided in a calendar year: a range, so that the indexes are used."""
    return Q(decided_on__gte=date(year, 1, 1), decided_on__lte=date(year, 12, 31))
