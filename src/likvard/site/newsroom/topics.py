"""What a subscription is about, and what a piece of news is about: the same words, so that one is found by the other. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from likvard.site.cases.states import CaseError


class About(StrEnum):
    """Kinds of topic."""

    REGISTER = "register"
    ORGANISER = "organiser"
    UNIT = "unit"
    MUNICIPALITY = "municipality"
    AREA = "area"
    TAG = "tag"
    CASE = "case"


_KEYS = {
    About.REGISTER: re.compile(r""),
    About.ORGANISER: re.compile(r"\d{10}"),
    About.UNIT: re.compile(r"\d{8}"),
    About.MUNICIPALITY: re.compile(r"\d{4}"),
    About.AREA: re.compile(r"[a-z0-9_.]{1,60}"),
    About.TAG: re.compile(r"[a-z0-9-]{1,60}"),
    About.CASE: re.compile(r"[A-Z]{2,4}-(?:19|20)\d{2}-[1-9]\d{0,8}"),
}
_ABOUTS = frozenset(about.value for about in About)
LONGEST = 80
"""Letters of a topic."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What is followed: everything, or one organiser, unit, municipality, area, tag or case. Written `unit:12345678`."""

    about: About
    key: str = ""

    def __post_init__(self) -> None:
        if not _KEYS[self.about].fullmatch(self.key):
            raise CaseError(f"{self.key!r} is not a key of {self.about}.", "Write a topic as unit:12345678.")

    def __str__(self) -> str:
        return f"{self.about}:{self.key}"

    @classmethod
    def parse(cls, text: str) -> Topic:
        """Read `unit:12345678`. Raises `CaseError` for anything else."""
        about, _colon, key = text[:LONGEST].partition(":")
        if about not in _ABOUTS:
            raise CaseError(f"{text[:LONGEST]!r} is nothing that can be followed.", "Write it as unit:12345678.")
        return cls(About(about), key)


REGISTER = Topic(About.REGISTER)
"""Everything that is published."""


def topics(
    *,
    organiser: str = "",
    unit: str = "",
    municipality: str = "",
    areas: Iterable[str] = (),
    tags: Iterable[str] = (),
    case: str = "",
) -> tuple[str, ...]:
    """Every topic under which a piece of news is found, as text; the whole register always is one."""
    found = [REGISTER]
    single = [
        (About.ORGANISER, organiser),
        (About.UNIT, unit),
        (About.MUNICIPALITY, municipality),
        (About.CASE, case),
    ]
    found += [Topic(about, key) for about, key in single if key]
    found += [Topic(About.AREA, key) for key in sorted({*areas}) if key]
    found += [Topic(About.TAG, key) for key in sorted({*tags})]
    return tuple(map(str, found))


class Frequency(TextChoices):
    """How often a subscriber gets mail."""

    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("At most once a day")
    WEEKLY = "weekly", _("At most once a week, on Mondays")


LETTERS_AT = 6
"""The hour, local time, from which the letters of the day and of the week are written."""


def round_of(frequency: Frequency, local: datetime) -> date:
    """The day of the newest round of letters that has begun at this local time: today or yesterday, or the Monday before.

    A round whose hour was missed, because no worker ran, is made up for by the next look: its day is still the newest.
    """
    day = (local - timedelta(hours=LETTERS_AT)).date()
    return day - timedelta(days=day.weekday()) if frequency == Frequency.WEEKLY else day


CONFIRM_WITHIN = timedelta(hours=48)
"""How long a link works that confirms an address."""

FORGET_AFTER = timedelta(days=7)
"""How long an address is kept that nobody confirmed, and a letter to subscribers that was sent."""

ASKS_A_DAY = 5
"""Letters a day to one address that ask for a confirmation or tell that there is nothing to confirm: nobody can flood another."""

ASKS_AN_HOUR = 20
"""Tries an hour from one network."""
