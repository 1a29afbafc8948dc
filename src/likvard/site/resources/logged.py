"""What the events of allocation rounds are called in the administrator's log."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LOGGED: Mapping[str, Promise] = {
    "allocation.opened": _("allocation round opened"),
    "allocation.version_made": _("new draft of an allocation round made"),
    "allocation.sent_out": _("allocation round sent out for views"),
    "allocation.reminded": _("schools reminded of the last day for views"),
    "allocation.viewed": _("view on an allocation round given"),
    "allocation.view_answered": _("view on an allocation round answered"),
    "allocation.taken_back": _("allocation round taken back to be reworked"),
    "allocation.decided": _("allocation round decided"),
    "allocation.dropped": _("allocation round dropped"),
    "allocation.use_planned": _("use of a round's money planned"),
    "allocation.use_looked_at": _("use of money looked at: cannot be told yet, a new day set"),
    "allocation.use_settled": _("outcome of a use of money written down"),
}
"""Every event that resources records, by its code."""
