"""Who wants letters about what, and what there is to write about."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from likvard.site.cases.models import IssuedHappening
from likvard.site.newsroom import topics
from likvard.site.newsroom.models.press import PressRelease
from likvard.site.newsroom.models.register import Publication


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Questions about subscriptions."""

    def live(self) -> Self:
        """Those that are confirmed and have not ended."""
        return self.filter(confirmed_at__isnull=False, ended_at__isnull=True)

    def waiting(self) -> Self:
        """Those that nobody has confirmed yet."""
        return self.filter(confirmed_at__isnull=True, ended_at__isnull=True)


class Subscription(models.Model):
    """An address that wants letters about one topic. Of one that has ended only the days are left: the address is erased.

    `told` is the number of the last news that a letter to it has covered: what is written in one transaction with the letter, so
    that no news comes twice and none is passed over.
    """

    email = models.EmailField(_("e-mail address"), blank=True)
    topic = models.CharField(max_length=topics.LONGEST)
    frequency = models.CharField(max_length=7, choices=topics.Frequency.choices, default=topics.Frequency.AT_ONCE)
    language = models.CharField(max_length=2, choices=[("sv", "Svenska"), ("en", "English")], default="sv")
    asked_at = models.DateTimeField()
    asks = models.PositiveSmallIntegerField(default=1)  # letters that asked for a confirmation
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    told = models.PositiveBigIntegerField(default=0)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["email", "id"]
        indexes: ClassVar = [
            models.Index(fields=["topic", "frequency", "email"], name="subscription_topic"),
            models.Index(fields=["frequency", "told", "email"], name="subscription_round"),
            models.Index(fields=["asked_at"], name="subscription_asked"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["email", "topic"], condition=Q(ended_at__isnull=True), name="subscription_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) & ~Q(email="") | Q(ended_at__isnull=False, email=""),
                name="subscription_ended_is_erased",
            ),
            models.CheckConstraint(
                condition=Q(frequency__in=topics.Frequency.values), name="subscription_frequency_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.topic  # never the address: this text ends up in logs

    @property
    def is_live(self) -> bool:
        """Whether letters go to it."""
        return self.confirmed_at is not None and self.ended_at is None


class NewsQuerySet(models.QuerySet["News"]):
    """Questions about news."""

    def between(self, after: int, last: int) -> Self:
        """Those with a number above `after`, up to `last`, in order."""
        return self.filter(number__gt=after, number__lte=last).order_by("number")


class News(models.Model):
    """Something that subscribers may be told: a publication, its correction or withdrawal, a happening, a press release.

    Written in the transaction of what it tells of (`actions.telling`). Numbers are given afterwards, by one worker at a time:
    transactions end in another order than they begin, and a number, once seen, must have none below it that comes later.
    """

    class What(models.TextChoices):
        """Kinds of news."""

        PUBLISHED = "published", _("published")
        CORRECTED = "corrected", _("corrected")
        WITHDRAWN = "withdrawn", _("withdrawn")
        HAPPENED = "happened", _("news about a decision")

    publication = models.ForeignKey(Publication, null=True, blank=True, on_delete=models.PROTECT, related_name="news")
    release = models.ForeignKey(PressRelease, null=True, blank=True, on_delete=models.PROTECT, related_name="news")
    happening = models.OneToOneField(
        IssuedHappening, null=True, blank=True, on_delete=models.PROTECT, related_name="news"
    )
    what = models.CharField(max_length=9, choices=What.choices)
    topics = models.JSONField()
    at = models.DateTimeField()
    number = models.PositiveBigIntegerField(null=True, blank=True, unique=True)
    done_at = models.DateTimeField(null=True, blank=True)  # every letter of those who want it at once is written

    objects = NewsQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["at", "id"]
        verbose_name_plural = "news"
        indexes: ClassVar = [
            models.Index(fields=["done_at", "number"], name="news_to_do"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(publication__isnull=False, release__isnull=True)
                | Q(publication__isnull=True, release__isnull=False),
                name="news_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(what="happened", happening__isnull=False, publication__isnull=False)
                | (~Q(what="happened") & Q(happening__isnull=True)),
                name="news_of_a_happening",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(number__isnull=False), name="news_done_has_a_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()}: {self.publication or self.release}"


class Tally(models.Model):
    """How far a piece of work has come, and the lock under which it is done.

    `news`: the last number given; `happenings`: the last happening looked at; `letters`: only the lock;
    `daily` and `weekly`: the day of the round, the number it goes to, and whether it is finished.
    """

    name = models.CharField(primary_key=True, max_length=20)
    value = models.PositiveBigIntegerField(default=0)
    day = models.DateField(null=True, blank=True)
    finished = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"
