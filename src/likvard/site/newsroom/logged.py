"""What the events of the newsroom are called in the administrator's log: what was done, never what is hidden."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LOGGED: Mapping[str, Promise] = {
    "newsroom.prepared": _("publication of a decision begun"),
    "newsroom.described": _("title, address or words of a decision changed"),
    "newsroom.original_read": _("decision read before anything is hidden"),
    "newsroom.masked": _("passage of a decision hidden"),
    "newsroom.unmasked": _("passage of a decision shown again"),
    "newsroom.text_released": _("words about a happening released"),
    "newsroom.asked": _("decision sent to a second reader"),
    "newsroom.refused": _("decision not to be published"),
    "newsroom.sent_back": _("decision sent back by its second reader"),
    "newsroom.published": _("decision published"),
    "newsroom.correcting": _("correction of a decision begun"),
    "newsroom.correction_dropped": _("correction of a decision dropped"),
    "newsroom.withdrawn": _("published decision withdrawn"),
    "newsroom.preparing_again": _("withdrawn decision prepared again"),
    "newsroom.release_written": _("press release written"),
    "newsroom.release_rewritten": _("press release changed"),
    "newsroom.release_asked": _("press release sent to a second reader"),
    "newsroom.release_refused": _("press release not to be published"),
    "newsroom.release_sent_back": _("press release sent back by its second reader"),
    "newsroom.release_published": _("press release published"),
    "newsroom.release_correcting": _("correction of a press release begun"),
    "newsroom.release_correction_dropped": _("correction of a press release dropped"),
    "newsroom.release_withdrawn": _("press release withdrawn"),
    "newsroom.release_preparing_again": _("withdrawn press release prepared again"),
    "newsroom.contact_kept": _("contact for journalists kept"),
}
"""Every event that newsroom records, by its code."""
