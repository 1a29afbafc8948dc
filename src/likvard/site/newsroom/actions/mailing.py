"""Write the letters to subscribers: at once, and in rounds by the day and by the week. Called by the worker, again and again.

No news is lost and none comes twice, wherever a worker is killed: a letter and the number up to which its subscriptions have been
told are written in one transaction, and one worker at a time writes (the tally `letters` is the lock). What is interrupted goes on
where it stopped, with the next look.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone, translation

from likvard.site.newsroom import letters
from likvard.site.newsroom.actions import following, telling
from likvard.site.newsroom.letters import Item
from likvard.site.newsroom.models import News, Subscription, Tally
from likvard.site.newsroom.topic_names import name_of
from likvard.site.newsroom.topics import Frequency, Topic, round_of

ADDRESSES = 500
"""Addresses that are written to in one transaction: it is short, and a killed worker loses at most its work, never its place."""


def write_letters(at: datetime, address: str) -> int:
    """Write every letter that is due into the outbox; return how many. `address` is that of the site."""
    telling.take_up_happenings(at)
    last = telling.number_news(at)
    return _at_once(at, address) + sum(
        _round(frequency, at, last, address) for frequency in (Frequency.DAILY, Frequency.WEEKLY)
    )


def _at_once(at: datetime, address: str) -> int:
    """Letters about news that those who want it at once have not got, the oldest news first."""
    written = 0
    while True:
        with transaction.atomic():
            if not _alone():
                return written
            news = _shown(News.objects.filter(done_at=None).exclude(number=None)).order_by("number").first()
            if news is None:
                return written
            wanting = _untold(Frequency.AT_ONCE, news).filter(topic__in=news.topics)
            chosen = _by_address(wanting)
            if not chosen:
                News.objects.filter(pk=news.pk).update(done_at=at)
                continue
            written += _tell(chosen, [news], news.number or 0, at, address)


def _untold(frequency: Frequency, news: News) -> QuerySet[Subscription]:
    live = Subscription.objects.live().filter(frequency=frequency, confirmed_at__lte=news.at)
    return live.filter(told__lt=news.number)


def _round(frequency: Frequency, at: datetime, last: int, address: str) -> int:
    """The letters of the day or of the week, if their hour has come and they are not all written."""
    written = 0
    while True:
        with transaction.atomic():
            if not _alone():
                return written
            mark = _begun(frequency, round_of(frequency, timezone.localtime(at)), last)
            if mark.finished:
                return written
            waiting = Subscription.objects.live().filter(frequency=frequency, told__lt=mark.value)
            chosen = _by_address(waiting)
            if not chosen:
                mark.finished = True
                mark.save(update_fields=["finished"])
                continue
            after = min(one.told for one in chosen)
            news = list(_shown(News.objects.between(after, mark.value)))
            written += _tell(chosen, news, mark.value, at, address)


def _begun(frequency: Frequency, day: date, last: int) -> Tally:
    """The tally of the round of this day. A new round goes to the last number; one that was interrupted to where it was to go."""
    mark = telling.locked(frequency.value)
    if mark.day is None or mark.day < day:
        mark.day, mark.value, mark.finished = day, last, False
        mark.save(update_fields=["day", "value", "finished"])
    return mark


def _alone() -> bool:
    """Hold the lock of the letters until the transaction ends; False if another worker holds it."""
    Tally.objects.get_or_create(name="letters")
    skip = connection.features.has_select_for_update_skip_locked
    return Tally.objects.select_for_update(skip_locked=skip).filter(name="letters").first() is not None


def _shown(news: QuerySet[News]) -> QuerySet[News]:
    return news.select_related("publication", "release", "happening")


def _by_address(found: QuerySet[Subscription]) -> list[Subscription]:
    """Every one of the subscriptions of the first addresses, by address."""
    first = list(found.order_by("email").values_list("email", flat=True).distinct()[:ADDRESSES])
    return list(found.filter(email__in=first).order_by("email", "pk").select_for_update()) if first else []


def _tell(chosen: Sequence[Subscription], news: Sequence[News], upto: int, at: datetime, address: str) -> int:
    """Write to each address what its subscriptions have not been told, and note that they have been, in the caller's transaction."""
    said: dict[tuple[str, int], Item | None] = {}
    names: dict[tuple[str, str], str] = {}
    written = 0
    for email, own in groupby(chosen, key=lambda one: one.email):
        mine = list(own)
        language = mine[0].language
        fresh = [one for one in news if any(_wants(subscription, one) for subscription in mine)]
        with translation.override(language):
            for one in fresh:
                said.setdefault((language, one.pk), letters.item(one, address))
            items = [item for one in fresh if (item := said[language, one.pk]) is not None]
            if not items:
                continue
            causes = [s for s in mine if any(_wants(s, one) for one in fresh)]
            for cause in causes:
                names.setdefault((language, cause.topic), _named(cause.topic, at))
            called = [names[language, cause.topic] for cause in causes]
            following.post(email, letters.news_letter(items, causes, called, address), at)
        written += 1
    Subscription.objects.filter(pk__in=[one.pk for one in chosen]).update(told=upto)
    return written


def _wants(subscription: Subscription, news: News) -> bool:
    begun = subscription.confirmed_at
    return (
        subscription.topic in news.topics
        and subscription.told < (news.number or 0)
        and begun is not None
        and begun <= news.at
    )


def _named(topic: str, at: datetime) -> str:
    return name_of(Topic.parse(topic), timezone.localdate(at)) or topic


@transaction.atomic
def change_frequency(*, subscription: Subscription, frequency: str, at: datetime, address: str) -> Subscription:
    """Send letters more or less often from now on. What has waited for a round is sent at once to whoever wants it at once."""
    telling.locked("letters")
    last = telling.number_news(at)
    held = Subscription.objects.select_for_update().get(pk=subscription.pk)
    if not held.is_live or held.frequency == frequency:
        return held
    if frequency == Frequency.AT_ONCE:
        _tell([held], list(_shown(News.objects.between(held.told, last))), last, at, address)
        held.told = last
    held.frequency = frequency
    held.save(update_fields=["frequency", "told"])
    return held
