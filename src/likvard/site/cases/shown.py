"""Cases as the components of a page: badges, tasks, rows. What is late is late whoever looks, and however often."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from likvard.figures import formats
from likvard.site.cases.models import Case, Clock, Document, DocumentVersion, Message, Scan, clocks_by_urgency
from likvard.site.cases.states import Progress
from likvard.site.cases.timing import Standing, day_of
from likvard.site.people.models import User
from likvard.site.ui import components
from likvard.site.ui.components import Cell, Column, Fact, Row, State, Table, Task
from likvard.site.ui.language import current

_PROGRESS = {
    Progress.DONE: State("done", Progress.DONE.label),
    Progress.ONGOING: State("ongoing", Progress.ONGOING.label),
    Progress.LOCKED: State("locked", Progress.LOCKED.label),
}
_SCAN = {
    Scan.CLEAN: State("done", Scan.CLEAN.label),
    Scan.UNSCANNED: State("plain", Scan.UNSCANNED.label),
    Scan.INFECTED: State("late", Scan.INFECTED.label),
    Scan.FAILED: State("late", Scan.FAILED.label),
}
HIDDEN = gettext_lazy("hidden: about pupils")


def day(when: date | None) -> str:
    """A day in the page's language."""
    return formats.day(when, current()) if when else ""


def badge(clock: Clock, today: date) -> components.Clock:
    """The badge of a clock."""
    value, what = clock.value, clock.label
    standing, due = value.standing(today), value.due(today)
    if standing is Standing.STOPPED:
        return components.Clock(State("plain", standing.label), f"{what}. {clock.stopping_reason}")
    if due is None:
        return _without_day(clock, standing)
    pause = list(clock.pauses.all())[-1] if standing is Standing.PAUSED else None
    return components.clock(
        what=what,
        due=due,
        today=today,
        met=value.met,
        paused=pause.start if pause else None,
        reason=pause.reason if pause else "",
        warn_days=clock.warn,
    )


def _without_day(clock: Clock, standing: Standing) -> components.Clock:
    """A clock of a duty for which the law has only a word: since when, never by when."""
    state = State("done", _("done")) if clock.met_on else State("info", standing.label)
    since = _("%(what)s, promptly, since %(day)s") % {"what": clock.label, "day": day(clock.started)}
    return components.Clock(state, since)


def most_urgent(case: Case, today: date) -> Clock | None:
    """The clock of a case that presses most, if any is going."""
    return next((clock for clock in clocks_by_urgency(case.clocks.all(), today) if clock.is_going), None)


def tasks(case: Case) -> list[Task]:
    """The task list of a case; a step that cannot start says what it waits for."""
    found = []
    for task in case.kind.tasks(case.state_code):
        note = _("Waits for: %(step)s") % {"step": task.waits_for} if task.waits_for else ""
        if task.progress is Progress.ONGOING:
            note = _("%(state)s, since %(day)s") % {"state": case.state.label, "day": day(day_of(case.state_since))}
        found.append(Task(task.label, _PROGRESS[task.progress], note=note))
    return found


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a case: how it stands, who moves next and by when."""

    state: str
    owner: str
    by_when: str
    facts: tuple[Fact, ...]


def head(case: Case, today: date) -> Head:
    """The head of a case on a day."""
    urgent = most_urgent(case, today)
    due = urgent.value.due(today) if urgent else None
    kept = case.kept_until
    return Head(
        state=str(case.state.label),
        owner=owner(case),
        by_when=_("%(what)s, by %(day)s") % {"what": urgent.label, "day": day(due)} if urgent and due else "",
        facts=(
            Fact(_("Responsible"), str(case.responsible) if case.responsible else _("nobody yet")),
            Fact(_("Opened"), day(day_of(case.opened_at)), note=str(case.opened_by)),
            Fact(_("Secrecy"), case.get_secrecy_display()),
            Fact(_("Kept"), case.get_retention_display(), note=day(kept)),
        ),
    )


def owner(case: Case) -> str:
    """Who moves next: the responsible by name, where the state is theirs."""
    if case.state.owner == "officer" and case.responsible is not None:
        return str(case.responsible)
    return str(case.state.owner.label)


def address(case: Case) -> str:
    """The page of a case."""
    return reverse(case.kind.page, args=[case.slug])


def by_urgency(cases: Iterable[Case], today: date) -> list[Case]:
    """Cases with a late clock first, the latest of them first; those without a clock last, the oldest first."""

    def key(case: Case) -> tuple[int, date, str]:
        clock = most_urgent(case, today)
        due = clock.value.due(today) if clock else None
        paused = clock is not None and clock.value.standing(today) is Standing.PAUSED
        return (1 if paused else 0 if due else 2, due or date.max, f"{case.opened_at:%Y%m%d%H%M}")

    return sorted(cases, key=key)


def table(caption: str, cases: Iterable[Case], today: date, *, hides: Iterable[Case] = ()) -> Table:
    """Cases as rows; a title that must be asked for is not among them."""
    hidden = {case.pk for case in hides}
    columns = (
        Column(_("Matter")), Column(_("About")), Column(_("State")), Column(_("Who moves next")), Column(_("Clock")),
    )  # fmt: skip
    return Table(caption, columns, tuple(_row(case, today, hidden=case.pk in hidden) for case in cases))


def _row(case: Case, today: date, *, hidden: bool) -> Row:
    urgent = most_urgent(case, today)
    clock = badge(urgent, today) if urgent else None
    return Row(
        head=Cell(case.dnr, href=address(case), note=_("say why to see it") if hidden else case.title),
        cells=(
            Cell(str(case.place)),
            Cell(case.state.label),
            Cell(owner(case)),
            Cell(state=clock.state, note=clock.what) if clock else Cell("–"),
        ),
    )


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as the page of its case shows it."""

    document: Document
    newest: DocumentVersion
    older: tuple[DocumentVersion, ...]
    scan: State


def papers(documents: Iterable[Document]) -> list[Paper]:
    """The documents of a case, by their own dates, the newest version of each first."""
    found = []
    for document in documents:
        versions = sorted(document.versions.all(), key=lambda version: -version.number)
        if versions:
            found.append(Paper(document, versions[0], tuple(versions[1:]), _SCAN[Scan(versions[0].scan)]))
    return found


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as the page of its case lists it: from whom, to whom, when, and whether its text is hidden."""

    message: Message
    to: str
    hidden: bool


def letters(messages: Iterable[Message], reader: User) -> list[Letter]:
    """The messages of a case, the newest first."""
    found = [
        Letter(message, ", ".join(map(str, message.to.all())), message.sensitive and message.author_id != reader.pk)
        for message in messages
    ]
    return sorted(found, key=lambda letter: letter.message.sent_at, reverse=True)
