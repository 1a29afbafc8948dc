"""The public register: search, choices, the decisions of an organiser and of a school, and the ways to a decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from likvard.site.cases.register import RegisterNumber
from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import day_of
from likvard.site.newsroom import names, shown
from likvard.site.newsroom.forms import register_filters
from likvard.site.newsroom.models import Address, Publication, Tag
from likvard.site.newsroom.reading import (
    Filters,
    Page,
    Published,
    number_of,
    page,
    published_decisions,
    published_releases,
)
from likvard.site.people.models import Organiser, Unit
from likvard.site.ui.components import State

LATEST_RELEASES = 3
FIRST = ("q", "lage", "huvudman", "skola", "nr")
"""Choices that are not folded away: those asked for most, and those that the address or a link has made."""


def register(request: HttpRequest) -> HttpResponse:
    """Every published decision, the newest first; or those that fit a search."""
    filters = Filters.parse(request.GET.dict())
    releases = [] if filters else list(published_releases()[:LATEST_RELEASES])
    tag = Tag.objects.filter(slug=filters.tag).first() if filters.tag else None
    context = {"releases": releases, "tag": tag, "topic": "register:", "places": _places(filters)}
    return _shown(request, filters, context)


def of_organiser(request: HttpRequest, number: str) -> HttpResponse:
    """The decisions about an organiser and its schools."""
    organiser = get_object_or_404(Organiser, pk=number)
    filters = Filters.parse(request.GET.dict(), organiser=number)
    crumbs = [(_("Decisions"), reverse("decisions")), (organiser.name, "")]
    context = {"about": organiser.name, "topic": f"organiser:{number}", "breadcrumbs": crumbs}
    return _shown(request, filters, context, fixed=("kommun",))


def of_unit(request: HttpRequest, code: str) -> HttpResponse:
    """The decisions about a school."""
    unit = get_object_or_404(Unit.objects.select_related("organiser"), pk=code)
    filters = Filters.parse(request.GET.dict(), unit=code)
    crumbs = [(_("Decisions"), reverse("decisions"))]
    if unit.organiser:
        crumbs.append((unit.organiser.name, reverse("decisions_of_organiser", args=[unit.organiser.pk])))
    context = {"about": unit.name, "topic": f"unit:{code}", "breadcrumbs": [*crumbs, (unit.name, "")]}
    return _shown(request, filters, context, fixed=("kommun",))


def _shown(
    request: HttpRequest, filters: Filters, context: Mapping[str, object], fixed: tuple[str, ...] = ()
) -> HttpResponse:
    on = day_of(request.now)  # type: ignore[attr-defined]
    found = published_decisions(filters)
    asked = filters.sought if filters.words else None
    listed = page(found, after=request.GET.get("efter", ""), before=request.GET.get("fore", ""), asked=asked)
    form = register_filters(filters, on, years=_years(), municipalities=names.municipality_names(), fixed=fixed)
    counted, are_more = number_of(filters, listed)
    more = {
        "filters": filters,
        "form": form,
        "first": FIRST,
        "more_open": any(name not in FIRST for name in filters.as_data()),
        "page": listed,
        "entries": _entries(listed, on),
        "found": counted,
        "are_more": are_more,
        "feed": f"?{filters.query}" if filters else "",
    }
    return render(request, "newsroom/register.html", {**context, **more})


def _entries(listed: Page, on: date) -> list[tuple[Published, list[State], str]]:
    """Each decision with how its points stand and what kind of document it is."""
    return [
        (row, shown.summary(row.points, on, row.publication.kind), shown.kind_of(row.publication))
        for row in listed.rows
    ]


def _years() -> list[int]:
    """The years that decisions are from, the newest first."""
    days = Publication.objects.public().newest_first().values_list("decided_on", flat=True)
    newest = days.first()
    oldest = days.reverse().first()
    return list(range(newest.year, oldest.year - 1, -1)) if newest and oldest else []


def _places(filters: Filters) -> list[tuple[str, str]]:
    """Organisers and schools that are called what was searched for: pairs of name and address of their decisions."""
    words = filters.words.strip()
    if len(words) < 3:
        return []
    public = Publication.objects.public()
    organisers = Organiser.objects.filter(Exists(public.filter(organiser=OuterRef("pk"))), name__istartswith=words)[:3]
    units = Unit.objects.filter(Exists(public.filter(unit=OuterRef("pk"))), name__istartswith=words)[:5]
    found = [(one.name, reverse("decisions_of_organiser", args=[one.pk])) for one in organisers]
    return found + [(one.name, reverse("decisions_of_unit", args=[one.pk])) for one in units]


def by_number(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """From a register number to what has been published under it: the decision, or a list if there are several."""
    try:
        known = str(RegisterNumber.from_slug(slug))
    except CaseError as error:
        raise Http404(str(error)) from error
    found = Publication.objects.filter(register_number=known).select_related("issued")
    kept = [one for one in found if one.shown or one.is_tombstone]
    if number is not None:
        kept = [one for one in kept if one.issued.number == number]
    if not kept:
        raise Http404(_("Nothing is published under %(number)s.") % {"number": known})
    if len(kept) == 1:
        return redirect(kept[0].get_absolute_url())
    return redirect(f"{reverse('decisions')}?nr={slug}")


def short(request: HttpRequest, slug: str) -> HttpResponse:
    """From a short address, as /botkyrka-2013, to the decision; from a former one too."""
    address = Address.objects.filter(slug=slug).select_related("publication").first()
    if address is None or not (address.publication.shown or address.publication.is_tombstone):
        raise Http404(_("There is no decision at this address."))
    return redirect(address.publication.get_absolute_url(), permanent=False)
