"""The kinds of case that the site has, and the one that every site has: a plain matter."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from likvard.site.cases.states import CaseError, Kind, Move, Owner, State, StateTable, Step
from likvard.site.people.roles import Role

TABLE = StateTable(
    states=(
        State("received", _("received"), Owner.REGISTRAR),
        State("assigned", _("shared out"), Owner.OFFICER),
        State("under_way", _("being investigated"), Owner.OFFICER),
        State("waiting", _("waiting for an answer"), Owner.PARTY),
        State("proposed", _("ready to be decided"), Owner.LEAD),
        State("follow_up", _("being followed up"), Owner.OFFICER),
        State("closed", _("closed"), Owner.ARCHIVE, end=True),
        State("handed_over", _("handed over to another authority"), Owner.ARCHIVE, end=True),
    ),
    moves=(
        Move("share_out", _("Share out"), "received", "assigned"),
        Move("hand_over", _("Hand over to another authority"), "received", "handed_over", reasoned=True),
        Move("begin", _("Begin to investigate"), "assigned", "under_way"),
        Move("give_back", _("Give back"), "assigned", "received", reasoned=True),
        Move("ask", _("Ask for an answer"), "under_way", "waiting"),
        Move("answered", _("The answer has come"), "waiting", "under_way"),
        Move("go_on", _("Go on without an answer"), "waiting", "under_way", reasoned=True),
        Move("propose", _("Put forward for decision"), "under_way", "proposed"),
        Move("hand_over", _("Hand over to another authority"), "under_way", "handed_over", reasoned=True),
        Move("send_back", _("Send back for more work"), "proposed", "under_way", reasoned=True),
        Move("follow", _("Decide, and follow up"), "proposed", "follow_up", reasoned=True),
        Move("close", _("Decide and close"), "proposed", "closed", reasoned=True),
        Move("reopen", _("Investigate again"), "follow_up", "under_way", reasoned=True),
        Move("close", _("Close"), "follow_up", "closed", reasoned=True),
    ),
)

MATTER = Kind(
    code="matter",
    label=_("matter"),
    series="LV",
    table=TABLE,
    steps=(
        Step(_("Received and shared out"), ("received", "assigned")),
        Step(_("Investigation"), ("under_way", "waiting")),
        Step(_("Decision"), ("proposed",)),
        Step(_("Follow-up"), ("follow_up",)),
    ),
    openers=frozenset({Role.PRINCIPAL, Role.ORGANISER_HEAD, Role.QUALITY_MANAGER, Role.LEAD_INSPECTOR, Role.INSPECTOR}),
    leads=frozenset({Role.ORGANISER_HEAD, Role.LEAD_INSPECTOR}),
    parties=frozenset({Role.PRINCIPAL, Role.ORGANISER_HEAD}),
)


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind of case of this site by its code, as `settings.CASE_KINDS` names them."""
    found = [import_string(path) for path in settings.CASE_KINDS]
    if len({kind.series for kind in found}) < len(found) or len({kind.code for kind in found}) < len(found):
        raise CaseError("Two kinds of case share a code or a series.", "Give each its own.")
    return {kind.code: kind for kind in found}


def kind_of(code: str) -> Kind:
    """The kind of a code. Raises `CaseError` if this site has none."""
    try:
        return kinds()[code]
    except KeyError:
        raise CaseError(f"There is no kind of case {code!r} here.", "Add it to CASE_KINDS.") from None
