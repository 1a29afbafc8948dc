"""Cases and what hangs on them. Nothing here is ever deleted: it is closed, ended, corrected or made unreachable."""

from likvard.site.cases.models.case import BY_HAND, Case, Exclusion, Participant, Retention, Secrecy, Series
from likvard.site.cases.models.clock import Clock, ClockPause, clocks_by_urgency
from likvard.site.cases.models.document import CaseLink, Document, DocumentVersion, LinkType, Message, Scan
from likvard.site.cases.models.issued import (
    SETTLED,
    Issued,
    IssuedHappening,
    IssuedKind,
    IssuedPoint,
    PointState,
    Seen,
)
from likvard.site.cases.models.measure import Measure
from likvard.site.cases.models.outgoing import Outgoing

__all__ = [
    "BY_HAND",
    "SETTLED",
    "Case",
    "CaseLink",
    "Clock",
    "ClockPause",
    "Document",
    "DocumentVersion",
    "Exclusion",
    "Issued",
    "IssuedHappening",
    "IssuedKind",
    "IssuedPoint",
    "LinkType",
    "Measure",
    "Message",
    "Outgoing",
    "Participant",
    "PointState",
    "Retention",
    "Scan",
    "Secrecy",
    "Seen",
    "Series",
    "clocks_by_urgency",
]
