"""The reader's matters, and opening one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import F, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from likvard.site.cases import access, actions, permissions, shown
from likvard.site.cases.forms import OpenCase
from likvard.site.cases.kinds import kinds
from likvard.site.cases.models import Case, Clock, ClockPause
from likvard.site.cases.models.case import CaseQuerySet
from likvard.site.cases.pages.visit import crumbs, moment, person, place_of, today
from likvard.site.cases.states import CaseError, Owner, Text
from likvard.site.cases.timing import Standing
from likvard.site.people.access import Denied, memberships, registers
from likvard.site.people.models import Organiser, Unit, User
from likvard.site.ui.components import Table

PER_PAGE = 50


CLOSED, REGISTER, REGISTER_CLOSED = "stangda", "register", "register-stangda"
"""What else than the reader's open matters may be shown, as it stands in the address."""


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What is handed to the reader, what waits to be shared out or decided, and what else their places and registers have."""
    user, on = person(request), today(request)
    view = request.GET.get("visa", "")
    keeps = bool(registers(user, on))
    if view in (REGISTER, REGISTER_CLOSED) and not keeps:
        view = ""
    tables, page = (
        _page_of(view, user, on, request.GET.get("sida", "")) if view in _CAPTIONS else (_open_tables(user, on), None)
    )
    context = {
        "tables": tables,
        "lead": _lead(list(access.handed_cases(user, on).open().shown()), on),
        "view": view,
        "closed": view in (CLOSED, REGISTER_CLOSED),
        "page": page,
        "kept": access.register_cases(user, on).open().count() if keeps and not view else None,
        "may_open": bool(permissions.kinds_to_open(user, on=on)),
        "breadcrumbs": crumbs()[:1],
    }
    return render(request, "cases/mine.html", context)


_CAPTIONS = {
    CLOSED: gettext_lazy("Closed matters"),
    REGISTER: gettext_lazy("Open matters of the register that you keep"),
    REGISTER_CLOSED: gettext_lazy("Closed matters of the register that you keep"),
}


def _page_of(view: str, user: User, on: date, number: str) -> tuple[list[Table], Page]:
    """One page of a list that the database cuts."""
    page = Paginator(_listed(view, user, on).values_list("pk", flat=True), PER_PAGE).get_page(number)
    cases = list(Case.objects.filter(pk__in=list(page)).shown())
    return [_table(str(_CAPTIONS[view]), cases, user, on, page=list(page))], page


def _listed(view: str, user: User, on: date) -> CaseQuerySet:
    """A list that the database cuts into pages: the newest closed first, the open ones by the clock that presses most."""
    if view == REGISTER:
        return _by_clock(access.register_cases(user, on).open())
    if view == REGISTER_CLOSED:
        return access.register_cases(user, on).filter(closed_at__isnull=False).order_by("-closed_at", "pk")
    found = access.handed_cases(user, on) | access.cases_at_places(user, on)
    return found.filter(closed_at__isnull=False).distinct().order_by("-closed_at", "pk")


def _by_clock(cases: CaseQuerySet) -> CaseQuerySet:
    """Open cases by the earliest due day of a clock that runs; those whose clocks are paused or have no day last, by age."""
    paused = ClockPause.objects.filter(end__isnull=True).order_by().values("clock")
    runs = Clock.objects.going().filter(case=OuterRef("pk"), due__isnull=False).exclude(pk__in=paused)
    found = cases.annotate(presses=Subquery(runs.order_by("due").values("due")[:1]))
    return found.order_by(F("presses").asc(nulls_last=True), "opened_at", "pk")


def _open_tables(user: User, on: date) -> list[Table]:
    """Handed to the reader; to be shared out or decided, at their places and the first of their registers; the rest of their places."""
    own, others = (
        list(access.handed_cases(user, on).open().shown()),
        list(access.cases_at_places(user, on).open().shown()),
    )
    held = memberships(user, on)
    leads = [case for case in others if _waits_for_lead(case) and access.leads_at_place(held, case)]
    rest = [case for case in others if case not in leads]
    found = [(_("Handed to you"), own), (_("To share out or decide"), [*leads, *_of_register(user, on, own)])]
    return [
        _table(caption, cases, user, on) for caption, cases in [*found, (_("Others at your places"), rest)] if cases
    ]


def _waits_for_lead(case: Case) -> bool:
    return case.state.owner in (Owner.REGISTRAR, Owner.LEAD)


def _of_register(user: User, on: date, own: list[Case]) -> list[Case]:
    """The first of those in the reader's registers that wait to be shared out or decided."""
    waits = Q(pk__in=[])
    for kind in kinds().values():
        owned = [state.code for state in kind.table.states if state.owner in (Owner.REGISTRAR, Owner.LEAD)]
        waits |= Q(kind_code=kind.code, state_code__in=owned)
    kept = access.register_cases(user, on).open().filter(waits).exclude(pk__in=[case.pk for case in own])
    return list(_by_clock(kept).shown()[:PER_PAGE])


def _table(caption: Text, cases: list[Case], user: User, on: date, *, page: Sequence[int] = ()) -> Table:
    """Cases as a table: by urgency, or in the order of a page that the database has cut."""
    held, kept = memberships(user, on), registers(user, on)
    shut = [case for case in cases if case.kind.register not in kept and access.hides_title(held, case)]
    own = set(access.handed_cases(user, on).filter(pk__in=[case.pk for case in shut]).values_list("pk", flat=True))
    hidden = [case for case in shut if case.pk not in own]
    ordered = sorted(cases, key=lambda case: page.index(case.pk)) if page else shown.by_urgency(cases, on)
    return shown.table(str(caption), ordered, on, hides=hidden)


def _lead(own: list[Case], on: date) -> str:
    """How many matters the reader has, and how many clocks are late."""
    count = len(own)
    if not count:
        return _("No open matter is handed to you.")
    late = sum(
        clock.is_going and clock.value.standing(on) is Standing.LATE for case in own for clock in case.clocks.all()
    )
    handed = ngettext(
        "**%(count)s open matter** is handed to you.", "**%(count)s open matters** are handed to you.", count
    )
    clocks = (
        ngettext("**%(count)s clock** is late.", "**%(count)s clocks** are late.", late)
        if late
        else _("No clock is late.")
    )
    return f"{handed % {'count': count}} {clocks % {'count': late} if late else clocks}"


def open_case(request: HttpRequest) -> HttpResponse:
    """Open a matter about one of the places that the reader may open matters about."""
    user, on = person(request), today(request)
    codes = permissions.kinds_to_open(user, on=on)
    if not codes:
        raise Denied(_("Your role does not open matters."))
    form = OpenCase(request.POST or None, places=_places(user, on), kind_codes=codes, initial={"kind": codes[0]})
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            case = actions.open_case(
                kind=asked["kind"], title=asked["title"], secrecy=asked["secrecy"], place=place_of(asked["place"]),
                by=user, at=moment(request),
            )  # fmt: skip
        except CaseError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The matter was opened as %(dnr)s.") % {"dnr": case.dnr})
            return redirect(shown.address(case))
    return render(request, "cases/open.html", {"form": form, "breadcrumbs": crumbs(_("Open a matter"))})


def _places(user: User, on: date) -> list[tuple[str, str]]:
    """The places as choices: organisers first, then units by area and name. At most a hundred and one are read."""
    reach = permissions.places_to_open(user, on=on)
    organisers = Organiser.objects.filter(closed__isnull=True)
    if not reach.everything:
        organisers = organisers.filter(number__in=reach.organisers)
    units = Unit.objects.within(reach).active()
    return [(row.number, row.name) for row in organisers[:101]] + [(row.code, row.name) for row in units[:101]]
