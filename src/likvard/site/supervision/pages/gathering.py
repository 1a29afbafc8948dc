"""What a decision will rest on: documents asked for, what the figures say, visits, observations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from likvard.site.cases.access import candidates
from likvard.site.cases.forms import Reason
from likvard.site.cases.models import Document, LinkType
from likvard.site.people.models import User
from likvard.site.supervision.actions import gathering
from likvard.site.supervision.composing.parts import area_name
from likvard.site.supervision.forms.inspection import AskFor, FinishVisit, Observe, PlanVisit, Receive
from likvard.site.supervision.models import Inspection
from likvard.site.supervision.pages.visit import crumbs, deed, do, fetch, here, moment, person, today
from likvard.site.supervision.permissions import before as permissions
from likvard.site.supervision.triggers import signals_of
from likvard.site.ui.language import current

ANSWER_DAYS = 21
"""How long the organiser gets for documents, unless another day is chosen."""


def _areas(inspection: Inspection) -> list[tuple[str, str]]:
    return [(row.area, area_name(row.area, inspection.opened_on)[current()]) for row in inspection.areas.all()]


def _documents(inspection: Inspection) -> Any:
    return Document.objects.filter(links__case=inspection.case, links__type=LinkType.OWN)


def _gathers(request: HttpRequest, inspection: Inspection) -> bool:
    user, on = person(request), today(request)
    return permissions.can_gather(user, inspection, on=on)


@require_safe
def basis_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What the figures say, and the documents that were asked for."""
    inspection, _grant = fetch(request, slug)
    context = {
        "case": inspection.case,
        "inspection": inspection,
        "items": inspection.basis.select_related("document"),
        "today": today(request),
        "kept": inspection.signals.all(),
        "signals": signals_of(inspection.case),
        "gathers": _gathers(request, inspection),
        "breadcrumbs": crumbs(inspection.case, _("Basis")),
    }
    return render(request, "supervision/basis.html", context)


@require_POST
def keep_signals(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep what the figures say today with the case."""
    inspection, _grant = fetch(request, slug)
    user, at = person(request), moment(request)
    kept = [
        gathering.Trigger(one.code, one.said.sv, one.said.en, one.publication) for one in signals_of(inspection.case)
    ]
    return do(
        request, lambda: gathering.keep_signals(inspection=inspection, signals=kept, by=user, at=at),
        _("What the figures say today is kept with the case."), here(inspection, "basis"),
    )  # fmt: skip


def ask_for(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask the organiser for a document."""
    inspection, _grant = fetch(request, slug)
    user, at, on = person(request), moment(request), today(request)
    return deed(
        request, inspection, title=_("Ask for a document"), submit=_("Ask for it"),
        form=AskFor(request.POST or None, areas=_areas(inspection), initial={"due": on + timedelta(days=ANSWER_DAYS)}),
        check=lambda: permissions.check_can_gather(user, inspection, on=on),
        act=lambda asked: gathering.ask_for(inspection=inspection, by=user, at=at, **asked),
        done=_("The document has been put on the list."), back=here(inspection, "basis"),
    )  # fmt: skip


def receive(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Say that a document has come in."""
    inspection, _grant = fetch(request, slug)
    item = get_object_or_404(inspection.basis, number=number)
    user, at, on = person(request), moment(request), today(request)
    item.inspection = inspection
    return deed(
        request, inspection, title=_("It has come in: %(what)s") % {"what": item.what}, submit=_("It has come in"),
        form=Receive(request.POST or None, documents=_documents(inspection), initial={"on": on}),
        check=lambda: permissions.check_can_gather(user, inspection, on=on),
        act=lambda asked: gathering.receive(item=item, by=user, at=at, **asked),
        done=_("The document is noted as received."), back=here(inspection, "basis"),
    )  # fmt: skip


def waive(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Say that a document is not needed any more."""
    inspection, _grant = fetch(request, slug)
    item = get_object_or_404(inspection.basis, number=number)
    user, at = person(request), moment(request)
    item.inspection = inspection
    return deed(
        request, inspection, title=_("Not needed: %(what)s") % {"what": item.what}, submit=_("It is not needed"),
        form=Reason(request.POST or None),
        check=lambda: permissions.check_can_gather(user, inspection, on=today(request)),
        act=lambda asked: gathering.waive(item=item, by=user, at=at, **asked),
        done=_("The document is no longer waited for."), back=here(inspection, "basis"),
    )  # fmt: skip


@require_safe
def visits_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The visits, planned and done, and how many observations each area has."""
    inspection, _grant = fetch(request, slug)
    counts = {row.area: 0 for row in inspection.areas.all()}
    for area in inspection.observations.filter(withdrawn="").values_list("area", flat=True):
        counts[area] = counts.get(area, 0) + 1
    context = {
        "case": inspection.case,
        "inspection": inspection,
        "visits": inspection.visits.prefetch_related("team", "observations"),
        "counts": [
            (area_name(area, inspection.opened_on)[current()], _seen(count), count) for area, count in counts.items()
        ],
        "gathers": _gathers(request, inspection),
        "breadcrumbs": crumbs(inspection.case, _("Visits")),
    }
    return render(request, "supervision/visits.html", context)


def _seen(count: int) -> str:
    return ngettext("%(count)s observation", "%(count)s observations", count) % {"count": count}


def plan_visit(request: HttpRequest, slug: str) -> HttpResponse:
    """Plan a visit."""
    inspection, _grant = fetch(request, slug)
    user, at, on = person(request), moment(request), today(request)
    return deed(
        request, inspection, title=_("Plan a visit"), submit=_("Plan the visit"),
        form=PlanVisit(request.POST or None, people=_inspectors(inspection, on)),
        check=lambda: permissions.check_can_gather(user, inspection, on=on),
        act=lambda asked: gathering.plan_visit(inspection=inspection, by=user, at=at, **asked),
        done=_("The visit has been planned."), back=here(inspection, "visits"),
    )  # fmt: skip


def _inspectors(inspection: Inspection, on: Any) -> Any:
    """Those to whom the case could be handed and who may open such cases: inspectors, not the organiser's people."""
    openers = sorted(inspection.case.kind.openers)
    found = candidates(inspection.case, on).filter(memberships__role__in=openers).values("pk")
    return User.objects.filter(pk__in=found).order_by("name", "email")


def finish_visit(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Say that a visit has been done."""
    inspection, _grant = fetch(request, slug)
    visit = get_object_or_404(inspection.visits, number=number)
    user, at, on = person(request), moment(request), today(request)
    visit.inspection = inspection
    return deed(
        request, inspection, title=_("The visit is done"), submit=_("It is done"),
        form=FinishVisit(request.POST or None, initial={"on": min(on, visit.last_day)}),
        check=lambda: permissions.check_can_gather(user, inspection, on=on),
        act=lambda asked: gathering.finish_visit(visit=visit, by=user, at=at, **asked),
        done=_("The visit is noted as done."), back=here(inspection, "visits"),
    )  # fmt: skip


def cancel_visit(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Cancel a visit."""
    inspection, _grant = fetch(request, slug)
    visit = get_object_or_404(inspection.visits, number=number)
    user, at = person(request), moment(request)
    visit.inspection = inspection
    return deed(
        request, inspection, title=_("Cancel the visit"), submit=_("Cancel the visit"), form=Reason(request.POST or None),
        check=lambda: permissions.check_can_gather(user, inspection, on=today(request)),
        act=lambda asked: gathering.cancel_visit(visit=visit, by=user, at=at, **asked),
        done=_("The visit has been cancelled."), back=here(inspection, "visits"),
    )  # fmt: skip


@require_safe
def observations_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What was seen, heard and read, by area."""
    inspection, _grant = fetch(request, slug)
    rows = list(inspection.observations.select_related("by", "document", "visit").prefetch_related("findings"))
    context = {
        "case": inspection.case,
        "inspection": inspection,
        "areas": [(name, area, [row for row in rows if row.area == area]) for area, name in _areas(inspection)],
        "gathers": _gathers(request, inspection),
        "breadcrumbs": crumbs(inspection.case, _("Observations")),
    }
    return render(request, "supervision/observations.html", context)


def observe(request: HttpRequest, slug: str) -> HttpResponse:
    """Write down an observation."""
    inspection, _grant = fetch(request, slug)
    user, at, on = person(request), moment(request), today(request)
    form = Observe(
        request.POST or None, areas=_areas(inspection), visits=inspection.visits.filter(cancelled=""),
        documents=_documents(inspection), initial={"seen_on": on, "area": request.GET.get("omrade", "")},
    )  # fmt: skip
    return deed(
        request, inspection, title=_("Write an observation"), submit=_("Keep it"), form=form,
        lead=_("Say what was seen and from where. Name neither pupils nor staff."),
        check=lambda: permissions.check_can_gather(user, inspection, on=on),
        act=lambda asked: gathering.observe(inspection=inspection, by=user, at=at, **asked),
        done=_("The observation is kept."), back=here(inspection, "observations"),
    )  # fmt: skip


def withdraw(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Withdraw an observation."""
    inspection, _grant = fetch(request, slug)
    row = get_object_or_404(inspection.observations, number=number)
    user, at = person(request), moment(request)
    row.inspection = inspection
    return deed(
        request, inspection, title=_("Withdraw the observation"), submit=_("Withdraw it"), form=Reason(request.POST or None),
        check=lambda: permissions.check_can_gather(user, inspection, on=today(request)),
        act=lambda asked: gathering.withdraw(observation=row, by=user, at=at, **asked),
        done=_("The observation is withdrawn."), back=here(inspection, "observations"),
    )  # fmt: skip
