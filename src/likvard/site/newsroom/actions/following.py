"""Subscribe, confirm, change, end and forget. Nothing of it is an event of the audit chain, which never forgets an address."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Sum

from likvard.site.cases import outbox
from likvard.site.cases.models import Outgoing
from likvard.site.newsroom import letters, topics
from likvard.site.newsroom.actions.telling import locked
from likvard.site.newsroom.letters import Letter
from likvard.site.newsroom.models import Subscription

DAY = timedelta(days=1)


@transaction.atomic
def ask(
    *, email: str, topic: topics.Topic, name: str, frequency: str, language: str, at: datetime, address: str
) -> None:
    """Ask for letters to an address: a letter goes there with a link that confirms it. Nothing tells whether it was known.

    After some letters in a day no more go to the address, whoever asks: nobody is flooded by somebody else.
    """
    email = email.strip().lower()
    if _asked_today(email, at) >= topics.ASKS_A_DAY:
        return
    chosen = {"frequency": frequency, "language": language}
    own, made = Subscription.objects.select_for_update().get_or_create(
        email=email, topic=str(topic), ended_at=None, defaults={**chosen, "asked_at": at}
    )
    if not made:
        changed = {"asks": _again(own, at), "asked_at": at, **({} if own.is_live else chosen)}
        Subscription.objects.filter(pk=own.pk).update(**changed)
        own.language = own.language if own.is_live else language
    write = letters.known_already if own.is_live else letters.confirming
    post(own.email, write(own, name, address), at)


def _again(own: Subscription, at: datetime) -> int:
    return own.asks + 1 if own.asked_at > at - DAY else 1


def _asked_today(email: str, at: datetime) -> int:
    recent = Subscription.objects.filter(email=email, asked_at__gt=at - DAY)
    return int(recent.aggregate(asks=Sum("asks"))["asks"] or 0)


@transaction.atomic
def confirm(*, subscription: Subscription, at: datetime) -> Subscription:
    """Begin the letters, with what is published from now on. Confirmed twice is confirmed once."""
    last = locked("news").value
    held = Subscription.objects.select_for_update().get(pk=subscription.pk)
    if held.confirmed_at is None and held.ended_at is None:
        held.confirmed_at, held.told = at, last
        held.save(update_fields=["confirmed_at", "told"])
    return held


def may_be_confirmed(subscription: Subscription, at: datetime) -> bool:
    """Whether the link still works: 48 hours from when it was asked for, and for ever for what is confirmed already."""
    return subscription.is_live or (
        subscription.ended_at is None and at - subscription.asked_at <= topics.CONFIRM_WITHIN
    )


@transaction.atomic
def end(*, subscriptions: Iterable[Subscription], at: datetime) -> int:
    """End subscriptions: the address is erased, and letters that wait in the outbox are not sent. Returns how many were ended."""
    ended = 0
    keys = sorted(one.pk for one in subscriptions)
    for held in Subscription.objects.select_for_update().filter(pk__in=keys, ended_at=None):
        _drop_waiting(held)
        held.ended_at, held.email = at, ""
        held.save(update_fields=["ended_at", "email"])
        ended += 1
    return ended


def _drop_waiting(subscription: Subscription) -> None:
    """Letters in the outbox that come from this subscription alone."""
    waiting = Outgoing.objects.filter(to=subscription.email, state=Outgoing.State.QUEUED, case=None)
    for letter in waiting.select_for_update():
        url = letter.headers.get("List-Unsubscribe", "").strip("<>")
        if letters.unsigned(letters.END, urlsplit(url).path.rstrip("/").rpartition("/")[2]) == (subscription.pk,):
            letter.state, letter.to, letter.body = Outgoing.State.DROPPED, "erased@invalid.invalid", ""
            letter.save(update_fields=["state", "to", "body"])


def forget(at: datetime) -> int:
    """Erase what is not needed any more; return how many rows.

    Addresses that nobody confirmed, seven days after they were asked for; letters of the list that were sent or dropped, after the
    same time; and subscriptions whose letters a mail server has refused for good.
    """
    before = at - topics.FORGET_AFTER
    refused = Outgoing.objects.filter(
        state=Outgoing.State.FAILED, case=None, headers__has_key="List-Id", error__startswith=outbox.RECEIVER_REFUSED
    )
    with transaction.atomic():
        failed = list(refused.values_list("pk", "to"))
        gone = {to for _pk, to in failed}
        end(subscriptions=Subscription.objects.live().filter(email__in=gone), at=at)
        done = Outgoing.objects.filter(pk__in=[pk for pk, _to in failed]).delete()[0]
    done += Subscription.objects.waiting().filter(asked_at__lt=before).delete()[0]
    old = Outgoing.objects.filter(
        state__in=[Outgoing.State.SENT, Outgoing.State.DROPPED],
        made_at__lt=before,
        case=None,
        headers__has_key="List-Id",
    )
    return done + old.delete()[0]


def post(to: str, letter: Letter, at: datetime) -> None:
    """Put a letter into the outbox, in the caller's transaction."""
    outbox.post(to=to, subject=letter.subject, body=letter.body, at=at, headers=letter.headers)
