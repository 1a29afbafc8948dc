"""Who may make, use and revoke a token. `check_can_x` raises with the reason, `can_x` asks."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from likvard.site.api.models import Token
from likvard.site.api.rules import TOKENS_AT_ONCE, Scope
from likvard.site.people.access import Content, Denied, reach
from likvard.site.people.models import User


def check_can_make_token(user: User, *, reads_organiser: bool, at: datetime) -> None:
    """Raise `Denied` if the person has as many tokens as one may have, or asks for more than they reach themselves."""
    if Token.objects.filter(owner=user).in_use(at).count() >= TOKENS_AT_ONCE:
        raise Denied(_("You have %(count)s tokens in use. Revoke one first.") % {"count": TOKENS_AT_ONCE})
    if reads_organiser and not can_read_organiser(user, at=at):
        raise Denied(_("You reach no organiser's own figures, so a token cannot either."))


def can_make_token(user: User, *, reads_organiser: bool, at: datetime) -> bool:
    """Whether the person may make such a token."""
    try:
        check_can_make_token(user, reads_organiser=reads_organiser, at=at)
    except PermissionDenied:
        return False
    return True


def can_read_organiser(user: User, *, at: datetime) -> bool:
    """Whether the person reaches any organiser's own figures now."""
    return bool(reach(user, Content.FIGURES, on=timezone.localdate(at)))


def check_can_revoke_token(user: User, token: Token) -> None:
    """Raise `Denied` unless the token is the person's own."""
    if token.owner_id != user.pk:
        raise Denied(_("The token belongs to somebody else."))


def check_can_use(token: Token | None, scope: Scope) -> None:
    """Raise `Denied` unless there is a token with this scope."""
    if token is None:
        raise Denied(_("A token is needed to read this."), sign_in=True)
    if scope not in token.scopes:
        raise Denied(_("The token has no right to %(scope)s.") % {"scope": scope.value})
