"""What the events of insight are called in the administrator's log."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LOGGED: Mapping[str, Promise] = {
    "figures.read": _("figures read"),
    "figures.taken": _("figures downloaded"),
    "group.kept": _("group to compare with kept"),
    "group.changed": _("group to compare with changed"),
    "group.ended": _("group to compare with taken away"),
}
"""Every event that insight records, by its code."""
