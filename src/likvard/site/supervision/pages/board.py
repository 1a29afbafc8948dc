"""The board of clocks: what is late, soon due, paused or without a day, over every inspection that the reader may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django import forms
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from likvard.site.cases import shown
from likvard.site.cases.models import Case, Clock
from likvard.site.cases.pages.visit import today
from likvard.site.cases.timing import Standing, day_of
from likvard.site.people.access import Denied, roles
from likvard.site.people.models import User
from likvard.site.people.roles import Role
from likvard.site.supervision import deadlines
from likvard.site.supervision.deadlines import SHOWN, Asked, Counted
from likvard.site.supervision.models import ClockWarning, Department
from likvard.site.supervision.pages.programme import number
from likvard.site.supervision.permissions import programme as permissions
from likvard.site.supervision.rules import scope
from likvard.site.ui.components import Cell, Column, Row, Table
from likvard.site.ui.language import current

PER_PAGE = 50


@require_safe
def clocks(request: HttpRequest) -> HttpResponse:
    """The clocks of the inspections, the latest first. Opening the page clears nothing."""
    user, on = _reader(request), today(request)
    leads = Role.LEAD_INSPECTOR in roles(user, on)
    asked = Asked(*(request.GET.get(name, "") for name in ("lage", "avdelning", "inspektor", "typ")))
    within = deadlines.within(deadlines.of_reader(user, on), asked)
    counted = deadlines.counted(within, on)
    paginator = Paginator(deadlines.listed(within, on, asked.standing).values_list("pk", flat=True), PER_PAGE)
    paginator.count = _how_many(counted, asked.standing)  # counted already
    page = paginator.get_page(request.GET.get("sida"))
    context = {
        "form": _filters(asked, on, leads=leads),
        "counted": list(counted.ways.items()),
        "asked": asked,
        "page": page,
        "table": _table(_whole(list(page)), on),
        "warned": counted.warned,
        "lead": _lead(counted.ways),
        "breadcrumbs": [(_("Supervision"), "/tillsyn/"), (_("Clocks"), "")],
    }
    return render(request, "supervision/board.html", context)


def _whole(keys: Sequence[int]) -> list[Clock]:
    """The clocks of a page with all that a row says, in their order. Only these are read whole: sorting takes keys alone."""
    more = ("case__organiser", "case__unit", "case__responsible", "case__inspection__department")
    known = Clock.objects.select_related(*more).prefetch_related("pauses").in_bulk(keys)
    return [known[key] for key in keys]


def _reader(request: HttpRequest) -> User:
    permissions.check_can_see(request.user, on=today(request))
    if not isinstance(request.user, User):
        raise Denied(_("Sign in to see the board."), sign_in=True)
    return request.user


def _lead(counted: dict[Standing, int]) -> str:
    words = {way.value: number(n) for way, n in counted.items()}
    return (
        _("**%(late)s clocks are late**, %(soon)s are soon due, %(paused)s are paused and %(open)s have no day.")
        % words
    )


def _how_many(counted: Counted, way: str) -> int:
    """How many the list holds: of one way, or of all that have a day."""
    if way in {one.value for one in SHOWN}:
        return counted.ways[Standing(way)]
    return sum(n for one, n in counted.ways.items() if one is not Standing.OPEN)


def _table(rows: Sequence[Clock], on: date) -> Table:
    told = _told(rows)
    columns = (
        Column(_("Matter")),
        Column(_("About")),
        Column(_("Responsible")),
        Column(_("Clock")),
        Column(_("Warned")),
    )
    return Table(_("Clocks, the earliest due day first"), columns, tuple(_row(clock, on, told) for clock in rows))


def _row(clock: Clock, on: date, told: Mapping[tuple[int, date | None], datetime]) -> Row:
    case, badge = clock.case, shown.badge(clock, on)
    inspection = getattr(case, "inspection", None)
    department = str(inspection.department) if inspection and inspection.department else ""
    return Row(
        Cell(case.dnr, href=shown.address(case), note=case.title),
        (
            Cell(str(case.place)),
            Cell(str(case.responsible or _("nobody yet")), note=department),
            Cell(state=badge.state, note=badge.what),
            Cell(shown.day(day_of(told[clock.pk, clock.due])) if (clock.pk, clock.due) in told else "–"),
        ),
    )


def _told(rows: Sequence[Clock]) -> dict[tuple[int, date | None], datetime]:
    """When the owners and the leads were last warned, by clock and due day."""
    found = ClockWarning.objects.filter(clock__in=[clock.pk for clock in rows]).order_by("at")
    return {(clock, due): at for clock, due, at in found.values_list("clock", "due", "at")}


def _filters(asked: Asked, on: date, *, leads: bool) -> forms.Form:
    """The choices; whoever leads may also choose a department and a person."""
    form = forms.Form(auto_id="id_%s")
    ways = [("", _("All with a day"))] + [(way.value, way.label) for way in SHOWN]
    types = [("", _("All types"))] + [(key, sort.name[current()]) for key, sort in scope.types(on).items()]
    form.fields["lage"] = forms.ChoiceField(label=_("How it stands"), choices=ways, initial=asked.standing)
    form.fields["typ"] = forms.ChoiceField(label=_("Type of inspection"), choices=types, initial=asked.type)
    if leads:
        departments = [("", _("All departments"))] + [(str(one.pk), one.name) for one in Department.objects.all()]
        form.fields["avdelning"] = forms.ChoiceField(
            label=_("Department"), choices=departments, initial=asked.department
        )
        has = Case.objects.open().filter(kind_code="supervision", responsible=OuterRef("pk"))
        people = User.objects.filter(Exists(has)).order_by("name")
        whom = [("", _("Everybody")), ("-", _("nobody yet"))] + [(one.email, str(one)) for one in people]
        form.fields["inspektor"] = forms.ChoiceField(label=_("Responsible"), choices=whom, initial=asked.responsible)
    form.use_required_attribute = False
    return form
