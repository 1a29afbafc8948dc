"""What events are called in the log, and on the page of an account: those of people here, those of others by their apps."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from django.apps import apps
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

EVENTS: Mapping[str, Promise] = {
    "account.made": _("account made"),
    "account.details_changed": _("name or language changed"),
    "account.closed": _("account closed"),
    "account.opened": _("account opened"),
    "account.signed_in": _("signed in"),
    "account.signed_out": _("signed out"),
    "account.signed_out_elsewhere": _("signed out everywhere else"),
    "account.sign_in_failed": _("sign-in failed"),
    "account.locked_out": _("locked out after too many attempts"),
    "account.password_changed": _("password changed"),
    "account.password_reset": _("password changed by a link"),
    "account.second_factor_added": _("second factor added"),
    "account.second_factor_removed": _("second factor removed"),
    "account.second_factor_reset": _("lost second factor taken away"),
    "account.second_factor_failed": _("wrong code for the second factor"),
    "account.recovery_codes_made": _("new recovery codes made"),
    "account.provider_connected": _("tied to the organisation's sign-in"),
    "membership.given": _("role given"),
    "membership.ended": _("role ended"),
    "invitation.sent": _("invitation sent"),
    "invitation.accepted": _("invitation accepted"),
    "invitation.withdrawn": _("invitation withdrawn"),
    "audit.read": _("log read"),
    "register.synced": _("register of units read"),
}
"""Every event that people records, by its code."""


@cache
def _words() -> Mapping[str, Promise]:
    """What the events of every app are called; each app names its own words as `events` in its `apps.py`."""
    paths = [app.events for app in apps.get_app_configs() if hasattr(app, "events")]
    return {code: words for path in paths for code, words in import_string(path).items()}


def said(code: str) -> str:
    """What an event is called in the log. One that no app has any more is shown by its code: the chain keeps it for ever."""
    return str(_words().get(code, code))
