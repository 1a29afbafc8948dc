"""The way of a round, of the rating of one organiser in it, and of the report on it. Pure tables.

First mark, right of reply, audit: the order of the Council Climate Action Scorecards (mySociety's ceuk-marking), with two first
markers who do not see one another, and what differs between them settled with a reason before the organiser is asked.
"""

from __future__ import annotations

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from likvard.site.cases.states import Move, Owner, State, StateTable, Text

ROUND = StateTable(
    states=(
        State("preparing", _("being prepared"), Owner.LEAD),
        State("open", _("under way"), Owner.OFFICER),
        State("closed", pgettext_lazy("round", "closed"), Owner.ARCHIVE, end=True),
    ),
    moves=(
        Move("open", _("Open the round"), "preparing", "open", reasoned=True),
        Move("close", _("Close the round"), "open", "closed", reasoned=True),
    ),
)

RATING = StateTable(
    states=(
        State("marking", _("being marked"), Owner.OFFICER),
        State("settling", _("differences are being settled"), Owner.OFFICER),
        State("reply", _("the organiser may reply"), Owner.PARTY),
        State("answering", _("the reply is being answered"), Owner.OFFICER),
        State("ready", _("ready"), Owner.LEAD),
        State("audit", _("being audited"), Owner.OFFICER),
        State("closed", pgettext_lazy("round", "closed"), Owner.ARCHIVE, end=True),
    ),
    moves=(
        Move("both_marked", _("Both have marked"), "marking", "settling"),
        Move("mark_again", _("Mark again"), "settling", "marking", reasoned=True),
        Move("send", _("Send to the organiser"), "settling", "reply"),
        Move("reply", _("Hand in the reply"), "reply", "answering"),
        Move("no_reply", _("Go on without a reply"), "reply", "ready"),
        Move("answer", _("Answer the reply"), "answering", "ready"),
        Move("draw", _("Draw for audit"), "ready", "audit"),
        Move("audited", _("Audited"), "audit", "ready"),
        Move("ask_again", _("Ask the organiser of what the audit changed"), "audit", "reply"),
        Move("close", _("Close"), "ready", "closed"),
    ),
)

SEEN_BY_ORGANISER = frozenset({"reply", "answering", "ready", "audit", "closed"})
"""States in which the organiser reads the levels with their grounds."""

_LEAD, _PRESS = Owner.LEAD, Owner.OFFICER

REPORT = StateTable(
    states=(
        State("draft", _("being written"), _PRESS),
        State("reading", _("waits for a second reader"), _LEAD),
        State("published", pgettext_lazy("report", "published"), _PRESS),
        State("revising", pgettext_lazy("report", "published; a correction is being prepared"), _PRESS),
        State("rereading", pgettext_lazy("report", "published; a correction waits for a second reader"), _LEAD),
        State("withdrawn", _("withdrawn"), Owner.ARCHIVE, end=True),
    ),
    moves=(
        Move("ask", _("Send to a second reader"), "draft", "reading"),
        Move("take_back", _("Take back"), "reading", "draft", reasoned=True),
        Move("send_back", _("Send back"), "reading", "draft", reasoned=True),
        Move("publish", _("Publish now"), "reading", "published"),
        Move("correct", _("Prepare a correction"), "published", "revising", reasoned=True),
        Move("ask", _("Send to a second reader"), "revising", "rereading"),
        Move("take_back", _("Take back"), "rereading", "revising", reasoned=True),
        Move("send_back", _("Send back"), "rereading", "revising", reasoned=True),
        Move("publish", _("Publish the correction now"), "rereading", "published"),
        Move("withdraw", _("Withdraw the report"), "published", "withdrawn", reasoned=True),
    ),
)

WROTE = ("write", _("Write the text"))
"""The step that a person takes by writing, which leads nowhere: it says whose text a report is."""

SHOWN = frozenset({"published", "revising", "rereading"})
"""States in which the last published version of a report is open to everybody."""

WRITTEN_ON = frozenset({"draft", "revising"})
"""States in which the text of a report may be changed."""


class Part(TextChoices):
    """What a marker's sheet is for."""

    FIRST = "first", _("first marker")
    SECOND = "second", _("second marker")
    AUDIT = "audit", _("audit")


BLIND = (Part.FIRST, Part.SECOND)
"""The two who mark without seeing one another."""


class How(TextChoices):
    """How a level came to stand."""

    AGREED = "agreed", _("both markers chose it")
    SETTLED = "settled", _("settled between the markers")
    REPLY = "reply", _("after the organiser's reply")
    AUDIT = "audit", _("after the audit")


class Level(StrEnum):
    """The choices of a marker; `none` is that it cannot be judged on what is known."""

    LOW = "0"
    SOME = "1"
    HIGH = "2"
    NONE = "none"


def level_of(value: str) -> int | None:
    """The level of a choice: 0, 1, 2 or None."""
    return None if value == Level.NONE else int(Level(value))


def choice_of(level: int | None) -> str:
    """The choice of a level."""
    return Level.NONE.value if level is None else Level(str(level)).value


CANNOT: Text = _("Cannot be judged on what is known")
"""What a marker says who has too little to go by; the levels themselves are named by the rubric."""
