"""How a finding stands and what leads on from there: a table with no state that cannot be left. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from likvard.rulebook.kinds.supervision import Instrument, Kind
from likvard.site.cases.models import PointState
from likvard.site.cases.models.issued import SETTLED
from likvard.site.cases.states import CaseError, Text


@dataclass(frozen=True, slots=True)
class Way:
    """A way from one state of a finding to another. `reasoned` asks for a reason that everybody can read."""

    code: str
    label: Text
    start: PointState
    to: PointState
    reasoned: bool = False


_OPEN, _REPORTED, _PARTLY = PointState.OPEN, PointState.REPORTED, PointState.PARTLY
_REMAINS, _REMEDIED, _ENDED = PointState.REMAINS, PointState.REMEDIED, PointState.ENDED

UNSETTLED = (_OPEN, _REPORTED, _PARTLY, _REMAINS)
"""States in which somebody has something left to do."""

WAYS: tuple[Way, ...] = (
    *(Way("report", _("Report back"), state, _REPORTED) for state in UNSETTLED),
    *(Way("partly", _("Assess as partly remedied"), state, _PARTLY) for state in UNSETTLED),
    *(Way("remains", _("Assess as remaining"), state, _REMAINS) for state in UNSETTLED),
    *(Way("remedy", _("Close as remedied"), state, _REMEDIED, reasoned=True) for state in UNSETTLED),
    *(Way("end", _("End: nothing left to follow up"), state, _ENDED, reasoned=True) for state in UNSETTLED),
    Way("reopen", _("Open again"), _REMEDIED, _REMAINS, reasoned=True),
    Way("reopen", _("Open again"), _ENDED, _REMAINS, reasoned=True),
)
"""Every way. A new assessment or a new report-back is possible as long as the finding is not settled; what is settled can be
opened again. Only `remedy` passes the closure gate."""


def ways_from(state: str) -> tuple[Way, ...]:
    """What leads on from a state."""
    return tuple(way for way in WAYS if way.start == state)


def way(state: str, code: str) -> Way:
    """The way of a code out of a state. Raises `CaseError` if it does not lead from there."""
    for found in ways_from(state):
        if found.code == code:
            return found
    raise CaseError(
        gettext("A finding that is “%(state)s” cannot do that now.") % {"state": PointState(state).label},
        gettext("Look at how it stands."),
    )


def is_settled(state: str) -> bool:
    """Whether nothing is left to do."""
    return state in SETTLED


def is_followed_up(instrument: str, judgement: int | None, known: Mapping[str, Instrument]) -> bool:
    """Whether the organiser must do something about a finding, and somebody follows it up. `known`: the instruments in force.

    An audit's finding has no instrument; unless it is judged best (0) there is something to develop, which is reported back.
    To refrain (26 kap. 12 § skollagen) ends the matter; a duty to inform is no finding.
    """
    if not instrument:
        return bool(judgement)
    found = known.get(instrument)
    return found is not None and (found.followed_up or found.kind is Kind.SANCTION)


def awaits_answer(state: str, *, answered_since_assessed: bool) -> bool:
    """Whether the organiser is to answer: nothing has come since the decision, or since it was last told what is missing."""
    return state in (_OPEN, _PARTLY, _REMAINS) and not answered_since_assessed


def told(states: Iterable[str]) -> dict[PointState, int]:
    """How many findings stand in each state, in the order of the table, those without any left out."""
    found = list(states)
    return {state: found.count(state) for state in PointState if state in found}
