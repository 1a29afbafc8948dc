"""What was delivered when, what screening found, and what is late."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from likvard.disclosure.publication import Publication, SourceRow
from likvard.flow import data_status as flow
from likvard.flow.data_status import DataStatus
from likvard.site.insight.pages.answers import publication_of, tagged
from likvard.site.insight.visits import today
from likvard.site.people import access
from likvard.site.people.access import Content, Denied, Reach
from likvard.site.people.models import Unit

ON_A_PAGE = 40


def data(request: HttpRequest) -> HttpResponse:
    """For everybody: sources and how old they are. For who may see deliveries: each of them, and what is late."""
    publication = publication_of(request)
    reach = access.reach(request.user, Content.DELIVERIES, on=today(request))
    context = {"publication": publication, "sources": _sources(publication)}
    if not reach:
        return tagged(
            request, ("data", publication and publication.id), lambda: render(request, "insight/data.html", context)
        )
    status = _seen(reach, request)
    page = Paginator(status.arrived, ON_A_PAGE).get_page(request.GET.get("sida"))
    return render(
        request, "insight/data.html", {**context, "status": status, "page": page, "reason": _reason(request, reach)}
    )


def delivery(request: HttpRequest, id: str) -> HttpResponse:
    """One delivery and what screening found in it."""
    reach = access.reach(request.user, Content.DELIVERIES, on=today(request))
    if not reach:
        raise Denied(
            _("Deliveries are for the organiser whose records they are."), sign_in=not request.user.is_authenticated
        )
    found = next((one for one in _seen(reach, request).arrived if one.id == id), None)
    if found is None:
        raise Http404(_("There is no delivery with this number that you may see."))
    context = {
        "delivery": found,
        "findings": flow.findings(Path(settings.LAKE), found.id),
        "reason": _reason(request, reach),
    }
    return render(request, "insight/delivery.html", context)


def _seen(reach: Reach, request: HttpRequest) -> DataStatus:
    status = flow.data_status(Path(settings.LAKE), on=today(request))
    if reach.everything:
        return status
    units = frozenset(Unit.objects.within(reach).values_list("code", flat=True))
    return status.of(reach.organisers, reach.units | units)


def _sources(publication: Publication | None) -> list[SourceRow]:
    """The sources of the publication, each of one age once, with all that came from it."""
    found: dict[tuple[str, str, str], dict[str, None]] = {}
    for row in publication.sources.values() if publication else ():
        found.setdefault((row.name_sv, row.name_en, row.vintage), {}).update(dict.fromkeys(row.deliveries))
    return [SourceRow(*named, tuple(deliveries)) for named, deliveries in sorted(found.items())]


def _reason(request: HttpRequest, reach: Reach) -> str:
    held = access.memberships(request.user, today(request))
    return next((str(m) for m in held if reach.has_organiser(m.organiser_id or "")), "")
