"""What waits for this reader, and what is open at the schools, as far as the reader may know of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from likvard.figures import formats
from likvard.site.cases.access import cases_at_places, handed_cases, needs_reason
from likvard.site.cases.models import Case
from likvard.site.cases.timing import Standing
from likvard.site.insight.visits import today
from likvard.site.people import access
from likvard.site.people.access import Content
from likvard.site.people.models import Organiser, Unit, User
from likvard.site.ui.components import Fact, Waiting
from likvard.site.ui.language import current

MATTERS = "/arenden/"


def own_matters(request: HttpRequest) -> tuple[Case, ...]:
    """The open matters that are handed to the reader. A register that the reader keeps is looked at on its own pages."""
    user = request.user
    return tuple(handed_cases(user, today(request)).open().shown()) if isinstance(user, User) else ()


def waiting(own: Sequence[Case], on: date) -> tuple[Waiting, ...]:
    """The reader's own matters: those with a clock that has run out first, then those soon due, then the rest."""
    late: list[Case] = []
    soon: list[Case] = []
    rest: list[Case] = []
    for case in own:
        standings = {clock.value.standing(on) for clock in case.clocks.all()}
        (late if Standing.LATE in standings else soon if Standing.SOON in standings else rest).append(case)
    found = (
        (
            late,
            ngettext(
                "matter has a time limit that has run out", "matters have a time limit that has run out", len(late)
            ),
        ),
        (soon, ngettext("matter is soon due", "matters are soon due", len(soon))),
        (rest, _open(len(rest), others=bool(late or soon))),
    )
    return tuple(Waiting(len(cases), label, MATTERS, _oldest(cases)) for cases, label in found if cases)


def _open(count: int, *, others: bool) -> str:
    if others:
        return ngettext("more matter is open", "more matters are open", count)
    return ngettext("matter is open", "matters are open", count)


def _oldest(cases: list[Case]) -> str:
    oldest = min(cases, key=lambda case: (case.opened_at, case.pk))
    words = {
        "number": oldest.dnr,
        "place": oldest.unit or oldest.organiser,
        "day": formats.day(oldest.opened_at.date(), current()),
    }
    return _("The oldest: %(number)s, %(place)s, since %(day)s.") % words


def open_matters(
    request: HttpRequest, organiser: Organiser, own: Sequence[Case]
) -> Mapping[str, tuple[str, str]] | None:
    """How many matters are open at each of an organiser's units; None for a reader who may not know."""
    on, user = today(request), request.user
    if not isinstance(user, User) or not access.may(user, Content.MATTERS, organiser, on=on):
        return None
    known = (*own, *cases_at_places(user, on).open())
    counted = Counter(case.unit_id for case in known if case.unit_id)
    return {code: (str(count), f"/skolor/{code}/#q6") for code, count in sorted(counted.items())}


def matters_of(request: HttpRequest, unit: Unit) -> tuple[Fact, ...] | None:
    """The open matters at a unit: number, state, and the title where no reason has to be given first. None as above."""
    on, user = today(request), request.user
    if not isinstance(user, User) or not access.may(user, Content.MATTERS, unit, on=on):
        return None
    known = (*own_matters(request), *cases_at_places(user, on).open().shown())
    return tuple(_told(case, user, on) for case in known if case.unit_id == unit.code)


def _told(case: Case, user: User, on: date) -> Fact:
    title = "" if needs_reason(user, case, on) else case.title
    return Fact(case.dnr, str(case.state.label), title, f"{MATTERS}{case.slug}/")
