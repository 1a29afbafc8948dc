"""The rating of one organiser: what has been done, the levels that stand, and what to do next; its markers and conflicts."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from likvard.site import published
from likvard.site.ratings import beside, frozen, permissions, shown
from likvard.site.ratings.actions import reading, rounds, settling
from likvard.site.ratings.forms import HandOut, Reasoned
from likvard.site.ratings.models import Outcome, Rating
from likvard.site.ratings.pages.rounds import inspectors
from likvard.site.ratings.pages.visit import crumbs, do, fetch, form_page, here, moment, person, today
from likvard.site.ratings.rubrics import rubric_of
from likvard.site.ratings.shares import classed
from likvard.site.ratings.states import BLIND, Part


@require_safe
def rating(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one organiser's rating that is open to the reader now."""
    found, user, on = fetch(request, pk), person(request), today(request)
    open_sheets = reading.open_sheets(rating=found, by=user, at=moment(request))
    own = permissions.own_sheet(user, found)
    levels = shown.levels(found, marks=True) if open_sheets else []
    context = {
        "rating": found, "round": found.round, "rubric": rubric_of(found.round), "badge": shown.badge(found), "own": own,
        "open_sheets": open_sheets, "levels": levels, "unanswered": [one for one in levels if one.waits],
        "happenings": shown.happenings(found), "figures": beside.figures(found.organiser, published.current()),
        "sheets": found.sheets.all().standing().select_related("marker"), "classed": outcome_of(found),
        "unsettled": settling.unsettled(found) if found.state == "settling" and open_sheets else [],
        "may": _may(user, found, on), "lead": permissions.can_lead(user, on=on), "breadcrumbs": crumbs(found),
        "parts": _missing_parts(found),
    }  # fmt: skip
    return render(request, "ratings/rating.html", context)


def outcome_of(rating: Rating) -> Any:
    """The classes of the organiser with their probabilities, when the round is closed."""
    outcome = Outcome.objects.filter(round=rating.round_id).first()
    if outcome is None:
        return None
    return classed(frozen.from_data(outcome.data), rating.organiser_id, rubric_of(rating.round))


def _may(user: Any, found: Rating, on: Any) -> dict[str, bool]:
    names = ("mark", "settle", "answer", "go_on", "settle_audit")
    return {name: getattr(permissions, f"can_{name}")(user, found, on=on) for name in names}


def _missing_parts(found: Rating) -> list[tuple[str, Any]]:
    """The places of markers that are not taken."""
    had = set(found.sheets.all().standing().values_list("part", flat=True))
    wanted = {"marking": BLIND, "audit": (Part.AUDIT,)}.get(found.state, ())
    return [(part.value, part.label) for part in wanted if part.value not in had]


def hand_out(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Give the organiser to a marker."""
    found, user, on = fetch(request, pk), person(request), today(request)
    permissions.check_can_hand_out(user, found, on=on)
    if part not in Part.values:
        raise Http404(_("There is no such place."))
    place = Part(part)
    taken = set(found.sheets.all().standing().values_list("marker", flat=True))
    free = [
        one
        for one in inspectors(on)
        if one.pk not in taken
        and not permissions.conflict_of(one, found.organiser, on)
        and not permissions.has_read_sheets(one, found)
    ]
    return form_page(
        request, title=_("Give to a marker"), submit=_("Give"), form=HandOut(request.POST or None, people=free),
        act=lambda asked: rounds.hand_out(rating=found, part=place, by=user, at=moment(request), **asked),
        done=_("The organiser is given to a marker."), back=here(found), trail=crumbs(found, _("Give to a marker")),
        lead=_("Those with a conflict of interest, those who mark it already and those who have read what was thought are not in the list."),
    )  # fmt: skip


def take_back(request: HttpRequest, pk: int, sheet: int) -> HttpResponse:
    """Take a sheet back from its marker."""
    found, user = fetch(request, pk), person(request)
    permissions.check_can_hand_out(user, found, on=today(request))
    row = get_object_or_404(found.sheets.all().standing(), pk=sheet)
    return form_page(
        request, title=_("Take back from the marker"), submit=_("Take back"), form=Reasoned(request.POST or None),
        act=lambda asked: rounds.take_back(sheet=row, by=user, at=moment(request), **asked),
        done=_("The sheet is taken back. It stays in the record and does not count."), back=here(found),
        trail=crumbs(found, _("Take back from the marker")),
    )  # fmt: skip


def conflict(request: HttpRequest, pk: int) -> HttpResponse:
    """Declare a conflict of interest of one's own with the organiser: its ratings are closed to one from then on."""
    found, user = fetch(request, pk), person(request)
    return form_page(
        request, title=_("Declare a conflict of interest"), submit=_("Declare"), form=Reasoned(request.POST or None),
        act=lambda asked: rounds.declare_conflict(
            organiser=found.organiser, user=user, by=user, at=moment(request), **asked
        ),
        done=_("Your conflict of interest is declared. The organiser is given to somebody else."), back="/bedomning/",
        trail=crumbs(found, _("Declare a conflict of interest")),
        lead=_("You will not be able to open this organiser's ratings any more. Your sheet is taken back."),
    )  # fmt: skip


@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the levels to the organiser."""
    found, user = fetch(request, pk), person(request)
    done = _("The organiser has got its levels and may reply.")
    return do(request, lambda: settling.send(rating=found, by=user, at=moment(request)), done, here(found))


@require_POST
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on without a reply."""
    found, user = fetch(request, pk), person(request)
    done = _("The rating goes on without a reply.")
    return do(request, lambda: settling.go_on(rating=found, by=user, at=moment(request)), done, here(found))


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the answers to the organiser's reply."""
    found, user = fetch(request, pk), person(request)
    done = _("The organiser has got your answers.")
    return do(request, lambda: settling.answer(rating=found, by=user, at=moment(request)), done, here(found))
