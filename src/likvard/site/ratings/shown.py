"""Ratings as the pages show them: lists by name, what is left to do, and levels with how they came to stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from likvard.figures import formats
from likvard.rulebook.kinds.rubric import Criterion, Rubric
from likvard.site.audit import events
from likvard.site.audit.models import Event
from likvard.site.cases.states import Text
from likvard.site.cases.timing import day_of
from likvard.site.people.models import User
from likvard.site.ratings.actions.marking import lacking, pairs
from likvard.site.ratings.models import Mark, Rating, ReplyPoint, Round, Sheet, Standing
from likvard.site.ratings.rubrics import asked, level_name, rubric_of
from likvard.site.ratings.states import BLIND, How, Part
from likvard.site.ui.components import Cell, Column, Happening, Row, State, Table, Task
from likvard.site.ui.language import current
from likvard.terms import Words

KINDS = {
    "preparing": "plain", "open": "ongoing", "closed": "done", "marking": "ongoing", "settling": "soon", "reply": "paused",
    "answering": "soon", "ready": "info", "audit": "ongoing", "draft": "plain", "reading": "soon", "published": "done",
    "revising": "ongoing", "rereading": "soon", "withdrawn": "failed",
}  # fmt: skip
"""The look of each state of a round, a rating and a report."""


def badge(of: Rating | Round) -> State:
    """A state as shape and word."""
    return State(KINDS[of.state], of.stage.label)


def day(when: date | None) -> str:
    """A day in words."""
    return formats.day(when, current()) if when else ""


@dataclass(frozen=True, slots=True)
class Level:
    """A criterion with the level that stands: how it came to, on what grounds, and what was said of it."""

    code: str
    criterion: Criterion
    name: str
    look: str
    level: int | None
    stands: Standing | None
    marks: tuple[Mark, ...] = ()
    points: tuple[ReplyPoint, ...] = ()
    history: tuple[Standing, ...] = ()

    @property
    def point(self) -> ReplyPoint | None:
        """What the organiser said last of it."""
        return self.points[-1] if self.points else None

    @property
    def differs(self) -> bool:
        """Whether the two markers chose different levels."""
        return len(self.marks) == len(BLIND) and self.marks[0].level != self.marks[1].level

    @property
    def waits(self) -> bool:
        """Whether the organiser disagrees and has no answer yet."""
        return self.point is not None and not self.point.agrees and self.point.answered_at is None


_LOOKS = ("low", "some", "high")


def look(level: int | None, rubric: Rubric) -> str:
    """The class of a level's badge: shape and colour for the lowest, the middle and the highest."""
    if level is None:
        return "none"
    return _LOOKS[0] if level == 0 else _LOOKS[2] if level == len(rubric.levels) - 1 else _LOOKS[1]


def levels(rating: Rating, *, marks: bool = False) -> list[Level]:
    """Every criterion of the organiser with the level that stands; with `marks` also the two markers' own.

    Without, it is what the organiser reads: a level that is changed by an answer is not shown before the answers are sent.
    """
    rubric, history = rubric_of(rating.round), list(rating.levels.select_related("by").order_by("pk"))
    if rating.state == "answering" and not marks:
        before = max((one.pk for one in history if one.how == How.AUDIT), default=0)
        history = [one for one in history if one.how != How.REPLY or one.pk < before]
    stands = {one.criterion: one for one in history}
    both = pairs(rating) if marks else {}
    handed_in = ReplyPoint.objects.filter(reply__rating=rating, reply__handed_in_at__isnull=False)
    said: dict[str, list[ReplyPoint]] = {}
    for one in handed_in.select_related("reply").order_by("reply__after_audit"):
        said.setdefault(one.criterion, []).append(one)
    return [
        Level(
            code, criterion, level_name(rubric, stands[code].level) if code in stands else "",
            look(stands[code].level, rubric) if code in stands else "", stands[code].level if code in stands else None,
            stands.get(code), tuple(both.get(code, ())), tuple(said.get(code, ())),
            tuple(one for one in history if one.criterion == code)[:-1],
        )
        for code, criterion in asked(rating).items()
    ]  # fmt: skip


def said(words: Words) -> str:
    """Words in the language of the page."""
    return words[current()]


def criterion_name(criterion: Criterion) -> str:
    """What a criterion is called."""
    return said(criterion.name)


def marked(mark: Mark, rubric: Rubric) -> str:
    """The level of a mark in words."""
    return level_name(rubric, mark.level)


def sheet_tasks(sheet: Sheet) -> list[Task]:
    """The criteria of a sheet, each with whether it is whole, and with the level that is chosen if it is."""
    rubric, left, done = (
        rubric_of(sheet.rating.round),
        set(lacking(sheet)),
        {one.criterion: one for one in sheet.marks.all()},
    )
    found = []
    for code, criterion in asked(sheet.rating).items():
        kind, word = ("done", _("whole")) if code not in left else ("ongoing", _("begun")) if code in done else ("plain", _("not begun"))  # fmt: skip
        href = reverse("rating_mark", args=[sheet.rating_id, code]) if sheet.handed_in_at is None else ""
        note = _("A level needs grounds and evidence.") if code in left else level_name(rubric, done[code].level)
        note = note if code in done else ""
        found.append(Task(criterion.name, State(kind, word), href, note))
    return found


def ratings_table(ratings: Iterable[Rating], *, caption: str, lead: bool) -> Table:
    """Organisers by name with how far each has come: never by level, and without any."""
    rows = list(ratings)
    sheets: dict[int, list[Sheet]] = {}
    for one in Sheet.objects.standing().filter(rating__in=rows).select_related("marker"):
        sheets.setdefault(one.rating_id, []).append(one)
    columns = (Column(_("Organiser")), Column(_("Kind")), Column(_("How far")), Column(_("Markers")))
    made = tuple(
        Row(
            Cell(row.organiser.name, href=reverse("rating", args=[row.pk])),
            (Cell(row.organiser.get_kind_display()), Cell(state=badge(row), note=_waits(row)), Cell(_markers(sheets.get(row.pk, []), lead=lead))),
        )
        for row in rows
    )  # fmt: skip
    return Table(caption, columns, made)


def _waits(rating: Rating) -> str:
    if rating.state == "reply" and rating.reply_due:
        return _("reply by %(day)s") % {"day": day(rating.reply_due)}
    return _("audited") if rating.audited else ""


def _markers(sheets: Sequence[Sheet], *, lead: bool) -> str:
    """Who marks, for a lead; how many have handed in, for others."""
    inside = sum(one.handed_in_at is not None for one in sheets)
    count = _("%(in)s of %(all)s handed in") % {"in": inside, "all": len(sheets)}
    return f"{', '.join(str(one.marker) for one in sheets)} ({count})" if lead and sheets else count


def progress(round: Round) -> list[tuple[State, int]]:
    """How many organisers are in each state, in the order of the way."""
    counted = dict(round.ratings.values_list("state").annotate(n=Count("pk")).order_by())
    order = [state for state in KINDS if state in counted]
    of = {one.state: one for one in round.ratings.all()}
    return [(badge(of[state]), counted[state]) for state in order]


HAPPENED: dict[str, Text] = {
    "rating.handed_out": gettext_lazy("Given to a marker"),
    "rating.taken_back": gettext_lazy("Taken back from a marker"),
    "rating.handed_in": gettext_lazy("A sheet was handed in"),
    "rating.settled": gettext_lazy("A level was settled"),
    "rating.sent": gettext_lazy("**Sent to the organiser**"),
    "rating.replied": gettext_lazy("**The organiser replied**"),
    "rating.no_reply": gettext_lazy("Went on without a reply"),
    "rating.answered": gettext_lazy("The reply was answered"),
    "rating.audited": gettext_lazy("The audit was settled"),
}
"""What of the chain is told on the page of a rating."""


def happenings(rating: Rating) -> list[Happening]:
    """What has happened with a rating, from the audit chain."""
    rows = events.about(rating.subject).filter(what__in=list(HAPPENED))
    return [Happening(_happened(row, asked(rating)), day_of(row.at), row.actor_name) for row in rows]


def _happened(row: Event, criteria: Mapping[str, Criterion]) -> str:
    """What happened in words: of a level that was settled, of which criterion and how it came to stand."""
    what, data = str(HAPPENED[row.what]), row.values
    criterion = criteria.get(data.get("criterion", ""))
    if row.what == "rating.audited" and data.get("changed"):
        return _("The audit was settled. **The organiser may reply to what it changed**")
    if criterion is None:
        return what
    return f"{what}: {criterion_name(criterion)} ({How(data['how']).label})"


def own_ratings(user: User) -> list[tuple[Rating, Sheet]]:
    """What waits for a marker: sheets to hand in first, then what is to be settled or answered; by the organiser's name."""
    sheets = Sheet.objects.standing().filter(marker=user, rating__round__state="open").exclude(rating__state="closed")
    rows = sheets.select_related("rating__round", "rating__organiser", "rating__framed")
    order = {"marking": 1, "audit": 1, "settling": 2, "answering": 2}
    return sorted(
        ((row.rating, row) for row in rows),
        key=lambda pair: (
            0 if pair[1].handed_in_at is None else order.get(pair[0].state, 3), pair[0].organiser.name, pair[0].pk
        ),
    )  # fmt: skip


def bare(round: Round) -> int:
    """How many organisers lack a first or second marker."""
    both = Count("sheets", filter=Q(sheets__withdrawn_at__isnull=True, sheets__part__in=BLIND))
    return round.ratings.annotate(n=both).filter(n__lt=len(BLIND)).count()


def auditors_missing(round: Round) -> int:
    """How many drawn ratings have no auditor."""
    had = Count("sheets", filter=Q(sheets__withdrawn_at__isnull=True, sheets__part=Part.AUDIT))
    return round.ratings.filter(state="audit").annotate(n=had).filter(n=0).count()
