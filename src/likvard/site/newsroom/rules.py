"""The way of a decision from the desk to everybody, and the addresses it gets. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from likvard.site.cases.states import CaseError, Move, Owner, State, StateTable, Text

DESK = Owner.OFFICER
"""Whoever keeps the register of what is published."""

TABLE = StateTable(
    states=(
        State("draft", _("being prepared"), DESK),
        State("reading", _("waits for a second reader"), Owner.LEAD),
        State("published", _("published"), DESK),
        State("revising", _("published; a correction is being prepared"), DESK),
        State("rereading", _("published; a correction waits for a second reader"), Owner.LEAD),
        State("withdrawn", _("withdrawn"), DESK),
        State("refused", _("not to be published"), Owner.ARCHIVE, end=True),
    ),
    moves=(
        Move("ask", _("Send to a second reader"), "draft", "reading"),
        Move("refuse", _("Do not publish"), "draft", "refused", reasoned=True),
        Move("send_back", _("Send back"), "reading", "draft", reasoned=True),
        Move("publish", _("Publish now"), "reading", "published"),
        Move("correct", _("Prepare a correction"), "published", "revising", reasoned=True),
        Move("ask", _("Send to a second reader"), "revising", "rereading"),
        Move("drop", _("Drop the correction"), "revising", "published", reasoned=True),
        Move("send_back", _("Send back"), "rereading", "revising", reasoned=True),
        Move("publish", _("Publish the correction now"), "rereading", "published"),
        Move("withdraw", pgettext_lazy("decision", "Withdraw"), "published", "withdrawn", reasoned=True),
        Move("withdraw", pgettext_lazy("decision", "Withdraw"), "revising", "withdrawn", reasoned=True),
        Move("withdraw", pgettext_lazy("decision", "Withdraw"), "rereading", "withdrawn", reasoned=True),
        Move("again", _("Prepare it again"), "withdrawn", "draft", reasoned=True),
    ),
)
"""How a decision, and a press release, comes to be published, corrected and withdrawn."""

SHOWN = frozenset({"published", "revising", "rereading"})
"""States in which the last version that was published stands open to everybody."""

WORKED_ON = frozenset({"draft", "revising"})
"""States in which the desk may change masks, title, address and tags."""

READ_AGAIN = frozenset({"reading", "rereading"})
"""States in which a second reader decides."""

DONE: dict[str, Text] = {
    "prepare": _("began to prepare it"),
    "ask": _("sent it to a second reader"),
    "refuse": _("decided not to publish it"),
    "send_back": _("sent it back"),
    "publish": _("read and published it"),
    "correct": _("began a correction"),
    "drop": _("dropped the correction"),
    "withdraw": _("withdrew it"),
    "again": _("began to prepare it again"),
}
"""What was done by each move."""


def said(code: str) -> Text:
    """What was done by a move."""
    return DONE[code]


_ADDRESS = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*-(?:19|20)\d{2}(?:-\d{1,4})?")
_LETTERS = str.maketrans({"å": "a", "ä": "a", "ö": "o", "é": "e", "ü": "u", "ø": "o", "æ": "ae"})
_LEGAL_FORMS = re.compile(r"\b(?:ab|aktiebolag|ekonomisk förening|handelsbolag|stiftelsen|svb)\b")
LONGEST = 80
"""Letters of an address: mails and papers break longer ones."""


def folded(text: str) -> str:
    """A text as it stands in an address: `Botkyrka kommun` is `botkyrka-kommun`."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")


def tidy(name: str) -> str:
    """A word to find something by, as it is kept: small letters, single blanks, at most 60 letters."""
    return " ".join(name.lower().split())[:60]


def tag_slug(name: str) -> str:
    """The address of such a word."""
    return folded(name)[:60]


def proposed_slug(place: str, decided: date, is_taken: Callable[[str], bool]) -> str:
    """A free address after the pattern `botkyrka-2013`: the place without its legal form, and the year.

    A taken one gets the next number from 2: the first decision keeps the short address.
    """
    short = folded(_LEGAL_FORMS.sub(" ", place.casefold())) or folded(place) or "beslut"
    base = f"{short[: LONGEST - 10].strip('-')}-{decided.year}"
    if not is_taken(base):
        return base
    number = 2
    while is_taken(f"{base}-{number}"):
        number += 1
    return f"{base}-{number}"


def check_slug(slug: str) -> str:
    """The address, if it can be one. Raises `CaseError` with the pattern."""
    if len(slug) > LONGEST or not _ADDRESS.fullmatch(slug):
        raise CaseError(
            str(_("An address has small letters a to z, digits and hyphens, and ends with a year.")),
            str(_("Write it as botkyrka-2013.")),
        )
    return slug


TAGS = {
    "unit.teaching": ("undervisning",),
    "unit.support": ("särskilt stöd",),
    "unit.grading": ("betyg",),
    "unit.safety": ("trygghet och studiero", "kränkande behandling"),
    "unit.conditions": ("elevhälsa",),
    "unit.steering": ("rektors ledarskap",),
    "organiser.conditions": ("resursfördelning",),
    "organiser.development": ("systematiskt kvalitetsarbete",),
    "organiser.suitability": ("ägar- och ledningsprövning",),
    "audit.leadership": ("rektors ledarskap",),
    "audit.teaching": ("undervisning",),
    "audit.safety": ("trygghet och studiero",),
    "audit.grading": ("betyg",),
    "audit.analysis": ("systematiskt kvalitetsarbete",),
    "audit.compensation": ("kompensatoriskt arbete",),
}
"""Words that a decision is given to begin with, by the areas of its points. The desk changes them."""
