"""Pages of the API: its documentation, and one's own tokens."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from likvard.site.api import actions
from likvard.site.api import documentation as documents
from likvard.site.api.api import description
from likvard.site.api.forms import TokenForm
from likvard.site.api.models import Token, TokenQuerySet
from likvard.site.api.permissions import can_make_token, can_read_organiser
from likvard.site.api.rules import PUBLIC_RATE, TOKEN_RATE, TOKENS_AT_ONCE
from likvard.site.api.words import ABOUT, TITLE
from likvard.site.people.access import Denied
from likvard.site.people.models import User
from likvard.site.ui.components import Cell, Column, Row, State, Table
from likvard.site.ui.templatetags.likvard import day


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """The API for people."""
    told = description()
    context = {
        "title": TITLE,
        "about": ABOUT,
        "base": told["servers"][0]["url"],
        "operations": documents.operations(told),
        "members": documents.members(),
        "problems": documents.problems(),
        "public_rate": PUBLIC_RATE,
        "token_rate": TOKEN_RATE,
    }
    return render(request, "api/documentation.html", context)


@never_cache
@login_required
@reauthentication_required(allow_get=True)
def tokens(request: HttpRequest) -> HttpResponse:
    """One's own tokens, and the form that makes one. The secret of a new one is on this answer and nowhere else."""
    owner, at, secret = cast(User, request.user), request.now, None  # type: ignore[attr-defined]
    may_read = can_read_organiser(owner, at=at)
    form = TokenForm(request.POST or None, may_read_organiser=may_read)
    if request.method == "POST" and form.is_valid():
        try:
            _token, secret = actions.make_token(by=owner, at=at, **form.chosen)
            form = TokenForm(may_read_organiser=may_read)
        except Denied as refusal:
            form.add_error(None, refusal.reason)
    own = Token.objects.filter(owner=owner).newest_first()
    place = ((_("My account"), "/konto/"), (_("Tokens for programs"), ""))
    may_make = can_make_token(owner, reads_organiser=False, at=at)
    shown = {"table": _table(own, at), "in_use": own.in_use(at), "most": TOKENS_AT_ONCE, "breadcrumbs": place}
    context = {"form": form if may_make else None, "secret": secret, **shown}
    return render(request, "api/tokens.html", context)


@require_POST
@login_required
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke one of one's own tokens. Somebody else's is not there."""
    owner = cast(User, request.user)
    token = get_object_or_404(Token, pk=pk, owner=owner)
    actions.revoke_token(by=owner, token=token, at=request.now)  # type: ignore[attr-defined]
    return redirect("api_tokens")


def _table(own: TokenQuerySet, at: datetime) -> Table:
    columns = (_("Name"), _("Begins with"), _("Right to"), _("State"), _("Last used"))
    return Table(_("Your tokens"), tuple(Column(name) for name in columns), tuple(_row(token, at) for token in own))


def _row(token: Token, at: datetime) -> Row:
    right = _("Public figures, and the organiser's own") if token.reads_organiser else _("Public figures")
    used = day(token.last_used) if token.last_used else _("never")
    cells = (Cell(f"likvard_{token.prefix}"), Cell(right), Cell(state=_state(token, at)), Cell(used))
    return Row(Cell(token.name), cells)


def _state(token: Token, at: datetime) -> State:
    if token.revoked_at is not None:
        return State("plain", _("Revoked %(day)s") % {"day": day(token.revoked_at)})
    if not token.works(at):
        return State("plain", _("Too old since %(day)s") % {"day": day(token.expires_at)})
    return State("done", _("Holds until %(day)s") % {"day": day(token.expires_at)})
