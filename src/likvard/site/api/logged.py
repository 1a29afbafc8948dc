"""What the events of tokens are called in the administrator's log."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LOGGED: Mapping[str, Promise] = {
    "token.made": _("token for programs made"),
    "token.revoked": _("token for programs revoked"),
}
"""Every event that api records, by its code."""
