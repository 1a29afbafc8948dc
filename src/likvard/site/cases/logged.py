"""What the events of matters are called in the administrator's log: what was done, never what the matter is about."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LOGGED: Mapping[str, Promise] = {
    "case.opened": _("matter opened"),
    "case.read": _("matter read"),
    "case.refused": _("matter refused"),
    "case.moved": _("matter moved on to its next state"),
    "case.closed": _("matter closed"),
    "case.shared_out": _("somebody made responsible for the matter"),
    "case.opened_to": _("matter opened to somebody"),
    "case.closed_to": _("matter closed to somebody"),
    "case.excluded": _("somebody kept out of the matter"),
    "case.exclusion_ended": _("somebody no longer kept out of the matter"),
    "case.corrected": _("title or secrecy of the matter corrected"),
    "case.linked": _("matter tied to another"),
    "case.made_unreachable": _("matter made unreachable when its time had run out"),
    "case.clock_started": _("clock started"),
    "case.clock_paused": _("clock paused"),
    "case.clock_resumed": _("clock let go on"),
    "case.clock_met": _("duty of a clock done"),
    "case.clock_stopped": _("clock stopped"),
    "case.clock_warned": _("warning sent of a clock"),
    "case.document_attached": _("document attached"),
    "case.document_read": _("a document was read"),
    "case.message_sent": _("message sent"),
    "case.message_read": _("message read"),
    "case.issued": _("document issued and signed"),
    "case.happened": _("what has happened told publicly"),
    "letter.settled": _("letter looked after that was perhaps sent"),
}
"""Every event that cases records, by its code."""
