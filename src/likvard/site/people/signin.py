"""Sign-in: what django-allauth does, as this site wants it; each step leaves an event in the audit chain.

No network address goes into the chain, which nobody can shorten: it stands in the server's log and in the list of sessions.
"""

from __future__ import annotations

import base64
import logging
from hashlib import sha256
from typing import Any

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from likvard.site.people import actions
from likvard.site.people.models import User

log = logging.getLogger(__name__)

_LOCKED_FOR = 15 * 60  # seconds; the longest of the limits on failed sign-ins in settings.ACCOUNT_RATE_LIMITS

_NOTED = {
    "account/email/password_changed": "account.password_changed",
    "account/email/password_reset": "account.password_reset",
    "account/email/password_set": "account.password_changed",
    "mfa/email/totp_activated": "account.second_factor_added",
    "mfa/email/totp_deactivated": "account.second_factor_removed",
    "mfa/email/recovery_codes_generated": "account.recovery_codes_made",
    "socialaccount/email/account_connected": "account.provider_connected",
}
"""Every change of how somebody signs in is told to them by a message; what it is called in the audit chain."""


class AccountAdapter(DefaultAccountAdapter):
    """Accounts of the site's own."""

    error_messages = {  # noqa: RUF012 - the base class's name for it
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail address or the password is wrong."),
        "enter_current_password": _("Write your present password."),
        "incorrect_password": _("The password is wrong."),
        "incorrect_code": _("The code is wrong or has been used. Wait for the next one and try again."),
        "invalid_password_reset": _("This link has been used or is too old. Ask for a new one."),
        "too_many_login_attempts": _("Too many attempts. Wait a quarter of an hour, or choose a new password."),
        "rate_limited": _("Too many attempts. Wait a while and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts come from invitations and from identity providers, never from a form that is open to all."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse further attempts after too many that failed; note the first refusal in each period."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            email = str(credentials.get("email", "")).lower()
            log.warning("locked out from %s", self.get_client_ip(request))
            if cache.add(f"locked:{sha256(email.encode()).hexdigest()}", "", _LOCKED_FOR):
                self._note_refused(request, email, "account.locked_out")
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Note a refused sign-in. What was written in the field is not kept: people write passwords there."""
        log.warning("sign-in failed from %s", self.get_client_ip(request))
        self._note_refused(request, str(credentials.get("email", "")), "account.sign_in_failed")

    def _note_refused(self, request: HttpRequest, email: str, what: str) -> None:
        user = User.objects.filter(email=email.strip().lower()).first()
        subject = actions.about(user) if user else ""
        actions.note(actor=None, subject=subject, what=what, at=_now(request))

    def reauthenticate(self, user: User, password: str) -> bool:
        """Whether this is the person's password; counts as an attempt to sign in."""
        found = self.authenticate(self.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether the person must show once more who they are: not if they did, or signed in, a moment ago."""
        records = get_authentication_records(self.request, self.request.user)
        newest = max((record["at"] for record in records), default=0.0)
        return bool(_now(self.request).timestamp() - newest >= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign somebody in and note how."""
        how = [str(record["method"]) for record in get_authentication_records(request, user)]
        super().login(request, user)
        actions.note(
            actor=user, subject=actions.about(user), what="account.signed_in", at=_now(request), data={"by": how}
        )

    def logout(self, request: HttpRequest) -> None:
        """Sign somebody out and note it."""
        user = request.user
        super().logout(request)
        if isinstance(user, User):
            actions.note(actor=user, subject=actions.about(user), what="account.signed_out", at=_now(request))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The first page of the person's role."""
        return reverse("people_start")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """The person's own page."""
        return reverse("people_account")

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell somebody that the way they sign in has changed, and note it."""
        what = _NOTED.get(template_prefix)
        if what:
            actions.note(actor=user, subject=actions.about(user), what=what, at=_now(self.request))
        with translation.override(user.language):
            super().send_notification_mail(template_prefix, user, context, email or user.email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a message in the language of whoever gets it."""
        user = context.get("user")
        with translation.override(user.language if isinstance(user, User) else translation.get_language()):
            super().send_mail(template_prefix, email, context)

    def format_email_subject(self, subject: str) -> str:
        """Subjects begin with the site's name."""
        return f"Likvärd: {subject}"


def _now(request: HttpRequest) -> Any:
    return request.now  # type: ignore[attr-defined]


class ProviderAdapter(DefaultSocialAccountAdapter):
    """People who come from an identity provider. They get an account without any membership, and so no access."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Whoever the provider vouches for has an account; what they see is decided by memberships."""
        return True

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        """Take the address and the name from what the provider tells."""
        user: User = sociallogin.user
        parts = " ".join(str(data.get(key) or "") for key in ("first_name", "last_name")).strip()
        user.email = str(data.get("email") or "").strip().lower()
        user.name = str(data.get("name") or parts or user.email)[:150]
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Stop whoever comes without an address, or with one whose account the provider does not answer for."""
        # What else the provider tells about the person is not needed here and is not kept.
        sociallogin.account.extra_data = {}
        if sociallogin.is_existing:
            return
        if not sociallogin.user.email:
            raise ImmediateHttpResponse(_stop(request, "people/no_address.html"))
        if User.objects.filter(email=sociallogin.user.email).exists():
            raise ImmediateHttpResponse(_stop(request, "people/address_taken.html"))

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        """Whether the provider answers for the address, so that it opens the account that has it."""
        app = login.provider.app
        return bool(app) and email.rpartition("@")[2].lower() in app.settings.get("email_domains", [])

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """Make the account and note it."""
        user: User = super().save_user(request, sociallogin, form)
        data = {"email": user.email, "provider": sociallogin.account.provider}
        actions.note(actor=user, subject=actions.about(user), what="account.made", at=_now(request), data=data)
        return user

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """Note that a sign-in through a provider failed; the reason goes to the server's log."""
        log.warning("sign-in through %s failed: %s %s %s", provider.id, error, exception, extra_context)
        actions.note(
            actor=None, subject="", what="account.sign_in_failed", at=_now(request), data={"provider": provider.id}
        )


def _stop(request: HttpRequest, template: str) -> HttpResponse:
    return render(request, template, status=403)


class SecondFactorAdapter(DefaultMFAAdapter):
    """The second factor: its secrets are encrypted under the site's key, so that a copy of the database gives none away."""

    error_messages = {  # noqa: RUF012 - the base class's name for it
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
    }

    def build_totp_svg(self, url: str) -> str:
        """The picture that an app reads, dark on white also where the page is dark."""
        return str(qrcode.make(url, image_factory=SvgPathFillImage).to_string(encoding="unicode"))

    def encrypt(self, text: str) -> str:
        """The text under the site's key."""
        return _keys().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """The text again; also from under an earlier key of SECRET_KEY_FALLBACKS."""
        return _keys().decrypt(encrypted_text.encode("ascii")).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """A person may exchange the app for another; what their role demands is asked for at the next page."""
        return True


def _keys() -> MultiFernet:
    keys = [settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(sha256(f"second factor {k}".encode()).digest())) for k in keys])
