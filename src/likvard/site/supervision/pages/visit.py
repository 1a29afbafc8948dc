"""What the pages of an inspection share: the way to it, where a page lies, and the page of a form that does one deed."""

from __future__ import annotations

from typing import Any, Unpack

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from likvard.site.cases.access import CaseGrant
from likvard.site.cases.models import Case
from likvard.site.cases.pages import visit
from likvard.site.cases.pages.visit import AskedFrom, carried_out, do, form_page, moment, person, place_of, today
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


def deed(request: HttpRequest, inspection: Inspection, **asked: Unpack[AskedFrom]) -> HttpResponse:
    """The page of a form that does one deed in an inspection."""
    about = {"case": inspection.case, "inspection": inspection}
    return form_page(request, trail=crumbs(inspection.case, asked["title"]), about=about, **asked)
