"""The kind of case that an inspection is: its states, who owns each, and its steps."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from likvard.site.cases.states import Kind, Move, Owner, State, StateTable, Step, Text
from likvard.site.people.roles import Role

TABLE = StateTable(
    states=(
        State("planned", _("selected, not begun"), Owner.REGISTRAR),
        State("assigned", _("shared out, the organiser not told yet"), Owner.OFFICER),
        State("noticed", _("the organiser has been told"), Owner.OFFICER),
        State("basis", _("basis being gathered"), Owner.OFFICER),
        State("visiting", _("being visited"), Owner.OFFICER),
        State("drafting", _("decision being written"), Owner.OFFICER),
        State("fact_check", _("facts being checked by the organiser"), Owner.PARTY),
        State("proposed", _("ready to be decided"), Owner.LEAD),
        State("awaiting", _("decided, waiting for the report-back"), Owner.PARTY),
        State("follow_up", _("being followed up"), Owner.OFFICER),
        State("closed", _("closed"), Owner.ARCHIVE, end=True),
        State("cancelled", _("cancelled"), Owner.ARCHIVE, end=True),
    ),
    moves=(
        Move("share_out", _("Share out"), "planned", "assigned"),
        Move("cancel", _("Cancel"), "planned", "cancelled", reasoned=True),
        Move("notify", _("Tell the organiser"), "assigned", "noticed"),
        Move("cancel", _("Cancel"), "assigned", "cancelled", reasoned=True),
        Move("gather", _("Ask for documents"), "noticed", "basis"),
        Move("cancel", _("Cancel"), "noticed", "cancelled", reasoned=True),
        Move("visit", _("Begin the visits"), "basis", "visiting"),
        Move("write", _("Write the decision without a visit"), "basis", "drafting", reasoned=True),
        Move("write", _("Write the decision"), "visiting", "drafting"),
        Move("send_draft", _("Send the draft for a check of facts"), "drafting", "fact_check"),
        Move("back", _("Go back to the draft"), "fact_check", "drafting"),
        Move("propose", _("Put forward for decision"), "drafting", "proposed"),
        Move("send_back", _("Send back for more work"), "proposed", "drafting", reasoned=True),
        Move("decide", _("Decide, and wait for the report-back"), "proposed", "awaiting"),
        Move("decide_and_close", _("Decide and close"), "proposed", "closed", reasoned=True),
        Move("reported", _("The report-back has come"), "awaiting", "follow_up"),
        Move("go_on", _("Follow up without a report-back"), "awaiting", "follow_up", reasoned=True),
        Move("ask_again", _("Ask for a new report-back"), "follow_up", "awaiting", reasoned=True),
        Move("close", _("Close"), "follow_up", "closed", reasoned=True),
    ),
)

WORDS: dict[str, Text] = {}
"""Events of supervision's own deeds, for the timeline. Each module of `actions` adds its own here, where it can be read."""

SUPERVISION = Kind(
    code="supervision",
    label=_("inspection"),
    # A demo's numbers must never be taken for the Inspectorate's own.
    series="SYN" if settings.DEMO else "SI",
    table=TABLE,
    steps=(
        Step(_("Selection and notice"), ("planned", "assigned", "noticed")),
        Step(_("Basis"), ("basis",)),
        Step(_("Visits"), ("visiting",)),
        Step(_("Draft and check of facts"), ("drafting", "fact_check")),
        Step(_("Decision"), ("proposed",)),
        Step(_("Report-back"), ("awaiting",)),
        Step(_("Follow-up and closure"), ("follow_up",)),
    ),
    openers=frozenset({Role.LEAD_INSPECTOR, Role.INSPECTOR}),
    leads=frozenset({Role.LEAD_INSPECTOR}),
    by_place=False,
    register="supervision",
    page="supervision_case",
    gate="likvard.site.supervision.gates.check",
    words=WORDS,
)

INVENTED: Mapping[str, str] = {"SYN": "SYNTETISKT – EJ ETT MYNDIGHETSBESLUT"}
"""What a document says in a series that is not the Inspectorate's."""
