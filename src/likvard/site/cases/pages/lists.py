"""The reader's matters, and opening one."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from likvard.site.cases import access, actions, permissions, shown
from likvard.site.cases.forms import OpenCase
from likvard.site.cases.models import Case
from likvard.site.cases.pages.visit import crumbs, moment, person, today
from likvard.site.cases.states import CaseError, Owner
from likvard.site.cases.timing import Standing
from likvard.site.people.access import Denied, memberships
from likvard.site.people.models import Organiser, Unit, User
from likvard.site.ui.components import Table

PER_PAGE = 50


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What is handed to the reader, what waits to be shared out or decided, and what else their places have."""
    user, on = person(request), today(request)
    closed = request.GET.get("visa") == "stangda"
    own = access.own_cases(user, on).shown()
    others = access.cases_at_places(user, on).shown()
    if closed:
        listed = (own | others).filter(closed_at__isnull=False).distinct().order_by("-closed_at")
        page = Paginator(listed, PER_PAGE).get_page(request.GET.get("sida"))
        tables = [_table(_("Closed matters"), list(page), user, on)]
    else:
        page, tables = None, _open_tables(list(own.open()), list(others.open()), user, on)
    context = {
        "tables": tables,
        "lead": _lead(list(own.open()), on),
        "closed": closed,
        "page": page,
        "may_open": bool(permissions.kinds_to_open(user, on=on)),
        "breadcrumbs": crumbs()[:1],
    }
    return render(request, "cases/mine.html", context)


def _open_tables(own: list[Case], others: list[Case], user: User, on: date) -> list[Table]:
    waits = [case for case in others if case.state.owner in (Owner.REGISTRAR, Owner.LEAD)]
    held = memberships(user, on)
    leads = [case for case in waits if access.leads_at_place(held, case)]
    rest = [case for case in others if case not in leads]
    found = [(_("Handed to you"), own), (_("To share out or decide"), leads), (_("Others at your places"), rest)]
    return [_table(caption, cases, user, on) for caption, cases in found if cases]


def _table(caption: str, cases: list[Case], user: User, on: date) -> Table:
    held = memberships(user, on)
    own = {case.pk for case in access.own_cases(user, on)}
    hidden = [case for case in cases if case.pk not in own and access.hides_title(held, case)]
    return shown.table(caption, shown.by_urgency(cases, on), on, hides=hidden)


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
                kind=asked["kind"], title=asked["title"], secrecy=asked["secrecy"], place=_place(asked["place"]),
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


def _place(code: str) -> Unit | Organiser:
    """The unit or the organiser of a code. Raises `CaseError` if there is none."""
    text = code.strip()
    found = Unit.objects.filter(code=text).first() or Organiser.objects.filter(number=text).first()
    if found is None:
        raise CaseError(
            _("There is no school unit and no organiser with this code."), _("Look it up among the schools.")
        )
    return found
