"""What has happened in a case, in words: the events of the chain as points on a timeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from likvard.figures import formats
from likvard.site.audit.models import Event
from likvard.site.cases.states import CaseError, Kind, Text
from likvard.site.cases.timing import day_of, duty_name
from likvard.site.people.roles import Role
from likvard.site.ui.components import Happening
from likvard.site.ui.language import current

WORDS: Mapping[str, Text] = {
    "case.opened": _("The matter was opened"),
    "case.read": _("The matter was read"),
    "case.refused": _("Somebody without access tried to open the matter"),
    "case.moved": _("%(move)s: now **%(to)s**"),
    "case.closed": _("The matter was closed: **%(to)s**"),
    "case.shared_out": _("**%(name)s** became responsible"),
    "case.opened_to": _("The matter was opened to **%(name)s**"),
    "case.closed_to": _("The matter was closed to **%(name)s**"),
    "case.excluded": _("**%(name)s** was excluded"),
    "case.exclusion_ended": _("**%(name)s** is no longer excluded"),
    "case.corrected": _("The title or the secrecy was corrected"),
    "case.linked": _("The matter was tied to **%(to)s**"),
    "case.made_unreachable": _("The matter was made unreachable: its time had run out"),
    "case.clock_started": _("A clock was started: **%(name)s**"),
    "case.clock_paused": _("The clock for **%(name)s** was paused"),
    "case.clock_resumed": _("The clock for **%(name)s** goes on, now due %(due)s"),
    "case.clock_met": _("Done: **%(name)s**"),
    "case.clock_stopped": _("The clock for **%(name)s** was stopped"),
    "case.clock_warned": _("A warning was sent: **%(name)s**, due %(due)s"),
    "case.document_attached": _("A document was attached: **%(title)s**, version %(version)s"),
    "case.document_read": _("A document was read"),
    "case.message_sent": _("A message was sent"),
    "case.message_read": _("A message was read"),
    "case.issued": _("A document was issued and signed"),
    "case.happened": _("What has happened was told publicly"),
    "letter.settled": _("A letter that was perhaps sent was looked after"),
}
"""Every event of a case, by its code. A test holds that each action's is here."""

DAYS = frozenset({"due", "on", "day"})
"""Values of events that are days."""

FOR_LEADS = frozenset({"case.refused"})
READS = frozenset({"case.read", "case.document_read", "case.message_read"})


def happenings(events: Iterable[Event], kind: Kind, *, leads: bool) -> list[Happening]:
    """The events as points, in the order given; what one person read on one day is one point."""
    shown = [event for event in events if leads or event.what not in FOR_LEADS]
    found = []
    for _key, group in groupby(shown, key=_together):
        same = list(group)
        found.append(Happening(what=_what(same, kind), when=same[0].at, note=_note(same[0])))
    return found


def _together(event: Event) -> tuple[object, ...]:
    if event.what in READS:
        return (event.what, event.actor, event.reason, day_of(event.at))
    return (event.seq,)


def _what(events: list[Event], kind: Kind) -> str:
    first = events[0]
    text = str(WORDS.get(first.what) or kind.words.get(first.what, first.what)) % _Named(_values(first, kind))
    if len(events) == 1:
        return text
    times = ngettext("%(count)s time", "%(count)s times", len(events)) % {"count": len(events)}
    return f"{text}, {times}"


class _Named(dict[str, Any]):
    """Values of an event; one that is not there leaves a gap rather than an error."""

    def __missing__(self, key: str) -> str:
        return "…"


def _values(event: Event, kind: Kind) -> dict[str, Any]:
    values = {name: value for name, value in event.values.items() if value is not None}
    if values.get("duty") and not values.get("name"):
        values["name"] = duty_name(values["duty"], date.fromisoformat(values["started"]), current())
    for name in DAYS & values.keys():
        values[name] = formats.day(date.fromisoformat(values[name]), current())
    if event.what in ("case.moved", "case.closed"):
        values["move"] = _label(kind, values)
        values["to"] = _state(kind, str(values.get("to")))
    return values


def _label(kind: Kind, values: Mapping[str, Any]) -> str:
    ways = [way for way in kind.table.moves if (way.code, way.start) == (values.get("move"), values.get("from"))]
    return str(ways[0].label) if ways else str(values.get("move"))


def _state(kind: Kind, code: str) -> str:
    try:
        return str(kind.table.state(code).label)
    except CaseError:
        return code


def _note(event: Event) -> str:
    who = event.actor_name or gettext("the system")
    role = f" ({Role(event.role).label.lower()})" if event.role in Role.values else ""
    # That a matter was handed to somebody is no news to them; what they said themselves is.
    said = event.reason if event.values.get("stated", True) else ""
    return f"{who}{role}. {said}" if said else f"{who}{role}"
