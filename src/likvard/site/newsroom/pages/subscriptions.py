"""Letters about decisions: ask for them, confirm, change and end. Open to everybody; what is one's own opens by a signed link."""

from __future__ import annotations

import hmac
from datetime import datetime
from hashlib import sha256
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from likvard.site.cases.states import CaseError
from likvard.site.newsroom import letters
from likvard.site.newsroom.actions import following, mailing
from likvard.site.newsroom.forms_outward import FollowForm, FrequencyForm
from likvard.site.newsroom.models import Subscription
from likvard.site.newsroom.topic_names import name_of
from likvard.site.newsroom.topics import ASKS_AN_HOUR, REGISTER, Topic
from likvard.site.ui.failures import too_many
from likvard.site.ui.language import current as language


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Ask for letters about what `?vad=` names. Whether the address is known already is not told."""
    topic, name = _topic(request)
    form = FollowForm(request.POST or None)
    if request.method == "POST" and not _may_try(request):
        return too_many(request)
    if form.is_valid():
        chosen = {"email": form.cleaned_data["email"], "frequency": form.cleaned_data["frequency"]}
        following.ask(
            **chosen, topic=topic, name=name, language=language().value, at=_now(request), address=settings.BASE_URL
        )
        return redirect("follow_sent")
    return render(request, "newsroom/follow.html", {"form": form, "name": name})


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """A letter is on its way."""
    return render(request, "newsroom/follow_sent.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm by a button: a link alone is opened by programs that look for viruses, too."""
    asked = _signed(letters.CONFIRM, token)
    if not asked or not following.may_be_confirmed(asked[0], _now(request)):
        return render(request, "newsroom/follow_gone.html", status=404)
    subscription = asked[0]
    if request.method == "POST":
        subscription = following.confirm(subscription=subscription, at=_now(request))
    own = letters.signed(letters.OWN, [subscription.pk])
    context = {"subscription": subscription, "name": _name(subscription, request), "own": own}
    return render(request, "newsroom/follow_confirm.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, token: str) -> HttpResponse:
    """All that an address follows, and how often; opened by the link in its letters."""
    opened = [one for one in _signed(letters.OWN, token) if one.is_live]
    if not opened:
        return render(request, "newsroom/follow_gone.html", status=404)
    mine = Subscription.objects.live().filter(email=opened[0].email).order_by("topic")
    form = FrequencyForm(request.POST or None)
    if form.is_valid():
        chosen = mine.filter(pk=form.cleaned_data["subscription"]).first()
        if chosen is not None:
            _change(chosen, form.cleaned_data["frequency"], request)
        return redirect(request.path)
    context = {"rows": [_row(one, request) for one in mine], "whose": _shortened(opened[0].email)}
    return render(request, "newsroom/follow_own.html", context)


@csrf_exempt  # one click in a mail program (RFC 8058): a post from elsewhere, without cookies; the signed link is the right to it
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, token: str) -> HttpResponse:
    """End the letters: a page with a button, and at once when it is posted to. An ended one is ended whoever asks again."""
    found = _signed(letters.END, token)
    if not found:
        return render(request, "newsroom/follow_gone.html", status=404)
    if request.method == "POST":
        following.end(subscriptions=found, at=_now(request))
    live = [] if request.method == "POST" else [one for one in found if one.is_live]
    names = [_name(one, request) for one in found]
    return render(request, "newsroom/follow_end.html", {"live": live, "names": names})


def _topic(request: HttpRequest) -> tuple[Topic, str]:
    try:
        topic = Topic.parse(request.GET.get("vad") or str(REGISTER))
    except CaseError as wrong:
        raise Http404(_("There is nothing by this name to follow.")) from wrong
    name = name_of(topic, timezone.localdate(_now(request)))
    if name is None:
        raise Http404(_("There is nothing by this name to follow."))
    return topic, name


def _name(subscription: Subscription, request: HttpRequest) -> str:
    return name_of(Topic.parse(subscription.topic), timezone.localdate(_now(request))) or subscription.topic


def _signed(purpose: str, token: str) -> list[Subscription]:
    """The subscriptions that a link names, ended ones too; none for a link that was not made here for this."""
    return list(Subscription.objects.filter(pk__in=letters.unsigned(purpose, token)).order_by("pk"))


def _change(chosen: Subscription, frequency: str, request: HttpRequest) -> None:
    mailing.change_frequency(subscription=chosen, frequency=frequency, at=_now(request), address=settings.BASE_URL)


def _row(subscription: Subscription, request: HttpRequest) -> dict[str, Any]:
    first = {"subscription": subscription.pk, "frequency": subscription.frequency}
    return {
        "subscription": subscription,
        "name": _name(subscription, request),
        "form": FrequencyForm(initial=first, auto_id=f"{subscription.pk}-%s"),
        "end": letters.signed(letters.END, [subscription.pk]),
    }


def _shortened(email: str) -> str:
    """An address as its owner knows it and nobody else: `a…@example.se`."""
    name, _at, host = email.partition("@")
    return f"{name[:1]}…@{host}"


def _may_try(request: HttpRequest) -> bool:
    """Count a try from this network; False if there have been too many in the hour. Kept is a keyed hash, no address."""
    caller = get_adapter().get_client_ip(request)
    hashed = hmac.new(settings.SECRET_KEY.encode(), f"follow:{caller}".encode(), sha256).hexdigest()[:32]
    key = f"follow:{hashed}:{_now(request):%Y%m%d%H}"
    tries = cache.get(key, 0) + 1
    cache.set(key, tries, 3600)
    return tries <= ASKS_AN_HOUR


def _now(request: HttpRequest) -> datetime:
    return request.now  # type: ignore[attr-defined]
