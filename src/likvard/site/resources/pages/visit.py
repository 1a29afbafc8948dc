"""What the pages of rounds share: the way to a round, where a page lies, cards, and the page of a form that does one deed."""

from __future__ import annotations

from typing import Unpack

from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from likvard.figures.card import PANES, card
from likvard.figures.figure import Figure
from likvard.site.cases.pages.visit import AskedFrom, carried_out, form_page, moment, person, today
from likvard.site.people.models import Organiser
from likvard.site.resources import permissions
from likvard.site.resources.models import Round, Share, Version
from likvard.site.ui.language import current

__all__ = [
    "carried_out",
    "crumbs",
    "deed",
    "drawn",
    "fetch",
    "moment",
    "organiser",
    "person",
    "today",
    "version_of",
    "whole",
]

PANE = "visa"
"""The choice in an address of which pane of a card is shown."""


def organiser(number: str) -> Organiser:
    """The organiser of an address. Http404 if there is none."""
    found = Organiser.objects.filter(number=number).first()
    if found is None:
        raise Http404(_("There is no organiser with this number."))
    return found


def fetch(request: HttpRequest, number: str, slug: str) -> Round:
    """The round of an address, for whoever may read it. Whether there is a draft is not told to others."""
    # The memorandum is a document of its own, some hundred thousand signs of it: read only by the page that hands it out.
    rows = Round.objects.select_related("organiser", "decided_by", "made_by").defer("memo")
    found = rows.filter(organiser_id=number, slug=slug).first()
    if found is None:
        permissions.refuse_unseen(request.user)
    permissions.check_can_read(request.user, found, on=today(request))
    return found


def version_of(round: Round, number: int | None) -> Version:
    """A version of a round by its number, the newest without one. Http404 if there is none of that number."""
    if number is None:
        return round.newest
    found = round.versions.filter(number=number).first()
    if found is None:
        raise Http404(_("The round has no version of this number."))
    return found


def whole(version: Version) -> Version:
    """The version with what each school gets read once, without the reasons' long texts: what most pages need."""
    prefetch_related_objects([version], Prefetch("shares", Share.objects.defer("reason_sv", "reason_en")))
    return version


def crumbs(round: Round | Organiser, *steps: str) -> list[tuple[str, str]]:
    """Where a page lies: the organiser, its rounds, the round, the page."""
    home = round.organiser if isinstance(round, Round) else round
    found = [(home.name, f"/oversikt/{home.number}/"), (_("Resources"), reverse("resources_home", args=[home.number]))]
    if isinstance(round, Round):
        found.append((_("Allocation %(year)s") % {"year": round.title}, round.get_absolute_url()))
    found += [(step, "") for step in steps]
    return [*found[:-1], (found[-1][0], "")]


def drawn(request: HttpRequest, figure: Figure, *, files: tuple[tuple[str, str], ...] = ()) -> SafeString:
    """A figure's card with the pane that the address asks for."""
    asked = request.GET.get(PANE, "")

    def href(pane: str) -> str:
        query = request.GET.copy()
        query[PANE] = pane
        return f"{request.path}?{query.urlencode()}#{figure.id}"

    made = card(figure, current(), pane=asked if asked in PANES else PANES[0], href=href, files=files)
    return mark_safe(made)  # noqa: S308 - written by figures, escaped there


def deed(request: HttpRequest, round: Round, **asked: Unpack[AskedFrom]) -> HttpResponse:
    """The page of a form that does one deed to a round."""
    asked.setdefault("template", "resources/deed.html")
    return form_page(request, trail=crumbs(round, asked["title"]), about={"round": round}, **asked)
