"""What the components of a page are given: plain values. Each has a partial of its name in `templates/ui/`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from likvard.figures import formats
from likvard.site.ui.language import current
from likvard.terms import Words

Label = str | Promise | Words

WARN_DAYS = 14
"""A clock warns when this many days or fewer are left."""


@dataclass(frozen=True, slots=True)
class State:
    """A state as shape, word and colour. `kind` is one of late, soon, done, info, ongoing, paused, locked, failed,
    better, worse, document and plain."""

    kind: str
    word: Label


@dataclass(frozen=True, slots=True)
class Task:
    """A step of a task list. `note` says who has it and by when, or why it cannot start."""

    label: Label
    state: State
    href: str = ""
    note: Label = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """A point on a timeline: done, or to come. `what` may hold `**bold**`; `note` gives the actor and the reason."""

    what: Label
    when: date | datetime | None
    note: Label = ""
    done: bool = True
    href: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock's badge: the state, and a sentence on what it is about."""

    state: State
    what: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many of something wait for the reader; the link is the whole sentence, the note tells the oldest and who acts."""

    count: int
    label: Label
    href: str
    note: Label = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A term and what it is."""

    term: Label
    value: Label
    note: Label = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Trait:
    """A line of the comparison panel: a characteristic, the own value, and the range of those compared with."""

    name: Label
    own: str
    others: str


@dataclass(frozen=True, slots=True)
class Download:
    """A file to fetch: `CSV`, and what it weighs or holds."""

    label: Label
    href: str
    note: Label = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a plain table: text, perhaps a link, a state and a line below."""

    text: Label = ""
    href: str = ""
    note: Label = ""
    state: State | None = None
    spoken: Label = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading; numbers stand to the right."""

    label: Label
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its head, and one cell per further column, paired with the columns by `Table`."""

    head: Cell
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A plain table of things (not of released figures: those have their own). On a phone each row becomes a block."""

    caption: Label
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        if any(len(row.cells) != len(self.columns) - 1 for row in self.rows):
            raise ValueError(f"Every row of {self.caption!r} needs a head and {len(self.columns) - 1} cells.")

    @property
    def lines(self) -> list[tuple[Cell, list[tuple[Column, Cell]]]]:
        """Each row as its head and its cells, each cell with its column."""
        return [(row.head, list(zip(self.columns[1:], row.cells, strict=True))) for row in self.rows]


def clock(
    *,
    what: str,
    due: date,
    today: date,
    met: date | None = None,
    paused: date | None = None,
    reason: str = "",
    warn_days: int = WARN_DAYS,
) -> Clock:
    """The badge of a clock: met or late, paused since a day and why, late by days, near, or running.

    A paused clock's `due` is the day that the pause so far has moved it to.
    """
    if met is not None:
        return Clock(_met(due, met), what)
    if paused is not None:
        return Clock(
            State("paused", _("paused since %(day)s") % {"day": _day(paused)}),
            _paused(what, due, paused, today, reason),
        )
    days = (due - today).days
    if days < 0:
        late = ngettext("%(days)d day late", "%(days)d days late", -days) % {"days": -days}
        return Clock(
            State("late", late), _("%(what)s, should have been done by %(day)s") % {"what": what, "day": _day(due)}
        )
    left = ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days} if days else _("due today")
    kind = "soon" if days <= warn_days else "info"
    return Clock(State(kind, left), _("%(what)s, by %(day)s") % {"what": what, "day": _day(due)})


def _met(due: date, met: date) -> State:
    days = (met - due).days
    if days <= 0:
        return State("done", _("in time"))
    return State("plain", ngettext("done, %(days)d day late", "done, %(days)d days late", days) % {"days": days})


def _paused(what: str, due: date, paused: date, today: date, reason: str) -> str:
    days = (today - paused).days
    lasted = ngettext(
        "%(what)s. The pause has lasted %(days)d day and moves the due date to %(day)s.",
        "%(what)s. The pause has lasted %(days)d days and moves the due date to %(day)s.",
        days,
    ) % {"what": what, "days": days, "day": _day(due)}
    return lasted + " " + _("Reason: %(reason)s") % {"reason": reason} if reason else lasted


def _day(when: date) -> str:
    return formats.day(when, current())


def summary(errors: Sequence[tuple[str, str]]) -> str:
    """The heading of an error summary: how many things need to be put right."""
    count = formats.count(len(errors), current())
    one, many = _("One thing needs to be put right"), _("%(count)s things need to be put right")
    return one if len(errors) == 1 else (many % {"count": count})[:1].upper() + (many % {"count": count})[1:]
