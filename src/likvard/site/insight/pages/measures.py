"""Every measure: why it matters, how it is made, who checked it and when it is looked at again."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from likvard.figures.insight import measure as figures
from likvard.indicators import overdue
from likvard.site.insight.pages.answers import publication_of, tagged
from likvard.site.insight.visits import today
from likvard.terms import UsageError


def measures(request: HttpRequest) -> HttpResponse:
    """Every measure by what it is about, with those whose review is late marked."""
    on = today(request)
    late = {indicator.id for indicator in overdue(on)}
    context = {"domains": tuple(figures.listed()), "late": late}  # told twice: in the contents and below
    return tagged(request, ("measures", on), lambda: render(request, "insight/measures.html", context))


def measure(request: HttpRequest, id: str) -> HttpResponse:
    """One measure."""
    on, publication = today(request), publication_of(request)
    try:
        page = figures.measure(id, on=on)
    except UsageError as error:
        raise Http404(_("There is no indicator with this name.")) from error
    sources = publication.sources if publication else {}
    context = {"measure": page, "source": sources.get(id), "publication": publication}
    version = ("measure", page, publication and publication.id)
    return tagged(request, version, lambda: render(request, "insight/measure.html", context))
