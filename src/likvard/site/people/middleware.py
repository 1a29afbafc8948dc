"""What every request of a signed-in person carries: who they are in the frame of the page and in the audit chain.

Also the two answers that access gives to whoever may not: sign in first, and add a second factor first.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from likvard.site.people import access
from likvard.site.people.access import Denied
from likvard.site.people.models import Membership, User
from likvard.site.people.roles import Role, Scope, needs_second_factor
from likvard.site.ui.menu import Reader

log = logging.getLogger(__name__)

Next = Callable[[HttpRequest], HttpResponse]

WITHOUT_SECOND_FACTOR = ("/konto/", "/om/", "/static/", "/healthz")
"""Where somebody may be who still has to add the second factor that their role demands."""

PROVIDERS = ("/konto/oidc/", "/konto/saml/")
"""Where identity providers are asked."""

_ROLE_TEXT = 40  # characters that the audit chain keeps of the roles


class Enter:
    """Tell who reads (`request.reader`, `user.audit_role`), and keep the door."""

    def __init__(self, answer: Next) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, after the reader is known; or the way to a second factor that is missing."""
        # Without the cookie of a session nobody is signed in, and the answer does not depend on who reads.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not isinstance(request.user, User):
            return self.answer(request)
        on = timezone.localdate(request.now)  # type: ignore[attr-defined]
        held = access.memberships(request.user, on)
        request.user.audit_role = role_text(held)
        request.user.found = (on, tuple(held))
        request.reader = reader(request.user, held)  # type: ignore[attr-defined]
        if not request.path.startswith(WITHOUT_SECOND_FACTOR) and _lacks_second_factor(request, held):
            messages.warning(request, _("Your role needs a second factor. Add one to go on."))
            return redirect("mfa_activate_totp")
        return self.answer(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Send to the sign-in page whoever may be let in after it, and tell in words of a provider that does not answer."""
        if isinstance(exception, Denied) and exception.sign_in and request.method == "GET":
            return redirect_to_login(request.get_full_path())
        if isinstance(exception, OSError) and request.path.startswith(PROVIDERS):  # every failure of the network is one
            log.warning("an identity provider does not answer: %s", exception)
            return render(request, "people/provider_silent.html", status=502)
        return None


def role_text(held: Sequence[Membership]) -> str:
    """The roles of a person in the audit chain: as many as fit, in the order of the alphabet."""
    text = ""
    for role in sorted({m.role for m in held}):
        longer = f"{text}, {role}" if text else role
        text = longer if len(longer) <= _ROLE_TEXT else text
    return text


def reader(user: User, held: Sequence[Membership]) -> Reader:
    """Who reads, for the frame of the page: by the membership whose role reaches furthest."""
    order = list(Role)
    first = max(held, key=lambda m: (m.role != Role.ADMINISTRATOR, order.index(Role(m.role)), -m.pk), default=None)
    if first is None:
        return Reader(name=str(user), place=(_("No access yet"),))
    organiser = first.organiser_id or (first.unit.organiser_id if first.unit else None) or ""
    label = str(Role(first.role).label)
    place = (label,) if first.place.scope is Scope.NATIONAL else (first.place_name, label)
    return Reader(role=first.role, name=str(user), place=place, organiser=organiser, unit=first.unit_id or "")


def _lacks_second_factor(request: HttpRequest, held: Sequence[Membership]) -> bool:
    if not settings.SECOND_FACTOR or not needs_second_factor(Role(m.role) for m in held):
        return False
    if _came_with_one(request):
        return False
    return not Authenticator.objects.filter(user_id=request.user.pk, type=Authenticator.Type.TOTP).exists()


def _came_with_one(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return settings.PROVIDER_SECOND_FACTOR and any(record["method"] == "socialaccount" for record in records)
