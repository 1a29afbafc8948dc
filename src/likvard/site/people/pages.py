"""One's own account: who one is, what one may see and why, how one signs in; and taking up an invitation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import get_adapter as get_provider_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from likvard.site.people import access, actions
from likvard.site.people.access import Content
from likvard.site.people.forms import AcceptInvitation, Details
from likvard.site.people.models import Invitation, Membership, User
from likvard.site.people.roles import TABLE, Role, Where, in_words, needs_second_factor
from likvard.site.ui.menu import Reader, menu


@dataclass(frozen=True, slots=True)
class Right:
    """A kind of content that a membership opens, and how far."""

    content: str | Promise
    where: str | Promise


def rights(membership: Membership) -> list[Right]:
    """What a membership opens, besides what is open to everybody."""
    row = TABLE[Role(membership.role)]
    return [
        Right(content.label, membership.place_name if where is Where.OWN else where.label)
        for content, where in row.items()
        if where is not Where.NOWHERE and content is not Content.PUBLISHED
    ]


@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Lead on to the first page of the person's role; without a role, to the account."""
    reader: Reader | None = getattr(request, "reader", None)
    items = menu(reader, request.path) if reader and reader.role else ()
    return redirect(items[0].href if items else "people_account")


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """The person's own page."""
    user, on = _reader(request), timezone.localdate(request.now)  # type: ignore[attr-defined]
    held = access.memberships(user, on)
    context = {
        "memberships": [(membership, rights(membership)) for membership in held],
        "ask": "" if held else access.whom_to_ask(access.administrators(None, on)),
        "second_factor": _has_second_factor(user),
        "second_factor_needed": settings.SECOND_FACTOR and needs_second_factor(Role(m.role) for m in held),
        "sessions": UserSession.objects.filter(user=user).count(),
        "own_password": user.has_usable_password(),
    }
    return render(request, "people/account.html", context)


def _reader(request: HttpRequest) -> User:
    user: Any = request.user
    return user


def _has_second_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


@login_required
def details(request: HttpRequest) -> HttpResponse:
    """Change one's own name and language."""
    user = _reader(request)
    form = Details(request.POST or None, initial={"name": user.name, "language": user.language})
    if request.method == "POST" and form.is_valid():
        actions.change_details(user=user, at=request.now, **form.cleaned_data)  # type: ignore[attr-defined]
        messages.success(request, _("Your details are saved."))
        return redirect("people_account")
    return render(request, "people/details.html", {"form": form})


@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in, and a way to sign out everywhere else."""
    if request.method == "POST":
        key = request.session.session_key or ""
        ended = actions.sign_out_elsewhere(user=_reader(request), keep=key, at=request.now)  # type: ignore[attr-defined]
        messages.success(
            request,
            _("Signed out in %(n)s other places.") % {"n": ended} if ended else _("You were signed in only here."),
        )
        return redirect("people_sessions")
    here = UserSession.objects.purge_and_list(request.user)
    return render(request, "people/sessions.html", {"sessions": sorted(here, key=lambda s: s.created_at, reverse=True)})


@login_required
def second_factor(request: HttpRequest) -> HttpResponse:
    """Whether one has a second factor, and what can be done about it."""
    user = _reader(request)
    codes = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    left = len(codes.wrap().get_unused_codes()) if codes else 0
    return render(request, "people/second_factor.html", {"second_factor": _has_second_factor(user), "codes_left": left})


@login_required
def no_password(request: HttpRequest) -> HttpResponse:
    """Say to whoever signs in through an identity provider that there is no password here."""
    return render(request, "people/no_password.html")


def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Take up an invitation: as the person who is signed in, or with a new account."""
    invitation = actions.invitation_of(token, at=request.now)  # type: ignore[attr-defined]
    if invitation is None:
        return render(request, "people/invitation_gone.html", status=410)
    user = request.user if isinstance(request.user, User) else None
    context: dict[str, Any] = {"invitation": invitation, "role": in_words(Role(invitation.role))}
    if user is not None and user.email == invitation.email:
        return _accept_signed_in(request, invitation, user, context)
    if user is not None or User.objects.filter(email=invitation.email).exists():
        return render(request, "people/invitation_other.html", context)
    form = AcceptInvitation(request.POST or None, email=invitation.email, initial={"name": invitation.name})
    if request.method == "POST" and form.is_valid():
        return _accept_new(request, invitation, form)
    providers = get_provider_adapter(request).list_providers(request)
    return render(request, "people/invitation.html", context | {"form": form, "providers": providers})


def _accept_signed_in(
    request: HttpRequest, invitation: Invitation, user: User, context: dict[str, Any]
) -> HttpResponse:
    if request.method != "POST":
        return render(request, "people/invitation_signed_in.html", context)
    actions.accept(invitation=invitation, at=request.now, user=user)  # type: ignore[attr-defined]
    messages.success(request, _("You have a new role."))
    return redirect("people_account")


def _accept_new(request: HttpRequest, invitation: Invitation, form: AcceptInvitation) -> HttpResponse:
    name, password = form.cleaned_data["name"], form.cleaned_data["password"]
    at = request.now  # type: ignore[attr-defined]
    actions.accept(invitation=invitation, at=at, user=None, name=name, password=password)
    messages.success(request, _("Your account is ready. Sign in with your address and the password you chose."))
    return redirect("account_login")
