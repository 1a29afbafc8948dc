"""The public start, and every school by name."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from likvard.site.insight import directory
from likvard.site.insight.directory import Sought
from likvard.site.insight.forms import named_forms, school_search
from likvard.site.insight.pages.answers import publication_of, tagged
from likvard.site.insight.pages.country import country
from likvard.site.insight.rules import Asked
from likvard.site.insight.visits import today
from likvard.site.people import access
from likvard.site.people.roles import Scope
from likvard.site.ui.language import current as language

CHOICES = ("q", "form", "huvudman", "stangda", "sida")
ON_A_PAGE = 50
AT_THE_TOP = 12
"""Organisers shown above the schools of a search."""


def start(request: HttpRequest) -> HttpResponse:
    """The first page: for the public a search and the country in short; for who has a place, that place's page."""
    own = _own_place(request)
    if own and not request.GET:
        return redirect(own)
    publication = publication_of(request)
    asked = Asked.of(request.path, request.GET, ("q",))
    context = {"asked": asked, "country": country(publication, language()), "updated": publication and publication.on}
    if asked["q"]:
        return redirect(Asked.of("/skolor/", request.GET, ("q",)).href)
    return tagged(
        request, ("start", publication and publication.id), lambda: render(request, "insight/start.html", context)
    )


def _own_place(request: HttpRequest) -> str:
    for membership in access.memberships(request.user, today(request)):
        if membership.place.scope is Scope.ORGANISER:
            return f"/oversikt/{membership.place.organiser}/"
        if membership.place.scope is Scope.UNIT:
            return f"/skolor/{membership.place.unit}/"
    return ""


def schools(request: HttpRequest) -> HttpResponse:
    """Every school that fits a search, by name, and the organisers that fit it."""
    asked, on = Asked.of(request.path, request.GET, CHOICES), today(request)
    sought = Sought(asked["q"], asked["form"], "", asked["huvudman"], closed=asked["stangda"] == "1")
    found = [entry for entry in directory.schools() if sought.finds(entry)]
    page = Paginator(found, ON_A_PAGE).get_page(asked["sida"])
    context = {
        "asked": asked,
        "form": school_search(asked, on, language()),
        "page": page,
        "found": len(found),
        "organisers": _organisers(sought),
        "form_names": dict(named_forms(on, language())),
    }
    return tagged(
        request, ("schools", asked, on, page.object_list), lambda: render(request, "insight/schools.html", context)
    )


def _organisers(sought: Sought) -> list[directory.Entry]:
    """The organisers that a search by words finds, a few of them; none without words."""
    if not sought.words:
        return []
    wanted = Sought(sought.words, "", "", sought.kind, sought.closed)
    return [entry for entry in directory.organisers() if wanted.finds(entry)][:AT_THE_TOP]
