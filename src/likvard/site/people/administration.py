"""The administrator's pages: accounts, memberships with dates, invitations. No figure and no matter is shown here."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from likvard.site.audit import events
from likvard.site.people import actions, permissions
from likvard.site.people.access import Denied
from likvard.site.people.forms import Because, EndRole, GiveRole, Invite, Search
from likvard.site.people.models import Invitation, Membership, User
from likvard.site.people.roles import Reach
from likvard.site.people.words import said

Page = Callable[..., HttpResponse]
_ON_A_PAGE = 50


def administrators_only(page: Page) -> Page:
    """Let only those in who look after accounts; the page gets what they look after as `held`."""

    @login_required
    @wraps(page)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        held = permissions.check_can_administer(by(request), on=on(request))
        return page(request, held=held, **kwargs)

    return guarded


def by(request: HttpRequest) -> User:
    """Who administers."""
    user: Any = request.user
    return user


def on(request: HttpRequest) -> date:
    """The day of the request."""
    return timezone.localdate(request.now)  # type: ignore[attr-defined]


@administrators_only
def accounts(request: HttpRequest, *, held: Reach) -> HttpResponse:
    """Accounts with a membership that the administrator looks after; for the whole site also those without any."""
    search = Search(request.GET or None)
    found = _searched(_looked_after(held), search, on(request))
    rows = Paginator(found, _ON_A_PAGE).get_page(request.GET.get("sida"))
    now = Membership.objects.in_force(on(request)).filter(user__in=list(rows)).over(held).shown()
    held_by: dict[uuid.UUID, list[Membership]] = {}
    for membership in now:
        held_by.setdefault(membership.user_id, []).append(membership)
    context = {
        "search": search,
        "page": rows,
        "accounts": [(user, held_by.get(user.pk, [])) for user in rows],
        "invitations": _invitations(held).open(request.now),  # type: ignore[attr-defined]
    }
    return render(request, "people/accounts.html", context)


def _looked_after(held: Reach) -> QuerySet[User]:
    if held.everything:
        return User.objects.order_by("name", "email")
    theirs = Membership.objects.over(held).values("user")
    return User.objects.filter(pk__in=theirs).order_by("name", "email")


def _invitations(held: Reach) -> Any:
    found = Invitation.objects.select_related("organiser", "unit", "invited_by")
    if held.everything:
        return found
    return found.filter(Q(organiser__in=held.organisers) | Q(unit__organiser__in=held.organisers))


def _searched(found: QuerySet[User], search: Search, on: date) -> QuerySet[User]:
    if not search.is_valid():
        return found
    text, role = search.cleaned_data["q"].strip(), search.cleaned_data["role"]
    if text:
        found = found.filter(Q(name__icontains=text) | Q(email__icontains=text))
    if role:
        found = found.filter(pk__in=Membership.objects.in_force(on).filter(role=role).values("user"))
    return found


def _person(held: Reach, pk: uuid.UUID) -> User:
    return get_object_or_404(_looked_after(held), pk=pk)


@administrators_only
def person(request: HttpRequest, *, held: Reach, pk: uuid.UUID) -> HttpResponse:
    """An account: its memberships now, before and later, and what has been done to it."""
    user = _person(held, pk)
    return _show_person(request, held, user)


def _show_person(request: HttpRequest, held: Reach, user: User, **forms: Form) -> HttpResponse:
    me, today = by(request), on(request)
    rows = Membership.objects.filter(user=user).over(held).shown().order_by("-start", "-pk")
    context = {
        "person": user,
        "own": user.pk == me.pk,
        "memberships": [(m, _when(m, today), permissions.can_end(me, m, on=today)) for m in rows],
        "may_close": permissions.can_close(me, user, on=today),
        "give": GiveRole(held=held, initial={"start": today}),
        "because": Because(),
        "events": [(e, said(e.what)) for e in events.about(actions.about(user)).reverse()[:30]],
    }
    status = 422 if forms else 200
    return render(request, "people/person.html", context | forms, status=status)


def _when(membership: Membership, on: date) -> str:
    if membership.start > on:
        return "later"
    return "over" if membership.end and membership.end < on else "now"


@administrators_only
@require_POST
@reauthentication_required
def give(request: HttpRequest, *, held: Reach, pk: uuid.UUID) -> HttpResponse:
    """Give a person a role."""
    user = _person(held, pk)
    form = GiveRole(request.POST, held=held)
    if not form.is_valid():
        return _show_person(request, held, user, give=form)
    given = {name: form.cleaned_data[name] for name in ("role", "organiser", "unit", "start", "end", "reason")}
    actions.give(by=by(request), user=user, at=request.now, **given)  # type: ignore[attr-defined]
    messages.success(request, _("%(name)s has the role.") % {"name": user})
    return redirect("people_person", pk=user.pk)


@administrators_only
@reauthentication_required(allow_get=True)
def end(request: HttpRequest, *, held: Reach, pk: uuid.UUID, membership: int) -> HttpResponse:
    """End a membership."""
    user = _person(held, pk)
    found = get_object_or_404(Membership.objects.over(held).shown(), pk=membership, user=user)
    permissions.check_can_end(by(request), found, on=on(request))
    form = EndRole(request.POST or None, initial={"last": on(request)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actions.end(membership=found, by=by(request), at=request.now, last=given["last"], reason=given["reason"])  # type: ignore[attr-defined]
        messages.success(request, _("The membership is ended."))
        return redirect("people_person", pk=user.pk)
    return render(request, "people/end.html", {"person": user, "membership": found, "form": form})


_DEEDS: dict[str, Callable[..., None]] = {
    "stang": actions.close_account,
    "oppna": actions.open_account,
    "andra-faktorn": actions.reset_second_factor,
}


@administrators_only
@require_POST
@reauthentication_required
def change(request: HttpRequest, *, held: Reach, pk: uuid.UUID, deed: str) -> HttpResponse:
    """Close or open an account, or take away a second factor that is lost."""
    user = _person(held, pk)
    form = Because(request.POST)
    if deed not in _DEEDS:
        raise Http404
    if not form.is_valid():
        return _show_person(request, held, user, because=form)
    _DEEDS[deed](user=user, by=by(request), at=request.now, reason=form.cleaned_data["reason"])  # type: ignore[attr-defined]
    messages.success(request, _("Done. It is noted in the log."))
    return redirect("people_person", pk=user.pk)


@administrators_only
@reauthentication_required(allow_get=True)
def invite(request: HttpRequest, *, held: Reach) -> HttpResponse:
    """Invite somebody by e-mail."""
    form = Invite(request.POST or None, held=held, initial={"start": on(request)})
    if request.method == "POST" and form.is_valid():
        names = ("email", "name", "role", "organiser", "unit", "start", "end", "reason")
        actions.invite(by=by(request), at=request.now, **{name: form.cleaned_data[name] for name in names})  # type: ignore[attr-defined]
        messages.success(request, _("The invitation is sent to %(email)s.") % {"email": form.cleaned_data["email"]})
        return redirect("people_accounts")
    return render(request, "people/invite.html", {"form": form})


@administrators_only
@require_POST
@reauthentication_required
def withdraw(request: HttpRequest, *, held: Reach, pk: uuid.UUID) -> HttpResponse:
    """Make an invitation's link stop working."""
    invitation = get_object_or_404(_invitations(held), pk=pk)
    try:
        actions.withdraw(invitation=invitation, by=by(request), at=request.now)  # type: ignore[attr-defined]
    except Denied as refusal:
        messages.warning(request, refusal.reason)
    else:
        messages.success(request, _("The invitation is withdrawn."))
    return redirect("people_accounts")
