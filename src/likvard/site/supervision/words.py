"""What the events after the decision are called on the timeline, and what the letters say: that something waits, never what."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from likvard.site.cases.states import Text
from likvard.site.supervision.kinds import WORDS

EVENTS: Mapping[str, Text] = {
    "supervision.received": _("The organiser confirmed that it has the decision"),
    "supervision.answer_saved": _("The organiser saved a draft of its answer to finding %(finding)s"),
    "supervision.evidence_added": _("Evidence was added to finding %(finding)s: **%(title)s**"),
    "supervision.evidence_withdrawn": _("Evidence was taken out of a draft for finding %(finding)s: **%(title)s**"),
    "supervision.reported": _("**The organiser reported back** on %(count)s findings"),
    "supervision.time_asked": _("The organiser asked for more time, until %(due)s"),
    "supervision.time_granted": _("More time was granted, until %(due)s"),
    "supervision.time_refused": _("More time was refused"),
    "supervision.asked_again": _("The organiser was asked to report back once more"),
    "supervision.assessed_remedied": _("Finding %(finding)s was assessed: **remedied**"),
    "supervision.assessed_partly": _("Finding %(finding)s was assessed: **partly remedied**"),
    "supervision.assessed_remains": _("Finding %(finding)s was assessed: **it remains**"),
    "supervision.closing_proposed": _("It was proposed to close finding %(finding)s"),
    "supervision.closing_sent_back": _("The proposal to close finding %(finding)s was sent back"),
    "supervision.finding_closed": _("**Finding %(finding)s was closed as remedied**"),
    "supervision.finding_reopened": _("Finding %(finding)s was opened again"),
    "supervision.finding_ended": _("Finding %(finding)s was ended"),
    "supervision.step_considered": _("The next step about finding %(finding)s is being considered"),
    "supervision.step_injunction": _("Finding %(finding)s was taken further: **injunction**"),
    "supervision.step_fine": _("Finding %(finding)s was taken further: **injunction with a fine**"),
    "supervision.step_court": _("Finding %(finding)s was taken further: **the court is asked to impose the fine**"),
    "supervision.step_sanction": _("Finding %(finding)s was taken further: **sanction**"),
    "supervision.step_ended": _("A step about finding %(finding)s was lifted or ended"),
    "supervision.appealed": _("The decision was appealed"),
    "supervision.appeal_ended": _("The court has spoken on the appeal"),
    "supervision.legal_force": _("The decision gained legal force"),
}
"""Every event after the signed decision, by its code."""

WORDS |= EVENTS

LETTERS: Mapping[str, tuple[Text, Text]] = {
    "receipt": (
        _("%(dnr)s: your report-back has come in"),
        _("We have your report-back in %(dnr)s.\n\nThe receipt, and what happens next: %(address)s\n"),
    ),
    "reported": (
        _("%(dnr)s: a report-back has come in"),
        _("A report-back has come in, in %(dnr)s.\n\nRead it here: %(address)s\n"),
    ),
    "time_asked": (
        _("%(dnr)s: the organiser asks for more time"),
        _("The organiser asks for more time in %(dnr)s.\n\nAnswer it here: %(address)s\n"),
    ),
    "time_answered": (
        _("%(dnr)s: about more time"),
        _("Your request for more time in %(dnr)s has been answered.\n\nRead it here: %(address)s\n"),
    ),
    "asked_again": (
        _("%(dnr)s: report back once more"),
        _("The Inspectorate asks you to report back once more in %(dnr)s.\n\nRead it here: %(address)s\n"),
    ),
    "news": (
        _("%(dnr)s: something has happened"),
        _("Something has happened in %(dnr)s.\n\nRead it here: %(address)s\n"),
    ),
    "to_read": (
        _("%(dnr)s: a second pair of eyes is needed"),
        _(
            "A proposal to close a finding in %(dnr)s waits to be read by a second person.\n\nRead it here: %(address)s\n"
        ),
    ),
}
"""Letters by their code: subject and text, with `dnr` and `address`."""
