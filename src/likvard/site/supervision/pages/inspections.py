"""The reader's inspections, and opening one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from likvard.site.cases.access import own_cases, register_cases
from likvard.site.cases.models import Case, Clock
from likvard.site.cases.states import CaseError
from likvard.site.people.access import Denied, registers
from likvard.site.people.models import Unit, User
from likvard.site.supervision import shown
from likvard.site.supervision.actions import opening
from likvard.site.supervision.forms.inspection import Opening
from likvard.site.supervision.forms.programme import form_names
from likvard.site.supervision.kinds import SUPERVISION
from likvard.site.supervision.models import Department, Inspection, Post
from likvard.site.supervision.pages.visit import crumbs, moment, person, place_of, today
from likvard.site.supervision.permissions import before as permissions
from likvard.site.supervision.rules import scope
from likvard.site.ui.language import current

PER_PAGE = 30


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The inspections that are handed to the reader or stand in their register, those whose clock presses most first."""
    user, on = person(request), today(request)
    if not any(permissions.may_have(user, on=on)):
        raise Denied(_("Inspections are read by those whom they are handed to."))
    which = request.GET.get("visa", "")
    page = Paginator(_listed(user, on, which).values_list("pk", flat=True), PER_PAGE).get_page(request.GET.get("sida"))
    whole = Case.objects.shown().select_related("inspection__department").prefetch_related("inspection__judgements")
    cases = whole.in_bulk(list(page))  # only those on the page are read whole
    context = {
        "table": shown.rows([cases[pk] for pk in page], on, _caption(which)),
        "page": page,
        "which": which,
        "late": _late(user, on),
        "may_open": permissions.may_open(user, on=on),
        "breadcrumbs": [(_("Inspections"), "")],
    }
    return render(request, "supervision/mine.html", context)


def _own(user: User, on: date) -> QuerySet[Case]:
    keeps = SUPERVISION.register in registers(user, on)  # the register holds those that are handed to its keeper too
    return (register_cases if keeps else own_cases)(user, on).filter(kind_code=SUPERVISION.code)


def _listed(user: User, on: date, which: str) -> QuerySet[Case]:
    """The page is cut out by the database: who keeps the register has them all."""
    found = _own(user, on)
    if which == "stangda":
        return found.filter(closed_at__isnull=False).order_by("-closed_at", "pk")
    if which == "mina":
        found = found.filter(responsible=user)
    if which == "fordela":
        found = found.filter(responsible=None)
    runs = Clock.objects.going().filter(case=OuterRef("pk"), due__isnull=False).order_by("due")
    due = found.filter(closed_at__isnull=True).annotate(presses=Subquery(runs.values("due")[:1]))
    return due.order_by(F("presses").asc(nulls_last=True), "opened_at", "pk")


def _caption(which: str) -> str:
    captions = {
        "stangda": _("Closed inspections"), "mina": _("Those you are responsible for"),
        "fordela": _("Those to be shared out"),
    }  # fmt: skip
    return captions.get(which, _("Open inspections"))


def _late(user: User, on: date) -> str:
    """How many of them have a clock that has run out, as a sentence; empty if none has."""
    late = Clock.objects.going().filter(case=OuterRef("pk"), due__lt=on)
    count = _own(user, on).filter(Exists(late), closed_at__isnull=True).count()
    text = ngettext(
        "%(count)s inspection has a clock that has run out.",
        "%(count)s inspections have a clock that has run out.",
        count,
    )
    return text % {"count": count} if count else ""


def open_inspection(request: HttpRequest) -> HttpResponse:
    """Open an inspection of a unit or an organiser."""
    user, on = person(request), today(request)
    if not permissions.may_open(user, on=on):
        raise Denied(_("Your role does not open inspections."))
    form = _form(request, user, on)
    if request.method == "POST" and form.is_valid():
        try:
            made = opening.open_inspection(by=user, at=moment(request), **_asked(form))
        except CaseError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The inspection was opened as %(dnr)s.") % {"dnr": made.case.dnr})
            return redirect("supervision_case", slug=made.case.slug)
    trail = [*crumbs_to_list(), (_("Open an inspection"), "")]
    return render(request, "supervision/open.html", {"form": form, "breadcrumbs": trail})


def _form(request: HttpRequest, user: User, on: date) -> Opening:
    """The form, with the department where the person works chosen beforehand."""
    code, post = request.GET.get("plats", ""), Post.objects.in_force(on).filter(user=user).first()
    wholes = _own(user, on).filter(closed_at__isnull=True, unit__isnull=True)
    return Opening(
        request.POST or None,
        types=[(key, sort.name[current()]) for key, sort in scope.types(on).items()],
        forms=form_names(on),
        departments=Department.objects.open(on),
        wholes=Inspection.objects.filter(case__in=wholes).select_related("case"),
        initial={"place": code, "level": _level(code), "department": post and post.department_id},
    )


def crumbs_to_list() -> list[tuple[str, str]]:
    """Where the pages lie that belong to no inspection."""
    return crumbs(Case(series="SI", year=1, number=1))[:1]


def _asked(form: Opening) -> dict[str, Any]:
    asked: dict[str, Any] = dict(form.cleaned_data)
    asked["place"] = place_of(asked["place"])
    return asked


def _level(code: str) -> str:
    unit = Unit.objects.filter(code=code.strip()).first() if code else None
    return scope.level_of(unit.forms) if unit else "organiser" if len(code.strip()) == 10 else "unit"
