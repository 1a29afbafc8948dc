"""Every school by name."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from likvard.site.insight import directory
from likvard.site.insight.directory import Sought
from likvard.site.insight.forms import named_forms, school_search
from likvard.site.insight.pages.answers import tagged
from likvard.site.insight.rules import Asked
from likvard.site.insight.visits import today
from likvard.site.ui.language import current as language

CHOICES = ("q", "form", "huvudman", "stangda", "sida")
ON_A_PAGE = 50
AT_THE_TOP = 12
"""Organisers shown above the schools of a search."""


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
