"""What the events of an account are called on the pages."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
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
    "case.read": _("matter read"),
    "case.refused": _("matter refused"),
    "figures.read": _("figures read"),
    "figures.taken": _("figures downloaded"),
    "uniformity.read": _("the comparison of departments and inspectors read"),
    "register.synced": _("register of units read"),
}
"""Every event that people records, and the reads that others record. What is not here is shown by its code."""
