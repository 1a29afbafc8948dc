"""What the events of ratings are called in the administrator's log: what was done, never which level was given."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LOGGED: Mapping[str, Promise] = {
    "round.made": _("marking round made"),
    "round.opened": _("marking round opened"),
    "round.audit_drawn": _("sample for audit drawn"),
    "round.closed": _("marking round closed"),
    "rating.handed_out": _("organiser given to a marker"),
    "rating.taken_back": _("marking taken back from a marker"),
    "rating.marked": _("level marked"),
    "rating.evidence_added": _("evidence for a mark added"),
    "rating.evidence_dropped": _("evidence for a mark taken off"),
    "rating.handed_in": _("marking handed in"),
    "rating.sheets_opened": _("markers' sheets opened"),
    "rating.settled": _("difference between markers settled"),
    "rating.sent": _("levels sent to the organiser"),
    "rating.reply_saved": _("draft of a reply saved"),
    "rating.replied": _("organiser replied"),
    "rating.no_reply": _("noted that the organiser did not reply"),
    "rating.point_answered": _("point of a reply answered"),
    "rating.answered": _("organiser's reply answered"),
    "rating.audited": _("marking audited"),
    "report.written": _("report written or changed"),
    "report.ask": _("report sent to a second reader"),
    "report.take_back": _("report taken back from its second reader by a writer"),
    "report.send_back": _("report sent back by its second reader"),
    "report.publish": _("report published"),
    "report.correct": _("correction of a report begun"),
    "report.withdraw": _("report withdrawn"),
}
"""Every event that ratings records, by its code."""
