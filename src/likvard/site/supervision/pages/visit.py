"""What the pages of an inspection share: the way to it, where a page lies, and the page of a form that does one deed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from likvard.site.cases.access import CaseGrant
from likvard.site.cases.models import Case
from likvard.site.cases.pages import visit
from likvard.site.cases.pages.visit import carried_out, moment, person, place_of, today
from likvard.site.cases.states import CaseError
from likvard.site.supervision.models import Inspection

__all__ = ["carried_out", "crumbs", "deed", "do", "fetch", "here", "moment", "person", "place_of", "today"]


def fetch(request: HttpRequest, slug: str) -> tuple[Inspection, CaseGrant]:
    """The inspection of an address, through the access of its case. Raises `Denied`; Http404 for a case that is none."""
    case, grant = visit.fetch(request, slug)
    found = Inspection.objects.filter(pk=case.pk).select_related("department", "part_of__case").first()
    if found is None:
        raise Http404(_("The matter is no inspection."))
    found.case = case
    return found, grant


def here(inspection: Inspection, page: str = "case", **more: Any) -> str:
    """The address of a page of an inspection."""
    return reverse(f"supervision_{page}", kwargs={"slug": inspection.case.slug, **more})


def crumbs(case: Case, *steps: str | tuple[str, str]) -> list[tuple[str, str]]:
    """Where a page lies: the list of inspections, the inspection, the page."""
    found = [(_("Inspections"), reverse("supervision_mine"))]
    found.append((case.dnr, reverse("supervision_case", args=[case.slug]) if steps else ""))
    return found + [(step, "") if isinstance(step, str) else step for step in steps]


def deed(
    request: HttpRequest, inspection: Inspection, *, title: str, submit: str, form: forms.Form, check: Callable[[], object],
    act: Callable[[dict[str, Any]], object], done: str, back: str, lead: str = "", template: str = "cases/deed.html",
    more: Mapping[str, Any] = MappingProxyType({}),
) -> HttpResponse:  # fmt: skip
    """Show a form, or do what it asks for and go back. What the case does not allow now is said where one came from."""
    try:
        check()
    except CaseError as error:
        messages.error(request, str(error))
        return redirect(back)
    if request.method == "POST" and form.is_valid() and carried_out(form, act):
        messages.success(request, done)
        return redirect(back)
    place = {"case": inspection.case, "inspection": inspection, "breadcrumbs": crumbs(inspection.case, title)}
    words = {"heading": title, "submit": submit, "lead": lead, "back": back}
    return render(request, template, {"form": form, **place, **words, **more})


def do(request: HttpRequest, act: Callable[[], object], done: str, back: str) -> HttpResponse:
    """Do something that asks for nothing but its button, and go back; what is not allowed is said there."""
    try:
        act()
    except CaseError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect(back)
